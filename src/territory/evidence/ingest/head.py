"""Find the rows of a sheet that are its heading, and read them as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.evidence.ingest.contents import numbered_months
from territory.evidence.ingest.counts import read_count
from territory.evidence.ingest.dates import read_span
from territory.evidence.ingest.workbook import CellError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.evidence.ingest.headings import Column, Reader
    from territory.evidence.ingest.workbook import Cell, Sheet

#: How far down a heading is looked for, and below a first one for a better one.
_DEEPEST, _NEAR = 80, 8
#: Headings that make a row the heading of a table of places.
_PLACES = ("place", "place_code", "district", "district_code", "division", "division_code",
           "above", "above_code", "name")  # fmt: skip
#: Headings of what is counted or measured.
_FIGURES = ("cell", "count", "total", "part", "trait", "rate")
_KNOWN = (*_PLACES, *_FIGURES, "year", "month", "date", "period", "outcome", "institution",
          "person", "number", "span")  # fmt: skip


def find_head(sheet: Sheet, reader: Reader) -> range | None:
    """Return the rows of the heading, one to three; None where there is none.

    A title in several cells may name places and years too, so a row close below it that
    says more is the heading.
    """
    fallback, best, most = None, None, 0
    for row, cells in enumerate(sheet.rows[:_DEEPEST]):
        if best is not None and row > best.stop + _NEAR:
            break
        filled = [cell for cell in cells if cell is not None]
        if len(filled) < 2 or any(isinstance(cell, CellError) for cell in filled):
            continue
        columns = [reader.column(i, [cell]) for i, cell in enumerate(cells)]
        places = sum(column.role in _PLACES for column in columns)
        known = sum(c.role in _KNOWN for c in numbered_months(columns))
        beside_periods = _is_periods(sheet, row + 1) or _is_periods(sheet, row - 1)
        if places and known > most and (known >= 2 or beside_periods):
            best, most = _grown(sheet, row, columns), known
        if fallback is None and cells[0] is None and _is_periods(sheet, row):
            fallback = range(row, row + 1)
    return best or fallback


def head_columns(sheet: Sheet, head: range, reader: Reader) -> list[Column]:
    """Return the columns under a heading, what stands above several of them spread over all."""
    width = max(len(sheet.rows[row]) for row in head)
    lines = [list(sheet.rows[row]) + [None] * (width - len(sheet.rows[row])) for row in head]
    for row, line in zip(head, lines[:-1], strict=False):
        _fill_right(sheet, row, line)
    return [reader.column(i, [line[i] for line in lines]) for i in range(width)]


def _grown(sheet: Sheet, row: int, columns: Sequence[Column]) -> range:
    """Add the row above or below, where it belongs to the heading."""
    start, stop = row, row + 1
    if _is_periods(sheet, stop):
        below = [read_span(cell) for cell in sheet.rows[stop]]
        months_below = all(span.month for span in below if span is not None)
        cells = [column for column in columns if column.role == "cell"]
        if not cells or (months_below and not any(column.month for column in cells)):
            stop += 1
    if _explains(sheet, stop, columns):
        stop += 1
    has_figures = any(column.role in (*_FIGURES, "month") for column in columns)
    if row and (has_figures or _is_periods(sheet, row - 1)):
        outer = sheet.rows[row - 1]
        first = min((c.position for c in columns if c.role in _FIGURES), default=0)
        spans = [cell for cell in outer if read_span(cell) is not None]
        left_free = all(cell is None for cell in outer[:first])
        if spans and left_free:
            start -= 1
    return range(start, stop)


def _is_periods(sheet: Sheet, row: int) -> bool:
    """Tell whether a row holds periods (and totals) and nothing else, the first cell empty."""
    inside = 0 <= row < len(sheet.rows)
    if not inside or not sheet.rows[row] or sheet.rows[row][0] is not None:
        return False
    filled = [cell for cell in sheet.rows[row] if cell is not None]
    spans = [read_span(cell) for cell in filled]
    others = [cell for cell, span in zip(filled, spans, strict=True) if span is None]
    short = all(isinstance(cell, str) and len(cell) < 30 for cell in others)
    return sum(span is not None for span in spans) >= 2 and len(others) <= 3 and short


def _explains(sheet: Sheet, row: int, columns: Sequence[Column]) -> bool:
    """Tell whether a row says what stands below each period: men, women, total; cases, rate."""
    if row >= len(sheet.rows):
        return False
    filled = {i: cell for i, cell in enumerate(sheet.rows[row]) if cell is not None}
    wide = [column.position for column in columns if column.role == "empty"]
    places = [column.position for column in columns if column.role in _PLACES]
    words = all(isinstance(c, str) and read_count(c).kind == "not_count" for c in filled.values())
    beyond = range(len(columns), len(columns) + len(filled))
    under_a_wide_one = any(i in filled for i in (*wide, *beyond))
    has_periods = any(column.role in ("cell", "total", "count") for column in columns)
    free = not any(i in filled for i in places)
    return len(filled) >= 2 and words and free and under_a_wide_one and has_periods


def _fill_right(sheet: Sheet, row: int, line: list[Cell]) -> None:
    """Spread the cells of an upper line of a heading over the columns that they stand above."""
    has_merged = any(place[0] == row for place in sheet.merged)
    for column in range(1, len(line)):
        if line[column] is None:
            merged = sheet.merged.get((row, column))
            line[column] = merged if has_merged else line[column - 1]
