"""What a title, a note or a name of a file says about the time that a table covers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from territory.evidence.vocabulary import fold, holds, months, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

_LAST = 12
_SHORT = 4  # letters of an abbreviation, at most


@dataclass(frozen=True)
class Said:
    """A month that a text names.

    Parameters
    ----------
    month, year
        The year is None where it does not stand beside the month.
    until
        Whether the text goes up to it: ``a junio``, ``al 30 de junio``.
    dated
        Whether a day stands before it, as in the date of a letter.
    """

    month: int
    year: int | None
    until: bool
    dated: bool


def part_of_year(text: str, years: Iterable[int] = ()) -> bool:
    """Tell whether a text speaks of more than a month and less than a year.

    ``primer semestre``, ``ene-jun 2013``, ``al 30 de junio``; not ``enero a diciembre``, and
    not a day or a month of a year that is none of `years`, where these are known.
    """
    folded = fold(text)
    if any(holds(folded, word) for word in vocabulary("spans")["words"]):
        return True
    counted = set(years)
    said = [s for s in _months(folded) if not counted or s.year is None or s.year in counted]
    different = list(dict.fromkeys((s.year, s.month) for s in said))
    if len(different) > 1:
        return (said[0].month, said[-1].month) != (1, _LAST)
    return any(s.until and s.month != _LAST for s in said)


def month_of(text: str, year: int) -> int | None:
    """Return the one month of a year that a text is about: ``homicidios enero 2012``."""
    said = {s.month for s in _months(fold(text)) if s.year in (None, year) and not s.dated}
    return said.pop() if len(said) == 1 else None


def _months(folded: str) -> list[Said]:
    """Return the months that a text names, in its order; a short name only beside a year or month.

    ``julio a diciembre 2012`` says the year of both.
    """
    words = [word for word in folded.split() if word not in ("de", "del", "of", "el", "the")]
    found: list[Said] = []
    for i in range(len(words)):
        said = _month_at(words, i)
        if said is not None:
            found.append(said)
    for one in (range(len(found) - 2, -1, -1), range(1, len(found))):
        for i in one:
            beside = found[i + 1] if one.step < 0 else found[i - 1]
            found[i] = found[i] if found[i].year else replace(found[i], year=beside.year)
    return found


def _month_at(words: list[str], i: int) -> Said | None:
    word, names = words[i], months()
    before, after = words[max(0, i - 2) : i], words[i + 1 : i + 2]
    beside = [*after, *before[-1:]]
    year = next((int(near) for near in beside if re.fullmatch("(19|20)[0-9]{2}", near)), None)
    dated = bool(before) and re.fullmatch("[0-9]{1,2}", before[-1]) is not None
    if dated and year and re.fullmatch("0?[1-9]|1[0-2]", word):
        month = int(word)  # 30/06/2013
    elif word in names and (
        len(word) > _SHORT or word in _FULL or year or dated or any(w in names for w in beside)
    ):
        month = names[word]
    else:
        return None
    lead = before[:-1] if dated else before
    return Said(month, year, bool(lead) and lead[-1] in vocabulary("spans")["until"], dated)


#: Full names as short as an abbreviation. English "may" is left out: it is a verb too.
_FULL = ("mayo", "june", "july")
