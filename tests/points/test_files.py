"""Files as they come: Parquet, GeoParquet, text in any form, any projection, in bounded blocks."""

from __future__ import annotations

import gzip
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from territory import Study, founding
from territory.points import Areas, aggregate, delimited, read_areas, reading
from territory.points.table import with_zeros, write_table

from .conftest import square, write_csv

ROWS = ["0.5,0.5,2011-03-05", "0.5,0.5,2011-03-20", "1.5,1.5,2011-04-01"]
EXPECTED = [("A", "2011-03", 2), ("D", "2011-04", 1)]


def rows_of(counts: pd.DataFrame) -> list[tuple]:
    """Return a table of counts as rows."""
    return list(counts.itertuples(index=False, name=None))


def test_a_text_file(areas: Areas, tmp_path: Path) -> None:
    """Counts by unit and month, sorted, only what was seen."""
    found = aggregate(write_csv(tmp_path / "p.csv", *ROWS), areas)

    assert EXPECTED == rows_of(found.counts)


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (b"Longitud;Latitud;Fecha\n0,5;0,5;2011-03-05\n0,5;0,5;2011-03-20\n1,5;1,5;2011-04-01\n", {}),
        (b"\xef\xbb\xbflon\tlat\tdate\n0.5\t0.5\t2011-03-05\n0.5\t0.5\t2011-03-20\n1.5\t1.5\t2011-04-01",
         {}),
        (b'name,lon,lat,date\n"Jos\xe9\nP.",0.5,0.5,2011-03-05\n,0.5, 0.5 ,2011-03-20\nx,1.5,1.5,2011-04-01\n',
         {}),
        ("a,b,c\n05/03/2011,0.5,0.5\n20/03/2011,0.5,0.5\n01/04/2011,1.5,1.5\n".encode("utf-16"),
         {"encoding": "utf-16", "x": "b", "y": "c", "date": "a", "date_format": "%d/%m/%Y"}),
        (b'"lon","lat","date","a;b;c;d"\n0.5,0.5,2011-03-05,"5"" knife"\n0.5,0.5,2011-03-20,5" knife\n1.5,1.5,2011-04-01,x',
         {}),
        (b"lon,lat,date\r0.5,0.5,2011-03-05\r0.5,0.5,2011-03-20\r\r1.5,1.5,2011-04-01\r", {}),
        ("lon,lat,date\n0.5,0.5,2011-03-05\n0.5,0.5,2011-03-20\n1.5,1.5,2011-04-01".encode("utf-16-be"),
         {"encoding": "utf-16-be"}),
        (b"\xfe\xff" + "lon,lat,date\n0.5,0.5,2011-03-05\n0.5,0.5,2011-03-20\n1.5,1.5,2011-04-01".encode("utf-16-be"),
         {"encoding": "utf-16"}),
        (gzip.compress(b"lon,lat,date\n0.5,0.5,2011-03-05\n0.5,0.5,2011-03-20\n1.5,1.5,2011-04-01\n"), {}),
    ],
    ids=["semicolons and decimal commas", "tabs and a mark", "a name over two lines", "utf-16",
         "quotes", "old line ends", "big end first", "with its mark", "gzip"],
)  # fmt: skip
def test_text_in_other_forms(areas: Areas, tmp_path: Path, content: bytes, columns) -> None:
    """Each form has the same counts."""
    file = tmp_path / ("p.csv.gz" if content.startswith(b"\x1f\x8b") else "p.csv")
    file.write_bytes(content)

    assert EXPECTED == rows_of(aggregate(file, areas, **columns).counts)


def test_parquet_in_many_row_groups(areas: Areas, tmp_path: Path) -> None:
    """The same counts from one row group a row; only the needed columns are read."""
    table = pd.DataFrame([row.split(",") for row in ROWS], columns=["lon", "lat", "date"])
    table[["lon", "lat"]] = table[["lon", "lat"]].astype(float)
    table["victim"] = "a name"
    table.to_parquet(tmp_path / "p.parquet", row_group_size=1)
    opened = reading.open_points(tmp_path / "p.parquet")
    parts = list(opened.partitions(["lon", "date"], rows=1))

    assert (3, ["lon", "date"]) == (len(parts), parts[0].column_names)
    assert EXPECTED == rows_of(aggregate(tmp_path / "p.parquet", areas).counts)


