"""Polygon zones on units: our overlay, its shares included, against `geopandas.overlay`.

    python benchmarks/overlay.py [--cases 57:262 5000:5000]

Zones are random twelve-cornered shapes that overlap, of forty actors; units are a coverage of
squares with shared, crooked edges. Prints one line a case: seconds of each, and the greatest
difference between the two sums of shared area.
"""

from __future__ import annotations

import argparse
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.measures.overlay import overlay

CRS = "EPSG:32616"
SIDE = 100_000.0  # metres


def units(n: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    """Return about `n` crooked squares that share their edges."""
    side = int(np.ceil(np.sqrt(n)))
    grid = np.stack(np.meshgrid(np.arange(side + 1), np.arange(side + 1), indexing="ij"), axis=-1)
    corners = (grid + random.uniform(-0.3, 0.3, grid.shape)) * SIDE / side
    # Each edge has three points of its own between its ends, the same for both neighbours.
    across, along = (
        _edges(corners[:-1], corners[1:], random),
        _edges(corners[:, :-1], corners[:, 1:], random),
    )
    shapes = [
        shapely.polygons(
            np.concatenate(
                [across[i, j], along[i + 1, j], across[i, j + 1][::-1], along[i, j][::-1]]
            )
        )
        for i in range(side)
        for j in range(side)
    ]
    whole = shapely.make_valid(np.array(shapes[:n]))
    index = pd.Index([f"u{i}" for i in range(len(whole))], name="unit")
    return gpd.GeoDataFrame(geometry=whole, crs=CRS, index=index)


def _edges(
    start: np.ndarray, end: np.ndarray, random: np.random.Generator, *, points: int = 12
) -> np.ndarray:
    steps = np.linspace(0, 1, points)[:, None]
    lines = start[..., None, :] * (1 - steps) + end[..., None, :] * steps
    noise = random.normal(0, 0.01, lines.shape) * np.abs(end - start).max(axis=-1)[..., None, None]
    noise[..., [0, -1], :] = 0
    return lines + noise


def zones(n: int, random: np.random.Generator, *, radius: float) -> gpd.GeoDataFrame:
    """Return `n` shapes of twelve corners, each of one of forty actors."""
    middle = random.uniform(0, SIDE, (n, 1, 2))
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    reach = random.uniform(0.5, 1.0, (n, 12, 1)) * radius
    rings = middle + reach * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    index = pd.Index([f"z{i}" for i in range(n)], name="zone")
    who = [(f"actor{i}",) for i in random.integers(0, 40, n)]
    return gpd.GeoDataFrame({"actors": who}, geometry=shapely.polygons(rings), crs=CRS, index=index)


def measure(n_zones: int, n_units: int, *, seed: int = 1) -> dict[str, float]:
    """Return the seconds of both ways and the greatest difference in shared area (share)."""
    random = np.random.default_rng(seed)
    land = units(n_units, random)
    ground = zones(n_zones, random, radius=SIDE / np.sqrt(n_units))
    start = time.perf_counter()
    ours = overlay(ground, land, crs=CRS, sliver=0.0)
    between = time.perf_counter()
    pieces = gpd.overlay(ground.reset_index(), land.reset_index(), how="intersection")
    end = time.perf_counter()
    one_each = pieces.explode("actors").dissolve(by=["unit", "actors"]).area / 1e6
    done = time.perf_counter()
    theirs = one_each.reindex(ours.shares.index).fillna(0.0)
    gap = float((theirs - ours.shares["area_km2"]).abs().max() / (SIDE**2 / n_units / 1e6))
    return {
        "zones": n_zones, "units": n_units, "ours": between - start, "geopandas": end - between,
        "geopandas_shares": done - between, "gap": gap,
    }  # fmt: skip


def main() -> None:
    """Run the cases that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", nargs="+", default=["57:262", "5000:5000"])
    for case in parser.parse_args().cases:
        n_zones, n_units = map(int, case.split(":"))
        found = measure(n_zones, n_units)
        print(
            f"{n_zones} zones, {n_units} units: ours {found['ours']:.2f} s (shares, disputed ground); "
            f"geopandas.overlay {found['geopandas']:.2f} s, with shares by actor "
            f"{found['geopandas_shares']:.2f} s; greatest difference {found['gap']:.1e} of a unit"
        )


if __name__ == "__main__":
    main()
