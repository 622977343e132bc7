"""The light geometry of a study, as the map component fetches it once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from territory.dashboard.served import Asset, short_hash

if TYPE_CHECKING:
    from collections.abc import Iterator
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
        """Read a GeoJSON file whose features carry a unit or an id, and a level and a name."""
        body = path.read_bytes()
        document = json.loads(body)
        features = document["features"]
        # The component in the browser knows areas by their id alone; programs that write GeoJSON
        # put a running number there.
        codes = [str(feature["properties"].get("unit", feature.get("id"))) for feature in features]
        moved = _past_the_date_line(features)
        if moved or any(one.get("id") != code for one, code in zip(features, codes, strict=True)):
            for feature, code in zip(features, codes, strict=True):
                feature["id"] = code
            body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        areas = sorted(
            (str(feature["id"]), str(feature["properties"].get("name", feature["id"])))
            for feature in features
            if feature["properties"].get("level") == level
            and (feature["geometry"] or {}).get("type") in _AREAS
        )
        address = f"assets/geometry/{study}.{short_hash(body)}.json"
        return cls(
            level=level,
            units=tuple(code for code, _ in areas),
            names=tuple(name for _, name in areas),
            asset=Asset.of(address, body),
        )


def _past_the_date_line(features: list[dict[str, Any]]) -> bool:
    """Bring areas on both sides of the 180th meridian together; tell whether there were any.

    A map in the browser has no edge there, and longitudes may go on past 180.
    """
    drawn = [(feature["geometry"] or {}).get("coordinates", []) for feature in features]
    points = [point for coordinates in drawn for point in _points(coordinates)]
    west = [point for point in points if point[0] < 0]
    east = [point[0] for point in points if point[0] >= 0]
    if not west or not east or min(east) - max(point[0] for point in west) < 180:
        return False
    for point in west:
        point[0] += 360
    return True


def _points(coordinates: list[Any]) -> Iterator[list[float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
        return
    for part in coordinates:
        yield from _points(part)
