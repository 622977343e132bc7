"""Pages of still pictures: sizes, text that fits, and where the parts lie.

A page is measured in points from its upper left corner, as a person would lay
it out; matplotlib's figure is only the paper.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from territory.evidence.schema import unknown
from territory.pictures.scales import INK, MUTED, PAPER, RULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The one family of still pictures; it travels with matplotlib.
FAMILY = "DejaVu Sans"
_SAFE = 0.985  # hinting makes small letters a little wider than measured
_MEASURE = 4.0  # text is measured this much larger, so that hinting does not round it


class Box(NamedTuple):
    """A rectangle in points from the upper left corner of the page."""

    x: float
    y: float
    width: float
    height: float

    def part(self, x: float, y: float, width: float, height: float) -> Box:
        """Return a part of the box, given in fractions of it."""
        return Box(
            self.x + x * self.width,
            self.y + y * self.height,
            width * self.width,
            height * self.height,
        )


class Format(NamedTuple):
    """A size of paper with its type sizes, all in points."""

    width: float
    height: float
    dpi: float
    margin: float
    title: float
    takeaway: float
    text: float
    small: float
    tall: bool


#: 1920 x 1080 pixels; A4 (upright and across) at 200 dots an inch; 1080 x 1080 pixels.
FORMATS: Mapping[str, Format] = {
    "slide": Format(960, 540, 144, 36, 23, 13, 10.5, 8, tall=False),
    "a4-landscape": Format(841.89, 595.28, 200, 36, 20, 12, 9.5, 7.5, tall=False),
    "a4": Format(595.28, 841.89, 200, 36, 18, 11, 9, 7, tall=True),
    "square": Format(540, 540, 144, 28, 17, 10.5, 8.5, 6.8, tall=True),
}


def format_of(size: str) -> Format:
    """Return the format called `size`.

    Raises
    ------
    DataError
        When there is none of that name.
    """
    if size not in FORMATS:
        raise unknown("size", size, FORMATS)
    return FORMATS[size]


class Pen(NamedTuple):
    """How text is set."""

    size: float
    color: str = INK
    weight: str = "normal"
    leading: float = 1.32

    @property
    def line(self) -> float:
        """Height of a line in points."""
        return self.size * self.leading


class Picture(Figure):
    """A matplotlib figure that knows what it says.

    Parameters
    ----------
    width, height
        In points.
    dpi
        Dots an inch when saved as pixels.
    """

    def __init__(self, width: float, height: float, *, dpi: float) -> None:
        super().__init__(figsize=(width / 72, height / 72), dpi=dpi, facecolor=PAPER)
        FigureCanvasAgg(self)
        self.size_points = (width, height)
        self.heading = ""
        self.alt = ""
        self.credit = ""
        self.rights = ""
        #: Words shown over a point of a chart, by the gid of its artist.
        self.tips: dict[str, str] = {}
        self.sheet = self.add_axes((0, 0, 1, 1), gid="sheet")
        self.sheet.set(xlim=(0, width), ylim=(height, 0), zorder=-1)
        self.sheet.set_axis_off()

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Show the figure in a notebook at its size, sharp, also where pyplot was never imported."""
        from io import BytesIO

        buffer = BytesIO()
        self.savefig(buffer, format="png")
        width, height = (round(points * 96 / 72) for points in self.size_points)
        return buffer.getvalue(), {"width": width, "height": height}

    def panel(self, box: Box, *, gid: str) -> Any:
        """Return new axes that fill `box`."""
        width, height = self.size_points
        place = (
            box.x / width,
            1 - (box.y + box.height) / height,
            box.width / width,
            box.height / height,
        )
        return self.add_axes(place, gid=gid)

    def write(self, text: str, x: float, y: float, pen: Pen, **options: Any) -> Any:
        """Set one line with its upper left corner at `x`, `y`; return the artist."""
        return self.sheet.text(
            x,
            y + (pen.line - pen.size) / 2 + pen.size * 0.86,
            text,
            size=pen.size,
            color=pen.color,
            weight=pen.weight,
            family=FAMILY,
            va="baseline",
            parse_math=False,
            **options,
        )

    def paragraph(self, text: str, box: Box, pen: Pen, *, gid: str = "") -> float:
        """Set `text` in the width of `box`; return the height it took in points."""
        lines = wrap(text, box.width, pen)
        for number, line in enumerate(lines):
            self.write(line, box.x, box.y + number * pen.line, pen, gid=gid or None)
        return len(lines) * pen.line


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line in points."""
    renderer = _renderer()
    font = FontProperties(family=FAMILY, size=size * _MEASURE, weight=weight)
    return float(renderer.get_text_width_height_descent(text, font, ismath=False)[0]) / _MEASURE


def wrap(text: str, width: float, pen: Pen) -> list[str]:
    """Break `text` into lines that fit `width` points; a longer word has its own line."""
    space = text_width("a b", pen.size, pen.weight) - text_width("ab", pen.size, pen.weight)
    width *= _SAFE
    lines: list[list[str]] = []
    left = 0.0
    for word in text.split(" "):
        needed = text_width(word, pen.size, pen.weight)
        if word and lines and needed + space <= left:
            lines[-1].append(word)
            left -= needed + space
        elif word:
            lines.append([word])
            left = width - needed
    return [" ".join(line) for line in lines]


def balanced(text: str, width: float, pen: Pen) -> list[str]:
    """Break `text` into as few lines as fit, all about equally long: no orphan words."""
    lines = wrap(text, width, pen)
    for share in (0.55, 0.62, 0.7, 0.78, 0.86, 0.94):
        even = wrap(text, width * share, pen)
        if len(even) == len(lines):
            return even
    return lines


def heading(picture: Picture, paper: Format, texts: Mapping[str, str]) -> float:
    """Set title, takeaway and subtitle; return where the body may begin."""
    pens = {
        "title": Pen(paper.title, weight="bold", leading=1.22),
        "takeaway": Pen(paper.takeaway),
        "subtitle": Pen(paper.text * 1.08, color=MUTED),
    }
    y = paper.margin * 0.82
    for name, pen in pens.items():
        if texts.get(name):
            for line in balanced(texts[name], paper.width - 2 * paper.margin, pen):
                picture.write(line, paper.margin, y, pen, gid=name)
                y += pen.line
            y += paper.text * 0.35
    return y


def footing(picture: Picture, paper: Format, texts: Iterable[tuple[str, str]]) -> float:
    """Set caption, caveat and credit at the foot; return where the body must end."""
    pen = Pen(paper.small, color=MUTED, leading=1.38)
    width = paper.width - 2 * paper.margin
    blocks = [(gid, wrap(text, width, pen)) for gid, text in texts if text]
    y = paper.height - paper.margin * 0.7 - sum(len(lines) for _, lines in blocks) * pen.line
    top = y - paper.small * 1.2
    picture.sheet.plot(
        [paper.margin, paper.width - paper.margin], [top, top], color=RULE, linewidth=0.8
    )
    for gid, lines in blocks:
        for line in lines:
            picture.write(line, paper.margin, y, pen, gid=gid)
            y += pen.line
    return top - paper.small


@lru_cache(maxsize=1)
def _renderer() -> Any:
    renderer: Any = RendererAgg
    return renderer(1, 1, 72)
