"""Find the heading of a sheet, and the shape of the table below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from territory.evidence.ingest.contents import by_content, numbered_months, without_false_ones
from territory.evidence.ingest.dates import YEARS, read_span
from territory.evidence.ingest.decisions import setting_of
from territory.evidence.ingest.headings import Column, shown, strange_year
from territory.evidence.ingest.workbook import CellError
from territory.evidence.schema import DataError, Fault
from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.evidence.gazetteer import Gazetteer
    from territory.evidence.ingest.headings import Reader
    from territory.evidence.ingest.workbook import Cell, Sheet

#: How far down a heading is looked for.
_DEEPEST = 80
#: Roles that one column can have.
_ALONE = ("place", "place_code", "above", "above_code", "date", "year", "month", "period",
          "outcome", "institution")  # fmt: skip
#: Headings that make a row the heading of a table of places.
_PLACES = ("place", "place_code", "district", "district_code", "division", "division_code",
           "above", "above_code", "name")  # fmt: skip
_KNOWN = (*_PLACES, "year", "month", "date", "period", "cell", "count", "total", "outcome",
          "institution", "person", "trait", "rate", "number", "span")  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Where the table of a sheet stands and what its columns are.

    Parameters
    ----------
    sheet
        The sheet.
    first
        Position of the first row below the heading.
    columns
        Every column, from the left.
    title
        The texts above the heading.
    shape
        ``long`` (a row for each place and period), ``wide`` (a column for each period),
        ``cases`` (a row for each victim), or ``single`` (one period, said elsewhere).
    """

    sheet: Sheet
    first: int
    columns: tuple[Column, ...]
    title: tuple[str, ...] = field(default=(), repr=False)
    shape: str = ""

    def of(self, *roles: str) -> list[Column]:
        """Return the columns with one of these roles."""
        return [column for column in self.columns if column.role in roles]

    def one(self, role: str) -> Column | None:
        """Return the column with a role, if there is one."""
        return next(iter(self.of(role)), None)

    def cell(self, row: int, column: Column | None) -> Cell:
        """Return a cell, also where a merged one covers it."""
        if column is None:
            return None
        merged = self.sheet.merged.get((row, column.position))
        cells = self.sheet.rows[row]
        own = cells[column.position] if column.position < len(cells) else None
        return own if own is not None else merged

    def years(self, file: str) -> list[int]:
        """Return the years that the title, the name of the sheet and that of the file give."""
        for texts in (self.title, [self.sheet.name], [file]):
            found = re.findall(r"(?<!\d)\d{4}(?!\d)", " ".join(texts))
            years = sorted({int(year) for year in found if int(year) in YEARS})
            if years:
                return years
        return []


def find_layout(
    sheet: Sheet, reader: Reader, names: Gazetteer, *, chosen: Mapping[str, str], file: str
) -> Layout | None:
    """Return the layout of a sheet, or None where it holds no table of places.

    Parameters
    ----------
    sheet
        The sheet.
    reader
        Reads headings with the study's words.
    names
        Knows the study's places.
    chosen
        Headings that a person gave a role: ``place``, ``above``, ``date``, …
    file
        How messages call the file.

    Raises
    ------
    DataError
        Where several columns may have a role, or a heading is not understood.
    """
    head = _find_head(sheet, reader)
    if head is None:
        return None
    columns = numbered_months(_columns(sheet, head, reader))
    columns = by_content(sheet, head.stop, columns, names)
    columns = without_false_ones(sheet, head.stop, columns, names, reader)
    columns = _choose(columns, chosen, file)
    above = [shown(cell) for row in sheet.rows[: head.start] for cell in row if cell is not None]
    layout = Layout(sheet, head.stop, tuple(columns), tuple(above[:40]))
    layout = replace(layout, shape=_shape(layout))
    if not layout.of("place", "place_code"):
        return None
    _refuse_unclear(layout, file)
    return layout


def _find_head(sheet: Sheet, reader: Reader) -> range | None:
    """Return the rows of the heading: one to three."""
    fallback = None
    for row, cells in enumerate(sheet.rows[:_DEEPEST]):
        filled = [cell for cell in cells if cell is not None]
        if len(filled) < 2 or any(isinstance(cell, CellError) for cell in filled):
            continue
        columns = [reader.column(i, [cell]) for i, cell in enumerate(cells)]
        places = sum(column.role in _PLACES for column in columns)
        known = sum(c.role in _KNOWN for c in numbered_months(columns))
        if places and (known >= 2 or _is_periods(sheet, row + 1)):
            return _grown(sheet, row, columns)
        if fallback is None and cells[0] is None and _is_periods(sheet, row):
            fallback = range(row, row + 1)
    return fallback


def _grown(sheet: Sheet, row: int, columns: Sequence[Column]) -> range:
    """Add the row above or below, where periods stand there that belong to the heading."""
    start, stop = row, row + 1
    if _is_periods(sheet, stop):
        below = [read_span(cell) for cell in sheet.rows[stop]]
        months_below = all(span.month for span in below if span is not None)
        cells = [column for column in columns if column.role == "cell"]
        if not cells or (months_below and not any(column.month for column in cells)):
            stop += 1
    if row and any(column.role in ("cell", "total", "month") for column in columns):
        outer = sheet.rows[row - 1]
        first = min((c.position for c in columns if c.role in ("cell", "total")), default=0)
        spans = [cell for cell in outer if read_span(cell) is not None]
        left_free = all(cell is None for cell in outer[:first])
        if spans and left_free:
            start -= 1
    return range(start, stop)


