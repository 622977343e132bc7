"""The city, its 77 community areas and what could not be placed in one; their shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from tables import expect, table, write_features, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

FOLDER = "boundaries/chicago"
CITY = "CHI"
AREA = "community area"
# Counted in the city, in no community area: a unit without a shape and without a population.
UNLOCATED = "unlocated"
LOCAL_CRS = "EPSG:32616"  # UTM 16 north, metres
WEB_TOLERANCE = 0.0006  # square root (degrees) of the smallest triangle kept: about 60 m
WEB_LIMIT = 150_000
COLUMNS = ("unit", "name", "parent", "level", "valid_from", "valid_to", "area_km2", "flag")


def areas(sources: Path) -> gpd.GeoDataFrame:
    """Give the 77 polygons, indexed by code."""
    raw = gpd.read_file(sources / "units.geojson").set_index("unit_code").sort_index()
    expect(list(raw.index), [f"{number:02d}" for number in range(1, 78)], "community areas")
    _check_coverage(raw.geometry, "polygons")
    return raw


def write(sources: Path, out: Path) -> dict[str, int]:
    """Write units, both geometries and labels; give the rows of each file."""
    raw = areas(sources)
    shapes = dict(raw.geometry.items())
    shapes[CITY] = shapely.coverage_union_all(raw.geometry.to_numpy())
    folder = out / FOLDER
    full = [(unit, {"unit": unit, "level": _level(unit)}, shapes[unit]) for unit in sorted(shapes)]
    web = list(_web_features(raw))
    rows = {
        f"{FOLDER}/units.csv": write_table(folder / "units.csv", _units(raw), key=["unit"]),
        f"{FOLDER}/units.geojson": write_features(folder / "units.geojson", full, digits=6),
        f"{FOLDER}/units.web.geojson": write_features(folder / "units.web.geojson", web, digits=5),
        f"{FOLDER}/labels.csv": write_table(folder / "labels.csv", _labels(shapes), key=["unit"]),
    }
    size = (folder / "units.web.geojson").stat().st_size
    expect(size <= WEB_LIMIT, True, f"light geometry has {size} bytes, at most {WEB_LIMIT}")
    return rows


def _level(unit: str) -> str:
    return "city" if unit == CITY else AREA


def _units(raw: gpd.GeoDataFrame) -> pd.DataFrame:
    areas_km2 = raw["area_km2"].astype(float)
    rows: list[dict[str, str]] = [
        {"unit": CITY, "name": "Chicago", "level": "city", "area_km2": f"{areas_km2.sum():.2f}"},
        {
            "unit": UNLOCATED,
            "name": "Unlocated",
            "parent": CITY,
            "level": UNLOCATED,
            "flag": UNLOCATED,
        },
    ]
    rows += [
        {
            "unit": str(unit),
            "name": raw.loc[unit, "unit_name"],
            "parent": CITY,
            "level": AREA,
            "area_km2": f"{areas_km2[unit]:.2f}",
        }
        for unit in raw.index
    ]
    return table(rows, COLUMNS)


def _check_coverage(shapes: gpd.GeoSeries, what: str) -> None:
    expect(bool(shapes.is_empty.any()), False, f"{what}: any empty")
    expect(bool(shapes.is_valid.all()), True, f"{what}: each valid")
    edges = shapely.coverage_invalid_edges(shapes.to_numpy())
    expect(int((~shapely.is_empty(edges)).sum()), 0, f"{what}: areas with a gap or an overlap")


def _web_features(
    raw: gpd.GeoDataFrame,
) -> Iterator[tuple[str, dict[str, str], BaseGeometry]]:
    """Simplify the 77 as one coverage; outline the city from the result."""
    simple = shapely.coverage_simplify(raw.geometry.to_numpy(), WEB_TOLERANCE)
    light = gpd.GeoSeries(
        shapely.transform(simple, lambda points: np.round(points, 5)), index=raw.index
    )
    _check_coverage(light, "polygons of the web map")
    shapes: dict[str, BaseGeometry] = dict(light.items())
    shapes[CITY] = shapely.boundary(shapely.coverage_union_all(light.to_numpy()))
    names = raw["unit_name"].to_dict() | {CITY: "Chicago"}
    for unit in sorted(shapes):
        yield unit, {"level": _level(unit), "name": names[unit]}, shapes[unit]


def _labels(shapes: dict[str, BaseGeometry]) -> pd.DataFrame:
    """Give the point for a label and the radius (m) of the free circle around it."""
    local = gpd.GeoSeries(shapes, crs="EPSG:4326").to_crs(LOCAL_CRS)
    circles = shapely.maximum_inscribed_circle(local.to_numpy(), tolerance=10.0)
    centres = gpd.GeoSeries(shapely.get_point(circles, 0), crs=LOCAL_CRS).to_crs("EPSG:4326")
    rows = [
        {
            "unit": unit,
            "lon": f"{centre.x:.5f}",
            "lat": f"{centre.y:.5f}",
            "radius_m": f"{circle.length:.0f}",
        }
        for unit, centre, circle in zip(local.index, centres, circles, strict=True)
    ]
    return table(rows, ("unit", "lon", "lat", "radius_m"))
