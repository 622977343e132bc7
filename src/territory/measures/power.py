"""How large a change must be before a comparison of two counts would probably see it."""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, gammaln, ndtri, stdtrit, xlogy

from territory.measures.exact import exact_p

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.measures.rates import Array

POWER, ALPHA = 0.8, 0.05
# Nodes of the table of detectable ratios: expected counts before, and ratios of exposures.
COUNTS = np.array(
    [
        *range(1, 41),
        45,
        50,
        60,
        70,
        80,
        90,
        100,
        120,
        150,
        200,
        250,
        300,
        400,
        500,
        700,
        1000,
        1500,
        2000,
        3000,
        5000,
    ],
    dtype=float,
)
EXPOSURES = 2.0 ** (np.arange(-12, 13) / 4)


def detectable_ratios(
    expected: Array, exposure_ratio: Array, *, phi: Array | float = 1.0
) -> tuple[Array, Array]:
    """Return the rate ratios nearest to 1 that the exact test would see four times in five.

    Parameters
    ----------
    expected
        Expected count before, for example the one observed.
    exposure_ratio
        Person-years after over person-years before.
    phi
        Over-dispersion: a count carries as much as ``count / phi``.

    Returns
    -------
    fall, rise
        The largest ratio below 1 and the smallest above 1 at which the exact
        conditional test (two-sided, 5 %) has a power of 80 %. Missing where no
        fall is large enough (fewer than about eight expected in equal windows),
        or nothing was expected.

    Notes
    -----
    Power is summed over both Poisson laws. The values at `COUNTS` by `EXPOSURES`
    were computed once (`detectable_table`); between them ``log ratio`` is
    interpolated, beyond the largest count ``log ratio`` shrinks with its square root;
    beyond an eightfold difference of exposure nothing is said.
    """
    m = np.asarray(expected / phi, dtype=float)
    k = np.asarray(exposure_ratio, dtype=float)
    fall, rise = (_interpolated(table, m, k) for table in _shipped())
    return np.exp(-fall), np.exp(rise)


def detectable_effect(spread: float, df: float) -> tuple[float, float]:
    """Return the ratios nearest to 1 that a design would see four times in five.

    Parameters
    ----------
    spread
        Standard error of the logarithm of the estimated ratio.
    df
        Degrees of freedom of Student's law behind its interval; infinite = normal.

    Returns
    -------
    fall, rise
        The ratio below 1 and the one above at which a two-sided test at 5 % has a power
        of 80 %: ``log ratio = (t(0.975) + t(0.8)) * spread`` (Bloom 1995).
    """
    if not math.isfinite(spread) or df <= 0:
        return math.nan, math.nan
    levels = (1 - ALPHA / 2, POWER)
    reach = sum(float(ndtri(p) if math.isinf(df) else stdtrit(df, p)) for p in levels)
    return math.exp(-reach * spread), math.exp(reach * spread)


def power(expected: float, exposure_ratio: float, ratio: float, *, alpha: float = ALPHA) -> float:
    """Return the power of the exact conditional test at a true rate ratio."""
    tests = _Tests(exposure_ratio, alpha)
    return float(tests.power(np.array([expected]), np.array([ratio]))[0])


def detectable_table(*, exposures: Array = EXPOSURES, counts: Array = COUNTS) -> Array:
    """Compute ``|log ratio|`` detectable at every node: falls, then rises.

    Returns
    -------
    array
        Shape 2, exposures, counts; missing where no fall is detectable.
    """
    table = np.empty((2, len(exposures), len(counts)))
    for row, exposure in enumerate(exposures):
        tests = _Tests(float(exposure), ALPHA)
        table[0, row] = _search(tests, counts, falls=True)
        table[1, row] = _search(tests, counts, falls=False)
    return table


