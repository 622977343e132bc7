"""Other countries year by year, to hold the nation against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.schema import Column, check, demand
from territory.evidence.sources import SourceCard, read_table

if TYPE_CHECKING:
    from pathlib import Path

KEY = ["country", "year"]


def _is_year(column: pd.Series) -> pd.Series:
    return column.str.fullmatch(r"(19|20)\d\d")


def _is_positive(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce") > 0


def _is_amount(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce") >= 0


def read_comparators(file: Path, *, label: str | None = None) -> tuple[pd.DataFrame, SourceCard]:
    """Read the table of countries.

    Returns
    -------
    frame
        Index ``country, year`` (ISO code, integer); columns ``name``, ``count``,
        ``population``, ``rate`` (per 100,000), ``source``. A country-year that is not
        there has no data.
    card
        Its source card.

    Raises
    ------
    DataError
        For missing columns, an impossible number, or a country and year twice.
    """
    table, card = read_table(file, label=label)
    columns = [
        Column("country"),
        Column("name"),
        Column("year", rule=(_is_year, "1900–2099")),
        Column("count", rule=(_is_amount, "0, 1, 2, …")),
        Column("population", rule=(_is_positive, "> 0")),
        Column("rate", rule=(_is_amount, "0 …")),
        Column("source"),
    ]
    demand(check(table, columns, key=KEY, file=card.file))
    table["year"] = table["year"].astype(int)
    for column in ("count", "population", "rate"):
        table[column] = pd.to_numeric(table[column]).astype(float)
    return table.set_index(KEY)[
        ["name", "count", "population", "rate", "source"]
    ].sort_index(), card
