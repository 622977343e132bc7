"""The light geometry of a study, as the map component fetches it once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from territory.dashboard.served import Asset, short_hash

if TYPE_CHECKING:
    from pathlib import Path

_AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class WebShapes:
    """Shapes in the browser, and the order in which their classes are sent.

    Parameters
    ----------
    level
        Level of the areas that are coloured; everything else in the file is an outline.
    units
        Codes of these areas in ascending order: position *i* of every class
        string belongs to ``units[i]``. The component sorts the same way.
    names
        Name of each area, in the same order.
    asset
        The file itself.
    """

    level: str
    units: tuple[str, ...]
    names: tuple[str, ...] = field(repr=False)
    asset: Asset = field(repr=False)

    @classmethod
    def read(cls, path: Path, *, study: str, level: str) -> WebShapes:
        """Read a GeoJSON file whose features carry an id or a unit, and a level and a name."""
        body = path.read_bytes()
        document = json.loads(body)
        features = document["features"]
        if any("id" not in feature for feature in features):
            # The component in the browser knows areas by their id alone.
            for feature in features:
                feature["id"] = str(feature.get("id", feature["properties"].get("unit")))
            body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        areas = sorted(
            (str(feature["id"]), str(feature["properties"].get("name", feature["id"])))
            for feature in features
            if feature["properties"].get("level") == level and feature["geometry"]["type"] in _AREAS
        )
        address = f"assets/geometry/{study}.{short_hash(body)}.json"
        return cls(
            level=level,
            units=tuple(code for code, _ in areas),
            names=tuple(name for _, name in areas),
            asset=Asset.of(address, body),
        )
