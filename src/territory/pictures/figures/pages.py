"""Where maps and legends lie on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.pictures.figures.layout import Box, Format
from territory.pictures.figures.legends import arranged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.pictures.spec import MapSpec

# What lies in the body of a page, row by row: maps and legends, each with the share of the
# width that it begins at and takes. By (upright page, number of maps).
_ROWS: dict[tuple[bool, int], list[list[tuple[str, int, float, float]]]] = {
    (False, 1): [[("map", 0, 0, 0.785), ("legend", 0, 0.805, 0.195)]],
    (False, 2): [[("map", 0, 0, 0.492), ("map", 1, 0.508, 0.492)], [("legend", 0, 0, 1)]],
    (False, 3): [
        [("map", 0, 0, 0.325), ("map", 1, 0.3375, 0.325), ("map", 2, 0.675, 0.325)],
        [("legend", 0, 0, 0.53), ("legend", 1, 0.55, 0.45)],
    ],
    (True, 1): [[("map", 0, 0, 1)], [("legend", 0, 0, 1)]],
    (True, 2): [[("map", 0, 0, 1)], [("map", 1, 0, 1)], [("legend", 0, 0, 1)]],
    (True, 3): [
        [("map", 0, 0, 0.49), ("map", 1, 0.51, 0.49)],
        [("legend", 0, 0, 1)],
        [("map", 2, 0, 0.68), ("legend", 1, 0.7, 0.3)],
    ],
}
# A row with a wider map is higher.
_WEIGHT = {0.68: 1.3}


def places(maps: Sequence[MapSpec], body: Box, paper: Format) -> Iterator[tuple[str, int, Box]]:
    """Yield each map and legend with its box: legends take what they need, maps the rest."""
    rows = _ROWS[paper.tall, len(maps)]
    legends = by_legend(maps)
    gap = paper.text * 0.9
    needed = [
        max(arranged(legends[n], share * body.width, paper).height for _, n, _, share in row)
        if all(kind == "legend" for kind, *_ in row)
        else 0.0
        for row in rows
    ]
    weights = [
        0.0 if need else _WEIGHT.get(row[0][3], 1.0) for row, need in zip(rows, needed, strict=True)
    ]
    spare = body.height - sum(needed) - gap * (len(rows) - 1)
    y = body.y
    for row, need, weight in zip(rows, needed, weights, strict=True):
        height = need or spare * weight / sum(weights)
        for kind, number, start, share in row:
            if kind == "map" or number < len(legends):
                yield kind, number, Box(body.x + start * body.width, y, share * body.width, height)
        y += height + gap


def by_legend(maps: Sequence[MapSpec]) -> list[MapSpec]:
    """Return one map for each different legend."""
    return list({spec.legend: spec for spec in maps}.values())
