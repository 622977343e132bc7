"""A study of one's own: begun, filled in step by step as the document says, checked at each step."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from territory import founding
from territory.adopting import OWN
from territory.checks import check_study
from territory.cli import app
from territory.dashboard import current
from territory.evidence import loading
from territory.evidence.ingest import SETTINGS
from territory.evidence.schema import DataError
from territory.evidence.studyfile import read_study_file
from territory.study import Study
from territory.text import LANGUAGES

from .conftest import write_card
from .test_pages import NAMES, opened, words

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "adding_a_country.md").read_text(encoding="utf-8")
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]*)")?\n(.*?)^```', re.DOTALL | re.MULTILINE)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Return the folder of a study that was just begun."""
    founding.found_study(tmp_path / "Mi País")
    return tmp_path / "Mi País"


def typed(line: str) -> int:
    """Do what a line of the page says; return the exit code."""
    if line.startswith("cd "):
        os.chdir(line.removeprefix("cd "))
        return 0
    if not line.startswith("territory "):
        return subprocess.run(["sh", "-ec", line], check=False).returncode
    done = CliRunner().invoke(app, shlex.split(line)[1:])
    return 2 if isinstance(done.exception, DataError) else done.exit_code


def follow(page: str) -> None:
    """Do every block of a page as it stands, in order, in the present folder.

    A block with a file as its title writes that file; a command must end as its block says.
    """
    for kind, title, text in BLOCK.findall(page):
        if kind == "sh":
            said = re.search(r"exit code (\d)", title)
            for line in text.splitlines():
                assert (int(said[1]) if said else 0) == typed(line), line
        else:
            Path(title).write_text(text, encoding="utf-8")


def test_the_page_about_adding_a_country_does_what_it_says(tmp_path: Path, monkeypatch) -> None:
    """From an empty folder to a study whose checks hold."""
    monkeypatch.chdir(tmp_path)
    follow(PAGE)

    study = Study.load(".")
    assert 306 == study.outcomes["count"].sum()
    assert all(check.ok for check in check_study("."))


def test_the_page_about_spreadsheets_does_what_it_says(tmp_path: Path, monkeypatch) -> None:
    """From a messy file to a table and a study; every setting that there is stands on the page."""
    page = (ROOT / "docs" / "spreadsheets.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    follow(page)

    assert "0617,2011,homicides,pnc,173" in Path("counts.csv").read_text(encoding="utf-8")
    assert 173 == Study.load("mine").rates("2011", institution=OWN)["count"]["0617"]
    named = [key for key in SETTINGS if not key.endswith("_column")]
    assert [] == [key for key in named if f"`{key}`" not in page]


def test_a_study_that_was_begun_is_whole(mine: Path) -> None:
    """It loads by its folder and by its file, every check holds, and it says that it is invented."""
    study = Study.load(mine)

    assert "mi-pais" == study.name == Study.load(mine / "study.toml").name
    assert [] == [check.check for check in check_study(mine) if not check.ok]
    for lang, word in (("es", "inventad"), ("en", "invented")):
        assert word in study.title(lang)
        assert word in study.file.word(("credit",), lang)
        assert all(word in card.title[lang].lower() for card in study.cards)


def test_every_entry_of_the_study_file_that_was_begun_is_explained() -> None:
    """Above each table of the file, or each key outside of one, stands a comment."""
    text = (ROOT / "src" / "territory" / "template" / "study.toml").read_text(encoding="utf-8")
    parts = [part for part in text.split("\n\n") if not part.lstrip().startswith("#")]

    first_of_kind = {}
    for part in parts:
        head = part.strip().splitlines()[0].strip("[]").split(".")[0].split(" ")[0]
        first_of_kind.setdefault(head, part)
    assert {"territory", "level"} >= first_of_kind.keys()
    entries = tomllib.loads(text)
    for name in entries["tables"]:
        assert re.search(rf"^#   {name} ", text, flags=re.MULTILINE), name
    for name in {*loading.LATER, "observations", "interventions", "comparators"}:
        assert name in text


@pytest.mark.parametrize("there", ["notes.txt", "study.toml", "tables/x.csv"])
def test_a_folder_with_other_files_is_refused(tmp_path: Path, there: str) -> None:
    """Nothing of somebody's is written over, and nothing is added beside it."""
    file = tmp_path / there
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine")

    with pytest.raises(DataError, match="not empty"):
        founding.found_study(tmp_path)

    assert [file] == [entry for entry in tmp_path.rglob("*") if entry.is_file()]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("Île-de-France", "ile-de-france"),
        ("...", "study"),
        ("slv", "slv-study"),
        ("a" * 60, "a" * 40),
    ],
)
def test_the_short_name_comes_from_the_folder(tmp_path: Path, folder: str, name: str) -> None:
    """It is good for file names and addresses, and is no shipped study's."""
    founding.found_study(tmp_path / folder)

    assert name == read_study_file(tmp_path / folder).name


