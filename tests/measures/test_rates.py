"""Crude and smoothed rates: known limits, cases by hand, and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.measures.panel import panel, totals
from territory.measures.rates import crude_rate, reliability, smoothed_rate

counts = st.lists(st.integers(0, 60), min_size=2, max_size=30)


def exposures(size, *, seed=0):
    """Return person-years of very different sizes."""
    return pd.Series(np.random.default_rng(seed).uniform(500, 300_000, size))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390), (20, 12.217, 30.888)],
)
def test_limits_are_those_of_the_printed_tables(count, low, high):
    """Exact 95 % limits of a Poisson count, as every table of them prints them."""
    table = crude_rate(pd.Series([count]), pd.Series([100_000]))

    assert [count, low, high] == table.loc[0, ["rate", "low", "high"]].round(3).tolist()


def test_nation_of_2011():
    """4,371 homicides among 6,237,637 people: 70.07, interval 68.0 to 72.2."""
    table = crude_rate(pd.Series([4371]), pd.Series([6_237_637]))

    assert table.loc[0].round(2).tolist() == [70.07, 68.01, 72.18]


def test_zero_missing_and_no_exposure_stay_apart():
    """Zero has rate 0 and an upper bound; no data and no exposure have neither."""
    count = pd.Series([0, None, 3, 3], index=list("wxyz"), dtype="Int64")
    table = crude_rate(count, pd.Series([1000, 1000, 0, None], index=list("wxyz")))

    assert table.loc["w", "rate"] == 0
    assert table.loc["w", "high"] > 0
    assert table.loc[["x", "y", "z"]].isna().all(axis=None)
    assert count.index.equals(table.index)


def test_reliability_follows_the_declared_rule():
    """20 or more is good, 5 to 19 low, 0 to 4 very low, no data none."""
    classes = reliability(pd.Series([20, 19, 5, 4, 0, None]))

    assert classes.tolist() == ["good", "low", "low", "very_low", "very_low", "none"]


def test_rate_does_not_depend_on_how_the_country_is_cut(board):
    """The nation's rate is the same from squares, regions or actors and nobody."""
    choice = {"outcome": "homicides", "institution": "forensic", "series": "official"}
    table = panel(board.outcomes, board.population, window=Window.parse("2010:2013"), **choice)
    cuts = [board.square, board.region, board.actor.fillna("nobody"), board.nation]

    rates = {
        round(float(crude_rate(total["count"], total["person_years"]).loc[0, "rate"]), 9)
        for total in (totals(table, cut).sum().to_frame().T for cut in cuts)
    }

    assert {round(132 / 3_900_000 * 100_000, 9)} == rates


@settings(deadline=None)
@given(counts, st.floats(0.5, 0.999))
def test_interval_contains_its_rate(values, level):
    """Low is at most the rate, the rate at most high, whatever the level."""
    table = crude_rate(pd.Series(values), exposures(len(values)), level=level)

    assert (table["low"] <= table["rate"]).all()
    assert (table["rate"] <= table["high"]).all()


def test_two_places_smoothed_by_hand():
    """0 and 10 in equal places: b = 5, a = 25 - 5 = 20, w = 20/25; so 1 and 9."""
    table = smoothed_rate(pd.Series([0, 10]), pd.Series([100_000, 100_000]))

    assert pytest.approx(table["smoothed_rate"].tolist()) == [1, 9]


def test_places_that_differ_by_chance_share_one_rate():
    """4 and 6: a = 1 - 5 < 0 becomes zero; both get 5 and the exact limits of 10 in two places."""
    table = smoothed_rate(pd.Series([4, 6]), pd.Series([100_000, 100_000]))

    assert pytest.approx(table["smoothed_rate"].tolist()) == [5, 5]
    assert pytest.approx(table["smoothed_low"].tolist(), abs=1e-3) == [4.795 / 2] * 2
    assert pytest.approx(table["smoothed_high"].tolist(), abs=1e-3) == [18.390 / 2] * 2


def test_prior_groups_do_not_mix():
    """Each group is smoothed as if it were alone."""
    count, years = pd.Series([0, 10, 4, 6, 0, 0]), pd.Series([100_000] * 6)

    table = smoothed_rate(count, years, prior=pd.Series(list("rrsstt")))

    assert pytest.approx(table["smoothed_rate"].tolist()) == [1, 9, 5, 5, 0, 0]
    assert pytest.approx(table["smoothed_high"].tolist()[4:], abs=1e-3) == [3.689 / 2] * 2


def test_unit_without_data_is_not_given_a_rate():
    """No count or no exposure: no smoothed rate, and no weight in the others'."""
    count = pd.Series([0, 10, None, 5], dtype="Int64")

    table = smoothed_rate(count, pd.Series([100_000, 100_000, 100_000, None]))

    assert pytest.approx(table["smoothed_rate"].tolist()[:2]) == [1, 9]
    assert table.loc[2:].isna().all(axis=None)


