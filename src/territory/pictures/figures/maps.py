"""Still maps: one, or several side by side (before | after | change)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path

from territory.evidence.schema import DataError, Fault
from territory.pictures.beside import alt_text
from territory.pictures.figures import furniture, labels
from territory.pictures.figures.frames import Extent, Frame, fitted, round_length
from territory.pictures.figures.layout import (
    Box,
    Format,
    Pen,
    Picture,
    footing,
    format_of,
    heading,
)
from territory.pictures.figures.legends import legend
from territory.pictures.figures.overlays import draw_outlines, outline_keys
from territory.pictures.figures.pages import by_legend, places
from territory.pictures.figures.patterns import lay_patterns
from territory.pictures.ground import Ground, ground
from territory.pictures.scales import BORDER, MUTED, PAPER, RULE, WASH
from territory.pictures.spec import MapSpec
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd


MOST_MAPS = 3


def map_figure(
    specs: MapSpec | Sequence[MapSpec],
    shapes: Ground | gpd.GeoDataFrame,
    *,
    size: str = "slide",
    title: str = "",
    takeaway: str = "",
    **frame: Any,
) -> Picture:
    """Draw one to three maps on one page.

    Parameters
    ----------
    specs
        The maps; title and words come from the last one, which says most.
    shapes
        A `Ground`, or the shapes of a study, index ``unit``.
    size
        ``slide`` (1920 x 1080 pixels), ``a4``, ``a4-landscape`` or ``square``.
    title, takeaway
        In place of the last map's own.
    frame
        crs, inset, context, places, outlines, as `ground` takes them.

    Raises
    ------
    DataError
        For an unknown size, no map or more than three, or no matching shape.
    """
    maps = [specs] if isinstance(specs, MapSpec) else list(specs)
    if not 1 <= len(maps) <= MOST_MAPS:
        raise DataError(Fault("panels", value=len(maps), allowed=f"1–{MOST_MAPS}"))
    paper = format_of(size)
    base = ground(shapes, maps[-1].rows.index, **frame)
    picture = Picture(paper.width, paper.height, dpi=paper.dpi)
    words = _words(maps, title=title, takeaway=takeaway)
    picture.heading = words["title"]
    picture.alt = alt_text(maps, title=title)
    picture.credit, picture.rights = maps[-1].credit, maps[-1].licence
    top = heading(picture, paper, words) + paper.text * 0.6
    bottom = footing(picture, paper, _foot(maps))
    bottom = outline_keys(picture, maps[-1].reported, paper, bottom)
    body = Box(paper.margin, top, paper.width - 2 * paper.margin, bottom - top)
    for kind, number, box in places(maps, body, paper):
        if kind == "map":
            inner = _headed(picture, maps[number], box, paper, alone=len(maps) == 1)
            _panel(picture, maps[number], base, inner, paper, number=number)
        else:
            legend(picture, by_legend(maps)[number], box, paper)
    return picture


def _words(maps: Sequence[MapSpec], *, title: str, takeaway: str) -> dict[str, str]:
    lead = maps[-1]
    return {
        "title": title or lead.title,
        "takeaway": takeaway or lead.takeaway,
        "subtitle": lead.subtitle,
    }


def _foot(maps: Sequence[MapSpec]) -> list[tuple[str, str]]:
    """Return caption, caveat, credit and licence; several maps share the last one's caption."""
    lead = maps[-1]
    credit = list(dict.fromkeys(spec.credit for spec in maps))
    source = say("pictures.source", lead.lang, credit="; ".join(credit))
    texts = {"caption": lead.caption, "caveat": lead.caveat, "credit": source}
    return [*texts.items(), ("licence", lead.licence)]


def _headed(picture: Picture, spec: MapSpec, box: Box, paper: Format, *, alone: bool) -> Box:
    """Set the panel's heading and note; return what is left for the map."""
    if alone:
        return box
    pen = Pen(paper.text * 1.15, weight="bold")
    height = picture.paragraph(spec.panel, box, pen, gid="panel")
    if spec.note:
        below = box._replace(y=box.y + height)
        height += picture.paragraph(spec.note, below, Pen(paper.text, MUTED), gid="note")
    height += paper.text * 0.4
    return box._replace(y=box.y + height, height=box.height - height)


def _panel(
    picture: Picture, spec: MapSpec, base: Ground, box: Box, paper: Format, *, number: int
) -> None:
    inset = Extent(*base.inset_box) if base.inset_box else None
    frame = fitted(
        Extent(*base.bounds),
        base.land,
        box.width / box.height,
        inset=inset.width / inset.height if inset else None,
    )
    axes = picture.panel(box, gid=f"map:{number}")
    prepare(axes, frame.extent)
    # Lines are thinner where the map is small.
    fine = min(box.width / 640, 1.0)
    _neighbours(axes, base, paper, frame, fine=fine)
    draw_units(axes, spec, base, frame.extent, width=box.width, full=640)
    if frame.inset:
        _inset(picture, axes, spec, base, box, frame, paper)
    furniture.scale_bar(axes, frame, box, paper, spec.lang)
    if number == 0 or box.width > 500:
        labels.towns(axes, frame, box, paper, base.towns, hidden=inset)