class _Tests:
    """The exact test at one ratio of exposures: where it rejects, for each total count."""

    def __init__(self, exposure_ratio: float, alpha: float) -> None:
        self.k = exposure_ratio
        self.share = exposure_ratio / (1 + exposure_ratio)
        self.alpha = alpha
        self._bounds: dict[float, tuple[float, float]] = {}

    def power(self, m0: Array, ratio: Array) -> Array:
        """Return the probability of rejection at each expected count and true ratio."""
        return np.array([self._power(m, r) for m, r in zip(m0, ratio, strict=True)])

    def _power(self, m0: float, ratio: float) -> float:
        mean = m0 * (1 + self.k * ratio)
        reach = 6 * np.sqrt(mean) + 8
        step = max(1, int(reach / 150))  # power hardly differs between neighbouring totals
        total = np.arange(max(1, np.floor(mean - reach)), mean + reach, step)
        weight = np.exp(xlogy(total, mean) - mean - gammaln(total + 1)) * step
        low, high = self._rejection(total)
        share = self.k * ratio / (1 + self.k * ratio)
        below = np.where(low >= 0, betainc(total - low, low + 1, 1 - share), 0.0)
        above = np.where(
            high <= total, betainc(np.maximum(high, 1), np.maximum(total - high, 0) + 1, share), 0.0
        )
        return float(weight @ (below + above))

    def _rejection(self, total: Array) -> tuple[Array, Array]:
        new = np.array([n for n in total if n not in self._bounds])
        if len(new):
            low = self._outermost(new, self.share)
            high = new - self._outermost(new, 1 - self.share)
            self._bounds |= dict(zip(new, zip(low, high, strict=True), strict=True))
        found = np.array([self._bounds[n] for n in total])
        return found[:, 0], found[:, 1]

    def _outermost(self, total: Array, share: float) -> Array:
        """Return the largest count below the mean that is rejected, or -1."""
        low, high = np.full(len(total), -1.0), np.floor(total * share)
        while (low < high).any():  # p rises up to the peak
            middle = np.ceil((low + high) / 2)
            rejected = exact_p(np.maximum(middle, 0), total, np.full(len(total), share))
            inside = (rejected < self.alpha) & (middle >= 0)
            low, high = np.where(inside, middle, low), np.where(inside, high, middle - 1)
        return low


def _search(tests: _Tests, counts: Array, *, falls: bool) -> Array:
    """Return the smallest ``|log ratio|`` with enough power at each count, by bisection."""
    sign = -1.0 if falls else 1.0
    found = np.full(len(counts), np.nan)
    for position, m in enumerate(counts):
        if falls and tests.power(np.array([m]), np.array([1e-9]))[0] < POWER:
            continue
        low, high = 0.0, 25.0 if falls else 8.0
        while high - low > 1e-5:
            middle = (low + high) / 2
            enough = tests.power(np.array([m]), np.exp([sign * middle]))[0] >= POWER
            low, high = (low, middle) if enough else (middle, high)
        found[position] = high
    return found


@cache
def _shipped() -> Array:
    source = files("territory.measures").joinpath("detectable.csv")
    with source.open(encoding="utf-8") as lines:
        table = np.genfromtxt(lines, delimiter=",", filling_values=np.nan)
    return table.reshape(2, len(EXPOSURES), len(COUNTS))


def _interpolated(table: Array, m: Array, k: Array) -> Array:
    """Return ``|log ratio|`` between the nodes: linear in the logarithms of both arguments."""
    counts, exposures = np.log(COUNTS), np.log(EXPOSURES)
    with np.errstate(divide="ignore", invalid="ignore"):
        x, y = np.log(m), np.log(k)
    known = (x >= 0) & (y >= exposures[0]) & (y <= exposures[-1])
    shrunk = np.exp(-np.maximum(x - counts[-1], 0) / 2)  # the law of large counts
    x, y = (np.where(known, np.minimum(x, counts[-1]), 0), np.where(known, y, 0))
    column, right = _place(x, counts)
    row, down = _place(y, exposures)
    value = np.zeros(len(x))
    for rows, vertical in ((row, 1 - down), (row + 1, down)):
        for columns, across in ((column, 1 - right), (column + 1, right)):
            weight = np.round(vertical * across, 9)
            # A node of no weight may be missing.
            value += np.where(weight > 0, weight * table[rows, columns], 0)
    return np.where(known, value * shrunk, np.nan)


def _place(values: Array, nodes: Array) -> tuple[NDArray[np.intp], Array]:
    """Return the node below each value, and how far along it lies to the next."""
    below = np.clip(np.searchsorted(nodes, values, "right") - 1, 0, len(nodes) - 2)
    return below, (values - nodes[below]) / np.diff(nodes)[below]
