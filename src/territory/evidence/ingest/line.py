"""One row of a table, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from territory.evidence.gazetteer import Match


@dataclass
class Line:
    """One row of the table.

    Parameters
    ----------
    row
        Its position in the sheet; `number` is the one that a spreadsheet shows.
    kind
        ``data``, ``ignored``, ``totals``, ``sections``, ``headings`` or ``notes``.
    place, above, code, above_code
        What it says about where.
    area
        Code of the area above it, where that is known; of a total, what it is the total
        of: an area, ``*`` for everything, None where only the sums can tell.
    sure
        Whether a total says that it is one; else only its sum can show it.
    match
        The unit of a row of data, or why there is none.
    """

    row: int
    kind: str
    number: int = 0
    place: str = ""
    above: str = ""
    code: str = ""
    above_code: str = ""
    area: str | None = None
    sure: bool = True
    match: Match | None = None
