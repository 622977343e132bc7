"""The door: a spreadsheet as it is goes in, the table of counts and a report come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from territory.evidence.ingest import assemble
from territory.evidence.ingest.dates import read_span
from territory.evidence.ingest.decisions import (
    Decisions,
    check_settings,
    headings_in,
    read_decisions,
)
from territory.evidence.ingest.entries import Entry, Terms, read_entries
from territory.evidence.ingest.headings import Reader
from territory.evidence.ingest.layout import Layout, find_layout, no_table
from territory.evidence.ingest.lines import Sorter
from territory.evidence.ingest.people import personal_columns
from territory.evidence.ingest.report import IngestError, Report
from territory.evidence.ingest.totals import check_totals, coarser_rows_are_totals
from territory.evidence.ingest.values import value_columns
from territory.evidence.ingest.workbook import LIMITS, Limits, Workbook, read_workbook
from territory.evidence.names import gazetteer
from territory.evidence.schema import DataError, Fault
from territory.evidence.writing import write_whole
from territory.text import harmless

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from territory.evidence.gazetteer import Gazetteer
    from territory.evidence.ingest.line import Line
    from territory.evidence.tables import Tables


@dataclass(frozen=True, eq=False)
class Ingested:
    """What a spreadsheet says.

    Parameters
    ----------
    table
        Columns ``unit``, ``period`` (text: ``2011`` or ``2011-03``), ``outcome``,
        ``institution``, ``count`` (Int64; missing is "no data"), sorted by the first four.
    report
        What became of every row.
    """

    table: pd.DataFrame
    report: Report

    def csv(self) -> str:
        """Return the table as CSV that a spreadsheet will not take for formulas."""
        safe = self.table.copy()
        for column in ("unit", "outcome", "institution"):
            safe[column] = safe[column].map(harmless)
        return str(safe.to_csv(index=False, lineterminator="\n"))

    def write(self, file: Path) -> None:
        """Write the table as CSV, whole or not at all.

        Raises
        ------
        DataError
            When the file cannot be written.
        """
        write_whole(file, lambda part: part.write_text(self.csv(), encoding="utf-8", newline=""))


def ingest(
    source: str | Path | bytes,
    study: Tables,
    *,
    decisions: str | Path | Decisions | None = None,
    allow_unmatched: bool = False,
    name: str | None = None,
    limits: Limits = LIMITS,
    **settings: str,
) -> Ingested:
    """Read a spreadsheet as it is into the table of counts of a study.

    Parameters
    ----------
    source
        Path or content of an xlsx, xls, ods or text file.
    study
        The study whose places, outcomes and institutions the file is about.
    decisions
        A file of decisions, see `territory.evidence.ingest.decisions.read_decisions`; or
        the decisions themselves.
    allow_unmatched
        Whether rows whose place is unmatched or ambiguous may be left out.
    name
        How messages call the file; its own name where nothing is said.
    limits
        How much of the file is read.
    settings
        One of `territory.evidence.ingest.decisions.SETTINGS`, before those of the file of
        decisions: ``outcome="homicides"``, ``institution="pnc"``, ``year="2015"``, …

    Raises
    ------
    DataError
        When the file cannot be read as a table of places at all.
    IngestError
        When a row is not accounted for; its ``report`` says what became of each.
    """
    choices = decisions if isinstance(decisions, Decisions) else None
    choices = choices or read_decisions(cast("str | Path | None", decisions), study.units)
    check_settings(settings)
    chosen = choices.settings | settings
    book = read_workbook(source, name=name, limits=limits)
    report = Report(book.file, study.file)
    names, reader = gazetteer(study), Reader(study)
    terms = Terms(study, reader, choices, chosen, report)
    layouts = _tables_of(book, reader, names, chosen, report)
    lines: list[tuple[Layout, Line]] = []
    entries: list[Entry] = []
    for layout in layouts:
        _say_columns(layout, book, report)
        own_lines, own_entries = _read_sheet(layout, names, terms)
        lines += [(layout, line) for line in own_lines]
        entries += own_entries
    assemble.account(lines, names, report, allow_unmatched=allow_unmatched)
    table = assemble.table(layouts[0].shape, entries, names, terms)
    report.unused = choices.unused()
    report.settle()
    if report.faults:
        raise IngestError(report)
    report.rows_written = len(table)
    return Ingested(table, report)


def _read_sheet(layout: Layout, names: Gazetteer, terms: Terms) -> tuple[list[Line], list[Entry]]:
    report = terms.report
    values = value_columns(layout, terms.settings, report)
    sorter = Sorter(layout, names, terms.decisions, file=report.file)
    marks = layout.of("date") if layout.shape == "cases" else values
    lines = sorter.lines(marks)
    coarser_rows_are_totals(lines, names.level.__getitem__, names.finest)
    if sorter.filled:
        report.assume(
            "filled_down", n=len(sorter.filled), row=layout.sheet.number(sorter.filled[0])
        )
    entries = read_entries(layout, lines, values, terms)
    check_totals(layout, lines, entries, names, report)
    used = {column.position for column in values}
    roles = ("place", "place_code", "above", "above_code", "year", "month", "date", "period",
             "outcome", "institution")  # fmt: skip
    used |= {column.position for column in layout.of(*roles)}
    spare = [
        c.title for c in layout.columns
        if c.position not in used and c.role not in ("person", "total", "subtotal", "empty", "name")
    ]  # fmt: skip
    personal = {entry["column"] for entry in report.personal}
    if spare := [title for title in spare if title not in personal]:
        report.assume("columns_unused", columns=", ".join(spare[:12]))
    _refuse_outside(layout, report)
    return lines, entries


def _refuse_outside(layout: Layout, report: Report) -> None:
    """Stop at cells to the right of the heading: their row has more cells than columns."""
    width = len(layout.columns)
    for row in range(layout.first, len(layout.sheet.rows)):
        outside = [cell for cell in layout.sheet.rows[row][width:] if cell is not None]
        if outside:
            number = layout.sheet.number(row)
            report.bad_cell("ingest_wide_row", row=number, column="–", value=str(width))


def _tables_of(
    book: Workbook, reader: Reader, names: Gazetteer,
    settings: dict[str, str], report: Report,
) -> list[Layout]:  # fmt: skip
    """Return the layouts of the sheets to read: one, or one for each year or month."""
    wanted = settings.get("sheet")
    sheets = [sheet for sheet in book.sheets if wanted in (None, sheet.name)]
    if not sheets:
        found = ", ".join(sheet.name for sheet in book.sheets)
        raise DataError(Fault("ingest_no_sheet", file=book.file, value=wanted, found=found))
    chosen = headings_in(settings)
    read = {
        sheet.name: find_layout(sheet, reader, names, chosen=chosen, file=book.file)
        for sheet in sheets
    }
    layouts = [layout for layout in read.values() if layout is not None]
    if not layouts:
        raise DataError(no_table(book.sheets, names, book.file))
    if len(layouts) > 1:
        spans = [read_span(layout.sheet.name) for layout in layouts]
        if None in spans or len(set(spans)) < len(spans):
            value = ", ".join(layout.sheet.name for layout in layouts[:12])
            raise DataError(Fault("ingest_several_tables", file=book.file, value=value))
        report.assume("sheets_joined", n=len(layouts))
    unread = [name for name, layout in read.items() if layout is None]
    if unread:
        report.warn("sheets_unread", names=", ".join(unread))
    if book.hidden:
        report.warn("sheets_hidden", names=", ".join(book.hidden))
    return layouts


def _say_columns(layout: Layout, book: Workbook, report: Report) -> None:
    """Note the shape, the columns and their roles, and which hold personal data."""
    report.shape = layout.shape
    if book.encoding is not None:
        sign = {"\t": "tab"}.get(book.delimiter or "", book.delimiter)
        report.assume("text_read", encoding=book.encoding, delimiter=sign)
    for column in layout.columns:
        if column.role not in ("empty", "person", "unknown", "name", "cell"):
            report.columns.setdefault(column.role, column.title)
    for column, how in personal_columns(layout):
        report.personal.append({"column": column.title, "known_by": how})
    if report.personal:
        titles = ", ".join(str(entry["column"]) for entry in report.personal)
        report.warn("personal", n=len(report.personal), columns=titles)
