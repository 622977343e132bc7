"""Counts by unit, period, outcome and institution; totals between two dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.periods import period_index
from territory.evidence.schema import (
    Column,
    Fault,
    check,
    demand,
    no_rows,
    unknown_units,
)
from territory.evidence.sources import SourceCard, read_table

if TYPE_CHECKING:
    from pathlib import Path

KEY = ["unit", "period", "outcome", "institution"]
GRADES = ("published", "quoted", "derived", "preliminary", "digitised")


def _is_count(column: pd.Series) -> pd.Series:
    return column.str.fullmatch(r"[0-9]{1,15}")


def is_day(column: pd.Series) -> pd.Series:
    """Tell which cells are ISO days."""
    return pd.to_datetime(column, format="%Y-%m-%d", errors="coerce").notna()


_COUNT = Column("count", required=False, rule=(_is_count, "0, 1, 2, …"))


def read_outcomes(
    file: Path, units: pd.DataFrame, *, label: str | None = None
) -> tuple[pd.DataFrame, SourceCard]:
    """Read the table of counts.

    Returns
    -------
    frame
        Index ``unit, period, outcome, institution`` (`period` a pandas Period);
        columns ``count`` (Int64; missing is "no data", never zero) and ``quality``
        (``not_stated`` where the file has no such column).
    card
        Its source card.

    Raises
    ------
    DataError
        For missing columns, a negative or fractional count, a key that occurs
        twice, an unknown unit, or years and months mixed.
    """
    table, card = read_table(file, label=label)
    columns = [Column(name) for name in KEY]
    columns += [_COUNT]
    if "quality" not in table:
        table["quality"] = "not_stated"
    columns += [Column("quality")]
    faults = check(table, columns, key=KEY, file=card.file) or no_rows(table, file=card.file)
    if not any(fault.key == "missing_columns" for fault in faults):
        faults += unknown_units(table["unit"], units.index, file=card.file)
    demand(faults)
    table["period"] = period_index(table["period"], file=card.file)
    table["count"] = pd.to_numeric(table["count"]).astype("Int64")
    return table.set_index(KEY)[["count", "quality"]].sort_index(), card


def read_observations(
    file: Path, units: pd.DataFrame, *, label: str | None = None
) -> tuple[pd.DataFrame, SourceCard]:
    """Read totals between two dates, both included, from years to single days.

    Returns
    -------
    frame
        Index ``observation``; columns ``unit``, ``start``, ``end`` (dates),
        ``outcome``, ``institution``, ``count``, ``rate``, ``quality``, ``source``,
        ``note``.
    card
        Its source card.

    Raises
    ------
    DataError
        As `read_outcomes`; also for an end before its start.
    """
    table, card = read_table(file, label=label)
    day = (is_day, "2012-03-09")
    columns = [Column(name) for name in ("observation", "unit", "outcome", "institution", "source")]
    columns += [Column("start", rule=day), Column("end", rule=day), _COUNT]
    columns += [Column("quality", allowed=GRADES)]
    faults = check(table, columns, key=["observation"], file=card.file)
    demand(faults)
    faults = unknown_units(table["unit"], units.index, file=card.file)
    backwards = table["end"] < table["start"]
    if backwards.any():
        row = int(backwards.to_numpy().argmax()) + 2
        faults.append(Fault("end_before_start", file=card.file, rows=row))
    demand(faults)
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column], format="%Y-%m-%d").dt.date
    for column in ("count", "rate"):
        table[column] = pd.to_numeric(table[column])
    return table.set_index("observation"), card


def read_published(
    file: Path, units: pd.DataFrame, *, label: str | None = None
) -> tuple[pd.DataFrame, SourceCard]:
    """Read figures printed elsewhere, to hold the table of counts against.

    Returns
    -------
    frame
        Index ``check`` (a name); columns ``measure`` (``count``, or ``zero_units``
        for the number of units without a case), ``unit``, ``period``, ``outcome``,
        ``institution``, ``value``, ``tolerance``, ``source``, ``note``.
    card
        Its source card.

    Raises
    ------
    DataError
        For missing columns, a value that is no count, or an unknown unit.
    """
    table, card = read_table(file, label=label)
    columns = [Column("check"), Column("measure", allowed=("count", "zero_units"))]
    columns += [Column(name) for name in (*KEY, "source")]
    columns += [Column(name, rule=(_is_count, "0, 1, 2, …")) for name in ("value", "tolerance")]
    demand(check(table, columns, key=["check"], file=card.file))
    demand(unknown_units(table["unit"], units.index, file=card.file))
    return table.astype({"value": int, "tolerance": int}).set_index("check"), card
