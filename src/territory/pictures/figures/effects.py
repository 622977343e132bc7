"""What was counted against what would have been expected, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.evidence.schema import unknown
from territory.pictures.captions import About, caption
from territory.pictures.figures import axes as parts
from territory.pictures.figures import lanes
from territory.pictures.figures.effect_axes import between, when
from territory.pictures.figures.layout import Box, Picture, balanced, text_width
from territory.pictures.scales import ACCENT, MUTED, RULE, WASH
from territory.pictures.spec import require_columns

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from numpy.typing import NDArray

_PATH_COLUMNS = ("observed", "expected", "low", "high")
_DASHES = (0, (3.5, 2))
# A band is cut where it leaves everything else this far below.
_MOST = 1.6


def counterfactual_figure(
    path: pd.DataFrame,
    *,
    about: About,
    event_label: str,
    start: object,
    end: object = None,
    size: str = "wide",
    title: str = "",
    quantity: str = "rate",
) -> Picture:
    """Draw what was counted against what was expected, each span as long as it is.

    Parameters
    ----------
    path
        One row a span; observed, expected, low and high of the expected. With first and
        last (Periods) spans are months or sums of months, else the index holds years.
        With person_years the numbers are counts, else rates already. Which design it is
        (series, treated places, mix of countries) is told by its columns.
    event_label
        The event as the page calls it.
    start, end
        First and last period under the event (year, month or Period); None = it lasts.
    size, title
        As in `series_figure`.
    quantity
        ``rate`` (per 100,000 a year), or ``day`` (cases a day) where there are counts.

    Raises
    ------
    DataError
        When a column is missing, or the size or quantity unknown.
    """
    require_columns(path, _PATH_COLUMNS, "path")
    width, height = parts.chart_size(size)
    form = _form(path)
    steps = _steps(path, quantity, about.lang)
    title = title or about.say(f"effect_title_{quantity}")
    note = caption(about, f"effect_caption_{form}")
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    first, last = parts.days(start)[0], _last_day(end, steps)
    dates = (
        about.say("effect_since", start=when(start, about.lang))
        if end is None
        else between(start, end, about.lang)
    )
    event = f"{event_label}, {dates}"
    picture.alt = _path_alt(steps, first, last, event, title, about)
    names = {"observed": about.say("effect_observed"), "expected": about.say(f"effect_{form}")}
    lines = [line for name in names.values() for line in balanced(name, width * 0.24, parts.LABEL)]
    right = max(text_width(line, parts.LABEL.size, "bold") for line in lines) + 10
    axes = _path_axes(picture, body, steps, lanes.Event(first, event), about, right=right)
    _wash(axes, first, last)
    _draw_path(axes, steps, first)
    for row in steps.to_dict("records"):
        for column in ("observed", "expected"):
            if row[column] == row[column]:
                middle = (row["left"] + row["right"]) / 2
                parts.hit(picture, axes, middle, row[column], _path_tip(row, quantity, about))
    ends = [
        (names[column], float(steps[column].dropna().iloc[-1]), color, weight)
        for column, color, weight in (("observed", ACCENT, "bold"), ("expected", MUTED, "normal"))
        if steps[column].notna().any()
    ]
    parts.line_names(axes, ends, axes.get_ylim()[1], width=right - 10)
    return picture


def _form(path: pd.DataFrame) -> str:
    if "first" in path:
        return "series"
    return "places" if "person_years" in path else "mix"


def _steps(path: pd.DataFrame, quantity: str, lang: str) -> pd.DataFrame:
    """Return each span's edges in days, its values as drawn, its weight and its counts."""
    counts = "person_years" in path
    if quantity not in (allowed := ["rate", "day"] if counts else ["rate"]):
        raise unknown("quantity", quantity, allowed)
    first = path.get("first", path.index)
    last = path.get("last", path.index)
    steps = path[list(_PATH_COLUMNS)].astype(float).reset_index(drop=True)
    steps["left"] = [parts.days(period)[0] for period in first]
    steps["right"] = [parts.days(period)[1] for period in last]
    steps["span"] = [between(a, b, lang) for a, b in zip(first, last, strict=True)]
    steps["from"], steps["to"] = list(first), list(last)
    steps["counted"] = steps["observed"] if counts else np.nan
    steps["counted_expected"] = steps["expected"] if counts else np.nan
    steps["weight"] = steps["right"] - steps["left"]
    if counts and quantity == "rate":
        steps["weight"] = path["person_years"].to_numpy(float) / 100_000
    if counts:
        steps[list(_PATH_COLUMNS)] = steps[list(_PATH_COLUMNS)].div(steps["weight"], axis=0)
    return steps


