"""Read the counts of a table: one entry for each row and period."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from territory.evidence.ingest.counts import Count, read_count
from territory.evidence.ingest.headings import shown
from territory.evidence.ingest.pages import repeated_titles
from territory.evidence.ingest.subjects import said, say_doubts, text_code, usual
from territory.evidence.ingest.times import check_whole_years, row_times, said_period
from territory.evidence.schema import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.evidence.ingest.decisions import Decisions
    from territory.evidence.ingest.headings import Column, Reader
    from territory.evidence.ingest.layout import Layout
    from territory.evidence.ingest.line import Line
    from territory.evidence.ingest.report import Report
    from territory.evidence.ingest.times import When
    from territory.evidence.tables import Tables


@dataclass(frozen=True)
class Entry:
    """One count as the file has it.

    Parameters
    ----------
    line
        The row.
    column
        Position of its column; -1 where the row itself is the case.
    period
        ``2011`` or ``2011-03``; empty in a total over all periods.
    outcome, institution
        Codes of the study, or of a person's choice.
    count
        The count; None for no data.
    """

    line: Line
    column: int
    period: str
    outcome: str
    institution: str
    count: int | None


@dataclass
class Terms:
    """What is needed to read the counts of one sheet.

    Parameters
    ----------
    study
        Whose outcomes and institutions there are.
    reader, decisions, settings, report
        The study's words; a person's choices; where findings go.
    """

    study: Tables
    reader: Reader
    decisions: Decisions
    settings: Mapping[str, str]
    report: Report
    seen: Counter[str] = field(default_factory=Counter)
    rounded: Counter[str] = field(default_factory=Counter)
    usual: dict[str, str] = field(default_factory=dict)


def read_entries(
    layout: Layout, lines: Sequence[Line], values: Sequence[Column], terms: Terms
) -> list[Entry]:
    """Return the counts of all rows of data and of all totals.

    What cannot be read is noted in the report of `terms`.
    """
    repeated_titles(layout, lines, terms.report.file)
    times = row_times(layout, lines, terms.settings, terms.report)
    whole = _whole_period(layout, values, terms)
    outcome, institution = said(layout, lines, values, terms)
    say_doubts(layout, values, terms.report)
    own = {column.position: column.outcome for column in values if column.outcome}
    counted_by = {c.position: who for c in values if (who := terms.reader.counted_by(c.title))}
    entries = []
    for line in lines:
        if line.kind not in ("data", "ignored", "totals"):
            continue
        when = times.get(line.row)
        if line.kind != "totals" and when is None:
            if layout.one("date") is not None and layout.cell(line.row, layout.one("date")) is None:
                line.kind = "undated"
            continue
        who = text_code("institution", layout, line, institution, terms)
        what = text_code("outcome", layout, line, outcome, terms)
        for entry in _of_line(layout, line, values, when or (None, None), whole, terms):
            named = own.get(entry.column, what)
            total = line.kind == "totals"
            by = who
            if layout.one("institution") is None:  # a heading knows better than the title
                by = terms.settings.get("institution") or counted_by.get(entry.column) or who
                by = by if by or total else usual(named, terms)
            entries.append(replace(entry, outcome=named, institution=by))
    _say_marks(terms)
    periods = {entry.period for entry in entries if entry.period}
    if layout.one("date") is None and periods and all(len(period) == 4 for period in periods):
        years = {int(period) for period in periods}
        check_whole_years(layout, lines, years, terms.settings, terms.report)
    return entries


def _whole_period(layout: Layout, values: Sequence[Column], terms: Terms) -> When:
    """Return the period that holds for the whole sheet, where rows and columns lack it."""
    if layout.of("date", "period", "year") or (values and all(c.year for c in values)):
        return None, None
    return said_period(layout, terms.settings, terms.report)


def _of_line(
    layout: Layout, line: Line, values: Sequence[Column], when: When, whole: When, terms: Terms
) -> Iterable[Entry]:
    if layout.shape == "cases":
        if line.kind == "totals":
            numbers = [read_count(cell) for cell in layout.sheet.rows[line.row]]
            stated = [count.value for count in numbers if count.kind == "number"]
            yield from (Entry(line, -1, "", "", "", value) for value in stated[:1])
        else:
            yield Entry(line, -1, _period(when), "", "", 1)
        return
    for column in values:
        year = column.year or when[0] or whole[0]
        month = column.month or when[1] or whole[1]
        count = _count(layout, line, column, terms)
        if year is None and line.kind != "totals":
            continue
        yield Entry(line, column.position, _period((year, month)) if year else "", "", "", count)


def _period(when: When) -> str:
    year, month = when
    return f"{year}" if month is None else f"{year}-{month:02d}"


def _count(layout: Layout, line: Line, column: Column, terms: Terms) -> int | None:
    cell = layout.cell(line.row, replace(column, position=column.position))
    merged = (line.row, column.position) in layout.sheet.merged
    if merged:  # a merged count belongs to the one cell that holds it
        row = layout.sheet.rows[line.row]
        cell = row[column.position] if column.position < len(row) else None
    sign = {"point": ".", "comma": ","}.get(terms.settings.get("decimal", ""))
    count = read_count(cell, decimal=sign)
    if line.kind == "totals":
        return count.value
    if count.faulty:
        terms.report.bad_cell(
            f"ingest_{count.kind}",
            row=layout.sheet.number(line.row),
            column=column.title,
            value=shown(cell),
        )
        return None
    return _settled(count, terms)


def _settled(count: Count, terms: Terms) -> int | None:
    terms.seen.update([count.kind, *count.marks])
    if count.kind == "number":
        if "thousands" in count.marks:
            terms.rounded["rounded" if count.value and count.value % 1000 == 0 else "exact"] += 1
        elif count.value:
            terms.rounded["plain"] += 1
    meaning = terms.settings.get(
        {"missing": "", "number": ""}.get(count.kind, count.kind), "missing"
    )
    return 0 if meaning == "zero" else count.value


def _say_marks(terms: Terms) -> None:
    """Say how empty cells, dashes, words for no data and separators were read."""
    for kind in ("blank", "dash"):
        n = terms.seen[kind]
        if n and terms.settings.get(kind) != "zero":
            terms.report.warn(f"{kind}_missing", n=n)
        elif n:
            terms.report.assume(f"{kind}_zero", n=n)
    for kind in ("missing", "thousands", "provisional"):
        if terms.seen[kind]:
            terms.report.assume(f"{kind}_read", n=terms.seen[kind])
    odd = terms.rounded["rounded"] >= 3 and not terms.rounded["exact"] + terms.rounded["plain"]
    if odd and "decimal" not in terms.settings:
        terms.report.faults.append(Fault("ingest_separator", file=terms.report.file))
