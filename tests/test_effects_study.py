"""Effects through the study: entries of the study file, refusals, the JSON that others rely on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from territory import effecting
from territory.evidence.schema import DataError
from territory.study import Study


def test_every_entry_of_the_study_file_can_be_answered(slv: Study) -> None:
    """Each event and design gives an estimate and notes, in both languages."""
    for entry in effecting.entries(slv):
        if entry["event"] == "truce" and entry["design"] == "its":
            continue  # its sensitivity takes its time: it has a test of its own
        found = slv.effects(entry["event"], design=entry["design"])

        assert found.estimate == pytest.approx(found.estimate)
        assert found.notes
        assert found.summary("es") != found.summary("en")


def test_the_truce_s_effect_as_json(slv: Study) -> None:
    """The document of interface: estimate, interval, counterfactual, placebo, notes."""
    document = slv.effects("truce", design="its").as_json("en")

    assert {
        "event",
        "design",
        "estimate",
        "low",
        "high",
        "p_value",
        "counterfactual",
        "placebo",
        "notes",
    } <= set(document)
    assert document["estimate"] == pytest.approx(0.40, abs=0.01)
    assert len(document["sensitivity"]) > 20
    assert "NaN" not in json.dumps(document, allow_nan=False)


def test_unconfirmed_places_are_a_switch(slv: Study) -> None:
    """Nine treated places, or eleven with the two that no source confirms."""
    nine = slv.effects("free_municipalities")
    eleven = slv.effects("free_municipalities", unconfirmed=True)

    assert (9, 11) == (nine.checks["units_treated"], eleven.checks["units_treated"])


@pytest.mark.parametrize(
    ("event", "design", "words"),
    [("war", None, ["--event", "truce"]), ("pess", "its", ["--design", "panel"])],
)
def test_an_effect_without_an_entry_is_refused(slv: Study, event, design, words) -> None:
    """The message names what the study can be asked."""
    with pytest.raises(DataError) as caught:
        slv.effects(event, design=design)

    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize("lang", ["es", "en"])
def test_an_effect_says_what_would_have_been_detectable(slv: Study, lang: str) -> None:
    """Both directions, in the summary and in the document; a mix of countries says why not."""
    places = slv.effects("pess")
    mix = slv.effects("truce", design="synthetic")
    words = {"es": ["cuatro de cada cinco", "entre 17 países"], "en": ["four times", "among 17"]}

    assert 0 < places.detectable_fall < 1 < places.detectable_rise
    assert words[lang][0] in places.summary(lang)
    assert words[lang][1] in mix.summary(lang)
    assert mix.as_json(lang)["detectable_fall"] is None


def test_an_effect_can_be_drawn_and_shown(slv: Study) -> None:
    """Figure in either language, table, notebook display; a chart it has not is refused."""
    found = slv.effects("pess")

    assert "Plan El Salvador Seguro" in found._repr_html_()
    assert found.figure("es").alt != found.figure("en").alt
    assert list(found.table.columns) == ["estimate", "low", "high", "p_value"]
    assert found.table.loc["all", "estimate"] == found.estimate
    assert len(slv.effects("truce", design="synthetic").table) == 1
    assert "pess, panel" in repr(found)
    with pytest.raises(DataError, match="event_study"):
        found.figure(name="event_stduy")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"design": "did"}, "Allowed: its, panel, synthetic"),
        ({"start": None}, "lacks start"),
        ({"start": "2012-13"}, "2012-13"),
        ({"start": "2019-01", "end": None}, "outside the series"),
        ({"start": "2014-06"}, "before it starts"),
    ],
)
def test_a_wrong_entry_of_the_study_file_is_refused(slv: Study, change, words) -> None:
    """An unknown design, a missing date, a date that is none, one outside the series."""
    entry = {**effecting.entry(slv, "truce", "its"), **change}
    wrong = {name: value for name, value in entry.items() if value is not None}
    file = replace(slv.file, entries={**slv.file.entries, "effect": [wrong]})

    with pytest.raises(DataError, match=words):
        effecting.effect(replace(slv, file=file), "truce")


def test_a_study_without_entries_says_so(board: Study) -> None:
    """A study file without effects is no crash."""
    with pytest.raises(DataError, match="no effect"):
        board.effects("pact")


def test_a_chart_of_other_countries_credits_its_own_sources(slv: Study) -> None:
    """The synthetic control rests on figures of the UNODC, and says so."""
    from territory import charting
    from territory.briefing import Selection
    from territory.pictures.figures import svg

    draw = charting.effect_figure("counterfactual", "truce", "synthetic", unconfirmed=False)
    written = svg(draw(slv, Selection.of(slv, lang="en")))

    assert "UNODC" in written
    assert "DIGESTYC" not in written
