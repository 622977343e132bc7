"""Events over a chart: thin rules, and their words in a lane above the plot."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from territory.pictures.figures.axes import TICK, day_number
from territory.pictures.figures.layout import FAMILY, balanced, text_width
from territory.pictures.scales import MUTED
from territory.text import date

if TYPE_CHECKING:
    from collections.abc import Sequence

LANE = TICK._replace(leading=1.25)
# Words with less room than this right of their rule stand left of it, in points.
_LEAST_ROOM = 90.0


class Event(NamedTuple):
    """An event on the time axis: position in days, words."""

    x: float
    text: str


class Placed(NamedTuple):
    """Where an event's words stand in the lane: lines, row above the plot, days."""

    event: Event
    lines: list[str]
    row: int
    left: float
    right: float


def events_of(events: pd.DataFrame | None, lang: str) -> list[Event]:
    """Return events with their words and month; columns start and title_es, title_en."""
    if events is None:
        return []
    column = f"title_{lang}" if f"title_{lang}" in events else "title"
    found = []
    for _, row in events.sort_values("start").iterrows():
        day = pd.Timestamp(row["start"]).date()
        exact = row.get("date_precision", "day") != "year"
        when = date(day, lang, precision="month" if exact else "year")
        x = day if exact else datetime.date(day.year, 7, 1)
        title = str(row[column])
        found.append(Event(day_number(x), title if when in title else f"{title}, {when}"))
    return found


def lane(events: Sequence[Event], *, scale: float, left: float, right: float) -> list[Placed]:
    """Place the words of events in rows so that none touches another, or another's rule.

    Words stand right of their rule; from right to left each takes the lowest row
    whose words it does not touch and which lies above the rules that it crosses.
    What has no room on the right stands left of its rule, above all it crosses.

    Parameters
    ----------
    events
        With x in days.
    scale, left, right
        Points to a day, and the days where words must begin and end.

    Returns
    -------
    placed
        Row 0 is nearest to the plot. Each rule reaches up to its own words.
    """
    placed: list[Placed] = []
    gap = 4 / scale
    late = {event for event in events if (right - event.x) * scale < _LEAST_ROOM}
    for event in sorted(events, key=lambda event: (event in late, -event.x)):
        room = (event.x - left if event in late else right - event.x) * scale - 6
        lines = balanced(event.text, max(room, _LEAST_ROOM), LANE)
        width = max(text_width(line, LANE.size) for line in lines) / scale + gap
        start = event.x - width if event in late else event.x
        spots = [
            Placed(event, lines, row, start, start + width) for row in range(2 * len(events) + 1)
        ]
        free = [spot for spot in spots if not any(_clash(spot, other, gap) for other in placed)]
        placed.append((free or spots[-1:])[0])
    return placed


def lane_rows(placed: Sequence[Placed]) -> list[float]:
    """Return the height in points up to the top of each row, as high as its longest words."""
    tops, top = [], 0.0
    for row in range(max((spot.row for spot in placed), default=-1) + 1):
        lines = max((len(spot.lines) for spot in placed if spot.row == row), default=0)
        top += lines * LANE.line + (3 if lines else 0)
        tops.append(top)
    return tops


def draw_lane(axes: Any, placed: Sequence[Placed], *, top: float, point: float) -> None:
    """Draw the rules through the plot up to their words; `point` is one in units of y."""
    tops = lane_rows(placed)
    for spot in placed:
        high = top + tops[spot.row] * point
        axes.plot(
            [spot.event.x] * 2, [0, high], color=MUTED, linewidth=0.8, linestyle=(0, (1, 2)),
            clip_on=False, zorder=1, gid="event-rule",
        )  # fmt: skip
        right = spot.left >= spot.event.x
        axes.annotate(
            "\n".join(spot.lines), (spot.event.x, high), xytext=(4 if right else -4, -0.5),
            textcoords="offset points", size=LANE.size, color=MUTED, family=FAMILY, va="top",
            ha="left" if right else "right", linespacing=1.15, parse_math=False, gid="event",
            zorder=5, annotation_clip=False,
        )  # fmt: skip


def _clash(one: Placed, other: Placed, gap: float) -> bool:
    words = one.row == other.row and one.left < other.right and other.left < one.right
    rule = one.left - gap < other.event.x < one.right + gap and other.row >= one.row
    crossed = other.left - gap < one.event.x < other.right + gap and one.row >= other.row
    return words or rule or crossed
