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
    if not names:
        raise DataError(Fault("event_without_units", value="–", allowed=_with_units(events)))
    rows = []
    for name in names:
        if name not in events.index:
            raise unknown("event", name, events.index)
        event = events.to_dict("index")[name]
        units = [*event["units"], *(also if name == names[0] else ())]
        if not units:
            raise DataError(Fault("event_without_units", value=name, allowed=_with_units(events)))
        end = event["end"] if pd.notna(event["end"]) else event["start"]
        rows += [(unit, name, event["start"], end) for unit in units]
    columns = ["unit", "event", "earliest", "latest"]
    return treatment_from(pd.DataFrame(rows, columns=columns), freq=freq)


def treatment_from(starts: pd.DataFrame, *, freq: str = "Y") -> pd.DataFrame:
    """Return the treated units of a table with a start for each.

    Parameters
    ----------
    starts
        ``unit``, ``event``, ``earliest``, ``latest`` (timestamps: what is known of the
        first day). A unit that occurs twice is treated from the first.
    freq
        As `treatment`.

    Returns
    -------
    DataFrame
        As `treatment`.
    """
    first = pd.PeriodIndex(starts["earliest"], freq=freq)
    middle = starts["earliest"] + (starts["latest"] - starts["earliest"]) / 2
    whole = first.end_time - first.start_time
    share = ((first.end_time - middle) / whole).clip(0, 1)
    table = starts[["unit", "event"]].assign(first=first, share=share.to_numpy(float))
    table = table.sort_values(["first", "unit"], kind="stable").drop_duplicates("unit")
    return table.set_index("unit").sort_index()


def _with_units(events: pd.DataFrame) -> str:
    return ", ".join(events.index[events["units"].map(len) > 0])
