"""Go through the parts of a workbook for what its reader keeps silent about.

The reader gives a formula that failed, or was never worked out, as an empty cell, which would
pass for "no data". And it sets aside room for every cell up to the last one: how far a sheet
reaches is seen here first. Belongs to ``worker.py`` and imports nothing of this package.
"""

from __future__ import annotations

import io
import math
import posixpath
import re
import zipfile
from typing import Any
from xml.parsers import expat

#: The cells of a sheet that hold no value but should: row and column, and what stands there.
Failed = dict[tuple[int, int], str]


class Refusal(Exception):  # noqa: N818 - it says no; nothing went wrong in here
    """Why a workbook is not read: the key of a sentence and what fills its blanks."""


def check_size(height: float, width: float, cells: int, columns: int) -> None:
    """Refuse a sheet that is wider, or holds more cells, than is read."""
    if width > columns or height * width > cells:
        raise Refusal("ingest_too_big", {"found": f"{height:,} × {width:,}"})


class Reach:
    """How far the filled cells of one sheet reach; refuses them once that is too far."""

    def __init__(self, cells: int, columns: int) -> None:
        self.limits = cells, columns
        self.top = self.left = math.inf
        self.bottom = self.right = -1

    def add(self, row: int, column: int) -> None:
        """Take in one more cell."""
        if self.top <= row <= self.bottom and self.left <= column <= self.right:
            return
        self.top, self.bottom = min(self.top, row), max(self.bottom, row)
        self.left, self.right = min(self.left, column), max(self.right, column)
        check_size(self.bottom - self.top + 1, self.right - self.left + 1, *self.limits)

    @property
    def area(self) -> int:
        """Cells from the first to the last."""
        return int((self.bottom - self.top + 1) * (self.right - self.left + 1)) if self else 0

    def __bool__(self) -> bool:
        return self.bottom >= 0


def failed_in_xlsx(content: bytes, cells: int, columns: int) -> dict[str, Failed]:
    """Return the cells of each sheet of an xlsx that hold an error, or a formula without a value."""
    failed: dict[str, Failed] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        # The reader takes the names of parts without regard to case.
        parts = {entry.lower(): entry for entry in book.namelist()}
        for name, part in _sheet_parts(book, parts).items():
            if part in parts:
                scan = _XlsxScan(Reach(cells, columns))
                with book.open(parts[part]) as stream:
                    _watch(stream, scan)
                failed[name] = scan.failed
                cells -= scan.reach.area
    return failed


def failed_in_ods(content: bytes, cells: int, columns: int) -> dict[str, Failed]:
    """Return the cells of each table of an ods that hold an error, or a formula without a value."""
    scan = _OdsScan(cells, columns)
    with zipfile.ZipFile(io.BytesIO(content)) as book, book.open("content.xml") as stream:
        _watch(stream, scan)
    return scan.failed


def _sheet_parts(book: zipfile.ZipFile, parts: dict[str, str]) -> dict[str, str]:
    """Return the part of the archive that holds each sheet, by the name of the sheet."""
    targets = {}
    for entry in _elements(book, parts, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = entry.get("Target", "").lower()
        targets[entry.get("Id")] = posixpath.normpath(
            target[1:] if target.startswith("/") else f"xl/{target}"
        )
    sheets = {}
    for entry in _elements(book, parts, "xl/workbook.xml", "sheet"):
        relation = next((value for key, value in entry.items() if key.endswith(":id")), None)
        sheets[entry.get("name", "")] = targets.get(relation, "")
    return sheets


def _elements(
    book: zipfile.ZipFile, parts: dict[str, str], part: str, tag: str
) -> list[dict[str, str]]:
    """Return the attributes of every element of one name in a part."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == tag:
            found.append(attributes)

    parser.StartElementHandler = start
    if part in parts:
        parser.Parse(book.read(parts[part]), True)
    return found


def _watch(stream: Any, scan: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.text
    parser.ParseFile(stream)


class _XlsxScan:
    """Watches the cells of a sheet go by."""

    def __init__(self, reach: Reach) -> None:
        self.failed: Failed = {}
        self.reach = reach
        self.row = self.column = -1
        self.kind = ""
        self.formula = False
        self.value: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "c":
            self._move(attributes.get("r"))
            self.kind = attributes.get("t", "")
            self.formula, self.value = False, None
        elif local == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif local == "f":
            self.formula = True
        elif local in ("v", "t"):
            self.value = self.value or ""

    def text(self, part: str) -> None:
        if self.value is not None and len(self.value) < 40:
            self.value += part

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "c":
            return
        if self.formula or self.value is not None or self.kind == "e":
            self.reach.add(self.row, self.column)
        # A formula may well give an empty text; an empty number was never worked out.
        if self.kind == "e" or (self.formula and self.kind != "str" and not self.value):
            self.failed[self.row, self.column] = self.value or "="
        self.value = None

    def _move(self, at: str | None) -> None:
        """Go to where a cell says that it is; one that does not say it stands behind the last."""
        if at is None:
            self.column += 1
            return
        found = re.fullmatch(r"([A-Za-z]{1,3})(\d{1,7})", at)
        if found is None:
            raise Refusal("ingest_broken", {"reason": f"<c r={at[:20]!r}>"})
        self.column = 0
        for letter in found[1].upper():
            self.column = self.column * 26 + ord(letter) - 64
        self.row, self.column = int(found[2]) - 1, self.column - 1


class _OdsScan:
    """Watches the cells of every table of an ods go by."""

    def __init__(self, cells: int, columns: int) -> None:
        self.failed: dict[str, Failed] = {}
        self.cells, self.columns = cells, columns
        self.reach = Reach(cells, columns)
        self.table = self.words = ""
        self.row = self.next_row = self.down = 0
        self.column = self.next_column = self.across = 0
        self.bad = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "table":
            self.cells -= self.reach.area
            self.reach = Reach(self.cells, self.columns)
            self.table, self.next_row = attributes.get("table:name", ""), 0
            self.failed.setdefault(self.table, {})
        elif local == "table-row":
            self.down = int(attributes.get("table:number-rows-repeated", 1))
            self.row, self.next_column = self.next_row, 0
            self.next_row += self.down
        elif local in ("table-cell", "covered-table-cell"):
            self.across = int(attributes.get("table:number-columns-repeated", 1))
            self.column = self.next_column
            self.next_column += self.across
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        kind, formula = attributes.get("office:value-type"), "table:formula" in attributes
        self.bad = attributes.get("calcext:value-type") == "error" or (formula and not kind)
        self.words = ""
        if kind or formula:
            self.reach.add(self.row, self.column)
            self.reach.add(self.row + self.down - 1, self.column + self.across - 1)

    def text(self, part: str) -> None:
        if self.bad and len(self.words) < 40:
            self.words += part

    def end(self, tag: str) -> None:
        if not self.bad or tag.rpartition(":")[2] not in ("table-cell", "covered-table-cell"):
            return
        failed, self.bad = self.failed[self.table], False
        for row in range(self.row, self.row + self.down):
            for column in range(self.column, self.column + self.across):
                failed[row, column] = self.words.strip() or "="
