"""Interrupted series: the Sicilian ban to the printed digits, made-up series, refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.measures.effects.counterfactual import averted
from territory.measures.effects.design import SeriesDesign
from territory.measures.effects.fitting import fit_spans
from territory.measures.effects.placebo import placebo_dates, placebo_p, with_placebo_dates
from territory.measures.effects.scatter import Scatter, scatter_of
from territory.measures.effects.sensitivity import specifications, with_sensitivity
from territory.measures.effects.series import interrupted, residual_checks
from territory.measures.spans import spans

ORACLE = Path(__file__).parent / "oracles" / "sicily_smoking_ban.csv"
BAN = pd.Period("2005-01", "M")


def sicily():
    """Return spans and exposure of the Sicilian smoking ban (Lopez Bernal and others 2017)."""
    table = pd.read_csv(ORACLE)
    months = pd.PeriodIndex.from_fields(year=table["year"], month=table["month"], freq="M")
    rows = pd.DataFrame({"first": months, "last": months, "count": table["aces"]})
    return rows, pd.Series(table["stdpop"].to_numpy(), index=months)


def country(effect=0.5, *, cuts=None, phi=1.0, seed=1, slope=0.0):
    """Return spans and exposure of sixty months with an event in months 30 to 47."""
    months = pd.period_range("2010-01", "2014-12", freq="M")
    k = np.arange(60)
    log = 0.1 * k / 12 + np.log(effect) * ((k >= 30) & (k < 48)) + slope * (k >= 48)
    mean = 400 * np.exp(log)
    random = np.random.default_rng(seed)
    # Whole counts, large enough for the rounding not to matter.
    count = (
        (mean * 100).round() if phi == 0 else random.negative_binomial(mean / phi, 1 / (1 + phi))
    )
    first = months if cuts is None else pd.PeriodIndex(cuts, freq="M")
    last = pd.PeriodIndex([*(first[1:] - 1), months[-1]])
    sums = [count[(months >= a) & (months <= b)].sum() for a, b in zip(first, last, strict=True)]
    rows = pd.DataFrame({"first": first, "last": last, "count": sums})
    return rows, pd.Series(500_000.0, index=months)


EVENT = SeriesDesign(pd.Period("2012-07", "M"), pd.Period("2013-12", "M"), harmonics=1)


@pytest.mark.parametrize(
    ("harmonics", "ratio", "low", "high", "dispersion"),
    [(0, 0.8944, 0.8392, 0.9532, 3.5592), (2, 0.8851, 0.8394, 0.9332, 2.2622)],
)
def test_sicily_to_the_printed_digits(harmonics, ratio, low, high, dispersion):
    """Models 2 and 3 of the tutorial: quasi-Poisson, without and with the season."""
    effect = interrupted(
        *sicily(),
        SeriesDesign(BAN, slope=False, harmonics=harmonics),
        errors="model",
        reference="normal",
    )

    found = [effect.estimate, effect.low, effect.high, effect.checks["dispersion"]]
    assert [ratio, low, high, dispersion] == [round(value, 4) for value in found]


def test_sicilian_trend_as_printed():
    """The trend per year of model 3."""
    effect = interrupted(*sicily(), SeriesDesign(BAN, slope=False))

    assert effect.terms.loc["trend", "estimate"].round(4) == 1.0668


def test_other_errors_keep_the_estimate():
    """Other errors move the interval alone; a negative binomial law hardly moves the estimate."""
    design = SeriesDesign(BAN, slope=False)
    plain = interrupted(*sicily(), design, errors="model")
    hac = interrupted(*sicily(), design, errors="hac")
    wide = interrupted(*sicily(), design)
    other = interrupted(*sicily(), design, family="negative-binomial", errors="model")

    assert plain.estimate == pytest.approx(hac.estimate) == pytest.approx(wide.estimate)
    assert hac.low != plain.low
    assert wide.low != plain.low
    assert other.estimate == pytest.approx(plain.estimate, abs=0.003)
    assert other.checks["alpha"] > 0


def following(rho, *, seed=3, gap=()):
    """Return spans and exposure of ninety months whose errors keep `rho` of the one before."""
    random = np.random.default_rng(seed)
    months = pd.period_range("2008-01", "2015-06", freq="M")
    noise = np.zeros(90)
    for k in range(1, 90):
        noise[k] = rho * noise[k - 1] + random.normal(0, 0.15)
    count = random.poisson(400 * np.exp(noise))
    rows = pd.DataFrame({"first": months, "last": months, "count": count}).drop(index=list(gap))
    return rows, pd.Series(500_000.0, index=months)


def test_errors_that_follow_one_another_widen_the_interval():
    """Where months keep much of the one before, less is known than independent ones would say."""
    rows, exposure = following(0.6)
    plain = interrupted(rows, exposure, EVENT, errors="model")
    wide = interrupted(rows, exposure, EVENT)

    assert wide.checks["next_kept"] > 0.3
    assert plain.checks["next_kept"] == 0
    for term in ("level_start", "mean_change"):
        pair = [np.log(e.terms.loc[term, "high"] / e.terms.loc[term, "low"]) for e in (wide, plain)]
        assert pair[0] > 1.2 * pair[1]


def test_courses_are_weighed_by_their_restricted_likelihood():
    """Likeliest course and its dispersion against a generalised least squares by hand."""
    random = np.random.default_rng(5)
    columns = np.column_stack([np.ones(30), np.arange(30.0)])
    residuals = random.normal(size=30)
    moments = np.delete(np.arange(32), [4, 5])  # two months that nobody observed
    found = scatter_of(residuals, columns, np.eye(30), moments)

    place = int(np.flatnonzero((found.carried == 0.4) & (found.share == 0.8))[0])
    correlation = 0.8 * 0.4 ** np.abs(moments[:, None] - moments) + 0.2 * np.eye(30)
    precision = np.linalg.inv(correlation)
    beta = np.linalg.solve(columns.T @ precision @ columns, columns.T @ precision @ residuals)
    rest = residuals - columns @ beta
    assert found.dispersion[place] == pytest.approx(rest @ precision @ rest / 28)
    assert found.credit.sum() == pytest.approx(1)
    # White errors: the weight lies about no correlation.
    assert abs(found.next_kept) < 0.3


def test_distance_is_that_of_the_calendar():
    """A month on the other side of a gap is further than the next one."""
    scatter = Scatter(np.array([0.5]), np.ones(1), np.ones(1), np.array([2.0]))

    table = scatter.between(np.array([10, 11, 14]))

    assert table[0].tolist() == [2.0, 1.0, 2.0 * 0.5**4]


def test_what_would_have_been_detectable_goes_with_the_interval():
    """Half of the interval is 1.96 errors, the detectable ratio 2.80: Sicily by hand."""
    effect = interrupted(
        *sicily(), SeriesDesign(BAN, slope=False), errors="model", reference="normal"
    )
    error = np.log(effect.high / effect.low) / 2 / 1.959964

    assert effect.detectable_fall == pytest.approx(np.exp(-2.801585 * error))
    assert effect.detectable_rise == pytest.approx(1 / effect.detectable_fall)
    assert effect.as_json()["detectable_fall"] == effect.detectable_fall


def test_newey_west_is_that_of_statsmodels():
    """The robust covariance of the library, with its small-sample correction."""
    import statsmodels.api as sm

    rows, exposure = sicily()
    design = SeriesDesign(BAN, slope=False)
    model = sm.GLM(
        rows["count"].to_numpy(float),
        design.matrix(pd.PeriodIndex(rows["first"])).to_numpy(),
        family=sm.families.Poisson(),
        offset=np.log(exposure.to_numpy()),
    ).fit(cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True})

    effect = interrupted(rows, exposure, design, errors="hac")

    ours = np.log(effect.estimate) / effect.terms.loc["level_start", "statistic"]
    assert model.bse[2] == pytest.approx(ours, rel=1e-6)


@pytest.mark.parametrize("family", ["quasi-poisson", "negative-binomial"])
def test_the_fit_is_that_of_statsmodels(family):
    """Coefficients, dispersion and model errors of the library's regression, to nine digits."""
    import statsmodels.api as sm

    rows, exposure = sicily()
    matrix = SeriesDesign(BAN).matrix(pd.PeriodIndex(rows["first"]))
    count, people = rows["count"].to_numpy(float), exposure.to_numpy()
    fit = fit_spans(count, np.eye(len(count)), matrix, people, family=family, errors="model")
    law = sm.families.NegativeBinomial(alpha=fit.alpha) if fit.alpha else sm.families.Poisson()
    model = sm.GLM(count, matrix.to_numpy(), family=law, offset=np.log(people))
    theirs = model.fit(scale=1.0 if fit.alpha else "X2", tol=1e-12)

    assert (fit.alpha > 0) == (family == "negative-binomial")
    assert fit.beta.to_numpy() == pytest.approx(theirs.params, rel=1e-9)
    assert fit.dispersion == pytest.approx(theirs.pearson_chi2 / theirs.df_resid, rel=1e-9)
    spread = np.sqrt(np.diag(fit.covariance))
    assert spread == pytest.approx(theirs.bse, rel=1e-9)


