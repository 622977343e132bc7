"""The page Territory, without a browser: its numbers, its day, its cautions, in two studies."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory import documents, drawing, reporting, violence
from territory.briefing import Selection
from territory.dashboard import current
from territory.dashboard.pages import territory_violence
from territory.dashboard.statements import entry, when
from territory.evidence.schema import DataError

from .test_pages import opened, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from territory.study import Study


@pytest.fixture
def other_study(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let a test show another study; nothing of it stays behind."""
    from territory.dashboard import results

    kept = [current.shared, current.shapes, territory_violence.rates, territory_violence.changes]
    kept += [one for one in vars(results).values() if hasattr(one, "cache_clear")]
    for one in kept:
        one.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    for one in kept:
        one.cache_clear()


def plain(text: str) -> str:
    """Return text without tags."""
    return re.sub(r"<[^>]+>", " ", text)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2016-06-15", "On 15 June 2016, 6 of 262 municipalities have a reported status; 4 rest"),
        ("2018-08-15", "On 15 August 2018, 19 of 262 municipalities have a reported status; 11"),
        ("2020-12-31", "On 31 December 2020, 37 of 262 municipalities have a reported status; 17"),
        ("2024-06-30", "On 30 June 2024, none of 262 municipalities has a reported status"),
    ],
)
def test_the_headline_counts_units_and_ended_reports(day: str, sentence: str) -> None:
    """The four days that the founding documents give."""
    app = opened("territory", lang="en", on=day)

    assert not app.exception
    assert sentence in words(app)


def test_the_page_opens_on_the_day_of_the_study_in_spanish() -> None:
    """Without a choice, the study file's day; caution and rule are there in words."""
    text = words(opened("territory", lang="es"))

    assert "El 15 de agosto de 2018, 19 de 262 municipios tienen un estado reportado; 11" in text
    assert "no un mapa de control" in text
    assert "Un reporte cuenta mientras está vigente y 3 años después" in text


def test_the_slider_stops_where_a_status_may_change_and_writes_the_address() -> None:
    """One step further is another day; the address has it; the headline follows."""
    app = opened("territory", lang="en", on="2018-08-09")
    slider = app.select_slider(key="choose_on")
    slider.set_value("2018-08-26").run()

    assert "26 August 2018" in slider.options
    assert app.query_params["on"] == "2018-08-26"
    assert "On 26 August 2018, 19 of 262" in words(app)
    assert "all of them rest on reports that have ended" in words(app)


@pytest.mark.parametrize("day", ["2018", "2018-13-45", "<script>", "1066-10-14"])
def test_a_day_that_is_none_falls_back(day: str) -> None:
    """What is in the address is not to be trusted."""
    app = opened("territory", lang="en", on=day)

    assert not app.exception
    assert "t-fault" not in words(app)
    assert "On 15 August 2018" in words(app)


def test_a_chosen_place_lists_its_reports_with_grade_date_and_source() -> None:
    """Soyapango in 2018: those that count first, ended ones said to be so, no link."""
    text = words(opened("territory", lang="en", place="0617"))

    assert "Soyapango, San Salvador: what was reported" in text
    for part in (
        "Reported dispute: ",
        "Jun 2016 · grade B · ended by that day; counts",
        "Source: ",
    ):
        assert part in text
    assert "<a " not in text
    assert "http" not in plain(text.split("what was reported")[1].split("t-section")[0])


def test_a_place_that_nobody_reported_on_says_so() -> None:
    """No data is not the same as no group."""
    text = words(opened("territory", lang="en", place="0801"))

    assert "Nobody reported anything about this place, on any date." in text
    assert "That does not mean that there is no group." in text


@pytest.mark.parametrize("by", violence.BY)
def test_violence_is_told_with_units_people_interval_and_band(by: str) -> None:
    """Whatever it is told apart by; how much there is evidence on stands above."""
    text = plain(words(opened("territory", lang="en", on="2020-12-31", by=by)))

    assert "There is evidence on 37 of 262 municipalities, home to 33% of the people" in text
    for heading in ("Places", "People", "Per 100,000", "95% interval", "If reports are wrong"):
        assert heading in text
    assert "A change after an event does not prove that the event caused it." in text


def test_a_day_outside_the_counts_says_that_the_years_differ() -> None:
    """Homicides end in 2018; a status of 2020 is not put beside them in silence."""
    text = words(opened("territory", lang="en", on="2020-12-31"))

    assert "homicides of 2018, the nearest year with complete figures" in text


def test_without_dominance_the_status_stands_in() -> None:
    """In August 2018 no group is reported as dominant in any municipality."""
    text = words(opened("territory", lang="en", by="holder"))

    assert "no group is reported as dominant anywhere" in text


