"""Read years, months and days as people write them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.evidence.ingest.marks import unmarked
from territory.evidence.vocabulary import fold, holds, months, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from territory.evidence.ingest.workbook import Cell

YEARS = range(1900, 2101)
_DAY_ZERO = datetime.date(1899, 12, 30)
_SERIALS = range(18_264, 73_416)  # 1950 to 2100, as a spreadsheet counts days
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_PAIR = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ,].*)?")
_NEGATIVE = re.compile(r"[-\u2212]\s*\d")
_MANY = 3
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{4})")


@dataclass(frozen=True)
class Span:
    """A year, a month, or a month of a year, and the words that stood beside it."""

    year: int | None = None
    month: int | None = None
    rest: str = ""


def read_span(cell: Cell) -> Span | None:
    """Read a heading or a cell as a year, a month or both: ``2011``, ``ene-11``, ``03/2011``.

    Returns None where it names no single one.
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, datetime.date):
        return Span(cell.year, cell.month) if cell.year in YEARS else None
    if isinstance(cell, int | float):
        return _span_of_number(cell)
    text, _ = unmarked(str(cell))
    folded = fold(text)
    other = any(holds(folded, word) for word in vocabulary("spans")["words"])
    if other or _NEGATIVE.match(text.strip()):
        return None
    if pair := _YEAR_MONTH.fullmatch(text):
        year, month = int(pair[1] or pair[4]), int(pair[2] or pair[3])
        return Span(year, month) if year in YEARS and 1 <= month <= 12 else None
    return _span_of_words(re.findall(r"[^\W\d]+|\d+|[^\w\s]+", folded))


def _span_of_number(number: float) -> Span | None:
    if not 0 <= number < 1e6 or number != int(number):
        return None
    year, month = divmod(int(number), 100)
    if year in YEARS and 1 <= month <= 12:
        return Span(year, month)
    return Span(int(number)) if int(number) in YEARS else None


def _span_of_words(words: list[str]) -> Span | None:
    names = [months()[word] for word in words if word in months()]
    numbers = [word for word in words if word.isdecimal()]
    years = [int(word) for word in numbers if len(word) == 4 and int(word) in YEARS]
    short = [word for word in numbers if len(word) == 2]
    if names and not years and len(short) == 1:
        years = [_century(int(short[0]))]
        numbers.remove(short[0])
    if len(names) > 1 or len(years) > 1 or not (names or years):
        return None
    taken = {str(year) for year in years} | set(short if names else ())
    rest = " ".join(word for word in words if word not in months() and word not in taken)
    return Span(years[0] if years else None, names[0] if names else None, rest)


def _century(year: int) -> int:
    return year + (2000 if year < 50 else 1900)


