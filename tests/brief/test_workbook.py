"""The workbook holds what the tables hold: numbers as numbers, nothing as nothing."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pytest
from pptx import Presentation
from python_calamine import CalamineWorkbook

from territory.brief import Brief, provenance
from territory.brief.deck import deck_bytes
from territory.brief.workbook import workbook_bytes


def sheets(content: bytes) -> dict[str, list[list]]:
    """Return every sheet as rows of cells."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_values_are_those_of_the_tables(briefed: Brief) -> None:
    """Every cell of the table of all areas is in the workbook; missing ones are empty, not 0."""
    rows = sheets(workbook_bytes(briefed))["every"]
    head = next(place for place, row in enumerate(rows) if "rate_ratio" in row)
    frame = next(table for table in briefed.tables if table.name == "every").frame
    found = pd.DataFrame(rows[head + 1 :], columns=rows[head])

    assert list(found["unit"]) == list(frame.index)
    for name in ("count_before", "rate_after", "ratio_low", "q_value"):
        expected = frame[name].astype(float)
        written = pd.to_numeric(found[name].replace({"": None, "∞": float("inf")}))
        assert list(written.isna()) == list(expected.isna())
        assert written.dropna().to_numpy() == pytest.approx(expected.dropna().to_numpy())


def test_text_that_looks_like_a_formula_is_harmless(salvadoran: Brief) -> None:
    """A name that begins with an equals sign stays text, with a mark before it."""
    table = salvadoran.tables[0]
    risky = replace(table, frame=table.frame.assign(name='=HYPERLINK("x")'))
    rows = sheets(workbook_bytes(replace(salvadoran, tables=(risky,))))["whole"]

    assert any('\'=HYPERLINK("x")' in row for row in rows)


def test_the_sources_are_the_last_sheet(briefed: Brief) -> None:
    """Each data file stands there with publisher and licence."""
    found = sheets(workbook_bytes(briefed))
    name, rows = list(found.items())[-1]

    assert name == "sources"
    assert {card.publisher for card in briefed.study.cards} <= {
        cell for row in rows for cell in row
    }


def test_same_briefing_same_bytes(salvadoran: Brief) -> None:
    """Nothing in the file says when it was made."""
    assert workbook_bytes(salvadoran) == workbook_bytes(salvadoran)


def test_the_caution_of_the_study_goes_with_every_form(briefed: Brief) -> None:
    """What a publisher asks to be said stands in the workbook, the README and on the first slide."""
    opening = next(iter(sheets(workbook_bytes(briefed)).values()))
    first = Presentation(io.BytesIO(deck_bytes(briefed))).slides[0]
    slide = " ".join(shape.text_frame.text for shape in first.shapes if shape.has_text_frame)

    assert briefed.caveat
    assert [briefed.caveat] in opening
    assert briefed.caveat in provenance.readme(briefed)
    assert briefed.caveat in slide
