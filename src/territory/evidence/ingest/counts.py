"""Read a cell as a count: ``1,234``, ``1.234``, ``-``, ``s/d``, ``12*``."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass

from territory.evidence.ingest.marks import unmarked
from territory.evidence.ingest.workbook import Cell, CellError
from territory.evidence.vocabulary import fold, vocabulary

#: More than any place counts in a period; what is above it is a document or a telephone number.
LARGEST = 10_000_000

_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+|[+-]?[1-9]\d{0,2}(?:,\d{3})+")
_DECIMALS = re.compile(r"([+-]?\d+(?:[.,]\d{3})*)[.,](\d+)")
_PROVISIONAL = re.compile(r"(.*\d)\s*(?:\((\w+)\)|\s(\w+)\.?)")


@dataclass(frozen=True)
class Count:
    """What a cell says.

    Parameters
    ----------
    value
        The count; None for no data, and for what is no count.
    kind
        ``number``; ``blank``, ``dash`` or ``missing`` (no data in three ways);
        ``negative``, ``fraction``, ``formula``, ``huge`` or ``not_count`` (a fault).
    marks
        What was read over: ``thousands``, ``provisional``.
    """

    value: int | None
    kind: str
    marks: tuple[str, ...] = ()

    @property
    def faulty(self) -> bool:
        """Whether the cell cannot be what it should be."""
        return self.kind in ("negative", "fraction", "formula", "huge", "not_count")


def read_count(cell: Cell, *, decimal: str | None = None) -> Count:
    """Read a cell as a count.

    Parameters
    ----------
    cell
        What the file holds there.
    decimal
        The decimal sign (``.`` or ``,``) where a person has said which; else three
        digits after a single point or comma are thousands, for counts have no parts.
    """
    if cell is None:
        return Count(None, "blank")
    if isinstance(cell, CellError):
        return Count(None, "formula")
    if isinstance(cell, bool | datetime.date):
        return Count(None, "not_count")
    if isinstance(cell, int | float):
        near = max(-1, min(cell, LARGEST + 1)) if isinstance(cell, int) else cell
        return _number(float(near), ())
    text, was_marked = unmarked(cell)
    marks = ("provisional",) if was_marked else ()
    return _text(unicodedata.normalize("NFKC", text).strip(), decimal, marks)


def _text(text: str, decimal: str | None, marks: tuple[str, ...]) -> Count:
    cells = vocabulary("cells")
    if text in cells["dashes"]:
        return Count(None, "dash")
    if text.lower() in cells["errors"]:
        return Count(None, "formula")
    if fold(text) in cells["missing"]:
        return Count(None, "missing")
    marked = _PROVISIONAL.fullmatch(text)
    if marked and all(fold(part) in cells["provisional"] for part in marked.groups()[1:] if part):
        text, marks = marked[1], ("provisional",)
    text = text.replace("−", "-").lstrip("'")
    joined = re.sub(r"(?<=\d)[\s'’´](?=\d{3}(?!\d))", "", text)
    if joined != text:
        marks = (*marks, "thousands")
    return _digits(joined.strip(), decimal, marks)


def _digits(text: str, decimal: str | None, marks: tuple[str, ...]) -> Count:
    if re.fullmatch(r"[+-]?\d+", text):
        return _number(float(text), marks)
    if _THOUSANDS.fullmatch(text) and (decimal is None or decimal not in text):
        return _number(float(re.sub(r"[.,]", "", text)), (*marks, "thousands"))
    parts = _DECIMALS.fullmatch(text)
    if parts and (decimal is None or text[-len(parts[2]) - 1] == decimal):
        whole = re.sub(r"[.,]", "", parts[1])
        return _number(float(f"{whole}.{parts[2]}"), marks)
    return Count(None, "not_count")


def _number(value: float, marks: tuple[str, ...]) -> Count:
    if value != value:  # noqa: PLR0124 - not a number
        return Count(None, "not_count")
    if value < 0:
        return Count(None, "negative")
    if value > LARGEST:
        return Count(None, "huge")
    if not value.is_integer():
        return Count(None, "fraction")
    return Count(int(value), "number", marks)
