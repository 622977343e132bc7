"""Before and after: the board by hand, oracles to the printed digit, and properties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.measures.comparison import CHANGES, comparison, q_value, ranked
from territory.measures.exact import exact_p
from territory.measures.panel import panel, totals

# One row each: counts before and after, thousands of person-years before and after.
rows = st.lists(
    st.tuples(st.integers(0, 80), st.integers(0, 80), st.integers(1, 400), st.integers(1, 400)),
    min_size=1,
    max_size=25,
)


def side(counts, person_years=100_000):
    """Return totals of one window."""
    return pd.DataFrame({"count": counts, "person_years": person_years}).astype("float64")


def sides(values):
    """Return totals of both windows from rows of four numbers."""
    y0, y1, n0, n1 = (np.array(column, dtype=float) for column in zip(*values, strict=True))
    return side(y0, n0 * 1000), side(y1, n1 * 1000)


def on_the_board(board, groups):
    """Compare 2010-2011 to 2012-2013 on the board."""
    choice = {"outcome": "homicides", "institution": "forensic", "series": "official"}
    before, after = (
        totals(panel(board.outcomes, board.population, window=Window.parse(text), **choice), groups)
        for text in ("2010:2011", "2012:2013")
    )
    return comparison(before, after)


def test_nation_by_hand(board):
    """88 among 2,000,000 to 44 among 1,900,000: 4.4 to 2.316, ratio 10/19."""
    row = on_the_board(board, board.nation).loc["board"]

    assert pytest.approx(row["rate_before"]) == 4.4
    assert pytest.approx(row["rate_ratio"]) == 10 / 19
    assert pytest.approx(row["rate_difference"]) == 44 / 19 - 4.4
    assert row["change"] == "fell_firm"
    assert row["reliability"] == "good"


def test_squares_by_hand(board):
    """Each kind of change, and each kind of nothing, has its square."""
    change = on_the_board(board, board.square)["change"]

    assert change["a1"] == "fell_firm"  # 20 to 6
    assert change["a2"] == "same"  # 10 to 10
    assert change["a3"] == "too_few"  # nobody in either window
    assert change["b1"] == "same"  # 6 to 2
    assert change["b2"] == "fell_firm"  # 40 to 16
    assert change["b3"] == "too_few"  # 0 to 5: even so p is 1/16
    assert change["c1"] == "too_few"  # 3 to 0


def test_zero_before_has_a_bound_and_no_ratio(board):
    """0 to 5: no ratio, a lower bound above zero, no upper bound."""
    row = on_the_board(board, board.square).loc["b3"]

    assert pd.isna(row["rate_ratio"])
    assert 0 < row["ratio_low"] < 1.0
    assert np.inf == row["ratio_high"]
    assert pytest.approx(row["p_value"]) == 2 * 0.5**5


def test_zero_after_has_ratio_zero_and_an_upper_bound(board):
    """3 to 0: ratio 0, and at most (0.025^(-1/3) - 1) times the rate before."""
    row = on_the_board(board, board.square).loc["c1"]

    assert row["rate_ratio"] == 0
    assert row["ratio_low"] == 0
    assert pytest.approx(row["ratio_high"]) == 0.025 ** (-1 / 3) - 1


def test_both_zero_says_nothing(board):
    """0 to 0: no ratio, no p, everything from 0 to infinity is possible."""
    row = on_the_board(board, board.square).loc["a3"]

    assert row[["rate_ratio", "p_value", "q_value"]].isna().all()
    assert [0, np.inf] == row[["ratio_low", "ratio_high"]].tolist()
    assert row["rate_difference"] == 0


def test_no_data_is_not_zero():
    """A missing count or exposure on either side: no data in every column that follows."""
    before = side([5, None, 5, 5], [1000, 1000, None, 1000])
    table = comparison(before, side([None, 5, 5, 5], [1000, 1000, 1000, 0]))

    assert {"no_data"} == set(table["change"])
    assert {"none"} == set(table["reliability"])
    assert table[["rate_ratio", "ratio_low", "ratio_high", "p_value"]].isna().all(axis=None)


def test_too_few_ends_at_six():
    """With equal windows five deaths cannot show a change (1/16), six can (1/32)."""
    table = comparison(side([5, 6]), side([0, 0]))

    assert table["change"].str.removesuffix("_firm").tolist() == ["too_few", "fell"]


@pytest.mark.parametrize(
    ("before", "after", "p"),
    [
        ((6, 1), (2, 1), 0.2890625),
        ((9, 16660), (2, 17877), 0.033094203205914774),
        ((49, 1), (54, 1), 0.693686),
        ((30, 1), (36, 1), 0.538583),
        ((13, 1), (27, 1), 0.038477),
        ((16, 1), (23, 1), 0.336784),
        ((17, 1), (22, 1), 0.522397),
        ((16, 1), (20, 1), 0.617719),
        ((16, 1), (18, 1), 0.864166),
        ((15, 1), (18, 1), 0.728332),
        ((13, 1), (18, 1), 0.473130),
        ((13, 1), (16, 1), 0.711071),
    ],
)
def test_exact_p_is_that_of_rateratio_test(before, after, p):
    """R's rateratio.test and the ten Salvadoran municipalities of 2012-13, as printed."""
    table = comparison(side([before[0]], [before[1]]), side([after[0]], [after[1]]))

    assert p == pytest.approx(table.loc[0, "p_value"], abs=5e-7)


