"""The units into which points are counted: those of a study, or shapes in a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from territory.evidence import loading, studyfile
from territory.evidence.schema import DataError, Fault, demand, shape_faults, unknown
from territory.evidence.units import read_units
from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    import geopandas

#: Headings that hold the code of a unit, the likeliest first.
_CODES = ("unit", "unit code", "code", "codigo", "id")
_READERS = {
    ".geojson": "read_file", ".json": "read_file", ".gpkg": "read_file",
    ".shp": "read_file", ".zip": "read_file", ".fgb": "read_file",
    ".parquet": "read_parquet", ".geoparquet": "read_parquet",
}  # fmt: skip


@dataclass(frozen=True)
class Areas:
    """Polygons with their codes, in a form that travels to other processes.

    Parameters
    ----------
    codes
        One text a unit, sorted; a place in this tuple is what points are given.
    wkb
        The polygons as well-known binary, in the same order.
    crs
        Their projection, as PROJ reads it.
    """

    codes: tuple[str, ...]
    wkb: tuple[bytes, ...]
    crs: str

    @classmethod
    def of(cls, shapes: geopandas.GeoDataFrame, *, argument: str) -> Areas:
        """Take polygons by the codes in their index.

        Raises
        ------
        DataError
            With every fault: no projection, rings that cross themselves, a code twice, no shape.
        """
        import shapely

        if shapes.empty:
            raise DataError(Fault("points_no_units", file=argument))
        demand(shape_faults(shapes, argument=argument))
        mixed = ~shapes.geom_type.isin(["Polygon", "MultiPolygon"])
        if mixed.any():
            names = ", ".join(shapes.index[mixed].astype(str)[:5])
            raise DataError(Fault("empty_zones", argument=argument, names=names))
        ordered = shapes.sort_index()
        flat = shapely.force_2d(ordered.geometry.to_numpy())
        return cls(tuple(ordered.index), tuple(shapely.to_wkb(flat)), ordered.crs.to_wkt())

    @cached_property
    def shapes(self) -> np.ndarray:
        """The polygons, as shapely's."""
        import shapely

        return cast("np.ndarray", shapely.from_wkb(np.array(self.wkb, dtype=object)))

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all polygons, in their projection."""
        import shapely

        west, south, east, north = shapely.total_bounds(self.shapes)
        return float(west), float(south), float(east), float(north)


def read_areas(units: str | Path, *, level: str | None = None, code: str | None = None) -> Areas:
    """Read the units of a study, or the polygons of a file.

    GeoJSON, GeoPackage, GeoParquet, FlatGeobuf, or a shapefile, also zipped.

    Parameters
    ----------
    units
        The name or path of a study, or a path that ends in one of those formats.
    level
        A level of the study; its finest where nothing is said.
    code
        The column of the file that holds the codes; guessed where nothing is said.

    Raises
    ------
    DataError
        For an unknown study, level or column, and for every fault of the polygons.
    """
    file = Path(units)
    if file.suffix.lower() in _READERS:
        if level:
            raise DataError(Fault("points_level_of_file", value=level))
        return _from_file(file, code)
    if code:
        raise DataError(Fault("points_code_of_study", value=code))
    return _from_study(units, level)


def _from_study(name: str | Path, level: str | None) -> Areas:
    study = studyfile.read_study_file(name)
    table, _ = read_units(loading.path_of(study, "units"), label=study.label("units"))
    shapes = loading.shapes(study, "geometry")
    wanted = level or study.levels[-1]
    drawn = [known for known in table["level"].unique() if known in set(shapes["level"])]
    if wanted not in drawn:
        raise unknown("--level", wanted, drawn)
    return Areas.of(shapes[shapes["level"] == wanted], argument=study.label("geometry"))


def _from_file(file: Path, code: str | None) -> Areas:
    import geopandas

    if not file.is_file():
        raise DataError(Fault("points_no_file", argument="--units", value=file))
    try:
        _demand_one_layer(file)
        shapes = getattr(geopandas, _READERS[file.suffix.lower()])(file)
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - each driver raises its own kinds
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(Fault("points_bad_units", file=file.name, reason=reason)) from None
    if not isinstance(shapes, geopandas.GeoDataFrame):
        raise DataError(Fault("points_bad_units", file=file.name, reason="no geometry"))
    column = _code_column(shapes, file.name, code)
    return Areas.of(shapes.set_index(_codes(shapes[column], file.name)), argument=file.name)


def _demand_one_layer(file: Path) -> None:
    import geopandas

    if _READERS[file.suffix.lower()] != "read_file":
        return
    layers = geopandas.list_layers(file)
    drawn = layers.loc[layers["geometry_type"].notna(), "name"]
    if len(drawn) > 1:
        raise DataError(Fault("points_layers", file=file.name, found=", ".join(drawn)))


def _code_column(shapes: geopandas.GeoDataFrame, file: str, code: str | None) -> str:
    headings = [str(name) for name in shapes.columns if name != shapes.geometry.name]
    if code is not None:
        if code not in headings:
            raise unknown("--code", code, headings)
        return code
    for word in _CODES:
        found = [name for name in headings if fold(name) == word]
        if len(found) == 1:
            return found[0]
    raise DataError(Fault("points_no_code", file=file, found=", ".join(headings) or "–"))


def _codes(column: pd.Series, file: str) -> pd.Index:
    """Return codes as text; a whole number loses its point, an empty cell is a fault."""
    empty = column.isna() | (column.astype(str).str.strip() == "")
    if empty.any():
        raise DataError(Fault("points_empty_code", file=file, column=column.name, n=empty.sum()))
    if pd.api.types.is_float_dtype(column) and (column % 1 == 0).all():
        column = column.astype("int64")
    return pd.Index(column.astype(str).str.strip(), name="unit")
