"""Areas: municipalities, departments, nation; old and new divisions; their shapes."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.schema import (
    Column,
    DataError,
    Fault,
    check,
    demand,
    no_rows,
    unknown_units,
)
from territory.evidence.sources import SourceCard, read_bytes, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas

#: Level of a unit for what was counted in an area but could not be placed in a finer one: it has
#: no shape and no population.
UNLOCATED = "unlocated"

#: Kinds of geometry that have an inside.
AREAS = ("Polygon", "MultiPolygon")

_UNIT_COLUMNS = (
    Column("unit"),
    Column("name"),
    Column("parent", required=False),
    Column("level"),
    Column("valid_from", required=False),
    Column("valid_to", required=False),
)
_GROUP_COLUMNS = (Column("unit"), Column("grouping"), Column("group"))


def read_units(file: Path, *, label: str | None = None) -> tuple[pd.DataFrame, SourceCard]:
    """Read the table of areas.

    Returns
    -------
    frame
        Index ``unit`` (text code); columns ``name``, ``parent``, ``level``,
        ``valid_from``, ``valid_to`` and what else the file has.
    card
        Its source card.

    Raises
    ------
    DataError
        For missing columns, empty cells, a code that occurs twice, or a parent
        that is no unit.
    """
    table, card = read_table(file, label=label)
    faults = check(table, _UNIT_COLUMNS, key=["unit"], file=card.file)
    demand(faults or no_rows(table, file=card.file))
    units = table.set_index("unit")
    demand(unknown_units(units["parent"], units.index, file=card.file, name="parent"))
    return units, card


def read_groups(
    file: Path, units: pd.DataFrame, *, label: str | None = None
) -> tuple[pd.DataFrame, SourceCard]:
    """Read memberships that are no hierarchy: columns ``unit``, ``grouping``, ``group``.

    Raises
    ------
    DataError
        For missing columns, a unit twice in one grouping, or an unknown unit.
    """
    table, card = read_table(file, label=label)
    demand(check(table, _GROUP_COLUMNS, key=["unit", "grouping"], file=card.file))
    demand(unknown_units(table["unit"], units.index, file=card.file))
    return table, card


def membership(
    by: str, units: pd.DataFrame, groups: pd.DataFrame, *, levels: Sequence[str]
) -> pd.Series:
    """Return the group of each finest unit: an area above it, itself, or a group of a grouping.

    Parameters
    ----------
    by
        ``total``, ``unit``, one of `levels`, or a grouping in `groups`.
    units, groups
        As the readers return them.
    levels
        Levels from the whole to the finest.

    Returns
    -------
    series
        Index: codes of the finest units, then of units of level ``unlocated`` (counted
        in the areas above them, in no finest one); missing where a unit belongs to no
        group.
    """
    codes = units.index[units["level"] == levels[-1]]
    known = codes.append(units.index[units["level"] == UNLOCATED])
    group = pd.Series(known, index=known, name="group")
    if by == "total":
        return group.map(lambda _: "total")
    if by in levels or by == "unit":
        wanted = levels[-1] if by == "unit" else by
        for _ in levels:
            there = group.map(units["level"]) == wanted
            group = group.where(there, group.map(units["parent"]))
        return group.where(group.map(units["level"]) == wanted)
    return groups[groups["grouping"] == by].set_index("unit")["group"].reindex(known)


def below(area: str, units: pd.DataFrame) -> list[str]:
    """Return the codes of all units inside an area, at every level."""
    children = list(units.index[units["parent"] == area])
    return children + [code for child in children for code in below(child, units)]


def read_shapes(
    file: Path, units: pd.DataFrame, *, label: str | None = None
) -> tuple[geopandas.GeoDataFrame, SourceCard]:
    """Read the shapes of areas from GeoJSON in longitude and latitude (WGS 84).

    Each feature names its unit by a property ``unit`` or by its id.

    Returns
    -------
    frame
        Index ``unit``; columns ``level`` and ``geometry``.
    card
        Its source card.

    Raises
    ------
    DataError
        For another projection, coordinates outside the globe, an empty or
        invalid shape, a shape without a unit, or a unit twice.
    """
    content, card = read_bytes(file, label=label)
    shapes = _geojson(content, card)
    if "unit" not in shapes and "id" in shapes:
        shapes = shapes.rename(columns={"id": "unit"})
    demand(_shape_faults(shapes, units, card.file))
    return shapes.set_index("unit")[["level", "geometry"]], card


def joined_at_date_line(shapes: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return shapes on both sides of the 180th meridian side by side: longitudes go on past 180.

    For maps that have no edge there; shapes elsewhere come back as they are.
    """
    import shapely

    x = shapely.get_coordinates(shapes.geometry.to_numpy())[:, 0]
    west, east = x[x < 0], x[x >= 0]
    if not len(west) or not len(east) or east.min() - west.max() < 180:
        return shapes
    moved = shapely.transform(
        shapes.geometry.to_numpy(), lambda at: at + [360, 0] * (at[:, :1] < 0)
    )
    return shapes.set_geometry(moved, crs=shapes.crs)


