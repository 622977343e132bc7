"""Crude and smoothed rates per 100,000 person-years, with intervals."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv  # not scipy.stats: it takes too long to import

from territory.evidence.schema import DataError, Fault

PER = 100_000
GOOD, LOW = 20, 5

Array: TypeAlias = NDArray[np.float64]


def crude_rate(count: pd.Series, person_years: pd.Series, *, level: float = 0.95) -> pd.DataFrame:
    """Divide counts by person-years, with exact Poisson intervals.

    Parameters
    ----------
    count
        Whole numbers; missing = no data.
    person_years
        Exposure on the same index; missing or zero = no rate.
    level
        Coverage of the interval, which is two-sided also at zero.

    Returns
    -------
    DataFrame
        On the same index: ``rate``, ``low``, ``high`` per 100,000 person-years.
        A count of zero has rate 0 and low 0.

    Raises
    ------
    DataError
        For negative or fractional counts, negative exposures, unequal indexes
        or a level outside 0 to 1.

    Notes
    -----
    Garwood (1936): the limits are gamma quantiles, ``G(count, (1 - level) / 2)``
    and ``G(count + 1, (1 + level) / 2)``. Coverage is never below `level`.
    """
    demand_counts(count, person_years, level=level)
    y, n = numbers(count), exposure(person_years)
    low, high = _exact_interval(y, level)
    table = {"rate": y / n * PER, "low": low / n * PER, "high": high / n * PER}
    return pd.DataFrame(table, index=count.index)


def smoothed_rate(
    count: pd.Series,
    person_years: pd.Series,
    *,
    prior: pd.Series | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Draw rates towards the mean of their prior group, the more the fewer person-years.

    Parameters
    ----------
    count, person_years, level
        As in `crude_rate`.
    prior
        Prior group of each unit, on the same index (for example its
        department); None = one group for all.

    Returns
    -------
    DataFrame
        On the same index: ``smoothed_rate``, ``smoothed_low``,
        ``smoothed_high`` per 100,000 person-years. A unit without data stays
        without: it is not given its neighbours' rate.

    Raises
    ------
    DataError
        As `crude_rate`; also for a unit with data but no prior group.

    Notes
    -----
    Gamma-Poisson with the moments of Marshall (1991): in a group of m units,
    ``b = Σy / Σn`` and ``a = Σn(y/n - b)² / Σn - b / (Σn / m)``, set to zero
    where negative. The posterior of a unit is gamma with shape ``y + b²/a`` and
    rate ``n + b/a``; its mean is ``w·y/n + (1 - w)·b``, ``w = a / (a + b/n)``.

    Where a is zero the units of a group differ no more than chance makes them:
    the posterior is the point b, and its quantiles would claim certainty. What
    is left unknown is b itself, so the interval is the exact one of the group's
    own count. Elsewhere the interval takes the prior as known, so it is too
    narrow in groups of few units. Simulated coverage of a 95 % interval: about
    95 % for 262 units in one group, 91 % for 19, 87 % for 10 (true rates with a
    standard deviation of half their mean), and below 80 % for 10 to 19 units
    whose true rates differ little.
    """
    group = pd.Series(0, index=count.index) if prior is None else prior
    demand_counts(count, person_years, level=level)
    y, n = numbers(count), exposure(person_years)
    known = ~np.isnan(y / n)
    _demand_prior(group, count.index, known)
    codes, _ = pd.factorize(group[known])
    table = np.full((len(y), 3), np.nan)
    table[known] = np.column_stack(_posterior(y[known], n[known], codes, level)) * PER
    names = ["smoothed_rate", "smoothed_low", "smoothed_high"]
    return pd.DataFrame(table, index=count.index, columns=names)


def reliability(count: pd.Series) -> pd.Series:
    """Class counts by how much they can carry.

    Returns
    -------
    Series
        ``good`` (20 or more counted), ``low`` (5-19), ``very_low`` (0-4) or
        ``none`` (no data): the United States' National Center for Health
        Statistics calls rates on fewer than 20 deaths unreliable.
    """
    y = numbers(count)
    classes = np.select([y >= GOOD, y >= LOW, y >= 0], ["good", "low", "very_low"], "none")
    return pd.Series(classes, index=count.index, name="reliability")


