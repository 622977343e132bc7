"""What all charts share: the page around the plot, its axes, names of lines, tooltips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.dates import date2num

from territory.evidence.schema import unknown
from territory.pictures.figures.layout import FAMILY, Box, Pen, Picture, text_width, wrap
from territory.pictures.scales import INK, MUTED, PAPER, RULE
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.pictures.captions import About

#: Width and height in pixels of a page: beside other things, or on a phone.
CHART_SIZES = {"wide": (760, 450), "narrow": (360, 480)}
_TITLE, _LABEL, _TICK, _SMALL = 15.5, 11.5, 11.5, 11
# Lines of small print that the given height has room for; more lines make a chart higher.
_FOOT_LINES = 3
_MARGIN = 4
LABEL, TICK = Pen(_LABEL), Pen(_TICK, MUTED)


def chart_size(size: str) -> tuple[float, float]:
    """Return width and height in points (one to a pixel of the page).

    Raises
    ------
    DataError
        For an unknown size.
    """
    if size not in CHART_SIZES:
        raise unknown("size", size, CHART_SIZES)
    return CHART_SIZES[size]


def chart_page(
    about: About, *, title: str, note: str, width: float, height: float
) -> tuple[Picture, Box]:
    """Return an empty chart with its title, caption and credit, and the box for the plot."""
    inner = width - 2 * _MARGIN
    pen, small = Pen(_TITLE, weight="bold", leading=1.25), Pen(_SMALL, MUTED)
    credit = say("pictures.source", about.lang, credit=about.credit)
    lines = [line for text in (note, about.caveat, credit) for line in wrap(text, inner, small)]
    height += max(len(lines) - _FOOT_LINES, 0) * small.line
    picture = Picture(width, height, dpi=144)
    picture.heading = title
    top = _MARGIN + picture.paragraph(title, Box(_MARGIN, _MARGIN, inner, 0), pen, gid="title")
    y = height - _MARGIN - len(lines) * small.line
    bottom = y - 8
    for line in lines:
        picture.write(line, _MARGIN, y, small, gid="caption")
        y += small.line
    return picture, Box(_MARGIN, top + 8, inner, bottom - top - 8)


def middle(period: object) -> float:
    """Return the middle of a year, month or `Period`, in days: where its value is drawn."""
    return sum(days(period)) / 2


def days(period: object) -> tuple[float, float]:
    """Return the first and the last moment of a year, month or `Period`, in days."""
    span = period if isinstance(period, pd.Period) else pd.Period(str(period))
    return day_number(span.start_time), day_number(span.end_time)


def day_number(moment: Any) -> float:
    """Return a moment in days, as a time axis counts them."""
    number: Any = date2num
    return float(number(moment))


def bare(axes: Any) -> None:
    """Leave of the axes only what is read: faint lines across, words without marks."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_facecolor(PAPER)
    axes.grid(axis="y", color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=_TICK, labelcolor=MUTED, labelfontfamily=FAMILY, pad=5)


def rate_ticks(highest: float) -> list[float]:
    """Return round values from zero to just above `highest`, about five of them."""
    rough = max(highest, 1e-9) / 4
    power = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 0.1
    step = min((s * power for s in (1, 2, 2.5, 5, 10)), key=lambda s: abs(s - rough))
    return [step * n for n in range(int(highest // step) + 2)]


def greatest(*values: pd.Series) -> float:
    """Return the greatest of several series, 0 where all of them are missing."""
    known = [float(value.max()) for value in values if value.notna().any()]
    return max(known, default=0.0)


def year_ticks(axes: Any, periods: pd.Index, *, room: float) -> None:
    """Write the years under the axis, fewer digits or fewer years where there is no room."""
    years = sorted({int(str(period)[:4]) for period in periods})
    each = room / max(len(years), 1)
    short = each < text_width("2008", _TICK) + 4
    first_fits = each > (text_width("2008", _TICK) + text_width("’08", _TICK)) / 2 + 3
    words = [f"’{year % 100:02d}" if short else str(year) for year in years]
    words[:1] = [str(year) for year in years[:1] if first_fits] or words[:1]
    skip = 2 if each < text_width("’08", _TICK) + 3 else 1
    kept = years[::skip]
    axes.set_xticks([middle(year) for year in kept], words[::skip])


def hit(picture: Picture, axes: Any, x: float, y: float, tip: str) -> None:
    """Lay an unseen disc over a point, which says its value in a page."""
    gid = f"point-{len(picture.tips)}"
    picture.tips[gid] = tip
    axes.plot(
        [x], [y], marker="o", markersize=14, color=INK, alpha=0.0, linestyle="none",
        clip_on=False, zorder=9, gid=gid,
    )  # fmt: skip


def height(axes: Any) -> float:
    """Return the height of axes in points."""
    return float(axes.bbox.height) * 72 / float(axes.figure.dpi)


def line_names(
    axes: Any, ends: Sequence[tuple[str, float, str, str]], top: float, *, width: float
) -> None:
    """Write each line's name at its end, moved apart where they would touch."""
    known = sorted((end for end in ends if end[1] == end[1]), key=lambda end: end[1])
    names = [wrap(name, width, LABEL) for name, *_ in known]
    point = top / height(axes)
    tall = [(len(lines) * LABEL.line + 1) * point for lines in names]
    wanted = [min(end[1], top) - high / 2 for end, high in zip(known, tall, strict=True)]
    for (name, _, color, weight), lines, bottom, high in zip(
        known, names, _apart(wanted, tall), tall, strict=True
    ):
        axes.annotate(
            "\n".join(lines), (axes.get_xlim()[1], bottom + high / 2), xytext=(4, 0),
            textcoords="offset points", va="center", size=LABEL.size, color=color,
            weight=weight, family=FAMILY, linespacing=1.1, parse_math=False,
            annotation_clip=False, gid=f"line-name:{name}",
        )  # fmt: skip


def _apart(wanted: Sequence[float], tall: Sequence[float]) -> list[float]:
    """Return where boxes of these heights lie, one above the other, near where they want to be."""
    placed: list[float] = []
    for place, want in enumerate(wanted):
        placed.append(max(want, 0.0))
        # A box that meets the one below pushes the whole pile down by half, as far as zero.
        for below in range(place, 0, -1):
            over = placed[below - 1] + tall[below - 1] - placed[below]
            if over > 0:
                placed[below - 1] = max(placed[below - 1] - over / 2, 0.0)
        for above in range(1, place + 1):
            placed[above] = max(placed[above], placed[above - 1] + tall[above - 1])
    return placed
