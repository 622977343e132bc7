"""Where the grounds of actors meet: four squares in a row that can be checked with a pencil."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from territory.evidence.schema import DataError
from territory.measures.meeting import MEETING, Neighbours

CRS = "EPSG:32616"
KM = 1000.0


@pytest.fixture
def row() -> Neighbours:
    """Return six squares of one kilometre, one beside the other: a b c d e f."""
    shapes = [shapely.box(x * KM, 0, (x + 1) * KM, KM) for x in range(6)]
    index = pd.Index(list("abcdef"), name="unit")
    return Neighbours.of(gpd.GeoDataFrame(geometry=shapes, index=index, crs=CRS), crs=CRS)


def held(*groups: str) -> pd.Series:
    """Return who holds each square, or its status."""
    return pd.Series(groups, index=pd.Index(list("abcdef"), name="unit"))


def test_every_line_between_neighbours_is_known_once(row: Neighbours) -> None:
    """Five lines of one kilometre; a corner would be none."""
    assert list(row.lines["length_km"]) == pytest.approx([1.0] * 5)


def test_units_lie_on_a_border_near_it_or_far(row: Neighbours) -> None:
    """The border runs between b and c; d is one kilometre away, e two; of f nobody knows."""
    found = row.groups(held("x", "x", "y", "y", "presence", "no_data"), near_km=1)

    assert list(found) == ["near", "contact", "contact", "near", "far", "no_evidence"]
    assert set(found) <= set(MEETING)


def test_the_distance_that_is_near_is_the_caller_s(row: Neighbours) -> None:
    """With two kilometres the fifth square is near too."""
    groups = held("x", "x", "y", "y", "presence", "no_data")

    assert row.groups(groups, near_km=2)["e"] == "near"
    assert row.groups(groups, near_km=0.5)["d"] == "far"


def test_contested_ground_is_its_own_group_and_makes_no_border(row: Neighbours) -> None:
    """Ground of both is disputed: the line beside it is no border between holders."""
    found = row.groups(held("x", "contested", "y", "y", "y", "y"), near_km=1)

    assert found["b"] == "disputed"
    assert set(found.drop("b")) == {"far"}


def test_a_part_has_no_border_with_its_whole(row: Neighbours) -> None:
    """A faction beside its own gang is one ground; two factions of one gang are two."""
    parents = {"x1": "x", "x2": "x"}

    assert row.borders(held("x", "x1", "x1", "x", "x", "x"), parents).empty
    assert len(row.borders(held("x1", "x2", "x2", "x2", "x2", "x2"), parents)) == 1


def test_without_a_border_all_evidence_is_far(row: Neighbours) -> None:
    """One actor alone meets nobody."""
    assert set(row.groups(held(*"xxxxxx"), near_km=1)) == {"far"}


def test_no_distance_is_refused(row: Neighbours) -> None:
    """Zero or less is no distance; the message says what is one."""
    with pytest.raises(DataError, match="near_km: 0 is not allowed"):
        row.groups(held(*"xxxxxx"), near_km=0)