def numbers(column: pd.Series) -> Array:
    """Return a column of any number type as floats, missing as NaN."""
    return column.to_numpy(dtype=float, na_value=np.nan)


def exposure(person_years: pd.Series) -> Array:
    """Return person-years as floats; none at all is as good as unknown: there is no rate."""
    n = numbers(person_years)
    return np.where(n > 0, n, np.nan)


def count_faults(count: pd.Series, person_years: pd.Series, *, argument: str = "") -> list[Fault]:
    """Return what is wrong with counts and their exposures.

    Parameters
    ----------
    count, person_years
        As in `crude_rate`.
    argument
        How messages call the frame they come from, for example ``before``.
    """
    name = f"{argument} " if argument else ""
    y, n = numbers(count), numbers(person_years)
    faults = []
    if not count.index.equals(person_years.index):
        faults.append(Fault("unequal_rows", first=f"{name}count", second=f"{name}person_years"))
    bad = (y < 0) | (np.isfinite(y) & (y != np.round(y))) | np.isinf(y)
    if bad.any():
        unit = count.index[bad][0]
        faults.append(Fault("not_a_count", argument=f"{name}count", row=unit, value=y[bad][0]))
    bad = (n < 0) | np.isinf(n)
    if bad.any():
        unit = person_years.index[bad][0]
        argument = f"{name}person_years"
        faults.append(Fault("not_an_exposure", argument=argument, row=unit, value=n[bad][0]))
    return faults


def level_faults(level: float, *, argument: str = "level") -> list[Fault]:
    """Return the fault of a share that is not between 0 and 1."""
    return [] if 0 < level < 1 else [Fault("not_a_share", argument=argument, value=level)]


def demand_counts(count: pd.Series, person_years: pd.Series, *, level: float) -> None:
    """Raise every fault of counts, exposures and level at once."""
    faults = count_faults(count, person_years) + level_faults(level)
    if faults:
        raise DataError(*faults)


def _exact_interval(y: Array, level: float) -> tuple[Array, Array]:
    """Return Garwood's limits of the expected count."""
    tail = (1 - level) / 2
    low = np.where(y == 0, 0.0, gammaincinv(np.where(y == 0, 1.0, y), tail))
    return low, gammaincinv(y + 1, 1 - tail)


def _posterior(
    y: Array, n: Array, codes: NDArray[np.intp], level: float
) -> tuple[Array, Array, Array]:
    """Return mean and limits of each unit's posterior, per person-year."""
    tail = (1 - level) / 2
    sum_y, sum_n = np.bincount(codes, weights=y), np.bincount(codes, weights=n)
    units = np.bincount(codes)
    mean = sum_y / sum_n
    spread = np.bincount(codes, weights=n * (y / n - mean[codes]) ** 2) / sum_n
    variance = np.maximum(spread - mean * units / sum_n, 0)
    alike = (variance <= mean**2 * 1e-9)[codes]  # so small that b²/a would overflow
    group_low, group_high = (limit / sum_n for limit in _exact_interval(sum_y.astype(float), level))
    a = np.where(alike, 1.0, variance[codes])
    b = mean[codes]
    shape, scale = y + np.where(alike, 1.0, b**2 / a), n + np.where(alike, 0.0, b / a)
    centre = np.where(alike, b, shape / scale)
    low = np.where(alike, group_low[codes], gammaincinv(shape, tail) / scale)
    high = np.where(alike, group_high[codes], gammaincinv(shape, 1 - tail) / scale)
    # A gamma law of very small shape has its mean above its upper quantile.
    return centre, np.minimum(low, centre), np.maximum(high, centre)


def _demand_prior(group: pd.Series, index: pd.Index, known: NDArray[np.bool_]) -> None:
    if not group.index.equals(index):
        raise DataError(Fault("unequal_rows", first="count", second="prior"))
    without = group.isna().to_numpy() & known
    if without.any():
        raise DataError(Fault("no_prior_group", row=index[without][0]))
