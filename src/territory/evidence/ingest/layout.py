"""Find the heading of a sheet, and the shape of the table below it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from territory.evidence.ingest.contents import (
    by_content,
    numbered_months,
    periods_by_content,
    without_false_ones,
)
from territory.evidence.ingest.decisions import setting_of
from territory.evidence.ingest.head import find_head, head_columns
from territory.evidence.ingest.headings import Column, shown, strange_year
from territory.evidence.ingest.parts import parts_alone, wholes
from territory.evidence.schema import DataError, Fault
from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from territory.evidence.gazetteer import Gazetteer
    from territory.evidence.ingest.headings import Reader
    from territory.evidence.ingest.workbook import Cell, Sheet

#: Roles that one column can have.
_ALONE = ("place", "place_code", "above", "above_code", "date", "year", "month", "period",
          "outcome", "institution")  # fmt: skip


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
    head = find_head(sheet, reader)
    if head is None:
        return None
    columns = wholes(numbered_months(head_columns(sheet, head, reader)))
    columns = periods_by_content(sheet, head.stop, columns)
    columns = by_content(sheet, head.stop, columns, names)
    columns = without_false_ones(sheet, head.stop, columns, names, reader)
    columns = _choose(columns, chosen, file)
    above = [shown(cell) for row in sheet.rows[: head.start] for cell in row if cell is not None]
    layout = Layout(sheet, head.stop, tuple(columns), tuple(above[:40]))
    layout = replace(layout, shape=_shape(layout))
    if not layout.of("place", "place_code"):
        return None
    _refuse_unclear(layout, file, chosen)
    return layout


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
                alike = len({fold(column.title) for column in same}) == 1
                key = "ingest_side_by_side" if alike else "ingest_several_columns"
                faults.append(Fault(key, file=file, value=titles, setting=setting_of(role)))
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


def _refuse_unclear(layout: Layout, file: str, chosen: Mapping[str, str]) -> None:
    """Stop at headings that might be counts and are not understood."""
    faults = []
    spans = [column.title for column in layout.of("span")]
    if spans:
        faults.append(Fault("ingest_spans", file=file, value=", ".join(spans[:5])))
    parts = [] if "count" in chosen else parts_alone(layout)
    if parts and layout.shape != "cases":
        faults.append(Fault("ingest_parts", file=file, value=_titles(parts)))
    cells = [] if parts else layout.of("cell")
    rests = {column.rest for column in cells}
    odd_cells = [column for column in cells if column.rest] or cells
    if len(rests) > 1 or (len(cells) > 1 and all(c.title.endswith("-01-01") for c in cells)):
        faults.append(Fault("ingest_columns_unclear", file=file, value=_titles(odd_cells)))
    odd = [column for column in layout.columns if cells and strange_year(column.title)]
    if odd:
        faults.append(Fault("ingest_bad_year", file=file, where=_titles(odd), value=odd[0].title))
    if faults:
        raise DataError(*faults)


def _titles(columns: Iterable[Column]) -> str:
    titles = [column.title for column in columns]
    return ", ".join(titles[:5]) + (", …" if len(titles) > 5 else "")


def no_table(sheets: Iterable[Sheet], names: Gazetteer, file: str) -> Fault:
    """Return why no sheet holds a table of places: none, or one whose places are columns."""
    for sheet in sheets:
        for row, cells in enumerate(sheet.rows[:20]):
            texts = [cell for cell in cells if isinstance(cell, str)]
            known = [text for text in texts if names.match(text).how not in ("unmatched", "code")]
            if len(known) > 2:
                some, number = ", ".join(known[:3]), sheet.number(row)
                return Fault("ingest_places_across", file=file, row=number, value=some)
    return Fault("ingest_no_heading", file=file, place=names.finest)
