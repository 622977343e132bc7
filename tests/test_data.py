"""El Salvador's tables, read with pandas and geopandas alone and held to known figures."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
STUDY = tomllib.loads((DATA / "slv.toml").read_text(encoding="utf-8"))
FILES = sorted(STUDY["tables"].values())
SHIPPED = sorted(
    path.relative_to(DATA).as_posix() for path in DATA.glob("*/*/*") if path.suffix != ".toml"
)
SOURCES = os.environ.get("TERRITORY_SOURCES", "")
KEYS = {
    "units": ["unit"],
    "groups": ["unit", "grouping"],
    "labels": ["unit"],
    "outcomes": ["unit", "period", "outcome", "institution"],
    "observations": ["observation"],
    "published": ["check"],
    "population": ["unit", "year", "series"],
    "events": ["event"],
}
HOMICIDES = {2008: 3179, 2011: 4371, 2012: 2594, 2013: 2513, 2014: 3921, 2015: 6656, 2018: 3346}
# Surnames that the raw lists carry; events name nobody, not even officials.
PERSONS = ("Funes", "Cerén", "Ceren", "Bukele", "Munguía", "Payés", "Colindres", "Mijango",
           "Salinas", "Perdomo", "Cotto", "Lara", "Insulza")  # fmt: skip


def read(table: str) -> pd.DataFrame:
    """Read a table of the study with every cell as text."""
    return pd.read_csv(DATA / STUDY["tables"][table], dtype=str, keep_default_na=False)


def shapes(table: str) -> gpd.GeoDataFrame:
    """Read a geometry of the study, indexed by unit."""
    return gpd.read_file(DATA / STUDY["tables"][table]).set_index("id")


def counts(outcome: str, institution: str) -> pd.DataFrame:
    """Give one series as unit by year, missing values as NaN."""
    frame = read("outcomes")
    frame = frame[(frame["outcome"] == outcome) & (frame["institution"] == institution)]
    frame = frame.assign(count=pd.to_numeric(frame["count"]), period=frame["period"].astype(int))
    return frame.pivot_table(index="unit", columns="period", values="count", dropna=False)


def texts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every table of a TOML document that has a text in one of the two languages."""
    if isinstance(value, dict):
        if {"es", "en"} & set(value):
            yield path, value
        for name, part in value.items():
            yield from texts(part, f"{path}.{name}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from texts(part, f"{path}[{number}]")


# --- Cards ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_every_file_has_a_card_that_fits(name: str) -> None:
    """A data file's card gives its hash, its rows, its publisher, address and licence."""
    path = DATA / name
    card = tomllib.loads(path.with_name(path.name + ".toml").read_text(encoding="utf-8"))
    rows = len(gpd.read_file(path) if path.suffix == ".geojson" else pd.read_csv(path, dtype=str))

    assert hashlib.sha256(path.read_bytes()).hexdigest() == card["sha256"]
    assert rows == card["rows"]
    assert all(card[field] for field in ("title", "publisher", "url", "licence", "processing"))
    assert all(address.startswith("http") for address in card["url"])


def test_every_data_file_belongs_to_the_study() -> None:
    """No data file lies about that the study file does not name."""
    found = {
        path.relative_to(DATA).as_posix()
        for folder in ("boundaries", "homicides", "population", "events", "territories")
        for path in (DATA / folder / "slv").iterdir()
        if path.suffix != ".toml"
    }

    assert set(FILES) == found


@pytest.mark.parametrize("name", FILES)
def test_licences_name_every_file(name: str) -> None:
    """DATA-LICENSES.md has a word on each data file."""
    assert Path(name).name in (ROOT / "DATA-LICENSES.md").read_text(encoding="utf-8")


def test_texts_are_in_both_languages() -> None:
    """The study file and the cards say everything in Spanish and in English."""
    documents = [DATA / "slv.toml", *(DATA / f"{name}.toml" for name in FILES)]
    found = [
        (f"{path.name}{key}", value)
        for path in documents
        for key, value in texts(tomllib.loads(path.read_text(encoding="utf-8")))
    ]
    incomplete = [key for key, value in found if not (value.get("es") and value.get("en"))]

    assert len(found) > 60
    assert incomplete == []


@pytest.mark.parametrize("name", SHIPPED)
def test_cards_of_every_place_speak_both_languages(name: str) -> None:
    """Title, processing and credit are in Spanish and in English, sentence by sentence."""
    card = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))

    for entry in ("title", "processing", "credit"):
        assert set(card[entry]) == {"es", "en"}, entry
        said = [[text] if isinstance(text, str) else text for text in card[entry].values()]
        pairs = list(zip(*said, strict=True))
        assert pairs, entry
        assert all(spanish and english and spanish != english for spanish, english in pairs), entry


