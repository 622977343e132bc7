"""Two libraries agree on every point, borders included, and ask nobody outside."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.points import Areas, engines, grid
from territory.points.engines import ENGINES, located


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Return each engine in turn."""
    return request.param


def both(x: np.ndarray, y: np.ndarray, areas: Areas) -> None:
    """Hold one engine against the other."""
    (unit, on_border), (other, other_border) = (
        located(x, y, areas, engine=name) for name in ("geopandas", "sedona")
    )
    np.testing.assert_array_equal(unit, other)
    np.testing.assert_array_equal(on_border, other_border)


def test_a_point_is_in_its_square(areas: Areas, engine: str) -> None:
    """The middle of each square, and a point outside all."""
    unit, on_border = located(
        np.array([0.5, 1.5, 0.5, 1.5, 2.5]), np.array([0.5, 0.5, 1.5, 1.5, 0.5]), areas,
        engine=engine,
    )  # fmt: skip

    assert [0, 1, 2, 3, -1] == unit.tolist()
    assert not on_border.any()


def test_a_border_belongs_to_the_lowest_code(areas: Areas, engine: str) -> None:
    """The common corner goes to A, the edge of B and D to B; an outer edge is in one unit only."""
    unit, on_border = located(
        np.array([1.0, 1.5, 0.0]), np.array([1.0, 1.0, 0.5]), areas, engine=engine
    )

    assert [0, 1, 0] == unit.tolist()
    assert [True, True, False] == on_border.tolist()


def test_no_points_are_in_no_unit(areas: Areas, engine: str) -> None:
    """An empty partition is no special case."""
    unit, on_border = located(np.empty(0), np.empty(0), areas, engine=engine)

    assert (0, 0) == (len(unit), len(on_border))


def test_engines_agree_on_corners_and_along_shared_edges(triangles: Areas) -> None:
    """Corners, middles, points along every edge and the floats next to them."""
    corners = shapely.get_coordinates(triangles.shapes)
    start, end = corners[:-1, None], corners[1:, None]
    along = start + (end - start) * np.linspace(0, 1, 41)[None, :, None]
    points = np.concatenate([corners, along.reshape(-1, 2)])
    for towards in (-np.inf, np.inf):
        points = np.concatenate([points, np.nextafter(points[: len(along) * 41], towards)])

    both(points[:, 0].copy(), points[:, 1].copy(), triangles)


def touches(x: float, y: float, ring: np.ndarray) -> bool:
    """Tell whether a point is in a ring or on it, with fractions: nothing is ever rounded."""
    x, y = Fraction(x), Fraction(y)
    inside = False
    for start, end in pairwise(ring.tolist()):
        (ax, ay), (bx, by) = (tuple(map(Fraction, corner)) for corner in (start, end))
        side = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if side == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        if (ay > y) != (by > y) and (side > 0) == (by > ay):
            inside = not inside
    return inside


def test_engines_answer_as_exact_arithmetic_does(triangles: Areas, engine: str) -> None:
    """Corners, middles of edges and their neighbouring floats, against a slow count in fractions."""
    rings = [shapely.get_coordinates(shape) for shape in triangles.shapes]
    ends = np.concatenate(rings)[:24]
    middles = (ends[1:] + ends[:-1]) / 2
    points = np.concatenate([ends, middles, np.nextafter(middles, 99), np.nextafter(middles, -99)])
    hits = [[n for n, ring in enumerate(rings) if touches(x, y, ring)] for x, y in points.tolist()]
    unit, on_border = located(points[:, 0].copy(), points[:, 1].copy(), triangles, engine=engine)

    assert [found[0] if found else -1 for found in hits] == unit.tolist()
    assert [len(found) > 1 for found in hits] == on_border.tolist()


def test_holes_islands_and_overlaps(engine: str) -> None:
    """A hole is outside, its edge inside; an island in it is its own; overlaps go to the first code."""
    hole = shapely.box(2, 2, 8, 8)
    shapes = {
        "b ring": shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, [hole.exterior]),
        "c island": shapely.box(4, 4, 6, 6),
        "a over": shapely.box(9, 4, 12, 6),
    }
    drawn = geopandas.GeoDataFrame(geometry=list(shapes.values()), index=list(shapes), crs=4326)
    areas = Areas.of(drawn, argument="shapes")
    x, y = np.array([[1, 5], [3, 5], [2, 5], [5, 5], [9.5, 5], [9.5, 1], [11, 5]], dtype=float).T
    unit, on_border = located(x, y, areas, engine=engine)

    assert ("a over", "b ring", "c island") == areas.codes
    assert [1, -1, 1, 2, 0, 1, 0] == unit.tolist()
    assert [4] == np.flatnonzero(on_border).tolist()


