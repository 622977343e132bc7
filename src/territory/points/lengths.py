"""Lengths of period, each by its first day, and how a period is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datetime

#: Lengths that can be counted by, and how many signs of an ISO date say one.
LENGTHS = {"day": 10, "week": 10, "month": 7, "quarter": 7, "year": 4}
_LETTERS = {"day": "D", "month": "M", "year": "Y"}
# The first day of numpy's calendar is a Thursday.
_THURSDAY = 3


def starts(days: np.ndarray, *, by: str) -> np.ndarray:
    """Return the first day of the period of each day; weeks begin on Monday, as in ISO 8601.

    Parameters
    ----------
    days
        numpy datetimes; what is not a time stays so.
    by
        A name in `LENGTHS`.
    """
    if by == "week":
        numbers = days.astype("datetime64[D]").astype(np.int64)
        back = np.where(np.isnat(days), 0, (numbers + _THURSDAY) % 7)
        return np.asarray(days - back.astype("timedelta64[D]"))
    if by == "quarter":
        months = days.astype("datetime64[M]")
        back = np.where(np.isnat(days), 0, months.astype(np.int64) % 3)
        return np.asarray((months - back.astype("timedelta64[M]")).astype("datetime64[D]"))
    return days.astype(f"datetime64[{_LETTERS[by]}]").astype("datetime64[D]")


def written(first_days: np.ndarray, *, by: str) -> np.ndarray:
    """Return periods as texts that sort in their order.

    ``2012-03-09``, ``2012-W10`` (the week of the year that ISO 8601 counts it to), ``2012-03``,
    ``2012-Q1``, ``2012``.

    Parameters
    ----------
    first_days
        numpy datetimes.
    by
        A name in `LENGTHS`.
    """
    days = first_days.astype("datetime64[D]")
    if by in _LETTERS:
        return np.datetime_as_string(days.astype(f"datetime64[{_LETTERS[by]}]")).astype(object)
    # A period comes once for each unit; there are few different ones.
    distinct, places = np.unique(days, return_inverse=True)
    name = _week if by == "week" else _quarter
    return np.array([name(day) for day in distinct.tolist()], dtype=object)[places]


def _week(day: datetime.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _quarter(day: datetime.date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"
