"""Units that cannot be used are refused before the first point is read."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd
import pytest

from territory.evidence.schema import DataError
from territory.points import Areas, read_areas

from .conftest import feature, square, write_units

MIXED = {
    "type": "GeometryCollection",
    "geometries": [
        square("A")["geometry"],
        {"type": "LineString", "coordinates": [[0, 0], [5, 5]]},
    ],
}


@pytest.mark.parametrize(
    ("features", "options", "words"),
    [
        ([square("A"), square("A")], {}, "A occurs more than once"),
        ([feature("A", [(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])], {}, "A is not valid"),
        ([feature("A", [(448000, 0), (448001, 0), (448001, 1), (448000, 0)])], {}, "no longitude"),
        ([feature("", [(0, 0), (1, 0), (1, 1), (0, 0)])], {}, "no code"),
        ([feature("A", [(0, 0), (1, 0), (1, 1), (0, 0)]) | {"geometry": MIXED}], {}, "no polygon"),
        ([square("A")], {"code": "unit"}, "--code"),
        ([square("A")], {"level": "region"}, "--level"),
    ],
)
def test_units_that_cannot_be_used(tmp_path: Path, features, options, words) -> None:
    """Shapes are checked before the first point is read."""
    with pytest.raises(DataError, match=words):
        read_areas(write_units(tmp_path / "u.geojson", features), **options)


def test_units_in_several_layers(tmp_path: Path, areas: Areas) -> None:
    """The first layer is not taken for the one that is meant."""
    shapes = geopandas.GeoDataFrame({"code": areas.codes}, geometry=areas.shapes, crs=areas.crs)
    shapes.to_file(tmp_path / "u.gpkg", layer="districts")
    shapes.to_file(tmp_path / "u.gpkg", layer="provinces")

    with pytest.raises(DataError, match="districts, provinces"):
        read_areas(tmp_path / "u.gpkg")


def test_units_that_are_not_there(tmp_path: Path, board_folder: Path) -> None:
    """No study, no file, no shapes, no level."""
    (tmp_path / "bad.geojson").write_text("{}", encoding="utf-8")
    frame = pd.DataFrame({"code": ["A"]})
    frame.to_parquet(tmp_path / "plain.parquet")
    for units, options in (
        ("atlantis", {}), (tmp_path / "no.gpkg", {}), (tmp_path / "bad.geojson", {}),
        (tmp_path / "plain.parquet", {}), (board_folder, {"level": "county"}),
        (board_folder, {"code": "unit"}),
    ):  # fmt: skip
        with pytest.raises(DataError):
            read_areas(units, **options)
