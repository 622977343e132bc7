"""Headings that come again: on a new page of the same table, or above another table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from territory.evidence.ingest.headings import shown
from territory.evidence.schema import DataError, Fault
from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.evidence.ingest.layout import Layout
    from territory.evidence.ingest.line import Line


def repeated_titles(layout: Layout, lines: Sequence[Line], file: str) -> None:
    """Take the title above a repeated heading for a part of it.

    Raises
    ------
    DataError
        Where that title says another year than the first: then another table begins.
    """
    titles = {fold(text) for text in layout.title}
    years = _years(" ".join(layout.title))
    for line, text in _above_headings(layout, lines):
        if fold(text) in titles:
            line.kind, line.match = "headings", None
        elif _years(text) - years and years:
            number = layout.sheet.number(line.row)
            raise DataError(Fault("ingest_second_table", file=file, row=number, value=text))


def _above_headings(layout: Layout, lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Yield each row of one text that stands right above a repeated heading."""
    for i, line in enumerate(lines):
        if line.kind != "headings":
            continue
        for above in reversed(lines[:i]):
            texts = [cell for cell in layout.sheet.rows[above.row] if cell is not None]
            if len(texts) != 1 or above.kind == "headings":
                break
            yield above, shown(texts[0])


def _years(text: str) -> set[int]:
    return {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)}
