"""Columns that hold a part of a count (men, firearms, the first half year) beside the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.evidence.ingest.counts import read_count
from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.evidence.ingest.headings import Column
    from territory.evidence.ingest.layout import Layout


def wholes(columns: Sequence[Column]) -> list[Column]:
    """Let the total of one period be its count, where the other columns of the period are parts.

    ``2011 men, 2011 women, 2011 total`` is one count of 2011; ``total 2011, total 2012`` are
    counts of two years. A span such as a half year beside months is the sum of those months.
    """
    cells = [column for column in columns if column.role == "cell"]
    settled = {column.position: column for column in columns}
    for total in columns:
        same = [c for c in cells if c.outcome == total.outcome or total.outcome is None]
        if total.role != "total" or total.year is None:
            continue
        if any(c.year is None or (c.year == total.year and _finer(c, total)) for c in same):
            continue  # a sum over other columns
        own = [c for c in same if (c.year, c.month) == (total.year, total.month)]
        if not all(c.rest for c in own):
            continue
        settled[total.position] = replace(total, role="cell", rest="")
        settled |= {c.position: replace(c, role="trait") for c in own}
    return _subtotals(list(settled.values()))


def _subtotals(columns: list[Column]) -> list[Column]:
    """Take a span for the sum of the months before it, where it stands right behind them.

    Where a column holds the whole year, its halves and quarters are not needed.
    """
    whole = {str(c.year) for c in columns if c.role == "cell" and c.year and not c.month}
    columns = [
        replace(c, role="unknown") if c.role == "span" and whole & set(fold(c.title).split()) else c
        for c in columns
    ]
    if not any(column.role == "cell" and column.month for column in columns):
        return columns
    months = 0
    for i, column in enumerate(columns):
        if column.role == "span":
            columns[i] = replace(column, role="subtotal" if months > 1 else "unknown")
        months = months + 1 if column.role == "cell" and column.month else 0
    return columns


def _finer(cell: Column, total: Column) -> bool:
    """Tell whether a column of counts is of a part of the time of a total."""
    return total.month is None and cell.month is not None


def parts_alone(layout: Layout) -> list[Column]:
    """Return the columns of parts of which no column holds the whole."""
    counts = layout.of("cell", "count", "total")
    whole = [c for c in counts if not c.rest]
    parts = layout.of("part")
    if parts and not whole:
        return parts
    split = [c for c in layout.of("trait") if c.year or c.month]
    return [*split, *counts] if split and counts and not whole else []


def stated_parts(layout: Layout, count: Column) -> list[Column]:
    """Return the columns of men and of women that a column of counts is the sum of."""
    parts = [c for c in layout.of("part") if (c.year, c.month) == (count.year, count.month)]
    return parts if len(parts) > 1 else []


def sums_of_parts(
    layout: Layout, row: int, counts: Sequence[Column]
) -> Iterator[tuple[Column, int, int]]:
    """Yield each column of counts of a row, what it states, and the sum of its stated parts."""
    for column in counts:
        parts = [read_count(layout.cell(row, part)).value for part in stated_parts(layout, column)]
        known = [part for part in parts if part is not None]
        stated = read_count(layout.cell(row, column)).value
        if parts and stated is not None and len(known) == len(parts):
            yield column, stated, sum(known)


def months_before(layout: Layout, subtotal: Column) -> list[Column]:
    """Return the columns of months that stand between a subtotal and the one before it."""
    stops = [c.position for c in layout.of("subtotal", "total") if c.position < subtotal.position]
    since = max(stops, default=-1)
    return [c for c in layout.of("cell") if since < c.position < subtotal.position]