def test_a_shipped_name_means_the_shipped_study(tmp_path: Path, monkeypatch) -> None:
    """A folder that happens to have its name does not take its place."""
    monkeypatch.chdir(tmp_path)
    founding.found_study(tmp_path / "chicago")

    assert "Chicago" == Study.load("chicago").title()
    assert "invented" in Study.load("./chicago").title()


# What is missing is said ------------------------------------------------------------------


def spoil(folder: Path, table: str, old: str, new: str) -> None:
    """Change a table on purpose, and renew its card."""
    file = folder / "tables" / table
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(re.sub(old, new, text), encoding="utf-8")
    founding.renew_card(file)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("units.geojson", r'\n\{"type":"Feature","id":"S4".*\}\}', "", "Mirador"),
        ("outcomes.csv", r"(?m)^..,2016,.*\n", "", "2016"),
        ("outcomes.csv", r"N1,", "N9,", "N9"),
        ("outcomes.csv", r"unit,period", "code,period", "code"),
        ("population.csv", r"(?m)^..,2021,.*\n", "", "2021"),
        ("population.csv", r"(?m)^S4,.*\n", "", "Mirador"),
        ("units.csv", r"district", "parish", "parish"),
        ("units.csv", r"EJ,province", "ZZ,province", "ZZ"),
        ("published.csv", r",304,", ",305,", "304"),
        ("claims.csv", r",south,", ",west,", "west"),
    ],
)
def test_what_is_missing_or_wrong_is_named_with_what_to_do(
    mine: Path, table: str, old: str, new: str, said: str, lang: str
) -> None:
    """A check fails, names what it is about, and no crash hides the others."""
    file = mine / "tables" / table
    text = file.read_text(encoding="utf-8")
    spoiled = re.sub(old, new, text)
    assert spoiled != text
    file.write_text(spoiled.replace("},\n]}", "}\n]}").replace("},]}", "}]}"), encoding="utf-8")
    founding.renew_card(file)

    failed = [check for check in check_study(mine, lang=lang) if not check.ok]
    assert failed
    assert any(said in f"{check.value} {check.note}" for check in failed)


def test_a_changed_table_is_said_and_its_card_can_be_renewed(mine: Path) -> None:
    """Only the digest of the card changes; comments and words stay."""
    file = mine / "tables" / "events.csv"
    card = file.with_name("events.csv.toml")
    before = card.read_text(encoding="utf-8")
    file.write_text(
        file.read_text(encoding="utf-8").replace("3 January", "4 January"), encoding="utf-8"
    )

    (failed,) = [check for check in check_study(mine) if not check.ok and "card" in check.check]
    assert "--renew-cards" in failed.value
    done = {entry.file: entry.done for entry in founding.renew_cards(mine)}
    after = card.read_text(encoding="utf-8")

    assert {"tables/events.csv"} == {file for file, what in done.items() if what == "renewed"}
    assert [line for line in before.splitlines() if not line.startswith("sha256")] == [
        line for line in after.splitlines() if not line.startswith("sha256")
    ]
    assert all(check.ok for check in check_study(mine))


def test_a_card_that_was_begun_waits_for_words(mine: Path) -> None:
    """It holds the digest and empty entries; until they are filled the table is not read."""
    (mine / "tables" / "events.csv.toml").unlink()
    founding.renew_cards(mine)

    with pytest.raises(DataError, match="publisher") as caught:
        Study.load(mine)
    assert "credit" in str(caught.value)


