"""Who is reported where, and what was done where: El Salvador's tables, their readers, safe use."""

from __future__ import annotations

import datetime
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.evidence.claims import read_actors, read_claims, read_interventions
from territory.evidence.schema import DataError, Fault
from territory.text import LANGUAGES, catalogue
from tests.conftest import write_card

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.study import Study

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
TERRITORIES = DATA / "territories"
EVE = datetime.date(2022, 3, 26)
STUDIES = sorted(path.stem for path in DATA.glob("*.toml"))


@pytest.fixture(scope="module")
def actors() -> pd.DataFrame:
    """Return El Salvador's actors."""
    return read_actors(TERRITORIES / "slv/actors.csv")[0]


@pytest.fixture(scope="module")
def claims(slv: Study, actors: pd.DataFrame) -> pd.DataFrame:
    """Return El Salvador's claims."""
    path = TERRITORIES / "slv/claims.csv"
    return read_claims(path, slv.units, actors, detail_until=EVE)[0]


@pytest.fixture(scope="module")
def interventions(slv: Study) -> pd.DataFrame:
    """Return El Salvador's interventions."""
    return read_interventions(TERRITORIES / "slv/interventions.csv", slv.units)[0]


# --- El Salvador -----------------------------------------------------------------------------------


def test_barrio_18_is_the_parent_of_its_factions(actors: pd.DataFrame) -> None:
    """Sureños and Revolucionarios are parts of Barrio 18; the unnamed actor is a value."""
    parents = actors["parent"].dropna().to_dict()

    assert parents == {"B18S": "B18", "B18R": "B18"}
    assert "ANY" in actors.index


def test_every_claim_has_its_source(claims: pd.DataFrame) -> None:
    """142 statements, each with a citation and a web address."""
    assert len(claims) == 142
    assert claims["source"].str.len().min() > 10
    assert claims["url"].str.fullmatch(r"https?://\S+").all()


def test_codes_are_official_ones(claims: pd.DataFrame, slv: Study) -> None:
    """P-codes were turned into official codes: Soyapango is 0617, Mejicanos 0608."""
    contested = claims[claims["kind"].eq("disputed") & claims["whole_unit"]]
    names = set(slv.units.loc[contested["unit"], "name"])

    assert not claims["unit"].str.match(r"SV\d").any()
    assert names == {"Mejicanos", "Soyapango", "Panchimalco", "Usulután", "San Pedro Perulapán"}


def test_a_claim_about_several_actors_is_one_row(claims: pd.DataFrame) -> None:
    """One row for each statement: the three groups of Soyapango stand in one cell."""
    row = claims.loc["SV-T093"]

    assert row["actors"] == ("B18R", "B18S", "MS13")
    assert row["kind"] == "disputed"


def test_fifty_municipalities_of_the_plan(interventions: pd.DataFrame) -> None:
    """Plan El Salvador Seguro has ten, sixteen and twenty-four municipalities, fifty in all."""
    plan = interventions[interventions["kind"] == "pess"]

    assert plan["unit"].nunique() == 50
    assert plan.groupby("phase").size().to_dict() == {"1": 10, "2": 16, "3": 24}


def test_nine_of_eleven_are_confirmed(interventions: pd.DataFrame, slv: Study) -> None:
    """Nine of the eleven municipalities free of violence are confirmed; two are not."""
    free = interventions[interventions["kind"] == "violence_free"]
    doubtful = free[free["confidence"] == "D"]

    assert len(free) == 11
    assert len(free) - len(doubtful) == 9
    assert set(slv.units.loc[doubtful["unit"], "name"]) == {"Delgado", "Puerto El Triunfo"}


def test_dates_of_interventions_fit_the_events(interventions: pd.DataFrame, slv: Study) -> None:
    """The plan's phases and their places are the same in the list of events."""
    for phase in ("1", "2", "3"):
        event = slv.events.loc[f"pess_{phase}"]
        part = interventions[interventions["kind"].eq("pess") & interventions["phase"].eq(phase)]

        assert set(event["units"]) == set(part["unit"])
        assert set(part["start_earliest"]) == {event["start"]}


# --- Readers -----------------------------------------------------------------------------------