def _is_periods(sheet: Sheet, row: int) -> bool:
    """Tell whether a row holds periods (and totals) and nothing else, the first cell empty."""
    if row >= len(sheet.rows) or not sheet.rows[row] or sheet.rows[row][0] is not None:
        return False
    filled = [cell for cell in sheet.rows[row] if cell is not None]
    spans = [read_span(cell) for cell in filled]
    others = [cell for cell, span in zip(filled, spans, strict=True) if span is None]
    short = all(isinstance(cell, str) and len(cell) < 30 for cell in others)
    return sum(span is not None for span in spans) >= 2 and len(others) <= 3 and short


def _columns(sheet: Sheet, head: range, reader: Reader) -> list[Column]:
    width = max(len(sheet.rows[row]) for row in head)
    lines = [list(sheet.rows[row]) + [None] * (width - len(sheet.rows[row])) for row in head]
    for row, line in zip(head, lines[:-1], strict=False):
        _fill_right(sheet, row, line)
    return [reader.column(i, [line[i] for line in lines]) for i in range(width)]


def _fill_right(sheet: Sheet, row: int, line: list[Cell]) -> None:
    """Spread the cells of an upper line of a heading over the columns that they stand above."""
    has_merged = any(place[0] == row for place in sheet.merged)
    for column in range(1, len(line)):
        if line[column] is None:
            merged = sheet.merged.get((row, column))
            line[column] = merged if has_merged else line[column - 1]


def _choose(columns: list[Column], chosen: Mapping[str, str], file: str) -> list[Column]:
    """Settle the roles that a person gave, and those that several columns have."""
    for role, title in chosen.items():
        if not any(fold(column.title) == fold(title) for column in columns):
            allowed = ", ".join(column.title for column in columns if column.title)
            raise DataError(
                Fault(
                    "ingest_no_column",
                    file=file,
                    setting=setting_of(role),
                    value=title,
                    allowed=allowed,
                )
            )
        columns = [
            replace(c, role=role) if fold(c.title) == fold(title)
            else replace(c, role="unknown") if c.role == role else c
            for c in columns
        ]  # fmt: skip
    return _one_for_each_role(_places(columns), file)


def _one_for_each_role(columns: list[Column], file: str) -> list[Column]:
    """Let one column have each role: of several, that of the act; else a person must choose."""
    faults = []
    for role in _ALONE:
        same = [column for column in columns if column.role == role]
        if len(same) > 1:
            of_the_act = [c for c in same if "hecho" in fold(c.title).split()]
            if len(of_the_act) == 1:
                rest = [c.position for c in same if c is not of_the_act[0]]
                columns = [replace(c, role="unknown") if c.position in rest else c for c in columns]
            else:
                titles = ", ".join(column.title for column in same)
                setting = setting_of(role)
                faults.append(
                    Fault(
                        "ingest_several_columns",
                        file=file,
                        value=titles,
                        role=role,
                        setting=setting,
                    )
                )
    if faults:
        raise DataError(*faults)
    return columns


def _places(columns: list[Column]) -> list[Column]:
    """Let the finest column be the place, and the next one the area above it."""
    roles = {column.role for column in columns}
    swaps: dict[str, str] = {}
    if roles & {"district", "district_code"}:
        swaps = {"district": "place", "district_code": "place_code", "place_code": "unknown"}
        swaps["place"] = "division" if "above" in roles else "above"
    elif not roles & {"place", "place_code"}:
        for outer in ("division", "above"):
            if roles & {outer, f"{outer}_code"}:
                swaps = {outer: "place", f"{outer}_code": "place_code"}
                break
    return [replace(c, role=swaps.get(c.role, c.role)) for c in columns]


def _shape(layout: Layout) -> str:
    if layout.of("cell"):
        return "wide"
    timed = bool(layout.of("date", "year", "period"))
    counted = bool(layout.of("count", "total"))
    listed = layout.of("date", "person") or (layout.of("trait") and not layout.of("rate"))
    if not counted and timed and listed:
        return "cases"
    return "long" if timed else "single"


def _refuse_unclear(layout: Layout, file: str) -> None:
    """Stop at headings that might be counts and are not understood."""
    faults = []
    spans = [column.title for column in layout.of("span")]
    if spans:
        faults.append(Fault("ingest_spans", file=file, value=", ".join(spans[:5])))
    cells = layout.of("cell")
    rests = {column.rest for column in cells}
    if len(rests) > 1:
        faults.append(
            Fault("ingest_columns_unclear", file=file, value=_titles(c for c in cells if c.rest))
        )
    odd = [column for column in layout.columns if cells and strange_year(column.title)]
    if odd:
        faults.append(Fault("ingest_bad_year", file=file, where=_titles(odd), value=odd[0].title))
    if faults:
        raise DataError(*faults)


def _titles(columns: Iterable[Column]) -> str:
    titles = [column.title for column in columns]
    return ", ".join(titles[:5]) + (", …" if len(titles) > 5 else "")