def read_places(file: Path, *, label: str | None = None) -> tuple[pd.DataFrame, SourceCard]:
    """Read the towns that may be named on a map: ``name``, ``lon``, ``lat``, ``rank``, ``population``.

    Raises
    ------
    DataError
        For missing columns, or a town twice.
    """
    table, card = read_table(file, label=label)
    columns = [Column(name) for name in ("name", "lon", "lat", "rank")]
    demand(check(table, columns, key=["name", "lon", "lat"], file=card.file))
    numbers = [name for name in ("lon", "lat", "rank", "population") if name in table]
    table[numbers] = table[numbers].apply(pd.to_numeric)
    return table, card


def read_context(
    file: Path, *, label: str | None = None
) -> tuple[geopandas.GeoDataFrame, SourceCard]:
    """Read the neighbours that are drawn faintly around a study, with their ``name``."""
    content, card = read_bytes(file, label=label)
    return _geojson(content, card), card


def _geojson(content: bytes, card: SourceCard) -> geopandas.GeoDataFrame:
    import geopandas

    try:
        with warnings.catch_warnings(action="ignore"):  # what matters of them is checked
            return geopandas.read_file(io.BytesIO(content))
    except Exception as error:  # noqa: BLE001 - the driver raises its own kinds
        raise DataError(Fault("not_geojson", file=card.file, reason=error)) from None


def _shape_faults(shapes: geopandas.GeoDataFrame, units: pd.DataFrame, file: str) -> list[Fault]:
    if shapes.empty:
        return [Fault("no_shape_in_file", file=file)]
    lacking = [name for name in ("unit", "level") if name not in shapes]
    if lacking:
        found = ", ".join(name for name in shapes.columns if name != "geometry") or "–"
        missing = ", ".join(lacking)
        return [Fault("missing_properties", file=file, columns=missing, found=found)]
    faults = check(shapes, (Column("unit"), Column("level")), key=["unit"], file=file)
    if shapes.crs is None or shapes.crs.to_epsg() != 4326:
        found = shapes.crs.to_string() if shapes.crs is not None else "–"
        faults.append(Fault("wrong_projection", file=file, found=found))
    empty = shapes.geometry.isna() | shapes.geometry.is_empty
    if empty.any():
        faults.append(Fault("empty_geometry", file=file, units=_named(shapes, empty)))
    # Coarser areas may be given by their outlines alone.
    flat = ~empty & ~shapes.geometry.geom_type.isin([*AREAS, "LineString", "MultiLineString"])
    if flat.any():
        kinds = ", ".join(shapes.geometry.geom_type[flat].unique())
        faults.append(Fault("no_polygon", file=file, units=_named(shapes, flat), found=kinds))
    invalid = ~empty & ~shapes.geometry.is_valid
    if invalid.any():
        faults.append(Fault("invalid_geometry", file=file, units=_named(shapes, invalid)))
    if not empty.all():
        west, south, east, north = shapes.total_bounds
        if west < -180 or south < -90 or east > 180 or north > 90:
            found = f"{west:.0f} {south:.0f} {east:.0f} {north:.0f}"
            faults.append(Fault("wrong_projection", file=file, found=found))
    return faults + unknown_units(shapes["unit"], units.index, file=file)


def _named(shapes: geopandas.GeoDataFrame, rows: pd.Series) -> str:
    return ", ".join(shapes["unit"][rows].astype(str).head(5))
