"""Four squares that meet in one corner, as a file of units, and points that can be counted by hand.

C D      each one degree wide, from 0 to 2; the shared corner is (1, 1)
A B
"""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest
import shapely

from territory.points import Areas, read_areas

CORNERS = {"A": (0, 0), "B": (1, 0), "C": (0, 1), "D": (1, 1)}


def feature(code: str, ring: list[tuple[float, float]]) -> dict:
    """Return a polygon of GeoJSON with its code."""
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


def square(code: str) -> dict:
    """Return one of the four squares."""
    x, y = CORNERS[code]
    return feature(code, [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)])


def write_units(file: Path, features: list[dict]) -> Path:
    """Write polygons as GeoJSON."""
    collection = {"type": "FeatureCollection", "features": features}
    file.write_text(json.dumps(collection), encoding="utf-8")
    return file


@pytest.fixture
def squares(tmp_path: Path) -> Path:
    """Return the file of the four squares."""
    return write_units(tmp_path / "squares.geojson", [square(code) for code in "DCBA"])


@pytest.fixture
def areas(squares: Path) -> Areas:
    """Return the four squares."""
    return read_areas(squares)


@pytest.fixture(scope="session")
def triangles() -> Areas:
    """Return the triangles of forty random corners: shared edges in every direction."""
    corners = shapely.MultiPoint([(i * 37 % 101 / 7, i * 59 % 103 / 9) for i in range(40)])
    drawn = list(shapely.delaunay_triangles(corners).geoms)
    codes = [f"{n:03}" for n in range(len(drawn))]
    return Areas.of(
        geopandas.GeoDataFrame(geometry=drawn, index=codes, crs="OGC:CRS84"), argument="triangles"
    )


def write_csv(file: Path, *rows: str, heading: str = "lon,lat,date") -> Path:
    """Write rows under a heading."""
    file.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return file
