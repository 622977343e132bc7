"""From the projection of the points to that of the units, and what does not fit the first."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    import pyproj

#: What coordinates are where neither the file nor anybody says it: longitude and latitude.
DEGREES = "OGC:CRS84"


@lru_cache(maxsize=32)
def projection(crs: str) -> pyproj.CRS:
    """Return a projection by any name that PROJ knows.

    Raises
    ------
    DataError
        When PROJ does not know it.
    """
    import pyproj
    from pyproj.exceptions import CRSError

    try:
        return pyproj.CRS.from_user_input(crs)
    except CRSError:
        raise DataError(Fault("points_bad_crs", value=crs[:60])) from None


def short_name(crs: str) -> str:
    """Return what a report calls a projection: its code, or its name where it has none."""
    known = projection(crs)
    authority = known.to_authority(min_confidence=100)
    return ":".join(authority) if authority else str(known.name)


def projected(x: np.ndarray, y: np.ndarray, *, crs: str, to: str) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates in another projection; infinite where they cannot be there."""
    if _same(crs, to):
        return x, y
    moved = _transformer(crs, to).transform(x, y)
    return np.asarray(moved[0]), np.asarray(moved[1])


def off_scale(x: np.ndarray, y: np.ndarray, *, crs: str) -> np.ndarray:
    """Tell which points are degrees off the globe, or metres that look like degrees."""
    like_degrees: np.ndarray = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    return ~like_degrees if projection(crs).is_geographic else like_degrees


def swapped(
    x: np.ndarray, y: np.ndarray, *, crs: str, to: str, bounds: tuple[float, float, float, float]
) -> np.ndarray:
    """Tell which points lie among the units only when x and y change places."""
    west, south, east, north = _bounds_there(crs, to, bounds)
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    mirrored = (y >= west) & (y <= east) & (x >= south) & (x <= north)
    return mirrored & ~inside


@lru_cache(maxsize=32)
def _same(crs: str, other: str) -> bool:
    # x is east in every table of points, so the order of the axes makes no difference.
    same: bool = projection(crs).equals(projection(other), ignore_axis_order=True)
    both = _is_wgs84(crs) and _is_wgs84(other)
    return same or both


def _is_wgs84(crs: str) -> bool:
    """Tell whether a projection is longitude and latitude of WGS 84, by whichever authority."""
    return projection(crs).to_authority() in {("OGC", "CRS84"), ("EPSG", "4326")}


@lru_cache(maxsize=32)
def _transformer(crs: str, to: str) -> pyproj.Transformer:
    import pyproj
    from pyproj import network

    # Grids of corrections are used where they are installed; none is ever fetched.
    network.set_network_enabled(active=False)  # type: ignore[attr-defined]
    return pyproj.Transformer.from_crs(projection(crs), projection(to), always_xy=True)


@lru_cache(maxsize=32)
def _bounds_there(
    crs: str, to: str, bounds: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    if _same(crs, to):
        return bounds
    west, south, east, north = _transformer(to, crs).transform_bounds(*bounds)
    return float(west), float(south), float(east), float(north)
