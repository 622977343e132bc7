"""Who was treated from when: unit by unit, with how much of its first period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.schema import DataError, Fault, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

# A first period of which less than this share was treated is shown apart, and kept out of
# the estimate; nor does it ever serve as an untreated comparison.
MOST = 0.5


def treatment(
    events: pd.DataFrame, names: Sequence[str], *, freq: str = "Y", also: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the treated units of several events, each from the first event that names it.

    Parameters
    ----------
    events
        Index ``event``; columns ``start``, ``end`` (timestamps; an end only where the
        day is not known), ``units`` (tuples of codes).
    names
        Events, for example three phases of one plan.
    freq
        Of the periods that will be compared: ``Y`` or ``M``.
    also
        Further units, treated from the first of the events; for lists whose membership
        is not confirmed.

    Returns
    -------
    DataFrame
        Index ``unit``, sorted; ``event``, ``first`` (the period in which the event
        starts: it is never an untreated one), ``share`` of that period left after the
        start (after the middle of start and end where the day is not known).

    Raises
    ------
    DataError
        For an unknown event, or one that names no unit.
    """
    rows = []
    for name in names:
        if name not in events.index:
            raise unknown("event", name, events.index)
        event = events.loc[name]
        units = [*event["units"], *(also if name == names[0] else ())]
        if not units:
            with_units = events.index[events["units"].map(len) > 0]
            raise DataError(Fault("event_without_units", value=name, allowed=", ".join(with_units)))
        first = pd.Period(event["start"], freq=freq)
        rows += [(unit, name, first, _share(event, first)) for unit in units]
    table = pd.DataFrame(rows, columns=["unit", "event", "first", "share"])
    table = table.sort_values(["first", "unit"], kind="stable").drop_duplicates("unit")
    return table.set_index("unit").sort_index()


def _share(event: pd.Series, first: pd.Period) -> float:
    end = event["end"] if pd.notna(event["end"]) else event["start"]
    middle = event["start"] + (end - event["start"]) / 2
    whole = first.end_time - first.start_time
    return float(min(max((first.end_time - middle) / whole, 0.0), 1.0))
