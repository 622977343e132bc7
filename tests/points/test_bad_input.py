"""Bad input: one message, exit 2, and nothing half-written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import geopandas
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from territory.evidence.schema import DataError
from territory.points import Areas, aggregate, engines, read_areas
from territory.points.table import demand_place, with_zeros, write_table

from .conftest import write_csv

GOOD = "0.5,0.5,2011-03-05"
METRES = "448000,4636000,2011-03-05"


@pytest.mark.parametrize(
    ("rows", "columns", "words"),
    [
        ([GOOD], {"x": "east", "y": "lat"}, "no column east.*lon, lat, date"),
        ([GOOD], {"date": "when"}, "no column when"),
        ([GOOD], {"x": "lon"}, "belong together"),
        ([GOOD], {"crs": "EPSG:999999"}, "--crs"),
        ([GOOD], {"crs": "EPSG:32631"}, "coordinates are not plain|which columns"),
        ([GOOD], {"x": "lon", "y": "lat", "crs": "EPSG:32631"}, "look like degrees"),
        ([METRES], {}, "exceed 180"),
        (["0.5,0.5,03/05/2011"], {}, "--date-format"),
        (["0.5,0.5,2011"], {}, "no coarser"),
        ([GOOD], {"date_format": "%H"}, "--date-format"),
        ([GOOD], {"date_format": "%Y"}, "--date-format"),
        ([GOOD], {"encoding": "klingon"}, "--encoding"),
        (["a,b,2011-03-05"], {}, "are no numbers"),
        (["9,9,2011-03-05"], {}, "no point lies in any unit"),
        ([",,2011-03-05", "0.5,0.5,"], {}, "can be counted"),
        ([], {}, "no point in it"),
        ([GOOD, "1,2"], {}, "a line has 2 cells and the first has 3"),
        ([GOOD], {"engine": "postgis"}, "--engine"),
        ([GOOD], {"by": "fortnight"}, "--by"),
        ([GOOD], {"colour": "red"}, "colour"),
        ([GOOD], {"time_zone": "San Salvador"}, "--time-zone"),
        ([GOOD], {"time_zone": "../etc"}, "--time-zone"),
        (["0.5,0.5,2011-03"], {"by": "week"}, "no coarser"),
        (["0.5,0.5,1300000000"], {}, "seconds since 1970"),
        ([GOOD], {"date_format": "%Y-%m", "by": "week"}, "--date-format"),
    ],
)
def test_each_fault_has_its_message(areas: Areas, tmp_path: Path, rows, columns, words) -> None:
    """A refusal that names the cause."""
    file = write_csv(tmp_path / "p.csv", *rows)

    with pytest.raises(DataError, match=words):
        aggregate(file, areas, **columns)


@pytest.mark.parametrize(
    ("heading", "row", "columns", "words"),
    [
        ("lon,lat,kind", "0.5,0.5,a", {}, "--date"),
        ("lon,lat,date,fecha", "0.5,0.5,2011-03-05,2011-03-05", {}, "--date"),
        ("lon,longitude,lat,date", "0.5,0.5,0.5,2011-03-05", {}, "--lon"),
        ("lon,lat,latitude,x,y,date", "0.5,0.5,0.5,1,1,2011-03-05", {}, "--lon"),
        ("lon,lat,date,date", "0.5,0.5,2011-03-05,2011-03-05", {"date": "date"}, "more than once"),
        ("lon,lat,date,Nombre de la víctima", f"{GOOD},N", {"group": "Nombre de la víctima"},
         "personal"),
    ],
)  # fmt: skip
def test_headings_that_are_not_plain(
    areas: Areas, tmp_path: Path, heading, row, columns, words
) -> None:
    """Nothing is guessed where two columns could be meant, and no person is a group."""
    file = write_csv(tmp_path / "p.csv", row, heading=heading)

    with pytest.raises(DataError, match=words):
        aggregate(file, areas, **columns)


def test_swapped_coordinates_are_told(tmp_path: Path) -> None:
    """Latitude in the place of longitude: a hint, no table of zeros."""
    file = write_csv(tmp_path / "p.csv", "41.88,-87.69,2011-03-05", "41.81,-87.62,2011-03-05")

    with pytest.raises(DataError, match="change places"):
        aggregate(file, read_areas("chicago"))


def test_a_group_of_names_is_refused(areas: Areas, tmp_path: Path) -> None:
    """A column with hundreds of values is no category, and may hold people."""
    file = write_csv(
        tmp_path / "p.csv", *(f"{GOOD},n{i}" for i in range(300)), heading="lon,lat,date,who"
    )

    with pytest.raises(DataError, match="more than 200"):
        aggregate(file, areas, group="who")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.parquet", b"", "cannot be read"),
        ("p.parquet", b"PAR1 and no more PAR1", "cannot be read"),
        ("p.csv", b"", "no point in it"),
        ("p.csv", b"lon,lat,date,kind\n0.5,0.5,2011-03-05,Jos\xe9\n", "--encoding"),
        ("p.csv", b"l\xe9n,lat,date\n0.5,0.5,2011-03-05\n", "--encoding"),
        ("p.csv", "lon,lat,date\n0.5,0.5,2011-03-05\n".encode("utf-16"), "--encoding"),
        (
            "p.csv",
            b'lon,lat,date,note\n0.5,0.5,2011-03-05,"open\n0.5,0.5,2011-03-06,b\n',
            "never closed",
        ),
        (
            "p.csv",
            b'lon,lat,date\n0.5,0.5,"2011-03-05\n0.5,0.5,2011-03-06\n',
            "never closed|a line has",
        ),
        ("p.csv", b"Yearbook of 2011\n\nlon,lat,date\n0.5,0.5,2011-03-05\n", "no title above"),
        ("p.csv.gz", b"lon,lat,date\n0.5,0.5,2011-03-05\n", "cannot be read"),
        ("p.xlsx", b"PK", "ending"),
    ],
)
def test_files_that_cannot_be_read(areas: Areas, tmp_path: Path, name, content, words) -> None:
    """Broken, empty and in another encoding."""
    (tmp_path / name).write_bytes(content)

    with pytest.raises(DataError, match=words):
        aggregate(tmp_path / name, areas, group="kind" if b"kind" in content else None)


def test_a_broken_line_is_not_shown(areas: Areas, tmp_path: Path) -> None:
    """A message holds no word of the file, which may be a name."""
    file = write_csv(tmp_path / "p.csv", GOOD, "Secret Person,1")

    with pytest.raises(DataError) as caught:
        aggregate(file, areas)
    assert "Secret" not in str(caught.value)


def test_a_truncated_parquet_file(areas: Areas, tmp_path: Path) -> None:
    """Its footer is sound and a column is not."""
    file = tmp_path / "p.parquet"
    rows = {"lon": [0.5] * 9000, "lat": [0.5] * 9000, "date": ["2011-03-05"] * 9000}
    pd.DataFrame(rows).to_parquet(file)
    content = bytearray(file.read_bytes())
    content[4:60] = b"\xff" * 56
    file.write_bytes(content)

    with pytest.raises(DataError, match=r"p\.parquet"):
        aggregate(file, areas)


@pytest.mark.parametrize(
    "cells", [pa.array([["a"], None]), pa.array([{"a": 1}, None]), pa.array([b"\xff", None])]
)
@pytest.mark.parametrize("column", ["date", "kind"])
def test_columns_that_cannot_be_read_as_text(
    areas: Areas, tmp_path: Path, cells: pa.Array, column: str
) -> None:
    """Lists, records and bytes are named as what they are."""
    table = {"lon": [0.5, 0.5], "lat": [0.5, 0.5], "date": ["2011-03-05"] * 2} | {column: cells}
    parquet.write_table(pa.table(table), tmp_path / "p.parquet")

    with pytest.raises(DataError, match=f"Column {column}: its cells are of the kind"):
        aggregate(tmp_path / "p.parquet", areas, group="kind" if column == "kind" else None)


def test_a_time_zone_that_the_machine_does_not_know(areas: Areas, tmp_path: Path) -> None:
    """A timestamp in it is no date here, until a zone is said."""
    stamps = pa.array([1_300_000_000]).cast(pa.timestamp("s", "Mars/Olympus"))
    table = pa.table({"lon": [0.5], "lat": [0.5], "date": stamps})
    parquet.write_table(table, tmp_path / "p.parquet")

    with pytest.raises(DataError, match="Mars/Olympus"):
        aggregate(tmp_path / "p.parquet", areas)
    found = aggregate(tmp_path / "p.parquet", areas, time_zone="UTC")
    assert ["2011-03"] == list(found.counts["period"])
    assert "time zone UTC" in found.render("en")


@pytest.mark.parametrize("crs", ["EPSG:3857", None])
def test_parts_in_different_projections(areas: Areas, tmp_path: Path, crs: str | None) -> None:
    """The second file of a folder is never read as if it were where the first is."""
    points = geopandas.GeoDataFrame(
        {"date": ["2011-03-05"]}, geometry=geopandas.points_from_xy([0.5], [0.5]), crs="OGC:CRS84"
    )
    points.to_parquet(tmp_path / "1.parquet")
    points.to_crs(crs or 4326).set_crs(crs, allow_override=True).to_parquet(tmp_path / "2.parquet")

    with pytest.raises(DataError, match=r"2\.parquet.*than those of the first part"):
        aggregate(tmp_path, areas)


def test_folders_that_are_no_data(areas: Areas, tmp_path: Path) -> None:
    """An empty folder, a mixed one, one that is not there."""
    for name, files in (("empty", []), ("mixed", ["a.csv", "b.parquet"])):
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).touch()
        with pytest.raises(DataError, match=name):
            aggregate(tmp_path / name, areas)
    with pytest.raises(DataError, match="does not exist"):
        aggregate(tmp_path / "nowhere.csv", areas)


def test_a_library_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is the command that installs it; without a wish the other engine is taken."""
    monkeypatch.setattr(engines, "find_spec", lambda _: None)

    with pytest.raises(DataError, match=r'pip install "territory\[points\]"'):
        engines.engine_named("sedona")
    assert "geopandas" == engines.engine_named(None)


