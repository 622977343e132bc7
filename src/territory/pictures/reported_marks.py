"""Reported territory as outlines, for laying over a map whose fills say something else.

An unbroken line is dominance, a line of two colours disputed ground, a broken line presence, each
in the colours of those who are named; what rests on ended reports is paler. Units about which
nobody reported anything have no outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from territory.pictures.holders_words import ORDER, UNNAMED, status_words
from territory.pictures.scales import (
    ACTOR_COLORS,
    NO_DATA,
    OTHER_ACTOR,
    actor_color,
    faded,
)
from territory.pictures.spec import require_columns
from territory.text import date, listing, number, say

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    import pandas as pd

Line = Literal["solid", "dashes", "broken"]

_COLUMNS = ("name", "status", "actors", "stale", "last_day")
#: How much of a colour is paper where only ended reports speak.
FADE = 0.42
_GREYS = ("#5F6B7A", "#AEB6BF")
_MOST_COLORS = 3
_LINES: Mapping[str, Line] = {"dominant": "solid", "contested": "dashes"}


@dataclass(frozen=True)
class Mark:
    """One look of an outline.

    Parameters
    ----------
    line
        ``solid``, ``dashes`` (of the colours in turn) or ``broken`` (with gaps).
    colors
        One or more, ``#RRGGBB``.
    """

    line: Line
    colors: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Reported:
    """Outlines over a map: which unit has which, and the words that belong to them.

    Parameters
    ----------
    title
        Heading of the keys, with the day.
    marks
        Look of each unit that has any, by unit.
    tips
        What is reported of each of these units, in words.
    keys
        Looks with their meaning, for a legend.
    sentence
        How many units have an outline, of how many.
    caution
        What the outlines do not mean.
    """

    title: str
    marks: Mapping[str, Mark]
    tips: Mapping[str, str]
    keys: tuple[tuple[Mark, str], ...]
    sentence: str
    caution: str


def reported_marks(
    holders: pd.DataFrame, on: datetime.date, *, actors: pd.DataFrame, lang: str, units: str
) -> Reported:
    """Return the outlines for the reported status of units on a day.

    Parameters
    ----------
    holders
        Index ``unit``; ``name``, ``status``, ``actors`` (tuples), ``stale``, ``last_day``.
    on
        The day.
    actors
        Index ``actor``; ``name_es``, ``name_en``, ``color``.
    lang
        Language of the words.
    units
        The areas, several: ``municipios``.

    Raises
    ------
    DataError
        When a column is missing.
    """
    require_columns(holders, _COLUMNS, "holders")
    names = {str(code): str(name) for code, name in actors[f"name_{lang}"].items()}
    colors = {str(code): actor_color(color) for code, color in actors["color"].items()}
    known = holders[holders["status"] != NO_DATA]
    marks = {
        str(unit): _mark(row["status"], row["actors"], colors, ended=bool(row["stale"]))
        for unit, row in known.iterrows()
    }
    words = {
        "date": date(on, lang),
        "units": units,
        "known": number(len(known), lang),
        "all": number(len(holders), lang),
        "stale": number(known["stale"].sum(), lang),
    }
    key = "none" if known.empty else "one" if len(known) == 1 else "some"
    ended = say("overlay.ended", lang, **words) if known["stale"].any() else ""
    return Reported(
        title=say("overlay.title", lang, **words),
        marks=marks,
        tips={str(unit): _tip(row, names, lang) for unit, row in known.iterrows()},
        keys=tuple(_keys(known, names, colors, lang)),
        sentence=f"{say(f'overlay.sentence_{key}', lang, **words)}{ended}.",
        caution=say("overlay.caution", lang),
    )


def _mark(status: str, actors: tuple[str, ...], colors: Mapping[str, str], *, ended: bool) -> Mark:
    """Return the look of a status; ground of many, or of several in one colour, has greys too."""
    own = tuple(dict.fromkeys(colors.get(actor, OTHER_ACTOR) for actor in actors))
    if status == "dominant":
        own = own[:1]
    elif len(own) > _MOST_COLORS:
        own = _GREYS
    elif status == "contested" and len(own) == 1:
        own = (*own, _GREYS[0])
    if status == "presence_unnamed":
        own = (ACTOR_COLORS[UNNAMED],)
    if ended:
        own = tuple(faded(color, FADE) for color in own)
    return Mark(_LINES.get(status, "broken"), own)


def _tip(row: pd.Series, names: Mapping[str, str], lang: str) -> str:
    words = status_words(row, names, lang, most=4)
    words = f"{words[:1].upper()}{words[1:]}"
    if not row["stale"]:
        return words
    last = date(row["last_day"], lang, precision="short")
    return f"{words}; {say('holders.stale', lang, date=last)}"


def _keys(
    known: pd.DataFrame, names: Mapping[str, str], colors: Mapping[str, str], lang: str
) -> list[tuple[Mark, str]]:
    """Return what each line means, whose each colour is, and what is paler."""
    grey, pale = _GREYS
    looks: dict[str, tuple[Line, tuple[str, ...]]] = {
        "contested": ("dashes", (grey, pale)),
        "dominant": ("solid", (grey,)),
        "presence": ("broken", (grey,)),
    }
    plain = known["status"].replace(["shared_presence", "presence_unnamed"], "presence")
    keys = [
        (Mark(*looks[status]), say(f"overlay.key_{status}", lang))
        for status in ORDER
        if status in looks and (plain == status).any()
    ]
    owners: dict[str, dict[str, None]] = {}
    for status, actors in zip(known["status"], known["actors"], strict=True):
        for actor in actors[:1] if status == "dominant" else actors:
            color = colors.get(actor, OTHER_ACTOR)
            owners.setdefault(color, {})[names.get(actor, str(actor))] = None
    for color in [*ACTOR_COLORS.values(), *sorted(set(owners) - set(ACTOR_COLORS.values()))]:
        if color in owners:
            own = list(owners[color])
            label = own[0] if len(own) == 1 else say("territory.other_groups", lang)
            label = listing(own, lang) if len(own) == 2 else label
            keys.append((Mark("solid", (color,)), label))
    if known["stale"].any():
        keys.append((Mark("solid", (faded(grey, FADE),)), say("territory.paler", lang)))
    return keys