def test_periods_by_themselves_are_sums_of_one():
    """The short way for series without sums gives what the long way gives."""
    random = np.random.default_rng(8)
    columns = np.column_stack([np.ones(24), np.arange(24.0)])
    residuals, moments = random.normal(size=24), np.arange(24)
    short = scatter_of(residuals, columns, np.eye(24), moments)
    long = scatter_of(residuals, columns, np.eye(24) * (1 - 1e-15), moments)

    assert short.credit == pytest.approx(long.credit, rel=1e-9)
    assert short.dispersion == pytest.approx(long.dispersion, rel=1e-9)
    wide = short.of_spans(np.eye(24) * (1 - 1e-15), moments)
    assert short.of_spans(np.eye(24), moments) == pytest.approx(wide, rel=1e-9)


def test_known_effect_without_noise_is_found_exactly():
    """Expected counts in, the true terms out: level 0.5 at the start, 2 at the end, no slope."""
    effect = interrupted(*country(phi=0), EVENT)

    assert effect.estimate == pytest.approx(0.5, rel=1e-3)
    assert effect.terms.loc["level_end", "estimate"] == pytest.approx(2, rel=1e-3)
    assert effect.terms.loc["slope_start", "estimate"] == pytest.approx(1, rel=1e-3)
    assert effect.terms.loc["mean_change", "estimate"] == pytest.approx(0.5, rel=1e-3)


