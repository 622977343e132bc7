"""The map of reported territory: what each look means, and that it says what it does not know."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from territory.evidence.schema import DataError
from territory.pictures.figures import map_figure
from territory.pictures.ground import Ground
from territory.pictures.holders_spec import MOST_ITEMS, holders_spec
from territory.pictures.holders_words import headline, status_words
from territory.pictures.mapspec import MapSpec
from territory.pictures.scales import ACTOR_COLORS, OTHER_ACTOR, actor_color, faded
from territory.pictures.webmap import web_page

from .conftest import CELLS
from .test_maps import artists

DAY = datetime.date(2018, 8, 15)
ACTORS = pd.DataFrame(
    {
        "name_es": ["Rojos", "Azules", "Verdes", "Grupo no nombrado"],
        "name_en": ["Reds", "Blues", "Greens", "Group not named"],
        "color": ["MS13", "#aa3377", "OTHER", "ANY"],
    },
    index=pd.Index(["red", "blue", "green", "ANY"], name="actor"),
)
# Every status, two of them on ended reports.
BOARD = [
    ("dominant", ("red",), False), ("dominant", ("blue", "red"), True),
    ("contested", ("blue", "red"), False), ("contested", ("ANY",), False),
    ("shared_presence", ("green", "red"), False), ("presence", ("blue",), True),
    ("presence_unnamed", ("ANY",), False), ("no_data", (), False), ("no_data", (), False),
]  # fmt: skip


def frame(rows: list[tuple[str, tuple[str, ...], bool]]) -> pd.DataFrame:
    """Return a table of holders with these statuses."""
    known = [status != "no_data" for status, *_ in rows]
    return pd.DataFrame(
        {
            "name": [f"Casilla {place}" for place in range(len(rows))],
            "status": [status for status, *_ in rows],
            "holder": [who[0] if status == "dominant" else None for status, who, _ in rows],
            "actors": [who for _, who, _ in rows],
            "claims": [("c1", "c2") if one else () for one in known],
            "best_grade": ["B" if one else None for one in known],
            "stale": [stale for *_, stale in rows],
            "last_day": [datetime.date(2017, 5, 1) if one else None for one in known],
        },
        index=pd.Index(
            (CELLS * 9)[: len(rows)] if len(rows) <= 9 else range(len(rows)), name="unit"
        ),
    )


def spec(rows=BOARD, lang: str = "en", actors: pd.DataFrame = ACTORS, **options) -> MapSpec:
    """Return the map of these statuses."""
    given = {"lang": lang, "units": "squares", "credit": "Made up", **options}
    return holders_spec(frame(rows), DAY, actors=actors, **given)


def look(drawn: MapSpec, unit: str):
    """Return how a unit is drawn."""
    return next(item for item in drawn.legend if item.id == drawn.rows.loc[unit, "class_"])


def test_dominance_is_a_fill_presence_dots_dispute_stripes() -> None:
    """In the fixed colours of the actors, or the colour of their table."""
    drawn = spec()
    found = {unit: look(drawn, unit) for unit in CELLS}

    assert (found["A1"].pattern, found["A1"].color) == ("solid", ACTOR_COLORS["MS13"])
    assert (found["A3"].pattern, found["A3"].color) == ("stripes", "#AA3377")
    assert found["A3"].others == (ACTOR_COLORS["MS13"],)
    assert found["B1"].others == ("#FFFFFF",)
    assert (found["B2"].pattern, found["B2"].others) == ("dots", (ACTOR_COLORS["MS13"],))
    assert (found["C1"].pattern, found["C1"].color) == ("dots", ACTOR_COLORS["ANY"])
    assert found["C2"].pattern == "dotted"


def test_ended_reports_are_paler() -> None:
    """The same look, mixed with paper; the key says what paler means."""
    drawn = spec()

    assert look(drawn, "A2").color not in ("#AA3377", "#FFFFFF")
    assert look(drawn, "A2").color == faded("#AA3377", 0.48)
    assert "paler: no newer report" in [item.label for item in drawn.legend]
    assert "no newer report" in drawn.rows.loc["A2", "tip"]
    fresh = spec([("dominant", ("red",), False)])
    assert "paler: no newer report" not in [item.label for item in fresh.legend]


def test_the_legend_lists_what_occurs_and_both_nothings() -> None:
    """Patterns, then actors by name, then no data and outside; nothing that is not on the map."""
    words = [item.label for item in spec().legend if item.label]

    assert words[:4] == [
        "reported as contested", "reported dominance", "reported presence of several",
        "reported presence",
    ]  # fmt: skip
    assert {"Reds", "Blues", "Greens", "Group not named"} <= set(words)
    assert words[-2:] == ["no data: nobody reported anything", "outside the selection"]
    alone = [item.label for item in spec([("dominant", ("red",), False)]).legend if item.label]
    assert alone == ["reported dominance", "Reds", *words[-2:]]


def test_no_data_is_told_apart_from_presence_of_the_unnamed() -> None:
    """Nobody reported anything is not the same as a group without a name."""
    drawn = spec(lang="es")

    assert drawn.rows.loc["C2", "label"] == "sin dato: nadie reportó nada"
    assert drawn.rows.loc["C1", "label"] == "presencia reportada, grupo no nombrado"
    assert look(drawn, "C1").color != look(drawn, "C2").color


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_caution_and_the_credit_travel(lang: str) -> None:
    """Every renderer prints the caveat; without a credit there is no map."""
    assert spec(lang=lang).caveat
    with pytest.raises(DataError):
        spec(lang=lang, credit=" ")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [("no_data", (), False)] * 2,
            "On 15 August 2018, none of 2 squares has a reported status",
        ),
        (
            [("presence", ("red",), False), ("no_data", (), False)],
            "On 15 August 2018, one of 2 squares has a reported status",
        ),
        (
            [("presence", ("red",), True), ("no_data", (), False)],
            (
                "On 15 August 2018, one of 2 squares has a reported status; "
                "it rests on reports that have ended"
            ),
        ),
        (
            [("presence", ("red",), True)] * 2,
            (
                "On 15 August 2018, 2 of 2 squares have a reported status; "
                "all of them rest on reports that have ended"
            ),
        ),
        (
            [("presence", ("red",), True), ("presence", ("red",), False)],
            (
                "On 15 August 2018, 2 of 2 squares have a reported status; "
                "one rests on reports that have ended"
            ),
        ),
    ],
)
def test_the_headline_counts_and_agrees_in_number(rows, words: str) -> None:
    """None, one, several; some, one or all on ended reports."""
    assert headline(frame(rows), DAY, units="squares", lang="en") == words


def test_a_tip_names_a_few_actors_and_counts_the_rest() -> None:
    """Status, who, how many reports, the best grade."""
    tip = spec().rows.loc["A2", "tip"]
    many = pd.Series({"status": "shared_presence", "actors": tuple("abcdefg")})

    assert tip.startswith("Casilla 1: reported dominance of Blues; also reported: Reds · 2 reports")
    assert status_words(many, {}, "en", most=3) == "reported presence of a, b and 5 more"


def test_too_many_looks_are_drawn_coarser() -> None:
    """Thirty actors, alone and in pairs, fresh and ended: the legend stays short, tips say all."""
    actors = pd.DataFrame(
        {"name_es": "x", "name_en": [f"Group {n}" for n in range(30)]},
        index=pd.Index([f"g{n}" for n in range(30)], name="actor"),
    ).assign(color=[f"#{n:02X}4477" for n in range(30)])
    rows = [("dominant", (f"g{n}",), n % 2 == 0) for n in range(30)]
    rows += [("presence", (f"g{n}",), n % 2 == 0) for n in range(30)]
    rows += [("contested", (f"g{n}", f"g{n - 1}"), n % 2 == 0) for n in range(30)]
    drawn = spec(rows, actors=actors)

    assert len(drawn.legend) <= MOST_ITEMS
    assert "Group 29" in drawn.rows["tip"].iloc[29]


def test_actors_have_fixed_colours() -> None:
    """A word of the palette, a colour of one's own, or that of all others."""
    assert actor_color("B18") == "#CCBB44"
    assert actor_color("#aabbcc") == "#AABBCC"
    assert actor_color("NEW") == OTHER_ACTOR
    assert (faded("#000000", 0), faded("#000000", 1)) == ("#000000", "#FFFFFF")