# --- Keys and codes ------------------------------------------------------------------------------


@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique_and_files_are_plain(table: str) -> None:
    """No two rows share a key, and files are UTF-8 with line feeds."""
    raw = (DATA / STUDY["tables"][table]).read_bytes()

    assert not read(table).duplicated(KEYS[table]).any()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")


def test_units_are_the_four_levels() -> None:
    """One nation, 14 departments, 262 municipalities and 44 of 2024, each with a known parent."""
    units = read("units").set_index("unit")
    sizes = units["level"].value_counts().to_dict()
    children = units[units["level"] == "municipality"]

    assert sizes == {"nation": 1, "department": 14, "municipality": 262, "municipality_2024": 44}
    assert set(units["parent"]) - {""} <= set(units.index)
    assert (children.index.str[:2] == children["parent"]).all()
    assert set(children["valid_to"]) == {"2024-04-30"}
    assert units.loc["0614", "name"] == "San Salvador"
    assert units.loc["0101", "name"] == "Ahuachapán"


def test_official_codes_are_not_p_codes() -> None:
    """San Salvador is 0614 in the official list and SV1014 in OCHA's."""
    units = read("units").set_index("unit")

    assert units.loc["0614", "pcode"] == "SV1014"
    assert units.loc["06", "pcode"] == "SV10"
    assert units["pcode"].is_unique


def test_groups_cover_the_262() -> None:
    """Every municipality has its municipality of 2024 and its side of the metropolitan line."""
    groups = read("groups")
    sizes = groups.groupby("grouping")["unit"].nunique().to_dict()
    new = groups.loc[groups["grouping"] == "municipality_2024", "group"]
    metropolitan = groups.loc[groups["group"] == "amss", "unit"]

    assert sizes == {"metropolitan": 262, "municipality_2024": 262}
    assert new.nunique() == 44
    assert len(metropolitan) == 14
    assert set(groups["group"]) <= set(read("units")["unit"]) | {"amss", "rest"}


def test_tables_use_known_words() -> None:
    """Units, outcomes, institutions and series are those of the units table and the study file."""
    units = set(read("units")["unit"])
    outcomes, observations, population = (
        read("outcomes"), read("observations"), read("population")
    )  # fmt: skip
    declared = {(o["id"], i) for o in STUDY["outcome"] for i in o["institutions"]}
    event_units = {unit for cell in read("events")["units"] for unit in cell.split(";") if unit}

    assert set(outcomes["unit"]) | set(population["unit"]) | event_units <= units
    assert set(zip(outcomes["outcome"], outcomes["institution"], strict=True)) == declared
    assert set(observations["institution"]) <= set(STUDY["institution"])
    assert set(population["series"]) == set(STUDY["series"])


# --- Counts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("institution", ["iml", "pnc"])
@pytest.mark.parametrize("year", HOMICIDES)
def test_national_homicides_are_the_published_ones(year: int, institution: str) -> None:
    """The 262 municipalities sum to the published national total."""
    assert counts("homicides", institution)[year].sum() == HOMICIDES[year]


def test_municipalities_without_a_homicide_in_2013() -> None:
    """49 municipalities had no homicide in 2013 by the police count, as published."""
    assert int((counts("homicides", "pnc")[2013] == 0).sum()) == 49


@pytest.mark.parametrize("year", [2010, 2018])
def test_departments_agree_with_publication(year: int) -> None:
    """Each department is within one homicide of the total published for it."""
    published = read("published")
    published = published[(published["period"] == str(year)) & (published["unit"].str.len() == 2)]
    published = published[published["unit"] != "SV"].set_index("unit")["value"].astype(int)
    panel = counts("homicides", "iml")[year]
    found = panel.groupby(panel.index.str[:2]).sum()

    assert len(published) == 14
    assert ((found - published).abs() <= 1).all()


