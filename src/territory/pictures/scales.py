"""Colours, and how values become classes.

Classes are fixed before a picture is drawn, over every period that may be
compared, so that two maps of one outcome can be laid side by side. A value is
put in the class of the number that is printed, not of the number behind it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import pandas as pd

from territory.text import number, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Pattern = Literal["solid", "hatch", "dotted", "dots", "stripes"]

INK = "#1F2933"
MUTED = "#5F6B7A"
RULE = "#E4E7EB"
WASH = "#F5F7FA"
PAPER = "#FFFFFF"
ACCENT = "#70284A"
#: Lines of hatching and of dotted outlines: seen on the lightest and the darkest class.
HATCH = "#7B8794"
#: Borders between units, light enough to leave the fill its colour.
BORDER = "#B8C0CA"

#: One hue from light to dark, still in order when printed in grey.
SEQUENCE = ("#FBE6C5", "#F5BA98", "#EE8A82", "#DC7176", "#B14D6B", "#70284A")

#: Actors have fixed, calm colours; an actor that is not here takes `OTHER_ACTOR`.
ACTOR_COLORS: Mapping[str, str] = {
    "MS13": "#4477AA",
    "B18": "#CCBB44",
    "B18S": "#EE6677",
    "B18R": "#AA3377",
    "MAO": "#228833",
    "OTHER": "#66CCEE",
    "ANY": "#BBBBBB",
}
OTHER_ACTOR = ACTOR_COLORS["OTHER"]

ZERO, NO_DATA, NOT_APPLICABLE, LOW = "zero", "no_data", "not_applicable", "low"


@dataclass(frozen=True)
class LegendItem:
    """One line of a legend.

    Parameters
    ----------
    id
        What a row of a map refers to.
    label
        Its words; a class without any is drawn but not listed.
    color
        Its fill, ``#RRGGBB``.
    pattern
        ``solid``, ``hatch`` (uncertain), ``dotted`` (nothing is known: dotted outline),
        ``dots`` on a paler ground or ``stripes`` (several side by side).
    others
        Further colours that dots or stripes take in turn.
    """

    id: str
    label: str
    color: str
    pattern: Pattern = "solid"
    others: tuple[str, ...] = ()

    @property
    def ground(self) -> str:
        """The fill under the pattern."""
        return faded(self.color, 0.82) if self.pattern == "dots" else self.color


@dataclass(frozen=True)
class Scale:
    """Limits between classes; zero is a class of its own.

    Parameters
    ----------
    limits
        Rising; a class holds its lower limit and not its upper one.
    digits
        Decimals that are printed, and by which values are classified.
    """

    limits: tuple[float, ...]
    digits: int = 1

    @property
    def ids(self) -> list[str]:
        """Names of the classes above zero, lowest first."""
        return [f"c{i}" for i in range(1, len(self.limits) + 2)]

    @property
    def colors(self) -> list[str]:
        """Colours of the classes above zero, spread over the whole sequence."""
        last = len(SEQUENCE) - 1
        steps = max(len(self.ids) - 1, 1)
        return [SEQUENCE[round(i * last / steps)] for i in range(len(self.ids))]


#: Rates per 100,000 a year; 10 is the level that the WHO calls epidemic.
RATE_CLASSES = Scale((10, 25, 50, 75, 100))
_FIXED: Mapping[str, Scale] = {"homicides": RATE_CLASSES}

# How much of a stripe is paper.
_STRIPE = 0.45

#: Change classes in the order of the legend: colour and pattern.
CHANGE_CLASSES: Mapping[str, tuple[str, Pattern]] = {
    "fell_firm": ("#01665E", "solid"),
    "fell": ("#80CDC1", "solid"),
    "same": ("#E9ECEF", "hatch"),
    # Striped, as in grey a rise and a fall would be alike.
    "rose": ("#DFC27D", "stripes"),
    "rose_firm": ("#8C510A", "stripes"),
    "too_few": ("#DDE1E6", "solid"),
    NO_DATA: (PAPER, "dotted"),
}


def faded(color: str, share: float) -> str:
    """Return a colour mixed with paper: nothing of it is left at a share of 1."""
    parts = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (255 - part) * share):02X}" for part in parts)


def actor_color(value: object) -> str:
    """Return the colour of an actor: its own ``#RRGGBB``, or that of a word of `ACTOR_COLORS`."""
    text = str(value)
    return text.upper() if text.startswith("#") else ACTOR_COLORS.get(text, OTHER_ACTOR)


