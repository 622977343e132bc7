"""Geometry: the full file, the light file of the web map, labels and neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from tables import expect, read_table, records, table, write_features, write_table

from slv.boundaries import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

LOCAL_CRS = "EPSG:32616"  # UTM 16 north, metres
# Square root (degrees) of the smallest triangle kept: about 200 m, the finest that leaves room for
# the outlines; the smallest units of San Salvador (3 km2) keep their shape.
WEB_TOLERANCE = 0.002
WEB_LIMIT = 450_000
CONTEXT_BOX = (-90.95, 12.6, -86.9, 15.0)
CONTEXT_LIMIT = 60_000
CONTEXT_TOLERANCE = 0.0008


def write(sources: Path, out: Path, units: pd.DataFrame) -> dict[str, int]:
    """Write both geometries, labels and neighbours; give the rows of each file."""
    raw = gpd.read_file(sources / "boundaries/municipios_262.geojson").set_index("code")
    municipalities = raw.geometry.sort_index()
    _check_coverage(municipalities, "municipal polygons")
    groups = _groups(sources)
    full = _all_levels(municipalities, groups)
    level = units.set_index("unit")["level"]
    folder = out / FOLDER
    features = [(unit, {"unit": unit, "level": level[unit]}, full[unit]) for unit in units["unit"]]
    web = list(_web_features(municipalities, groups, units.set_index("unit")))
    rows = {
        f"{FOLDER}/units.geojson": write_features(folder / "units.geojson", features, digits=6),
        f"{FOLDER}/units.web.geojson": write_features(folder / "units.web.geojson", web, digits=5),
        f"{FOLDER}/labels.csv": write_table(
            folder / "labels.csv", _labels(sources, full, level), key=["unit"]
        ),
        f"{FOLDER}/neighbours.geojson": write_features(
            folder / "neighbours.geojson", _neighbours(sources), digits=4
        ),
    }
    _check_size(folder / "units.web.geojson", WEB_LIMIT)
    _check_size(folder / "neighbours.geojson", CONTEXT_LIMIT)
    return rows


def _check_size(path: Path, limit: int) -> None:
    size = path.stat().st_size
    expect(size <= limit, True, f"{path.name} has {size} bytes, at most {limit}")


def _check_coverage(shapes: gpd.GeoSeries, what: str) -> None:
    expect(len(shapes), 262, f"{what}: number")
    expect(bool(shapes.is_empty.any()), False, f"{what}: any empty")
    expect(bool(shapes.is_valid.all()), True, f"{what}: each valid")
    edges = shapely.coverage_invalid_edges(shapes.to_numpy())
    expect(int((~shapely.is_empty(edges)).sum()), 0, f"{what}: units with a gap or an overlap")


def _groups(sources: Path) -> pd.DataFrame:
    raw = read_table(sources / "boundaries/crosswalk_262_to_44.csv").set_index("old_code")
    return raw.sort_index()[["dept_code", "new_ocha_pcode"]]


def _all_levels(municipalities: gpd.GeoSeries, groups: pd.DataFrame) -> dict[str, BaseGeometry]:
    """Dissolve departments, the nation and the municipalities of 2024 from the 262."""
    shapes = dict(municipalities.items())
    for column in ("dept_code", "new_ocha_pcode"):
        shapes |= _dissolved(municipalities, groups[column])
    shapes["SV"] = shapely.coverage_union_all(municipalities.to_numpy())
    return shapes


def _dissolved(shapes: gpd.GeoSeries, groups: pd.Series) -> dict[str, BaseGeometry]:
    return {
        str(group): shapely.coverage_union_all(shapes.loc[part.index].to_numpy())
        for group, part in groups.groupby(groups)
    }


def _web_features(
    municipalities: gpd.GeoSeries, groups: pd.DataFrame, units: pd.DataFrame
) -> Iterator[tuple[str, dict[str, str], BaseGeometry]]:
    """Simplify the 262 as one coverage; outline departments and nation from the result."""
    simple = shapely.coverage_simplify(municipalities.to_numpy(), WEB_TOLERANCE)
    light = gpd.GeoSeries(
        shapely.transform(simple, lambda points: np.round(points, 5)), index=municipalities.index
    )
    _check_coverage(light, "municipal polygons of the web map")
    outlines = _dissolved(light, groups["dept_code"])
    outlines["SV"] = shapely.coverage_union_all(light.to_numpy())
    shapes = {unit: shapely.boundary(outline) for unit, outline in outlines.items()}
    shapes |= dict(light.items())
    expect({shape.geom_type.removeprefix("Multi") for shape in light}, {"Polygon"}, "web shapes")
    for unit in sorted(shapes):
        properties = {"level": str(units.loc[unit, "level"]), "name": str(units.loc[unit, "name"])}
        yield unit, properties, shapes[unit]


def _labels(sources: Path, full: dict[str, BaseGeometry], level: pd.Series) -> pd.DataFrame:
    """Give the point for a label and the radius (m) of the free circle around it."""
    raw = read_table(sources / "boundaries/municipio_label_points.csv")
    rows = [
        {"unit": row["code"], "lon": row["lon"], "lat": row["lat"], "radius_m": row["radius_m"]}
        for row in records(raw)
    ]
    larger = [unit for unit in level.index if level[unit] != "municipality"]
    local = gpd.GeoSeries([full[unit] for unit in larger], crs="EPSG:4326").to_crs(LOCAL_CRS)
    circles = shapely.maximum_inscribed_circle(local.to_numpy(), tolerance=10.0)
    centres = gpd.GeoSeries(shapely.get_point(circles, 0), crs=LOCAL_CRS).to_crs("EPSG:4326")
    for unit, centre, circle in zip(larger, centres, circles, strict=True):
        rows.append(
            {
                "unit": unit,
                "lon": f"{centre.x:.5f}",
                "lat": f"{centre.y:.5f}",
                "radius_m": f"{circle.length:.0f}",
            }
        )
    return table(rows, ("unit", "lon", "lat", "radius_m"))


def _neighbours(sources: Path) -> Iterator[tuple[str, dict[str, str], BaseGeometry]]:
    """Cut the neighbouring countries to a box around the country."""
    raw = gpd.read_file(sources / "boundaries/context_neighbours.geojson").sort_values("iso_n3")
    raw["geometry"] = shapely.clip_by_rect(raw.geometry.to_numpy(), *CONTEXT_BOX)
    raw = raw[~raw.geometry.is_empty]
    raw["geometry"] = shapely.coverage_simplify(raw.geometry.to_numpy(), CONTEXT_TOLERANCE)
    for row in raw.itertuples():
        yield str(row.iso_n3), {"name": str(row.name)}, row.geometry