def test_every_published_total_holds() -> None:
    """The panel is within the tolerance of every published total."""
    series = {name: counts("homicides", name) for name in ("iml", "pnc")}
    for row in read("published").itertuples():
        column = series[row.institution][int(row.period)]
        inside = column if row.unit == "SV" else column[column.index.str.startswith(row.unit)]
        found = (inside == 0).sum() if row.measure == "zero_units" else inside.sum()

        assert abs(found - int(row.value)) <= int(row.tolerance), row.check


def test_sonsonate_has_official_codes() -> None:
    """The nine municipalities whose codes differ in the source have the right population."""
    census_2007 = {"0305": 10241, "0306": 70959, "0307": 24465, "0308": 49081, "0309": 10417,
                   "0310": 5484, "0311": 26902, "0312": 18648, "0313": 10076}  # fmt: skip
    population = read("population")
    year = population[(population["series"] == "digestyc") & (population["year"] == "2009")]
    projected = year.set_index("unit")["population"].astype(int)
    names = read("units").set_index("unit")["name"]

    assert names["0305"] == "Santa Isabel Ishuatán"
    assert names["0306"] == "Izalco"
    for unit, people in census_2007.items():
        assert projected[unit] == pytest.approx(people, rel=0.15), unit


def test_faulty_counts_are_missing_never_zero() -> None:
    """Truncated or unrecorded years have no count, and nothing else is missing."""
    frame = read("outcomes")
    faulty = frame[frame["quality"] == "faulty"]
    firearm = counts("homicides_firearm", "iml")
    where = faulty.groupby(["outcome", "period"])["unit"].nunique().to_dict()

    assert set(frame["quality"]) == {"published", "faulty"}
    assert set(faulty["count"]) == {""}
    assert (frame.loc[frame["quality"] == "published", "count"] != "").all()
    assert firearm[2018].isna().all()
    assert firearm[2017].sum() == 3026
    assert where == {
        ("homicides_firearm", "2018"): 262,
        ("injuries", "2008"): 16,
        ("injuries", "2009"): 19,
        ("injuries", "2010"): 57,
    }


def test_parts_are_not_more_than_the_whole() -> None:
    """Women and firearm victims are never more than all victims."""
    everybody = counts("homicides", "iml")

    assert (counts("homicides_women", "iml") <= everybody).all(axis=None)
    assert (counts("homicides_firearm", "iml").fillna(0) <= everybody).all(axis=None)


# --- Population ----------------------------------------------------------------------------------


def test_population_of_2011_gives_the_published_rate() -> None:
    """6,237,637 people and 4,371 homicides are 70.07 per 100,000."""
    population = read("population")
    part = population[(population["series"] == "digestyc") & (population["year"] == "2011")]
    people = part["population"].astype(int).sum()

    assert people == 6_237_637
    assert round(4371 / people * 100_000, 2) == 70.07


def test_five_populations_are_interpolated_and_marked() -> None:
    """The five missing projections stay missing in one series and are marked in the other."""
    population = read("population")
    size = population["series"].value_counts()
    filled = population[population["series"] == "digestyc_filled"]
    marked = filled[filled["method"] == "interpolated"]

    assert (size["digestyc"], size["digestyc_filled"]) == (2877, 2882)
    assert sorted(zip(marked["unit"], marked["year"], strict=True)) == [
        ("0427", "2008"), ("0428", "2008"), ("0428", "2009"), ("0428", "2010"), ("0428", "2011")
    ]  # fmt: skip
    # San José Las Flores: falling from the census to the first projection
    flores = marked[marked["unit"] == "0428"]["population"].astype(int)
    assert flores.is_monotonic_decreasing


def test_denominators_give_the_known_span() -> None:
    """The rate of 2011 runs from 69.9 to 71.8 depending on the population series."""
    population = read("population")
    year = population[(population["unit"] == "SV") & (population["year"] == "2011")]
    rates = 4371 / year["population"].astype(int) * 100_000

    assert round(rates.min(), 1) == 69.9
    assert round(rates[year["series"] == "wb_wpp2024"].item(), 1) == 71.8