def _last_day(end: object, steps: pd.DataFrame) -> float:
    return float(steps["right"].max()) if end is None else parts.days(end)[1]


def _path_axes(
    picture: Picture,
    body: Box,
    steps: pd.DataFrame,
    event: lanes.Event,
    about: About,
    *,
    right: float,
) -> Any:
    """Return axes with years beneath, and the event's words above."""
    left = text_width("100", parts.TICK.size) + 8
    wide = body.width - left - right
    first, last = float(steps["left"].min()), float(steps["right"].max())
    scale = wide / (last - first)
    placed = lanes.lane([event], scale=scale, left=first, right=last + right / scale)
    above = max(lanes.lane_rows(placed)) + 6
    plot = Box(body.x + left, body.y + above, wide, body.height - above - 22)
    axes = picture.panel(plot, gid="plot")
    axes.set_xlim(first, last)
    parts.bare(axes)
    years = pd.period_range(
        pd.Timestamp(first, unit="D"), pd.Timestamp(last - 0.5, unit="D"), freq="Y"
    )
    parts.year_ticks(axes, pd.Index(years), room=wide)
    seen = float(np.nanmax(steps[["observed", "expected"]].to_numpy()))
    high = float(np.nanmax([*steps["high"], seen]))
    top = min(high, seen * _MOST) * 1.03
    ticks = [tick for tick in parts.rate_ticks(top) if tick <= top]
    digits = 0 if all(tick == int(tick) for tick in ticks) else 1
    axes.set_ylim(0, top)
    axes.set_yticks(ticks, [about.number(tick, digits) for tick in ticks])
    lanes.draw_lane(axes, placed, top=top, point=top / parts.height(axes))
    return axes


def _wash(axes: Any, first: float, last: float) -> None:
    axes.axvspan(first, last, color=WASH, linewidth=0, zorder=0, gid="event-span")
    if last < axes.get_xlim()[1] - 1:
        axes.axvline(
            last, color=MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=1, gid="event-end"
        )


def _draw_path(axes: Any, steps: pd.DataFrame, first: float) -> None:
    """Draw the band from the event on, the expected as a stair, the observed as spans."""
    x, rows = _stairs(steps)
    band = steps[["low", "high"]].where(steps["right"] > first).to_numpy()[rows]
    axes.fill_between(x, band[:, 0], band[:, 1], color=RULE, linewidth=0, zorder=2, gid="interval")
    for column, color, options in (
        ("expected", MUTED, {"linewidth": 1.5, "linestyle": _DASHES}),
        ("observed", ACCENT, {"linewidth": 0.7, "alpha": 0.6}),
    ):
        values = steps[column].to_numpy()[rows]
        axes.plot(x, values, color=color, zorder=3, gid=column, **options)
    known = steps[steps["observed"].notna()]
    axes.hlines(
        known["observed"], known["left"], known["right"], color=ACCENT, linewidth=2.6, zorder=4,
        gid="spans",
    )  # fmt: skip


def _stairs(steps: pd.DataFrame) -> tuple[NDArray[np.float64], list[int]]:
    """Return both edges of every span, and whose value holds there; a gap breaks the line."""
    x: list[float] = []
    rows: list[int] = []
    for place, (left, right) in enumerate(zip(steps["left"], steps["right"], strict=True)):
        if x and left - x[-1] > 1:
            x.append(np.nan)
            rows.append(place)
        x += [left, right]
        rows += [place, place]
    return np.array(x), rows


def _path_tip(row: Mapping[Hashable, Any], quantity: str, about: About) -> str:
    """Say of one span what was counted and expected, as rates and, where known, as counts."""
    interval = f" ({about.span(row['low'], row['high'])})" if row["low"] == row["low"] else ""
    tip = about.say(
        f"effect_tip_{quantity}",
        span=row["span"],
        observed=about.number(row["observed"], 1),
        expected=about.number(row["expected"], 1),
        interval=interval,
    )
    if row["counted"] != row["counted"]:
        return tip
    counts = {
        "observed": about.number(row["counted"]),
        "expected": about.number(row["counted_expected"]),
    }
    return tip + about.say("effect_tip_counts", **counts)


def _path_alt(
    steps: pd.DataFrame, first: float, last: float, event: str, title: str, about: About
) -> str:
    """Say the whole span, and both means under the event."""
    during = steps[(steps["left"] > first - 1) & (steps["right"] < last + 1)]
    during = during[during["observed"].notna()]
    means = {
        column: about.number(np.average(during[column], weights=during["weight"]), 1)
        if len(during)
        else about.number(None)
        for column in ("observed", "expected")
    }
    span = between(steps["from"].iloc[0], steps["to"].iloc[-1], about.lang)
    return about.say("effect_alt", title=title, event=event, span=span, **means)
