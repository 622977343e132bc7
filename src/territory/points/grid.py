"""Cells that lie wholly in one unit, or in none: their points need no question to a library.

The answer is exact, not near: a cell counts as inside a unit only if it still is when it is drawn
a hundredth wider on each side, which is far more than the rounding of its coordinates. Points in
every other cell are asked one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from territory.points.areas import Areas

#: What a cell holds whose points must be asked one by one.
ASK = -2
_OUTSIDE = -1
#: Cells along each side. More cells leave fewer points to ask, and take longer to draw.
SIDE = 256
#: Below so many points, drawing the grid takes longer than asking.
WORTH = 20_000
_MARGIN = 0.01


@dataclass(frozen=True, eq=False)
class Grid:
    """A grid over all units.

    Parameters
    ----------
    bounds
        West, south, east and north of the units.
    cells
        For each cell, row by row from the south-west: the place of the unit that it is wholly in,
        -1 wholly outside all, or `ASK`.
    """

    bounds: tuple[float, float, float, float]
    cells: np.ndarray

    def units(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the unit of each point as far as its cell says it, else `ASK`."""
        west, south, east, north = self.bounds
        beyond = (x < west) | (x > east) | (y < south) | (y > north)
        column, row = _step(x, west, east), _step(y, south, north)
        return np.where(beyond, _OUTSIDE, self.cells[row * SIDE + column])


@lru_cache(maxsize=4)
def grid_of(areas: Areas) -> Grid | None:
    """Return the grid of some units, drawn once; none where a cell is too small for its floats."""
    import shapely

    west, south, east, north = areas.bounds
    wide, high = (east - west) / SIDE, (north - south) / SIDE
    if min(wide, high) < 1e-9 * max(map(abs, areas.bounds)):
        return None
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    drawn = shapely.STRtree(
        shapely.box(
            west + (column - _MARGIN) * wide,
            south + (row - _MARGIN) * high,
            west + (column + 1 + _MARGIN) * wide,
            south + (row + 1 + _MARGIN) * high,
        )
    )
    _, touched = drawn.query(areas.shapes, predicate="intersects")
    units, inside = drawn.query(areas.shapes, predicate="contains_properly")
    touching = np.bincount(touched, minlength=SIDE * SIDE)
    cells = np.where(touching == 0, _OUTSIDE, ASK)
    alone = touching[inside] == 1
    cells[inside[alone]] = units[alone]
    return Grid(areas.bounds, cells)


def _step(values: np.ndarray, low: float, high: float) -> np.ndarray:
    steps = np.floor((values - low) / ((high - low) / SIDE))
    return np.clip(steps, 0, SIDE - 1).astype(np.int64)
