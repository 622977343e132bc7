"""What overlay and borders ask of shapes: one projection in metres, polygons that are whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from territory.evidence.schema import DataError, Fault, shape_faults

if TYPE_CHECKING:
    import geopandas
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]


def project(*named: tuple[str, geopandas.GeoDataFrame], crs: str) -> list[Any]:
    """Return frames of polygons in one projection in metres.

    Parameters
    ----------
    named
        Pairs of a name for messages and a frame that states its projection.
    crs
        A projection in metres that suits the place.

    Raises
    ------
    DataError
        With every fault of every frame: no projection, `crs` not in metres, shapes that are
        empty, broken or no polygons, coordinates that cannot be, a row twice.
    """
    faults: list[Fault] = []
    if not _in_metres(crs):
        faults.append(
            Fault("not_in_metres", argument="crs", found=crs, allowed="EPSG:32616 (UTM 16 N)")
        )
    for name, frame in named:
        faults += shape_faults(frame, argument=name)
    if faults:
        raise DataError(*faults)
    projected = [frame.to_crs(crs) for _, frame in named]
    for (name, _), frame in zip(named, projected, strict=True):
        if len(frame) and not np.isfinite(frame.total_bounds).all():
            raise DataError(Fault("off_the_globe", argument=name, found="∞"))
    return projected


def _in_metres(crs: str) -> bool:
    """Tell whether a projection is one, and measures in metres."""
    import pyproj

    try:
        known = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        return False
    return bool(known.is_projected and known.axis_info[0].unit_name == "metre")


def pairs(one: Shapes, other: Shapes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the positions of all pairs of shapes that share a point."""
    found = shapely.STRtree(other).query(one, predicate="intersects")
    return found[0], found[1]


def polygons(shapes: Shapes) -> Shapes:
    """Drop lines and points that an intersection leaves where shapes only touch."""
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    clean = shapes.copy()
    for position in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapes[position])
        clean[position] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return clean


def united(shapes: Shapes, group: NDArray[np.intp], *, n: int) -> Shapes:
    """Join the shapes of each group 0 to ``n - 1``; a group without any is an empty shape."""
    joined: Shapes = np.full(n, shapely.Polygon(), dtype=object)
    by_size: dict[int, list[tuple[int, NDArray[np.intp]]]] = {}
    for which, part in members(group):
        by_size.setdefault(len(part), []).append((which, part))
    # Groups of one size are joined in one call: a call for each would cost more than the work.
    for size, groups in by_size.items():
        rows = shapes[np.stack([part for _, part in groups])]
        found = rows[:, 0] if size == 1 else shapely.union_all(rows, axis=1)
        joined[[which for which, _ in groups]] = found
    return joined


def members(group: NDArray[np.intp]) -> list[tuple[int, NDArray[np.intp]]]:
    """Return the groups that have members, in order, each with the positions of its own."""
    order = np.argsort(group, kind="stable")
    values, starts = np.unique(group[order], return_index=True)
    parts = np.split(order, starts[1:])
    return [(int(value), part) for value, part in zip(values, parts, strict=len(values) > 0)]
