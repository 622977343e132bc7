"""Before and after, row by row: rate ratio, exact interval, p, and q over all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import betainc, betaincinv, gammaln, xlog1py, xlogy

from territory.evidence.schema import DataError, Fault
from territory.measures.rates import (
    PER,
    Array,
    count_faults,
    exposure,
    level_faults,
    numbers,
    reliability,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHANGES = ("fell_firm", "fell", "same", "rose", "rose_firm", "too_few", "no_data")


def comparison(
    before: pd.DataFrame, after: pd.DataFrame, *, level: float = 0.95, fdr: float = 0.05
) -> pd.DataFrame:
    """Compare two windows by any grouping.

    Parameters
    ----------
    before, after
        `totals` of the two windows, on the same index.
    level
        Coverage of the intervals; a row whose p is below ``1 - level`` fell or rose.
    fdr
        Share of false alarms allowed among the changes called firm.

    Returns
    -------
    DataFrame
        On the same index, named ``unit``: ``count_before``, ``count_after``,
        ``person_years_before``, ``person_years_after``, ``rate_before``,
        ``rate_after``, ``rate_difference`` (per 100,000 person-years),
        ``rate_ratio`` (after over before), ``ratio_low``, ``ratio_high``,
        ``p_value``, ``q_value``, ``change``, ``reliability`` (of the two counts
        together).

        ``change`` is ``no_data`` where a count or an exposure is missing;
        ``too_few`` where no split of the total count between the windows could
        reach ``p < 1 - level``; else ``fell`` or ``rose`` where p does, with
        ``_firm`` where also ``q < fdr``; else ``same`` (cannot be told apart).

    Raises
    ------
    DataError
        For negative or fractional counts, negative exposures, unequal or
        repeated rows, or a `level` or `fdr` outside 0 to 1.

    Notes
    -----
    Given their sum N, the count after is binomial with share n₁r / (n₀ + n₁r)
    under rate ratio r. The test of r = 1 is exact, two-sided by minimum
    likelihood (`exact_p`); the interval is Clopper and Pearson's, which puts
    half of ``1 - level`` in each tail. The two may disagree at the margin: a
    p just below 0.05 beside an interval that just includes 1, or the reverse.

    Zero before: no ratio (missing); its lower bound stands, the upper is
    infinite. Zero after: ratio 0 with an upper bound. Both zero: no ratio, 0 to
    infinity, no p; nothing is known about the change. One-sided bounds use the
    same half of ``1 - level``, so that swapping the windows inverts them.
    """
    _demand_totals(before, after, level=level, fdr=fdr)
    y0, y1 = numbers(before["count"]), numbers(after["count"])
    n0, n1 = exposure(before["person_years"]), exposure(after["person_years"])
    with np.errstate(divide="ignore", invalid="ignore"):
        rate0, rate1 = y0 / n0 * PER, y1 / n1 * PER
        ratio = np.where(y0 > 0, rate1 / rate0, np.nan)
    low, high = ratio_interval(y0, y1, n0, n1, level=level)
    share = n1 / (n0 + n1)
    p = exact_p(y1, y0 + y1, share)
    q = q_value(p)
    columns = {
        "count_before": y0,
        "count_after": y1,
        "person_years_before": numbers(before["person_years"]),
        "person_years_after": numbers(after["person_years"]),
        "rate_before": rate0,
        "rate_after": rate1,
        "rate_difference": rate1 - rate0,
        "rate_ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
        "p_value": p,
        "q_value": q,
    }
    table = pd.DataFrame(columns, index=before.index.rename("unit"))
    can_tell = _smallest_p(y0 + y1, share) < _alpha(level)
    table["change"] = _change(table, can_tell, alpha=_alpha(level), fdr=fdr)
    table["reliability"] = reliability(table["count_before"] + table["count_after"])
    table.loc[table["change"] == "no_data", "reliability"] = "none"
    return table


def ratio_interval(
    y0: Array, y1: Array, n0: Array, n1: Array, *, level: float = 0.95
) -> tuple[Array, Array]:
    """Return the exact conditional limits of the rate ratio ``(y1/n1) / (y0/n0)``.

    The limits of Clopper and Pearson (1934) for the share of ``y1`` in the
    sum, turned into a ratio. Zero before has no upper limit (infinite), zero
    after the lower limit 0.
    """
    tail = (1 - level) / 2
    scale = n0 / n1
    with np.errstate(divide="ignore"):
        # The upper odds are the inverse of the lower odds of the windows swapped.
        return scale * _lower_odds(y1, y0, tail), scale / _lower_odds(y0, y1, tail)


def exact_p(k: Array, total: Array, share: Array) -> Array:
    """Return two-sided binomial p-values by minimum likelihood.

    The sum of the probabilities of all outcomes no likelier than the one
    observed, as in R's ``binom.test``. Missing where a total is zero or missing.

    The binomial law has one peak, so the outcomes on the far side are a tail,
    whose end is found by bisection and whose probability is a beta integral: no
    sum over outcomes, whatever the counts.

    Parameters
    ----------
    k
        Outcome observed, 0 to `total`.
    total
        Number of trials.
    share
        Probability of success under the hypothesis.
    """
    known = (total > 0) & np.isfinite(share)
    p = np.full(len(k), np.nan)
    k, total, share = k[known], total[known], share[known]
    # Seen from the other side where the outcome lies above the peak.
    flip = k > np.floor((total + 1) * share)
    k, share = np.where(flip, total - k, k), np.where(flip, 1 - share, share)
    bound = _log_probability(k, total, share) + 1e-7  # equal but for rounding
    near, far = np.maximum(np.floor((total + 1) * share), k + 1), total + 1
    while (near < far).any():
        middle = np.floor((near + far) / 2)
        unlikely = _log_probability(np.minimum(middle, total), total, share) <= bound
        searching = near < far
        far = np.where(searching & unlikely, middle, far)
        near = np.where(searching & ~unlikely, middle + 1, near)
    below = np.where(k < total, betainc(np.maximum(total - k, 1), k + 1, 1 - share), 1.0)
    above = np.where(far <= total, betainc(far, np.maximum(total - far, 0) + 1, share), 0.0)
    p[known] = np.minimum(below + above, 1.0)
    return p


def q_value(p: Array) -> Array:
    """Return Benjamini and Hochberg's q for each p; rows without a p do not count."""
    q: Array = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known])]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    np.maximum(q, p, out=q)  # rounding must not put q below p
    return q