ACTORS = "actor,parent,aliases,name_es,name_en,color\nred,,Reds,Rojos,Reds,#AA3377\nANY,,,?,?,ANY\n"
CLAIMS = (
    "claim,unit,level,actor,kind,value,start,end,date_precision,grade,display_tier,source\n"
    "c1,A1,square,red,dominant,1,2001-01-01,2001-12-31,year,B,map,The Paper\n"
    "c2,A1,square,red,presence,1,2003-01-01,2002-12-31,year,B,map,The Paper\n"
    "c3,A9,square,red,presence,1,2001-01-01,2001-12-31,year,B,map,The Paper\n"
    "c4,A1,square,green,presence,1,2001-01-01,2001-12-31,year,B,map,The Paper\n"
    "c5,A1,square,red,presence,1,2001-01-01,2001-12-31,year,B,map,\n"
    "c6,A1,street,red,presence,1,2001-01-01,2001-12-31,year,B,map,The Paper\n"
    "c7,A1,region,red,presence,1,2001-01-01,2001-12-31,year,B,map,The Paper\n"
    "c8,A1,street,red,presence,1,2001-01-01,2005-12-31,year,B,detail,The Paper\n"
    "c9,A1,square,red,presence,1,1 May 2001,2001-12-31,year,E,map,The Paper\n"
    "c9,A1,square,;,presence,-1,2001-01-01,2001-12-31,year,B,map,The Paper\n"
)
FAULTS = [
    ("end_before_start", "3"),
    ("unknown_unit_in_file", "4"),
    ("unknown_actor_in_file", "5"),
    ("empty_cells", "6"),
    ("detail_on_map", "7"),
    ("wrong_level", "8"),
    ("detail_too_late", "9"),
    ("duplicate_keys", "10, 11"),
]


