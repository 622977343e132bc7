"""How counts scatter about a fit, and how much of it goes on from one period to the next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.measures.rates import Array

# What is thought possible before the series is seen, all alike: how much of a period's scatter
# the next one keeps, and the share of it that is kept at all. The rest is the chance of single
# deaths, which follows nothing. `benchmarks/coverage.py` says how well intervals do with it.
CARRIED = tuple(np.linspace(-0.9, 0.9, 19).round(2))
SHARES = (0.8, 1.0)
COURSES = np.array(list(product(CARRIED, SHARES))).T


@dataclass(frozen=True, eq=False)
class Scatter:
    """Several courses that the scatter may take, each with the credit the series gives it.

    Parameters
    ----------
    carried, share
        Of each course: two periods ``h`` apart correlate by ``share * carried ** h``.
    credit
        Of each course; they sum to one.
    dispersion
        Variance of a period's count over its expectation, under each course.
    """

    carried: Array
    share: Array
    credit: Array
    dispersion: Array

    @classmethod
    def independent(cls, dispersion: float) -> Scatter:
        """Return the scatter of counts that do not follow one another."""
        one = np.ones(1)
        return cls(0 * one, one, one, dispersion * one)

    def between(self, moments: NDArray[np.int64]) -> Array:
        """Return the covariance of the scaled residuals of every two periods, by their distance.

        Parameters
        ----------
        moments
            Ordinal of each period: periods that nobody observed still lie between.
        """
        apart = np.abs(moments[:, None] - moments)
        by_lag = _by_lag(int(apart.max()), self.carried, self.share)
        table: Array = ((self.credit * self.dispersion) @ by_lag)[apart]
        return table

    def of_spans(self, parts: Array, moments: NDArray[np.int64]) -> Array:
        """Return `between` for spans that sum periods; `parts` as `scatter_of`."""
        between = self.between(moments)
        return between if _single(parts) else parts @ between @ parts.T

    @property
    def next_kept(self) -> float:
        """Correlation of a period with the next, averaged over the courses by their credit."""
        return float(self.credit @ (self.carried * self.share))


def scatter_of(
    residuals: Array, columns: Array, parts: Array, moments: NDArray[np.int64]
) -> Scatter:
    """Weigh the courses that the scatter of a fitted series may take.

    Parameters
    ----------
    residuals
        One a span: count less expectation, over the root of its independent variance.
    columns
        Spans by terms: the columns of the fit, each row times the root of its weight.
    parts
        Spans by periods: root of the share of a span's expectation that falls in a period.
    moments
        Ordinal of each period.

    Notes
    -----
    The credit of a course is its restricted likelihood (Harville 1974), which allows for
    the terms that were fitted: residuals follow one another less than errors do. Nothing is
    settled by a test. Where the series leaves much open, so does the average.
    """
    left = len(residuals) - columns.shape[1]
    carried, share = COURSES
    whiten, size = _whiteners(parts, moments)
    # One triangle a course: of the terms, and last what they leave of the residuals.
    solved = whiten @ np.column_stack([columns, residuals])
    triangle = np.abs(np.diagonal(np.linalg.qr(solved, mode="r"), axis1=1, axis2=2))
    errors = np.maximum(triangle[:, -1] ** 2, 1e-12)
    likelihood = -size - np.log(triangle[:, :-1]).sum(axis=1) - left * np.log(errors) / 2
    credit = np.exp(likelihood - likelihood.max())
    return Scatter(carried, share, credit / credit.sum(), errors / left)


def _single(parts: Array) -> bool:
    """Tell whether every span is one period."""
    return np.array_equal(parts, np.eye(*parts.shape))


def _whiteners(parts: Array, moments: NDArray[np.int64]) -> tuple[Array, Array]:
    """Return, by course, what makes the scatter independent, and half its log determinant."""
    if _single(parts):
        return _period_whiteners(moments.tobytes())
    return _inverse_roots(parts @ _alike(moments) @ parts.T)


# Placebo dates ask the same periods some eighty times.
@lru_cache(maxsize=8)
def _period_whiteners(moments: bytes) -> tuple[Array, Array]:
    return _inverse_roots(_alike(np.frombuffer(moments, dtype=np.int64)))


def _alike(moments: NDArray[np.int64]) -> Array:
    """Return courses by periods by periods: how they correlate."""
    apart = np.abs(moments[:, None] - moments)
    table: Array = _by_lag(int(apart.max()), *COURSES)[:, apart]
    return table


def _inverse_roots(alike: Array) -> tuple[Array, Array]:
    root = np.linalg.cholesky(alike)
    return np.linalg.inv(root), np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)


def _by_lag(furthest: int, carried: Array, share: Array) -> Array:
    """Return courses by distances: how two periods so far apart correlate."""
    found: Array = share[:, None] * carried[:, None] ** np.arange(furthest + 1)
    found[:, 0] = 1
    return found
