"""Ratios of areas with their intervals, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.pictures.captions import About, caption
from territory.pictures.figures import axes as parts
from territory.pictures.figures.layout import FAMILY, Box, Picture, text_width
from territory.pictures.scales import CHANGE_CLASSES, HATCH, INK, MUTED, RULE
from territory.pictures.spec import require_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.pictures.captions import Labelled

_FOREST_COLUMNS = ("name", "rate_ratio", "ratio_low", "ratio_high", "change")
_ROW = 22.0
_LEAST_PLOT = 90.0


def forest_figure(
    comparison: pd.DataFrame,
    before: Labelled,
    after: Labelled,
    *,
    about: About,
    whole: pd.Series | None = None,
    size: str = "wide",
    title: str = "",
) -> Picture:
    """Draw the rate ratio of each area with its interval, on a logarithmic axis.

    Parameters
    ----------
    comparison
        One row an area: name, rate_ratio, ratio_low, ratio_high, change and both
        counts. Rows without a ratio are left out.
    before, after
        The two windows.
    whole
        The same for the whole study: drawn first, as a reference.
    about, size, title
        As in `series_figure`; the height follows the number of rows.

    Raises
    ------
    DataError
        When a column is missing or the size unknown.
    """
    require_columns(comparison, _FOREST_COLUMNS, "comparison")
    width, _ = parts.chart_size(size)
    spans = {"before": before.label(about.lang), "after": after.label(about.lang)}
    rows = _sorted(comparison)
    if whole is not None:
        rows = pd.concat([whole.to_frame().T, rows])
    title = title or about.say("axis_ratio", **spans)
    note = caption(about, "caption_forest")
    height = len(rows) * _ROW + (150 if size == "wide" else 215)
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    texts = [_ratio_text(row, about) for _, row in rows.iterrows()]
    listed = "; ".join(f"{name} {text}" for name, text in zip(rows["name"], texts, strict=True))
    picture.alt = about.say("forest_alt", rows=listed, **spans)
    axes = _forest_axes(picture, body, rows, texts, about)
    for place, (_, row) in enumerate(rows.iterrows()):
        _forest_row(picture, axes, place, row, about, strong=whole is not None and place == 0)
    return picture


def _sorted(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a ratio, by the bound nearest to 1: the firmest fall first."""
    known = comparison[comparison["rate_ratio"].notna() & (comparison["ratio_high"] > 0)]
    low, high = np.log(known["ratio_low"].clip(lower=1e-6)), np.log(known["ratio_high"])
    firm = high.where(high < 0, low.where(low > 0, 0.0))
    order = pd.DataFrame({"firm": firm, "ratio": known["rate_ratio"]}).sort_values(
        ["firm", "ratio"]
    )
    return known.loc[order.index]


def _ratio_text(row: pd.Series, about: About) -> str:
    return f"{about.number(row['rate_ratio'], 2)} ({about.span(row['ratio_low'], row['ratio_high'], 2)})"


def _forest_axes(
    picture: Picture, body: Box, rows: pd.DataFrame, texts: Sequence[str], about: About
) -> Any:
    names = max((text_width(str(name), parts.LABEL.size) for name in rows["name"]), default=0)
    numbers = max((text_width(text, parts.TICK.size) for text in texts), default=0)
    right = numbers + 8
    left = min(names + 14, body.width - right - _LEAST_PLOT)
    plot = Box(body.x + left, body.y, body.width - left - right, body.height - 22)
    axes = picture.panel(plot, gid="plot")
    parts.bare(axes)
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x", color=RULE, linewidth=0.8)
    low = min(0.8, float(rows["ratio_low"].clip(lower=0.1).min()) * 0.95)
    high = max(1.25, float(rows["ratio_high"].clip(upper=10).max()) * 1.05)
    axes.set_xscale("log")
    axes.set(xlim=(low, high), ylim=(len(rows) - 0.4, -0.6))
    ticks = _log_ticks(low, high, plot.width)
    axes.set_xticks(ticks, [about.number(t, len(f"{t:g}".partition(".")[2])) for t in ticks])
    axes.minorticks_off()
    axes.set_yticks(range(len(rows)), [str(name) for name in rows["name"]])
    axes.tick_params(axis="y", labelsize=parts.LABEL.size, labelcolor=INK)
    axes.axvline(1, color=MUTED, linewidth=1, zorder=1)
    for place, text in enumerate(texts):
        axes.annotate(
            text, (1, place), xycoords=("axes fraction", "data"), xytext=(8, 0),
            textcoords="offset points", va="center_baseline", size=parts.TICK.size, color=MUTED,
            family=FAMILY, gid="ratio",
        )  # fmt: skip
    return axes


def _log_ticks(low: float, high: float, width: float) -> list[float]:
    """Return ratios to write under a logarithmic axis, the roundest first, none too close."""
    point = width / np.log(high / low)
    kept: list[float] = []
    for ratio in (1, 0.5, 2, 0.25, 4, 0.1, 10, 0.75, 1.5, 0.4, 3, 0.6, 1.25, 0.15, 6):
        near = any(abs(np.log(ratio / other)) * point < 34 for other in kept)
        if low <= ratio <= high and not near:
            kept.append(ratio)
    return sorted(kept)


def _forest_row(
    picture: Picture, axes: Any, place: int, row: pd.Series, about: About, *, strong: bool
) -> None:
    color, pattern = CHANGE_CLASSES[str(row["change"])]
    color = HATCH if pattern in ("hatch", "dotted") or row["change"] == "too_few" else color
    axes.plot(
        [row["ratio_low"], row["ratio_high"]], [place, place], color=color,
        linewidth=2.6 if strong else 1.8, solid_capstyle="butt", gid="interval",
    )  # fmt: skip
    axes.plot(
        row["rate_ratio"], place, "D" if strong else "o", color=color, markersize=7, gid="estimate"
    )
    if strong:
        axes.get_yticklabels()[place].set_weight("bold")
    tip = about.say(
        "tip_ratio",
        name=row["name"],
        ratio=about.number(row["rate_ratio"], 2),
        span=about.span(row["ratio_low"], row["ratio_high"], 2),
        count_before=about.number(row.get("count_before")),
        count_after=about.number(row.get("count_after")),
        change=about.say(f"change_{row['change']}"),
    )
    parts.hit(picture, axes, row["rate_ratio"], place, tip)
