"""Two columns of numbers, or one of points, to coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from territory.evidence.schema import DataError, Fault
from territory.points.cells import MISSING, texts

if TYPE_CHECKING:
    from territory.points.columns import Columns

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"

_POINT = b"\x01\x01\x00\x00\x00"


def coordinates(table: Any, columns: Columns) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x and y of each row, and which rows hold something that is no coordinate.

    Returns
    -------
    x, y
        Finite floats; both are not numbers where either is missing.
    unreadable
        True where a coordinate is missing although its cell is not empty.
    """
    if columns.geometry:
        x, y, empty = _points(table.column(columns.geometry), columns.geometry)
    else:
        (x, no_x), (y, no_y) = (
            _numbers(table.column(name), name) for name in (columns.x, columns.y)
        )
        empty = no_x | no_y
    missing = ~(np.isfinite(x) & np.isfinite(y))
    return np.where(missing, np.nan, x), np.where(missing, np.nan, y), missing & ~empty


def _numbers(column: Any, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a column as floats, and which of its cells are empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        empty = column.is_null(nan_is_null=True).to_numpy()
        return np.asarray(column.to_numpy(), dtype=float), np.asarray(empty)
    column = texts(column, name)
    try:
        numbers = pc.cast(column, pa.float64())
    except pa.ArrowInvalid:
        numbers = _forgiving(column)
    found = np.asarray(numbers.to_numpy(), dtype=float)
    if np.isfinite(found).all():
        return found, np.zeros(len(found), dtype=bool)
    return found, np.asarray(pc.is_in(column, value_set=pa.array([*MISSING, None])).to_numpy())


def _forgiving(column: Any) -> Any:
    """Read a block that has cells with a decimal comma, or that are no number at all.

    By the same parser as a block without, so that no cell depends on its neighbours.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    written = pc.replace_substring(column, ",", ".")
    plain = pc.match_substring_regex(written, _NUMBER)
    return pc.cast(pc.if_else(plain, written, pa.scalar(None, pa.string())), pa.float64())


def _points(column: Any, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x and y of a column of points, written as binary or as a pair of numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = column.combine_chunks()
    column = getattr(column, "storage", column)
    empty = column.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_struct(column.type):
        x, y = (pc.struct_field(column, axis).to_numpy(zero_copy_only=False) for axis in "xy")
        x, y = x.astype(float), y.astype(float)
        # In this form an empty point is a pair of no numbers.
        return x, y, empty | (np.isnan(x) & np.isnan(y))
    x, y = np.full((2, len(column)), np.nan)
    x[~empty], y[~empty] = _from_binary(column.drop_null(), name)
    return x, y, empty | (np.isnan(x) & np.isnan(y))


def _from_binary(column: Any, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of a column of well-known binary without nulls; empty points have none."""
    import shapely

    plain = _plain(column)
    if plain is not None:
        return plain
    try:
        points = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
    except (shapely.errors.GEOSException, TypeError):
        raise DataError(Fault("points_bad_geo", file=name)) from None
    kinds = shapely.get_type_id(points)
    if not np.isin(kinds, (-1, 0)).all():
        kind = points[~np.isin(kinds, (-1, 0))][0].geom_type
        raise DataError(Fault("points_not_points", file=name, value=kind))
    # An empty point is a way to write that there is none; it has no x to ask for.
    points[shapely.is_empty(points)] = None
    return shapely.get_x(points), shapely.get_y(points)


def _plain(column: Any) -> tuple[np.ndarray, np.ndarray] | None:
    """Return x and y where all points are written alike, as nearly always; else nothing.

    A plane point, its low bytes first, is the bytes 1, 1, 0, 0, 0 and two floats. To copy them
    takes a fifth of the time that it takes to make geometries.
    """
    import pyarrow as pa

    if not pa.types.is_binary(column.type) or not len(column):
        return None
    _, offsets, values = column.buffers()
    edges = np.frombuffer(offsets, dtype=np.int32)[column.offset :][: len(column) + 1]
    if (np.diff(edges) != len(_POINT) + 16).any():
        return None
    written = np.frombuffer(values, dtype=np.uint8)[edges[0] : edges[-1]].reshape(len(column), -1)
    if (written[:, : len(_POINT)] != np.frombuffer(_POINT, dtype=np.uint8)).any():
        return None
    x, y = written[:, len(_POINT) :].copy().view("<f8").T
    return x, y
