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
    from collections.abc import Iterable, Sequence

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
    since.

    Then: a dispute, dominance of two, or one dominance of several together: contested;
    dominance of one: dominant; two or more present: shared presence; one: presence;
    only unnamed ones: presence, group not named; nothing: no data.
    """
    day = _day(on)
    if not carry_years >= 0:
        raise DataError(Fault("bad_carry", argument="carry_years", value=carry_years))
    order = pd.Index(codes, name="unit")
    kept = evidence(claims, on=day, carry_years=carry_years, dominant_share=dominant_share)
    kept = kept[kept["unit"].isin(order)]
    parents = {} if actors is None else _parents(actors)
    nothing = _Row("no_data", None, (), (), None, stale=False, last_day=None)
    found = {unit: _row(part, parents) for unit, part in kept.groupby("unit", sort=False)}
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
    day = pd.Timestamp(_day(on))
    start = claims["start"].fillna(claims["end"])
    end = claims["end"].fillna(_OPEN)
    # Years as on a calendar: a claim that ended on 15 August is carried to the same day.
    whole, part = divmod(carry_years, 1)
    earliest = day - pd.DateOffset(years=int(whole)) - pd.Timedelta(days=round(part * 365.25))
    counts = (
        claims["kind"].isin(KINDS)
        & claims["whole_unit"]
        & (claims["display_tier"] == "map")
        & claims["grade"].isin(GRADES)
        & (start <= day)
        & (end >= earliest)
        & ~(claims["value"] < SLIVER)
    )
    kept = claims[counts].assign(start=start[counts], end=end[counts])
    thin = (kept["kind"] == "dominant") & (kept["value"] < dominant_share)
    kept["kind"] = kept["kind"].mask(thin, "presence")
    kept["stale"] = kept["end"] < day
    strong = kept["kind"] != "presence"
    newest = kept["start"].where(strong).groupby(kept["unit"]).transform("max")
    kept = kept[~(strong & kept["stale"] & (kept["end"] < newest))]
    return kept.assign(last_day=kept["end"].where(kept["stale"], day))


def intervention_groups(
    interventions: pd.DataFrame, codes: Iterable[str], *, kinds: Sequence[str]
) -> pd.Series:
    """Return, for each unit, which of some kinds of intervention name it.

    Parameters
    ----------
    interventions
        Columns ``unit``, ``kind``, ``confidence``; those of confidence D (not
        confirmed) do not count, as with claims.
    codes
        The units.
    kinds
        Kinds that matter, in the order in which groups write them.

    Returns
    -------
    series
        Index ``unit``: ``none``, one kind, or several joined by ``+``. Every unit has
        one group, so the groups add up to the whole.
    """
    confirmed = interventions[interventions["confidence"].isin(GRADES)]
    index = pd.Index(codes, name="unit")
    group = pd.Series("", index=index, name="group")
    for kind in kinds:
        named = index.isin(confirmed.loc[confirmed["kind"] == kind, "unit"])
        group[named] = group[named].map(lambda words, kind=kind: f"{words}+{kind}".lstrip("+"))
    return group.replace("", "none")


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


def _row(part: pd.DataFrame, parents: dict[str, str]) -> _Row:
    """Return what the evidence on one unit amounts to."""
    lists = list(zip(part["kind"], part["actors"], strict=True))
    named = distinct((a for _, list_ in lists for a in list_ if a != UNNAMED), parents)
    dominant = distinct(
        (a for kind, list_ in lists if kind == "dominant" for a in list_ if a != UNNAMED), parents
    )
    status = "presence_unnamed"
    if any(kind == "disputed" for kind, _ in lists) or len(dominant) > 1:
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
        claims=tuple(sorted(map(str, part.index))),
        best_grade=str(part["grade"].min()),
        stale=bool(part["stale"].all()),
        last_day=part["last_day"].max().date(),
    )


def _parents(actors: pd.DataFrame) -> dict[str, str]:
    known = actors["parent"].dropna()
    return {str(actor): str(parent) for actor, parent in known.items()}


def _day(on: datetime.date | str) -> datetime.date:
    if isinstance(on, datetime.date):
        return on.date() if isinstance(on, datetime.datetime) else on
    window = Window.parse(on, argument="--on")
    if window.first != window.last:
        raise DataError(Fault("not_a_day", argument="--on", value=on))
    return window.first