def test_ten_rising_municipalities_are_not_firm():
    """Said to be rising in 2013; after false-discovery control the smallest q is 0.38."""
    before = side([49, 30, 13, 16, 17, 16, 16, 15, 13, 13])
    after = side([54, 36, 27, 23, 22, 20, 18, 18, 18, 16])

    table = comparison(before, after)

    assert round(table["q_value"].min(), 2) == 0.38
    assert table["change"].tolist().count("rose") == 1
    assert table["change"].tolist().count("same") == 9


def test_p_and_interval_agree_with_statsmodels():
    """Random counts, small and large, against test_poisson_2indep and proportion_confint."""
    from statsmodels.stats.proportion import proportion_confint
    from statsmodels.stats.rates import test_poisson_2indep as poisson_test

    random = np.random.default_rng(11)
    for mean in (1, 10, 300, 20_000):
        y0, y1 = random.poisson(mean, 40) + 1, random.poisson(mean, 40) + 1
        n0, n1 = random.uniform(1e5, 1e6, 40), random.uniform(1e5, 1e6, 40)
        table = comparison(side(y0, n0), side(y1, n1))
        for k, row in table.iterrows():
            p = poisson_test(int(y1[k]), n1[k], int(y0[k]), n0[k], method="exact-cond").pvalue
            low, high = proportion_confint(y1[k], y0[k] + y1[k], method="beta")
            odds = [share / (1 - share) * n0[k] / n1[k] for share in (low, high)]
            assert p == pytest.approx(row["p_value"], rel=1e-6, abs=1e-12)
            assert odds == pytest.approx(row[["ratio_low", "ratio_high"]].tolist(), rel=1e-6)


def test_p_is_the_sum_over_unlikely_outcomes():
    """Every outcome of up to thirty trials, against the sum written out."""
    from scipy.stats import binom

    for total in range(1, 31):
        k = np.arange(total + 1)
        for share in (0.5, 0.31, 0.05, 2 / 3):
            chance = binom.pmf(k, total, share)
            summed = [min(1.0, chance[chance <= c * (1 + 1e-7)].sum()) for c in chance]
            p = exact_p(k.astype(float), np.full(len(k), float(total)), np.full(len(k), share))
            assert summed == pytest.approx(p.tolist(), rel=1e-9)