def test_months_seen_only_as_sums_give_the_same_answer():
    """Years before, a quarter during: without noise the level is still exact."""
    cuts = ["2010-01", "2011-01", "2011-07", "2012-01", "2012-05", *EVENT_MONTHS, "2014-01"]
    cuts += ["2014-03", "2014-08"]
    rows, exposure = country(phi=0, cuts=cuts)

    effect = interrupted(rows, exposure, replace(EVENT, harmonics=0))

    assert effect.estimate == pytest.approx(0.5, rel=1e-3)
    assert effect.checks["spans_before"] == 5
    assert any(note.key == "its_sums" for note in effect.notes)


EVENT_MONTHS = ["2012-07", "2012-08", "2012-09", "2012-12", "2013-01", "2013-06"]


def test_a_month_that_nobody_observed_stays_out():
    """A gap in the spans is neither filled nor counted."""
    rows, exposure = country(phi=0)

    effect = interrupted(rows.drop(index=[5, 40]), exposure, EVENT)

    assert len(effect.counterfactual) == 58
    assert effect.estimate == pytest.approx(0.5, rel=1e-3)


def test_counterfactual_and_averted_belong_together():
    """Expected less observed while the event lasted, under each named counterfactual."""
    rows, exposure = country(phi=0)
    effect = interrupted(rows, exposure, EVENT)
    path = effect.counterfactual
    during = path[path["phase"] == "during"]

    row = effect.averted.loc["trend_season"]
    assert row["averted"] == pytest.approx((during["expected"] - during["observed"]).sum())
    assert row["observed"] == pytest.approx(during["observed"].sum())
    assert (effect.averted["low"] < effect.averted["averted"]).all()
    assert list(effect.averted.index) == ["level", "last_year", "trend", "trend_season"]
    # A level ignores the rise of a tenth a year, a trend goes on with it.
    assert effect.averted.loc["level", "expected"] < effect.averted.loc["trend", "expected"]
    assert effect.averted.loc["trend", "expected"] == pytest.approx(row["expected"], rel=1e-3)


def test_averted_level_by_hand():
    """300 a month for thirty months, 150 a month for eighteen: 5,400 expected, 2,700 averted."""
    rows, exposure = country(phi=0)
    rows["count"] = [299, 301] * 15 + [149, 151] * 9 + [299, 301] * 6

    table = averted(rows, exposure, replace(EVENT, harmonics=0))

    assert table.loc["level", "expected"] == pytest.approx(5400)
    assert table.loc["level", "averted"] == pytest.approx(2700)


