"""A briefing as slides: native titles, text and tables; pictures with alternative text."""

from __future__ import annotations

import datetime
import io
import math
import zipfile
from typing import TYPE_CHECKING, Any

from pptx import Presentation
from pptx.util import Pt

from territory.brief.parts import Column
from territory.brief.slides import (
    ACCENT,
    HEIGHT,
    MARGIN,
    MUTED,
    WIDTH,
    put_notes,
    put_picture,
    put_table,
    put_text,
    put_title,
)
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.brief.parts import Brief, Illustration, Table

#: Most rows of sources on one slide.
SOURCES = 10
_TITLE_ONLY = 5  # a layout of the library's own template
_INSIDE = WIDTH - 2 * MARGIN
# Files say when they were made; the same briefing is the same file.
_EPOCH = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone


def deck_bytes(brief: Brief) -> bytes:
    """Return the slides of a briefing as a PowerPoint file, the same bytes each time."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    _properties(deck, brief)
    layout = deck.slide_layouts[_TITLE_ONLY]

    def slide() -> Any:
        return deck.slides.add_slide(layout)

    _opening(slide(), brief)
    for one in brief.figures:
        (_whole_page if _is_map(one) else _chart)(slide(), one, brief)
        if one.name == "change":
            _text(slide(), brief, ("what", "where"), "slide_what")
    for table in brief.shown_tables[1:]:
        _table(slide(), table, brief)
    _text(slide(), brief, ("not", "data", "territory"), "slide_doubt")
    _sources(slide, brief)
    buffer = io.BytesIO()
    deck.save(buffer)
    return _undated(buffer.getvalue())


def _opening(slide: Any, brief: Brief) -> None:
    lang = brief.lang
    put_title(slide, brief.headline, lang, size=32, height=150)
    slide.shapes.title.top = Pt(96)
    put_text(
        slide, (MARGIN, 52, _INSIDE, 24), [brief.kicker], lang, size=15, color=ACCENT, bold=True
    )
    whole = brief.tables[0]
    put_table(slide, (MARGIN, 280, _INSIDE, 60), whole.columns, whole.cells(lang), lang, size=16)
    put_text(slide, (MARGIN, 352, _INSIDE, 20), [whole.note], lang, size=12, color=MUTED)
    foot = [brief.caveat or say("brief.not_cause", lang), brief.credit]
    put_text(slide, (MARGIN, 430, _INSIDE, 70), foot, lang, size=12, color=MUTED)
    put_notes(slide, _reopening(brief))


def _whole_page(slide: Any, one: Illustration, brief: Brief) -> None:
    """Show a map, which has its own title; the slide's lies under it, for outlines and readers."""
    put_title(slide, one.heading, brief.lang)
    put_picture(slide, (0, 0, WIDTH, HEIGHT), one.png, one.alt)
    put_notes(slide, f"{one.caption}\n{_reopening(brief)}")


def _chart(slide: Any, one: Illustration, brief: Brief) -> None:
    lang = brief.lang
    put_title(slide, say(f"brief.slide_{one.name}", lang), lang)
    put_picture(slide, (MARGIN, 84, 640, HEIGHT - 120), one.png, one.alt)
    beside = (MARGIN + 662, 92, _INSIDE - 662, 380)
    put_text(slide, beside, [say(f"brief.slide_{one.name}_how", lang)], lang, size=14, color=MUTED)
    put_notes(slide, f"{one.alt}\n{one.caption}\n{_reopening(brief)}")


def _text(slide: Any, brief: Brief, keys: tuple[str, ...], title: str) -> None:
    lang = brief.lang
    put_title(slide, say(f"brief.{title}", lang), lang)
    sections = [found for key in keys if (found := brief.section(key))]
    height = (HEIGHT - 110) / max(len(sections), 1)
    for place, section in enumerate(sections):
        top = 88 + place * height
        put_text(
            slide, (MARGIN, top, 200, 40), [section.heading], lang, size=16, color=ACCENT, bold=True
        )
        size = 17 if len(sections) < 3 else 15
        put_text(slide, (MARGIN + 220, top, _INSIDE - 220, height), [section.text], lang, size=size)
    put_notes(slide, _reopening(brief))


def _table(slide: Any, table: Table, brief: Brief) -> None:
    lang, rows = brief.lang, table.cells(brief.lang)
    put_title(slide, table.title, lang)
    put_text(slide, (MARGIN, 68, _INSIDE, 20), [table.note], lang, size=13, color=MUTED)
    step = min(36.0, (HEIGHT - 130) / (len(rows) + 1))
    put_table(
        slide,
        (MARGIN, 98, _INSIDE, 0),
        table.columns,
        rows,
        lang,
        size=min(15, step * 0.52),
        row_height=step,
    )
    put_notes(slide, f"{table.note}\n{brief.credit}\n{_reopening(brief)}")


def _sources(slide: Callable[[], Any], brief: Brief) -> None:
    lang = brief.lang
    names = ("title", "publisher", "years", "licence")
    columns = [Column(name, say(f"brief.source_{name}", lang)) for name in names]
    rows = [[str(row[name]) for name in names] for row in brief.sources.to_dict("records")]
    # As many on each slide: a last one with a single row looks like a mistake.
    step = math.ceil(len(rows) / math.ceil(len(rows) / SOURCES))
    for start in range(0, len(rows), step):
        own = slide()
        put_title(own, say("brief.sources", lang), lang)
        put_table(
            own,
            (MARGIN, 76, _INSIDE, 0),
            columns,
            rows[start : start + step],
            lang,
            size=11,
            row_height=36,
            shares=[1.5, 1.4, 0.5, 1.0],
        )
        put_text(
            own,
            (MARGIN, HEIGHT - 46, _INSIDE, 30),
            [_reopening(brief)],
            lang,
            size=10,
            color=MUTED,
        )


def _properties(deck: Any, brief: Brief) -> None:
    own = deck.core_properties
    own.title, own.author, own.subject = brief.headline, "territory", brief.kicker
    own.language, own.keywords, own.comments = brief.lang, "", brief.credit
    own.last_modified_by, own.revision = "territory", 1
    own.created = own.modified = own.last_printed = _EPOCH


def _reopening(brief: Brief) -> str:
    lang = brief.lang
    how = say("brief.reopen_how", lang, study=brief.study.name)
    return f"{say('brief.reopen', lang, address=brief.address)} · {how}"


def _is_map(one: Illustration) -> bool:
    width, height = one.picture.size_points
    return (width, height) == (WIDTH, HEIGHT)


def _undated(content: bytes) -> bytes:
    """Return a zip with every entry's date set to the same day."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            kept = zipfile.ZipInfo(entry.filename, date_time=(1980, 1, 1, 0, 0, 0))
            kept.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(kept, old.read(entry))
    return buffer.getvalue()