@settings(max_examples=60, deadline=None)
@given(
    picks=st.lists(
        st.tuples(st.integers(0, 200), st.integers(0, 200), st.floats(0, 1), st.integers(-2, 2)),
        min_size=1,
        max_size=50,
    )
)
def test_engines_agree_on_points_between_any_two_corners(triangles: Areas, picks) -> None:
    """Random points on chords between corners, and a few floats beside them."""
    corners = shapely.get_coordinates(triangles.shapes)
    points = []
    for first, second, share, steps in picks:
        a, b = corners[first % len(corners)], corners[second % len(corners)]
        point = a + (b - a) * share
        for _ in range(abs(steps)):
            point = np.nextafter(point, np.inf if steps > 0 else -np.inf)
        points.append(point)
    x, y = np.array(points).T

    both(x.copy(), y.copy(), triangles)


@pytest.mark.parametrize("name", ["chicago", "slv"])
def test_cells_say_what_the_library_says(engine: str, name: str, monkeypatch) -> None:
    """Points anywhere, on edges and on the lines between cells: the grid changes no answer."""
    from territory.points import read_areas

    areas = read_areas(name)
    west, south, east, north = areas.bounds
    random = np.random.default_rng(5)
    shares = random.uniform(-0.05, 1.05, (2, 30_000))
    shares[0, :10_000] = random.integers(0, grid.SIDE + 1, 10_000) / grid.SIDE
    corners = shapely.get_coordinates(areas.shapes)
    middles = (corners[1:] + corners[:-1]) / 2
    x = np.concatenate([west + shares[0] * (east - west), corners[:, 0], middles[:, 0]])
    y = np.concatenate([south + shares[1] * (north - south), corners[:, 1], middles[:, 1]])
    unit, on_border = located(x, y, areas, engine=engine)
    cells = grid.grid_of(areas).cells

    assert (cells != grid.ASK).mean() > 0.7
    monkeypatch.setattr(engines, "WORTH", len(x) + 1)
    expected, expected_border = located(x, y, areas, engine=engine)
    np.testing.assert_array_equal(expected, unit)
    np.testing.assert_array_equal(expected_border, on_border)


def test_a_cell_under_two_units_is_asked() -> None:
    """Where units overlap, no cell decides for one of them."""
    squares = geopandas.GeoSeries(
        [shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)], crs="OGC:CRS84"
    )
    areas = Areas.of(geopandas.GeoDataFrame(geometry=squares.set_axis(["a", "b"])), argument="two")
    found = grid.grid_of(areas).units(np.array([0.5, 1.5, 2.5, 9.0]), np.ones(4))

    assert [0, grid.ASK, 1, -1] == found.tolist()


def test_the_shipped_units_agree(engine: str) -> None:
    """Every corner of Chicago's areas is in the same unit by both libraries."""
    from territory.points import read_areas

    areas = read_areas("chicago")
    x, y = shapely.get_coordinates(areas.shapes).T.copy()

    expected, _ = located(x, y, areas, engine="geopandas")
    np.testing.assert_array_equal(expected, located(x, y, areas, engine=engine)[0])
    assert (expected >= 0).all()


_SILENT = """
import socket, sys
def refused(*_args, **_more):
    raise SystemExit("a socket was opened")
socket.socket.connect = refused
import numpy as np
from territory.points import read_areas
from territory.points.engines import located
from territory.points.projection import projected
x, y = projected(np.array([448000.0]), np.array([4636000.0]), crs="EPSG:32616", to="OGC:CRS84")
unit, _ = located(x, y, read_areas("chicago"), engine="sedona")
print(unit[0] >= 0)
"""


def test_nothing_is_asked_of_the_network() -> None:
    """Neither a projection nor SedonaDB fetches anything, even where PROJ is told that it may."""
    result = subprocess.run(
        [sys.executable, "-c", _SILENT],
        capture_output=True, text=True, check=False, env=os.environ | {"PROJ_NETWORK": "ON"},
    )  # fmt: skip

    assert (0, "True\n") == (result.returncode, result.stdout), result.stderr