def test_a_folder_of_parts(areas: Areas, tmp_path: Path) -> None:
    """Two files count as one."""
    folder = tmp_path / "parts"
    folder.mkdir()
    write_csv(folder / "1.csv", *ROWS[:1])
    (folder / "year=2011").mkdir()
    (folder / "year=2011" / "2.csv").write_text(
        "date;lat;lon;more\n"
        + "".join(f"{d};{y};{x};\n" for x, y, d in (r.split(",") for r in ROWS[1:]))
    )
    # What begins with a dot or a stroke is a note of the program that wrote the folder.
    write_csv(folder / "_notes.csv", "never read")

    assert EXPECTED == rows_of(aggregate(folder, areas).counts)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:32631", "OGC:CRS84"])
@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_geoparquet_in_any_projection(areas: Areas, tmp_path: Path, crs, encoding) -> None:
    """The file's own projection is used; missing and empty points are counted."""
    x, y, dates = zip(*(row.split(",") for row in ROWS), strict=True)
    geometry = geopandas.GeoSeries.from_xy(x, y, crs="OGC:CRS84").to_crs(crs)
    table = geopandas.GeoDataFrame({"date": dates}, geometry=geometry)
    table.loc[3] = ["2011-03-05", None]
    table.loc[4] = ["2011-03-05", shapely.Point()]
    table.to_parquet(tmp_path / "p.parquet", geometry_encoding=encoding)
    found = aggregate(tmp_path / "p.parquet", areas)

    assert EXPECTED == rows_of(found.counts)
    assert (5, 2) == (found.tally.points, found.tally.without_coordinates)
    assert 0 == found.tally.unreadable_coordinates
    assert crs == found.crs


def test_projected_columns(areas: Areas, tmp_path: Path) -> None:
    """With ``crs`` the columns x and y are taken, also beside longitude and latitude."""
    change = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:32631", always_xy=True)
    rows = []
    for row in ROWS:
        lon, lat, date = row.split(",")
        x, y = change.transform(float(lon), float(lat))
        rows.append(f"{x},{y},,,{date}")
    file = write_csv(tmp_path / "p.csv", *rows, heading="X,Y,lon,lat,date")

    assert EXPECTED == rows_of(aggregate(file, areas, crs="EPSG:32631").counts)


def test_groups_years_days_and_all_time(areas: Areas, tmp_path: Path) -> None:
    """Other lengths of period; groups are counted apart, an empty one too."""
    file = write_csv(tmp_path / "p.csv", *(f"{row},{kind}" for row, kind in zip(ROWS, ("b", "a", ""), strict=True)),
                     heading="lon,lat,date,kind")  # fmt: skip

    assert [("A", "2011", 2), ("D", "2011", 1)] == rows_of(aggregate(file, areas, by="year").counts)
    assert [("A", "total", 2), ("D", "total", 1)] == rows_of(
        aggregate(file, areas, by="total").counts
    )
    for by, periods in (
        ("day", ["2011-03-05", "2011-03-20", "2011-04-01"]),
        ("week", ["2011-W09", "2011-W11", "2011-W13"]),
        ("quarter", ["2011-Q1", "2011-Q2"]),
    ):
        assert periods == sorted(aggregate(file, areas, by=by).counts["period"].unique())
    grouped = aggregate(file, areas, by="year", group="kind")
    assert [("A", "2011", "a", 1), ("A", "2011", "b", 1), ("D", "2011", "", 1)] == rows_of(
        grouped.counts
    )
    assert 1 == grouped.tally.ungrouped


def test_zeros_fill_the_span(areas: Areas, tmp_path: Path) -> None:
    """Every unit in every month from the first to the last, and nothing beyond."""
    file = write_csv(tmp_path / "p.csv", "0.5,0.5,2011-12-05", "1.5,1.5,2012-02-01")
    full = with_zeros(aggregate(file, areas))

    assert ["2011-12", "2012-01", "2012-02"] == list(full["period"].unique())
    assert (12, 2) == (len(full), full["count"].sum())
    weeks = with_zeros(aggregate(file, areas, by="week"))["period"].unique()
    assert ["2011-W49", "2011-W52", "2012-W01", "2012-W05"] == [weeks[i] for i in (0, 3, 4, 8)]


