"""How many between two dates: a ledger of totals over years, months and odd spans.

Every total is an edge between two dates, its first day and the day after its
last. The count of a window is a path of edges from its first day to the day
after its last: an edge walked forward is added, an edge walked backward
subtracted. March to December 2012 is the year less January and less February.
"""

from __future__ import annotations

import datetime
import heapq
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from territory.evidence.schema import DataError, Fault, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from territory.evidence.periods import Window

# What one row costs a path, by its grade. A figure read off a chart is the last
# resort: six published rows are preferred to one of them.
COST = {"published": 4, "quoted": 5, "derived": 8, "preliminary": 16, "digitised": 24}
GRADES = tuple(COST)
_ALLOWED = ", ".join(GRADES)
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, eq=False)
class WindowCount:
    """The count of a window, and how it was composed.

    Parameters
    ----------
    window
        The days counted, both ends included.
    count
        The sum of `terms`.
    rows
        The observations used, index ``observation``, added ones first; columns
        ``sign`` (1 or -1), ``start``, ``end``, ``count``, ``institution``,
        ``quality``, ``source``.
    low, high
        Range of the count when sources disagree: over the institutions that
        can answer alone, and over an institution's other figures for the same
        days. A preliminary or digitised figure counts only if `rows` has one.
    by_institution
        Count of each institution that can answer alone, index ``institution``.
    """

    window: Window
    count: int
    rows: pd.DataFrame
    low: int
    high: int
    by_institution: pd.Series

    @property
    def days(self) -> int:
        """Number of days."""
        return self.window.days

    @property
    def per_day(self) -> float:
        """Mean count a day."""
        return self.count / self.days

    @property
    def terms(self) -> tuple[int, ...]:
        """The signed numbers that sum to the count: ``(2594, -413, -402)``."""
        return tuple(int(term) for term in self.rows["sign"] * self.rows["count"])

    @property
    def institutions(self) -> tuple[str, ...]:
        """Whose rows were used; more than one is a mixture, and must be said."""
        return tuple(sorted(self.rows["institution"].unique()))


@dataclass(frozen=True)
class _Edge:
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
        return GRADES.index(self.quality)


_Path: TypeAlias = list[tuple[int, _Edge]]
_Step: TypeAlias = tuple[datetime.date, int, _Edge]  # where to or where from, sign, row
_Graph: TypeAlias = dict[datetime.date, list[_Step]]


def window_count(
    observations: pd.DataFrame, window: Window, *, institution: str | None = None
) -> WindowCount:
    """Compose the count of a window from totals over other spans.

    Best-graded and fewest rows first (`COST`), and one institution wherever one
    alone can answer: institutions are mixed only when none can, and then as few
    as possible.

    Parameters
    ----------
    observations
        Index ``observation``; columns ``start``, ``end`` (dates, included),
        ``count`` (missing = row without a count, ignored), ``institution``,
        ``quality`` (one of `GRADES`), ``source``. One unit and one outcome.
    window
        The days wanted.
    institution
        Use only the rows of this one.

    Raises
    ------
    DataError
        When the window cannot be composed (the message names the nearest that
        can), or the observations mix units or outcomes, know no such
        institution, or hold a count, grade or date that is impossible.
    """
    edges = _edges(observations)
    known = sorted({edge.institution for edge in edges})
    if institution is not None:
        if institution not in known:
            raise unknown("institution", institution, known)
        edges = [edge for edge in edges if edge.institution == institution]
        known = [institution]
    alone = _compositions(edges, window, ((name,) for name in known))
    best = min(alone, key=_cost) if alone else _mixture(edges, window, known)
    if best is None:
        raise _not_composed(edges, window, institution)
    low, high = _range(best, alone, edges)
    return WindowCount(window, _sum(best), _rows(best), low, high, _by_institution(alone))


def _edges(observations: pd.DataFrame) -> list[_Edge]:
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
        _Edge(str(name), start, end + _DAY, int(count), *rest)
        for name, start, end, count, *rest in rows.itertuples(name=None)
    ]
    for edge in edges:
        if edge.quality not in COST or edge.count < 0 or edge.end <= edge.start:
            what = f"{edge.start} – {edge.end - _DAY}, {edge.count}, {edge.quality}"
            faults.append(Fault("bad_observation", row=edge.name, value=what, grades=_ALLOWED))
    if faults:
        raise DataError(*faults)
    return edges


def _compositions(
    edges: Sequence[_Edge], window: Window, choices: Iterable[tuple[str, ...]]
) -> list[_Path]:
    """Return the cheapest path within each choice of institutions that has one."""
    paths = (_path([e for e in edges if e.institution in chosen], window) for chosen in choices)
    # Totals that contradict each other can leave less than nothing: that is no answer.
    return [path for path in paths if path is not None and _sum(path) >= 0]


