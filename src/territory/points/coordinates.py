"""Two columns of numbers, or one of points, to coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from territory.points.columns import Columns


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
        (x, no_x), (y, no_y) = (_numbers(table.column(name)) for name in (columns.x, columns.y))
        empty = no_x | no_y
    missing = ~(np.isfinite(x) & np.isfinite(y))
    return np.where(missing, np.nan, x), np.where(missing, np.nan, y), missing & ~empty


def _numbers(column: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return a column as floats, and which of its cells are empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    empty = column.is_null(nan_is_null=True).to_numpy()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.utf8_trim_whitespace(column)
    try:
        numbers = pc.cast(column, pa.float64(), safe=False).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        numbers = _forgiving(column)
    return np.asarray(numbers, dtype=float), np.asarray(empty)


def _forgiving(column: Any) -> np.ndarray:
    """Read a block cell by cell, with a decimal comma where there is one."""
    import pandas as pd

    texts = pd.Series(column.to_pylist(), dtype=object).astype("string")
    texts = texts.str.replace(",", ".", regex=False)
    return pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _points(column: Any, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x and y of a column of points, written as binary or as a pair of numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import shapely

    column = column.combine_chunks()
    column = getattr(column, "storage", column)
    empty = column.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_struct(column.type):
        x, y = (pc.struct_field(column, axis).to_numpy(zero_copy_only=False) for axis in "xy")
        return x.astype(float), y.astype(float), empty
    try:
        points = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
    except (shapely.errors.GEOSException, TypeError):
        raise DataError(Fault("points_bad_geo", file=name)) from None
    kinds = shapely.get_type_id(points)
    if not np.isin(kinds, (-1, 0)).all():
        kind = points[~np.isin(kinds, (-1, 0))][0].geom_type
        raise DataError(Fault("points_not_points", file=name, value=kind))
    # An empty point is a way to write that there is none.
    return shapely.get_x(points), shapely.get_y(points), empty | shapely.is_empty(points)
