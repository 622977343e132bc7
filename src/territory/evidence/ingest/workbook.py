"""Read a spreadsheet file as sheets of cells, without trusting it.

What the file is, is seen from its bytes, not from its name. Its size is held against
limits before anything is unpacked; workbooks are opened in a process of their own.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from territory.evidence.schema import DataError, Fault
from territory.text import printable


@dataclass(frozen=True)
class Limits:
    """How much of a file is read; what is beyond is refused before it costs anything.

    Parameters
    ----------
    file, unpacked, memory
        Bytes of the file, of its parts unpacked, and of the process that opens it.
    cells, columns, seconds
        Of all sheets together; of the widest; until the process that opens it is ended.
    """

    file: int = 50 * 2**20
    unpacked: int = 400 * 2**20
    memory: int = 1536 * 2**20
    cells: int = 3_000_000
    columns: int = 2_000
    seconds: int = 120

    def words(self) -> dict[str, str]:
        """Return what a message says about them."""
        return {
            "bytes": _size(self.file), "unpacked": _size(self.unpacked),
            "cells": f"{self.cells:,}", "columns": f"{self.columns:,}",
        }  # fmt: skip


#: For a person at their own machine.
LIMITS = Limits()
#: For a file that a visitor of a server drops on a page.
VISITOR_LIMITS = Limits(
    file=10 * 2**20, unpacked=120 * 2**20, memory=1024 * 2**20, cells=400_000, columns=500,
    seconds=40,
)  # fmt: skip
#: Longer texts are remarks; they are cut.
LONGEST = 500
_MOST_PARTS = 10_000


@dataclass(frozen=True)
class CellError:
    """A formula that failed, or was never worked out (``=``)."""

    text: str


#: What a cell may hold.
Cell = str | int | float | bool | datetime.date | CellError | None


@dataclass(frozen=True, eq=False)
class Sheet:
    """The cells of one sheet.

    Parameters
    ----------
    name
        Its name; empty for a text file.
    rows
        Cells, row by row; rows may differ in length.
    top, left
        How many empty rows and columns stand before the first cell.
    merged
        For each cell that a merged one covers, the value of that merged cell.
    """

    name: str
    rows: list[list[Cell]]
    top: int = 0
    left: int = 0
    merged: dict[tuple[int, int], Cell] = field(default_factory=dict)

    def number(self, row: int) -> int:
        """Return the number of a row as a spreadsheet shows it."""
        return self.top + row + 1


@dataclass(frozen=True, eq=False)
class Workbook:
    """A spreadsheet file as it was read.

    Parameters
    ----------
    file
        How messages call it.
    sheets
        The visible sheets that hold anything.
    hidden
        Names of hidden sheets, which are not read.
    encoding, delimiter
        How a text file was read; None for a workbook.
    """

    file: str
    sheets: list[Sheet]
    hidden: list[str] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None


def read_workbook(
    source: str | Path | bytes, *, name: str | None = None, limits: Limits = LIMITS
) -> Workbook:
    """Read a spreadsheet: xlsx, xlsm, xls, ods, or text with any delimiter.

    Parameters
    ----------
    source
        A path, or the content of a file.
    name
        How messages call the file.
    limits
        How much of it is read.

    Raises
    ------
    DataError
        When it does not exist, is empty, too big, locked, broken, or no spreadsheet.
    """
    label = printable(name or (Path(source).name if not isinstance(source, bytes) else "file"))
    content = source if isinstance(source, bytes) else _bytes(Path(source), label, limits)
    if len(content) > limits.file:
        raise too_big(label, _size(len(content)), limits)
    kind = _kind(content, label, limits)
    if kind == "text":
        from territory.evidence.ingest.delimited import read_text

        sheet, encoding, delimiter = read_text(content, label, limits)
        book = Workbook(label, [sheet], encoding=encoding, delimiter=delimiter)
    else:
        book = _opened(content, kind, label, limits)
    if not any(row for sheet in book.sheets for row in sheet.rows):
        raise DataError(Fault("ingest_empty", file=label))
    return book


def too_big(label: str, found: str, limits: Limits) -> DataError:
    """Return the error for a file that is beyond the limits."""
    return DataError(Fault("ingest_too_big", file=label, found=found, **limits.words()))


def bounded(text: str) -> str | None:
    """Return the text of a cell without spaces around it, cut where no name or count is so long."""
    return text.strip()[:LONGEST] or None


def _size(n: int) -> str:
    return f"{n / 2**20:,.0f} MB"


def _bytes(path: Path, label: str, limits: Limits) -> bytes:
    # Neither a folder nor a pipe or a device, which may have no end; os.path asks and never fails.
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
        raise DataError(Fault("ingest_no_plain_file", file=label))
    try:
        with path.open("rb") as stream:
            content = stream.read(limits.file + 1)
    except FileNotFoundError:
        raise DataError(Fault("ingest_no_file", file=label)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(Fault("ingest_unreadable", file=label, reason=reason)) from None
    if len(content) > limits.file:
        raise too_big(label, _size(max(len(content), path.stat().st_size)), limits)
    return content


def _kind(content: bytes, label: str, limits: Limits) -> str:
    """Tell what a file is from its first bytes, and refuse what cannot be read."""
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise DataError(Fault("ingest_empty", file=label))
    if content.startswith(b"PK"):
        return _zipped(content, label, limits)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise DataError(Fault("ingest_locked", file=label))
        return "xls"
    start = _plain(content[:1024])
    # Ministries' systems write web pages and call them xls.
    if re.match(r"<[a-z!?/]|mime-version:", start):
        raise DataError(Fault("ingest_web_page", file=label))
    foreign = r"%pdf|.png\r|\xff\xd8\xff|\{\\rtf|rar!|7z\xbc|\x1f\x8b|sqlite format|[{\[]\s*[{\[\"]"
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if re.match(foreign, start) or (b"\x00" in content[:4096] and not utf16):
        raise DataError(Fault("ingest_not_a_spreadsheet", file=label))
    return "text"


def _plain(start: bytes) -> str:
    """Return the first letters of a file in small ones, whatever its encoding."""
    utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = start.decode("utf-16" if utf16 else "latin-1", "replace")
    return text.removeprefix("ï»¿").lstrip(" \t\r\n").lower()


def _zipped(content: bytes, label: str, limits: Limits) -> str:
    """Tell the kind of a zip archive, after its unpacked size was found to be bearable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > limits.unpacked:
                raise too_big(label, _size(unpacked), limits)
            if len(entries) > _MOST_PARTS or any(
                entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
                for entry in entries
            ):  # which no program writes
                raise DataError(Fault("ingest_not_a_spreadsheet", file=label))
            if any(entry.flag_bits & 1 for entry in entries):
                raise DataError(Fault("ingest_locked", file=label))
            _unpack_once(archive, entries)
            manifest = "META-INF/manifest.xml"
            if manifest in names and b"encryption-data" in archive.read(manifest):
                raise DataError(Fault("ingest_locked", file=label))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise DataError(Fault("ingest_broken", file=label, reason=str(error)[:120])) from None
    for part, kind in (("xl/workbook.xml", "xlsx"), ("content.xml", "ods")):
        if part in names:
            return kind
    raise DataError(Fault("ingest_not_a_spreadsheet", file=label))


