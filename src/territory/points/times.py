"""A column of dates to days, months or years."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Lengths of period, and numpy's letter for each.
LENGTHS = {"day": "D", "month": "M", "year": "Y"}
# A year, a month or a day; behind a day may stand a time, of which only the first sign is read.
_ISO = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:(?<=-\d\d-\d\d)[T ])?")
_WRITTEN = {"D": 10, "M": 7, "Y": 4}
_FIRST, _LAST = np.datetime64("1900-01-01"), np.datetime64("2100-12-31")


def periods(column: Any, *, by: str, date_format: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the period of each cell, and which cells hold something that is no date.

    A time of day is left out; a time with an offset counts on the day that is written, a
    timestamp with a time zone on the day in that zone.

    Parameters
    ----------
    column
        An Arrow column: dates, timestamps, whole numbers (years) or text.
    by
        ``day``, ``month`` or ``year``.
    date_format
        How texts are written that are not ISO.

    Returns
    -------
    period
        numpy datetimes of that length; not a time where there is no date of 1900 to 2100, or
        none that fine.
    unreadable
        True where there is none although the cell is not empty.
    """
    import pyarrow as pa

    letter = LENGTHS[by]
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        days = _stamped(column).astype("datetime64[D]")
        found = np.where(_known(days), days, np.datetime64("NaT")).astype(f"datetime64[{letter}]")
    else:
        found = _from_text(column, letter, date_format)
    given = ~column.is_null().to_numpy(zero_copy_only=False)
    return found, np.isnat(found) & given


def demand_format(date_format: str | None, *, by: str) -> None:
    """Refuse a form of dates that means nothing, or says less than is counted by.

    Raises
    ------
    DataError
        When a date written in it does not come back with its year, and month, and day.
    """
    if not date_format:
        return
    day = datetime.datetime(2011, 3, 9)  # noqa: DTZ001 - a date, no moment
    try:
        read = datetime.datetime.strptime(day.strftime(date_format), date_format)  # noqa: DTZ007
    except ValueError:
        read = None
    kept = 1 + list(reversed(LENGTHS)).index(by)
    if read is None or read.tzinfo or read.timetuple()[:kept] != day.timetuple()[:kept]:
        raise DataError(Fault("points_bad_format", value=date_format, by=by))


def _stamped(column: Any) -> np.ndarray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type) and column.type.tz:
        column = pc.local_timestamp(column)
    return np.asarray(column.to_numpy())


def _from_text(column: Any, letter: str, date_format: str | None) -> np.ndarray:
    """Read each different text once: a file of any size has few days."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    if not date_format:
        text = pc.utf8_slice_codeunits(text, 0, 11)
    encoded = text.combine_chunks().dictionary_encode()
    written = encoded.dictionary.to_pylist()
    days = _by_format(written, date_format) if date_format else _iso(written, letter)
    known = np.where(_known(days), days, np.datetime64("NaT")).astype(f"datetime64[{letter}]")
    # One more entry, for empty cells, whose index becomes the last.
    known = np.append(known, np.datetime64("NaT"))
    return np.asarray(known[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)])


def _iso(written: Iterable[str], letter: str) -> np.ndarray:
    return np.array([_day(text, letter) for text in written], dtype="datetime64[D]")


def _day(text: str, letter: str) -> datetime.date | None:
    match = _ISO.fullmatch(text)
    if not match or len(match[1]) < _WRITTEN[letter]:
        return None
    try:
        return datetime.date.fromisoformat((match[1] + "-01-01")[:10])
    except ValueError:
        return None


def _by_format(written: list[str], date_format: str) -> np.ndarray:
    import pandas as pd

    read = pd.to_datetime(pd.Series(written, dtype=object), format=date_format, errors="coerce")
    return read.to_numpy(dtype="datetime64[s]").astype("datetime64[D]")


def _known(days: np.ndarray) -> np.ndarray:
    return np.asarray((days >= _FIRST) & (days <= _LAST))
