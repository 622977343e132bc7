"""Synthetic control: known weights, ranks, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.evidence.schema import DataError
from territory.measures.effects.synthetic import synthetic_control, without_each


def countries(drop=10.0, seed=2):
    """Return rates of ten countries; the first is the mean of two others, until it drops."""
    random = np.random.default_rng(seed)
    years = range(2000, 2014)
    walk = 20 + np.cumsum(random.normal(0, 2, (14, 10)), axis=0)
    table = pd.DataFrame(walk, index=years, columns=[f"c{k}" for k in range(10)])
    table["c0"] = 0.6 * table["c1"] + 0.4 * table["c2"] + random.normal(0, 0.1, 14)
    table.loc[2012:, "c0"] -= drop
    return table


def test_known_weights_and_drop_are_found():
    """0.6 and 0.4, a fall of ten, first in the ranks."""
    people = pd.Series(1_000_000.0, index=range(2000, 2014))

    effect = synthetic_control(countries(), "c0", start=2012, population=people)

    assert effect.weights.loc["c1", "weight"] == pytest.approx(0.6, abs=0.05)
    assert effect.weights["weight"].sum() == pytest.approx(1, abs=1e-4)
    assert effect.estimate == pytest.approx(-10, abs=0.7)
    assert effect.placebo_p == 0.1
    assert effect.averted.loc["synthetic", "averted"] == pytest.approx(-20 * effect.estimate)


def test_demeaned_mix_follows_a_country_above_all_others():
    """Forty more than the mix all along: levels fail, movements do not."""
    table = countries().assign(c0=lambda frame: frame["c0"] + 40)
    levels = synthetic_control(table, "c0", start=2012, demeaned=False)

    effect = synthetic_control(table, "c0", start=2012)

    assert levels.checks["error_before"] > 20
    assert effect.checks["error_before"] < 0.5
    assert "synthetic_poor" in [note.key for note in levels.notes]


def test_the_end_of_the_event_is_kept():
    """Only 2012 is under the event; 2013 is neither before nor during."""
    effect = synthetic_control(countries(), "c0", start=2012, end=2012)

    assert effect.counterfactual["phase"].value_counts().to_dict() == {
        "before": 12, "during": 1, "after": 1,
    }  # fmt: skip


def test_incomplete_donors_are_left_out():
    """A donor without a year cannot be mixed; the country itself must have them all."""
    table = countries()
    table.loc[2003, "c9"] = np.nan

    assert "c9" not in synthetic_control(table, "c0", start=2012).placebo.index
    table.loc[2004, "c0"] = np.nan
    with pytest.raises(DataError, match="2004"):
        synthetic_control(table, "c0", start=2012)


def test_leaving_out_each_donor():
    """One row a donor that matters."""
    table = countries()
    effect = synthetic_control(table, "c0", start=2012)

    rows = without_each(table, effect, "c0", start=2012).sensitivity

    assert {"c1", "c2"} <= set(rows["value"])
    assert rows["estimate"].notna().all()


def test_it_says_that_it_settles_nothing():
    """The honest sentence is there in both languages, and no interval is claimed."""
    effect = synthetic_control(countries(), "c0", start=2012)

    assert "cannot settle" in effect.summary("en")
    assert "no pueden zanjar" in effect.summary("es")
    assert effect.as_json()["low"] is None


def test_designs_that_cannot_be_answered_are_refused():
    """Too few years, no year after, too few donors, an unknown country."""
    table = countries()
    with pytest.raises(DataError, match="start = 2005"):
        synthetic_control(table, "c0", start=2003)
    with pytest.raises(DataError, match=r"runs from 2000 to 2013.*start = 2013"):
        synthetic_control(table, "c0", start=2020)
    with pytest.raises(DataError, match="needs 5"):
        synthetic_control(table[["c0", "c1", "c2"]], "c0", start=2012)
    with pytest.raises(DataError, match="c0, c1"):
        synthetic_control(table, "SLV", start=2012)
