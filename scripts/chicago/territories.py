"""Actors, and who is reported in which area each year, with the share of the area."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from tables import ACTOR_COLUMNS, expect, read_table, records, table, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

FOLDER = "territories/chicago"
TEXTS = Path(__file__).parent / "territories.toml"
CLAIMS = (
    "claim",
    "unit",
    "level",
    "actor",
    "kind",
    "value",
    "start",
    "end",
    "date_precision",
    "grade",
    "display_tier",
    "source",
    "url",
    "note_es",
    "note_en",
)


def write(sources: Path, out: Path) -> dict[str, int]:
    """Write actors and claims; give the rows of each file."""
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    raw = read_table(sources / "territory_claims.csv")
    expect(len(raw), 4994, "raw claims")
    expect(raw["unit_code"].nunique(), 73, "areas that ever have a claim")
    actors = _actors(raw, texts)
    claims = table((_claim(row, texts) for row in records(raw)), CLAIMS)
    named = {actor for cell in claims["actor"] for actor in cell.split(";")}
    expect(named | {"ANY"}, set(actors["actor"]), "actors of the claims")
    folder = out / FOLDER
    return {
        f"{FOLDER}/actors.csv": write_table(folder / "actors.csv", actors, key=["actor"]),
        f"{FOLDER}/claims.csv": write_table(folder / "claims.csv", claims, key=["claim"]),
    }


def slug(name: str) -> str:
    """Turn a name into a code: small letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _parts(name: str, texts: dict[str, dict[str, list[str]]]) -> list[str]:
    """Give the names in a label: several groups share some polygons of the police map."""
    return texts["together"].get(name, [name])


def _actors(raw: pd.DataFrame, texts: dict[str, dict[str, list[str]]]) -> pd.DataFrame:
    """Give every actor once; other spellings of the maps are its aliases."""
    spellings: dict[str, set[str]] = {}
    for row in records(raw[["actor", "actor_std"]].drop_duplicates()):
        alone = row["actor_std"] not in texts["together"]
        for name in _parts(row["actor_std"], texts):
            spellings.setdefault(name, set()).update({row["actor"]} if alone else ())
    for name, more in texts["spelling"].items():
        spellings[name].update(more)
    rows = [
        {
            "actor": slug(name),
            "aliases": ";".join(sorted({name, *spellings[name]})),
            "name_es": name,
            "name_en": name,
            "color": texts["color"].get(name, "OTHER"),
        }
        for name in sorted(spellings)
    ]
    unnamed = {"name_es": "Grupo no nombrado", "name_en": "Group not named", "color": "ANY"}
    return table([*rows, {"actor": "ANY", **unnamed}], ACTOR_COLUMNS)


def _claim(row: dict[str, str], texts: dict[str, dict[str, list[str]]]) -> dict[str, str]:
    parts = sorted(slug(name) for name in _parts(row["actor_std"], texts))
    return {
        "claim": f"CHI-{row['year']}-{row['unit_code']}-{slug(row['actor_std'])}",
        "unit": row["unit_code"],
        "level": "community area",
        "actor": ";".join(parts),
        "kind": row["claim"],
        "value": row["share_area"],
        "start": row["period_start"],
        "end": row["period_end"],
        "date_precision": "year",
        **dict(_origin(row, texts)),
    }


def _origin(
    row: dict[str, str], texts: dict[str, dict[str, list[str]]]
) -> Iterator[tuple[str, str]]:
    """Give grade, tier, source and note: police maps, the repeated one, the later table."""
    own_overlay = row["source"] == "cpd_foia_polygons"
    key = "map" if own_overlay else "table"
    if row["imputed"] == "True":
        key = "repeated"
    words = texts["origin"][key]
    yield "display_tier", "map"
    for name in ("grade", "source", "url", "note_es", "note_en"):
        yield name, words[name].replace("YEAR", row["map_year"])  # type: ignore[index, attr-defined]
