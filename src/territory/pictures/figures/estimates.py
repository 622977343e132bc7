"""Estimates of effects: by years since the start, and as cases fewer or more than expected."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd

from territory.evidence.schema import unknown
from territory.pictures.captions import About, caption
from territory.pictures.figures import axes as parts
from territory.pictures.figures.effect_axes import reach, value_axis, with_interval
from territory.pictures.figures.layout import FAMILY, Box, Picture, balanced, text_width, wrap
from territory.pictures.scales import ACCENT, MUTED, PAPER, WASH
from territory.pictures.spec import require_columns
from territory.text import catalogue

_TERM_COLUMNS = ("estimate", "low", "high")
_AVERTED_COLUMNS = ("expected", "observed", "averted", "low", "high")
# Beneath a row's words, for its line; and beneath the plot, for ticks and sides.
_LINE_ROOM, _UNDER = 30.0, 40.0
_SINCE = re.compile(r"(?:since_)?(-?\d+)(_partial)?")


def event_study_figure(
    terms: pd.DataFrame,
    *,
    about: About,
    leads: pd.DataFrame | None = None,
    size: str = "wide",
    title: str = "",
) -> Picture:
    """Draw ratios by years since the start with their intervals, leads left of it.

    Parameters
    ----------
    terms
        Index: ``since_0``, ``since_1``, ... (``since_0_partial``: a first year of which
        little was treated), or whole numbers; estimate, low, high. Other rows are left out.
    leads
        The same before the start: index -3, -2, -1. They may as well stand in `terms`.
    about, size, title
        As in `series_figure`.

    Raises
    ------
    DataError
        When a column is missing, the size unknown, or no row names a year.
    """
    require_columns(terms, _TERM_COLUMNS, "terms")
    width, height = parts.chart_size(size)
    points = _points(terms if leads is None or leads.empty else pd.concat([leads, terms]))
    partial = bool(points["partial"].any())
    title = title or about.say("study_title")
    note = caption(about, "study_caption")
    if partial:
        note = f"{about.say('study_partial')} {note}"
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    rows = [(_year(row, about), with_interval(row, about)) for _, row in points.iterrows()]
    listed = "; ".join(f"{name}: {text}" for name, text in rows)
    picture.alt = about.say("study_alt", title=title, rows=listed)
    axes = _study_axes(picture, body, points, about)
    for _, row in points.iterrows():
        _study_point(picture, axes, row, about)
    return picture


def averted_figure(
    averted: pd.DataFrame, *, about: About, size: str = "wide", title: str = ""
) -> Picture:
    """Draw how many cases fewer (or more) than expected, one line a counterfactual.

    Parameters
    ----------
    averted
        Index: names of counterfactuals (as ``effects.counterfactual_*`` of the catalogue);
        expected, observed, averted (negative = in excess), low, high.
    about, size, title
        As in `series_figure`; the height follows the number of rows.

    Raises
    ------
    DataError
        When a column is missing, or the size or a counterfactual unknown.
    """
    require_columns(averted, _AVERTED_COLUMNS, "averted")
    width, _ = parts.chart_size(size)
    rows = [(_named(str(name), about), _difference(row, about)) for name, row in averted.iterrows()]
    heads = [_head(name, text, width - 8) for name, text in rows]
    deep = max((len(head) for head in heads), default=1) * parts.LABEL.line
    each = deep + _LINE_ROOM
    counted = sorted({about.number(value) for value in averted["observed"]})
    note = caption(about, "averted_caption", observed=", ".join(counted))
    title = title or about.say("averted_title")
    height = len(averted) * each + (140 if size == "wide" else 170)
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    listed = "; ".join(f"{name}: {text}" for name, text in rows)
    picture.alt = f"{title}. {listed}."
    axes = _averted_axes(picture, body, averted, about)
    step = (body.height - _UNDER) / len(averted)
    for place, (_, row) in enumerate(averted.iterrows()):
        top = body.y + place * step + 4
        below = _write_head(picture, body._replace(y=top), heads[place], rows[place][1])
        y = (below + _LINE_ROOM * 0.36 - body.y) / step
        _averted_row(picture, axes, y, row, ": ".join(rows[place]))
    return picture


def _points(terms: pd.DataFrame) -> pd.DataFrame:
    """Return rows that name a number of years, with their place on the axis."""
    rows = []
    for name, row in terms.iterrows():
        found = _SINCE.fullmatch(str(name))
        if found and pd.notna(row["estimate"]):
            rows.append({**row, "since": int(found[1]), "partial": bool(found[2])})
    if not rows:
        raise unknown("terms.index", next(iter(terms.index), "–"), ["since_0", "since_1", "…"])
    points = pd.DataFrame(rows).sort_values(["since", "partial"], ascending=[True, False])
    # Two first years, one partly treated, stand side by side.
    twice = points["since"].duplicated(keep=False)
    aside = points["partial"].map({True: -0.2, False: 0.2}).where(twice, 0.0)
    return points.assign(x=points["since"] + aside).reset_index(drop=True)


def _study_axes(picture: Picture, body: Box, points: pd.DataFrame, about: About) -> Any:
    """Return axes with the side before the start washed, and both sides named above."""
    left = text_width("0,75", parts.TICK.size) + 8
    wide = body.width - left
    first, last = float(points["x"].min()) - 0.5, float(points["x"].max()) + 0.5
    # The last value is written right of its dot.
    beside = text_width("0,75", parts.LABEL.size, "bold") + 12
    last = max(last, (last - 0.5 - first * beside / wide) / (1 - beside / wide))
    turn = -0.5 if points["since"].min() < 0 else first
    sides = [(first, turn, "study_before", MUTED), (turn, last, "study_after", ACCENT)]
    heads = [
        (
            start,
            balanced(about.say(name), wide * (end - start) / (last - first) - 10, parts.TICK),
            c,
        )
        for start, end, name, c in sides
        if end > start
    ]
    above = max(len(lines) for _, lines, _ in heads) * parts.TICK.line + 4
    plot = Box(body.x + left, body.y + above, wide, body.height - above - 38)
    axes = picture.panel(plot, gid="plot")
    parts.bare(axes)
    limits = reach(pd.concat([points[name] for name in _TERM_COLUMNS]), measure="rate_ratio")
    value_axis(axes, "y", limits, measure="rate_ratio", about=about, apart=26)
    axes.set_xlim(first, last)
    years = sorted(set(points["since"]))
    axes.set_xticks(years, [about.number(year) for year in years])
    if first < turn:
        axes.axvspan(first, turn, color=WASH, linewidth=0, zorder=0, gid="before")
    for start, lines, color in heads:
        x = plot.x + (start - first) / (last - first) * wide + 6
        for number, line in enumerate(lines):
            pen = parts.TICK._replace(color=color)
            picture.write(line, x, body.y + number * pen.line, pen, gid="side")
    under = about.say("study_axis")
    middle = plot.x + (wide - text_width(under, parts.TICK.size)) / 2
    picture.write(under, middle, plot.y + plot.height + 21, parts.TICK, gid="axis")
    return axes


def _study_point(picture: Picture, axes: Any, row: pd.Series, about: About) -> None:
    color = MUTED if row["since"] < 0 else ACCENT
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        axes.plot(
            [row["x"]] * 2, [row["low"], row["high"]], color=color, linewidth=1.8,
            solid_capstyle="butt", zorder=3, gid="interval",
        )  # fmt: skip
    axes.plot(
        row["x"], row["estimate"], "o", color=color, markersize=7.5, markeredgewidth=1.8,
        markerfacecolor=PAPER if row["partial"] else color, zorder=4, gid="estimate",
    )  # fmt: skip
    axes.annotate(
        about.number(row["estimate"], 2), (row["x"], row["estimate"]), xytext=(7, 0),
        textcoords="offset points", va="center_baseline", size=parts.LABEL.size, color=color,
        weight="normal" if row["since"] < 0 else "bold", family=FAMILY, zorder=5, gid="value",
        bbox={"facecolor": WASH if row["since"] < 0 else PAPER, "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip
    tip = f"{_year(row, about)}: {with_interval(row, about)}"
    if pd.notna(row.get("expected")):
        observed, expected = (about.number(row[name]) for name in ("observed", "expected"))
        tip += about.say("effect_tip_counts", observed=observed, expected=expected)
    parts.hit(picture, axes, row["x"], row["estimate"], tip)


def _year(row: pd.Series, about: About) -> str:
    return about.say("study_year", n=about.number(row["since"]))


def _named(name: str, about: About) -> str:
    """Return the sentence of a counterfactual: ``If the trend before had gone on``."""
    start = "effects.counterfactual_"
    words = catalogue(about.lang)
    if start + name not in words:
        allowed = [known.removeprefix(start) for known in words if known.startswith(start)]
        raise unknown("averted.index", name, allowed)
    return about.say("averted_name", counterfactual=words[start + name])


def _head(name: str, text: str, width: float) -> list[str]:
    """Break a name into lines; an empty one for its number, where that does not fit beside it."""
    bold = text_width(text, parts.LABEL.size, "bold") + 14
    lines = wrap(name, width, parts.LABEL)
    if len(lines) == 1 and text_width(name, parts.LABEL.size) + bold <= width:
        return lines
    return [*lines, ""]


def _write_head(picture: Picture, box: Box, lines: list[str], number: str) -> float:
    """Write a row's name, and its number right of the last line; return where they end."""
    pen, paper = parts.LABEL, {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    for place, line in enumerate(lines):
        y = box.y + place * pen.line
        if line:
            picture.write(line, box.x, y, pen, gid="name", bbox=paper)
    x, align = (box.x + box.width, "right") if lines[-1] else (box.x, "left")
    bold = pen._replace(weight="bold")
    picture.write(number, x, y, bold, gid="difference", ha=align, bbox=paper)
    return box.y + len(lines) * pen.line


def _difference(row: pd.Series, about: About) -> str:
    """Return the number with its side and interval, as the summary says it."""
    sign = 1 if row["averted"] >= 0 else -1
    low, high = sorted(sign * row[end] for end in ("low", "high"))
    difference = _sided(row["averted"], about)
    if math.isnan(low) or math.isnan(high):
        return about.say("averted_bare", difference=difference)
    if low < 0 < high:
        ends = {"low": _sided(sign * low, about), "high": _sided(sign * high, about)}
        return about.say("averted_crossing", difference=difference, **ends)
    ends = {"low": about.number(low), "high": about.number(high)}
    return about.say("averted_interval", difference=difference, **ends)


def _sided(value: float, about: About) -> str:
    side = "fewer" if value >= 0 else "more"
    return about.say(f"averted_{side}", n=about.number(abs(value)))


def _averted_axes(picture: Picture, body: Box, averted: pd.DataFrame, about: About) -> Any:
    """Return axes with one row a counterfactual, and the two sides of zero named beneath."""
    plot = Box(body.x + 20, body.y, body.width - 40, body.height - _UNDER)
    axes = picture.panel(plot, gid="plot")
    parts.bare(axes)
    axes.set_zorder(-2)  # names and numbers of the rows lie over the grid
    values = pd.concat([averted[name] for name in ("averted", "low", "high")])
    limits = reach(values, measure="rate_difference")
    value_axis(axes, "x", limits, measure="rate_difference", about=about, apart=58)
    axes.set_xticks(ticks := axes.get_xticks(), [about.number(abs(tick)) for tick in ticks])
    axes.set(ylim=(len(averted), 0), yticks=[])
    zero = plot.x + (0 - limits[0]) / (limits[1] - limits[0]) * plot.width
    _write_sides(picture, body, zero, about)
    return axes


def _write_sides(picture: Picture, body: Box, zero: float, about: About) -> None:
    """Name the two sides of zero, as near to it as their words find room."""
    fewer, more = (about.say(f"averted_axis_{side}") for side in ("fewer", "more"))
    wide = {words: text_width(words, parts.TICK.size) for words in (fewer, more)}
    start = min(zero + 6, body.x + body.width - wide[fewer])
    end = min(zero - 6, start - 12)
    y = body.y + body.height - _UNDER + 21
    picture.write(fewer, start, y, parts.TICK, ha="left", gid="side")
    if end - wide[more] >= body.x:
        picture.write(more, end, y, parts.TICK, ha="right", gid="side")


def _averted_row(picture: Picture, axes: Any, y: float, row: pd.Series, tip: str) -> None:
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        axes.plot(
            [row["low"], row["high"]], [y, y], color=ACCENT, linewidth=1.8,
            solid_capstyle="butt", gid="interval",
        )  # fmt: skip
    axes.plot(row["averted"], y, "o", color=ACCENT, markersize=7.5, gid="estimate")
    parts.hit(picture, axes, row["averted"], y, tip)
