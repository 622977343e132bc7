"""Detectable changes: printed oracles, the shipped table against a new computation, limits."""

from __future__ import annotations

import time

import numpy as np
import pytest

from territory.measures import power as powers


def falls(expected, ratio=1.0, **choices):
    """Return detectable falls for several expected counts."""
    expected = np.asarray(expected, dtype=float)
    return powers.detectable_ratios(expected, np.full(len(expected), ratio), **choices)[0]


def test_detectable_falls_as_printed():
    """Exact conditional test, equal windows, 5 %, power 80 %."""
    found = falls([5, 10, 20, 50, 100, 200])

    assert np.isnan(found[0])
    assert found[1:].round(3).tolist() == [0.075, 0.27, 0.501, 0.634, 0.735]


def test_shipped_table_is_what_the_function_computes():
    """Three nodes of the file, computed anew."""
    counts, exposures = np.array([12.0, 90.0]), powers.EXPOSURES[[8, 14]]

    fresh = powers.detectable_table(exposures=exposures, counts=counts)
    shipped = [falls(counts, float(k)) for k in exposures]

    assert np.exp(-fresh[0]) == pytest.approx(np.array(shipped), abs=2e-5)


def test_power_at_the_detectable_fall_is_four_in_five():
    """Between the nodes, too: 37.5 expected and windows of 24 and 21 months."""
    fall, rise = powers.detectable_ratios(np.array([37.5]), np.array([21 / 24]))

    assert powers.power(37.5, 21 / 24, float(fall[0])) == pytest.approx(0.8, abs=0.01)
    assert powers.power(37.5, 21 / 24, float(rise[0])) == pytest.approx(0.8, abs=0.01)


def test_power_is_that_of_simulated_counts():
    """Forty thousand draws of 30 before and 15 after."""
    from territory.measures.exact import exact_p

    random = np.random.default_rng(4)
    y0, y1 = random.poisson(30.0, 40_000), random.poisson(15.0, 40_000)
    p = exact_p(y1.astype(float), (y0 + y1).astype(float), np.full(40_000, 0.5))

    assert powers.power(30, 1, 0.5) == pytest.approx((p < 0.05).mean(), abs=0.01)


def test_more_deaths_detect_smaller_changes():
    """Falls come nearer to one as the expected count grows, beyond the table too."""
    found = falls(np.geomspace(10, 50_000, 40))

    assert (np.diff(found) > 0).all()
    assert found[-1] == pytest.approx(np.exp(-2.8016 * np.sqrt(2 / 50_000)), abs=2e-3)


def test_nothing_expected_detects_nothing():
    """No count, no exposure or an eightfold difference of windows: nothing is said."""
    found = powers.detectable_ratios(
        np.array([0.0, np.nan, 50, 50]), np.array([1.0, 1.0, np.nan, 40.0])
    )

    assert np.isnan(found).all()


def test_over_dispersion_costs_counts():
    """Eighty under phi 4 detect what twenty do."""
    assert falls([80], phi=4.0) == pytest.approx(falls([20]))


def test_thousands_of_rows_take_a_moment():
    """Brazil's 5,570 municipalities in well under a second."""
    random = np.random.default_rng(1)
    counts = random.lognormal(2, 1.5, 5570).round()
    falls([10])
    began = time.perf_counter()

    powers.detectable_ratios(counts, random.uniform(0.5, 2, 5570))

    assert time.perf_counter() - began < 0.5
