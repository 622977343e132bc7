"""Two printed pages: text that can be selected, embedded fonts, the same bytes each time."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from territory.brief import Brief
from territory.brief.pdf import pdf_bytes
from tests.brief.conftest import made


@pytest.fixture
def pages(briefed: Brief) -> PdfReader:
    """Return the pages, opened again."""
    return PdfReader(io.BytesIO(pdf_bytes(briefed)))


def joined(pages: PdfReader) -> str:
    """Return all text on one line."""
    return " ".join(" ".join(page.extract_text().split()) for page in pages.pages)


def test_two_a4_pages_say_the_finding_the_doubt_and_the_way_back(
    pages: PdfReader, briefed: Brief
) -> None:
    """Headline, every heading and the address can be selected as text."""
    text = joined(pages)

    assert 2 == len(pages.pages)
    assert [595, 842] == [round(value) for value in pages.pages[0].mediabox[2:]]
    assert " ".join(briefed.headline.split()) in text
    assert all(section.heading in text for section in briefed.sections if section.key != "what")
    assert briefed.address.partition("&")[0] in text


def test_a_reader_is_told_title_author_and_language(pages: PdfReader, briefed: Brief) -> None:
    """The properties of the file hold no date."""
    assert (briefed.headline, "territory") == (pages.metadata.title, pages.metadata.author)
    assert briefed.lang == pages.root_object["/Lang"]
    assert briefed.figures[0].alt == pages.metadata.subject
    assert pages.metadata.creation_date is None


def test_every_font_is_in_the_file(pages: PdfReader) -> None:
    """A printer needs no font of its own."""
    for page in pages.pages:
        for font in page["/Resources"]["/Font"].values():
            own = font.get_object()
            deep = own["/DescendantFonts"][0].get_object() if "/DescendantFonts" in own else own
            assert "/FontFile2" in deep["/FontDescriptor"].get_object()


def test_the_same_briefing_is_the_same_file() -> None:
    """Byte for byte."""
    chicago = made("chicago", "en")

    assert pdf_bytes(chicago) == pdf_bytes(chicago)
