"""What stands on a map beside the units: scale bar, names, hatching, leader of the inset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from matplotlib.collections import LineCollection, PathCollection

from territory.pictures.figures.frames import Extent, Frame, round_length
from territory.pictures.figures.layout import FAMILY, Box, Format, Pen, balanced, text_width
from territory.pictures.scales import HATCH, INK, MUTED
from territory.text import number, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from matplotlib.path import Path

_HATCH = "/////"
# Room kept free along a line, as a share of the map's width.
_THIN = 0.0015


def hatch(axes: Any, paths: Sequence[Path], *, gid: str = "", fine: float) -> None:
    """Lay thin lines over `paths`, given in the coordinates of `axes`."""
    if not paths:
        return
    lines = PathCollection(
        paths, facecolors="none", edgecolors=HATCH, linewidths=0.0, hatch=_HATCH, gid=gid or None
    )
    lines.set_hatch_linewidth(0.45 * max(fine, 0.6))
    axes.add_collection(lines, autolim=False)


def leader(axes: Any, part: Extent, room: Extent, frame: Frame) -> None:
    """Frame the part that the inset shows, and tie the two frames; no name may cross the lines."""
    left, bottom, right, top = part
    corners = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    line = shapely.shortest_line(shapely.box(*room), shapely.box(*part))
    tie = line.coords
    axes.add_collection(
        LineCollection([corners, list(tie)], colors=INK, linewidths=0.7, gid="leader"),
        autolim=False,
    )
    thin = frame.extent.width * _THIN
    for path in (shapely.LineString(corners), line):
        steps = max(int(path.length / (thin * 4)), 1)
        points = shapely.line_interpolate_point(
            path, [n / steps for n in range(steps + 1)], normalized=True
        )
        frame.taken += [Extent(point.x, point.y, point.x, point.y).grown(thin) for point in points]


def inset_title(
    axes: Any, title: str, frame: Frame, room: Extent, size: float, metre: float
) -> None:
    """Name the inset where its name covers nothing: beside its foot, above, or elsewhere.

    Parameters
    ----------
    room
        Where the inset lies.
    size, metre
        Of the letters; points to a metre of the axes.
    """
    pen = Pen(size)
    lines = balanced(title, max(room.width * metre, size * 9), pen)
    width = max(text_width(line, size) for line in lines) / metre
    height, gap = len(lines) * pen.line / metre, size * 0.5 / metre
    spots = [
        (room.right + gap, room.bottom),
        (room.left, room.top + gap * 0.5),
        (room.left - gap - width, room.top - height),
        (room.left - gap - width, room.bottom),
        (room.left, room.bottom - height - gap * 0.5),
    ]
    boxes = [Extent(x, y, x + width, y + height) for x, y in spots]
    box = next((box for box in boxes if frame.free(box)), boxes[0])
    frame.taken.append(box)
    axes.text(
        box.left, box.bottom, "\n".join(lines), size=size, color=MUTED, family=FAMILY,
        va="bottom", linespacing=1.15, parse_math=False, gid="inset-title",
    )  # fmt: skip


def scale_bar(axes: Any, frame: Frame, box: Box, paper: Format, lang: str) -> None:
    """Draw a bar of round length in a free corner; there is none where no corner is free."""
    metre = box.width / frame.extent.width  # points to a metre
    length = round_length(frame.extent.width / 5)
    label = say("pictures.kilometres", lang, n=number(length / 1000, lang))
    size = paper.small
    room = frame.take(length, size * 2.2 / metre)
    if room is None:
        return
    y = room.bottom + size * 0.3 / metre
    axes.plot([room.left, room.left + length], [y, y], color=INK, linewidth=1.1, gid="scale-bar")
    axes.text(
        room.left + length / 2,
        y + size * 0.35 / metre,
        label,
        size=size,
        color=MUTED,
        family=FAMILY,
        ha="center",
        va="bottom",
        gid="scale-label",
    )


def countries(axes: Any, near: gpd.GeoSeries, frame: Frame, paper: Format) -> None:
    """Name each neighbouring country where there is room for it inside the frame."""
    metre = axes.bbox.width * 72 / axes.figure.dpi / frame.extent.width
    window = shapely.box(*frame.extent.grown(-frame.extent.width * 0.01))
    size = paper.small
    for name, shape in near.items():
        visible = shapely.intersection(shape, window)
        if visible.is_empty:
            continue
        point = shapely.maximum_inscribed_circle(visible).coords[0]
        width, height = text_width(str(name), size) / metre, size * 1.2 / metre
        room = Extent(
            point[0] - width / 2, point[1] - height / 2, point[0] + width / 2, point[1] + height / 2
        )
        if frame.free(room):
            frame.taken.append(room)
            axes.text(
                *point, str(name), size=size, color=MUTED, family=FAMILY, style="italic",
                ha="center", va="center", parse_math=False, gid="country",
            )  # fmt: skip