def test_chicago_has_the_same_page(other_study: pytest.MonkeyPatch) -> None:
    """Other units, other groups, a carry of nothing, the same code."""
    other_study.setenv(current.STUDY, "chicago")
    app = opened("territory", lang="en", by="holder", place="25")
    text = words(app)

    assert not app.exception
    assert "On 1 July 2016, 66 of 77 community areas have a reported status" in text
    assert "A report counts while it is in force, with grade A to C" in text
    assert "Gangster Disciples" in text
    assert "not those that a group committed" in text.replace("they are not those", "not those")
    assert "Austin: what was reported" in text
    assert "more reports on this place, of other dates" in app.expander[0].label


def test_a_study_without_reports_says_a_sentence(
    other_study: pytest.MonkeyPatch, board_folder: Path
) -> None:
    """No map, no slider, no claim about whether there are groups."""
    other_study.setenv(current.STUDY, str(board_folder))
    app = opened("territory", lang="en")

    assert not app.exception
    assert "This study has no reports on territory" in words(app)
    assert len(app.select_slider) == 0


def test_every_file_that_leaves_carries_the_caution(slv: Study, tmp_path: Path) -> None:
    """Table, still picture's data and offline page; units without data are in the table too."""
    table = reporting.holders_table(slv, "2018-08-15", "es")
    spec = drawing.specs(slv, Selection.of(slv, show="holders", on="2018-08-15"))[0]
    target = tmp_path / "map.html"
    chosen = Selection.of(slv, show="holders", on="2018-08-15", lang="en")
    document = drawing.write_map(slv, chosen, target)

    assert len(table) == 262
    assert table["caution"].str.contains("no un mapa de control").all()
    assert "no un mapa de control" in spec.caveat
    assert "not a map of control" in target.read_text(encoding="utf-8")
    assert "not a map of control" in document["caption"]
    assert (table.loc[table["status"] != "no_data", "sources"] != "").all()
    assert "presence" in documents.csv_text(table)


def test_what_a_report_is_worth_on_a_day(slv: Study) -> None:
    """In force, ended and carried, replaced, past, later; text only; figures make no status."""
    worth = reporting.unit_claims(slv, "0614", "2016-01-15")["worth"]
    later = reporting.unit_claims(slv, "0614", "2020-12-31")["worth"]

    assert set(worth[worth == "stale"].index) == {"SV-T143", "SV-T144", "SV-T145", "SV-T146"}
    assert worth["SV-T137"] == "detail"
    assert set(later) <= {"detail", "past", "figure"}
    frame = slv.holders("2016-01-15")
    counted = reporting.unit_claims(slv, "0617", "2018-08-15")
    found = counted.index[counted["worth"].isin(["counts", "stale"])]
    assert set(frame.loc["0614", "claims"]) == set(worth[worth == "stale"].index)
    assert set(slv.holders("2018-08-15").loc["0617", "claims"]) == set(found)


def test_counted_reports_are_those_of_the_status_everywhere(slv: Study) -> None:
    """What the list says counts is what the status rests on, for every unit and several days."""
    for day in ("2016-06-15", "2018-08-15", "2020-12-31"):
        frame = slv.holders(day)
        for unit in slv.claims["unit"][slv.claims["unit"].isin(slv.codes)].unique():
            claims = reporting.unit_claims(slv, unit, day)
            counted = claims.index[claims["worth"].isin(["counts", "stale"])]
            assert set(counted) == set(frame.loc[unit, "claims"])


def test_a_report_is_written_to_the_precision_that_is_known(slv: Study) -> None:
    """A month has no day; an open start is said to be one; notes on less than a unit stay out."""
    claims = reporting.unit_claims(slv, "0614", "2018-08-15")
    names = slv.actors["name_en"].to_dict()
    part = claims[claims["worth"] == "detail"].iloc[0]
    said = entry(part, names, "en")
    until = pd.Series(
        {"date_precision": "year", "start": pd.NaT, "end": pd.Timestamp("2022-03-26")}
    )

    assert when(claims.loc["SV-T143"], "en") == "Oct 2015 to Dec 2015"
    assert when(until, "en") == "until 2022"
    assert said.faint
    assert "about a part: " in said.detail
    assert str(part["note_en"]) not in said.detail


def test_groups_of_places_add_up_to_the_nation(slv: Study) -> None:
    """Every unit is in one group, so counts and people sum to those of the whole."""
    chosen = Selection.of(slv, period="2015")
    whole = slv.rates("2015", by="total").iloc[0]
    for by in violence.groupings(slv):
        table = violence.rates(slv, chosen, by=by, on="2020-12-31")
        assert table["count"].sum() == whole["count"]
        assert table["units"].sum() == 262
        assert table["person_years"].sum() == pytest.approx(whole["person_years"])
        assert (table["band_low"] <= table["rate"] + 1e-9).all()
        assert (table["rate"] <= table["band_high"] + 1e-9).all()


