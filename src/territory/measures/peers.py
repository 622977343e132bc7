"""Places that resemble a place: about as many people, about as much violence before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.evidence.schema import unknown

if TYPE_CHECKING:
    import pandas as pd


def peers(population: pd.Series, earlier_rate: pd.Series, unit: str, *, n: int = 10) -> pd.Index:
    """Return the units nearest to `unit` by population and by an earlier rate.

    Nearness is the Euclidean distance between the logarithm of the population and
    the square root of the rate (which makes equal steps about equally uncertain),
    each divided by its standard deviation over all units.

    Parameters
    ----------
    population
        Persons per unit.
    earlier_rate
        Rate per unit over a window before the one of interest, on the same index;
        smoothed, so that a small place is not matched by its luck.
    unit
        The place; it is not its own peer.
    n
        How many.

    Returns
    -------
    index
        Codes, the nearest first; empty where the unit itself has no data.

    Raises
    ------
    DataError
        When `unit` is not in the index.
    """
    if unit not in population.index:
        raise unknown("unit", unit, population.index)
    people, rate = np.log(population), np.sqrt(earlier_rate)
    gap = ((people - people[unit]) / people.std()) ** 2 + ((rate - rate[unit]) / rate.std()) ** 2
    nearest: pd.Index = gap.drop(unit).dropna().nsmallest(n).index
    return nearest
