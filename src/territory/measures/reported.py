"""What is reported at all: how much of a place, on which days it changes, and groups from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from territory.measures.holders import GRADES, KINDS, carried

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence


def holder_groups(frame: pd.DataFrame) -> pd.Series:
    """Return the dominant actor of each unit, or its status where no one actor is dominant.

    Parameters
    ----------
    frame
        Of `holders`.

    Returns
    -------
    series
        Index ``unit``; every unit has one group, so the groups add up to the whole.
    """
    return frame["holder"].fillna(frame["status"]).rename("group")


class Coverage(NamedTuple):
    """How much of a place has any evidence.

    Parameters
    ----------
    units, known, stale
        Units; those with a status; those whose status rests on ended claims only.
    people, people_known
        Person-years of all units, and of those with a status; missing without a population.
    """

    units: int
    known: int
    stale: int
    people: float
    people_known: float


def coverage(frame: pd.DataFrame, person_years: pd.Series | None = None) -> Coverage:
    """Return how many units, and people, have any evidence; it stands beside every result.

    Parameters
    ----------
    frame
        Of `holders`.
    person_years
        Of each unit; none, and people are missing.
    """
    known = frame["status"] != "no_data"
    people = pd.Series(float("nan"), index=frame.index)
    if person_years is not None:
        people = person_years.reindex(frame.index)
    return Coverage(
        units=len(frame),
        known=int(known.sum()),
        stale=int(frame["stale"].sum()),
        people=float(people.sum(min_count=1)),
        people_known=float(people[known].sum()) if people.notna().any() else float("nan"),
    )


def change_days(claims: pd.DataFrame, *, carry_years: float = 3) -> list[datetime.date]:
    """Return the days on which some status may change: what a slider over the evidence stops at.

    The first day of each claim that can count, the day after its last, and the day after it
    has been carried.
    """
    counted = claims[
        claims["kind"].isin(KINDS)
        & claims["whole_unit"]
        & (claims["display_tier"] == "map")
        & claims["grade"].isin(GRADES)
    ]
    after = counted["end"].dropna() + pd.Timedelta(days=1)
    faded = carried(counted["end"].dropna(), carry_years) + pd.Timedelta(days=1)
    days = pd.concat([counted["start"].fillna(counted["end"]).dropna(), after, faded])
    return sorted(set(days.dt.date))


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
