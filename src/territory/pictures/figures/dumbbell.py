"""Rates before and after, one row an area: where it fell, then where it rose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.pictures.figures import axes as parts
from territory.pictures.figures.layout import FAMILY, Box, Pen, Picture, text_width
from territory.pictures.scales import CHANGE_CLASSES, HATCH, INK, MUTED, PAPER, RULE
from territory.pictures.spec import require_columns
from territory.text import percent, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.pictures.captions import About, Labelled

_COLUMNS = (
    "name", "change", "count_before", "count_after", "rate_before", "before_low", "before_high",
    "rate_after", "after_low", "after_high", "rate_ratio", "ratio_low", "ratio_high",
)  # fmt: skip
_ROW, _HEAD = 24.0, 32.0
# Room for title, key, axis and small print.
_AROUND = {"wide": 138.0, "narrow": 158.0}
_HEADING = Pen(12.5, INK, weight="bold")
_SIDES = {"before": -0.15, "after": 0.15}  # where a side lies in its row


@dataclass(frozen=True)
class _Page:
    """What every part of one chart needs."""

    picture: Picture
    about: About
    spans: Mapping[str, str]
    ticks: list[float]
    ratio: bool


def dumbbell_figure(
    sections: Mapping[str, pd.DataFrame],
    before: Labelled,
    after: Labelled,
    *,
    about: About,
    most: int,
    size: str = "wide",
    title: str = "",
) -> Picture:
    """Draw the rate of each area before and after, each with its interval.

    Parameters
    ----------
    sections
        ``fell``, ``rose`` or ``none`` to rows in the order in which they are drawn: name,
        change, counts, rates and their intervals per 100,000 (``before_low`` …), and the rate
        ratio with its own.
    before, after
        The two windows.
    most
        How many rows a section may have, for the caption.
    about, size, title
        As in `series_figure`; the height follows the number of rows.

    Raises
    ------
    DataError
        When a column is missing or the size unknown.
    """
    for name, rows in sections.items():
        require_columns(rows, _COLUMNS, name)
    width, _ = parts.chart_size(size)
    spans = {"before": before.label(about.lang), "after": after.label(about.lang)}
    title = title or _say(about, "title", outcome=about.outcome, **spans)
    count = sum(len(rows) for rows in sections.values())
    height = count * _ROW + len(sections) * _HEAD + _AROUND[size]
    picture, body = parts.chart_page(
        about, title=title, note=_note(about, most), width=width, height=height
    )
    picture.alt = _alt(sections, title, about)
    every = pd.concat([*sections.values(), pd.DataFrame(columns=list(_COLUMNS))])
    names = max((text_width(str(name), parts.LABEL.size) for name in every["name"]), default=0)
    ratios = [_ratio(row, about) for _, row in every.iterrows()] if size == "wide" else []
    wide = max((text_width(text, parts.TICK.size) for text in ratios), default=0) + 16
    left = min(names + 12, body.width * 0.46)
    highest = np.nanmax([*every["before_high"], *every["after_high"], 0.0])
    page = _Page(picture, about, spans, parts.rate_ticks(float(highest)), ratio=bool(ratios))
    y = body.y + _key(page, body)
    for name, rows in sections.items():
        plot = Box(body.x + left, y + _HEAD, body.width - left - wide, len(rows) * _ROW)
        heading = _say(about, name)
        picture.write(heading, body.x, y + 10, _HEADING, gid=f"section:{name}")
        _section(page, plot, rows, name=name, last=name == list(sections)[-1])
        y += _HEAD + plot.height
    return picture


def _section(page: _Page, plot: Box, rows: pd.DataFrame, *, name: str, last: bool) -> None:
    """Draw one section: axes that all sections share, and its rows."""
    axes = page.picture.panel(plot, gid=f"plot:{name}")
    parts.bare(axes)
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x", color=RULE, linewidth=0.8)
    axes.set(xlim=(0, page.ticks[-1]), ylim=(len(rows) - 0.5, -0.5))
    words = [page.about.number(tick) if last else "" for tick in page.ticks]
    axes.set_xticks(page.ticks, words)
    axes.set_yticks(range(len(rows)), [str(one) for one in rows["name"]])
    axes.tick_params(axis="y", labelsize=parts.LABEL.size, labelcolor=INK)
    for place, (_, row) in enumerate(rows.iterrows()):
        _row(page, axes, place, row)


def _row(page: _Page, axes: Any, place: int, row: pd.Series) -> None:
    color, pattern = CHANGE_CLASSES[str(row["change"])]
    color = HATCH if pattern in ("hatch", "dotted") or row["change"] == "too_few" else color
    ends = [(row[f"rate_{side}"], place + shift) for side, shift in _SIDES.items()]
    axes.plot(*zip(*ends, strict=True), color=color, linewidth=2.4, alpha=0.35, gid="change")
    for side, shift in _SIDES.items():
        at, tint = place + shift, MUTED if side == "before" else color
        span = [row[f"{side}_low"], row[f"{side}_high"]]
        axes.plot(span, [at, at], color=tint, linewidth=1.3, solid_capstyle="butt", gid="interval")
        axes.plot(
            row[f"rate_{side}"], at, "o", markersize=6.5, markeredgecolor=tint,
            markerfacecolor=PAPER if side == "before" else color, markeredgewidth=1.6,
            clip_on=False, gid=side,
        )  # fmt: skip
        parts.hit(page.picture, axes, row[f"rate_{side}"], at, _tip(page, row, side))
    if page.ratio:
        axes.annotate(
            _ratio(row, page.about), (1, place), xycoords=("axes fraction", "data"),
            xytext=(12, 0), textcoords="offset points", va="center_baseline",
            size=parts.TICK.size, color=MUTED, family=FAMILY, gid="ratio",
        )  # fmt: skip


def _key(page: _Page, body: Box) -> float:
    """Say which dot is which, and what stands at the right; return the height that it takes."""
    x, y = body.x + 6, body.y + 8
    for side in _SIDES:
        fill = PAPER if side == "before" else INK
        page.picture.sheet.plot(
            [x], [y], "o", markersize=6.5, markeredgecolor=INK if side == "after" else MUTED,
            markerfacecolor=fill, markeredgewidth=1.6, gid=f"key:{side}",
        )  # fmt: skip
        words = _say(page.about, side, window=page.spans[side])
        page.picture.write(words, x + 9, y - 7, parts.LABEL, gid=f"key-words:{side}")
        x += 9 + text_width(words, parts.LABEL.size) + 24
    if page.ratio:
        words = _say(page.about, "ratio")
        right = body.x + body.width - text_width(words, parts.TICK.size)
        page.picture.write(words, right, y - 7, parts.TICK, gid="key-words:ratio")
    return 18.0


def _ratio(row: pd.Series, about: About) -> str:
    span = about.span(row["ratio_low"], row["ratio_high"], 2)
    return f"{about.number(row['rate_ratio'], 2)} ({span})"


def _tip(page: _Page, row: pd.Series, side: str) -> str:
    about = page.about
    return _say(
        about,
        "tip",
        name=row["name"],
        window=page.spans[side],
        rate=about.number(row[f"rate_{side}"], 1),
        span=about.span(row[f"{side}_low"], row[f"{side}_high"]),
        count=about.number(row[f"count_{side}"]),
        cases=about.cases,
    )


def _note(about: About, most: int) -> str:
    said = _say(
        about,
        "caption",
        institution=about.institution,
        population=about.population,
        level=percent(about.level, about.lang),
        most=about.number(most),
    )
    return f"{said} {about.say('does_not_show')}"


def _alt(sections: Mapping[str, pd.DataFrame], title: str, about: About) -> str:
    told = []
    for name, rows in sections.items():
        areas = [
            _say(
                about,
                "alt_row",
                name=row["name"],
                before=about.number(row["rate_before"], 1),
                after=about.number(row["rate_after"], 1),
            )
            for _, row in rows.iterrows()
        ]
        told.append(f"{_say(about, name)}: {'; '.join(areas)}")
    return _say(about, "alt", title=title, rows=". ".join(told))


def _say(about: About, key: str, **values: object) -> str:
    return say(f"dumbbell.{key}", about.lang, **values)
