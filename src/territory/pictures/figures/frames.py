"""Room on a map: where the land lies in its frame, and where nothing is in the way."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

# Inset: at most this share of the frame's width and height.
_INSET_WIDTH, _INSET_HEIGHT = 0.36, 0.5
# Room around the land, as a share of its length: the second when the inset is small without it.
_PADS = (0.03, 0.08)
_MUCH = 1.15
_ENOUGH = 0.13


class Extent(NamedTuple):
    """Left, bottom, right, top in metres."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width in metres."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in metres."""
        return self.top - self.bottom

    def grown(self, by: float) -> Extent:
        """Return the extent, larger by the same length on every side."""
        return Extent(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def overlaps(self, other: Extent) -> bool:
        """Tell whether two extents share ground."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


@dataclass
class Frame:
    """A map's frame, with what already takes room in it.

    Parameters
    ----------
    extent
        What the axes show.
    land
        Where no furniture may lie.
    inset
        Room kept for the inset, if there is any.
    taken
        Furniture already placed.
    """

    extent: Extent
    land: Any
    inset: Extent | None = None
    taken: list[Extent] = field(default_factory=list)

    def free(self, box: Extent, *, on_land: bool = False) -> bool:
        """Tell whether `box` lies in the frame and covers nothing."""
        inside = (
            box.left >= self.extent.left
            and box.right <= self.extent.right
            and box.bottom >= self.extent.bottom
            and box.top <= self.extent.top
        )
        clear = inside and not any(box.overlaps(other) for other in self.taken)
        return clear and (on_land or not self.land.intersects(shapely.box(*box)))

    def corners(self, width: float, height: float) -> Iterator[Extent]:
        """Yield a box of this size in each corner, lower left first."""
        pad = self.extent.width * 0.012
        left, bottom, right, top = self.extent.grown(-pad)
        for x, y in (
            (left, bottom),
            (right - width, top - height),
            (right - width, bottom),
            (left, top - height),
        ):
            yield Extent(x, y, x + width, y + height)

    def take(self, width: float, height: float) -> Extent | None:
        """Reserve the first free corner of this size, if there is one."""
        for box in self.corners(width, height):
            if self.free(box):
                self.taken.append(box)
                return box
        return None


def fitted(bounds: Extent, land: Any, aspect: float, *, inset: float | None) -> Frame:
    """Return the frame of this aspect (width to height) that suits the land and its inset.

    The spare room is put where it lets the inset be largest.

    Parameters
    ----------
    bounds, land
        Extent and rough shape of the units.
    aspect
        Of the axes.
    inset
        Width to height of the inset, if there is one; its place is then taken first.
    """
    if inset is None:
        return Frame(_widened(bounds, aspect, _PADS[0], (0.5, 0.5)), land)
    best: Frame | None = None
    for pad in _PADS:
        for shares in ((x, y) for x in (0.5, 0.75, 0.25) for y in (0.0, 0.5, 1.0)):
            frame = Frame(_widened(bounds, aspect, pad, shares), land)
            frame.inset = _largest_corner(frame, inset)
            if best is None or _share(frame) > _share(best) * _MUCH:
                best = frame
        if best is not None and _share(best) > _ENOUGH:
            break
    assert best is not None  # noqa: S101 - the loops run at least once
    best.taken = [best.inset] if best.inset else []
    return best


def _share(frame: Frame) -> float:
    """Return the width of the inset as a share of the frame's."""
    return frame.inset.width / frame.extent.width if frame.inset else 0.0


def _widened(bounds: Extent, aspect: float, pad: float, shares: tuple[float, float]) -> Extent:
    """Return the bounds grown to `aspect`; shares of the spare room that go left and up."""
    box = bounds.grown(max(bounds.width, bounds.height) * pad)
    spare_x = max(box.height * aspect - box.width, 0.0)
    spare_y = max(box.width / aspect - box.height, 0.0)
    left, top = box.left - spare_x * shares[0], box.top + spare_y * shares[1]
    return Extent(left, top - box.height - spare_y, left + box.width + spare_x, top)


def _largest_corner(frame: Frame, aspect: float) -> Extent | None:
    """Return the largest free corner box of this aspect, a little smaller at each trial."""
    most = min(frame.extent.width * _INSET_WIDTH, frame.extent.height * _INSET_HEIGHT * aspect)
    for trial in range(24):
        width = most * 0.93**trial
        for box in frame.corners(width, width / aspect):
            if frame.free(box):
                return box
    return None


def round_length(metres: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not longer than `metres`."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)
