"""Tell the year and the month of each row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from territory.evidence.ingest.dates import YEARS, read_day, read_days, read_month, read_span
from territory.evidence.ingest.headings import shown
from territory.evidence.ingest.spoken import month_of, part_of_year
from territory.evidence.schema import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.evidence.ingest.dates import Days
    from territory.evidence.ingest.headings import Column
    from territory.evidence.ingest.layout import Layout
    from territory.evidence.ingest.line import Line
    from territory.evidence.ingest.report import Report
    from territory.evidence.ingest.workbook import Cell

#: Year and month; either may be unknown.
When = tuple[int | None, int | None]


def row_times(
    layout: Layout, lines: Sequence[Line], settings: Mapping[str, str], report: Report
) -> dict[int, When]:
    """Return year and month of each row, from its date, its period, or its year and month.

    A row that says neither is not in the answer. What cannot be read is noted in the report.
    """
    date, period = layout.one("date"), layout.one("period")
    if date is not None:
        return _from_dates(layout, lines, date, settings, report)
    if period is not None:
        return _from_periods(layout, lines, period, report)
    return _from_columns(layout, lines, report)


def _from_dates(
    layout: Layout,
    lines: Sequence[Line],
    column: Column,
    settings: Mapping[str, str],
    report: Report,
) -> dict[int, When]:
    rows = [line.row for line in lines if line.kind in ("data", "ignored")]
    cells = [layout.cell(row, column) for row in rows]
    found = read_days(cells, order=settings.get("date_order"))
    by_year = settings.get("by") == "year"
    if not by_year and "date_order" not in settings:
        _say_order(layout, rows, column, found, report)
    if len(found.styles) > 1:
        report.warn("date_styles", column=column.title, n=len(found.styles))
    if "serial" in found.styles:
        report.assume("date_serials", column=column.title)
    if any(day and day.short for day in found.days):
        report.assume("short_years", column=column.title)
    times: dict[int, When] = {}
    for row, day, cell in zip(rows, found.days, cells, strict=True):
        if day is not None and day.year in YEARS:
            times[row] = (day.year, None if by_year else day.month)
        elif day is not None or cell is not None:
            key = "ingest_bad_year_cell" if day is not None else "ingest_bad_date"
            _bad(report, layout, key, row, column)
        elif settings.get("undated") != "drop":
            _bad(report, layout, "ingest_undated", row, column)
    return times


def _say_order(
    layout: Layout, rows: Sequence[int], column: Column, found: Days, report: Report
) -> None:
    """Say which of day and month was taken to come first, or that the column contradicts itself."""
    if found.contradicted or found.mixed:
        fault = "ingest_date_order" if found.contradicted else "ingest_date_styles"
        for row, day in zip(rows, found.days, strict=True):
            if day is not None and day.swapped:
                _bad(report, layout, fault, row, column)
    elif found.order:
        key = "date_order_proven" if found.proven else "date_order_assumed"
        report.assume(key, column=column.title, order=_ORDERS[found.order])


_ORDERS = {"dmy": "31/12/2012", "mdy": "12/31/2012"}


def _from_periods(
    layout: Layout, lines: Sequence[Line], column: Column, report: Report
) -> dict[int, When]:
    times: dict[int, When] = {}
    for line in lines:
        cell = layout.cell(line.row, column)
        span, day = read_span(cell), read_day(cell)
        if span is not None and span.year is not None:
            times[line.row] = (span.year, span.month)
        elif day is not None and day.year in YEARS:
            times[line.row] = (day.year, day.month)
        elif line.kind == "data":
            _bad(report, layout, "ingest_bad_year_cell", line.row, column)
    return times


def _from_columns(layout: Layout, lines: Sequence[Line], report: Report) -> dict[int, When]:
    year_column, month_column = layout.one("year"), layout.one("month")
    times: dict[int, When] = {}
    last: Cell = None
    filled = 0
    for line in lines:
        cell = layout.cell(line.row, year_column)
        if cell is None and line.kind == "data" and year_column is not None:
            cell = last
            filled += cell is not None
        last = cell if line.kind == "data" else last
        year = _year(cell)
        month_cell = layout.cell(line.row, month_column)
        month = read_month(month_cell) if month_cell is not None else None
        if line.kind == "data" and year_column is not None and year is None:
            _bad(report, layout, "ingest_bad_year_cell", line.row, year_column)
            continue
        if line.kind == "data" and month_column is not None and month is None:
            _bad(report, layout, "ingest_bad_month", line.row, month_column)
            continue
        times[line.row] = (year, month)
    if filled and year_column is not None:
        report.assume("filled_year", n=filled, column=year_column.title)
    return times


def _year(cell: Cell) -> int | None:
    span = read_span(cell)
    return span.year if span is not None and span.month is None else None


def _bad(report: Report, layout: Layout, key: str, row: int, column: Column) -> None:
    value = shown(layout.cell(row, column))
    report.bad_cell(key, row=layout.sheet.number(row), column=column.title, value=value or "–")


def said_period(layout: Layout, settings: Mapping[str, str], report: Report) -> When:
    """Return the year of a table that gives none in its rows and columns, and its one month.

    They come from a person, or from the title, the name of the sheet or that of the file;
    where these are silent or contradict each other, a fault is noted.
    """
    year = int(settings["year"]) if "year" in settings else _said_year(layout, report)
    if year is None or layout.shape != "single":
        return year, None
    sheet = read_span(layout.sheet.name)
    month = sheet.month if sheet is not None else None
    for texts in (layout.title, [report.file]):
        named = {month_of(text, year) for text in texts} - {None}
        if month is None and len(named) == 1 and not any(part_of_year(t, [year]) for t in texts):
            month = named.pop()
            report.assume("month_from_title", period=f"{year}-{month:02d}")
    return year, month


def _said_year(layout: Layout, report: Report) -> int | None:
    span = read_span(layout.sheet.name)
    sheet = span.year if span is not None else None
    years: list[int] = []
    for texts in (layout.title, [layout.sheet.name], [report.file]):
        found = re.findall(r"(?<!\d)\d{4}(?!\d)", " ".join(texts))
        years = years or sorted({int(year) for year in found if int(year) in YEARS})
    if sheet in years:
        years = [year for year in years if year == sheet]
    if len(years) == 1 and sheet in (None, *years):
        report.assume("year_from_title", year=years[0])
        return years[0]
    said = ", ".join(map(str, years)) or "–"
    key = "ingest_which_year" if years else "ingest_no_period"
    key = "ingest_title_and_sheet" if years and sheet else key
    report.faults.append(Fault(key, file=report.file, value=said, sheet=layout.sheet.name))
    return None


def check_whole_years(
    layout: Layout,
    lines: Sequence[Line],
    years: set[int],
    settings: Mapping[str, str],
    report: Report,
) -> None:
    """Stop where counts by year stand below a title that speaks of a part of a year.

    ``Homicidios 2011-2013 (enero a junio)`` is no count of three years. A note that says so
    may be about one column only, and is passed on.
    """
    if settings.get("whole_year") == "true":
        return
    for text in (*layout.title, layout.sheet.name, report.file):
        if part_of_year(text, years):
            report.faults.append(Fault("ingest_part_of_year", file=report.file, value=text))
            return
    for line in lines:
        texts = [shown(cell) for cell in layout.sheet.rows[line.row] if isinstance(cell, str)]
        for text in texts if line.kind == "notes" else ():
            if part_of_year(text, years):
                report.warn("note_part_of_year", row=layout.sheet.number(line.row), text=text)