def test_days_and_people_are_exposure():
    """Twice the person-years before: the rate, not the count, is compared."""
    rows, exposure = country(phi=0)
    exposure.iloc[:30] *= 2
    rows.loc[:29, "count"] *= 2

    assert interrupted(rows, exposure, EVENT).estimate == pytest.approx(0.5, rel=1e-3)


def test_placebo_dates_find_the_real_one():
    """A halving is further from nothing than any other date, which the fit confirms."""
    rows, exposure = country(phi=2)
    effect = with_placebo_dates(interrupted(rows, exposure, EVENT), rows, exposure, EVENT)

    assert effect.placebo["real"].sum() == 1
    assert effect.placebo.loc[EVENT.start, "estimate"] == pytest.approx(effect.estimate)
    assert effect.placebo["dispersion"].idxmin() == EVENT.start
    assert effect.placebo_p < 0.1
    assert effect.notes[-1].key == "date_confirmed"


def test_placebo_share_counts_the_real_one():
    """One of four as far: a quarter."""
    table = pd.DataFrame({"statistic": [1.0, -3.0, 2.0, 0.5], "real": [False, True, False, False]})

    assert placebo_p(table) == 0.25


def test_residual_checks_are_those_of_statsmodels():
    """Autocorrelations and Ljung-Box against the library."""
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.tsa.stattools import acf

    residuals = np.random.default_rng(6).normal(size=50)
    found = residual_checks(residuals)

    assert found["autocorrelation_1"] == pytest.approx(acf(residuals, nlags=1)[1])
    wanted = acorr_ljungbox(residuals, lags=[10])["lb_pvalue"].iloc[0]
    assert found["ljung_box_p"] == pytest.approx(wanted)


def test_sensitivity_is_a_row_a_choice():
    """Base first, the range in a note, a refusal with its reason."""
    rows, exposure = country(phi=1)

    def run(start, slope):
        design = replace(EVENT, start=pd.Period(start, "M"), slope=slope)
        return interrupted(rows, exposure, design)

    table = specifications(
        run,
        {"start": ["2010-02", "2012-06", "2012-07"], "slope": [True, False]},
        base={"start": "2012-07", "slope": True},
    )
    effect = with_sensitivity(run("2012-07", slope=True), table)

    assert len(table) == 6
    assert bool(table.loc[0, "base"])
    assert table["estimate"].isna().sum() == 2
    refused = table["estimate"].isna()
    for lang, words in (("en", "observed periods before"), ("es", "períodos observados antes")):
        reasons = effect.choices(lang)["refused"]
        assert reasons[refused].str.contains("2010-04").all()
        assert reasons[refused].str.contains(words).all()
        assert (reasons[~refused] == "").all()
    assert effect.notes[-1].key == "sensitivity_range_refused"
    assert "could not be answered: 2." in effect.notes[-1].render("en")
    assert with_sensitivity(effect, table[~refused]).notes[-1].key == "sensitivity_range"


def test_every_sentence_is_in_both_languages():
    """Summary and JSON of a whole result, without a missing blank."""
    import json

    rows, exposure = country(phi=2)
    effect = with_placebo_dates(interrupted(rows, exposure, EVENT), rows, exposure, EVENT)

    assert "95\u00a0%" in effect.summary("es", title="La tregua")
    assert effect.summary("en", title="The truce").startswith("The truce: at the start")
    document = json.loads(json.dumps(effect.as_json("es"), allow_nan=False))
    wanted = ["event", "design", "estimate", "low", "high", "p_value", "counterfactual"]
    assert set(document) >= {*wanted, "placebo", "notes"}
    assert document["counterfactual"][0]["first"] == "2010-01"
    assert len(document["placebo"]["rows"]) == len(effect.placebo)


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2010-02", None, "1 observed periods before .* start = 2010-04"),
        ("2014-12", None, "1 observed periods during"),
        ("2012-07", "2014-11", "1 observed periods after .* end = 2014-10"),
        ("2016-01", None, "outside the series, .* 2010-01 to 2014-12.* start = 2014-11"),
        ("2009-01", None, "outside the series, .* start = 2010-04"),
        ("2012-07", "2012-07", "1 observed periods during .* end = 2012-08"),
        ("2012-07", "2012-01", "ends .2012-01. before it starts"),
    ],
)
def test_too_few_periods_are_refused_with_the_nearest(start, end, message):
    """A design that the series cannot carry names the date that it could."""
    design = SeriesDesign(pd.Period(start, "M"), end and pd.Period(end, "M"), harmonics=0)

    with pytest.raises(DataError, match=message):
        interrupted(*country(phi=0), design)


