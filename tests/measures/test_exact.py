"""E-test, scaled p, and what over-dispersion does to intervals."""

from __future__ import annotations

import numpy as np
import pytest

from territory.measures.exact import e_test_p, exact_p, ratio_interval, scaled_p


def columns(*values):
    """Return one array of floats a value."""
    return tuple(np.array([float(value)]) for value in values)


def test_e_test_is_that_of_the_papers():
    """6 against 2 in equal windows: 0.1748748 in ptools, scipy and statsmodels."""
    assert round(float(e_test_p(*columns(6, 2, 1, 1))[0]), 7) == 0.1748748


def test_e_test_agrees_with_statsmodels():
    """Unequal windows and counts up to fifty (scipy's loses the observed point to rounding)."""
    from statsmodels.stats.rates import test_poisson_2indep as poisson_test

    random = np.random.default_rng(3)
    for _ in range(20):
        y0, y1 = random.integers(1, 50, 2)
        n0, n1 = random.uniform(0.5, 3, 2)
        wanted = poisson_test(int(y1), n1, int(y0), n0, method="etest-wald").pvalue
        assert wanted == pytest.approx(float(e_test_p(*columns(y0, y1, n0, n1))[0]), abs=1e-9)


def test_e_test_of_large_counts_is_the_score_test():
    """Beyond five hundred a side nothing is enumerated, and the two tests agree."""
    y0, y1, n0, n1 = columns(900, 1000, 1, 1)

    assert float(e_test_p(y0, y1, n0, n1)[0]) == pytest.approx(
        float(exact_p(y1, y0 + y1, np.array([0.5]))[0]), rel=0.1
    )


def test_e_test_says_nothing_of_nothing():
    """Both zero, or a missing exposure: no p."""
    assert np.isnan(e_test_p(*columns(0, 0, 1, 1))).all()
    assert np.isnan(e_test_p(*columns(5, 1, np.nan, 1))).all()


def test_dispersion_of_one_changes_nothing():
    """Phi 1 leaves p and interval as they are."""
    p = np.array([0.5, 0.01, 1.0])

    assert scaled_p(p, 1.0).tolist() == p.tolist()
    assert ratio_interval(*columns(20, 10, 1, 1)) == ratio_interval(*columns(20, 10, 1, 1), phi=1.0)


def test_dispersion_divides_the_normal_deviate():
    """A p of 0.05 under phi 4 is that of half of 1.96."""
    assert round(float(scaled_p(np.array([0.05]), 4.0)[0]), 3) == 0.327


def test_dispersion_four_is_a_quarter_of_the_count():
    """Eighty and forty under phi 4 are as wide as twenty and ten; zero keeps its bound."""
    wide = ratio_interval(*columns(80, 40, 1, 1), phi=4.0)

    assert wide == ratio_interval(*columns(20, 10, 1, 1))
    assert ratio_interval(*columns(12, 0, 1, 1), phi=4.0)[0] == 0
