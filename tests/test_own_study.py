"""A study of one's own, broken in one place at a time: each fault is said once, with what to do."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import pytest
from matplotlib.text import Text
from shapely import box
from typer.testing import CliRunner

from territory import briefing, charting, founding
from territory.checks import check_study
from territory.cli import app
from territory.dashboard.shapes import WebShapes
from territory.evidence.schema import DataError
from territory.evidence.studyfile import read_study_file
from territory.evidence.studykeys import strange_keys
from territory.evidence.units import joined_at_date_line
from territory.study import Study
from territory.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

Geojson = dict[str, Any]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a study that was just begun; tests work on a copy."""
    folder = tmp_path_factory.mktemp("begun") / "mine"
    founding.found_study(folder)
    return folder


@pytest.fixture
def mine(begun: Path, tmp_path: Path) -> Path:
    """Return a copy of the study that was begun."""
    return Path(shutil.copytree(begun, tmp_path / "mine"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Change a file of a study; a table that changed gets a new digest."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1, flags=re.MULTILINE)
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    if name.endswith(".csv"):
        founding.renew_card(file)


def failures(folder: Path, lang: str = "en") -> list[str]:
    """Return what `territory check` finds wrong, whether it gets as far as a list of checks or not."""
    try:
        failed = [check for check in check_study(folder, lang=lang) if not check.ok]
    except DataError as error:
        return [error.render(lang)]
    return [f"{check.value} {check.note}" for check in failed]


STUDY = "study.toml"
UNITS, COUNTS = "tables/units.csv", "tables/outcomes.csv"
PEOPLE, EVENTS, CLAIMS = "tables/population.csv", "tables/events.csv", "tables/claims.csv"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (UNITS, "^N,Norte,EJ", "N,Norte,N", ["N (", "province", "country"]),
        (UNITS, "^N,Norte,EJ", "N,Norte,C", ["N (", " C (", "country"]),
        (UNITS, "^EJ,País de ejemplo,,", "EJ,País de ejemplo,N,", ["EJ", " N"]),
        (UNITS, "^(N1,[^,]*),N,", r"\1,,", ["N1", "province"]),
        (UNITS, ",district,", ",distrct,", ["distrct", "district"]),
        (COUNTS, "^N1,", "N,", ["N", "province", "district"]),
        (COUNTS, "^N1,", "n1,", ["n1", "N1"]),
        (COUNTS, "^N1,", "N1 ,", ["N1 ", "N1"]),
        (COUNTS, "^N1,2015", "N1,2015-13", ["2015-13", "2011-03"]),
        (COUNTS, "police,10", "police,-10", ["-10", "0, 1, 2"]),
        (COUNTS, "police,10", "police,10.5", ["10.5", "0, 1, 2"]),
        (COUNTS, "^(N1,2015.*)$", r"\1,x,y", ["3", "8", "6"]),
        (COUNTS, "period", "unit", ["unit"]),
        (PEOPLE, "19500", "19 500", ["19 500", "41200"]),
        (EVENTS, "1;3", "9", ["tracks", "9", "2;3"]),
        (EVENTS, "2020-06-30", "2010-06-30", ["2"]),
        (CLAIMS, ",dominant,", ",dominates,", ["dominates", "dominant"]),
        (STUDY, 'period = "2017"', 'period = "2037"', ["defaults.period", "2037", "2021"]),
        (STUDY, 'period = "2017"', 'period = "last"', ["defaults.period", "last", "2011-03"]),
        (STUDY, 'before = "2016:2017"', 'before = "1999:2000"', ["defaults.before", "2014"]),
        (STUDY, 'after = "2018:2019"', 'after = "2017:2019"', ["before", "after", "2017:2019"]),
        (STUDY, 'prior = "country"', 'prior = "contry"', ["defaults.prior", "country"]),
        (STUDY, 'default_by = "district"', 'default_by = "distric"', ["default_by", "district"]),
        (STUDY, "^default_by", "defaultby", ["defaultby", "default_by"]),
        (STUDY, "^prior = ", "priro = ", ["defaults.priro", "prior"]),
        (STUDY, "^levels", "level_s", ["levels", "level_s"]),
        (STUDY, r"^\[credit\]", "[credits]", ["credit", "credits"]),
        (STUDY, "^claims = ", "claim = ", ["tables.claim", "claims"]),
        (STUDY, "^actors = .*\n", "", ["tables.actors"]),
        (STUDY, "^carry_years", "carry_year", ["territory.carry_year", "carry_years"]),
        (STUDY, "^window = ", "windows = ", ["windows", "window"]),
        (STUDY, 'design = "panel"', 'design = "panels"', ["panels", "synthetic"]),
        (STUDY, 'events = ."youth".', 'events = ["young"]', ["young", "youth"]),
        (STUDY, 'id = "homicides"', 'id = "murders"', ["murders", "homicides"]),
        (STUDY, 'institutions = ."police".', 'institutions = ["army"]', ["army", "police"]),
        (STUDY, "crs_local = .*", 'crs_local = "UTM 26"', ["crs_local", "UTM 26", "EPSG:32626"]),
        (STUDY, "crs_local = .*", 'crs_local = "EPSG:4326"', ["crs_local", "EPSG:32626"]),
        (STUDY, "crs_local = .*", 'crs_local = "EPSG:32750"', ["crs_local", "EPSG:32626"]),
        ("tables/events.csv.toml", "^licence.*\n", "", ["events.csv.toml", "licence"]),
        ("tables/events.csv.toml", r"\[credit\]\nes.*\nen.*", "[credit]\nfr = 3", ["credit"]),
    ],
)  # fmt: skip
def test_one_fault_is_said_with_what_is_allowed(
    mine: Path, name: str, old: str, new: str, said: list[str], lang: str
) -> None:
    """The message names the place, the wrong value, and what to write instead."""
    change(mine, name, old, new)

    found = " ".join(failures(mine, lang))

    assert all(word in found for word in said), found


