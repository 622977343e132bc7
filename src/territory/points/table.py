"""The table of counts as a file: which columns, which zeros, CSV or Parquet."""

from __future__ import annotations

import errno
import math
import os
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault
from territory.evidence.writing import write_whole
from territory.points.lengths import starts, written
from territory.text import harmless

if TYPE_CHECKING:
    from pathlib import Path

    from territory.points.aggregating import Aggregate

_ENDINGS = (".csv", ".parquet")
_MAX_CELLS = 20_000_000
_DAY_ONE, _DAY_LAST = "1900-01-01", "2101-01-01"


def periods_written(days: np.ndarray, *, by: str) -> np.ndarray:
    """Return periods, given as days since 1970, as texts; ``total`` where all are one."""
    if by == "total":
        return np.full(len(days), "total", dtype=object)
    return written(days.astype("datetime64[D]"), by=by)


def with_zeros(result: Aggregate) -> pd.DataFrame:
    """Return the counts with a row for every unit, period and group, zero where none was seen.

    Periods run from the first to the last with a point. That these zeros are true, the file alone
    cannot say: it must hold every event of the place and time.

    Raises
    ------
    DataError
        When there would be more than twenty million rows.
    """
    counts = result.counts
    parts = {"unit": list(result.codes), "period": _span(result)}
    if "group" in counts:
        parts["group"] = sorted(counts["group"].unique())
    cells = math.prod(len(part) for part in parts.values())
    if cells > _MAX_CELLS:
        raise DataError(Fault("points_many_zeros", n=cells, allowed=_MAX_CELLS))
    grid: pd.MultiIndex = pd.MultiIndex.from_product(list(parts.values()), names=list(parts))
    return counts.set_index(list(parts)).reindex(grid, fill_value=0).reset_index()


def demand_place(out: Path, *, points: Path) -> None:
    """Refuse a place for the table before a long count: its ending, its folder, the input itself.

    Raises
    ------
    DataError
        With what is wrong.
    """
    if out.suffix.lower() not in _ENDINGS:
        allowed = ", ".join(_ENDINGS)
        raise DataError(Fault("unknown_ending", argument="--out", value=out, allowed=allowed))
    if not out.resolve().parent.is_dir():
        raise DataError(Fault("no_folder", argument="--out", value=out.resolve().parent))
    if out.is_dir():
        raise DataError(Fault("points_out_is_folder", value=out))
    inside = points.is_dir() and out.resolve().is_relative_to(points.resolve())
    if inside or (out.exists() and points.exists() and out.samefile(points)):
        raise DataError(Fault("points_over_input", value=out))
    if not os.access(out.resolve().parent, os.W_OK):
        reason = os.strerror(errno.EACCES)
        raise DataError(Fault("unwritable", argument="--out", value=out, reason=reason))


def write_table(
    counts: pd.DataFrame, out: Path, *, outcome: str | None = None, institution: str | None = None
) -> None:
    """Write counts as CSV or, where `out` ends so, as Parquet.

    Columns ``unit``, ``period``, then ``outcome`` (one name, or the groups) and ``institution``
    where they are said, then ``count``. In CSV, text that a spreadsheet would take for a formula
    is made harmless.

    Raises
    ------
    DataError
        When groups and a name for the outcome are both given, or the file cannot be written.
    """
    table = counts.rename(columns={"group": "outcome"})
    if outcome is not None:
        if "outcome" in table:
            raise DataError(Fault("points_two_outcomes", value=outcome))
        table.insert(2, "outcome", outcome)
    if institution is not None:
        table.insert(len(table.columns) - 1, "institution", institution)
    if out.suffix.lower() == ".parquet":
        write_whole(out, lambda part: table.to_parquet(part, index=False))
        return
    texts = table.columns.drop("count")
    plain = table.assign(**{name: _harmless(table[name]) for name in texts})
    write_whole(out, lambda part: plain.to_csv(part, index=False, lineterminator="\n"))


def _harmless(column: pd.Series) -> pd.Series:
    # Few texts are different, so each is looked at once.
    return column.map({text: harmless(text) for text in column.unique()})


def _span(result: Aggregate) -> list[str]:
    """Return every period from the first to the last that was seen."""
    if result.by == "total":
        return ["total"]
    first, last = result.counts["period"].min(), result.counts["period"].max()
    days = np.arange(_DAY_ONE, _DAY_LAST, dtype="datetime64[D]")
    every = written(np.unique(starts(days, by=result.by)), by=result.by)
    return [period for period in every if first <= period <= last]