def _mixture(edges: Sequence[_Edge], window: Window, known: Sequence[str]) -> _Path | None:
    """Return the cheapest path over as few institutions as possible."""
    if _path(edges, window) is None:
        return None
    for size in range(2, len(known) + 1):
        mixed = _compositions(edges, window, combinations(known, size))
        if mixed:
            return min(mixed, key=_cost)
    return None


def _path(edges: Sequence[_Edge], window: Window) -> _Path | None:
    """Return the cheapest path from the window's first day to the day after its last (Dijkstra)."""
    neighbours = _neighbours(edges)
    goal = window.last + _DAY
    came_from: dict[datetime.date, _Step | None] = {}
    queue: list[tuple[int, int, datetime.date, _Step | None]] = [(0, 0, window.first, None)]
    order = 0
    while queue and goal not in came_from:
        cost, _, here, step = heapq.heappop(queue)
        if here in came_from:
            continue
        came_from[here] = step
        for there, sign, edge in neighbours.get(here, ()):
            order += 1  # equal costs keep the order of the observations' names
            heapq.heappush(queue, (cost + COST[edge.quality], order, there, (here, sign, edge)))
    if goal not in came_from:
        return None
    path: _Path = []
    step = came_from[goal]
    while step is not None:
        here, sign, edge = step
        path.append((sign, edge))
        step = came_from[here]
    return path[::-1]


def _neighbours(edges: Sequence[_Edge]) -> _Graph:
    neighbours: _Graph = {}
    for edge in edges:
        neighbours.setdefault(edge.start, []).append((edge.end, 1, edge))
        neighbours.setdefault(edge.end, []).append((edge.start, -1, edge))
    return neighbours


def _range(best: _Path, alone: Sequence[_Path], edges: Sequence[_Edge]) -> tuple[int, int]:
    """Return the least and greatest count that sources of fair grade allow."""
    fair = max(GRADES.index("derived"), *(edge.grade for _, edge in best))
    counts = [_sum(best)]
    counts += [_sum(path) for path in alone if all(edge.grade <= fair for _, edge in path)]
    low = high = 0
    for sign, used in best:
        same = [
            sign * edge.count
            for edge in edges
            if (edge.start, edge.end, edge.institution) == (used.start, used.end, used.institution)
            and edge.grade <= max(GRADES.index("derived"), used.grade)
        ]
        low, high = low + min(same), high + max(same)
    return max(min([*counts, low]), 0), max([*counts, high])


def _rows(path: _Path) -> pd.DataFrame:
    ordered = sorted(path, key=lambda step: (-step[0], step[1].start, step[1].name))
    cells = [{"sign": sign, **asdict(e), "end": e.end - _DAY} for sign, e in ordered]
    return pd.DataFrame(cells).rename(columns={"name": "observation"}).set_index("observation")


def _by_institution(alone: Sequence[_Path]) -> pd.Series:
    counts = {path[0][1].institution: _sum(path) for path in alone}
    return pd.Series(counts, name="count", dtype="int64").rename_axis("institution")


def _sum(path: _Path) -> int:
    return sum(sign * edge.count for sign, edge in path)


def _cost(path: _Path) -> int:
    return sum(COST[edge.quality] for _, edge in path)


def _not_composed(edges: Sequence[_Edge], window: Window, institution: str | None) -> DataError:
    near, who = ", ".join(_nearest(edges, window)), f" ({institution})" if institution else ""
    return DataError(Fault("window_not_composed", window=window.text, who=who, near=near or "–"))


def _nearest(edges: Sequence[_Edge], window: Window, *, most: int = 3) -> list[str]:
    """Return the windows that can be composed and move the two ends by the fewest days."""
    goal, found = window.last + _DAY, []
    for component in _components(_neighbours(edges)):
        for first, end in combinations(sorted(component), 2):
            moved = abs((first - window.first).days) + abs((end - goal).days)
            found.append((moved, first, end))
    return [_iso(first, end - _DAY) for _, first, end in heapq.nsmallest(most, found)]


def _components(neighbours: _Graph) -> list[set[datetime.date]]:
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


def _iso(first: datetime.date, last: datetime.date) -> str:
    """Write a window as `Window.parse` reads it, in whole years or months where it has them."""
    whole_months = first.day == 1 and (last + _DAY).day == 1
    whole_years = whole_months and first.month == 1 and last.month == 12
    length = 4 if whole_years else 7 if whole_months else 10
    start, end = first.isoformat()[:length], last.isoformat()[:length]
    return start if start == end else f"{start}:{end}"
