"""What lies on a timeline: events in lanes, and rows in which no words touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from territory.pictures.figures.axes import day_number
from territory.pictures.figures.layout import Pen, text_width
from territory.text import catalogue, date, listing, say

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Events of this rank and above are named; the others are marks with a tip.
NAMED = 2
#: How words are set.
TEXT = Pen(11.5)
_ORDER = ("interventions", "truce", "initiative", "declaration", "policy", "security", "violence")
# A few days are a point on an axis of years.
_POINT_DAYS = 12


class Item(NamedTuple):
    """One event: its ends in days (equal for a day), words, tip, whether it is named."""

    first: float
    last: float
    text: str
    tip: str
    when: str
    named: bool


class Lane(NamedTuple):
    """A row of the timeline: its title, its events."""

    title: str
    items: list[Item]


def lanes_of(items: pd.DataFrame, lang: str, first: float, last: float) -> list[Lane]:
    """Return the lanes: tracks, then interventions, then kinds; what lies outside is left out."""

    def order(lane: str) -> tuple[int, str]:
        place = _ORDER.index(lane) + 1 if lane in _ORDER else len(_ORDER) + 1
        return (0 if lane[:1].isdigit() else place, lane)

    lanes = []
    for lane in sorted(items["lane"].astype(str).unique(), key=order):
        rows = items[items["lane"] == lane].sort_values("start").to_dict("records")
        found = [_item(row, lang) for row in rows]
        inside = [one for one in found if one.last >= first and one.first <= last]
        if inside:
            lanes.append(Lane(_title(lane, lang), inside))
    return lanes


def _title(lane: str, lang: str) -> str:
    if lane[:1].isdigit():
        tracks = [part.strip() for part in lane.split(";")]
        key = "lane_tracks" if len(tracks) > 1 else "lane_track"
        return say(f"territory.{key}", lang, tracks=listing(tracks, lang))
    known = f"territory.lane_{lane}"
    return say(known, lang) if known in catalogue(lang) else lane.replace("_", " ").capitalize()


def _item(row: dict[Any, Any], lang: str) -> Item:
    """Return an event; one known only to a year or between two days is a bar."""
    start, precision = pd.Timestamp(row["start"]), str(row["date_precision"])
    end = start if pd.isna(row["end"]) else pd.Timestamp(row["end"])
    if precision in ("year", "month"):
        span = pd.Period(start, freq="Y" if precision == "year" else "M")
        start, end = span.start_time, max(end, span.end_time)
    form = {"year": "year", "month": "month", "range": "month"}.get(precision, "short")
    when = date(start.date(), lang, precision=form)
    until = date(end.date(), lang, precision=form)
    if until != when:
        when = f"{when.removesuffix(f' {end.year}')}–{until}"
    title = str(row["title"])
    first, last = day_number(start), day_number(end)
    last = last if last - first > _POINT_DAYS else first
    return Item(first, last, title, f"{title}, {when}", when, int(row["rank"]) <= NAMED)


def packed(
    items: Sequence[Item], start: float, scale: float, wide: float
) -> list[list[tuple[Item, bool]]]:
    """Put items in rows so that no words touch; True: the words stand left of the mark.

    Parameters
    ----------
    start, scale, wide
        First day, points to a day, and width in points.

    Returns
    -------
    rows
        Those without words share the last one.
    """
    rows: list[list[tuple[Item, bool]]] = []
    taken: list[list[tuple[float, float]]] = []
    for item in sorted((one for one in items if one.named), key=lambda one: one.first):
        left, right = (item.first - start) * scale - 5, (item.last - start) * scale + 5
        words = text_width(item.text, TEXT.size) + 8
        before = right + words > wide
        ends = (left - words, right) if before else (left, right + words)
        free = (
            n for n, row in enumerate(taken) if all(ends[1] <= a or ends[0] >= b for a, b in row)
        )
        place = next(free, len(rows))
        if place == len(rows):
            rows.append([])
            taken.append([])
        rows[place].append((item, before))
        taken[place].append(ends)
    marks = [(item, False) for item in items if not item.named]
    return [*rows, marks] if marks else rows
