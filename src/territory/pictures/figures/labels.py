"""Names of towns on a map: beside their dot, or moved with a thin line back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import shapely
from matplotlib.patheffects import Stroke
from matplotlib.transforms import Bbox

from territory.pictures.figures.frames import Extent, Frame
from territory.pictures.figures.layout import FAMILY, Box, Format, Picture, text_width
from territory.pictures.scales import INK, PAPER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Names on a large map and on a small one; the width in points from which a map is large.
_MOST, _FEW, _LARGE = 9, 3, 500
# In letter sizes: from dot to name, radius of a dot, how far a name may be moved.
_GAP, _DOT, _FAR = 0.45, 0.2, 6.0
_STEPS = 120


class _Town(NamedTuple):
    """A name, where it belongs, and the size of its words; all in metres."""

    name: str
    x: float
    y: float
    width: float
    height: float

    def room(self, x: float, y: float) -> Extent:
        """Return what the name takes when its middle is here."""
        return Extent(
            x - self.width / 2, y - self.height / 2, x + self.width / 2, y + self.height / 2
        )


def towns(
    axes: Any,
    frame: Frame,
    box: Box,
    paper: Format,
    places: Sequence[tuple[str, float, float]],
    *,
    hidden: Extent | None,
) -> None:
    """Name the most important places; no name covers another, a dot, furniture or the edge.

    Parameters
    ----------
    hidden
        The part that the inset shows: its towns are left to it, but for the first.
    """
    metre = box.width / frame.extent.width  # points to a metre
    size, most = paper.small, _MOST if box.width > _LARGE else _FEW
    known = [
        _Town(name, x, y, text_width(name, size) / metre, size * 1.1 / metre)
        for rank, (name, x, y) in enumerate(places)
        if rank == 0 or hidden is None or not hidden.overlaps(Extent(x, y, x, y).grown(1))
    ]
    wanted, gap = known[:most], size * _GAP / metre
    frame.taken += [Extent(t.x, t.y, t.x, t.y).grown(size * _DOT / metre) for t in wanted]
    crowded = []
    for town in wanted:
        room = next((room for room in _beside(town, gap) if frame.free(room, on_land=True)), None)
        if room is None:
            crowded.append(town)
        else:
            frame.taken.append(room.grown(gap / 2))
            _write(axes, town, room, size)
    for town, room in _moved(frame, box, crowded, size):
        if frame.free(room, on_land=True) and _distance(town, room) < size * _FAR / metre:
            frame.taken.append(room)
            _leader(axes, town, room, gap)
            _write(axes, town, room, size)


def _beside(town: _Town, gap: float) -> Iterator[Extent]:
    """Yield the places next to a dot: right, left, above, below, and the corners."""
    across, up = gap + town.width / 2, gap + town.height / 2
    for x, y in (
        (1, 0),
        (-1, 0),
        (0, 1),
        (0, -1),
        (0.8, 0.9),
        (0.8, -0.9),
        (-0.8, 0.9),
        (-0.8, -0.9),
    ):
        yield town.room(town.x + x * across, town.y + y * up)


def _moved(
    frame: Frame, box: Box, crowded: Sequence[_Town], size: float
) -> list[tuple[_Town, Extent]]:
    """Return where names that have no room beside their dot are pushed to."""
    if not crowded:
        return []
    # Loaded for the few maps that need it.
    from adjustText import adjust_text

    # On a sheet of its own: only what is in the way is drawn there, and no state is shared.
    sheet = Picture(box.width, box.height, dpi=72)
    axes = sheet.panel(Box(0, 0, box.width, box.height), gid="scratch")
    axes.set(
        xlim=(frame.extent.left, frame.extent.right), ylim=(frame.extent.bottom, frame.extent.top)
    )
    words = [
        axes.text(t.x, t.y, t.name, size=size, family=FAMILY, ha="center", va="center")
        for t in crowded
    ]
    blocks = [Bbox([[b.left, b.bottom], [b.right, b.top]]) for b in frame.taken]
    adjust_text(words, objects=blocks, ax=axes, iter_lim=_STEPS, expand=(1.1, 1.3), max_move=(4, 4))
    return [
        (town, town.room(*word.get_position())) for town, word in zip(crowded, words, strict=True)
    ]


def _distance(town: _Town, room: Extent) -> float:
    return float(shapely.distance(shapely.Point(town.x, town.y), shapely.box(*room)))


def _leader(axes: Any, town: _Town, room: Extent, gap: float) -> None:
    """Draw a line from the dot to the name, where they are not next to each other."""
    line = shapely.shortest_line(shapely.Point(town.x, town.y), shapely.box(*room))
    if line.length > gap * 1.5:
        x, y = line.xy
        axes.plot(x, y, color=INK, linewidth=0.5, zorder=4, gid="town-leader")


def _write(axes: Any, town: _Town, room: Extent, size: float) -> None:
    """Write a name twice, halo first, so that the words themselves stay text in every format."""
    axes.plot(
        town.x, town.y, marker="o", markersize=size * 0.32, color=INK, markeredgecolor=PAPER,
        markeredgewidth=0.6, linestyle="none", zorder=4,
    )  # fmt: skip
    middle = ((room.left + room.right) / 2, (room.bottom + room.top) / 2)
    for zorder, effects, gid in (
        (4, [Stroke(linewidth=2.2, foreground=PAPER, alpha=0.85)], "halo"),
        (5, [], "town"),
    ):
        axes.text(
            *middle, town.name, size=size, color=INK, family=FAMILY, ha="center",
            va="center_baseline", parse_math=False, path_effects=effects, zorder=zorder, gid=gid,
        )  # fmt: skip
