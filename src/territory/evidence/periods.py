"""Periods and windows: ``2011``, ``2011-03``, ``2012-03:2013-12``, ``2012-03-09:2012-03-22``."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

import pandas as pd

from territory.evidence.schema import DataError, Fault
from territory.text import date

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Window:
    """A span of days, both ends included.

    Parameters
    ----------
    first, last
        First and last day.
    text
        The ISO form that it was written in.
    """

    first: datetime.date
    last: datetime.date
    text: str

    @classmethod
    def parse(cls, text: str, *, argument: str = "window") -> Window:
        """Read ``2011``, ``2011-03`` or two such dates joined by a colon, both included.

        Raises
        ------
        DataError
            When the text is no such date, or ends before it starts.
        """
        start, colon, end = str(text).strip().partition(":")
        first = _edges(start, argument, text)
        last = _edges(end, argument, text) if colon else first
        if last[1] < first[0]:
            raise DataError(
                Fault("inverted_window", argument=argument, value=text, fix=f"{end}:{start}")
            )
        return cls(first[0], last[1], f"{start}:{end}" if colon and start != end else start)

    @classmethod
    def of(cls, first: datetime.date, last: datetime.date) -> Window:
        """Return the window between two days, written as shortly as can be."""
        size = 10
        if first.day == 1 and last.day == _month_end(last):
            size = 4 if (first.month, last.month) == (1, 12) else 7
        start, end = first.isoformat()[:size], last.isoformat()[:size]
        return cls(first, last, start if start == end else f"{start}:{end}")

    def inside(self, first: Window, last: Window) -> Window:
        """Return the part of the window from one period to another; if none, the nearer of the two."""
        if self.last < first.first:
            return first
        if self.first > last.last:
            return last
        return Window.of(max(self.first, first.first), min(self.last, last.last))

    def apart(self, later: Window) -> tuple[Window, Window]:
        """Return this window and a later one that overlaps it, changed as little as parts them.

        The later one loses what they share; one that has nothing else takes it from this one;
        where this has nothing else either, the later one moves on by its length.
        """
        day = datetime.timedelta(days=1)
        if later.last > self.last:
            return self, Window.of(self.last + day, later.last)
        if later.first > self.first:
            return Window.of(self.first, later.first - day), later
        first = self.last + day
        last = first + datetime.timedelta(days=later.days) - day
        if later._precision() == 0 and first.month == first.day == 1:
            last = datetime.date(first.year + len(later.years) - 1, 12, 31)
        return self, Window.of(first, last)

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    @property
    def years(self) -> list[int]:
        """Calendar years touched."""
        return list(range(self.first.year, self.last.year + 1))

    def days_in(self, year: int) -> int:
        """Return how many days fall into a calendar year."""
        first = max(self.first, datetime.date(year, 1, 1))
        last = min(self.last, datetime.date(year, 12, 31))
        return max((last - first).days + 1, 0)

    def season(self) -> list[float]:
        """Return the share of the days that fall into each of the twelve months of the year."""
        days = pd.date_range(self.first, self.last).month.value_counts()
        return [float(days.get(month, 0)) / self.days for month in range(1, 13)]

    def overlaps(self, other: Window) -> bool:
        """Tell whether the two windows share a day."""
        return self.first <= other.last and other.first <= self.last

    def periods(self, freq: str) -> pd.PeriodIndex:
        """Return the periods of frequency `freq` (``Y`` or ``M``) that make up the window.

        Raises
        ------
        DataError
            When the window begins or ends inside such a period.
        """
        index = pd.period_range(self.first, self.last, freq=freq)
        if index[0].start_time.date() != self.first or index[-1].end_time.date() != self.last:
            raise DataError(
                Fault("window_cuts_period", value=self.text, fix=_joined(index), freq=freq)
            )
        return index

    def label(self, lang: str) -> str:
        """Write the window as a reader would: ``2010–2011``, ``mar 2012–dic 2013``."""
        precision = ("year", "month", "short")[self._precision()]
        start, end = (
            date(self.first, lang, precision=precision),
            date(self.last, lang, precision=precision),
        )
        return start if start == end else f"{start}–{end}"

    def _precision(self) -> int:
        if self.first.day != 1 or self.last.day != _month_end(self.last):
            return 2
        return 0 if self.first.month == 1 and self.last.month == 12 else 1

    def __str__(self) -> str:
        return self.text


def period_index(column: pd.Series, *, file: str) -> pd.PeriodIndex:
    """Turn a column of ISO years, months or days into periods of one frequency.

    Raises
    ------
    DataError
        When a cell is no period, or years and months are mixed.
    """
    text = column.astype(str)
    freq = {4: "Y", 7: "M", 10: "D"}.get(int(text.str.len().max()))
    good = text.str.fullmatch(_PARTIAL_DATE) & text.str[:4].isin([str(y) for y in _YEARS])
    faults = []
    if not good.all():
        rows = [i + 2 for i, fine in enumerate(good) if not fine]
        faults.append(
            Fault(
                "bad_values",
                file=file,
                column="period",
                rows=", ".join(map(str, rows[:5])),
                value=text[~good].iloc[0],
                allowed="2011, 2011-03",
            )
        )
    elif len(set(text.str.len())) > 1:
        faults.append(Fault("mixed_periods", file=file))
    if faults:
        raise DataError(*faults)
    # A period is dear to make; a column has few different ones.
    codes, distinct = pd.factorize(text)
    return pd.PeriodIndex(distinct, freq=freq).take(codes)


def _edges(text: str, argument: str, whole: str) -> tuple[datetime.date, datetime.date]:
    match = _PARTIAL_DATE.fullmatch(text.strip())
    year, month, day = (int(g) if g else 0 for g in match.groups()) if match else (0, 0, 0)
    try:
        if year not in _YEARS:
            raise ValueError  # one way out for every kind of wrong date
        first = datetime.date(year, month or 1, day or 1)
    except ValueError:
        raise DataError(Fault("bad_window", argument=argument, value=whole)) from None
    if day:
        return first, first
    return first, _month_end_date(year, month or 12)


def _month_end(day: datetime.date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _month_end_date(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def _joined(index: pd.PeriodIndex) -> str:
    return str(index[0]) if len(index) == 1 else f"{index[0]}:{index[-1]}"
