"""What pictures of effects share: axes around "no effect", names of periods, lines of a key."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.evidence.schema import unknown
from territory.pictures.figures import axes as parts
from territory.pictures.figures.layout import Box, Picture, text_width, wrap
from territory.pictures.scales import MUTED, RULE
from territory.text import date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.pictures.captions import About

#: What an estimate is, and its value of no effect.
MEASURES = {"rate_ratio": 1.0, "rate_difference": 0.0}
_RATIOS = (
    1, 0.5, 2, 0.25, 4, 0.1, 10, 0.75, 1.5, 0.4, 3, 0.6, 1.25, 0.15, 6, 0.05, 20, 0.9, 1.1,
    0.8, 1.2, 0.3, 0.7, 8, 15,
)  # fmt: skip
_KEY_GAP = 16.0


def no_effect(measure: str) -> float:
    """Return the value of no effect.

    Raises
    ------
    DataError
        For an unknown measure.
    """
    if measure not in MEASURES:
        raise unknown("measure", measure, MEASURES)
    return MEASURES[measure]


def value_axis(
    axes: Any,
    side: str,
    limits: tuple[float, float],
    *,
    measure: str,
    about: About,
    apart: float = 36,
) -> None:
    """Make one side of axes an axis of estimates, with a line where there is no effect.

    Parameters
    ----------
    side
        ``x`` or ``y``.
    limits
        Lowest and highest value.
    measure
        ``rate_ratio`` (logarithmic) or ``rate_difference``.
    apart
        Least distance between two ticks, in points.
    """
    neutral = no_effect(measure)
    across = axes.bbox.width if side == "x" else axes.bbox.height
    length = float(across) * 72 / float(axes.figure.dpi)
    if measure == "rate_ratio":
        getattr(axes, f"set_{side}scale")("log")
        ticks = ratio_ticks(*limits, length=length, apart=apart)
    else:
        ticks = even_ticks(*limits, most=int(length / apart))
    getattr(axes, f"set_{side}lim")(*limits)
    axes.minorticks_off()
    words = [about.number(tick, len(f"{tick:g}".partition(".")[2])) for tick in ticks]
    getattr(axes, f"set_{side}ticks")(ticks, words)
    axes.grid(visible=False)
    axes.grid(axis=side, color=RULE, linewidth=0.8)
    line = axes.axvline if side == "x" else axes.axhline
    line(neutral, color=MUTED, linewidth=1, zorder=1, gid="no-effect")


def reach(values: Sequence[float] | pd.Series, *, measure: str) -> tuple[float, float]:
    """Return limits around values and around no effect, with some air on both sides."""
    neutral = no_effect(measure)
    known = [float(value) for value in values if math.isfinite(value)] or [neutral]
    low, high = min(*known, neutral), max(*known, neutral)
    if measure == "rate_ratio":
        low, high = max(low, 0.04), min(high, 25.0)
        return min(low * 0.93, 0.9), max(high * 1.07, 1.1)
    air = (high - low or 1.0) * 0.06
    return low - air, high + air


def ratio_ticks(low: float, high: float, *, length: float, apart: float) -> list[float]:
    """Return ratios to write along a logarithmic axis, the roundest first, none too close."""
    point = length / math.log(high / low)
    kept: list[float] = []
    for ratio in _RATIOS:
        near = any(abs(math.log(ratio / other)) * point < apart for other in kept)
        if low <= ratio <= high and not near:
            kept.append(ratio)
    return sorted(kept)


def even_ticks(low: float, high: float, *, most: int) -> list[float]:
    """Return round values between two limits, zero among them if it lies there."""
    rough = (high - low) / max(most, 2)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(step * n, 9) for n in range(first, last + 1)]


def when(period: object, lang: str) -> str:
    """Write a year, a month or a day: ``2012``, ``mar 2012``, ``8 mar 2012``."""
    span = period if isinstance(period, pd.Period) else pd.Period(str(period))
    precision = {"Y": "year", "M": "month"}.get(span.freqstr[0], "short")
    return date(span.start_time.date(), lang, precision=precision)


def between(first: object, last: object, lang: str) -> str:
    """Write a span of periods, as short as it can be: ``2008``, ``sep–nov 2012``, ``2012–2013``."""
    spans = [p if isinstance(p, pd.Period) else pd.Period(str(p)) for p in (first, last)]
    start, end = spans[0].start_time, spans[1].end_time
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        spans = [pd.Period(start, freq="Y"), pd.Period(end, freq="Y")]
    ends = [when(span, lang) for span in spans]
    if ends[0] == ends[1]:
        return ends[0]
    year = f" {end.year}"
    return f"{ends[0].removesuffix(year)}–{ends[1]}"


def with_interval(row: pd.Series, about: About, digits: int = 2) -> str:
    """Write an estimate with its interval, where it has one."""
    text = about.number(row["estimate"], digits)
    if pd.isna(row["low"]):
        return text
    return f"{text} ({about.span(row['low'], row['high'], digits)})"


def key(picture: Picture, box: Box, items: Sequence[tuple[str, dict[str, Any]]]) -> float:
    """Write marks with their meaning, side by side where there is room; return the height.

    Parameters
    ----------
    items
        Words, and how matplotlib draws their mark (color, marker, ...).
    """
    pen, lead = parts.TICK, 12.0
    x, y = box.x, box.y
    for words, mark in items:
        lines = wrap(words, box.width - lead, pen)
        width = lead + max(text_width(line, pen.size) for line in lines)
        if x > box.x and x + width > box.x + box.width:
            x, y = box.x, y + pen.line
        options: dict[str, Any] = {"marker": "o", "markersize": 7, "linestyle": "none"} | mark
        picture.sheet.plot([x + 4], [y + pen.line / 2], **options)
        for number, line in enumerate(lines):
            picture.write(line, x + lead, y + number * pen.line, pen, gid="key")
        x += width + _KEY_GAP
        y += (len(lines) - 1) * pen.line
    return y + pen.line - box.y