def test_every_fault_of_every_table_is_listed_at_once(mine: Path) -> None:
    """Nobody mends a study one message at a time."""
    spoil(mine, "outcomes.csv", "N1,2014", "N9,2014")
    spoil(mine, "population.csv", "N1,2014", "N8,2014")
    spoil(mine, "events.csv", "2018-01-01", "January")

    with pytest.raises(DataError) as caught:
        Study.load(mine)

    assert all(word in str(caught.value) for word in ("N9", "N8", "January"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("levels = .*", 'levels = "district"', "levels"),
        ("levels = .*", 'levels = ["country", "parish"]', "parish"),
        ("levels = .*", 'levels = ["province", "district"]', "province"),
        ('outcome = "homicides"', 'outcome = "thefts"', "thefts"),
        ('population = "census"', 'population = "projection"', "projection"),
        (r"\[credit\]", "[credits]", "credit"),
        (r'units = "tables', 'unit = "tables', "tables.units"),
        ('study = "mi-pais"', 'study = "mi-pais', "TOML"),
        ('"tables/claims.csv"', '"tables/claim.csv"', "claim.csv"),
    ],
)  # fmt: skip
def test_a_wrong_study_file_is_explained(mine: Path, old: str, new: str, said: str) -> None:
    """The message names the entry; the command ends with 1 or 2, never with a crash."""
    file = mine / "study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(old, new, text, count=1), encoding="utf-8")

    done = CliRunner().invoke(app, ["check", str(mine)])
    words_said = done.output + str(done.exception)
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit | DataError)
    assert said in words_said


def test_a_folder_without_a_study_is_said(tmp_path: Path) -> None:
    """The message names the command that makes one."""
    with pytest.raises(DataError, match="territory init"):
        Study.load(tmp_path)


def test_the_cards_of_a_shipped_study_are_not_touched() -> None:
    """What travels with the package is never changed from the command line."""
    with pytest.raises(DataError, match="shipped"):
        founding.renew_cards("slv")


# Every door -------------------------------------------------------------------------------


@pytest.fixture
def smallest(board_folder: Path, tmp_path: Path) -> Path:
    """Return a study with the four tables that one must have, and words for what they hold."""
    folder = tmp_path / "small"
    folder.mkdir()
    for name in ("units.csv", "outcomes.csv", "population.csv"):
        shutil.copy(board_folder / name, folder / name)
        shutil.copy(board_folder / f"{name}.toml", folder / f"{name}.toml")
    shapes = json.loads((board_folder / "units.geojson").read_text())
    for shape in shapes["features"]:
        del shape["id"]
    (folder / "units.geojson").write_text(json.dumps(shapes))
    write_card(folder / "units.geojson")
    text = (board_folder / "study.toml").read_text()
    dropped = ("groups", "events", "observations", "published", "prior", "caveat")
    lines = [line for line in text.splitlines() if not line.startswith(dropped)]
    lines += ["[institution.court]", 'title = { es = "Juzgado", en = "Court" }']
    (folder / "study.toml").write_text("\n".join(lines))
    return folder


COMMANDS = [
    ["check"],
    ["rates", "--by", "unit", "--smoothed"],
    ["compare", "--by", "total"],
    ["holders", "--on", "2018-06-30"],
    ["map", "--out", "m.png"],
    ["map", "--show", "change", "--out", "m.html", "--lang", "es"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("which", ["mine", "smallest"])
def test_every_command_works_on_a_folder(
    request: pytest.FixtureRequest, which: str, command: list[str], monkeypatch, tmp_path: Path
) -> None:
    """A study of one's own is a study like any other, also with the least that one has."""
    folder = request.getfixturevalue(which)
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, [command[0], str(folder), *command[1:]])

    assert 0 == done.exit_code, done.output + str(done.exception)


@pytest.mark.parametrize("which", ["mine", "smallest"])
@pytest.mark.parametrize("page", NAMES)
def test_every_page_opens_on_a_folder(
    request: pytest.FixtureRequest, which: str, page: str, monkeypatch
) -> None:
    """The dashboard needs nothing that a study of one's own may not have."""
    from territory.dashboard import results
    from territory.dashboard.pages import territory_violence

    folder = request.getfixturevalue(which)
    kept = [current.shared, current.shapes, territory_violence.rates, territory_violence.changes]
    kept += [one for one in vars(results).values() if hasattr(one, "cache_clear")]
    monkeypatch.setenv(current.STUDY, str(folder))
    try:
        for one in kept:
            one.cache_clear()
        page_words = [words(opened(page, lang=lang)) for lang in LANGUAGES]
    finally:
        monkeypatch.undo()
        for one in kept:
            one.cache_clear()

    for text in page_words:
        assert "<h1>" in text
        assert "t-fault" not in text


def test_no_card_is_written_outside_the_folder(mine: Path) -> None:
    """A study file may read a table elsewhere, but `--renew-cards` leaves that place alone."""
    outside = mine.parent / "elsewhere.csv"
    outside.write_text("unit\n", encoding="utf-8")
    file = mine / "study.toml"
    text = file.read_text(encoding="utf-8").replace("tables/outcomes.csv", "../elsewhere.csv")
    file.write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match="outside the study's folder"):
        founding.renew_cards(mine)
    assert not outside.with_name("elsewhere.csv.toml").exists()
