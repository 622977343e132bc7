"""Dots and stripes inside units: ground on which several actors, or none alone, are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import PathCollection
from matplotlib.path import Path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from territory.pictures.scales import LegendItem

PATTERNS = ("dots", "stripes")
# In points: distance of dots and their radius, width of a stripe.
_STEP, _RADIUS, _BAND = 4.6, 1.45, 3.6


def lay_patterns(
    axes: Any, areas: Iterable[tuple[Any, LegendItem]], *, point: float, fine: float = 1.0
) -> None:
    """Draw the pattern of each area over its fill; other classes are left alone.

    Parameters
    ----------
    axes
        What is drawn on.
    areas
        Polygons in the units of the axes, each with its class.
    point
        Length of a point in units of the axes.
    fine
        Smaller than 1 where the map is small: the pattern shrinks less than the map.
    """
    size = point * max(fine, 0.7)
    shapes: dict[str, list[Any]] = {}
    for area, item in areas:
        if item.pattern in PATTERNS:
            parts = (
                _dots(area, item, size) if item.pattern == "dots" else _stripes(area, item, size)
            )
            for color, part in parts:
                shapes.setdefault(color, []).append(part)
    for color, parts in shapes.items():
        paths = [path for part in parts for path in _paths(part)]
        axes.add_collection(
            PathCollection(paths, facecolors=color, linewidths=0, gid=f"pattern:{color}"),
            autolim=False,
        )


def _dots(area: Any, item: LegendItem, size: float) -> list[tuple[str, Any]]:
    """Return discs on a grid of the whole axes, so that neighbours share it."""
    colors = (item.color, *item.others)
    x, y, turn = _grid(area, _STEP * size)
    inside = shapely.contains_xy(shapely.buffer(area, -_RADIUS * size * 0.8), x, y)
    if not inside.any():
        middle = shapely.point_on_surface(area)
        x, y, turn, inside = (
            np.array([middle.x]),
            np.array([middle.y]),
            np.array([0]),
            np.array([True]),
        )
    found = []
    for place, color in enumerate(colors):
        mine = inside & (turn % len(colors) == place)
        discs = shapely.buffer(shapely.points(x[mine], y[mine]), _RADIUS * size, quad_segs=4)
        found.append((color, shapely.multipolygons(discs)))
    return found


def _grid(area: Any, step: float) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    left, bottom, right, top = area.bounds
    columns = np.arange(np.floor(left / step), np.ceil(right / step) + 1)
    rows = np.arange(np.floor(bottom / step), np.ceil(top / step) + 1)
    column, row = (part.ravel() for part in np.meshgrid(columns, rows))
    # Every other row is moved by half a step.
    return (column + (row % 2) / 2) * step, row * step, (column + row).astype(int)


def _stripes(area: Any, item: LegendItem, size: float) -> list[tuple[str, Any]]:
    """Return diagonal bands of each colour but the first, which is the fill."""
    colors = (item.color, *item.others)
    left, bottom, right, top = area.bounds
    width = _BAND * size * np.sqrt(2)  # along the foot of the area, as bands rise at 45°
    high = top - bottom
    first, last = int((left - high) // width) - 1, int(right // width) + 1
    found = []
    for place, color in enumerate(colors[1:], start=1):
        starts = [n * width for n in range(first, last + 1) if n % len(colors) == place]
        bands = [
            shapely.Polygon(
                [(x, bottom), (x + width, bottom), (x + width + high, top), (x + high, top)]
            )
            for x in starts
        ]
        found.append((color, shapely.intersection(shapely.multipolygons(bands), area)))
    return found


def _paths(shape: Any) -> list[Path]:
    parts = shapely.get_parts(shape)
    polygons = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygons)]
    return [Path(ring, closed=True) for ring in rings]