@pytest.mark.parametrize(
    ("name", "spoil", "said"),
    [
        (COUNTS, lambda text: b"", "is empty"),
        (COUNTS, lambda text: text.splitlines()[0].encode(), "no rows"),
        (UNITS, lambda text: text.splitlines()[0].encode(), "no rows"),
        (PEOPLE, lambda text: text.splitlines()[0].encode(), "no rows"),
        (COUNTS, lambda text: text.replace(",", ";").encode(), "divided by ;"),
        (UNITS, lambda text: text.encode("latin-1"), "row 2: this is not UTF-8"),
        (UNITS, lambda text: text.encode("utf-16"), "not UTF-8"),
        (STUDY, lambda text: text.encode("latin-1", "replace"), "not UTF-8"),
    ],
)
def test_a_file_of_another_form_is_explained(
    mine: Path, name: str, spoil: Callable[[str], bytes], said: str
) -> None:
    """No message of a library stands in for ours, and no other table is blamed."""
    file = mine / name
    file.write_bytes(spoil(file.read_text(encoding="utf-8")))
    if file.suffix == ".csv":
        founding.renew_card(file)

    assert said in failures(mine)[0]


def test_the_mark_that_windows_programs_put_before_a_text_does_no_harm(mine: Path) -> None:
    """A study file, a card and a table may begin with it."""
    for name in (STUDY, UNITS, f"{UNITS}.toml"):
        file = mine / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    founding.renew_card(mine / UNITS)

    assert [] == failures(mine)


def _turned(shapes: Geojson) -> None:
    for feature in shapes["features"]:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[[y, x] for x, y in ring] for ring in rings]


def _as_point(shapes: Geojson) -> None:
    shapes["features"][-1]["geometry"] = {"type": "Point", "coordinates": [-30, 12]}


def _without_units(shapes: Geojson) -> None:
    for feature in shapes["features"]:
        feature.pop("id", None)
        del feature["properties"]["unit"]