def said(fault: Fault, blank: str) -> object:
    """Return what fills a blank of a fault."""
    return fault.values.get(blank)


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a table and its card."""

    def write(name: str, text: str) -> Path:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        write_card(file)
        return file

    return write


def test_every_fault_of_the_claims_is_in_one_report(board: Study, table) -> None:
    """A bad table of claims is refused once, with each fault and its row."""
    known = read_actors(table("actors.csv", ACTORS))[0]
    with pytest.raises(DataError) as caught:
        read_claims(
            table("claims.csv", CLAIMS), board.units, known, detail_until=datetime.date(2003, 1, 1)
        )
    found = [(fault.key, said(fault, "rows")) for fault in caught.value.faults]

    assert set(FAULTS) <= set(found)
    assert {"start", "grade", "value", "actor"} <= {
        said(fault, "column") for fault in caught.value.faults if fault.key == "bad_values"
    }
    assert "green" in str(caught.value)
    assert "no es un actor" in caught.value.render("es")


def test_good_claims_are_read(board: Study, table) -> None:
    """Dates become dates, actors lists, and the level says whether all of the unit is meant."""
    known = read_actors(table("actors.csv", ACTORS))[0]
    good = "\n".join([*CLAIMS.splitlines()[:2], CLAIMS.splitlines()[8]])
    read, card = read_claims(table("claims.csv", good), board.units, known)

    assert read["whole_unit"].tolist() == [True, False]
    assert read.loc["c1", "actors"] == ("red",)
    assert read.loc["c1", "end"] == pd.Timestamp("2001-12-31")
    assert card.file == "claims.csv"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("blue,purple,,Azul,Blue,", "unknown_actor_in_file"),
        ("blue,,reds,Azul,Blue,", "shared_spelling"),
        ("red,,,Azul,Blue,", "duplicate_keys"),
        ("blue,,,,Blue,", "empty_cells"),
        ("blue,,,Azul,Blue,bright blue", "bad_values"),
    ],
)
def test_bad_actors_are_refused(table, line: str, key: str) -> None:
    """An unknown parent, a spelling of two, an actor twice, no name, a strange colour."""
    with pytest.raises(DataError) as caught:
        read_actors(table("actors.csv", ACTORS + line + "\n"))

    assert key in {fault.key for fault in caught.value.faults}


def test_bad_interventions_are_refused(board: Study, table) -> None:
    """A start that cannot be, an end before it, an unknown unit: all in one report."""
    text = (
        "intervention,unit,kind,phase,start_earliest,start_latest,end,date_precision,"
        "confidence,source\n"
        "i1,A1,plan,1,2002-02-01,2002-01-01,,range,A,page\n"
        "i2,A1,plan,1,2002-01-01,2002-01-01,2001-01-01,day,A,page\n"
        "i3,Z9,plan,1,2002-01-01,2002-01-01,,day,A,\n"
    )
    with pytest.raises(DataError) as caught:
        read_interventions(table("interventions.csv", text), board.units)
    keys = [fault.key for fault in caught.value.faults]

    assert sorted(keys) == [
        "empty_cells", "end_before_start", "end_before_start", "unknown_unit_in_file",
    ]  # fmt: skip


def test_a_table_without_columns_says_which(board: Study, table) -> None:
    """Missing columns are named, and nothing else is guessed."""
    with pytest.raises(DataError, match="grade, display_tier, source missing"):
        read_claims(
            table("claims.csv", "claim,unit,level,actor,kind,value,start,end,date_precision\n"),
            board.units,
            read_actors(table("actors.csv", ACTORS))[0],
        )


# --- Safe use ------------------------------------------------------------------------------------

# Words that turn a report into a label of a place or its people.
FORBIDDEN = re.compile(
    r"gang[- ](?:controlled )?(?:area|zone|neighbou?rhood|infested)|safe (?:area|zone)|no-go|"
    r"zonas? (?:segura|peligrosa|de pandillas)|barrio peligroso|territorio de pandillas|"
    r"pandilleros? de |terrorist",
    re.IGNORECASE,
)
CONTACT = re.compile(r"[\w.]+@[\w.]+\.\w|\+?503[ -]?\d{4}|\b\d{8}-\d\b")
COORDINATES = re.compile(r"-?\d{1,3}\.\d{4,}")
STREETS = re.compile(r"\b(?:calle|avenida|pasaje|blvd|boulevard|alameda|av|c)\b\.?", re.IGNORECASE)
# Names of persons that the raw lists carry, officials and authors included.
PERSONS = re.compile(r"Deibert|Daubuisson|Bukele|Funes|Mijango|Payés|Munguía|Insulza|Viejo Lin")


def words_of(table: pd.DataFrame) -> pd.Series:
    """Return every text of a table but its addresses."""
    return table.drop(columns=["url"], errors="ignore").astype(str).melt()["value"]


def cautious_texts() -> dict[str, str]:
    """Return what the territory pages say, by where it stands."""
    found = {
        f"{key} ({lang})": text
        for lang in LANGUAGES
        for key, text in catalogue(lang).items()
        if not key.startswith("errors.")
    }
    for study in STUDIES:
        found[f"{study}.toml"] = (DATA / f"{study}.toml").read_text(encoding="utf-8")
    for card in sorted(TERRITORIES.rglob("*.toml")):
        found[card.name] = card.read_text(encoding="utf-8")
    return found


def test_texts_never_label_a_place() -> None:
    """Reported presence, reported dominance: never a gang area, never a safe area."""
    texts = cautious_texts()
    labels = [f"{where}: {word}" for where in texts for word in FORBIDDEN.findall(texts[where])]

    assert labels == []


def test_every_tables_texts_are_safe() -> None:
    """No person, contact, coordinate or label in any text of any territory table.

    Titles of cited articles are other people's words and may stand, but name nobody either.
    """
    for file in sorted(TERRITORIES.rglob("*.csv")):
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        texts = words_of(table.drop(columns=[n for n in ("source", "value") if n in table]))
        sources = table.get("source", pd.Series(dtype=str))
        sources = sources[~sources.str.startswith("http")].drop_duplicates()

        assert not texts[texts.str.contains(FORBIDDEN)].tolist(), file
        assert not texts[texts.str.contains(COORDINATES)].tolist(), file
        for column in (texts, sources):
            assert not column[column.str.contains(PERSONS)].tolist(), file
            assert not column[column.str.contains(CONTACT)].tolist(), file


def test_events_are_told_safely() -> None:
    """Titles and texts of events, in every study, label no place and name no person."""
    for file in sorted((DATA / "events").rglob("events.csv")):
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        told = table[[name for name in table if name.startswith(("title_", "text_"))]].melt()[
            "value"
        ]

        assert not told[told.str.contains(FORBIDDEN)].tolist(), file
        assert not told[told.str.contains(PERSONS)].tolist(), file
        assert not told[told.str.contains(COORDINATES)].tolist(), file


def test_territory_tables_have_no_positions() -> None:
    """No claim, actor or intervention has a coordinate; only official units have shapes."""
    for file in sorted(TERRITORIES.rglob("*.csv")):
        columns = set(pd.read_csv(file, nrows=0).columns)

        assert not columns & {"lon", "lat", "longitude", "latitude", "geometry", "address"}, file


def test_nothing_below_a_municipality_after_the_eve(claims: pd.DataFrame, slv: Study) -> None:
    """What is about less than a municipality ends by 26 March 2022 and is never drawn."""
    below = claims[~claims["level"].isin(slv.units["level"].unique())]

    assert len(below) == 38
    assert set(below["display_tier"]) == {"detail"}
    assert below["end"].max() <= pd.Timestamp(EVE)
    assert set(claims.loc[claims["start"] > pd.Timestamp(EVE), "level"]) == {"nation"}


def test_places_are_neighbourhoods_not_streets(claims: pd.DataFrame) -> None:
    """No street, block or perimeter is stored, whatever the source printed."""
    places = claims["place"].dropna()
    streets = places[places.str.contains(STREETS)]

    assert streets.tolist() == []
    assert places.str.len().max() < 75


def test_a_study_says_where_detail_ends() -> None:
    """The limit of 26 March 2022 stands in the study file, not in code."""
    study = tomllib.loads((DATA / "slv.toml").read_text(encoding="utf-8"))

    assert study["territory"]["detail_until"] == EVE
    assert study["territory"]["carry_years"] == 3
