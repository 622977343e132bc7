"""Over-dispersion by hand and on draws with a known value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.measures.dispersion import dispersion

BEFORE, AFTER = Window.parse("2010:2011"), Window.parse("2012:2013")


def cells(rows, people=100_000.0):
    """Return a panel from four yearly counts a unit."""
    periods = pd.period_range("2010", "2013", freq="Y")
    index = pd.MultiIndex.from_product([list(rows), periods], names=["unit", "period"])
    count = np.array(list(rows.values()), dtype=float).ravel()
    return pd.DataFrame({"count": count, "person_years": people}, index=index)


def test_pearson_by_hand():
    """12, 8 and 4, 4: (2² + 2²) / 10 over two degrees of freedom."""
    row = dispersion(cells({"a": (12, 8, 4, 4)}), [BEFORE, AFTER]).loc["a"]

    assert pytest.approx(0.8) == row["x2"]
    assert row["df"] == 2
    assert pytest.approx(0.4) == row["phi"]


def test_pool_is_the_sum():
    """X2 and degrees of freedom of the units are added; places with next to none stay out."""
    table = dispersion(
        cells({"a": (12, 8, 4, 4), "b": (30, 10, 20, 20), "c": (1, 0, 0, 0)}), [BEFORE, AFTER]
    )

    assert table.loc["all", "x2"] == pytest.approx(0.8 + 10)
    assert table.loc["all", "df"] == 4


def test_groups_are_summed_first():
    """Two units that swap their counts make a steady group."""
    table = dispersion(
        cells({"a": (12, 8, 4, 4), "b": (8, 12, 4, 4)}),
        [BEFORE, AFTER],
        groups=pd.Series({"a": "g", "b": "g"}),
    )

    assert table.loc["g", "x2"] == 0


def test_a_missing_period_costs_its_degree_of_freedom():
    """No count in 2013: one period after, which says nothing of the scatter."""
    table = dispersion(cells({"a": (12, 8, 4, None)}), [BEFORE, AFTER])

    assert table.loc["a", "df"] == 1


def test_unequal_exposures_expect_unequal_counts():
    """Twice the people, twice the deaths: no over-dispersion."""
    panel = cells({"a": (10, 20, 5, 5)}).assign(person_years=[1e5, 2e5, 1e5, 1e5])

    assert dispersion(panel, [BEFORE, AFTER]).loc["a", "x2"] == pytest.approx(0)


@pytest.mark.parametrize("phi", [1.0, 3.0])
def test_known_dispersion_is_found(phi):
    """Four hundred places with a known variance."""
    random = np.random.default_rng(8)
    mean = np.full((400, 4), 40.0)
    count = random.poisson(mean) if phi == 1 else random.negative_binomial(mean / 2, 1 / phi)

    table = dispersion(cells({f"u{k}": row for k, row in enumerate(count)}), [BEFORE, AFTER])

    assert table.loc["all", "phi"] == pytest.approx(phi, rel=0.12)


def test_single_periods_are_refused():
    """One year before and one after cannot tell scatter from change."""
    with pytest.raises(DataError, match="over-dispersion"):
        dispersion(cells({"a": (1, 2, 3, 4)}), [Window.parse("2010"), Window.parse("2012")])
