"""Hold totals against the sums that they state, row by row and column by column."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from territory.evidence.gazetteer import Match
from territory.evidence.ingest.counts import read_count
from territory.evidence.ingest.headings import shown
from territory.evidence.ingest.parts import months_before, sums_of_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from territory.evidence.gazetteer import Gazetteer
    from territory.evidence.ingest.entries import Entry
    from territory.evidence.ingest.layout import Layout
    from territory.evidence.ingest.line import Line
    from territory.evidence.ingest.report import Report

#: So many wrong totals are listed one by one.
_LISTED = 200
#: So many rows of one place are looked at: the sum of an area stands there once for each period.
_ASKED = 400


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
    # Cases count one each: none can be the sum of others.
    if layout.shape != "cases" and not layout.of("above", "above_code", "place_code"):
        _doubt_sums(lines, by_line, names)
    totals = [line for line in lines if line.kind == "totals"]
    for line in totals:
        scopes = list(_scopes(line, lines, names, last=line is totals[-1]))
        _check_row(layout, line, by_line, scopes, report)
        if line.match is not None:
            line.match = replace(line.match, candidates=_offered(line, names))
    _check_columns(layout, lines, by_line, report)
    _check_parts(layout, lines, report)
    if report.totals_unread:
        report.warn("totals_unread", n=report.totals_unread)
    if report.totals_off:
        first = report.totals_off[0]
        report.warn("totals_off", n=len(report.totals_off), checked=report.totals_checked, **first)
    elif report.totals_checked:
        report.assume("totals_hold", n=report.totals_checked)


def _doubt_sums(lines: Sequence[Line], by_line: dict[int, list[Entry]], names: Gazetteer) -> None:
    """Ask about a place that is called as its area and counts just what the rows below it sum to.

    ``San Salvador 30, Apopa 20, Nejapa 10`` in one column is most likely a department and its
    municipalities; taken for one of these, its cases would be counted twice.
    """
    asked: Counter[str] = Counter()
    areas: dict[str, str | None] = {}
    for i, line in enumerate(lines):
        if line.kind != "data" or not line.place or asked[line.place] > _ASKED:
            continue
        if line.place not in areas:
            areas[line.place] = names.area(line.place)
        asked[line.place] += 1
        area = areas[line.place]
        if area is None or line.match is None or line.match.how in ("decision", "unmatched"):
            continue
        belongs = partial(_is_below, area=area, names=names)
        below = list(takewhile(belongs, lines[i + 1 :]))
        stated = [entry for entry in by_line[line.row] if entry.count]
        if len(below) > 1 and stated and all(e.count == _sum(e, below, by_line) for e in stated):
            offered = ((line.match.unit, 100),) if line.match.unit else line.match.candidates
            line.match = Match(None, "ambiguous", "perhaps_total", offered)


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


def _is_below(line: Line, area: str, names: Gazetteer) -> bool:
    return line.kind == "data" and _inside(line, area, names)


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
        report.totals_unread += 1
        return
    best: list[tuple[Entry, int]] = []
    for scope in scopes:
        sums = [(entry, _sum(entry, scope, by_line)) for entry in stated]
        if all(entry.count == found for entry, found in sums):
            report.totals_checked += len(stated)
            return
        best = best or sums
    if not total.sure or not any(scopes):
        # Also an area of which the file names no place: there is nothing that it sums.
        total.kind = "data"
        total.match = Match(None, "unmatched", "maybe_total")
        return
    report.totals_checked += len(stated)
    titles = {column.position: column.title for column in layout.columns}
    for entry, found in best:
        if entry.count != found:
            _off(layout, total, titles.get(entry.column, ""), entry.count, found, report)


def _offered(line: Line, names: Gazetteer) -> tuple[tuple[str, int], ...]:
    """Return what a row that is no total may be: a place of its name, or the area itself."""
    place = names.match(line.place or line.above, level=names.finest).unit
    area = line.area if line.area in names.level else None
    return tuple((unit, 100) for unit in (place, area) if unit is not None)


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
    for column in layout.of("total", "subtotal"):
        years = [
            c.position
            for c in layout.of("cell")
            if not column.year or c.year in (None, column.year)
        ]
        if column.outcome is not None:
            years = [c.position for c in layout.of("cell") if c.outcome == column.outcome]
        if column.role == "subtotal":
            years = [c.position for c in months_before(layout, column)]
        for line in lines:
            count = read_count(layout.cell(line.row, column))
            if line.kind not in ("data", "ignored") or count.kind != "number":
                report.totals_unread += count.kind == "formula"
                continue
            report.totals_checked += 1
            found = sum(entry.count or 0 for entry in by_line[line.row] if entry.column in years)
            if found != count.value:
                _off(layout, line, column.title, count.value, found, report)


def _check_parts(layout: Layout, lines: Sequence[Line], report: Report) -> None:
    """Hold each count against the sum of the men and the women beside it."""
    counts = layout.of("cell", "count") or layout.of("total")
    for line in lines:
        if line.kind in ("data", "ignored"):
            for column, stated, found in sums_of_parts(layout, line.row, counts):
                report.totals_checked += 1
                if stated != found:
                    _off(layout, line, column.title, stated, found, report)


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