def _alpha(level: float) -> float:
    return round(1 - level, 12)


def _lower_odds(k: Array, other: Array, tail: float) -> Array:
    """Return the lower Clopper-Pearson limit of k's share of ``k + other``, as odds."""
    share: Array = np.where(k == 0, 0.0, betaincinv(np.where(k == 0, 1.0, k), other + 1, tail))
    return share / (1 - share)


def _log_probability(k: Array, total: Array, share: Array) -> Array:
    ways = gammaln(total + 1) - gammaln(k + 1) - gammaln(total - k + 1)
    chance: Array = ways + xlogy(k, share) + xlog1py(total - k, -share)
    return chance


def _smallest_p(total: Array, share: Array) -> Array:
    """Return the smallest p that any split of the total could reach: one of the two ends."""
    with np.errstate(invalid="ignore"):
        ends = exact_p(np.zeros_like(total), total, share), exact_p(total, total, share)
    return np.fmin(*ends)


def _change(
    table: pd.DataFrame,
    can_tell: NDArray[np.bool_],
    *,
    alpha: float,
    fdr: float,
) -> NDArray[np.str_]:
    fell = table["rate_difference"] < 0
    clear = table["p_value"] < alpha
    firm = clear & (table["q_value"] < fdr)
    rules = [  # the first that holds decides
        ("no_data", table["rate_difference"].isna().to_numpy()),
        ("too_few", ~can_tell),
        ("fell_firm", (firm & fell).to_numpy()),
        ("rose_firm", (firm & ~fell).to_numpy()),
        ("fell", (clear & fell).to_numpy()),
        ("rose", (clear & ~fell).to_numpy()),
    ]
    return np.select([holds for _, holds in rules], [name for name, _ in rules], "same")


def _demand_totals(before: pd.DataFrame, after: pd.DataFrame, *, level: float, fdr: float) -> None:
    faults = level_faults(level) + level_faults(fdr, argument="fdr")
    if not before.index.equals(after.index):
        faults.append(Fault("unequal_rows", first="before", second="after"))
    if not before.index.is_unique:
        faults.append(Fault("repeated_rows", value=before.index[before.index.duplicated()][0]))
    for name, side in (("before", before), ("after", after)):
        faults += count_faults(side["count"], side["person_years"], argument=name)
    if faults:
        raise DataError(*faults)