def test_changes_have_the_band_of_their_ratio(slv: Study) -> None:
    """By intervention: without grade C and with those not confirmed the fall stays a fall."""
    _, table = violence.changes(slv, Selection.of(slv), by="intervention", on="2018-08-15")
    pess = table.loc["pess"]

    assert pess["rate_ratio"] == pytest.approx(0.55, abs=0.01)
    assert pess["band_low"] <= pess["rate_ratio"] <= pess["band_high"] < 0.7


def test_the_timeline_has_tracks_interventions_and_kinds(slv: Study) -> None:
    """Fifty municipalities of the plan, nine confirmed of eleven; each event once."""
    table = reporting.timeline(slv, "en")
    titles = table.set_index("lane")["title"]
    days = reporting.evidence_by_day(slv)

    assert "Plan El Salvador Seguro: 50 municipalities" in titles["interventions"].tolist()
    assert "Municipality free of violence: 9 municipalities" in titles["interventions"].tolist()
    assert (table["tracks"] == "2;3").sum() == (slv.events["tracks"] == "2;3").sum()
    assert len(table) == len(slv.events) + (table["lane"] == "interventions").sum()
    assert (days["stale"] <= days["known"]).all()


def test_the_opening_day_without_an_entry_has_most_reports_in_force(slv: Study) -> None:
    """The study file may name a day; else the evidence does."""
    from dataclasses import replace

    entries = {key: value for key, value in slv.file.entries.items() if key != "territory"}
    bare = replace(slv, file=replace(slv.file, entries=entries))

    assert reporting.opening_day(slv) == "2018-08-15"
    assert reporting.opening_day(bare) == "2019-07-01"


def test_holders_cannot_be_drawn_without_reports(board: Study) -> None:
    """The message names what can be shown."""
    with pytest.raises(DataError, match="holders"):
        drawing.specs(board, Selection.of(board, show="holders"))


def test_a_new_day_costs_little(slv: Study) -> None:
    """Map, violence and band of a day that nobody has asked for: far under half a second."""
    chosen = Selection.of(slv, show="holders", on="2018-04-01", period="2018")
    violence.rates(slv, chosen, by="status", on="2016-06-01")  # shapes and neighbours, once
    begun = time.perf_counter()
    drawing.specs(slv, chosen)
    violence.rates(slv, chosen, by="status", on="2018-04-01")

    assert time.perf_counter() - begun < 1.0


def test_the_command_line_draws_the_same_map(tmp_path: Path, capsys) -> None:
    """``territory map --show holders --on DATE``."""
    from typer.testing import CliRunner

    from territory.cli import app

    target = tmp_path / "holders.svg"
    done = CliRunner().invoke(
        app,
        ["map", "slv", "--show", "holders", "--on", "2018-08-15", "--out", str(target), "--json"],
    )

    assert done.exit_code == 0
    assert json.loads(done.stdout)["bytes"] == target.stat().st_size
    assert "19 of 262 municipalities" in target.read_text(encoding="utf-8")


def test_violence_by_border_in_chicago(other_study: pytest.MonkeyPatch) -> None:
    """On, near, far and no data add up to the city; the page says how much border there is."""
    other_study.setenv(current.STUDY, "chicago")
    study = current.shared()
    chosen = Selection.of(study, lang="en", period="2016")
    table = violence.rates(study, chosen, by="border", on="2016-07-01")
    text = plain(words(opened("territory", lang="en", by="border")))

    assert list(table.index) == ["contact", "near", "far", "no_evidence"]
    assert table["units"].sum() == len(study.codes)
    assert (table["band_low"] <= table["rate"]).all()
    assert (table["rate"] <= table["band_high"]).all()
    assert "there were 88 such borders between 42 pairs of groups, 184 km in all" in text
    assert "No border, but one within 1 km" in text
    assert "There is evidence on 66 of 77 community areas" in text


def test_by_border_is_only_where_the_study_file_says_so(slv: Study) -> None:
    """El Salvador has too little reported dominance for borders: its file does not name them."""
    assert "border" not in violence.groupings(slv)
    with pytest.raises(DataError, match="--by"):
        slv.rates("2016", by="border")


def test_a_day_without_borders_says_so(other_study: pytest.MonkeyPatch) -> None:
    """Before the first police map nobody is reported: the status remains."""
    other_study.setenv(current.STUDY, "chicago")
    text = plain(words(opened("territory", lang="en", by="border", on="1990-01-01")))

    assert "On that day no border between the grounds of two groups is reported" in text


def test_the_overview_of_chicago_leads_with_rises(other_study: pytest.MonkeyPatch) -> None:
    """More areas rose than fell: the number on top is that of the rises."""
    other_study.setenv(current.STUDY, "chicago")
    text = plain(words(opened("overview", lang="en")))

    assert "3 of 77" in text
    assert "community areas where the rate rose from 2015 to 2016" in text
    assert "0 of 77" not in text