@settings(deadline=None)
@given(rows)
def test_swapping_the_windows_inverts_ratio_and_interval(values):
    """After over before is the inverse of before over after; p stays."""
    before, after = sides(values)
    there, back = comparison(before, after), comparison(after, before)

    with np.errstate(divide="ignore"):
        assert pytest.approx(there["ratio_low"].tolist()) == (1 / back["ratio_high"]).tolist()
        assert pytest.approx(there["ratio_high"].tolist()) == (1 / back["ratio_low"]).tolist()
    both = (before["count"] > 0) & (after["count"] > 0)
    inverted = (1 / back.loc[both, "rate_ratio"]).tolist()
    assert pytest.approx(inverted) == there.loc[both, "rate_ratio"].tolist()
    assert pytest.approx(there["p_value"].tolist(), nan_ok=True) == back["p_value"].tolist()
    assert pytest.approx(there["q_value"].tolist(), nan_ok=True) == back["q_value"].tolist()


@settings(deadline=None)
@given(rows)
def test_p_q_and_intervals_stay_in_their_bounds(values):
    """Both p and q in 0 to 1, q at least p and in its order; the interval holds the ratio."""
    table = comparison(*sides(values))
    known = table.dropna(subset="p_value").sort_values("p_value")

    assert (known["p_value"] >= 0).all()
    assert (known["p_value"] <= known["q_value"]).all()
    assert (known["q_value"] <= 1).all()
    assert known["q_value"].is_monotonic_increasing
    held = table.dropna(subset="rate_ratio")
    assert (held["ratio_low"] <= held["rate_ratio"]).all()
    assert (held["rate_ratio"] <= held["ratio_high"]).all()
    assert set(table["change"]) <= set(CHANGES)


def test_q_is_that_of_scipy():
    """Benjamini-Hochberg as in scipy.stats; rows without a p do not count."""
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(5).uniform(size=50) ** 3

    q = q_value(np.concatenate([p, [np.nan]]))

    assert false_discovery_control(p).tolist() == pytest.approx(q[:-1].tolist())
    assert np.isnan(q[-1])


def test_false_alarms_stay_below_the_level():
    """Equal rates in 2,000 rows: p < 0.05 in at most five percent of them."""
    random = np.random.default_rng(2)

    table = comparison(side(random.poisson(30, 2000)), side(random.poisson(30, 2000)))

    assert (table["p_value"] < 0.05).mean() <= 0.05
    assert ((table["ratio_low"] <= 1) & (table["ratio_high"] >= 1)).mean() >= 0.95


def test_every_fault_is_told_at_once():
    """Negative and fractional counts on both sides, and two wild arguments."""
    with pytest.raises(DataError) as error:
        comparison(side([-1, 2]), side([1, 2.5]), level=95, fdr=0)

    assert len(error.value.render("es").splitlines()) == 4
    assert "before count, row 0: -1.0" in str(error.value)
    assert "after count, row 1: 2.5" in str(error.value)


def test_unequal_and_repeated_rows_are_refused():
    """Two windows must list the same groups, once."""
    with pytest.raises(DataError, match="same rows"):
        comparison(side([1, 2]), side([1]))
    twice = side([1, 2]).set_index(pd.Index(["a", "a"]))
    with pytest.raises(DataError, match="more than once"):
        comparison(twice, twice)


def test_old_columns_come_first():
    """New columns stand at the end; the contract's order is kept."""
    table = comparison(side([20]), side([10]))

    assert table.columns[12:14].tolist() == ["change", "reliability"]
    assert table.columns[14] == "phi"


def test_yekutieli_is_that_of_scipy():
    """Benjamini-Yekutieli as in scipy.stats, never below Benjamini-Hochberg."""
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(5).uniform(size=50) ** 3

    q = q_value(p, dependence="any")

    assert false_discovery_control(p, method="by").tolist() == pytest.approx(q.tolist())
    assert (q >= q_value(p)).all()