def test_places_where_nothing_can_be_written(areas: Areas, squares: Path, tmp_path: Path) -> None:
    """Known before a long count begins."""
    file = write_csv(tmp_path / "p.csv", GOOD)
    (tmp_path / "d.csv").mkdir()
    for out in (tmp_path / "out.xlsx", tmp_path / "no" / "out.csv", tmp_path / "d.csv", file):
        with pytest.raises(DataError, match="--out"):
            demand_place(out, points=file)
    with pytest.raises(DataError, match="in its folder"):
        demand_place(tmp_path / "out.csv", points=tmp_path)
    found = aggregate(file, areas, by="day", group="date")
    with pytest.raises(DataError, match="--outcome"):
        write_table(found.counts, tmp_path / "out.csv", outcome="homicides")
    assert sorted([file, squares, tmp_path / "d.csv"]) == sorted(tmp_path.iterdir())


def test_too_many_zeros_are_refused(areas: Areas, tmp_path: Path) -> None:
    """A grid that would fill the memory is not begun."""
    dates = [f"{GOOD[:8]}1900-01-01,k{i}" for i in range(100)] + [f"{GOOD[:8]}2100-12-31,k"]
    found = aggregate(
        write_csv(tmp_path / "p.csv", *dates, heading="lon,lat,date,kind"), areas, by="day",
        group="kind",
    )  # fmt: skip

    with pytest.raises(DataError, match="--zeros"):
        with_zeros(found)


@pytest.mark.slow
def test_the_command(tmp_path: Path, squares: Path) -> None:
    """JSON as promised on standard output; bad input ends with 2, one message and no file."""
    file = write_csv(tmp_path / "p.csv", GOOD, "1,1,2011-03-06", "7,7,2011-03-06")
    out = tmp_path / "out.csv"

    def run(*more: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "territory", "aggregate", file, "--units", squares]
        return subprocess.run(
            [*map(str, command), "--out", str(out), *map(str, more)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    bad = run("--date", "when")
    assert (2, "", False) == (bad.returncode, bad.stdout, out.exists())
    assert 1 == bad.stderr.count("\n")
    good = run("--json", "--outcome", "homicides", "--institution", "police")
    document = json.loads(good.stdout)
    assert (3, 2, 1, 1) == tuple(document[k] for k in ("points", "assigned", "outside", "rows"))
    assert (
        "unit,period,outcome,institution,count\nA,2011-03,homicides,police,2\n" == out.read_text()
    )
    lonely = run("--scheduler", "tcp://127.0.0.1:9")
    assert (2, 1) == (lonely.returncode, lonely.stderr.count("\n")), lonely.stderr
