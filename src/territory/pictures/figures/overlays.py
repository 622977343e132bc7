"""Outlines of reported territory over a still map, and their keys above the foot of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch

from territory.pictures.figures.layout import Format, Pen, Picture, text_width, wrap
from territory.pictures.scales import MUTED, PAPER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.path import Path

    from territory.pictures.reported_marks import Mark, Reported

# Widths in points: of a line, and least and most of it; and its share of the area's shorter side.
_LEAST, _MOST, _SHARE = 0.7, 2.0, 0.1
# Lengths in widths of a line: of a dash and a gap of a broken line, of a dash of one of colours.
_DASH, _GAP, _TURN = 1.9, 1.3, 3.2


class _Stroke(NamedTuple):
    """One colour of an outline, and the dashes that it takes, in widths of the line."""

    color: str
    dashes: tuple[float, float] | None
    start: float


def draw_outlines(
    axes: Any, reported: Reported, areas: Iterable[tuple[str, Path]], *, point: float, fine: float
) -> None:
    """Draw the outline of each area inside its border, so that neighbours do not cover it.

    Parameters
    ----------
    axes
        What is drawn on.
    reported
        The outlines.
    areas
        Unit and shape, in the units of the axes.
    point
        Length of a point in units of the axes.
    fine
        Smaller than 1 where the map is small: lines are thinner there.
    """
    for unit, path in areas:
        mark = reported.marks.get(unit)
        if mark is not None:
            _outline(axes, mark, path, point=point, most=_MOST * max(fine, 0.6))


def _outline(axes: Any, mark: Mark, path: Path, *, point: float, most: float) -> None:
    box = path.get_extents()
    wide = min(max(min(box.width, box.height) / point * _SHARE, _LEAST), most)
    gap = wide / 4
    # A stroke lies half outside of the area, where it is cut off: hence twice the widths.
    strokes = [
        (_Stroke(PAPER, None, 0), wide + 2 * gap),
        *((stroke, wide + gap) for stroke in _strokes(mark)),
        (_Stroke(PAPER, None, 0), gap),
    ]
    for stroke, width in strokes:
        # matplotlib counts dashes in widths of the line that it draws.
        part = wide / (2 * width)
        style: Any = "solid"
        if stroke.dashes:
            style = (stroke.start * part, tuple(length * part for length in stroke.dashes))
        patch = PathPatch(
            path, fill=False, edgecolor=stroke.color, linewidth=2 * width, linestyle=style,
            capstyle="butt", joinstyle="miter", gid=f"reported:{mark.line}",
        )  # fmt: skip
        axes.add_patch(patch)
        patch.set_clip_path(path, axes.transData)


def _strokes(mark: Mark) -> list[_Stroke]:
    """Return the lines of a look, from the lowest."""
    colors = mark.colors
    if mark.line == "solid":
        return [_Stroke(colors[0], None, 0)]
    if mark.line == "broken":
        step, dash = _DASH + _GAP, _DASH
    else:
        step = dash = _TURN
    turn = step * len(colors)
    strokes = [
        _Stroke(color, (dash, turn - dash), turn - place * step)
        for place, color in enumerate(colors)
    ]
    return strokes if mark.line == "broken" else [_Stroke(colors[0], None, 0), *strokes[1:]]


def outline_keys(
    picture: Picture, reported: Reported | None, paper: Format, bottom: float
) -> float:
    """Write keys and words of caution above `bottom`; return where the body must end now.

    Parameters
    ----------
    picture, paper
        The page.
    reported
        The outlines; without any nothing is written.
    bottom
        Where the body would end, in points from the top.
    """
    if reported is None:
        return bottom
    pen, width = Pen(paper.small * 1.05), paper.width - 2 * paper.margin
    words = f"{reported.sentence} {reported.caution}"
    told = wrap(words, width, Pen(paper.small, MUTED))
    rows = _rows(reported, width, pen)
    step = pen.line * 1.15
    height = step * (len(rows) + 1) + len(told) * Pen(paper.small).line
    y = bottom - height
    picture.write(
        reported.title, paper.margin, y, Pen(pen.size, weight="bold"), gid="reported-title"
    )
    for row in rows:
        y += step
        x = paper.margin
        for mark, label in row:
            _key(picture, mark, x, y + pen.size * 0.62, _icon(pen))
            picture.write(label, x + _icon(pen) * 1.25, y, pen, gid="reported-key")
            x += _room(label, pen)
    y += step
    for line in told:
        picture.write(line, paper.margin, y, Pen(paper.small, MUTED), gid="reported-caution")
        y += Pen(paper.small).line
    return bottom - height - paper.small


def _rows(reported: Reported, width: float, pen: Pen) -> list[list[tuple[Mark, str]]]:
    """Return the keys in as many rows as they need."""
    rows: list[list[tuple[Mark, str]]] = []
    left = 0.0
    for mark, label in reported.keys:
        room = _room(label, pen)
        if not rows or room > left:
            rows.append([])
            left = width
        rows[-1].append((mark, label))
        left -= room
    return rows


def _icon(pen: Pen) -> float:
    return pen.size * 2.4


def _room(label: str, pen: Pen) -> float:
    return _icon(pen) * 1.25 + text_width(label, pen.size) + pen.size * 1.8


def _key(picture: Picture, mark: Mark, x: float, y: float, width: float) -> None:
    for stroke in _strokes(mark):
        line = Line2D(
            [x, x + width], [y, y], color=stroke.color, linewidth=2.6, gid="reported-line"
        )
        if stroke.dashes:
            line.set_linestyle((stroke.start, stroke.dashes))
            line.set_dash_capstyle("butt")
        else:
            line.set_solid_capstyle("butt")
        picture.sheet.add_line(line)