# --- National totals -----------------------------------------------------------------------------


def observed(start: str, end: str, institution: str) -> list[str]:
    """Give the counts known for a window and an institution."""
    frame = read("observations")
    rows = (frame["start"] == start) & (frame["end"] == end)
    return frame.loc[rows & (frame["institution"] == institution), "count"].tolist()


def test_the_three_sixty_percents_can_be_composed() -> None:
    """Rows exist for the daily means, for calendar years and for March to December."""
    assert "926" in observed("2012-01-01", "2012-03-08", "pnc")
    assert observed("2011-03-01", "2011-12-31", "mjsp") == ["3697"]
    assert observed("2012-01-01", "2012-12-31", "iml") == ["2594"]
    assert observed("2012-01-01", "2012-01-31", "iml") == ["413"]
    assert observed("2012-02-01", "2012-02-29", "iml") == ["402"]
    assert observed("2012-01-01", "2012-03-31", "iml") == ["1078"]
    # April to December 2012: (2,594 - 1,078) / 275 days, against 926 / 68 days
    assert round((2594 - 1078) / 275, 1) == 5.5
    assert round(1 - (2594 - 413 - 402) / 3697, 2) == 0.52


def test_no_figure_is_repeated() -> None:
    """One row for each window, institution and figure; windows run forward; sources are given."""
    frame = read("observations")
    figure = frame["count"].where(frame["count"] != "", frame["rate"])

    assert (
        not frame.assign(figure=figure).duplicated(["start", "end", "institution", "figure"]).any()
    )
    assert (frame["start"] <= frame["end"]).all()
    assert (frame["source"] != "").all()
    assert (figure != "").all()
    assert set(frame["quality"]) == {
        "published", "quoted", "derived", "digitised", "preliminary"
    }  # fmt: skip


def test_months_of_2015_sum_to_the_year() -> None:
    """The twelve months of the forensic report are the year's total."""
    frame = read("observations")
    months = frame[
        frame["start"].str.startswith("2015-")
        & (frame["institution"] == "iml")
        & (frame["quality"] == "published")
        & (frame["start"].str[:7] == frame["end"].str[:7])
    ]

    assert len(months) == 12
    assert months["count"].astype(int).sum() == 6656


# --- Events --------------------------------------------------------------------------------------


def test_events_are_complete_and_name_nobody() -> None:
    """Every event has short titles and a sentence in both languages, and no person's name."""
    events = read("events")
    words = events[["title_es", "title_en", "text_es", "text_en"]]
    name = re.compile("|".join(rf"\b{person}\b" for person in PERSONS))

    assert len(events) == 41
    assert (words != "").all(axis=None)
    assert (words[["title_es", "title_en"]].map(len) <= 45).all(axis=None)
    assert words["text_es"].str.endswith(".").all()
    assert words["text_en"].str.endswith(".").all()
    assert not words.map(lambda text: bool(name.search(text))).any(axis=None)
    assert set(events["tracks"]) <= {"", "2;3"}
    assert (events["source"] != "").all()


