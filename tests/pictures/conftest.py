"""Nine squares near the equator, drawn by hand, and the frames that go with them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from territory.evidence.periods import Window
from territory.pictures.captions import About
from territory.pictures.ground import Ground, Inset
from territory.pictures.mapspec import MapSpec, change_spec, rate_spec

CELLS = [f"{row}{column}" for row in "ABC" for column in "123"]
# One square for each class of the scale for homicides, and one without data.
RATES = [0.0, 9.94, 9.95, 25.0, 50.0, 75.0, 99.96, 250.0, None]
COUNTS = [0, 3, 25, 25, 50, 75, 100, 4, None]
QUALITY = ["very_low", "very_low", "good", "good", "good", "good", "good", "very_low", "none"]
CHANGES = [
    "fell_firm", "fell", "same", "rose", "rose_firm", "too_few", "no_data", "same", "fell_firm",
]  # fmt: skip


def words(lang: str = "es", **changes: object) -> About:
    """Return what the board's pictures say."""
    said = {
        "lang": lang,
        "outcome": "Homicidios" if lang == "es" else "Homicides",
        "cases": "homicidios" if lang == "es" else "homicides",
        "units": "casillas" if lang == "es" else "squares",
        "institution": "Policía",
        "population": "censo",
        "credit": "Datos inventados",
        "caveat": "Nada de esto ocurrió.",
    }
    return About(**(said | changes))


@pytest.fixture
def rates() -> pd.DataFrame:
    """Return rates of the nine squares."""
    known = pd.Series(RATES, dtype=float)
    return pd.DataFrame(
        {
            "name": [f"Casilla {cell}" for cell in CELLS],
            "count": pd.Series(COUNTS, dtype=float).to_numpy(),
            "person_years": 1000.0,
            "rate": known.to_numpy(),
            "low": (known * 0.5).to_numpy(),
            "high": (known * 2 + 1).to_numpy(),
            "smoothed_rate": (known * 0.5 + 25).to_numpy(),
            "smoothed_low": (known * 0.3 + 20).to_numpy(),
            "smoothed_high": (known * 0.7 + 30).to_numpy(),
            "reliability": QUALITY,
        },
        index=pd.Index(CELLS, name="unit"),
    )


@pytest.fixture
def comparison() -> pd.DataFrame:
    """Return changes of the nine squares, one of every class."""
    return pd.DataFrame(
        {
            "name": [f"Casilla {cell}" for cell in CELLS],
            "count_before": 40.0,
            "count_after": 20.0,
            "rate_before": 40.0,
            "rate_after": 20.0,
            "rate_ratio": [0.5, 0.6, 0.9, 1.5, 2.0, 0.3, None, 1.0, 0.4],
            "ratio_low": [0.3, 0.4, 0.6, 1.1, 1.4, 0.0, None, 0.7, 0.2],
            "ratio_high": [0.8, 0.9, 1.3, 2.1, 2.9, 3.0, None, 1.4, 0.7],
            "change": CHANGES,
            "reliability": "good",
        },
        index=pd.Index(CELLS, name="unit"),
    )


@pytest.fixture
def shapes() -> gpd.GeoDataFrame:
    """Return nine squares of a tenth of a degree and the frame around them."""
    squares = [
        box(0.1 * column, 0.2 - 0.1 * row, 0.1 * column + 0.1, 0.3 - 0.1 * row)
        for row in range(3)
        for column in range(3)
    ]
    return gpd.GeoDataFrame(
        {"level": ["square"] * 9 + ["country"]},
        geometry=[*squares, box(0, 0, 0.3, 0.3)],
        index=pd.Index([*CELLS, "X"], name="unit"),
        crs="EPSG:4326",
    )


@pytest.fixture
def board(shapes: gpd.GeoDataFrame) -> Ground:
    """Return the squares with a border, an inset, a neighbour and two places."""
    neighbour = gpd.GeoDataFrame({"name": ["Vecino"]}, geometry=[box(0.3, -1, 2, 1)], crs=4326)
    places = pd.DataFrame(
        {"name": ["Ávila", "Ñuble"], "lon": [0.05, 0.25], "lat": [0.25, 0.05], "rank": [1, 2]}
    )
    return Ground(
        shapes.iloc[:9],
        outlines=shapes.iloc[9:],
        context=neighbour,
        places=places,
        inset=Inset("Centro", (0.1, 0.1, 0.2, 0.2)),
    )


@pytest.fixture
def rate_map(rates: pd.DataFrame) -> MapSpec:
    """Return the map of rates in Spanish."""
    return rate_spec(rates, Window.parse("2011"), about=words())


@pytest.fixture
def change_map(comparison: pd.DataFrame) -> MapSpec:
    """Return the map of changes in Spanish."""
    return change_spec(comparison, Window.parse("2010"), Window.parse("2012"), about=words())
