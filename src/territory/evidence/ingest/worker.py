"""Open one workbook in a process of its own, with bounded memory and time.

Run as a file: ``python -I worker.py KIND MAX_CELLS MAX_COLUMNS MAX_BYTES`` with the
workbook on standard input. Prints one JSON document: the sheets, or the key of a
sentence that says why there are none. A cell is text, a number, true or false, null,
``{"date": …}``, or ``{"error": …}`` for a formula that failed or was never worked out.
Imports nothing of this package: it must start in a moment, and may die alone.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import sys
import zipfile
from typing import Any
from xml.parsers import expat


class Refusal(Exception):  # noqa: N818 - it says no; nothing went wrong in here
    """Why a workbook is not read: the key of a sentence and what fills its blanks."""


def main() -> None:
    """Read standard input and print the answer."""
    kind = sys.argv[1]
    cells, columns, memory = (int(text) for text in sys.argv[2:5])
    _limit(memory)
    content = sys.stdin.buffer.read()
    try:
        sheets = (
            _old(content, cells, columns) if kind == "xls" else _new(content, kind, cells, columns)
        )
        answer: dict[str, Any] = {"sheets": sheets}
    except Refusal as refusal:
        answer = {"fault": refusal.args[0], **refusal.args[1]}
    except MemoryError:
        answer = {"fault": "ingest_too_big", "found": "–"}
    except BaseException as error:  # noqa: BLE001 - readers fail in many ways, panics included
        answer = _failure(f"{type(error).__name__} {error}", error)
    json.dump(answer, sys.stdout)


def _failure(words: str, error: BaseException) -> dict[str, Any]:
    lower = words.lower()
    if "password" in lower or "encrypt" in lower:
        return {"fault": "ingest_locked"}
    if "capacity overflow" in lower or "memory" in lower:
        return {"fault": "ingest_too_big", "found": "–"}
    return {"fault": "ingest_broken", "reason": " ".join(str(error).split())[:120]}


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    for what, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, 60)):
        _, hard = resource.getrlimit(what)
        top = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (top, hard))


def _check_size(height: int, width: int, cells: int, columns: int) -> None:
    if width > columns or height * width > cells:
        raise Refusal("ingest_too_big", {"found": f"{height:,} × {width:,}"})


def _new(content: bytes, kind: str, cells: int, columns: int) -> list[dict[str, Any]]:
    """Read xlsx, xlsb or ods."""
    import python_calamine as calamine

    failed = {"xlsx": _failed_formulas, "ods": _failed_in_ods}.get(kind, lambda _: {})(content)
    sheets = []
    with calamine.load_workbook(io.BytesIO(content)) as book:
        for entry in book.sheets_metadata:
            if entry.typ not in (
                calamine.SheetTypeEnum.WorkSheet,
                calamine.SheetTypeEnum.MacroSheet,
            ):
                continue
            sheet = book.get_sheet_by_name(entry.name)
            _check_size(sheet.height, sheet.width, cells, columns)
            rows = [[_cell(value) for value in row] for row in sheet.to_python()]
            top, left = sheet.start or (0, 0)
            for (row, column), text in failed.get(entry.name, {}).items():
                if 0 <= row - top < len(rows) and 0 <= column - left < len(rows[0]):
                    rows[row - top][column - left] = {"error": text}
            merged = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
            hidden = entry.visible != calamine.SheetVisibleEnum.Visible
            sheets.append(_sheet(entry.name, rows, top, left, merged, hidden=hidden))
            cells -= sheet.height * sheet.width
    return sheets


def _old(content: bytes, cells: int, columns: int) -> list[dict[str, Any]]:
    """Read xls."""
    import xlrd  # type: ignore[import-untyped]

    sheets = []
    options = {"logfile": io.StringIO(), "on_demand": True, "formatting_info": True}
    with xlrd.open_workbook(file_contents=content, **options) as book:
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            _check_size(sheet.nrows, sheet.ncols, cells, columns)
            rows = [
                [_old_cell(cell, book.datemode) for cell in sheet.row(number)]
                for number in range(sheet.nrows)
            ]
            merged = [[a, c, b - 1, d - 1] for a, b, c, d in sheet.merged_cells]
            hidden = bool(sheet.visibility)
            sheets.append(_sheet(name, rows, 0, 0, merged, hidden=hidden))
            cells -= sheet.nrows * sheet.ncols
    return sheets


def _old_cell(cell: Any, datemode: int) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_ERROR:
        return {"error": xlrd.error_text_from_code.get(cell.value, "#ERROR")}
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _cell(xlrd.xldate_as_datetime(cell.value, datemode))
    return _cell(cell.value)


def _sheet(
    name: str, rows: list[list[Any]], top: int, left: int, merged: list[list[int]], *, hidden: bool
) -> dict[str, Any]:
    return {
        "name": name, "rows": rows, "top": top, "left": left,
        "merged": merged[:20_000], "hidden": hidden,
    }  # fmt: skip


def _cell(value: object) -> Any:
    if value == "" or value is None:
        return None
    if isinstance(value, datetime.datetime | datetime.date):
        return {"date": value.isoformat()[:10]}
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


def _failed_formulas(content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Return the cells of each sheet of an xlsx that hold an error, or a formula without a value.

    The reader gives both as empty cells, which would pass for "no data".
    """
    failed = {}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name, part in _sheet_parts(book).items():
            if part in book.namelist():
                with book.open(part) as stream:
                    failed[name] = _failed_in(stream)
    return failed