def test_a_missing_column_is_named() -> None:
    """A table without status is no table of holders."""
    with pytest.raises(DataError, match="stale"):
        holders_spec(
            frame(BOARD).drop(columns="stale"), DAY, actors=ACTORS, lang="en", units="", credit="c"
        )


@pytest.mark.parametrize("size", ["slide", "a4"])
def test_the_still_map_lays_patterns_inside_their_units(board: Ground, size: str) -> None:
    """Stripes and dots have the colours of the actors and stay on the ground of their unit."""
    figure = map_figure(spec(), board, size=size)
    panel = next(axes for axes in figure.axes if axes.get_gid() == "map:0")
    marks = [a for a in panel.collections if str(a.get_gid()).startswith("pattern:")]
    colors = {str(mark.get_gid()).partition(":")[2] for mark in marks}

    assert {ACTOR_COLORS["MS13"], ACTOR_COLORS["ANY"]} <= colors
    left, bottom, right, top = board.bounds
    for mark in marks:
        for path in mark.get_paths():
            box = path.get_extents()
            assert left <= box.x0
            assert box.x1 <= right
            assert bottom <= box.y0
            assert box.y1 <= top


def test_the_still_legend_lists_only_what_has_words(board: Ground) -> None:
    """Looks without words are decoded by the keys; they take no line."""
    drawn = spec()
    figure = map_figure(drawn, board)
    listed = {item.id for item in drawn.legend if artists(figure, f"legend:{item.id}")}

    assert listed == {item.id for item in drawn.legend if item.label}


def test_the_saved_page_carries_patterns_and_caution(board: Ground) -> None:
    """The offline file knows dots and stripes, and prints the warning."""
    text = web_page(spec(), board)

    assert '"pattern":"stripes"' in text
    assert "not a map of control" in text
