"""A briefing as two pages of A4: the finding and its map; the doubts, the course, the tables."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import NameObject, TextStringObject

from territory import charting, drawing
from territory.brief.sheet import HEIGHT, MARGIN, WIDTH, Sheet, canvas
from territory.text import number, say

if TYPE_CHECKING:
    from territory.brief.parts import Brief, Table
    from territory.pictures.figures import Picture

_INSIDE = WIDTH - 2 * MARGIN
_GAP = 22
_CHART = 226
_FOOT = 34
_EDGE = 28  # margin of a square picture
# Tables of the study file that a comparison rests on; the others are told by their number.
_RESTS_ON = ("outcomes", "population", "units", "geometry", "claims")
# Width of a printed table's columns beside each other.
_SHARES = (2.25, 1.0, 1.2, 1.0, 1.2, 0.95, 1.9)
#: A picture on its page: which page, the picture, left, bottom and width in points.
Placed = tuple[int, "Picture", float, float, float]


def pdf_bytes(brief: Brief) -> bytes:
    """Return a briefing as two pages: text that can be selected, pictures as vectors.

    The same briefing gives the same bytes. Fonts are embedded; the language, title and
    author are told to readers.
    """
    buffer = io.BytesIO()
    sheet = Sheet(canvas(buffer, title=brief.headline, lang=brief.lang))
    placed = [*_first(sheet, brief), *_second(sheet, brief)]
    sheet.canvas.save()
    return _joined(buffer.getvalue(), placed, brief)


def _first(sheet: Sheet, brief: Brief) -> list[Placed]:
    """Lay out what happened and the map; return the pictures that belong there."""
    picture = _map(brief)
    y = HEIGHT - MARGIN
    y = sheet.write(brief.kicker, MARGIN, y, _INSIDE, "kicker") - 3
    y = sheet.write(brief.headline, MARGIN, y, _INSIDE, "headline") - 6
    if what := brief.section("what"):
        y = sheet.write(what.text, MARGIN, y, _INSIDE, "lead") - 10
    sheet.rule(MARGIN, y, _INSIDE)
    width, height = picture.size_points
    # The picture's own margins lie over the page's, so that all text begins on one line.
    room = y + _EDGE * 0.5 - MARGIN - _FOOT + _EDGE * 0.5
    scale = min(_INSIDE / (width - 2 * _EDGE), room / height)
    left = (WIDTH - width * scale) / 2
    bottom = y + _EDGE * 0.5 - height * scale
    _foot(sheet, brief, 1)
    sheet.canvas.showPage()
    return [(0, picture, left, bottom, width * scale)]


def _second(sheet: Sheet, brief: Brief) -> list[Placed]:
    chosen = brief.selection
    course = charting.national_figure(brief.study, chosen, size="narrow")
    width, height = course.size_points
    top = HEIGHT - MARGIN
    tall = _CHART * height / width
    tables = [table for table in brief.shown_tables[1:] if table.name in ("fell", "rose")]
    tables = (tables or list(brief.shown_tables[1:]))[:2]
    texts = [one for key in ("where", "not", "data", "territory") if (one := brief.section(key))]
    used = sheet.sections(texts, MARGIN, top, _INSIDE - _CHART - _GAP, tall + 30)
    y = top - max(used, tall) - 14
    y = _tables(sheet, tables, brief, y) - 12
    _sources(sheet, brief, y)
    _foot(sheet, brief, 2)
    sheet.canvas.showPage()
    return [(1, course, WIDTH - MARGIN - _CHART, top - tall + 4, _CHART)]


def _tables(sheet: Sheet, tables: list[Table], brief: Brief, y: float) -> float:
    """Set tables beside each other; return where the lowest ends."""
    if not tables:
        return y
    width = (_INSIDE - _GAP * (len(tables) - 1)) / len(tables)
    ends = [
        sheet.table(table, brief.lang, MARGIN + place * (width + _GAP), y, width, _SHARES)
        for place, table in enumerate(tables)
    ]
    return min(ends)


def _sources(sheet: Sheet, brief: Brief, y: float) -> None:
    """List the sources that the numbers rest on, in two columns, and say where the others are."""
    lang, named = brief.lang, brief.study.file.entries["tables"]
    files = [named[name] for name in _RESTS_ON if named.get(name) in brief.sources.index]
    rows = brief.sources.loc[files].to_dict("records")
    words = [
        ". ".join(str(row[key]).rstrip(".") for key in ("title", "publisher", "years", "licence"))
        for row in rows
    ]
    more = len(brief.sources) - len(rows)
    words.append(say("brief.more_sources", lang, n=number(more, lang)))
    sheet.rule(MARGIN, y, _INSIDE)
    y = sheet.write(say("brief.sources", lang), MARGIN, y - 6, _INSIDE, "heading") - 2
    width = (_INSIDE - _GAP) / 2
    half = (len(words) + 1) // 2
    for place, part in enumerate((words[:half], words[half:])):
        room = y - MARGIN - _FOOT
        sheet.paragraphs(part, MARGIN + place * (width + _GAP), y, width, room, "small")


def _foot(sheet: Sheet, brief: Brief, page: int) -> None:
    """Say how to open the view again, and which page this is."""
    lang = brief.lang
    how = say("brief.reopen_how", lang, study=brief.study.name)
    sheet.rule(MARGIN, MARGIN + 20, _INSIDE)
    # The address has no spaces to break at: it gets its own line.
    y = sheet.write(how, MARGIN, MARGIN + 17, _INSIDE - 70, "small")
    sheet.write(say("brief.reopen", lang, address=brief.address), MARGIN, y, _INSIDE, "small")
    count = say("brief.page", lang, page=page, pages=2)
    sheet.write(count, WIDTH - MARGIN - 60, MARGIN + 17, 60, "right")


def _map(brief: Brief) -> Picture:
    """Return before, after and change on a square, whose letters keep their size on the page."""
    maps = drawing.specs(brief.study, brief.selection)
    return drawing.still(maps, brief.study, by=brief.selection.by, size="square")


def _joined(pages: bytes, placed: list[Placed], brief: Brief) -> bytes:
    """Lay the pictures on their pages, and write who made it, in which language."""
    from territory.pictures.figures import image

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pages)))
    for page, picture, left, bottom, width in placed:
        drawn = PdfReader(io.BytesIO(image(picture, "pdf"))).pages[0]
        scale = width / picture.size_points[0]
        writer.pages[page].merge_transformed_page(
            drawn, Transformation().scale(scale).translate(left, bottom), over=False
        )
    for sheet in writer.pages:
        sheet.compress_content_streams()
    writer.root_object[NameObject("/Lang")] = TextStringObject(brief.lang)
    writer.metadata = {
        "/Title": brief.headline,
        "/Author": "territory",
        "/Subject": brief.figures[0].alt,
        "/Keywords": brief.credit,
        "/Creator": "territory",
        "/Producer": "territory",
    }
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
