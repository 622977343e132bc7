"""How many between two dates: a ledger of totals over years, months and odd spans.

Every total is an edge between two dates, its first day and the day after its
last. The count of a window is a path of edges from its first day to the day
after its last: an edge walked forward is added, an edge walked backward
subtracted. March to December 2012 is the year less January and less February.
"""

from __future__ import annotations

import heapq
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from territory.evidence.schema import DataError, Fault, unknown
from territory.measures.ledger import (
    COST,
    DAY,
    GRADES,
    Edge,
    components,
    edges_of,
    iso,
    neighbours_of,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from territory.evidence.periods import Window
    from territory.measures.ledger import Step

_Path: TypeAlias = list[tuple[int, Edge]]


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
    found = composed(edges_of(observations), window, institution=institution)
    rows, each = _rows(found.path), _by_institution(found.alone)
    return WindowCount(window, found.count, rows, found.low, found.high, each)


@dataclass(frozen=True)
class Composed:
    """What `window_count` puts in tables: the path chosen, and those of single institutions."""

    path: _Path
    alone: list[_Path]
    low: int
    high: int

    @property
    def count(self) -> int:
        """The sum of the path."""
        return _sum(self.path)

    @property
    def institutions(self) -> tuple[str, ...]:
        """As `WindowCount.institutions`."""
        return tuple(sorted({edge.institution for _, edge in self.path}))


def composed(edges: Sequence[Edge], window: Window, *, institution: str | None = None) -> Composed:
    """Compose as `window_count`, from observations that were read before."""
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
    return Composed(best, alone, *_range(best, alone, edges))


def _compositions(
    edges: Sequence[Edge], window: Window, choices: Iterable[tuple[str, ...]]
) -> list[_Path]:
    """Return the cheapest path within each choice of institutions that has one."""
    paths = (_path([e for e in edges if e.institution in chosen], window) for chosen in choices)
    # Totals that contradict each other can leave less than nothing: that is no answer.
    return [path for path in paths if path is not None and _sum(path) >= 0]


def _mixture(edges: Sequence[Edge], window: Window, known: Sequence[str]) -> _Path | None:
    """Return the cheapest path over as few institutions as possible."""
    if _path(edges, window) is None:
        return None
    for size in range(2, len(known) + 1):
        mixed = _compositions(edges, window, combinations(known, size))
        if mixed:
            return min(mixed, key=_cost)
    return None


def _path(edges: Sequence[Edge], window: Window) -> _Path | None:
    """Return the cheapest path from the window's first day to the day after its last (Dijkstra)."""
    neighbours = neighbours_of(edges)
    goal = window.last + DAY
    came_from: dict[datetime.date, Step | None] = {}
    queue: list[tuple[int, int, datetime.date, Step | None]] = [(0, 0, window.first, None)]
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


def _range(best: _Path, alone: Sequence[_Path], edges: Sequence[Edge]) -> tuple[int, int]:
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
    cells = [{"sign": sign, **asdict(e), "end": e.end - DAY} for sign, e in ordered]
    return pd.DataFrame(cells).rename(columns={"name": "observation"}).set_index("observation")


def _by_institution(alone: Sequence[_Path]) -> pd.Series:
    counts = {path[0][1].institution: _sum(path) for path in alone}
    return pd.Series(counts, name="count", dtype="int64").rename_axis("institution")


def _sum(path: _Path) -> int:
    return sum(sign * edge.count for sign, edge in path)


def _cost(path: _Path) -> int:
    return sum(COST[edge.quality] for _, edge in path)


def _not_composed(edges: Sequence[Edge], window: Window, institution: str | None) -> DataError:
    near, who = ", ".join(_nearest(edges, window)), f" ({institution})" if institution else ""
    return DataError(Fault("window_not_composed", window=window.text, who=who, near=near or "–"))


def _nearest(edges: Sequence[Edge], window: Window, *, most: int = 3) -> list[str]:
    """Return the windows that can be composed and move the two ends by the fewest days."""
    goal, found = window.last + DAY, []
    for component in components(neighbours_of(edges)):
        for first, end in combinations(sorted(component), 2):
            moved = abs((first - window.first).days) + abs((end - goal).days)
            found.append((moved, first, end))
    return [iso(first, end - DAY) for _, first, end in heapq.nsmallest(most, found)]
