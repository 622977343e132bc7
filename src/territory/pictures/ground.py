"""What lies under a map: shapes, outlines, neighbours, places, and the inset."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

_GEOGRAPHIC = "EPSG:4326"
# Neighbouring countries are drawn this far beyond the land, as a share of its width.
_BEYOND = 0.6


@dataclass(frozen=True)
class Inset:
    """A part of the map that is drawn again, larger.

    Parameters
    ----------
    title
        Its name in the language of the picture.
    bbox
        West, south, east, north in degrees.
    """

    title: str
    bbox: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Ground:
    """The geography of a study, made once and drawn many times.

    Parameters
    ----------
    shapes
        One row a unit, index ``unit``, in any coordinate system.
    crs
        Local projected system, in metres; without it the UTM zone of the shapes.
    outlines
        Coarser borders drawn over the units (departments, nation).
    context
        Neighbouring countries, faint, with their ``name``.
    places
        Columns name, lon, lat; most important first, by rank and population if given.
    inset
        The part that is too small to see.

    Raises
    ------
    DataError
        When there are no shapes, a shape is empty, or there is no coordinate system.
    """

    shapes: gpd.GeoDataFrame
    crs: str | None = None
    outlines: gpd.GeoDataFrame | None = None
    context: gpd.GeoDataFrame | None = None
    places: pd.DataFrame | None = None
    inset: Inset | None = None

    def __post_init__(self) -> None:
        if self.shapes.crs is None or self.shapes.empty:
            raise DataError(Fault("no_shapes", units=len(self.shapes)))
        empty = self.shapes.geometry.isna() | self.shapes.geometry.is_empty
        if empty.any():
            raise DataError(
                Fault("empty_shapes", units=", ".join(map(str, empty[empty].index[:5])))
            )

    @property
    def units(self) -> list[str]:
        """Codes of the units, in the order in which they are drawn."""
        return [str(unit) for unit in self.shapes.index]

    @cached_property
    def local(self) -> Any:
        """The projected system."""
        return self.crs or self.shapes.estimate_utm_crs()

    @cached_property
    def polygons(self) -> npt.NDArray[Any]:
        """Units in metres, exterior rings the other way round than holes."""
        projected = self.shapes.geometry.to_crs(self.local)
        return np.asarray(shapely.orient_polygons(projected.array))

    @cached_property
    def borders(self) -> npt.NDArray[Any]:
        """Outlines in metres, as lines."""
        if self.outlines is None:
            return np.array([], dtype=object)
        shapes = np.asarray(self.outlines.geometry.to_crs(self.local).array)
        areal = shapely.get_dimensions(shapes) == 2
        return np.where(areal, shapely.boundary(shapes), shapes)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top in metres."""
        left, bottom, right, top = shapely.total_bounds(self.polygons)
        return float(left), float(bottom), float(right), float(top)

    @cached_property
    def land(self) -> Any:
        """All units as one rough shape: where nothing may be laid over the map."""
        left, _, right, _ = self.bounds
        rough = shapely.simplify(self.polygons, (right - left) / 400)
        return shapely.union_all(shapely.buffer(rough, (right - left) / 200, quad_segs=1))

    @cached_property
    def neighbours(self) -> gpd.GeoSeries:
        """Neighbouring countries in metres, cut off a good way from the land; index name."""
        if self.context is None:
            return gpd.GeoSeries([], crs=self.local)
        west, south, east, north = self.shapes.to_crs(_GEOGRAPHIC).total_bounds
        pad = (east - west) * _BEYOND
        near = self.context.to_crs(_GEOGRAPHIC).geometry.clip_by_rect(
            west - pad, south - pad, east + pad, north + pad
        )
        near.index = pd.Index(self.context.get("name", near.index))
        return near[~near.is_empty].to_crs(self.local)

    @cached_property
    def towns(self) -> list[tuple[str, float, float]]:
        """Places to label: name and metres, most important first."""
        if self.places is None:
            return []
        places = self.places
        order = {"rank": True, "population": False}
        known = [column for column in order if column in places]
        if known:
            places = places.sort_values(known, ascending=[order[column] for column in known])
        points = gpd.points_from_xy(places["lon"], places["lat"], crs=_GEOGRAPHIC)
        at = points.to_crs(self.local)
        return [
            (str(name), float(x), float(y))
            for name, x, y in zip(places["name"], at.x, at.y, strict=True)
        ]

    @cached_property
    def inset_box(self) -> tuple[float, float, float, float] | None:
        """The inset's left, bottom, right, top in metres; none where no unit is so small."""
        if self.inset is None:
            return None
        part = shapely.box(*self.inset.bbox)
        if not self.shapes.to_crs(_GEOGRAPHIC).covered_by(part).any():
            return None
        left, bottom, right, top = (
            gpd.GeoSeries([part], crs=_GEOGRAPHIC).to_crs(self.local).total_bounds
        )
        return float(left), float(bottom), float(right), float(top)


def ground(
    shapes: gpd.GeoDataFrame | Ground,
    units: Iterable[str],
    *,
    crs: str | None = None,
    inset: Inset | tuple[str, Sequence[float]] | None = None,
    context: gpd.GeoDataFrame | None = None,
    places: pd.DataFrame | None = None,
    outlines: Sequence[str] | None = None,
) -> Ground:
    """Return the ground on which `units` are drawn.

    Parameters
    ----------
    shapes
        A ready `Ground`, or all shapes of a study, index ``unit``. With a column
        ``level`` the level that holds most of `units` is drawn.
    units
        Codes of the rows of the map.
    crs, inset, context, places
        As in `Ground`; an inset may be given as (title, bbox).
    outlines
        Levels drawn as lines over the units; without it every level with at most
        a tenth as many areas.

    Raises
    ------
    DataError
        When no shape belongs to any of the units.
    """
    if isinstance(shapes, Ground):
        return shapes
    wanted = set(units)
    areal = shapes[np.isin(shapes.geom_type, ("Polygon", "MultiPolygon"))]
    ours = areal[areal.index.isin(wanted)]
    if ours.empty:
        some = sorted(wanted)[:5]
        raise DataError(Fault("no_shape_for_units", units=", ".join(some), n=len(areal)))
    lines = None
    if "level" in shapes:
        level = ours["level"].mode().iloc[0]
        ours = areal[areal["level"] == level]
        sizes = shapes["level"].value_counts()
        coarser = [name for name in sizes.index if sizes[name] <= len(ours) / 10]
        lines = shapes[shapes["level"].isin(coarser if outlines is None else outlines)]
    return Ground(
        ours,
        crs=crs,
        outlines=None if lines is None or lines.empty else lines,
        context=context,
        places=places,
        inset=Inset(inset[0], _box(inset[1])) if isinstance(inset, tuple) else inset,
    )


def _box(bbox: Sequence[float]) -> tuple[float, float, float, float]:
    west, south, east, north = (float(edge) for edge in bbox)
    return west, south, east, north