def read_month(cell: Cell) -> int | None:
    """Read a cell as a month: a name, an abbreviation, or a number from 1 to 12."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell if 1 <= cell <= 12 else None
    words = re.findall(r"[^\W\d]+|\d+", fold(str(cell)))
    named = {months()[word] for word in words if word in months()}
    if len(named) == 1:
        return named.pop()
    if len(words) == 1 and re.fullmatch(r"0?[1-9]|1[0-2]", words[0], re.ASCII):
        return int(words[0])
    return None


@dataclass(frozen=True)
class Day:
    """A day or a month, before it is known whether the day or the month comes first.

    Parameters
    ----------
    year, month, day
        What is known; `day` is None where only the month is given.
    style
        How it was written: ``date``, ``iso``, ``numbers``, ``words``, ``serial``, ``month``.
    swapped
        Whether day and month may be the other way round.
    short
        Whether the year had two digits.
    """

    year: int
    month: int
    day: int | None
    style: str
    swapped: bool = False
    short: bool = False


def read_day(cell: Cell) -> Day | None:
    """Read a cell as a day, or None where it is none. A day and month in doubt stay as written."""
    if isinstance(cell, datetime.date):
        return Day(cell.year, cell.month, cell.day, "date")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _day_of_number(int(cell)) if 0 <= cell < 1e9 else None
    text = str(cell or "").strip()
    if text.isdecimal():
        return _day_of_number(int(text)) if len(text) < 10 else None
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), "iso")
    found = _PAIR.fullmatch(text)
    return _day_of_pair(*found.groups()) if found else _day_of_words(text)


def _day_of_pair(one: str, two: str, last: str) -> Day | None:
    first, second, short = int(one), int(two), len(last) == 2
    year = _century(int(last)) if short else int(last)
    if second > 12 >= first:  # only the month may come first
        return _day(year, first, second, "month_first", short=short)
    style = "day_first" if first > 12 else "numbers"
    return _day(year, second, first, style, swapped=first <= 12 and first != second, short=short)


def _day_of_number(number: int) -> Day | None:
    if number in _SERIALS:
        day = _DAY_ZERO + datetime.timedelta(days=number)
        return Day(day.year, day.month, day.day, "serial")
    text = str(number)
    return _day(int(text[:4]), int(text[4:6]), int(text[6:]), "iso") if len(text) == 8 else None


def _day_of_words(text: str) -> Day | None:
    words = re.findall(r"[^\W\d]+|\d+", fold(text))
    named = [months()[word] for word in words if word in months()]
    numbers = [word for word in words if word.isdecimal()]
    if len(named) != 1 or not 1 <= len(numbers) <= 2:
        span = read_span(text)
        return (
            Day(span.year, span.month, None, "month") if span and span.year and span.month else None
        )
    if len(numbers) == 1:
        year = int(numbers[0]) if len(numbers[0]) == 4 else _century(int(numbers[0]))
        return Day(year, named[0], None, "month", short=len(numbers[0]) == 2)
    number, year_text = numbers if len(numbers[0]) < 4 else numbers[::-1]
    short = len(year_text) == 2
    year = _century(int(year_text)) if short else int(year_text)
    return _day(year, named[0], int(number), "words", short=short)


def _day(
    year: int, month: int, day: int, style: str, *, swapped: bool = False, short: bool = False
) -> Day | None:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return None
    return Day(year, month, day, style, swapped=swapped, short=short)


@dataclass(frozen=True)
class Days:
    """A column of days, with what had to be decided about all of them.

    Parameters
    ----------
    days
        One for each cell; None where it is no day.
    order
        ``dmy`` or ``mdy``: which came first in days written as numbers; empty where
        none was in doubt.
    proven
        Whether a day above 12 shows the order.
    contradicted
        Whether days above 12 stand in both places, so that the order shows nothing.
    mixed
        Whether days in doubt stand among three ways of writing or more: a column put
        together from several sources, in which the days above 12 prove nothing of the others.
    styles
        How the days were written.
    """

    days: list[Day | None]
    order: str
    proven: bool
    contradicted: bool
    mixed: bool
    styles: tuple[str, ...]


def read_days(cells: Iterable[Cell], *, order: str | None = None) -> Days:
    """Read a column of days; the days above 12 tell how the others are written.

    Parameters
    ----------
    cells
        What the column holds.
    order
        ``dmy`` or ``mdy``, where a person has said so; else ``dmy`` unless proven otherwise.
    """
    days = [read_day(cell) for cell in cells]
    styles = {day.style for day in days if day}
    day_first, month_first = "day_first" in styles, "month_first" in styles
    doubtful = any(day.swapped for day in days if day)
    found = order or ("mdy" if month_first and not day_first else "dmy")
    if found == "mdy":
        days = [_turned(day) if day and day.swapped else day for day in days]
    families = tuple(sorted({_family(style) for style in styles}))
    return Days(
        days,
        order=found if doubtful else "",
        proven=day_first != month_first,
        contradicted=doubtful and order is None and day_first and month_first,
        mixed=doubtful and order is None and len(families) >= _MANY,
        styles=families,
    )


def _turned(day: Day) -> Day:
    assert day.day is not None  # noqa: S101 - only a day can be turned
    return Day(day.year, day.day, day.month, day.style, short=day.short)


def _family(style: str) -> str:
    return "numbers" if style in ("day_first", "month_first") else style
