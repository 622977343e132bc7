"""Parquet files of points, with or without a column of geometry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import DataError, Fault
from territory.points.projection import DEGREES, projection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Bytes of a column that are fetched at a time, however long its row group is.
_BUFFER = 1 << 20


def opened(file: Path) -> tuple[list[str], str, str, dict[str, str]]:
    """Return headings, the column of points, its projection, and time zones by column."""
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetFile(file) as source:
        schema = source.schema_arrow
    geometry, crs = _geo(schema.metadata or {}, file.name)
    stamps = (one for one in schema if pa.types.is_timestamp(one.type) and one.type.tz)
    return list(schema.names), geometry, crs, {one.name: one.type.tz for one in stamps}


def partitions(
    file: Path, names: list[str], *, rows: int, geo: tuple[str, str] | None
) -> Iterator[Any]:
    """Yield Arrow tables of at most `rows` rows with the columns `names`.

    Parameters
    ----------
    geo
        Column of points and projection that the file must state, where its points are read.
    """
    import pyarrow as pa
    from pyarrow import parquet

    # Without reading ahead: the next row group is not in memory while this one is counted.
    with parquet.ParquetFile(file, pre_buffer=False, buffer_size=_BUFFER) as source:
        schema = source.schema_arrow
        demand_columns(schema.names, names, file.name)
        if geo:
            _demand_same(_geo(schema.metadata or {}, file.name), geo, file.name)
        for batch in source.iter_batches(batch_size=rows, columns=names):
            yield pa.Table.from_batches([batch])


def demand_columns(headings: list[str], names: list[str], file: str) -> None:
    """Refuse a file, or a later part of a folder, without one of the columns."""
    absent = ", ".join(name for name in names if name not in headings)
    if absent:
        found = ", ".join(headings[:20])
        raise DataError(Fault("points_no_column", file=file, value=absent, found=found))


def _demand_same(found: tuple[str, str], first: tuple[str, str], file: str) -> None:
    """Refuse a part of a folder whose points are somewhere else than those of the first."""
    if found == first:
        return
    both = found[0] == first[0] and bool(found[1]) == bool(first[1])
    if not both or projection(found[1]) != projection(first[1]):
        raise DataError(Fault("points_parts_differ", file=file))


def _geo(metadata: dict[bytes, bytes], label: str) -> tuple[str, str]:
    """Return the column of points and its projection, as a GeoParquet file states them."""
    if b"geo" not in metadata:
        return "", ""
    try:
        geo = json.loads(metadata[b"geo"])
        column = str(geo["primary_column"])
        entry = geo["columns"][column]
    except (ValueError, KeyError, TypeError):
        raise DataError(Fault("points_bad_geo", file=label)) from None
    if entry.get("encoding") not in ("WKB", "point"):
        raise DataError(Fault("points_not_points", file=label, value=entry.get("encoding")))
    # By its rules a file that says nothing is in degrees; one that says null does not know.
    crs = entry.get("crs", {"id": {"authority": "OGC", "code": "CRS84"}})
    if crs is None:
        return column, ""
    return column, DEGREES if list(crs) == ["id"] else json.dumps(crs)
