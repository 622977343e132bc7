"""The one function that counts a partition, here or on another machine, and how parts are summed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from territory.points.cells import MISSING, texts
from territory.points.coordinates import coordinates
from territory.points.engines import located
from territory.points.projection import off_scale, projected, swapped
from territory.points.times import periods

if TYPE_CHECKING:
    from collections.abc import Iterable

    from territory.points.areas import Areas
    from territory.points.columns import Columns

_KEY = ["unit", "period", "group"]


@dataclass(frozen=True)
class Recipe:
    """How points are counted.

    Parameters
    ----------
    columns
        What is read.
    by
        A name in `territory.points.lengths.LENGTHS`, or ``total`` for one period without dates.
    crs
        Projection of the coordinates.
    engine
        Which library finds the unit.
    date_format
        How dates are written that are not ISO.
    time_zone
        Where the days are that times with an offset are counted on.
    """

    columns: Columns
    by: str
    crs: str
    engine: str
    date_format: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class Tally:
    """What became of each point; the first sum always holds.

    ``points = assigned + outside + undated + without_coordinates``. The others say more of one
    of these: `on_border` and `ungrouped` of the assigned, `swapped` and `off_scale` of those with
    coordinates, the unreadable ones of those without a date or a place.
    """

    points: int = 0
    assigned: int = 0
    outside: int = 0
    undated: int = 0
    without_coordinates: int = 0
    on_border: int = 0
    ungrouped: int = 0
    swapped: int = 0
    off_scale: int = 0
    unreadable_dates: int = 0
    unreadable_coordinates: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return the tally of both."""
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


class Counted(NamedTuple):
    """Counts of one or more partitions, and what became of their points.

    Parameters
    ----------
    counts
        Arrow table ``unit`` (place in the codes), ``period`` (its first day, in days since 1970), ``group``
        (text, empty where there is none), ``count``; no row twice.
    tally
        What became of each point.
    """

    counts: Any
    tally: Tally


def counts_of_partition(table: Any, areas: Areas, recipe: Recipe) -> Counted:
    """Count one partition. Pure: the same rows give the same answer on any machine.

    A point without coordinates is not asked for its date, one without a date not for its unit.

    Parameters
    ----------
    table
        Arrow table with the columns of `recipe`.
    areas
        The units.
    recipe
        How to count.
    """
    x, y, bad_place = coordinates(table, recipe.columns)
    placed = ~np.isnan(x)
    period, undated, bad_date = _periods(table, recipe)
    asked = np.flatnonzero(placed & ~undated)
    unit, on_border = located(
        *_inside_reach(x[asked], y[asked], areas, recipe), engine=recipe.engine
    )
    found = unit >= 0
    rows = asked[found]
    group = _groups(table, rows, recipe.columns.group)
    tally = Tally(
        points=len(x),
        assigned=len(rows),
        outside=len(asked) - len(rows),
        undated=int((placed & undated).sum()),
        without_coordinates=int((~placed).sum()),
        on_border=int(on_border.sum()),
        ungrouped=_empty(group) if recipe.columns.group else 0,
        unreadable_dates=int((placed & bad_date).sum()),
        unreadable_coordinates=int(bad_place.sum()),
        **_misplaced(x[placed], y[placed], areas, recipe),
    )
    return Counted(_summed(unit[found], period[rows], group), tally)


def merged(parts: Iterable[Counted]) -> Counted:
    """Return the sums of counted partitions; their order makes no difference."""
    import pyarrow as pa

    parts = list(parts)
    joined = pa.concat_tables([part.counts for part in parts])
    counts = joined.group_by(_KEY).aggregate([("count", "sum")])
    counts = counts.rename_columns([*_KEY, "count"])
    return Counted(counts, sum((part.tally for part in parts), Tally()))


def nothing() -> Counted:
    """Return the count of no points."""
    import pyarrow as pa

    none = np.empty(0, dtype=np.int64)
    return Counted(_summed(none, none, pa.array([], pa.string())), Tally())


def _periods(table: Any, recipe: Recipe) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return first days since 1970, which rows have no date, and which hold no readable one."""
    if recipe.by == "total":
        never = np.zeros(table.num_rows, dtype=bool)
        return np.zeros(table.num_rows, dtype=np.int64), never, never
    name = recipe.columns.date
    period, unreadable = periods(
        table.column(name), name=name, by=recipe.by, date_format=recipe.date_format,
        time_zone=recipe.time_zone,
    )  # fmt: skip
    return period.astype(np.int64), np.isnat(period), unreadable


def _inside_reach(
    x: np.ndarray, y: np.ndarray, areas: Areas, recipe: Recipe
) -> tuple[np.ndarray, np.ndarray, Areas]:
    """Return coordinates in the projection of the units; what cannot be there is far outside."""
    x, y = projected(x, y, crs=recipe.crs, to=areas.crs)
    nowhere = ~(np.isfinite(x) & np.isfinite(y))
    west, south, _, _ = areas.bounds
    return np.where(nowhere, west - 1, x), np.where(nowhere, south - 1, y), areas


def _misplaced(x: np.ndarray, y: np.ndarray, areas: Areas, recipe: Recipe) -> dict[str, int]:
    turned = swapped(x, y, crs=recipe.crs, to=areas.crs, bounds=areas.bounds)
    return {
        "swapped": int(turned.sum()),
        "off_scale": int(off_scale(x, y, crs=recipe.crs).sum()),
    }


def _groups(table: Any, rows: np.ndarray, name: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not name:
        return pa.repeat("", len(rows))
    text = texts(table.column(name).take(rows), name).fill_null("")
    empty = pc.is_in(text, value_set=pa.array(MISSING))
    return pc.if_else(empty, "", text).combine_chunks()


def _empty(group: Any) -> int:
    import pyarrow.compute as pc

    return pc.sum(pc.equal(group, "")).as_py() or 0


def _summed(unit: np.ndarray, period: np.ndarray, group: Any) -> Any:
    import pyarrow as pa

    table = pa.table([unit, period, group], names=_KEY)
    counts = table.group_by(_KEY).aggregate([([], "count_all")])
    return counts.rename_columns([*_KEY, "count"])