def test_events_have_dates_and_ranks() -> None:
    """The truce starts on 8 March 2012; five events are for national charts."""
    events = read("events").set_index("event")
    first = events[events["rank"] == "1"]

    assert events.loc["truce", "start"] == "2012-03-08"
    assert events.loc["truce_end", "start"] == "2014-05-26"
    assert set(first.index) == {
        "truce", "free_municipalities", "truce_end", "pess_1", "extraordinary_measures"
    }  # fmt: skip
    assert set(events["date_precision"]) <= {"day", "month", "year", "range"}
    assert events["start"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
    assert ((events["end"] == "") | (events["end"] >= events["start"])).all()


def test_plan_phases_have_fifty_municipalities() -> None:
    """The three phases of Plan El Salvador Seguro are 10, 16 and 24 different municipalities."""
    units = read("events").set_index("event")["units"]
    phases = [units[f"pess_{number}"].split(";") for number in (1, 2, 3)]

    assert [len(phase) for phase in phases] == [10, 16, 24]
    assert len({unit for phase in phases for unit in phase}) == 50
    assert units["free_ilopango"] == "0607"


# --- Geometry ------------------------------------------------------------------------------------


def test_full_geometry_has_every_unit() -> None:
    """Each unit has a valid shape in degrees, with the exterior counter-clockwise."""
    frame = shapes("geometry")
    parts = shapely.get_parts(frame.geometry.to_numpy())

    assert sorted(frame.index) == sorted(read("units")["unit"])
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()
    assert frame.crs.to_epsg() == 4326
    assert shapely.is_ccw(shapely.get_exterior_ring(parts)).all()


@pytest.mark.parametrize("level", ["municipality", "department", "municipality_2024"])
def test_levels_cover_the_nation(level: str) -> None:
    """Each level is a coverage without gaps or overlaps, and its union is the nation."""
    frame = shapes("geometry")
    part = frame[frame["level"] == level].geometry.to_numpy()
    nation = frame.geometry["SV"]

    assert shapely.coverage_is_valid(part)
    assert shapely.coverage_union_all(part).symmetric_difference(nation).area < 1e-9


def test_web_geometry_is_light_and_whole() -> None:
    """The web file keeps all 262 as a coverage, with outlines on the same borders."""
    path = DATA / STUDY["tables"]["geometry_web"]
    frame = shapes("geometry_web")
    polygons = frame[frame["level"] == "municipality"].geometry
    lines = frame[frame["level"] != "municipality"].geometry
    borders = shapely.union_all(shapely.boundary(polygons.to_numpy()))

    assert path.stat().st_size <= 450_000
    assert len(polygons) == 262
    assert set(polygons.geom_type) <= {"Polygon", "MultiPolygon"}
    assert polygons.is_valid.all()
    assert shapely.coverage_is_valid(polygons.to_numpy())
    assert set(frame["level"]) == {"nation", "department", "municipality"}
    assert set(lines.geom_type) <= {"LineString", "MultiLineString"}
    outside = shapely.difference(lines.to_numpy(), shapely.buffer(borders, 1e-9))
    assert shapely.length(outside).sum() == pytest.approx(0, abs=1e-6)


def test_web_geometry_keeps_small_units_recognisable() -> None:
    """Each simplified municipality still shares most of its ground with its full shape."""
    full = shapes("geometry").geometry
    web = shapes("geometry_web")
    municipalities = web[web["level"] == "municipality"].geometry
    light, whole = municipalities.to_numpy(), full[municipalities.index].to_numpy()
    shared = shapely.area(shapely.intersection(light, whole)) / shapely.area(
        shapely.union(light, whole)
    )

    assert shared.min() > 0.85


def test_labels_lie_inside_their_units() -> None:
    """Every unit has a label point inside its shape."""
    full = shapes("geometry").geometry
    labels = read("labels").set_index("unit").loc[full.index]
    points = shapely.points(labels["lon"].astype(float), labels["lat"].astype(float))

    assert shapely.contains(full.to_numpy(), points).all()


def test_inset_holds_the_metropolitan_area() -> None:
    """The box of the inset contains the 14 metropolitan municipalities."""
    groups = read("groups")
    units = groups.loc[groups["group"] == "amss", "unit"]
    west, south, east, north = shapes("geometry").geometry[units].total_bounds
    box = STUDY["inset"]["bbox"]

    assert box[0] <= west
    assert box[1] <= south
    assert east <= box[2]
    assert north <= box[3]


def test_neighbours_are_small() -> None:
    """The countries around are three valid outlines in a small file."""
    path = DATA / STUDY["tables"]["context"]
    frame = gpd.read_file(path)

    assert path.stat().st_size <= 60_000
    assert sorted(frame["name"]) == ["Guatemala", "Honduras", "Nicaragua"]
    assert frame.geometry.is_valid.all()


# --- The build -----------------------------------------------------------------------------------


@pytest.mark.skipif(not SOURCES, reason="needs the raw sources: set TERRITORY_SOURCES to them")
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """The build script writes every file exactly as it is in the repository."""
    command = [sys.executable, "scripts/build_data.py", "--sources", SOURCES, "--out"]
    subprocess.run([*command, str(tmp_path)], cwd=ROOT, check=True)

    for name in FILES:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name
        assert (tmp_path / f"{name}.toml").read_bytes() == (DATA / f"{name}.toml").read_bytes()
