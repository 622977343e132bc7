"""Population by unit and year, in named series that are never spliced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.schema import Column, check, demand, no_rows, unknown_units
from territory.evidence.sources import SourceCard, read_table

if TYPE_CHECKING:
    from pathlib import Path

KEY = ["unit", "year", "series"]


def _is_year(column: pd.Series) -> pd.Series:
    return column.str.fullmatch(r"(19|20)\d\d|2100")


def _is_people(column: pd.Series) -> pd.Series:
    # More people than the Earth has are a slip, and infinity no number of them.
    return pd.to_numeric(column, errors="coerce").between(0, 1e10, inclusive="neither")


def read_population(
    file: Path, units: pd.DataFrame, *, label: str | None = None
) -> tuple[pd.DataFrame, SourceCard]:
    """Read the table of populations.

    Returns
    -------
    frame
        Index ``unit, year, series`` (`year` an integer); columns ``population``
        (persons) and ``method`` (how the figure came about).
    card
        Its source card.

    Raises
    ------
    DataError
        For missing columns, a population that is not above zero, a key that
        occurs twice, or an unknown unit.
    """
    table, card = read_table(file, label=label)
    columns = [
        Column("unit"),
        Column("year", rule=(_is_year, "1900–2100")),
        Column("series"),
        Column("population", rule=(_is_people, "41200, 18300.5 (> 0)")),
        Column("method"),
    ]
    faults = check(table, columns, key=KEY, file=card.file) or no_rows(table, file=card.file)
    if not any(fault.key == "missing_columns" for fault in faults):
        faults += unknown_units(table["unit"], units.index, file=card.file)
    demand(faults)
    table["year"] = table["year"].astype(int)
    table["population"] = table["population"].astype(float)
    return table.set_index(KEY)[["population", "method"]].sort_index(), card
