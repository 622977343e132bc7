"""Charts over time: the series of a nation, a place beside others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.pictures.captions import About, caption
from territory.pictures.figures import axes as parts
from territory.pictures.figures import lanes
from territory.pictures.figures.layout import FAMILY, Box, Picture, text_width
from territory.pictures.scales import ACCENT, HATCH, MUTED, PAPER, RULE
from territory.pictures.spec import require_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

_SERIES_COLUMNS = ("rate", "low", "high", "count")
_BAND = "#E3CDD5"


@dataclass(frozen=True, eq=False)
class Line:
    """One place's rates over time.

    Parameters
    ----------
    name
        As it is written beside the line.
    rates
        Index period (a year, a month, or a pandas Period); columns rate, and
        low, high and count where there is an interval.
    """

    name: str
    rates: pd.DataFrame


def series_figure(
    rates: pd.DataFrame,
    *,
    about: About,
    events: pd.DataFrame | None = None,
    labels: Sequence[object] | None = None,
    size: str = "wide",
    title: str = "",
) -> Picture:
    """Draw rates by period with their exact interval, and events in a lane above.

    Parameters
    ----------
    rates
        Index period; columns rate, low, high, count. A value is drawn at the
        middle of its period, an event on its day.
    events
        Columns start and title_es, title_en; those outside the series are left out.
    labels
        Periods whose value is written; without it the highest, the lowest and the last.
    size
        ``wide`` or ``narrow`` (a phone).

    Raises
    ------
    DataError
        When a column is missing or the size unknown.
    """
    require_columns(rates, _SERIES_COLUMNS, "rates")
    width, height = parts.chart_size(size)
    bare = bool(rates["rate"].isna().all())
    if bare:  # where nothing can be divided, what was counted is still known
        rates = rates.assign(rate=rates["count"].astype(float))
    title = title or about.say("axis_count" if bare else "axis_rate")
    note = caption(about, "caption_series_bare" if bare else "caption_series")
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    picture.alt = _series_alt(rates, about)
    x = np.array([parts.middle(period) for period in rates.index])
    end = text_width("100,0", parts.LABEL.size, "bold") + 8
    axes, placed = _time_plot(picture, body, rates.index, events, about.lang, right=end)
    ticks = parts.rate_ticks(parts.greatest(rates["high"], rates["rate"]))
    _vertical(axes, ticks, about)
    lanes.draw_lane(axes, placed, top=ticks[-1], point=ticks[-1] / parts.height(axes))
    axes.fill_between(
        x, rates["low"], rates["high"], color=_BAND, linewidth=0, zorder=2, gid="interval"
    )
    axes.plot(x, rates["rate"], color=ACCENT, linewidth=2.2, zorder=3, gid="rate")
    chosen = _chosen(rates, labels)
    _values(axes, x, rates, chosen, about, digits=0 if bare else 1)
    for at, (period, row) in zip(x, rates.iterrows(), strict=True):
        if pd.notna(row["rate"]):
            parts.hit(picture, axes, at, row["rate"], _tip(period, row, about))
    return picture


def place_figure(
    place: Line,
    *,
    about: About,
    department: Line | None = None,
    nation: Line | None = None,
    similar: pd.DataFrame | None = None,
    size: str = "wide",
    title: str = "",
) -> Picture:
    """Draw one place against its department, the nation and the places most like it.

    Parameters
    ----------
    place
        With rate, low, high and count.
    department, nation
        With rate.
    similar
        Index period, one column a place, rates: drawn as the band of their middle half.
    about, size, title
        As in `series_figure`.

    Raises
    ------
    DataError
        When a column is missing or the size unknown.
    """
    require_columns(place.rates, _SERIES_COLUMNS, "place")
    width, height = parts.chart_size(size)
    title = (
        title or f"{place.name}: {about.say('axis_rate')[:1].lower()}{about.say('axis_rate')[1:]}"
    )
    many = 0 if similar is None else similar.shape[1]
    key = "caption_place" if many else "caption_place_alone"
    note = caption(about, key, name=place.name, n=many)
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    picture.alt = f"{place.name}. {_series_alt(place.rates, about)}"
    lines = [line for line in (nation, department) if line is not None]
    names = [line.name for line in [place, *lines]] + ([about.say("similar")] if many else [])
    end = min(max(text_width(name, parts.LABEL.size, "bold") for name in names) + 8, width * 0.3)
    axes, _ = _time_plot(picture, body, place.rates.index, None, about.lang, right=end)
    every = [line.rates["rate"] for line in [place, *lines]]
    if similar is not None and many:
        every.append(similar.quantile(0.75, axis=1))
    highest = parts.greatest(*every)
    # The interval is seen whole, unless it would flatten the lines.
    reach = min(parts.greatest(place.rates["high"]), 2 * highest)
    ticks = parts.rate_ticks(max(highest, reach) * 1.02)
    _vertical(axes, ticks, about)
    ends = _context_lines(picture, axes, lines, similar, about)
    x = np.array([parts.middle(period) for period in place.rates.index])
    axes.fill_between(
        x, place.rates["low"], place.rates["high"], color=_BAND, alpha=0.75, linewidth=0,
        zorder=2, gid="interval",
    )  # fmt: skip
    alone = place.rates["rate"].notna().sum() == 1  # a line of one point is not seen
    axes.plot(
        x, place.rates["rate"], marker="o" if alone else None, color=ACCENT, linewidth=2.2,
        zorder=5, gid="rate",
    )  # fmt: skip
    for at, (period, row) in zip(x, place.rates.iterrows(), strict=True):
        if pd.notna(row["rate"]):
            parts.hit(picture, axes, at, row["rate"], _tip(period, row, about))
    ends.append((place.name, _last(place.rates["rate"]), ACCENT, "bold"))
    parts.line_names(axes, ends, ticks[-1], width=end - 8)
    return picture


def _time_plot(
    picture: Picture,
    body: Box,
    periods: pd.Index,
    events: pd.DataFrame | None,
    lang: str,
    *,
    right: float,
) -> tuple[Any, list[lanes.Placed]]:
    """Return axes with years beneath and room for the lane of events above."""
    left = text_width("100", parts.TICK.size) + 8
    wide = body.width - left - right
    # From the first day of the first period to the last day of the last one.
    first, last = parts.days(periods[0])[0], parts.days(periods[-1])[1]
    scale = wide / (last - first)
    found = [event for event in lanes.events_of(events, lang) if first <= event.x <= last]
    placed = lanes.lane(found, scale=scale, left=first, right=last + right / scale)
    above = max(lanes.lane_rows(placed), default=0.0) + 8
    plot = Box(body.x + left, body.y + above, wide, body.height - above - 22)
    axes = picture.panel(plot, gid="plot")
    axes.set_xlim(first, last)
    parts.bare(axes)
    parts.year_ticks(axes, periods, room=wide)
    return axes, placed


def _vertical(axes: Any, ticks: Sequence[float], about: About) -> None:
    digits = 0 if all(tick == int(tick) for tick in ticks) else 1
    axes.set_ylim(0, ticks[-1])
    axes.set_yticks(ticks, [about.number(tick, digits) for tick in ticks])


def _chosen(rates: pd.DataFrame, labels: Sequence[object] | None) -> list[int]:
    names = [str(period) for period in rates.index]
    if labels is not None:
        wanted = {str(label) for label in labels}
        return [place for place, name in enumerate(names) if name in wanted]
    known = rates["rate"].reset_index(drop=True).dropna()
    if known.empty:
        return []
    values = known.to_numpy()
    places = known.index.to_numpy()
    return sorted({int(places[values.argmax()]), int(places[values.argmin()]), int(places[-1])})


def _values(
    axes: Any, x: Any, rates: pd.DataFrame, chosen: Sequence[int], about: About, *, digits: int
) -> None:
    """Write chosen values on the side where the line is not."""
    values = rates["rate"].to_numpy(dtype=float)
    last = len(values) - 1
    for place in chosen:
        before = values[place - 1] if place else values[min(place + 1, last)]
        after = values[min(place + 1, last)] if place < last else before
        peak = values[place] >= (before + after) / 2
        beside = place == last
        axes.plot(
            x[place], values[place], "o", color=ACCENT, markersize=5.5, clip_on=False, zorder=4
        )
        axes.annotate(
            about.number(values[place], digits), (x[place], values[place]),
            xytext=(8, 0) if beside else (0, 8 if peak else -8), textcoords="offset points",
            ha="left" if beside else "center",
            va="center_baseline" if beside else ("bottom" if peak else "top"),
            size=parts.LABEL.size, weight="bold", color=ACCENT, family=FAMILY, gid="value",
            annotation_clip=False, zorder=6,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip


def _tip(period: object, row: pd.Series, about: About) -> str:
    return about.say(
        "tip_point",
        period=str(period),
        rate=about.number(row["rate"], 1),
        span=about.span(row["low"], row["high"]),
        count=about.number(row["count"]),
    )


def _series_alt(rates: pd.DataFrame, about: About) -> str:
    known = rates["rate"].dropna()
    if known.empty:
        return about.say("no_data")
    return about.say(
        "series_alt",
        first=str(rates.index[0]),
        last=str(rates.index[-1]),
        highest=about.number(known.max(), 1),
        highest_period=str(known.idxmax()),
        lowest=about.number(known.min(), 1),
        lowest_period=str(known.idxmin()),
    )


def _last(values: pd.Series) -> float:
    known = values.dropna()
    return float(known.iloc[-1]) if len(known) else float("nan")


def _context_lines(
    picture: Picture,
    axes: Any,
    lines: Sequence[Line],
    similar: pd.DataFrame | None,
    about: About,
) -> list[tuple[str, float, str, str]]:
    """Draw the band of similar places and the coarser lines; return the names at their ends."""
    ends = []
    if similar is not None and similar.shape[1]:
        x = [parts.middle(period) for period in similar.index]
        low, high = similar.quantile(0.25, axis=1), similar.quantile(0.75, axis=1)
        axes.fill_between(x, low, high, color=RULE, linewidth=0, zorder=1, gid="similar")
        ends.append((about.say("similar"), (_last(low) + _last(high)) / 2, HATCH, "normal"))
    for line, style in zip(lines, ((0, ()), (0, (4, 2))), strict=False):
        x = [parts.middle(period) for period in line.rates.index]
        axes.plot(
            x, line.rates["rate"], color=MUTED, linewidth=1.4, linestyle=style, zorder=3, gid="line"
        )
        ends.append((line.name, _last(line.rates["rate"]), MUTED, "normal"))
        for at, (period, row) in zip(x, line.rates.iterrows(), strict=True):
            tip = about.say(
                "tip_line", name=line.name, period=str(period), rate=about.number(row["rate"], 1)
            )
            parts.hit(picture, axes, at, row["rate"], tip)
    return ends