def test_nothing_at_all_is_no_fault():
    """A frame of missing values, or of no rows, is answered in kind."""
    nothing = pd.Series([None, None], dtype="float64")

    assert smoothed_rate(nothing, nothing).isna().all(axis=None)
    assert len(smoothed_rate(nothing[:0], nothing[:0])) == 0


def test_equal_risks_never_give_a_negative_rate():
    """500 countries of equal risk: the untruncated moments would go below zero in many."""
    random = np.random.default_rng(7)
    years = pd.Series(random.uniform(1_000, 100_000, 40))

    for _ in range(500):
        table = smoothed_rate(pd.Series(random.poisson(years * 1e-4)), years)
        assert (table >= 0).all(axis=None)


@settings(deadline=None)
@given(counts, st.floats(0.5, 0.999))
@example([50, *[0] * 400], 0.5)  # so uneven that the mean lies outside the gamma quantiles
def test_smoothed_lies_between_crude_and_prior_mean(values, level):
    """Shrinking moves towards the group's rate and never past it; the interval holds it."""
    count, years = pd.Series(values), exposures(len(values))
    crude = crude_rate(count, years)["rate"]
    mean = count.sum() / years.sum() * 100_000

    table = smoothed_rate(count, years, level=level)

    slack = 1e-9 * (1 + mean + crude)
    assert (table["smoothed_rate"] >= np.minimum(crude, mean) - slack).all()
    assert (table["smoothed_rate"] <= np.maximum(crude, mean) + slack).all()
    assert (table["smoothed_low"] <= table["smoothed_rate"]).all()
    assert (table["smoothed_rate"] <= table["smoothed_high"]).all()


def simulated(seed):
    """Return 262 made-up places: true rates (gamma, mean 60, sd 30), counts, person-years."""
    random = np.random.default_rng(seed)
    years = pd.Series(random.uniform(1_000, 40_000, 262))
    truth = random.gamma(4, 15, 262)
    return truth, pd.Series(random.poisson(truth * years / 100_000)), years


def test_smoothing_is_nearly_as_good_as_knowing_the_prior():
    """Error below that of crude rates, and within a tenth of that of the true prior."""
    truth, count, years = simulated(3)
    rates = {
        "smoothed": smoothed_rate(count, years)["smoothed_rate"],
        "crude": crude_rate(count, years)["rate"],
        "ideal": (count + 4) / (years / 100_000 + 1 / 15),
    }

    error = {name: ((rate - truth) ** 2).mean() for name, rate in rates.items()}

    assert error["smoothed"] < error["crude"]
    assert error["smoothed"] < 1.1 * error["ideal"]


def test_smoothed_interval_holds_its_level_in_a_large_group():
    """Over sixty countries of 262 places, 95 % intervals hold the truth 93 to 97 times in 100."""
    held = []
    for seed in range(60):
        truth, count, years = simulated(seed)
        table = smoothed_rate(count, years)
        held.append(((table["smoothed_low"] <= truth) & (truth <= table["smoothed_high"])).mean())

    assert 0.93 <= np.mean(held) <= 0.97


def test_every_fault_is_told_at_once():
    """A negative count, half a homicide's place, a negative exposure and a wild level."""
    with pytest.raises(DataError) as error:
        crude_rate(pd.Series([-1, 2]), pd.Series([5, -5]), level=95)

    message = str(error.value)
    assert "-1" in message
    assert "-5" in message
    assert "95" in message
    assert len(error.value.render("es").splitlines()) == 3


@pytest.mark.parametrize("value", [0.5, float("inf")])
def test_fractions_and_infinities_are_no_counts(value):
    """A count is a whole number."""
    with pytest.raises(DataError, match="not a count"):
        crude_rate(pd.Series([value]), pd.Series([1000]))


def test_unequal_indexes_are_refused():
    """Rows that do not match would be divided by someone else's people."""
    with pytest.raises(DataError, match="same rows"):
        crude_rate(pd.Series([1], index=["a"]), pd.Series([1000], index=["b"]))
    with pytest.raises(DataError, match="same rows"):
        smoothed_rate(pd.Series([1]), pd.Series([1000]), prior=pd.Series(["r"], index=["b"]))


def test_unit_without_prior_group_is_refused():
    """A unit with data needs a group to be drawn to; one without data does not."""
    years = pd.Series([1000, 1000])

    with pytest.raises(DataError, match="no prior group"):
        smoothed_rate(pd.Series([1, 2]), years, prior=pd.Series(["r", None]))
    smoothed_rate(pd.Series([1, None]), years, prior=pd.Series(["r", None]))
