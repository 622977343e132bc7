"""Open one workbook in a process of its own, with bounded memory and time.

Run as a file: ``python -I worker.py KIND MAX_CELLS MAX_COLUMNS MAX_BYTES LONGEST`` with the
workbook on standard input; longer texts are cut. Prints one JSON document: the sheets, or the
key of a sentence that says why there are none. A cell is text, a number, true or false, null,
``{"date": …}``, or ``{"error": …}`` for a formula that failed or was never worked out.
Imports nothing of this package: it must start in a moment, and may die alone.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from territory.evidence.ingest import scanning
else:
    sys.path.append(str(Path(__file__).parent))  # which -I leaves out
    import scanning

# A table has shorter cells than this on average; strings that many cells share would be copied.
_LETTERS_A_CELL = 40
_MOST_SHEETS = 500


def main() -> None:
    """Read standard input and print the answer."""
    kind = sys.argv[1]
    cells, columns, memory, longest = (int(text) for text in sys.argv[2:6])
    _limit(memory)
    content = sys.stdin.buffer.read()
    read = _old if kind == "xls" else _new
    try:
        sheets = read(content, kind, cells, columns)
        answer: dict[str, Any] = {"sheets": _cut(sheets, longest, cells * _LETTERS_A_CELL)}
    except scanning.Refusal as refusal:
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


def _cut(sheets: list[dict[str, Any]], longest: int, letters: int) -> list[dict[str, Any]]:
    """Cut long texts; refuse more letters in all than a table has."""
    most = letters
    for sheet in sheets:
        for row in sheet["rows"]:
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    row[place] = cell.strip()[:longest]
                    letters -= len(row[place])
    if letters < 0:
        raise scanning.Refusal("ingest_much_text", {"n": most - letters, "most": most})
    return sheets


def _new(content: bytes, kind: str, cells: int, columns: int) -> list[dict[str, Any]]:
    """Read xlsx or ods."""
    import python_calamine as calamine

    scan = scanning.failed_in_xlsx if kind == "xlsx" else scanning.failed_in_ods
    failed = scan(content, cells, columns)
    sheets = []
    with calamine.load_workbook(io.BytesIO(content)) as book:
        if len(book.sheets_metadata) > _MOST_SHEETS:
            found = {"n": len(book.sheets_metadata), "most": _MOST_SHEETS}
            raise scanning.Refusal("ingest_many_sheets", found)
        for entry in book.sheets_metadata:
            if entry.typ not in (
                calamine.SheetTypeEnum.WorkSheet,
                calamine.SheetTypeEnum.MacroSheet,
            ):
                continue
            sheet = book.get_sheet_by_name(entry.name)
            scanning.check_size(sheet.height, sheet.width, cells, columns)
            rows = [[_cell(value) for value in row] for row in sheet.to_python()]
            top, left = sheet.start or (0, 0)
            if entry.name not in failed and rows:
                raise scanning.Refusal("ingest_broken", {"reason": entry.name[:40]})
            for (row, column), text in failed[entry.name].items() if rows else ():
                if 0 <= row - top < len(rows) and 0 <= column - left < len(rows[0]):
                    rows[row - top][column - left] = {"error": text}
            merged = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
            hidden = entry.visible != calamine.SheetVisibleEnum.Visible
            sheets.append(_sheet(entry.name, rows, top, left, merged, hidden=hidden))
            cells -= sheet.height * sheet.width
    return sheets


def _old(content: bytes, _: str, cells: int, columns: int) -> list[dict[str, Any]]:
    """Read xls."""
    import xlrd  # type: ignore[import-untyped]

    sheets = []
    options = {"logfile": io.StringIO(), "on_demand": True, "formatting_info": True}
    with xlrd.open_workbook(file_contents=content, **options) as book:
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            scanning.check_size(sheet.nrows, sheet.ncols, cells, columns)
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
    width = max(map(len, rows), default=0)
    within = [
        [max(a, top), max(b, left), min(c, top + len(rows) - 1), min(d, left + width - 1)]
        for a, b, c, d in merged
    ]
    covered = sum(max(0, c - a + 1) * max(0, d - b + 1) for a, b, c, d in within)
    if covered > len(rows) * width:
        raise scanning.Refusal("ingest_broken", {"reason": f"{name[:40]}: merged cells overlap"})
    return {
        "name": name, "rows": rows, "top": top, "left": left, "merged": merged, "hidden": hidden,
    }  # fmt: skip


def _cell(value: object) -> Any:
    if value == "" or value is None:
        return None
    if isinstance(value, datetime.datetime | datetime.date):
        return {"date": value.isoformat()[:10]}
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


if __name__ == "__main__":
    main()