def test_over_dispersion_takes_firmness_away():
    """60 to 30 is firm for independent deaths, and not under phi 10."""
    plain, wide = comparison(side([60]), side([30])), comparison(side([60]), side([30]), phi=10.0)

    assert plain.loc[0, "change"] == "fell_firm"
    assert wide.loc[0, "change"] == "same"
    assert wide.loc[0, "ratio_low"] < plain.loc[0, "ratio_low"]
    assert wide.loc[0, "rate_ratio"] == plain.loc[0, "rate_ratio"]


def test_dispersion_below_one_counts_as_one():
    """Counts steadier than chance do not narrow the interval."""
    assert comparison(side([60]), side([30]), phi=0.3).loc[0, "phi"] == 1


def test_relative_to_the_whole_by_hand():
    """20 to 10 where everybody goes 100 to 80: 0.5 / 0.8, and the interval of Σ1/y less Σ1/Y."""
    row = comparison(side([20, 80]), side([10, 70])).loc[0]
    own = 1 / 20 + 1 / 10
    part = own - 1 / 100 - 1 / 80
    reach = np.log(row["rate_ratio"] / row["ratio_low"]) * np.sqrt(part / own)

    assert row["relative_ratio"] == pytest.approx(0.625)
    assert row["relative_low"] == pytest.approx(0.625 * np.exp(-reach))


def test_the_whole_has_not_changed_against_itself():
    """One row that is everything: ratio 1, no interval left."""
    row = comparison(side([40]), side([20])).loc[0]

    assert row[["relative_ratio", "relative_low", "relative_high"]].tolist() == [1, 1, 1]


def test_relative_to_a_given_whole():
    """Rows of one department against the nation."""
    nation = side([1000]), side([500])

    row = comparison(side([20]), side([10]), whole=nation).loc[0]

    assert row["relative_ratio"] == pytest.approx(1)
    assert row["relative_low"] < 1 < row["relative_high"]


def test_zero_counts_keep_the_bounds_of_their_own_ratio():
    """Zero after: relative ratio 0 with an upper bound; zero before: only a lower one."""
    table = comparison(side([5, 0, 50]), side([0, 5, 50]))

    assert table.loc[0, "relative_ratio"] == 0
    assert 0 < table.loc[0, "relative_high"] < np.inf
    assert pd.isna(table.loc[1, "relative_ratio"])
    assert table.loc[1, "relative_high"] == np.inf


def test_ranked_by_what_is_sure():
    """100 to 40 is surer than 4 to 0, though its ratio is not as small."""
    table = comparison(side([4, 100, 10, 0]), side([0, 40, 30, 0]))

    assert ranked(table).index.tolist() == [1, 0, 2]
    assert ranked(table, direction="rose").index[0] == 2
    assert table["bound"].round(2).tolist()[2] > 1


def test_e_test_is_an_alternative():
    """The E-test's p is smaller where both counts are small."""
    p = [comparison(side([6]), side([2]), test=name).loc[0, "p_value"] for name in ("exact", "e")]

    assert [round(value, 7) for value in p] == [0.2890625, 0.1748748]


def test_wrong_choices_are_refused():
    """An unknown test, and a dispersion that is none."""
    with pytest.raises(DataError, match="exact, e"):
        comparison(side([1]), side([1]), test="chi2")
    with pytest.raises(DataError, match="above 0"):
        comparison(side([1]), side([1]), phi=0.0)
    with pytest.raises(DataError, match="fell, rose"):
        ranked(comparison(side([1]), side([1])), direction="up")


def test_thousands_of_rows_take_less_than_a_second():
    """The size of Brazil, all columns."""
    import time

    random = np.random.default_rng(1)
    counts = [random.poisson(random.lognormal(2, 1.5, 5570)) for _ in range(2)]
    sides_ = [side(count, random.uniform(1e3, 1e6, 5570)) for count in counts]
    comparison(*sides_)
    began = time.perf_counter()

    comparison(*sides_)

    assert time.perf_counter() - began < 1
