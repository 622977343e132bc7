"""Totals between two days as a graph of dates: what windows and spans are composed on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

# What one row costs a path, by its grade. A figure read off a chart is the last
# resort: six published rows are preferred to one of them.
COST = {"published": 4, "quoted": 5, "derived": 8, "preliminary": 16, "digitised": 24}
GRADES = tuple(COST)
ALLOWED = ", ".join(GRADES)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Edge:
    """One observation between the two dates that it joins."""

    name: str
    start: datetime.date
    end: datetime.date  # the day after the last
    count: int
    institution: str
    quality: str
    source: str

    @property
    def grade(self) -> int:
        """Place of its quality in `GRADES`: 0 is the best."""
        return GRADES.index(self.quality)


Step: TypeAlias = tuple[datetime.date, int, Edge]  # where to or where from, sign, row
Graph: TypeAlias = dict[datetime.date, list[Step]]


def edges_of(observations: pd.DataFrame) -> list[Edge]:
    """Return the rows that have a count, in the order of their names."""
    faults = [
        Fault("mixed_observations", column=column, values=", ".join(map(str, values[:5])))
        for column in ("unit", "outcome")
        if column in observations and len(values := observations[column].unique()) > 1
    ]
    columns = ["start", "end", "count", "institution", "quality", "source"]
    rows = observations.loc[observations["count"].notna(), columns].sort_index()
    rows = rows.assign(**{end: pd.to_datetime(rows[end]).dt.date for end in ("start", "end")})
    edges = [
        Edge(str(name), start, end + DAY, int(count), *rest)
        for name, start, end, count, *rest in rows.itertuples(name=None)
    ]
    for edge in edges:
        if edge.quality not in COST or edge.count < 0 or edge.end <= edge.start:
            what = f"{edge.start} – {edge.end - DAY}, {edge.count}, {edge.quality}"
            faults.append(Fault("bad_observation", row=edge.name, value=what, grades=ALLOWED))
    if faults:
        raise DataError(*faults)
    return edges


def neighbours_of(edges: Sequence[Edge]) -> Graph:
    """Return, for each date, where each observation leads from it."""
    neighbours: Graph = {}
    for edge in edges:
        neighbours.setdefault(edge.start, []).append((edge.end, 1, edge))
        neighbours.setdefault(edge.end, []).append((edge.start, -1, edge))
    return neighbours


def components(neighbours: Graph) -> list[set[datetime.date]]:
    """Return the sets of dates that paths join."""
    components: list[set[datetime.date]] = []
    seen: set[datetime.date] = set()
    for date in neighbours:
        if date in seen:
            continue
        component, frontier = {date}, [date]
        while frontier:
            reached = {there for there, _, _ in neighbours[frontier.pop()]} - component
            component |= reached
            frontier += reached
        components.append(component)
        seen |= component
    return components


def iso(first: datetime.date, last: datetime.date) -> str:
    """Write a window as `Window.parse` reads it, in whole years or months where it has them."""
    whole_months = first.day == 1 and (last + DAY).day == 1
    whole_years = whole_months and first.month == 1 and last.month == 12
    length = 4 if whole_years else 7 if whole_months else 10
    start, end = first.isoformat()[:length], last.isoformat()[:length]
    return start if start == end else f"{start}:{end}"