def _emptied(shapes: Geojson) -> None:
    shapes["features"] = []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_turned, "longitude and latitude have changed places"),
        (_as_point, "is a Point"),
        (_without_units, "propert(ies) unit"),
        (_emptied, "no shape in it"),
    ],
)
def test_shapes_that_cannot_be_drawn_are_explained(
    mine: Path, spoil: Callable[[Geojson], None], said: str
) -> None:
    """The check says what the file of shapes must hold."""
    file = mine / "tables" / "units.geojson"
    shapes = json.loads(file.read_text(encoding="utf-8"))
    spoil(shapes)
    file.write_text(json.dumps(shapes), encoding="utf-8")
    founding.renew_card(file)

    (found,) = failures(mine)
    assert said in found


def test_a_table_that_is_not_there_is_said_before_its_card(mine: Path) -> None:
    """Who has neither is not sent to make a card for nothing."""
    (mine / COUNTS).unlink()
    (mine / f"{COUNTS}.toml").unlink()

    (found,) = failures(mine)
    assert "the file does not exist" in found


def test_what_is_wrong_is_printed_a_line_each(mine: Path) -> None:
    """The command ends with 1, names the check, then each fault below it."""
    change(mine, COUNTS, "^N1,", "N9,")
    change(mine, PEOPLE, "19500", "0")

    done = CliRunner().invoke(app, ["check", str(mine)])

    assert 1 == done.exit_code
    assert 2 == len([line for line in done.output.splitlines() if line.startswith("      - ")])
    assert "(expected" not in "".join(
        line for line in done.output.splitlines() if line.startswith("FAIL")
    )


@pytest.mark.parametrize("study", ["slv", "chicago"])
def test_every_key_of_the_shipped_studies_is_known(study: str) -> None:
    """What the list of keys leaves out would be called misspelt."""
    file = read_study_file(study)

    assert [] == strange_keys(file.entries, file=file.path.name)


def test_missing_words_are_named_and_are_no_fault(mine: Path) -> None:
    """What is in one language is shown in both, what is in none by its code; the check says where."""
    change(mine, STUDY, r'^title = \{ es = "[^"]*", ', "title = { ")
    change(mine, STUDY, r"^\[level.province\]\n.*\n.*\n", "")

    found = {check.note: check.ok for check in check_study(mine)}

    for words in ("title.es", "level.province.one, level.province.many"):
        assert all(ok for note, ok in found.items() if words in note)
        assert any(words in note for note in found)
    assert "province" == Study.load(mine).file.word(("level", "province", "many"), "es")


def test_a_study_is_found_from_any_folder(mine: Path, tmp_path: Path, monkeypatch) -> None:
    """By its folder or its file, absolute or relative, also with spaces and accents in the path."""
    shutil.move(mine, tmp_path / "Mi país (2)")
    monkeypatch.chdir(tmp_path)

    for path in ("Mi país (2)", "./Mi país (2)/study.toml", tmp_path / "Mi país (2)"):
        study = Study.load(path)
        assert "mine" == study.name
        assert "invented" in study._repr_html_()


# What a study may lack --------------------------------------------------------------------


def test_running_numbers_in_a_file_of_shapes_do_not_hide_the_codes(mine: Path) -> None:
    """Programs write such an id beside the properties; the browser still gets the codes."""
    file = mine / "tables" / "units.geojson"
    shapes = json.loads(file.read_text(encoding="utf-8"))
    for place, feature in enumerate(shapes["features"]):
        feature["id"] = str(place)
    file.write_text(json.dumps(shapes), encoding="utf-8")

    web = WebShapes.read(file, study="mine", level="district")

    assert "N1" in web.units
    sent = json.loads(web.asset.body)["features"]
    assert all(feature["id"] == feature["properties"]["unit"] for feature in sent)


