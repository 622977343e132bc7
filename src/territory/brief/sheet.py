"""A printed page: text, hairlines and quiet tables, measured in points from the lower left."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from territory.brief.parts import Column, Section, Table

WIDTH, HEIGHT = A4
MARGIN = 42
INK, MUTED, RULE, ACCENT = "#1F2933", "#5F6B7A", "#C9CFD6", "#70284A"
_PLAIN, _BOLD = "Territory", "Territory-Bold"
_SMALLEST = 0.72  # of the wanted size, where a text is long
_STEP = 0.96
# Size, leading, colour, weight of each kind of text.
_KINDS = {
    "kicker": (8.5, 11, ACCENT, _BOLD),
    "headline": (18.2, 22.8, INK, _BOLD),
    "lead": (9.6, 13.6, INK, _PLAIN),
    "heading": (9, 12, ACCENT, _BOLD),
    "body": (8.5, 12.2, INK, _PLAIN),
    "note": (6.8, 9, MUTED, _PLAIN),
    "small": (6.4, 8.6, MUTED, _PLAIN),
    "right": (6.4, 8.6, MUTED, _PLAIN),
    "head": (5.9, 7.6, MUTED, _PLAIN),
    "cell": (6.6, 8.8, INK, _PLAIN),
}


class Sheet:
    """The pages of a document, written from the top down.

    Parameters
    ----------
    canvas
        From `canvas`.
    """

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas

    def write(self, text: str, x: float, y: float, width: float, kind: str) -> float:
        """Set a paragraph whose top is `y`; return where it ends."""
        return self._set(text, x, y, width, kind, 1.0)

    def rule(self, x: float, y: float, width: float) -> None:
        """Draw a hairline."""
        self.canvas.setStrokeColor(RULE)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(x, y, x + width, y)

    def sections(
        self, sections: Sequence[Section], x: float, y: float, width: float, room: float
    ) -> float:
        """Set sections under each other in a room, smaller where they are long.

        Returns
        -------
        float
            The height that they took.
        """
        lines = [
            pair for one in sections for pair in (("heading", one.heading), ("body", one.text))
        ]
        scale, gaps = 1.0, 7.0 * len(sections)
        while self._height(lines, width, scale) + gaps > room and scale > _SMALLEST:
            scale *= _STEP
        start = y
        for kind, text in lines:
            y = self._set(text, x, y, width, kind, scale)
            y -= 7 if kind == "body" else 1
        return start - y

    def paragraphs(
        self, texts: Sequence[str], x: float, y: float, width: float, room: float, kind: str
    ) -> None:
        """Set paragraphs in a room, smaller where they are long."""
        lines = [(kind, text) for text in texts]
        scale, gaps = 1.0, 3.0 * len(texts)
        while self._height(lines, width, scale) + gaps > room and scale > _SMALLEST:
            scale *= _STEP
        for text in texts:
            y = self._set(text, x, y, width, kind, scale) - 3

    def table(
        self, table: Table, lang: str, x: float, y: float, width: float, shares: Sequence[float]
    ) -> float:
        """Set a table: heading, note, numbers at the right, hairlines; return where it ends."""
        y = self.write(table.title, x, y, width, "heading") - 1
        y = self.write(table.note, x, y, width, "note") - 3
        widths = [width * share / sum(shares) for share in shares]
        heads = [column.title.replace(" %", "\u00a0%") for column in table.columns]
        y = self._row(heads, table.columns, x, y, widths, "head")
        self.canvas.setStrokeColor(INK)
        self.canvas.setLineWidth(0.6)
        self.canvas.line(x, y, x + width, y)
        for cells in table.cells(lang):
            y = self._row(cells, table.columns, x, y, widths, "cell")
            self.rule(x, y, width)
        return y

    def _row(
        self,
        cells: Sequence[str],
        columns: Sequence[Column],
        x: float,
        y: float,
        widths: Sequence[float],
        kind: str,
    ) -> float:
        made = []
        for text, column, width in zip(cells, columns, widths, strict=True):
            right = column.digits is not None or column.key == "span"
            paragraph = Paragraph(escape(text), _style(kind, 1.0, right=right))
            made.append((paragraph, paragraph.wrap(width - 3, HEIGHT)[1]))
        height: float = max(tall for _, tall in made)
        for (paragraph, _), width in zip(made, widths, strict=True):
            right = paragraph.style.alignment == TA_RIGHT
            paragraph.drawOn(self.canvas, x + (3 if right else 0), y - 1.5 - height)
            x += width
        return y - height - 3

    def _set(self, text: str, x: float, y: float, width: float, kind: str, scale: float) -> float:
        paragraph = Paragraph(escape(text), _style(kind, scale, right=kind == "right"))
        height = float(paragraph.wrap(width, HEIGHT)[1])
        paragraph.drawOn(self.canvas, x, y - height)
        return y - height

    def _height(self, lines: Sequence[tuple[str, str]], width: float, scale: float) -> float:
        return sum(
            float(Paragraph(escape(text), _style(kind, scale)).wrap(width, HEIGHT)[1])
            for kind, text in lines
        )


def canvas(file: IO[bytes], *, title: str, lang: str) -> Canvas:
    """Return a document of A4 pages, the same bytes each time, that uses embedded fonts only."""
    _fonts()
    made = Canvas(file, pagesize=A4, invariant=1, lang=lang, initialFontName=_PLAIN)
    made.setTitle(title)
    return made


@cache
def _fonts() -> None:
    """Register the family of the still pictures, which travels with matplotlib."""
    folder = files("matplotlib") / "mpl-data" / "fonts" / "ttf"
    for name, file in ((_PLAIN, "DejaVuSans.ttf"), (_BOLD, "DejaVuSans-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))


@cache
def _style(kind: str, scale: float, *, right: bool = False) -> ParagraphStyle:
    size, leading, color, font = _KINDS[kind]
    return ParagraphStyle(
        kind,
        fontName=font,
        fontSize=size * scale,
        leading=leading * scale,
        textColor=color,
        alignment=TA_RIGHT if right else 0,
        splitLongWords=0,
    )
