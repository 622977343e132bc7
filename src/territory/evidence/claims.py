"""Who is reported to hold which ground: actors, dated claims with their sources, interventions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.outcomes import is_day
from territory.evidence.schema import Column, Fault, check, demand, unknown_units
from territory.evidence.sources import SourceCard, read_table

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from pathlib import Path

#: The actor of a statement that names none; it is a value, not a gap.
UNNAMED = "ANY"
#: From several independent sources (A) to an estimate or a doubtful source (D).
GRADES = ("A", "B", "C", "D")
#: `map` may be drawn; `detail` appears only as dated text.
TIERS = ("map", "detail")

_DAY = (is_day, "2012-03-09")
_PRECISIONS = ("day", "month", "year", "range", "unknown")


def _is_color(column: pd.Series) -> pd.Series:
    return column.str.fullmatch(r"#[0-9A-Fa-f]{6}|[A-Z0-9]+")


def _is_amount(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce") >= 0


def _names_someone(column: pd.Series) -> pd.Series:
    return column.map(lambda cell: bool(_parts(cell)))


_ACTOR_COLUMNS = (
    Column("actor"),
    Column("parent", required=False),
    Column("aliases", required=False),
    Column("name_es"),
    Column("name_en"),
    Column("color", required=False, rule=(_is_color, "MS13, #4477AA")),
)
_CLAIM_COLUMNS = (
    Column("claim"),
    Column("unit"),
    Column("level"),
    Column("actor", rule=(_names_someone, "MS13, B18R;MS13, ANY")),
    Column("kind"),
    Column("value", required=False, rule=(_is_amount, "0, 1, 0.25, …")),
    Column("start", required=False, rule=_DAY),
    Column("end", required=False, rule=_DAY),
    Column("date_precision", allowed=_PRECISIONS),
    Column("grade", allowed=GRADES),
    Column("display_tier", allowed=TIERS),
    Column("source"),
)
_INTERVENTION_COLUMNS = (
    Column("intervention"),
    Column("unit"),
    Column("kind"),
    Column("phase", required=False),
    Column("start_earliest", rule=_DAY),
    Column("start_latest", rule=_DAY),
    Column("end", required=False, rule=_DAY),
    Column("date_precision", allowed=_PRECISIONS),
    Column("confidence", allowed=GRADES),
    Column("source"),
)


def read_actors(file: Path, *, label: str | None = None) -> tuple[pd.DataFrame, SourceCard]:
    """Read the table of actors.

    Returns
    -------
    frame
        Index ``actor``; columns ``parent`` (missing, or an actor of which this one is
        a part), ``aliases`` (tuples of other spellings), ``name_es``, ``name_en``,
        ``color`` (a name of the palette, or ``#RRGGBB``; may be missing).
    card
        Its source card.

    Raises
    ------
    DataError
        For missing columns or cells, an actor twice, a parent that is no actor, or
        a spelling that two actors share.
    """
    table, card = read_table(file, label=label)
    faults = check(table, _ACTOR_COLUMNS, key=["actor"], file=card.file)
    if _complete(faults):
        known = pd.Index(table["actor"].dropna())
        faults += unknown_actors(table["parent"], known, file=card.file, name="parent")
        table["aliases"] = table["aliases"].map(_parts)
        faults += _shared_spellings(table, file=card.file)
    demand(faults)
    return table.set_index("actor"), card


def read_claims(
    file: Path,
    units: pd.DataFrame,
    actors: pd.DataFrame,
    *,
    label: str | None = None,
    detail_until: datetime.date | None = None,
) -> tuple[pd.DataFrame, SourceCard]:
    """Read the table of claims: one row for each area, statement and source.

    Parameters
    ----------
    file
        The table, with its source card beside it.
    units, actors
        As their readers return them.
    label
        How messages call the file.
    detail_until
        The last day on which a claim may be about less than a unit; none is no limit.

    Returns
    -------
    frame
        Index ``claim``; the columns of the file, with ``actors`` (tuples of codes)
        for ``actor``, ``value`` as a number (a count, or a share of the unit), ``start``
        and ``end`` as timestamps (missing = not known, or still open), and
        ``whole_unit``: whether the claim is about all of its unit. A claim about
        less (a locality) keeps the code of the unit that holds it.
    card
        Its source card.

    Raises
    ------
    DataError
        With every fault at once: missing columns or cells (a claim without a source),
        wrong dates, an end before its start, an unknown unit or actor, a claim about
        less than a unit that may be drawn or lies after `detail_until`, a claim twice.
    """
    table, card = read_table(file, label=label)
    faults = check(table, _CLAIM_COLUMNS, key=["claim"], file=card.file)
    if _complete(faults):
        lists = table["actor"].map(_parts)
        whole = table["level"] == table["unit"].map(units["level"])
        faults += unknown_units(table["unit"], units.index, file=card.file)
        faults += unknown_actors(lists.explode(), actors.index, file=card.file)
        faults += backwards(table["start"], table["end"], file=card.file)
        faults += _detail_faults(table, whole, units, file=card.file, until=detail_until)
        table["actor"], table["whole_unit"] = lists, whole
    demand(faults)
    table = table.rename(columns={"actor": "actors"})
    table["value"] = pd.to_numeric(table["value"])
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column], format="%Y-%m-%d")
    return table.set_index("claim"), card


def read_interventions(
    file: Path, units: pd.DataFrame, *, label: str | None = None
) -> tuple[pd.DataFrame, SourceCard]:
    """Read the table of interventions: one row for each programme and unit.

    Returns
    -------
    frame
        Index ``intervention``; columns ``unit``, ``kind``, ``phase``,
        ``start_earliest``, ``start_latest``, ``end`` (timestamps; the first day lies
        between the first two), ``date_precision``, ``confidence`` (A to D; D is not
        confirmed), ``source``.
    card
        Its source card.

    Raises
    ------
    DataError
        For missing columns or cells, wrong dates, an end before its start, an
        unknown unit, an intervention twice.
    """
    table, card = read_table(file, label=label)
    faults = check(table, _INTERVENTION_COLUMNS, key=["intervention"], file=card.file)
    if _complete(faults):
        faults += unknown_units(table["unit"], units.index, file=card.file)
        faults += backwards(table["start_earliest"], table["start_latest"], file=card.file)
        faults += backwards(table["start_latest"], table["end"], file=card.file)
    demand(faults)
    for column in ("start_earliest", "start_latest", "end"):
        table[column] = pd.to_datetime(table[column], format="%Y-%m-%d")
    return table.set_index("intervention"), card


def unknown_actors(
    column: pd.Series, actors: pd.Index, *, file: str, name: str = "actor"
) -> list[Fault]:
    """Return the fault of cells that are no actor, if there are any.

    Parameters
    ----------
    column
        Codes, one a row; rows of a list keep the position of their row as index.
    """
    strange = column.notna() & ~column.isin(actors)
    if not strange.any():
        return []
    values = ", ".join(dict.fromkeys(column[strange].astype(str)))
    known = ", ".join(actors[:15]) + (" …" if len(actors) > 15 else "")
    rows = _rows(column.index[strange])
    return [
        Fault(
            "unknown_actor_in_file", file=file, column=name, rows=rows, value=values, allowed=known
        )
    ]


def backwards(start: pd.Series, end: pd.Series, *, file: str) -> list[Fault]:
    """Return the fault of rows whose end is before their start, both ISO days, if there are any."""
    wrong = is_day(start) & is_day(end) & (end < start)
    if not wrong.any():
        return []
    return [Fault("end_before_start", file=file, rows=_rows(wrong.index[wrong]))]


def _detail_faults(
    table: pd.DataFrame,
    whole: pd.Series,
    units: pd.DataFrame,
    *,
    file: str,
    until: datetime.date | None,
) -> list[Fault]:
    """Return the faults of claims about less than a unit, and of levels that are another unit's."""
    faults = []
    levels = set(units["level"])
    other = table["unit"].isin(units.index) & ~whole & table["level"].isin(levels)
    if other.any():
        value = table.loc[other, "level"].iloc[0]
        faults.append(Fault("wrong_level", file=file, rows=_rows(other.index[other]), value=value))
    drawn = ~whole & ~table["level"].isin(levels) & (table["display_tier"] == "map")
    if drawn.any():
        faults.append(Fault("detail_on_map", file=file, rows=_rows(drawn.index[drawn])))
    if until is not None:
        # A claim that has no end is still going on.
        late = ~whole & ~table["level"].isin(levels)
        late &= (table["end"] > until.isoformat()) | table["end"].isna()
        if late.any():
            rows = _rows(late.index[late])
            faults.append(Fault("detail_too_late", file=file, rows=rows, last=until))
    return faults


def _shared_spellings(table: pd.DataFrame, *, file: str) -> list[Fault]:
    spellings = pd.concat([table["actor"], table["aliases"].explode()]).dropna().str.casefold()
    owned = pd.DataFrame({"spelling": spellings, "row": spellings.index}).drop_duplicates()
    shared = owned[owned["spelling"].duplicated(keep=False)]
    if shared.empty:
        return []
    value = ", ".join(shared["spelling"].unique()[:5])
    return [Fault("shared_spelling", file=file, rows=_rows(shared["row"]), value=value)]


def _parts(cell: object) -> tuple[str, ...]:
    """Split a cell at semicolons; an empty cell has no parts."""
    if not isinstance(cell, str):
        return ()
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _complete(faults: Iterable[Fault]) -> bool:
    return not any(fault.key == "missing_columns" for fault in faults)


def _rows(positions: Iterable[int]) -> str:
    """Name the first rows that are bad, counted as a spreadsheet does (the heading is row 1)."""
    all_rows = sorted({position + 2 for position in positions})
    more = len(all_rows) - 5
    return ", ".join(map(str, all_rows[:5])) + (f" (+{more})" if more > 0 else "")