@pytest.fixture
def thin(mine: Path) -> Study:
    """Return a study in which a third of the districts have no population at all."""
    file = mine / PEOPLE
    lines = [
        line
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.startswith(("N1", "N2", "N3", "N4"))
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    founding.renew_card(file)
    return Study.load(mine)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_the_whole_has_no_rate_its_counts_are_drawn(thin: Study, lang: str) -> None:
    """The chart says that there is no rate, and why; a place keeps its own."""
    chosen = briefing.Selection.of(thin, lang=lang, show="change")

    drawn = charting.national_figure(thin, chosen)
    place = charting.place_figure(thin, chosen.renewed(place="S1", show="rate"))

    assert {"es": "al año", "en": "a year"}[lang] in drawn.heading
    assert "100" not in drawn.heading
    written = " ".join(text.get_text() for text in drawn.findobj(match=Text))
    assert {"es": "No hay tasa", "en": "There is no rate"}[lang] in " ".join(written.split())
    assert "100" in place.heading


def test_one_period_of_counts_is_a_study_without_comparison(mine: Path) -> None:
    """It loads and is drawn; a comparison says that there is nothing to compare."""
    lines = (mine / COUNTS).read_text(encoding="utf-8").splitlines()
    kept = [lines[0], *(line for line in lines if ",2017," in line)]
    (mine / COUNTS).write_text("\n".join(kept), encoding="utf-8")
    founding.renew_card(mine / COUNTS)
    for name in ("before", "after"):
        change(mine, STUDY, f"^{name} = .*", f'{name} = "2017"')
    study = Study.load(mine)

    chosen = briefing.Selection.of(study, lang="en")
    assert not briefing.comparable(study, chosen)
    assert charting.national_figure(study, chosen).heading
    with pytest.raises(DataError, match="one period only, 2017"):
        study.compare("2017", "2017")


def test_a_study_without_claims_says_so_where_holders_are_asked(mine: Path) -> None:
    """The message names the study, not the other things that could be shown."""
    change(mine, STUDY, "^claims = .*\n", "")

    done = CliRunner().invoke(app, ["map", str(mine), "--show", "holders", "--out", "h.png"])

    assert "no reports on territory" in str(done.exception)


def test_the_level_of_the_study_file_is_where_commands_begin(mine: Path) -> None:
    """Without --by, rates come by the level that the study names."""
    change(mine, STUDY, 'default_by = "district"', 'default_by = "province"')

    assert "province" == briefing.Selection.of(Study.load(mine)).by


def test_a_place_on_both_sides_of_the_date_line_is_drawn_in_one_piece(tmp_path: Path) -> None:
    """In the browser, longitudes go on past 180; elsewhere nothing moves."""
    areas = {"A": box(177, -18, 180, -16), "B": box(-180, -18, -178, -16)}
    frame = geopandas.GeoDataFrame(
        {"unit": list(areas), "level": "area"}, geometry=list(areas.values()), crs=4326
    )
    file = tmp_path / "units.geojson"
    file.write_text(frame.to_json(), encoding="utf-8")

    sent = json.loads(WebShapes.read(file, study="mine", level="area").asset.body)["features"]

    assert [177, -18, 182, -16] == list(joined_at_date_line(frame).total_bounds)
    assert [177, -18, 182, -16] == list(geopandas.GeoDataFrame.from_features(sent).total_bounds)
    assert [177, -18, 180, -16] == list(joined_at_date_line(frame[:1]).total_bounds)


@pytest.mark.parametrize(
    ("folder", "typed"), [("Mi país", "'Mi país'"), ("-x", "./-x"), ("valle", "valle")]
)
def test_what_to_type_next_can_be_typed(
    tmp_path: Path, folder: str, typed: str, monkeypatch
) -> None:
    """A folder with spaces stands in quotes, and one like an option does not look like one."""
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(app, ["init", "--", folder])

    assert f"`territory check {typed}`" in done.output


def test_a_folder_in_which_nothing_can_be_written_is_said(tmp_path: Path, monkeypatch) -> None:
    """The message names the file and the reason, also where the disk is full half-way."""

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DataError, match=r"cannot be written .No space left"):
        founding.found_study(tmp_path / "mine")
