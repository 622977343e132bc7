"""The map of reported territory: who is reported where on a day, and how old that is.

Dominance is a fill, presence dots, disputed ground stripes, each in the colours of those who
are named; what rests on ended reports is paler, and what nobody reported has a dotted outline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from territory.pictures.holders_words import ORDER, UNNAMED, headline, takeaway, tip
from territory.pictures.scales import (
    ACTOR_COLORS,
    NO_DATA,
    NOT_APPLICABLE,
    OTHER_ACTOR,
    PAPER,
    WASH,
    LegendItem,
    Pattern,
    actor_color,
    faded,
)
from territory.pictures.spec import MapSpec, require_columns
from territory.text import date, say

if TYPE_CHECKING:
    import datetime

_COLUMNS = ("name", "status", "holder", "actors", "claims", "best_grade", "stale", "last_day")
#: How much of a colour is paper where only ended reports speak.
FADE = 0.48
#: Ground of more actors than this is grey, and its tip names them.
MOST_NAMED = 4
#: A map may have so many classes and keys; with more it is drawn coarser.
MOST_ITEMS = 26
_GREYS = ("#5F6B7A", "#AEB6BF")
_LEVELS = 4
_PATTERNS: dict[str, Pattern] = {"contested": "stripes", "dominant": "solid"}


class _Class(NamedTuple):
    """What one status of some actors looks like."""

    status: str
    colors: tuple[str, ...]
    ended: bool

    def item(self) -> LegendItem:
        """Return its look; the keys of the legend say what it means."""
        colors = [faded(one, FADE) if self.ended else one for one in self.colors]
        name = ":".join([self.status, *(one.lstrip("#") for one in self.colors)])
        name += ":ended" if self.ended else ""
        pattern = _PATTERNS.get(self.status, "dots")
        return LegendItem(name, "", colors[0], pattern, tuple(colors[1:]))


class _Actors(NamedTuple):
    """Names and colours of actors, by code."""

    names: dict[str, str]
    colors: dict[str, str]

    @classmethod
    def of(cls, table: pd.DataFrame, lang: str) -> _Actors:
        codes = [str(code) for code in table.index]
        names = dict(zip(codes, table[f"name_{lang}"].astype(str), strict=True))
        colors = [actor_color(color) for color in table["color"]]
        return cls(names, dict(zip(codes, colors, strict=True)))

    def name(self, code: object) -> str:
        return self.names.get(str(code), str(code))

    def color(self, code: object) -> str:
        return self.colors.get(str(code), OTHER_ACTOR)


def holders_spec(
    holders: pd.DataFrame,
    on: datetime.date,
    *,
    actors: pd.DataFrame,
    lang: str,
    units: str,
    credit: str,
    caption: str = "",
    title: str = "",
) -> MapSpec:
    """Return the map of the reported status of each unit on a day.

    Parameters
    ----------
    holders
        Index ``unit``; ``name``, ``status``, ``holder``, ``actors`` (tuples), ``claims``
        (tuples), ``best_grade``, ``stale``, ``last_day``.
    on
        The day.
    actors
        Index ``actor``; ``name_es``, ``name_en``, ``color`` (``#RRGGBB`` or a word of
        `scales.ACTOR_COLORS`).
    lang
        Language of the words.
    units
        The areas, several: ``municipios``.
    credit
        Sources of the reports and of the shapes. Without it nothing is drawn.
    caption
        The rule by which reports make a status.
    title
        Written from the numbers when empty.

    Returns
    -------
    spec
        Its legend holds every look that occurs, without words, and the keys to them: what
        a pattern means, whose a colour is, what is paler, no data, not applicable.

    Raises
    ------
    DataError
        When a column is missing, or there is no credit.
    """
    require_columns(holders, _COLUMNS, "holders")
    require_columns(actors, (f"name_{lang}", "color"), "actors")
    classes, legend = _drawn(holders, _Actors.of(actors, lang), lang)
    names = {str(code): str(name) for code, name in actors[f"name_{lang}"].items()}
    rows = pd.DataFrame(
        {
            "name": holders["name"].astype(str),
            "class_": classes,
            "label": [say(f"territory.status_{status}", lang) for status in holders["status"]],
            "tip": [tip(row, names, lang) for _, row in holders.iterrows()],
            "low": False,
        },
        index=holders.index,
    )
    day = date(on, lang)
    return MapSpec(
        kind="holders",
        lang=lang,
        title=title or headline(holders, on, units=units, lang=lang),
        takeaway=takeaway(holders, lang),
        subtitle=say("territory.subtitle", lang, date=day),
        rows=rows,
        legend=legend,
        caption=caption,
        credit=credit,
        caveat=say("holders.caution", lang),
        panel=day,
    )


def _drawn(
    holders: pd.DataFrame, who: _Actors, lang: str
) -> tuple[list[str], tuple[LegendItem, ...]]:
    """Return the class of each unit and the legend, coarser where it would be too long."""
    classes: list[str] = []
    legend: tuple[LegendItem, ...] = ()
    for level in range(_LEVELS):
        common = set(holders["holder"].dropna().map(who.color).value_counts().index[:MOST_NAMED])
        looks = [
            None
            if status == NO_DATA
            else _Class(status, _colors(status, named, who, level, common), bool(ended))
            for status, named, ended in zip(
                holders["status"], holders["actors"], holders["stale"], strict=True
            )
        ]
        classes = [one.item().id if one else NO_DATA for one in looks]
        found = [one for one in dict.fromkeys(looks) if one]
        keys = _keys(holders, who, {color for one in found for color in one.colors}, lang)
        legend = (*(one.item() for one in found), *keys)
        if len(legend) <= MOST_ITEMS:
            break
    return classes, legend


def _colors(
    status: str, actors: tuple[str, ...], who: _Actors, level: int, common: set[str]
) -> tuple[str, ...]:
    """Return the colours of a status.

    From level 1 on, ground of several actors is grey and only common actors are told
    apart; from level 2 on presence is grey too, and at level 3 everything.
    """
    alone = status in ("dominant", "presence")
    if status == "presence_unnamed":
        return (ACTOR_COLORS[UNNAMED],)
    if level == _LEVELS - 1 or (level == 2 and status == "presence"):
        return _GREYS[:1] if alone else _GREYS
    if alone:
        color = who.color(actors[0])
        return (color if not level or color in common else OTHER_ACTOR,)
    if level or len(actors) > MOST_NAMED:
        return _GREYS
    colors = tuple(dict.fromkeys(who.color(actor) for actor in actors))
    # Stripes of one colour are stripes on paper: the other side is not named.
    return colors if len(colors) > 1 or status != "contested" else (*colors, PAPER)


def _keys(holders: pd.DataFrame, who: _Actors, colors: set[str], lang: str) -> list[LegendItem]:
    """Return the keys: what each pattern means, whose each colour is, then the nothings."""
    grey, pale = _GREYS
    looks: dict[str, tuple[Pattern, tuple[str, ...]]] = {
        "contested": ("stripes", (PAPER,)),
        "dominant": ("solid", ()),
        "shared_presence": ("dots", (pale,)),
        "presence": ("dots", ()),
    }
    occurring = set(holders["status"].replace("presence_unnamed", "presence"))
    keys = [
        LegendItem(f"key:{status}", say(f"territory.key_{status}", lang), grey, *looks[status])
        for status in ORDER
        if status in looks and status in occurring
    ]
    owners: dict[str, set[str]] = {}
    for actors in holders["actors"]:
        for actor in actors:
            owners.setdefault(who.color(actor), set()).add(who.name(actor))
    for color in [*ACTOR_COLORS.values(), *sorted(set(owners) - set(ACTOR_COLORS.values()))]:
        if color in colors and color in owners:
            names = owners[color]
            label = next(iter(names)) if len(names) == 1 else say("territory.other_groups", lang)
            keys.append(LegendItem(f"key:{color.lstrip('#')}", label, color))
    if holders["stale"].any():
        keys.append(LegendItem("key:ended", say("territory.paler", lang), faded(grey, FADE)))
    nothing = LegendItem(NO_DATA, say("territory.status_no_data", lang), PAPER, "dotted")
    return [*keys, nothing, LegendItem(NOT_APPLICABLE, say("pictures.not_applicable", lang), WASH)]
