"""A column of dates to the days that they are, and which cells hold none."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.evidence.schema import DataError, Fault
from territory.points.cells import MISSING, texts
from territory.points.lengths import LENGTHS, starts

if TYPE_CHECKING:
    from collections.abc import Iterable

# A year, a month or a day; behind a day may stand a time, of which only the first sign is read.
_ISO = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:(?<=-\d\d-\d\d)[T ])?")
_FIRST, _LAST = np.datetime64("1900-01-01"), np.datetime64("2100-12-31")


def periods(
    column: Any, *, name: str, by: str, date_format: str | None, time_zone: str | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the period of each cell, and which cells hold something that is no date.

    A time of day is left out; a time with an offset counts on the day that is written, a
    timestamp with a time zone on the day in that zone; both in `time_zone`, where one is said.

    Parameters
    ----------
    column
        An Arrow column: dates, timestamps, whole numbers (years) or text.
    name
        How messages call it.
    by
        A name in `territory.points.lengths.LENGTHS`.
    date_format
        How texts are written that are not ISO.
    time_zone
        A name of the IANA database; times without an offset stay as they are.

    Returns
    -------
    period
        First day of each period; not a time where there is no date of 1900 to 2100, or none that
        fine.
    unreadable
        True where there is none although the cell is not empty.
    """
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        days = _known(_stamped(column, name, time_zone).astype("datetime64[D]"))
        given = ~column.is_null().to_numpy(zero_copy_only=False)
    else:
        days, given = _from_text(texts(column, name), by, date_format, time_zone)
    return starts(days, by=by), np.isnat(days) & given


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
    kept = {4: 1, 7: 2, 10: 3}[LENGTHS[by]]
    if read is None or read.tzinfo or read.timetuple()[:kept] != day.timetuple()[:kept]:
        raise DataError(Fault("points_bad_format", value=date_format, by=by))


def demand_zone(time_zone: str | None) -> None:
    """Refuse a time zone that is not known.

    Raises
    ------
    DataError
        With its name.
    """
    try:
        zoneinfo.ZoneInfo(time_zone or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise DataError(Fault("points_bad_zone", value=time_zone)) from None


def _stamped(column: Any, name: str, time_zone: str | None) -> np.ndarray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type) and column.type.tz:
        zone = time_zone or column.type.tz
        try:
            column = pc.local_timestamp(column.cast(pa.timestamp(column.type.unit, zone)))
        except pa.ArrowInvalid:
            # The zones that Arrow knows are those of the machine.
            raise DataError(Fault("points_no_zone", column=name, value=zone)) from None
    return np.asarray(column.to_numpy())


def _from_text(
    text: Any, by: str, date_format: str | None, time_zone: str | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the day of each text, and which are not empty; each different one is read once."""
    import pyarrow.compute as pc

    if not (date_format or time_zone):
        # A file of any size has few days.
        text = pc.utf8_slice_codeunits(text, 0, 11)
    encoded = text.combine_chunks().dictionary_encode()
    written = encoded.dictionary.to_pylist()
    days = _by_format(written, date_format) if date_format else _iso(written, by, time_zone)
    filled = np.array([cell.strip() not in MISSING for cell in written], dtype=bool)
    # One more entry, for empty cells, whose index becomes the last.
    known = np.append(_known(days), np.datetime64("NaT"))
    index = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return known[index], np.append(filled, False)[index]


def _iso(written: Iterable[str], by: str, time_zone: str | None) -> np.ndarray:
    zone = zoneinfo.ZoneInfo(time_zone) if time_zone else None
    days = [_day(_moved(text, zone)[:11], LENGTHS[by]) for text in written]
    return np.array(days, dtype="datetime64[D]")


def _moved(text: str, zone: zoneinfo.ZoneInfo | None) -> str:
    """Return a time with an offset as the time that it is in a zone; any other text as it is."""
    if zone is None or len(text) <= LENGTHS["day"]:
        return text
    try:
        moment = datetime.datetime.fromisoformat(text)
        return moment.astimezone(zone).isoformat() if moment.tzinfo else text
    except (ValueError, OverflowError):
        return text


def _day(text: str, written: int) -> datetime.date | None:
    match = _ISO.fullmatch(text)
    if not match or len(match[1]) < written:
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
    return np.where((days >= _FIRST) & (days <= _LAST), days, np.datetime64("NaT"))
