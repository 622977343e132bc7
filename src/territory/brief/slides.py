"""Parts of a slide: text, pictures with words for who cannot see them, quiet tables."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.brief.parts import Column

INK, MUTED, RULE, ACCENT = "1F2933", "5F6B7A", "E4E7EB", "70284A"
WIDTH, HEIGHT, MARGIN = 960, 540, 44
# "No style, no grid": lines are drawn below.
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_LANGUAGE = {"es": "es-419", "en": "en-US"}
Box = tuple[float, float, float, float]


def put_title(slide: Any, text: str, lang: str, *, size: float = 26, height: float = 64) -> None:
    """Write the title of a slide, which outlines and screen readers go by."""
    shape = slide.shapes.title
    _place(shape, (MARGIN, 30, WIDTH - 2 * MARGIN, height))
    _fill(shape.text_frame, [text], lang, size=size, bold=True)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP


def put_text(
    slide: Any,
    box: Box,
    paragraphs: Sequence[str],
    lang: str,
    *,
    size: float = 15,
    color: str = INK,
    bold: bool = False,
) -> None:
    """Write paragraphs into a box: left, top, width, height in points."""
    shape = slide.shapes.add_textbox(*(Pt(value) for value in box))
    _fill(shape.text_frame, paragraphs, lang, size=size, color=color, bold=bold)


def put_picture(slide: Any, box: Box, content: bytes, alt: str) -> None:
    """Place a picture as large as a box allows, keeping its proportions."""
    left, top, width, height = box
    picture = slide.shapes.add_picture(io.BytesIO(content), Pt(left), Pt(top))
    scale = min(Pt(width) / picture.width, Pt(height) / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture._element.nvPicPr.cNvPr.set("descr", alt)  # python-pptx has no name for it


def put_table(
    slide: Any,
    box: Box,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    lang: str,
    *,
    size: float = 13,
    row_height: float = 26,
    shares: Sequence[float] = (),
) -> None:
    """Write a table: numbers to the right, a hairline under each row.

    Parameters
    ----------
    shares
        Width of each column beside the others; the first is wider where nothing is said.
    """
    left, top, width, _ = box
    height = row_height * (len(rows) + 1)
    frame = slide.shapes.add_table(
        len(rows) + 1, len(columns), Pt(left), Pt(top), Pt(width), Pt(height)
    )
    table = frame.table
    frame._element.graphic.graphicData.tbl.tblPr.find(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
    ).text = _PLAIN_TABLE
    table.horz_banding = False
    # An interval is two numbers.
    shares = shares or [
        2.2 if place == 0 else 1.35 if column.key == "span" else 1.0
        for place, column in enumerate(columns)
    ]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(Pt(width) * share / sum(shares))
    words = [[column.title for column in columns], *rows]
    for place, row in enumerate(words):
        table.rows[place].height = Pt(row_height)
        for number, text in enumerate(row):
            color = MUTED if place == 0 else INK
            right = bool(columns[number].digits is not None or columns[number].key == "span")
            _cell(table.cell(place, number), text, lang, size=size, color=color, right=right)


def put_notes(slide: Any, text: str) -> None:
    """Write the notes of a slide."""
    slide.notes_slide.notes_text_frame.text = text


def _cell(cell: Any, text: str, lang: str, *, size: float, color: str, right: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(4)
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    _fill(cell.text_frame, [text], lang, size=size, color=color)
    if right:
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    cell._tc.get_or_add_tcPr().append(
        parse_xml(
            f'<a:lnB {nsdecls("a")} w="6350"><a:solidFill><a:srgbClr val="{RULE}"/>'
            "</a:solidFill></a:lnB>"
        )
    )


def _fill(
    frame: Any,
    paragraphs: Sequence[str],
    lang: str,
    *,
    size: float,
    color: str = INK,
    bold: bool = False,
) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(size * 0.45)
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(size), bold
        paint: Any = RGBColor  # has no types
        run.font.color.rgb = paint(*bytes.fromhex(color))
        run._r.get_or_add_rPr().set("lang", _LANGUAGE[lang])


def _place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = (Pt(value) for value in box)
