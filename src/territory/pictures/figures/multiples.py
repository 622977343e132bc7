"""Many small maps on one page: one scale, one legend, the same classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from territory.pictures.beside import alt_text
from territory.pictures.figures.frames import Extent, round_length
from territory.pictures.figures.layout import (
    Box,
    Format,
    Pen,
    Picture,
    footing,
    format_of,
    heading,
    text_width,
)
from territory.pictures.figures.legends import arranged, legend
from territory.pictures.figures.maps import draw_units, prepare
from territory.pictures.scales import INK, MUTED
from territory.text import number, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.pictures.ground import Ground
    from territory.pictures.spec import MapSpec

# Room around the units, as a share of the larger side.
_PAD = 0.03


class _Grid(NamedTuple):
    """How many columns and rows, the size of a map in points, and points to a metre."""

    columns: int
    rows: int
    width: float
    height: float
    metre: float


def multiples_figure(
    maps: Sequence[MapSpec], base: Ground, *, words: Mapping[str, str], size: str = "slide"
) -> Picture:
    """Draw many small maps, each with its heading and note.

    Parameters
    ----------
    maps
        On the same ground and with the same classes; each shows the surroundings of its rows.
    base
        What lies under them.
    words
        ``title``, ``takeaway``, ``subtitle``, ``caption`` of the page.
    size
        As in `map_figure`.

    Raises
    ------
    DataError
        For an unknown size.
    """
    paper, lead = format_of(size), maps[-1]
    picture = Picture(paper.width, paper.height, dpi=paper.dpi)
    picture.heading = words["title"]
    picture.alt = f"{alt_text(maps, **_named(words))} {words['takeaway']}"
    picture.credit, picture.rights = lead.credit, lead.licence
    top = heading(picture, paper, words) + paper.text * 0.6
    source = say("pictures.source", lead.lang, credit=lead.credit)
    foot = [("caption", words["caption"]), ("caveat", lead.caveat)]
    bottom = footing(picture, paper, [*foot, ("credit", source), ("licence", lead.licence)])
    width = paper.width - 2 * paper.margin
    plan = arranged(lead, width, paper)
    legend(picture, lead, Box(paper.margin, bottom - plan.height, width, plan.height), paper)
    body = Box(paper.margin, top, width, bottom - plan.height - paper.text - top)
    grid = _panels(picture, maps, base, body, paper)
    _bar(picture, grid, paper, lead.lang, bottom - plan.height)
    return picture


def _named(words: Mapping[str, str]) -> dict[str, str]:
    return {"title": words["title"], "subtitle": words["subtitle"]}


def _panels(
    picture: Picture, maps: Sequence[MapSpec], base: Ground, body: Box, paper: Format
) -> _Grid:
    """Draw the maps row by row, all to one scale."""
    extents = [_extent(spec, base) for spec in maps]
    head = Pen(paper.text, weight="bold").line + Pen(paper.small).line
    gap = paper.text * 0.8
    across = max(extent.width for extent in extents)
    down = max(extent.height for extent in extents)
    grid = _grid(len(maps), (across, down), body, head, gap)
    for place, (spec, extent) in enumerate(zip(maps, extents, strict=True)):
        row, column = divmod(place, grid.columns)
        x = body.x + column * (grid.width + gap)
        y = body.y + row * (grid.height + head + gap)
        _words(picture, spec, x, y, grid.width, paper)
        box = Box(x, y + head, grid.width, grid.height)
        axes = picture.panel(box, gid=f"map:{place}")
        shown = _around(extent, grid.width / grid.metre, grid.height / grid.metre)
        prepare(axes, shown)
        draw_units(axes, spec, base, shown, width=grid.width, full=420)
    return grid


def _words(
    picture: Picture, spec: MapSpec, x: float, y: float, width: float, paper: Format
) -> None:
    """Set heading and note of a map; a long heading is set smaller, not cut."""
    size = paper.text
    size *= min(width / text_width(spec.panel, size, "bold"), 1.0)
    pen = Pen(size, weight="bold")
    picture.write(spec.panel, x, y, pen, gid="panel")
    small = paper.small * min(width / max(text_width(spec.note, paper.small), 1.0), 1.0)
    picture.write(spec.note, x, y + Pen(paper.text).line, Pen(small, MUTED), gid="note")


def _grid(n: int, ground: tuple[float, float], body: Box, head: float, gap: float) -> _Grid:
    """Return the arrangement in which maps of this ground (metres) are largest."""
    found = []
    for columns in range(1, n + 1):
        rows = -(-n // columns)
        width = (body.width - gap * (columns - 1)) / columns
        height = (body.height - gap * (rows - 1)) / rows - head
        metre = min(width / ground[0], height / ground[1])
        found.append(_Grid(columns, rows, width, height, metre))
    return max(found, key=lambda grid: grid.metre)


def _extent(spec: MapSpec, base: Ground) -> Extent:
    own = np.isin(base.units, [str(unit) for unit in spec.rows.index])
    left, bottom, right, top = shapely.total_bounds(base.polygons[own])
    return Extent(left, bottom, right, top).grown(max(right - left, top - bottom) * _PAD)


def _around(extent: Extent, width: float, height: float) -> Extent:
    x, y = (extent.left + extent.right) / 2, (extent.bottom + extent.top) / 2
    return Extent(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _bar(picture: Picture, grid: _Grid, paper: Format, lang: str, y: float) -> None:
    """Draw one scale bar for all maps, at the right of the legend's heading."""
    sheet: Any = picture.sheet
    length = round_length(grid.width / grid.metre / 2.5)
    label = say("pictures.kilometres", lang, n=number(length / 1000, lang))
    right, points = paper.width - paper.margin, length * grid.metre
    middle = y + paper.text * 0.75
    sheet.plot([right - points, right], [middle, middle], color=INK, linewidth=1.1, gid="scale-bar")
    start = right - points - paper.small * 0.6 - text_width(label, paper.small)
    picture.write(label, start, y + paper.text * 0.2, Pen(paper.small, MUTED), gid="scale-label")
