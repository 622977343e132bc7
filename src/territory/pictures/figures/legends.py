"""Legends: every class with its swatch, in columns that fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import shapely
from matplotlib.patches import Rectangle

from territory.pictures.figures.furniture import hatch
from territory.pictures.figures.layout import Box, Format, Pen, Picture, text_width, wrap
from territory.pictures.figures.patterns import lay_patterns
from territory.pictures.scales import HATCH, MUTED
from territory.text import say

if TYPE_CHECKING:
    from territory.pictures.scales import LegendItem
    from territory.pictures.spec import MapSpec

_MOST_COLUMNS = 5


class Arranged(NamedTuple):
    """A legend laid out: columns of items with their lines, widths, and height, in points."""

    columns: list[list[tuple[LegendItem, list[str]]]]
    widths: list[float]
    head: list[str]
    height: float


def arranged(spec: MapSpec, width: float, paper: Format) -> Arranged:
    """Lay a legend out in as many columns as fit `width`; in one column long words wrap."""
    pen = Pen(paper.text)
    kind = spec.kind if spec.kind in ("count", "change", "holders") else "rate"
    head = wrap(say(f"pictures.legend_title_{kind}", spec.lang), width, pen)
    lead, gap = _swatch_width(paper) * 1.3, paper.text * 1.8
    items = [item for item in spec.legend if item.label]
    for count in range(min(_MOST_COLUMNS, len(items)), 0, -1):
        rows = -(-len(items) // count)
        parts = [items[start : start + rows] for start in range(0, len(items), rows)]
        widths = [
            lead + max(text_width(item.label, pen.size) for item in part) + gap for part in parts
        ]
        if sum(widths) - gap <= width or count == 1:
            break
    columns = [[(item, wrap(item.label, width - lead, pen)) for item in part] for part in parts]
    tallest = max(sum(_step(lines, paper) for _, lines in column) for column in columns)
    return Arranged(columns, widths, head, (len(head) * pen.line) + paper.text * 0.5 + tallest)


def legend(picture: Picture, spec: MapSpec, box: Box, paper: Format) -> None:
    """List every class with its swatch."""
    pen = Pen(paper.text)
    plan = arranged(spec, box.width, paper)
    for number, line in enumerate(plan.head):
        muted = Pen(paper.text, MUTED)
        picture.write(line, box.x, box.y + number * pen.line, muted, gid="legend-title")
    swatch, x = _swatch_width(paper), box.x
    for column, width in zip(plan.columns, plan.widths, strict=True):
        y = box.y + len(plan.head) * pen.line + paper.text * 0.5
        for item, lines in column:
            _swatch(picture, item, Box(x, y + paper.text * 0.12, swatch, paper.text * 1.12))
            for number, line in enumerate(lines):
                left = x + swatch * 1.3
                picture.write(line, left, y + number * pen.line, pen, gid=f"legend:{item.id}")
            y += _step(lines, paper)
        x += width


def _swatch_width(paper: Format) -> float:
    return paper.text * 1.8


def _step(lines: list[str], paper: Format) -> float:
    return len(lines) * Pen(paper.text).line + paper.text * 0.28


def _swatch(picture: Picture, item: LegendItem, box: Box) -> None:
    dotted = item.pattern == "dotted"
    patch = Rectangle(
        (box.x, box.y),
        box.width,
        box.height,
        facecolor=item.ground,
        edgecolor=MUTED if dotted else HATCH,
        linewidth=0.9 if dotted else 0.5,
        linestyle=(0, (1, 1.6)) if dotted else "solid",
        gid=f"swatch:{item.id}",
    )
    picture.sheet.add_patch(patch)
    area = shapely.box(box.x, box.y, box.x + box.width, box.y + box.height)
    lay_patterns(picture.sheet, [(area, item)], point=1.0)
    if item.pattern == "hatch":
        hatch(picture.sheet, [patch.get_patch_transform().transform_path(patch.get_path())], fine=1)
