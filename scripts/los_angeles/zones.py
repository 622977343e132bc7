"""Court injunction zones and the groups they name."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from tables import ACTOR_COLUMNS, expect, table, write_features, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

FOLDER = "territories/los_angeles"
TEXTS = Path(__file__).parent / "zones.toml"


def write(sources: Path, out: Path) -> dict[str, int]:
    """Write zones and actors; give the rows of each file."""
    raw = gpd.read_file(sources / "gang_injunction_zones.geojson").sort_values("area_id")
    starts = raw["valid_from"].map(lambda day: "" if pd.isna(day) else str(day)[:10])
    expect((len(raw), int((starts != "").sum())), (57, 49), "zones, and those with a date")
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    names = sorted(
        {name for label in raw["actor"].dropna() for name in _names(label, texts)} - {"ANY"}
    )
    folder = out / FOLDER
    features = list(_features(raw.assign(start=starts), texts))
    return {
        f"{FOLDER}/zones.geojson": write_features(folder / "zones.geojson", features, digits=6),
        f"{FOLDER}/actors.csv": write_table(
            folder / "actors.csv", table(_actors(names, texts), ACTOR_COLUMNS), key=["actor"]
        ),
    }


def _names(label: str, texts: dict[str, dict[str, list[str]]]) -> list[str]:
    return texts["together"].get(label, [label])


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _actors(names: list[str], texts: dict[str, dict[str, list[str]]]) -> Iterator[dict[str, str]]:
    for name in names:
        aliases = sorted({name, *texts["spelling"].get(name, [])})
        entry = {"actor": _slug(name), "aliases": ";".join(aliases), "color": "OTHER"}
        yield entry | {"name_es": name, "name_en": name}
    yield {
        "actor": "ANY",
        "name_es": "Grupo no nombrado",
        "name_en": "Group not named",
        "color": "ANY",
    }


def _features(
    raw: gpd.GeoDataFrame, texts: dict[str, dict[str, list[str]]]
) -> Iterator[tuple[str, dict[str, str], BaseGeometry]]:
    """Give each zone; the label of its groups stays as printed, in one text."""
    for number, row in enumerate(raw.itertuples(), start=1):
        label = "" if pd.isna(row.actor) else str(row.actor)
        properties = {
            "zone": f"LA-{number:02d}",
            "name": str(row.zone),
            "actor": "; ".join(_names(label, texts)) if label else "",
            "start": row.start,
            "end": "",
        }
        yield properties["zone"], properties, row.geometry
