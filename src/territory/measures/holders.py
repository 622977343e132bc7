"""From claims to the reported status of each unit on a date; units by intervention.

What nobody reported is "no data", never "nobody": no status here says that a place is free of
groups.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

#: From the strongest to the weakest; the first that holds is the status of a unit.
STATUSES = ("contested", "dominant", "shared_presence", "presence", "presence_unnamed", "no_data")
#: Kinds of claim that make a status; counts and other figures do not.
KINDS = ("disputed", "dominant", "presence")
#: The actor of a claim that names none.
UNNAMED = "ANY"
#: Grades that count, from the best; D (an estimate, a doubtful source) does not.
GRADES = ("A", "B", "C")
#: A share of a unit below this is an accident of drawing, and is dropped.
SLIVER = 0.001
#: Below this share of its unit, ground reported as dominant counts as presence.
DOMINANT_SHARE = 0.05
_OPEN = pd.Timestamp("2200-01-01")  # the end of a claim that has none


class _Cell(NamedTuple):
    """What one claim brings to the status of its unit."""

    kind: str
    actors: tuple[str, ...]
    grade: str
    stale: bool
    last_day: datetime.datetime
    claim: str


_CELLS = _Cell._fields[:-1]


class _Row(NamedTuple):
    status: str
    holder: str | None
    actors: tuple[str, ...]
    claims: tuple[str, ...]
    best_grade: str | None
    stale: bool
    last_day: datetime.date | None


def holders(
    claims: pd.DataFrame,
    codes: Iterable[str],
    *,
    on: datetime.date | str,
    actors: pd.DataFrame | None = None,
    carry_years: float = 3,
    dominant_share: float = DOMINANT_SHARE,
) -> pd.DataFrame:
    """Return the reported status of each unit on a day.

    Parameters
    ----------
    claims
        Index ``claim``; columns ``unit``, ``actors`` (tuples), ``kind``, ``value``,
        ``start``, ``end``, ``grade``, ``display_tier``, ``whole_unit``.
    codes
        Units of one level; other levels are other layers and are never mixed in.
    on
        The day.
    actors
        Index ``actor``, column ``parent``: an actor beside a part of itself is not
        a second one. None: every actor stands alone.
    carry_years
        How long a claim is carried past its end, in years.
    dominant_share
        Least share of the unit for dominance, where the claim gives a share.

    Returns
    -------
    frame
        Index ``unit``, in the order of `codes`. Columns ``status`` (one of
        `STATUSES`), ``holder`` (the actor of ``dominant``, else missing), ``actors``
        (tuple, the holder first), ``claims`` (tuple of those it rests on),
        ``best_grade``, ``stale`` (no claim is in force that day), ``last_day`` (the
        last day up to `on` for which a claim speaks).

    Raises
    ------
    DataError
        When `on` is no day, or `carry_years` is negative.

    Notes
    -----
    The rule. *Evidence* is a claim of kind dominant, disputed or presence, about the
    whole unit, that may be drawn, of grade A to C, begun by that day, and in force or
    ended at most `carry_years` before. A claim without an end is in force; one without
    a start is known on its last day only. A value is a share of the unit (1 where the
    source speaks of all of it): dominance below `dominant_share` counts as presence,
    and a share below 0.1 % not at all. What is carried is what nobody has contradicted:
    a dominance or dispute that has ended gives way to a dominance or dispute begun
    since, whatever its share.

    Then: a dispute, dominance of two, or one dominance of several together: contested;
    dominance of one: dominant; two or more present: shared presence; one: presence;
    only unnamed ones: presence, group not named; nothing: no data.
    """
    day = day_of(on)
    if not carry_years >= 0:
        raise DataError(Fault("bad_carry", argument="carry_years", value=carry_years))
    order = pd.Index(codes, name="unit")
    kept = evidence(claims, on=day, carry_years=carry_years, dominant_share=dominant_share)
    kept = kept[kept["unit"].isin(order)]
    parents = {} if actors is None else _parents(actors)
    nothing = _Row("no_data", None, (), (), None, stale=False, last_day=None)
    cells = list(zip(*(kept[name].tolist() for name in _CELLS), kept.index.tolist(), strict=True))
    units = kept.groupby("unit", sort=False).indices
    found = {
        unit: _row([_Cell(*cells[row]) for row in rows], parents) for unit, rows in units.items()
    }
    rows = [found.get(unit, nothing) for unit in order]
    return pd.DataFrame(rows, index=order, columns=_Row._fields).astype({"stale": bool})


def evidence(
    claims: pd.DataFrame,
    *,
    on: datetime.date | str,
    carry_years: float = 3,
    dominant_share: float = DOMINANT_SHARE,
) -> pd.DataFrame:
    """Return the claims that count on a day, as `holders` defines it.

    Returns
    -------
    frame
        The rows of `claims` that count, with ``kind`` after the threshold rule,
        ``stale`` (ended before the day) and ``last_day``.
    """
    day = pd.Timestamp(day_of(on))
    start = claims["start"].fillna(claims["end"])
    end = claims["end"].fillna(_OPEN)
    counts = (
        claims["kind"].isin(KINDS)
        & claims["whole_unit"]
        & (claims["display_tier"] == "map")
        & claims["grade"].isin(GRADES)
        & (start <= day)
        & (carried(end, carry_years) >= day)
        & ~(claims["value"] < SLIVER)
    )
    kept = claims[counts].assign(start=start[counts], end=end[counts])
    kept["stale"] = kept["end"] < day
    strong = kept["kind"] != "presence"
    thin = (kept["kind"] == "dominant") & (kept["value"] < dominant_share)
    kept["kind"] = kept["kind"].mask(thin, "presence")
    newest = kept["start"].where(strong).groupby(kept["unit"]).transform("max")
    kept = kept[~(strong & kept["stale"] & (kept["end"] < newest))]
    return kept.assign(last_day=kept["end"].where(kept["stale"], day))


def carried(days: pd.Series, years: float) -> pd.Series:
    """Return the last days to which claims that ended on `days` are carried.

    Years as on a calendar: a claim that ended on 15 August is carried to a 15 August.
    """
    whole, part = divmod(years, 1)
    moved = days + pd.DateOffset(years=int(whole)) if whole else days
    return moved + pd.Timedelta(days=round(part * 365.25))


def distinct(actors: Iterable[str], parents: dict[str, str]) -> tuple[str, ...]:
    """Return the actors that stand for themselves: none is the whole of another one there."""
    there = tuple(dict.fromkeys(actors))
    wholes: set[str] = set()
    for actor in there:
        above = parents.get(actor)
        while above is not None and above not in wholes:
            wholes.add(above)
            above = parents.get(above)
    return tuple(actor for actor in there if actor not in wholes)


def day_of(on: datetime.date | str) -> datetime.date:
    """Return a day given as a date or as ISO text.

    Raises
    ------
    DataError
        When the text is no day.
    """
    if isinstance(on, datetime.date):
        return on.date() if isinstance(on, datetime.datetime) else on
    window = Window.parse(on, argument="--on")
    if window.first != window.last:
        raise DataError(Fault("not_a_day", argument="--on", value=on))
    return window.first


def _row(part: list[_Cell], parents: dict[str, str]) -> _Row:
    """Return what the evidence on one unit amounts to."""
    named = distinct((a for cell in part for a in cell.actors if a != UNNAMED), parents)
    leading = [cell.actors for cell in part if cell.kind == "dominant"]
    dominant = distinct((a for actors in leading for a in actors if a != UNNAMED), parents)
    status = "presence_unnamed"
    if len(dominant) > 1 or any(cell.kind == "disputed" for cell in part):
        status = "contested"
    elif dominant:
        status = "dominant"
    elif named:
        status = "shared_presence" if len(named) > 1 else "presence"
    holder = dominant[0] if status == "dominant" else None
    listed = sorted(named, key=lambda actor: (actor != holder, actor)) or [UNNAMED]
    return _Row(
        status=status,
        holder=holder,
        actors=tuple(listed),
        claims=tuple(sorted(cell.claim for cell in part)),
        best_grade=min(cell.grade for cell in part),
        stale=all(cell.stale for cell in part),
        last_day=max(cell.last_day for cell in part).date(),
    )


def _parents(actors: pd.DataFrame) -> dict[str, str]:
    known = actors["parent"].dropna()
    return {str(actor): str(parent) for actor, parent in known.items()}