def test_blocks_keep_memory_bounded(
    areas: Areas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No partition is larger than a block, and the blocks together are the file."""
    monkeypatch.setattr(delimited, "BLOCK", 4096)
    file = write_csv(tmp_path / "p.csv", *ROWS * 1000)
    opened = reading.open_points(file)
    sizes = [part.num_rows for part in opened.partitions(["lon", "lat", "date"])]

    assert 3000 == sum(sizes)
    assert max(sizes) < 4096 / 18
    found = aggregate(file, areas)
    assert len(sizes) == found.partitions
    assert [2000, 1000] == list(found.counts["count"])


def test_the_table_is_an_outcomes_table(areas: Areas, tmp_path: Path) -> None:
    """With names for both, the columns are those of the table of outcomes; risky text is harmless."""
    file = write_csv(tmp_path / "p.csv", "0.5,0.5,2011-03-05,=1+1", heading="lon,lat,date,kind")
    found = aggregate(file, areas, group="kind")
    write_table(found.counts, tmp_path / "out.csv", institution="police")

    assert "unit,period,outcome,institution,count\nA,2011-03,'=1+1,police,1\n" == (
        tmp_path / "out.csv"
    ).read_text(encoding="utf-8")
    write_table(found.counts, tmp_path / "out.parquet")
    kept = pd.read_parquet(tmp_path / "out.parquet")
    assert [("A", "2011-03", "=1+1", 1)] == rows_of(kept)


def test_counts_become_a_study(tmp_path: Path) -> None:
    """The table of counts is the table of outcomes of a study of one's own, and passes its check."""
    founding.found_study(tmp_path / "mine")
    tables = tmp_path / "mine" / "tables"
    shapes = geopandas.read_file(tables / "units.geojson")
    middles = shapes[shapes["level"] == "district"].representative_point()
    rows = [f"{p.x},{p.y},{year}-03-05" for p in middles[1:] for year in range(2014, 2022)]
    found = aggregate(write_csv(tmp_path / "p.csv", *rows), read_areas(tmp_path / "mine"))
    write_table(
        with_zeros(found), tables / "outcomes.csv", outcome="homicides", institution="police"
    )
    founding.renew_cards(tmp_path / "mine")
    counts = Study.load(tmp_path / "mine").outcomes["count"]

    assert (len(middles) * (7 * 12 + 1), len(rows)) == (len(counts), counts.sum())
    assert 0 == counts.loc[shapes.loc[middles.index[0], "unit"]].sum()


@pytest.mark.parametrize("ending", ["gpkg", "parquet", "geojson", "shp", "fgb", "shp.zip"])
def test_units_from_each_format(tmp_path: Path, ending: str) -> None:
    """Codes are sorted text, whatever the order and the kind of the column."""
    shapes = geopandas.GeoDataFrame.from_features([square(c) for c in "BA"], crs="EPSG:4326")
    shapes["code"] = [2.0, 1.0]
    file = tmp_path / f"u.{ending}"
    (shapes.to_parquet if ending == "parquet" else shapes.to_file)(file)
    areas = read_areas(file)

    assert ("1", "2") == areas.codes
    assert (0, 0, 2, 1) == areas.bounds


def test_units_of_a_study_at_another_level(board_folder: Path) -> None:
    """The finest level where nothing is said."""
    assert 9 == len(read_areas(board_folder).codes)
    assert ("A", "B", "C") == read_areas(board_folder, level="region").codes


def test_units_in_another_projection_than_the_points(areas: Areas, tmp_path: Path) -> None:
    """Points go to the projection of the units, whose edges are straight there."""
    shapes = geopandas.GeoDataFrame(
        {"code": list(areas.codes)}, geometry=areas.shapes, crs=areas.crs
    )
    shapes.to_crs("EPSG:3857").to_file(tmp_path / "u.gpkg")
    file = write_csv(tmp_path / "p.csv", *ROWS)

    assert EXPECTED == rows_of(aggregate(file, read_areas(tmp_path / "u.gpkg")).counts)


def test_the_report_says_everything(areas: Areas, tmp_path: Path) -> None:
    """In both languages, every kind of point that there is."""
    file = write_csv(
        tmp_path / "p.csv", *ROWS * 3, "1,1,2011-03-05", "9,9,2011-03-05", "x,1,2011-03-05",
        "1,1,soon", "999,1,2011-03-05",
    )  # fmt: skip
    found = aggregate(file, areas, engine="geopandas")

    english, spanish = found.render("en"), found.render("es")
    assert "14 points: 10 assigned, 2 outside all units, 1 without a date" in english
    assert "14 puntos: 10 asignados" in spanish
    assert len(english.splitlines()) == len(spanish.splitlines()) == 8
    document = found.as_dict()
    assert ("2011-03", "2011-04", "geopandas", 1) == tuple(
        document[name] for name in ("first", "last", "engine", "on_border")
    )
    assert {"points", "assigned", "outside", "rows", "seconds", "engine"} <= document.keys()
    assert np.isfinite(document["seconds"])
