"""Read a text file as a table: which encoding, which delimiter."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

from territory.evidence.ingest.workbook import Sheet, bounded, too_big
from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.evidence.ingest.workbook import Cell, Limits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (";", "\t", ",", "|", "^", "~", ":")


def read_text(content: bytes, label: str, limits: Limits) -> tuple[Sheet, str, str]:
    """Return the cells of a text file, its encoding and its delimiter.

    Raises
    ------
    DataError
        When a quotation mark never closes, or the table is too big.
    """
    text, encoding = _decoded(content)
    lines = text.splitlines()
    said = lines[0].strip().strip('"').lower() if lines else ""
    if said.startswith("sep=") and len(said) == 5:
        delimiter = said[4]
        text = "\n".join(lines[1:])
        skipped = 1
    else:
        delimiter, skipped = _delimiter(lines), 0
    rows = list(_rows(text, delimiter, label, limits))
    return Sheet("", rows, top=skipped), encoding, delimiter


def _decoded(content: bytes) -> tuple[str, str]:
    """Decode by the byte-order mark, as UTF-8, or as what western Windows writes."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _delimiter(lines: list[str]) -> str:
    """Return the delimiter by which most lines have the same number of cells, more than one."""
    sample = [line for line in lines[:400] if line.strip()][:200]
    best, score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter))
        except csv.Error:
            continue
        widths.pop(1, None)
        if widths:
            width, lines_alike = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
            if (lines_alike, width) > score:
                best, score = delimiter, (lines_alike, width)
    return best


def _rows(text: str, delimiter: str, label: str, limits: Limits) -> Iterator[list[Cell]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    cells = 0
    try:
        for row in reader:
            cells += len(row)
            if len(row) > limits.columns or cells > limits.cells:
                raise too_big(label, f"{len(row):,} × {reader.line_num:,}", limits)
            yield [bounded(cell) for cell in row]
    except csv.Error as error:
        fault = Fault("ingest_bad_line", file=label, row=reader.line_num, reason=error)
        raise DataError(fault) from None