def _unpack_once(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpack every part to nowhere: what is longer than the directory says fails its checksum."""
    for entry in entries:
        with archive.open(entry) as stream:
            while stream.read(2**20):
                pass


def _opened(content: bytes, kind: str, label: str, limits: Limits) -> Workbook:
    worker = Path(__file__).with_name("worker.py")
    told = [str(limit) for limit in (limits.cells, limits.columns, limits.memory, LONGEST)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the file goes in as bytes
            [sys.executable, "-I", str(worker), kind, *told],
            input=content, capture_output=True, timeout=limits.seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise too_big(label, f"> {limits.seconds} s", limits) from None
    if done.returncode:
        # The only ways out without an answer: killed by the limit of memory or of time.
        raise too_big(label, f"> {_size(limits.memory)}", limits)
    answer = json.loads(done.stdout)
    if (key := answer.pop("fault", None)) is not None:
        raise DataError(Fault(key, file=label, **answer | limits.words()))
    sheets = [_sheet(entry) for entry in answer["sheets"] if not entry["hidden"]]
    hidden = [entry["name"] for entry in answer["sheets"] if entry["hidden"] and entry["rows"]]
    return Workbook(label, [sheet for sheet in sheets if sheet.rows], hidden)


def _sheet(entry: dict[str, Any]) -> Sheet:
    rows = [[_cell(value) for value in row] for row in entry["rows"]]
    top, left = entry["top"], entry["left"]
    merged: dict[tuple[int, int], Cell] = {}
    for first, start, last, end in entry["merged"]:
        if not (0 <= first - top < len(rows) and 0 <= start - left < len(rows[first - top])):
            continue
        value = rows[first - top][start - left]
        for row in range(first - top, min(last - top, len(rows) - 1) + 1):
            for column in range(start - left, min(end - left, len(rows[row]) - 1) + 1):
                merged[row, column] = value
    return Sheet(entry["name"], rows, top, left, merged)


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        if "error" in value:
            return CellError(str(value["error"]))
        return datetime.date.fromisoformat(value["date"])
    if isinstance(value, str):
        return bounded(value)
    return value  # type: ignore[no-any-return]
