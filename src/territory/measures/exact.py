"""Two Poisson counts: exact test and interval of their ratio, and the more powerful E-test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, betaincinv, gammaln, ndtr, ndtri, xlog1py, xlogy

if TYPE_CHECKING:
    from territory.measures.rates import Array

# Beyond so many counted on a side the E-test is not enumerated: it equals its score test there.
ENUMERATED = 500


def ratio_interval(
    y0: Array, y1: Array, n0: Array, n1: Array, *, level: float = 0.95, phi: Array | float = 1.0
) -> tuple[Array, Array]:
    """Return the exact conditional limits of the rate ratio ``(y1/n1) / (y0/n0)``.

    The limits of Clopper and Pearson (1934) for the share of ``y1`` in the
    sum, turned into a ratio. Zero before has no upper limit (infinite), zero
    after the lower limit 0.

    Parameters
    ----------
    y0, y1, n0, n1
        Counts and exposures, before and after.
    level
        Coverage.
    phi
        Over-dispersion. Counts that vary `phi` times as much as a Poisson law
        carry as much as ``count / phi`` independent ones: the limits are those
        of the divided counts.
    """
    tail = (1 - level) / 2
    scale = n0 / n1
    y0, y1 = y0 / phi, y1 / phi
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


def smallest_p(total: Array, share: Array) -> Array:
    """Return the smallest p that any split of the total could reach: one of the two ends."""
    with np.errstate(invalid="ignore"):
        ends = exact_p(np.zeros_like(total), total, share), exact_p(total, total, share)
    return np.fmin(*ends)


def scaled_p(p: Array, phi: Array | float) -> Array:
    """Return p-values whose normal deviate is divided by the square root of `phi`."""
    shrunk: Array = np.where(np.asarray(phi) == 1, p, 2 * ndtr(ndtri(p / 2) / np.sqrt(phi)))
    return shrunk


def e_test_p(y0: Array, y1: Array, n0: Array, n1: Array) -> Array:
    """Return two-sided p-values of the E-test for equal rates.

    The probability, under the pooled rate, of a difference of rates as many
    standard errors from zero as the one observed, summed over both Poisson
    laws (Krishnamoorthy and Thomson 2004). It does not condition on the sum of
    the counts and so detects more than the exact conditional test where both
    are small; it may exceed its level by a little.

    Parameters
    ----------
    y0, y1, n0, n1
        Counts and exposures, before and after. A side with more than
        `ENUMERATED` is answered by the score test, which it equals there.

    Returns
    -------
    array
        Missing where a value is missing or both counts are zero.
    """
    p = np.full(len(y0), np.nan)
    for row in np.flatnonzero((y0 + y1 > 0) & np.isfinite(n0 + n1)):
        a, b, n, m = y0[row], y1[row], n0[row], n1[row]
        p[row] = _score_p(a, b, n, m) if max(a, b) > ENUMERATED else _summed_p(a, b, n, m)
    return p


def _summed_p(y0: float, y1: float, n0: float, n1: float) -> float:
    pooled = (y0 + y1) / (n0 + n1)
    grids, chances = [], []
    for mean in (pooled * n0, pooled * n1):
        reach = 10 * np.sqrt(mean) + 20  # what lies beyond weighs less than 1e-12
        grid = np.arange(max(0, np.floor(mean - reach)), np.ceil(mean + reach))
        grids.append(grid)
        chances.append(np.exp(xlogy(grid, mean) - mean - gammaln(grid + 1)))
    rate0, rate1 = grids[0][:, None] / n0, grids[1][None, :] / n1
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(rate1 - rate0) / np.sqrt(rate0 / n0 + rate1 / n1)
        seen = abs(y1 / n1 - y0 / n0) / np.sqrt(y0 / n0**2 + y1 / n1**2)
    extreme = np.nan_to_num(t, nan=0.0, posinf=np.inf) >= seen * (1 - 1e-12)
    return float(min(chances[0] @ extreme @ chances[1], 1.0))


def _score_p(y0: float, y1: float, n0: float, n1: float) -> float:
    pooled = (y0 + y1) / (n0 + n1)
    z = abs(y1 / n1 - y0 / n0) / np.sqrt(pooled * (1 / n0 + 1 / n1))
    return float(2 * ndtr(-z))


def _lower_odds(k: Array, other: Array, tail: float) -> Array:
    """Return the lower Clopper-Pearson limit of k's share of ``k + other``, as odds."""
    # The upper count is one whole case more, also where counts are divided by phi.
    share: Array = np.where(k == 0, 0.0, betaincinv(np.where(k == 0, 1.0, k), other + 1, tail))
    return share / (1 - share)


def _log_probability(k: Array, total: Array, share: Array) -> Array:
    ways = gammaln(total + 1) - gammaln(k + 1) - gammaln(total - k + 1)
    chance: Array = ways + xlogy(k, share) + xlog1py(total - k, -share)
    return chance
