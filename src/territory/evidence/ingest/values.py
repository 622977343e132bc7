"""Tell which columns hold the counts, or that each row is a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.evidence.ingest.counts import read_count
from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.evidence.ingest.headings import Column
    from territory.evidence.ingest.layout import Layout
    from territory.evidence.ingest.report import Report


def value_columns(layout: Layout, settings: Mapping[str, str], report: Report) -> list[Column]:
    """Return the columns that hold counts; none in a list of cases.

    Raises
    ------
    DataError
        When no column holds counts, or several may.
    """
    if layout.shape == "cases":
        _refuse_numbers_among_cases(layout, settings, report)
        report.assume("cases")
        return []
    if layout.shape == "wide":
        return layout.of("cell")
    counts = layout.of("count")
    outcomes = {column.outcome for column in counts}
    if counts and (len(counts) == 1 or (None not in outcomes and len(outcomes) == len(counts))):
        return counts
    if not counts and len(layout.of("total")) == 1:
        return layout.of("total")
    numeric = [] if counts else [c for c in layout.of("unknown") if _is_numeric(layout, c)]
    if len(numeric) == 1:
        report.assume("count_column", column=numeric[0].title)
        return numeric
    several = counts or numeric
    if several:
        value = ", ".join(column.title for column in several)
        raise DataError(
            Fault(
                "ingest_several_columns",
                file=report.file,
                setting="count_column",
                value=value,
            )
        )
    found = ", ".join(column.title for column in layout.columns if column.title)
    raise DataError(Fault("ingest_no_counts", file=report.file, found=found))


def _refuse_numbers_among_cases(
    layout: Layout, settings: Mapping[str, str], report: Report
) -> None:
    """Stop at a column of small numbers that may be counts: then a row is not one case."""
    for column in layout.of("unknown"):
        rows = range(layout.first, len(layout.sheet.rows))
        values = [read_count(layout.cell(row, column)).value for row in rows]
        known = [value for value in values if value is not None]
        small = bool(known) and max(known) <= 50 and len(known) > len(values) / 2
        if small and settings.get("cases") != "true":
            raise DataError(Fault("ingest_cases_or_counts", file=report.file, value=column.title))


def _is_numeric(layout: Layout, column: Column) -> bool:
    cells = [layout.cell(row, column) for row in range(layout.first, len(layout.sheet.rows))]
    filled = [cell for cell in cells if cell is not None]
    return (
        bool(filled) and sum(read_count(cell).kind == "number" for cell in filled) > len(filled) / 2
    )
