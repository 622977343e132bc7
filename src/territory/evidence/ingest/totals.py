"""Hold totals against the sums that they state, row by row and column by column."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from territory.evidence.gazetteer import Match
from territory.evidence.ingest.counts import read_count
from territory.evidence.ingest.headings import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from territory.evidence.gazetteer import Gazetteer
    from territory.evidence.ingest.entries import Entry
    from territory.evidence.ingest.layout import Layout
    from territory.evidence.ingest.lines import Line
    from territory.evidence.ingest.report import Report

#: So many wrong totals are listed one by one.
_LISTED = 200


def check_totals(
    layout: Layout,
    lines: Sequence[Line],
    entries: Sequence[Entry],
    names: Gazetteer,
    report: Report,
) -> None:
    """Hold each row of totals and each column of totals against the sum of what it totals.

    A row that only its sum can show to be a total, and whose sum shows no such thing, becomes
    a row without a place.
    """
    by_line: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_line[entry.line.row].append(entry)
    totals = [line for line in lines if line.kind == "totals"]
    for line in totals:
        scopes = list(_scopes(line, lines, names, last=line is totals[-1]))
        _check_row(layout, line, by_line, scopes, report)
    _check_columns(layout, lines, by_line, report)
    if report.totals_off:
        report.warn("totals_off", n=len(report.totals_off), checked=report.totals_checked)
    elif report.totals_checked:
        report.assume("totals_hold", n=report.totals_checked)


def _scopes(
    total: Line, lines: Sequence[Line], names: Gazetteer, *, last: bool
) -> Iterable[list[Line]]:
    """Yield what a row may be the total of, the most likely first."""
    data = [line for line in lines if line.kind in ("data", "ignored")]
    if total.area == "*":
        yield data
    elif total.area is not None:
        yield [line for line in data if _inside(line, total.area, names)]
    else:
        breaks = [
            ln.row for ln in lines if ln.kind in ("totals", "sections") and ln.row < total.row
        ]
        section = [ln for ln in data if max(breaks, default=-1) < ln.row < total.row]
        above = [ln for ln in data if ln.row < total.row]
        area = above[-1].area if above else None
        of_area = [ln for ln in above if area is not None and ln.area == area]
        order = [data, section, of_area] if last or not section else [section, of_area, data]
        yield from (scope for scope in order if scope)


def _inside(line: Line, area: str, names: Gazetteer) -> bool:
    unit = line.match.unit if line.match else None
    if unit is not None:
        return unit != area and names.inside(unit, area)
    return line.area is not None and (line.area == area or names.inside(line.area, area))


def _check_row(
    layout: Layout, total: Line, by_line: dict[int, list[Entry]],
    scopes: Sequence[Sequence[Line]], report: Report,
) -> None:  # fmt: skip
    stated = [entry for entry in by_line[total.row] if entry.count is not None]
    if not stated:
        return
    best: list[tuple[Entry, int]] = []
    for scope in scopes:
        sums = [(entry, _sum(entry, scope, by_line)) for entry in stated]
        if all(entry.count == found for entry, found in sums):
            report.totals_checked += len(stated)
            return
        best = best or sums
    if not total.sure:
        total.kind = "data"
        total.match = Match(None, "unmatched", "maybe_total")
        return
    report.totals_checked += len(stated)
    titles = {column.position: column.title for column in layout.columns}
    for entry, found in best:
        if entry.count != found:
            _off(layout, total, titles.get(entry.column, ""), entry.count, found, report)


def _sum(stated: Entry, scope: Sequence[Line], by_line: dict[int, list[Entry]]) -> int:
    return sum(
        entry.count or 0
        for line in scope
        for entry in by_line[line.row]
        if entry.column == stated.column and stated.period in ("", entry.period)
    )


def _check_columns(
    layout: Layout, lines: Sequence[Line], by_line: dict[int, list[Entry]], report: Report
) -> None:
    if layout.shape != "wide":
        return
    for column in layout.of("total"):
        years = [c.position for c in layout.of("cell") if column.year in (None, c.year)]
        if column.outcome is not None:
            years = [c.position for c in layout.of("cell") if c.outcome == column.outcome]
        for line in lines:
            count = read_count(layout.cell(line.row, column))
            if line.kind not in ("data", "ignored") or count.kind != "number":
                continue
            report.totals_checked += 1
            found = sum(entry.count or 0 for entry in by_line[line.row] if entry.column in years)
            if found != count.value:
                _off(layout, line, column.title, count.value, found, report)


def _off(
    layout: Layout, line: Line, column: str, stated: int | None, found: int, report: Report
) -> None:
    if len(report.totals_off) < _LISTED:
        label = shown(
            line.place or line.above or next((c for c in layout.sheet.rows[line.row] if c), "")
        )
        report.totals_off.append(
            {
                "row": layout.sheet.number(line.row),
                "text": label,
                "column": column,
                "stated": stated,
                "sum": found,
            }
        )


def coarser_rows_are_totals(
    lines: Sequence[Line], level: Callable[[str], str], finest: str
) -> None:
    """Take rows of a coarser division for totals where finer rows stand beside them."""
    units = [line.match.unit for line in lines if line.kind == "data" and line.match]
    levels = {level(unit) for unit in units if unit is not None}
    if finest not in levels or len(levels) == 1:
        return
    for line in lines:
        unit = line.match.unit if line.match else None
        if line.kind == "data" and unit is not None and level(unit) not in (finest, "unlocated"):
            line.kind, line.area, line.sure, line.match = "totals", unit, False, None