def classify(values: pd.Series, scale: Scale) -> pd.Series:
    """Return the class of each value, as it is printed.

    Parameters
    ----------
    values
        Rates or counts on any index; missing values become ``no_data``. A value
        above zero that prints as zero is in the lowest class, not in ``zero``.
    scale
        The limits.
    """
    printed = pd.Series([round(float(v), scale.digits) for v in values], values.index)
    place = sum((printed >= limit).astype(int) for limit in scale.limits) + 1
    classes = "c" + pd.Series(place, values.index).astype(str)
    classes = classes.mask(values == 0, ZERO)
    return classes.mask(values.isna(), NO_DATA)


def rate_class(values: pd.Series) -> pd.Series:
    """Return the class of rates per 100,000 a year on the scale for homicides."""
    return classify(values, RATE_CLASSES)


def classes_for(values: Iterable[float], *, outcome: str | None = None) -> Scale:
    """Return round limits for rates, from all values that may ever be compared.

    The highest limit is near the value that one in twenty exceeds; the others
    stand to it as 10, 25, 50 and 75 stand to 100.

    Parameters
    ----------
    values
        Rates of every unit in every period; zeros and missing values do not count.
    outcome
        Id of the outcome; one with a published scale (homicides) has that scale,
        whatever the values.
    """
    fixed = _FIXED.get(outcome or "")
    if fixed:
        return fixed
    known = _above_zero(values)
    top = _round_number(float(known.quantile(0.95)), (1, 2, 4)) if len(known) else 100.0
    limits = tuple(round(top * limit / 100, 6) for limit in RATE_CLASSES.limits)
    return Scale(limits, digits=max(1, *(_decimals(limit) for limit in limits)))


def count_classes(values: Iterable[float]) -> Scale:
    """Return round whole limits for counts, from all values that may ever be compared.

    Counts of places differ by powers of ten, so the limits are the round numbers
    nearest to five quantiles of the values above zero.
    """
    known = _above_zero(values)
    targets = known.quantile([0.2, 0.4, 0.6, 0.8, 0.95]) if len(known) else [10.0]
    limits = {max(2.0, _round_number(target, (1, 2, 5))) for target in targets}
    return Scale(tuple(sorted(limits)), digits=0)


def scale_items(scale: Scale, lang: str) -> list[LegendItem]:
    """Return the legend of a scale: zero, then every class, used or not."""
    form = [number(limit, lang, digits=_decimals(limit)) for limit in scale.limits]
    middle = [
        _between(low, high, words, scale, lang)
        for (low, high), words in zip(pairwise(scale.limits), pairwise(form), strict=True)
    ]
    labels = [
        say("pictures.below", lang, limit=form[0]),
        *middle,
        say("pictures.and_more", lang, limit=form[-1]),
    ]
    items = [LegendItem(ZERO, say("pictures.zero", lang), PAPER)]
    rows = zip(scale.ids, labels, scale.colors, strict=True)
    return items + [LegendItem(name, label, color) for name, label, color in rows]


def change_items(lang: str) -> list[LegendItem]:
    """Return the legend of a change between two windows."""
    return [
        LegendItem(
            name,
            say(f"pictures.change_{name}", lang),
            color,
            pattern,
            (faded(color, _STRIPE),) if pattern == "stripes" else (),
        )
        for name, (color, pattern) in CHANGE_CLASSES.items()
    ]


def nothing_items(lang: str, *, low: bool) -> list[LegendItem]:
    """Return what stands below the classes: low reliability, no data, not applicable."""
    items = [
        LegendItem(NO_DATA, say("pictures.no_data", lang), PAPER, "dotted"),
        LegendItem(NOT_APPLICABLE, say("pictures.not_applicable", lang), WASH),
    ]
    hatch = LegendItem(LOW, say("pictures.low", lang), PAPER, "hatch")
    return [hatch, *items] if low else items


def _between(low: float, high: float, words: tuple[str, str], scale: Scale, lang: str) -> str:
    # Whole counts do not share a limit: 5-9, 10-19. Rates do: 10-25, 25-50.
    if scale.digits:
        return "–".join(words)
    last = number(high - 1, lang)
    return words[0] if high - low <= 1 else f"{words[0]}–{last}"


def _above_zero(values: Iterable[float]) -> pd.Series:
    known = pd.Series(list(values), dtype=float)
    return known[known > 0]


def _round_number(value: float, steps: Sequence[float]) -> float:
    power = math.floor(math.log10(value))
    near = [step * 10.0**p for p in (power, power + 1) for step in steps]
    best = min(near, key=lambda candidate: abs(math.log(candidate / value)))
    return round(best, 6)


def _decimals(value: float) -> int:
    text = f"{value:.6f}".rstrip("0")
    return len(text.partition(".")[2])
