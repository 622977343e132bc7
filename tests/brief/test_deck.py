"""Slides that reopen: titles, words for every picture, tables with the numbers."""

from __future__ import annotations

import io

import pytest
from pptx import Presentation

from territory.brief import Brief
from territory.brief.deck import deck_bytes


@pytest.fixture
def deck(briefed: Brief):
    """Return the slides, opened again."""
    return Presentation(io.BytesIO(deck_bytes(briefed)))


def test_every_slide_has_a_title_of_its_own_words(deck, briefed: Brief) -> None:
    """Outlines and screen readers go by titles; the first is the finding."""
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]

    assert titles[0] == briefed.headline
    assert all(titles)


def test_every_picture_says_what_it_shows(deck, briefed: Brief) -> None:
    """Each picture of the briefing is there, with its alternative text."""
    told = [
        shape._element.nvPicPr.cNvPr.get("descr")
        for slide in deck.slides
        for shape in slide.shapes
        if shape.shape_type == 13
    ]

    assert [one.alt for one in briefed.figures] == told


def test_tables_are_native_and_hold_the_numbers(deck, briefed: Brief) -> None:
    """Printed tables can be edited; their cells are those of the briefing."""
    found = [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
    ]

    for table in briefed.shown_tables:
        head = [column.title for column in table.columns]
        assert [head, *table.cells(briefed.lang)] in found


def test_nothing_leaves_its_slide(deck) -> None:
    """No shape reaches over the edge, and no placeholder waits for words."""
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width + 1
            assert shape.top + shape.height <= deck.slide_height + 1
            assert not shape.is_placeholder or (shape.has_text_frame and shape.text_frame.text)


def test_same_briefing_same_bytes(salvadoran: Brief) -> None:
    """Nothing in the file says when it was made."""
    assert deck_bytes(salvadoran) == deck_bytes(salvadoran)
