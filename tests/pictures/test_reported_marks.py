"""Outlines of reported territory over other maps: looks, keys, words, and how they are drawn."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from territory import drawing
from territory.briefing import Selection
from territory.evidence.schema import DataError
from territory.pictures.reported_marks import Mark, Reported, reported_marks
from territory.pictures.scales import ACTOR_COLORS, faded
from territory.study import Study

DAY = datetime.date(2018, 8, 15)
ACTORS = pd.DataFrame(
    {
        "name_es": ["Uno", "Dos", "Grupo no nombrado"],
        "name_en": ["One", "Two", "Group not named"],
        "color": ["MS13", "B18S", "ANY"],
    },
    index=pd.Index(["one", "two", "ANY"], name="actor"),
)


def holders(*rows: tuple[str, tuple[str, ...], bool]) -> pd.DataFrame:
    """Return statuses of as many units as there are rows, A1 first."""
    index = pd.Index([f"A{n + 1}" for n in range(len(rows))], name="unit")
    frame = pd.DataFrame(rows, index=index, columns=["status", "actors", "stale"])
    holder = [actors[0] if status == "dominant" else None for status, actors, _ in rows]
    return frame.assign(name=[f"Unit {unit}" for unit in index], holder=holder, last_day=DAY)


def marks(*rows: tuple[str, tuple[str, ...], bool], lang: str = "en") -> Reported:
    """Return the outlines of some statuses."""
    return reported_marks(holders(*rows), DAY, actors=ACTORS, lang=lang, units="areas")


def test_each_status_has_its_line_and_its_colours() -> None:
    """Unbroken for dominance, colours in turn for a dispute, broken for presence."""
    one, two = ACTOR_COLORS["MS13"], ACTOR_COLORS["B18S"]
    found = marks(
        ("dominant", ("one", "two"), False),
        ("contested", ("one", "two"), False),
        ("shared_presence", ("one", "two"), False),
        ("presence", ("two",), False),
        ("presence_unnamed", ("ANY",), False),
        ("no_data", (), False),
    ).marks

    assert found["A1"] == Mark("solid", (one,))
    assert found["A2"] == Mark("dashes", (one, two))
    assert found["A3"] == Mark("broken", (one, two))
    assert found["A4"] == Mark("broken", (two,))
    assert found["A5"] == Mark("broken", (ACTOR_COLORS["ANY"],))
    assert "A6" not in found


def test_what_rests_on_ended_reports_is_paler_and_has_a_key() -> None:
    """The colour fades, the key says what that means, and the tip gives the last day."""
    found = marks(("presence", ("one",), True))

    assert found.marks["A1"].colors[0] != ACTOR_COLORS["MS13"]
    assert found.marks["A1"].colors[0].startswith("#")
    assert "paler: no newer report" in [label for _, label in found.keys]
    assert "last known on 15 Aug 2018" in found.tips["A1"]


def test_keys_name_only_what_occurs() -> None:
    """Lines and colours that no unit has are not in the legend."""
    labels = [label for _, label in marks(("presence", ("two",), False)).keys]

    assert labels == ["reported presence: broken line", "Two"]


@pytest.mark.parametrize(
    ("lang", "none"), [("es", "no hay contornos"), ("en", "there are no outlines")]
)
def test_a_day_without_reports_says_so(lang: str, none: str) -> None:
    """No outline at all is no data, and is said in words."""
    found = marks(("no_data", (), False), lang=lang)

    assert none in found.sentence
    assert not found.keys


def test_the_outlines_are_of_the_last_day_of_the_period_or_before(slv: Study) -> None:
    """A map of 2016 has the reports of its last day, a comparison those of the last before."""
    rate = Selection.of(slv, lang="en", period="2016", reported="yes")
    change = Selection.of(
        slv, lang="en", show="change", before="2016", after="2017", reported="yes"
    )

    (one,) = drawing.specs(slv, rate)
    every = drawing.specs(slv, change)

    assert one.reported is not None
    assert "31 December 2016" in one.reported.title
    known = slv.holders("2016-12-31")
    assert set(one.reported.marks) == set(known.index[known["status"] != "no_data"])
    assert [spec.reported.title for spec in every if spec.reported] == [one.reported.title] * 3
    assert "not a map of control" in one.reported.caution
    assert "reports by the press" in one.credit


def test_a_still_picture_has_outlines_keys_and_caution(slv: Study) -> None:
    """Two lines and a casing a unit, a key for each look, the words at the foot."""
    chosen = Selection.of(slv, lang="en", period="2016", reported="yes")
    figure = drawing.still(drawing.specs(slv, chosen), slv, by=chosen.by)
    texts = " ".join(str(text.get_text()) for text in figure.findobj() if hasattr(text, "get_text"))
    gids = [artist.get_gid() or "" for artist in figure.findobj()]

    assert any(gid.startswith("reported:dashes") for gid in gids)
    assert "Reported territory on 31 December 2016" in texts
    assert "Nothing here serves to decide" in texts


def test_without_the_switch_nothing_is_drawn(slv: Study) -> None:
    """Off by default."""
    (spec,) = drawing.specs(slv, Selection.of(slv, period="2016"))

    assert spec.reported is None


def test_a_study_without_reports_refuses(slv: Study) -> None:
    """The message names the option and what to do; an address falls back to no outlines."""
    bare = replace(slv, claims=slv.claims.iloc[:0])

    with pytest.raises(DataError, match="--reported: the study slv has no reports on territory"):
        Selection.of(bare, reported="yes")
    chosen, errors = Selection.lenient(bare, {"reported": "yes"})
    assert chosen.reported == ""
    assert len(errors) == 1


def test_another_word_than_yes_is_refused(slv: Study) -> None:
    """What the address may hold is one word."""
    with pytest.raises(DataError, match="--reported"):
        Selection.of(slv, reported="maybe")


def test_fading_leaves_a_colour() -> None:
    """Half of a colour is still a colour."""
    assert faded("#4477AA", 0.5) == "#A2BBD4"
