"""Events, interventions and initiatives: dated, sourced, with the precision that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.claims import backwards
from territory.evidence.outcomes import is_day
from territory.evidence.schema import Column, check, demand, unknown_units
from territory.evidence.sources import SourceCard, read_table

if TYPE_CHECKING:
    from pathlib import Path

_DAY = (is_day, "2012-03-09")


def _are_tracks(column: pd.Series) -> pd.Series:
    return column.str.fullmatch(r"[123](;[123])*")


_COLUMNS = (
    Column("event"),
    Column("start", rule=_DAY),
    Column("end", required=False, rule=_DAY),
    Column("date_precision", allowed=("day", "month", "year", "range")),
    Column("scope"),
    Column("units", required=False),
    Column("kind"),
    Column("tracks", required=False, rule=(_are_tracks, "1, 2;3, 1;2;3")),
    Column("rank", allowed=("1", "2", "3")),
    Column("title_es"),
    Column("title_en"),
    Column("source"),
)


def read_events(
    file: Path, units: pd.DataFrame, *, label: str | None = None
) -> tuple[pd.DataFrame, SourceCard]:
    """Read the table of events.

    Returns
    -------
    frame
        Index ``event``, ordered by start; columns as the file, with ``start`` and
        ``end`` as timestamps, ``units`` as tuples of codes and ``rank`` as an
        integer (1 is shown on national charts).
    card
        Its source card.

    Raises
    ------
    DataError
        For missing columns or cells, wrong dates, an event twice, an unknown unit.
    """
    table, card = read_table(file, label=label)
    demand(check(table, _COLUMNS, key=["event"], file=card.file))
    lists = table["units"].fillna("").str.split(";").map(lambda codes: tuple(filter(None, codes)))
    demand(
        unknown_units(lists.explode(), units.index, file=card.file, name="units")
        + backwards(table["start"], table["end"], file=card.file)
    )
    table["units"] = lists
    table["rank"] = table["rank"].astype(int)
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column], format="%Y-%m-%d")
    return table.set_index("event").sort_values(["start", "rank"], kind="stable"), card
