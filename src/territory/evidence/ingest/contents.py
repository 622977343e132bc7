"""Give columns a role by what stands in them, where their heading does not say enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.evidence.ingest.counts import read_count
from territory.evidence.ingest.dates import read_span
from territory.evidence.ingest.headings import Column, names_total, shown
from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.evidence.gazetteer import Gazetteer
    from territory.evidence.ingest.headings import Reader
    from territory.evidence.ingest.workbook import Sheet


def numbered_months(columns: list[Column]) -> list[Column]:
    """Read headings 1, 2, 3, … as months, where no other period is in the heading."""
    numbered = [c for c in columns if c.title.isdecimal() and 1 <= int(c.title) <= 12]
    titles = [int(column.title) for column in numbered]
    if len(titles) < 3 or titles != list(range(1, len(titles) + 1)):
        return columns
    if any(column.role == "cell" for column in columns):
        return columns
    places = [column.position for column in numbered]
    return [
        replace(c, role="cell", month=int(c.title)) if c.position in places else c for c in columns
    ]


def periods_by_content(sheet: Sheet, first: int, columns: list[Column]) -> list[Column]:
    """Read a column of months or years as one of periods, where its cells say both: ``enero 2012``."""

    def says_both(column: Column) -> bool:
        cells = [row[column.position] for row in sheet.rows[first:] if column.position < len(row)]
        spans = [read_span(cell) for cell in dict.fromkeys(cells) if cell is not None]
        both = [span for span in spans if span is not None and span.year and span.month]
        # 1 January 2012 below "year" is a year that a spreadsheet took for a date.
        is_year = column.role == "year" and {span.month for span in both} == {1}
        return len(both) > 0.5 * len(spans) and not is_year

    return [
        replace(c, role="period") if c.role in ("month", "year") and says_both(c) else c
        for c in columns
    ]


def by_content(sheet: Sheet, first: int, columns: list[Column], names: Gazetteer) -> list[Column]:
    """Give roles to columns that only their content explains, and take them from those it belies."""

    def share(column: Column, *, areas: bool) -> float:
        is_known = (lambda t: names.area(t) is not None) if areas else _is_place(names)
        return _share(sheet, first, column, is_known)

    for i, column in enumerate(columns):
        bare = column.role == "place_code" and len(fold(column.title).split()) == 1
        if bare and share(column, areas=False) < 0.4:
            columns[i] = replace(column, role="unknown", level=None)
        if column.role in ("count", "total") and _is_words(sheet, first, column):
            columns[i] = replace(column, role="trait")
    if any(c.role in ("date", "total") or c.outcome for c in columns):
        columns = [
            replace(c, role="number") if c.role == "count" and _is_running(sheet, first, c) else c
            for c in columns
        ]
    if any(c.role in ("place", "district", "above", "division", "place_code") for c in columns):
        return columns
    vague = [c for c in columns if c.role in ("name", "empty", "unknown")]
    for column in vague:
        if share(column, areas=False) >= 0.4:
            columns[column.position] = replace(column, role="place")
            break
        if share(column, areas=True) >= 0.6:
            columns[column.position] = replace(column, role="above")
    return columns


def without_false_ones(
    sheet: Sheet, first: int, columns: list[Column], names: Gazetteer, reader: Reader
) -> list[Column]:
    """Of several columns with one role, drop those whose content is something else.

    Of columns of codes that say the same in every row, the first is kept.
    """
    tests = {
        "above": lambda text: names.area(text) is not None,
        "place": _is_place(names),
        "place_code": _is_place(names),
        "institution": lambda text: reader.institution(text) is not None,
    }
    for role, is_known in tests.items():
        same = [column for column in columns if column.role == role]
        true = [c for c in same if _share(sheet, first, c, is_known) >= 0.4]
        if len(true) > 1 and role == "place_code":
            said = [
                [names.match(text).unit for text in _texts(sheet, first, column)] for column in true
            ]
            true = true[:1] if all(units == said[0] for units in said) else true
        if len(same) > 1 and true:
            kept = {column.position for column in true}
            columns = [
                replace(c, role="unknown") if c in same and c.position not in kept else c
                for c in columns
            ]
    return columns


def _is_place(names: Gazetteer) -> Callable[[str], bool]:
    return lambda text: names.match(text).how != "unmatched"


def _texts(sheet: Sheet, first: int, column: Column) -> list[str]:
    """Return the different texts of a column, at most two hundred, in their order."""
    cells = [row[column.position] for row in sheet.rows[first:] if column.position < len(row)]
    return list(dict.fromkeys(shown(cell) for cell in cells if cell is not None))[:200]


def _share(sheet: Sheet, first: int, column: Column, is_known: Callable[[str], bool]) -> float:
    texts = [text for text in _texts(sheet, first, column) if not names_total(text)]
    known = [is_known(text) for text in texts]
    return sum(known) / len(known) if known else 0.0


def _is_running(sheet: Sheet, first: int, column: Column) -> bool:
    """Tell whether a column called "number" numbers the rows from 1 on."""
    cells = [row[column.position] for row in sheet.rows[first:] if column.position < len(row)]
    values = [count for cell in cells if (count := read_count(cell).value) is not None]
    return len(values) > 2 and values == list(range(1, len(values) + 1))


def _is_words(sheet: Sheet, first: int, column: Column) -> bool:
    """Tell whether a column that should hold counts holds words."""
    cells = [row[column.position] for row in sheet.rows[first:] if column.position < len(row)]
    kinds = [read_count(cell).kind for cell in cells]
    told = [kind for kind in kinds if kind not in ("blank", "dash", "missing")][:200]
    return told.count("not_count") > 0.7 * len(told)