def draw_units(
    axes: Any, spec: MapSpec, base: Ground, extent: Extent, *, width: float, full: float
) -> None:
    """Draw units in their class colours, hatching, dotted outlines and borders.

    Parameters
    ----------
    axes
        In metres of the ground's local system.
    extent
        What the axes show: only units that reach into it are drawn.
    width, full
        Of the axes, and of axes where lines have their full width, in points.
    """
    fine = min(width / full, 1.0)
    # A third of a pixel at twice the screen's resolution is not seen.
    shapes = _simplified(base, round_length(extent.width / width * 0.2))
    seen = shapely.intersects(shapes.polygons, shapely.box(*extent))
    units = [unit for unit, wanted in zip(base.units, seen, strict=True) if wanted]
    paths = [path for path, wanted in zip(shapes.paths, seen, strict=True) if wanted]
    items = {item.id: item for item in spec.legend}
    looks = [items.get(name) for name in spec.class_of(units)]
    areas = PathCollection(
        paths,
        facecolors=[look.ground if look else WASH for look in looks],
        edgecolors=BORDER,
        linewidths=0.45 * fine,
        gid="units",
    )
    axes.add_collection(areas, autolim=False)
    drawn = [(area, look) for area, look in zip(shapes.polygons[seen], looks, strict=True) if look]
    lay_patterns(axes, drawn, point=extent.width / width, fine=fine)
    furniture.hatch(axes, _some(paths, spec.low_of(units).tolist()), gid="low", fine=fine)
    axes.add_collection(
        PathCollection(
            _some(paths, [look is not None and look.pattern == "dotted" for look in looks]),
            facecolors=PAPER,
            edgecolors=MUTED,
            linewidths=0.8 * fine,
            linestyles=[(0, (1, 1.6))],
            gid="no_data",
        ),
        autolim=False,
    )
    axes.add_collection(
        LineCollection(shapes.lines, colors=MUTED, linewidths=0.9 * fine, gid="outlines"),
        autolim=False,
    )
    if spec.reported:
        drawn_areas = zip(units, paths, strict=True)
        draw_outlines(axes, spec.reported, drawn_areas, point=extent.width / width, fine=fine)


class _Shapes(NamedTuple):
    """Geometry with no more detail than the paper can show."""

    polygons: Any
    paths: list[Path]
    lines: list[Any]


@lru_cache(maxsize=16)
def _simplified(base: Ground, tolerance: float) -> _Shapes:
    # As a coverage: neighbours keep one common border, without gaps.
    polygons = shapely.coverage_simplify(base.polygons, tolerance)
    polygons = np.where(shapely.is_empty(polygons), base.polygons, polygons)
    polygons = shapely.orient_polygons(polygons)
    lines = shapely.get_parts(shapely.line_merge(shapely.simplify(base.borders, tolerance / 2)))
    return _Shapes(
        polygons,
        [_path(polygon) for polygon in polygons],
        [shapely.get_coordinates(line) for line in lines],
    )


def _path(area: Any) -> Path:
    rings = shapely.get_rings(shapely.get_parts(area))
    codes = []
    for length in shapely.get_num_coordinates(rings):
        codes += [Path.MOVETO, *[Path.LINETO] * (length - 2), Path.CLOSEPOLY]
    return Path(shapely.get_coordinates(rings), codes)


def _some(paths: Sequence[Path], chosen: Sequence[bool]) -> list[Path]:
    return [path for path, wanted in zip(paths, chosen, strict=True) if wanted]


def prepare(axes: Any, extent: Extent) -> None:
    """Make axes show an extent, without ticks and frame."""
    axes.set(
        xlim=(extent.left, extent.right), ylim=(extent.bottom, extent.top), xticks=[], yticks=[]
    )
    axes.set_facecolor(PAPER)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _neighbours(axes: Any, base: Ground, paper: Format, frame: Frame, *, fine: float) -> None:
    near = shapely.get_parts(np.asarray(base.neighbours.array))
    areas = [_path(part) for part in near if shapely.get_dimensions(part) == 2]
    axes.add_collection(
        PathCollection(
            areas, facecolors=WASH, edgecolors=RULE, linewidths=0.8 * fine, gid="neighbours"
        ),
        autolim=False,
    )
    furniture.countries(axes, base.neighbours, frame, paper)


def _inset(
    picture: Picture,
    axes: Any,
    spec: MapSpec,
    base: Ground,
    box: Box,
    frame: Frame,
    paper: Format,
) -> None:
    """Draw the inset in the room kept for it, with a frame and leader lines."""
    room, part = frame.inset, base.inset_box
    if room is None or part is None or base.inset is None:
        return
    across, down = box.width / frame.extent.width, box.height / frame.extent.height
    place = Box(
        box.x + (room.left - frame.extent.left) * across,
        box.y + (frame.extent.top - room.top) * down,
        room.width * across,
        room.height * down,
    )
    detail = picture.panel(place, gid="inset")
    prepare(detail, Extent(*part))
    detail.set_zorder(3)
    draw_units(detail, spec, base, Extent(*part), width=place.width, full=200)
    for spine in detail.spines.values():
        spine.set(visible=True, color=MUTED, linewidth=0.8)
    furniture.inset_title(axes, base.inset.title, frame, room, paper.small, down)
    furniture.leader(axes, Extent(*part), room, frame)