def test_an_event_inside_a_sum_is_refused():
    """A start in the middle of a known sum: the two dates around it are named."""
    rows, exposure = country(phi=0, cuts=["2010-01", "2010-06", "2011-01", "2011-06", "2012-06"])

    with pytest.raises(DataError, match=r"2012-06:2014-12.*2012-06, 2015-01"):
        interrupted(rows, exposure, replace(EVENT, end=None, harmonics=0))


def test_other_wrong_input_is_refused():
    """Season of years, spans out of order, no population, terms that are one."""
    rows, exposure = country(phi=0)
    years = pd.period_range("2008", "2018", freq="Y")
    yearly = pd.DataFrame({"first": years, "last": years, "count": 100})
    with pytest.raises(DataError, match="harmonics: 2"):
        interrupted(yearly, pd.Series(1e6, index=years), SeriesDesign(years[4]))
    with pytest.raises(DataError, match="order of time"):
        interrupted(rows.iloc[::-1], exposure, EVENT)
    with pytest.raises(DataError, match="no population"):
        interrupted(rows, exposure.iloc[:40], EVENT)
    with pytest.raises(DataError, match="cannot be told apart"):
        interrupted(rows.iloc[27:54], exposure, replace(EVENT, harmonics=6))
    with pytest.raises(DataError, match="Nobody was counted"):
        interrupted(rows.assign(count=0), exposure, EVENT)
    with pytest.raises(DataError, match="quasi-poisson"):
        interrupted(rows, exposure, EVENT, family="normal")


def test_columns_without_a_difference_are_refused():
    """Two equal columns, and more columns than spans."""
    design = pd.DataFrame({"a": np.ones(6), "b": np.ones(6)})

    with pytest.raises(DataError, match="a, b"):
        fit_spans(np.ones(6), np.eye(6), design, np.ones(6))


def test_spans_are_the_finest_that_the_totals_allow():
    """A year with two known months: three spans and nothing in between."""
    rows = [
        ("2011", 1200, "a"), ("2012", 600, "a"), ("2012-01", 90, "a"), ("2012-12", 40, "a"),
        ("2012-06", 55, "b"),
    ]  # fmt: skip
    ledger = pd.DataFrame(
        [
            {
                "start": Window.parse(text).first, "end": Window.parse(text).last, "count": count,
                "institution": who, "quality": "published", "source": "x",
            }
            for text, count, who in rows
        ],
        index=pd.Index([f"o{k}" for k in range(5)], name="observation"),
    )  # fmt: skip

    table = spans(ledger, Window.parse("2011:2012"), institutions=["a"])

    assert list(table.index) == ["2011", "2012-01", "2012-02:2012-11", "2012-12"]
    assert table["count"].tolist() == [1200, 90, 470, 40]
    assert table["count"].sum() == 1800
    both = spans(ledger, Window.parse("2011:2012"), institutions=["a", "b"])
    assert list(both.index) == list(table.index)  # June alone joins no other date
    with pytest.raises(DataError, match="2011"):
        spans(ledger, Window.parse("2010:2012"), institutions=["a"])


def test_placebo_dates_of_a_level_only_design():
    """Without an end, every date with three spans before and two after is asked."""
    rows, exposure = country(phi=1, effect=1.0)
    table = placebo_dates(rows, exposure, SeriesDesign(pd.Period("2012-07", "M"), slope=False))

    assert table.index[0] >= pd.Period("2010-04", "M")
    assert table.index[-1] == pd.Period("2014-11", "M")


def test_every_note_has_its_sentence():
    """Keys of notes written out in the code are in both catalogues."""
    import re

    from territory.measures import effects
    from territory.text import LANGUAGES, catalogue

    said = set()
    for file in Path(effects.__file__).parent.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        said |= set(
            re.findall(r'"((?:its|panel|synthetic|placebo|date|sensitivity)_[a-z_]+)"', text)
        )
    notes = {key for key in said if key not in {"placebo_p", "placebo_dates", "placebo_places"}}

    for lang in LANGUAGES:
        assert set() == {f"effects.{key}" for key in notes} - catalogue(lang).keys()
    assert len(notes) > 15