def _sheet_parts(book: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each sheet, by the name of the sheet."""
    targets = {}
    for tag in re.findall(
        rb"<(?:\w+:)?Relationship\s[^>]*>", _part(book, "xl/_rels/workbook.xml.rels")
    ):
        entry = _attributes(tag)
        target = entry.get("Target", "")
        targets[entry.get("Id")] = target[1:] if target.startswith("/") else f"xl/{target}"
    sheets = {}
    for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", _part(book, "xl/workbook.xml")):
        entry = _attributes(tag)
        relation = next((value for key, value in entry.items() if key.endswith(":id")), None)
        sheets[entry.get("name", "")] = targets.get(relation, "")
    return sheets


def _part(book: zipfile.ZipFile, name: str) -> bytes:
    return book.read(name) if name in book.namelist() else b""


def _attributes(tag: bytes) -> dict[str, str]:
    import html

    found = re.findall(r"""([\w:]+)\s*=\s*["']([^"']*)["']""", tag.decode("utf-8", "replace"))
    return {key: html.unescape(value) for key, value in found}


def _failed_in(stream: Any) -> dict[tuple[int, int], str]:
    scan = _Scan()
    _watch(stream, scan)
    return scan.failed


def _failed_in_ods(content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    scan = _OdsScan()
    with zipfile.ZipFile(io.BytesIO(content)) as book, book.open("content.xml") as stream:
        _watch(stream, scan)
    return scan.failed


def _watch(stream: Any, scan: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.text
    parser.ParseFile(stream)


class _OdsScan:
    """Watches the cells of every table of an ods go by."""

    def __init__(self) -> None:
        self.failed: dict[str, dict[tuple[int, int], str]] = {}
        self.table = ""
        self.row = self.column = 0
        self.next_row = self.next_column = 0
        self.error = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "table":
            self.table = attributes.get("table:name", "")
            self.next_row = 0
        elif local == "table-row":
            self.row, self.next_column = self.next_row, 0
            self.next_row += int(attributes.get("table:number-rows-repeated", 1))
        elif local in ("table-cell", "covered-table-cell"):
            self.column = self.next_column
            self.next_column += int(attributes.get("table:number-columns-repeated", 1))
            self.error = attributes.get("calcext:value-type") == "error"

    def text(self, part: str) -> None:
        if self.error and len(self.failed) < 10_000:
            self.failed.setdefault(self.table, {})[self.row, self.column] = part.strip()

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "table-cell":
            self.error = False


class _Scan:
    """Watches the cells of a sheet go by."""

    def __init__(self) -> None:
        self.failed: dict[tuple[int, int], str] = {}
        self.at = self.kind = ""
        self.formula = False
        self.value: str | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "c":
            self.at, self.kind = attributes.get("r", ""), attributes.get("t", "")
            self.formula, self.value = False, None
        elif local == "f":
            self.formula = True
        elif local in ("v", "t"):
            self.value = ""

    def text(self, part: str) -> None:
        if self.value is not None and len(self.value) < 40:
            self.value += part

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "c":
            return
        at = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", self.at)
        # A formula may well give an empty text; an empty number was never worked out.
        failed = self.kind == "e" or (self.formula and self.kind != "str" and not self.value)
        if failed and at and len(self.failed) < 10_000:
            self.failed[int(at[2]) - 1, _column(at[1])] = self.value or "="


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


if __name__ == "__main__":
    main()
