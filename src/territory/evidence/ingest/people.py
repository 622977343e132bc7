"""Find the columns of a list that hold personal data, so that nobody stores them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.evidence.ingest.headings import Column
    from territory.evidence.ingest.layout import Layout

#: What gives a document, an address or a person away, whatever the heading says.
_SIGNS = {
    "document": re.compile(r"\d{8}-?\d|\d{4}-\d{6}-\d{3}-\d|[A-Z]{1,2}\d{6,8}"),
    "telephone": re.compile(r"(?:\+?503[ -]?)?[267]\d{3}[ -]\d{4}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.\w+"),
    "address": re.compile(
        r"(?i).*\b(col(?:onia)?\.?|calle|pasaje|psje\.?|casa|block|ave?\.?|avenida|street|apt)\b.*\d.*"
    ),
}
_TAKEN = ("place", "place_code", "above", "above_code", "date", "year", "month", "period", "cell",
          "count", "total", "outcome", "institution")  # fmt: skip


def personal_columns(layout: Layout) -> Iterator[tuple[Column, str]]:
    """Yield each column with personal data and how it was known: ``heading`` or a kind of content.

    No value of such a column is kept or shown anywhere.
    """
    for column in layout.columns:
        if column.role == "person" or (column.role == "name" and layout.shape == "cases"):
            yield column, "heading"
        elif column.role not in _TAKEN:
            kind = _content(layout, column)
            if kind:
                yield column, kind


def _content(layout: Layout, column: Column) -> str:
    """Return the kind of personal data that most cells of a column look like, or an empty text."""
    rows = layout.sheet.rows[layout.first : layout.first + 300]
    cells = [row[column.position] for row in rows if column.position < len(row)]
    texts = [str(cell).strip() for cell in cells if cell is not None]
    if len(texts) < 2:
        return ""
    for kind, sign in _SIGNS.items():
        if sum(sign.fullmatch(text) is not None for text in texts) > len(texts) / 2:
            return kind
    return "name" if layout.shape == "cases" and _are_names(texts) else ""


def _are_names(texts: list[str]) -> bool:
    """Tell whether texts look like names of people: two to six words, hardly one twice."""
    worded = [2 <= len(fold(t).split()) <= 6 and not re.search(r"\d", t) for t in texts]
    return sum(worded) > 0.8 * len(texts) and len(set(texts)) > 0.8 * len(texts)
