"""El Salvador: what the designs say of the truce and of two programmes, and that they say it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from territory.evidence.comparators import read_comparators
from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.evidence.sources import data_root
from territory.measures.effects.design import SeriesDesign
from territory.measures.effects.panel import panel_effect
from territory.measures.effects.placebo import with_placebo_dates, with_placebo_places
from territory.measures.effects.series import interrupted
from territory.measures.effects.synthetic import synthetic_control
from territory.measures.effects.treatment import treatment
from territory.measures.panel import panel
from territory.measures.spans import spans
from territory.study import Study

TRUCE = SeriesDesign(pd.Period("2012-03", "M"), pd.Period("2014-05", "M"), harmonics=1)
PHASES = ["pess_1", "pess_2", "pess_3"]


@pytest.fixture(scope="module")
def slv():
    """Return the study."""
    return Study.load("slv")


@pytest.fixture(scope="module")
def national(slv):
    """Return the forensic institute's spans from 2008 to 2014, and person-years by month."""
    people = slv.population["population"].xs("digestyc", level="series").groupby("year").sum()
    months = pd.period_range("2008-01", "2014-12", freq="M")
    share = [m.days_in_month / (366 if m.is_leap_year else 365) for m in months]
    exposure = pd.Series(people.reindex(months.year).to_numpy() * share, index=months)
    return spans(slv.observations, Window.parse("2008:2014"), institutions=["iml"]), exposure


def places(slv, window):
    """Return the municipal panel of homicides."""
    return panel(
        slv.outcomes,
        slv.population,
        outcome="homicides",
        institution="iml",
        series="digestyc",
        window=Window.parse(window),
    )


def test_spans_add_up_to_the_years(slv, national):
    """Twenty-seven spans without a gap; where a year is whole they sum to its total."""
    rows, _ = national

    assert len(rows) == 27
    assert all(b == a + 1 for a, b in pairwise_ends(rows))
    sums = rows.groupby(pd.PeriodIndex(rows["last"]).year)["count"].sum()
    assert sums[[2011, 2012, 2013]].tolist() == [4371, 2594, 2513]


def pairwise_ends(rows):
    """Return the end of each span with the beginning of the next."""
    pairs = pairwise(zip(rows["first"], rows["last"], strict=True))
    return [(before[1], after[0]) for before, after in pairs]


def test_truce_in_the_national_series(national):
    """The level fell to 0.40 (0.24 to 0.65) in March 2012, the date that fits best."""
    rows, exposure = national
    effect = interrupted(rows, exposure, TRUCE, event="truce")
    effect = with_placebo_dates(effect, rows, exposure, TRUCE)

    found = [round(value, 2) for value in (effect.estimate, effect.low, effect.high)]
    assert found == [0.40, 0.24, 0.65]
    assert effect.placebo["dispersion"].idxmin() == TRUCE.start
    assert [effect.checks[f"spans_{part}"] for part in ("before", "during", "after")] == [7, 14, 6]
    assert effect.averted["averted"].round(-2).tolist() == [3500, 5000, 6100, 6300]


def test_police_totals_cannot_answer_for_the_end(slv, national):
    """The police give March to December 2014 only as a sum: May lies inside it."""
    rows = spans(slv.observations, Window.parse("2008:2014"), institutions=["pnc"])

    with pytest.raises(DataError, match=r"2014-05 lies inside 2014-03:2014-12"):
        interrupted(rows, national[1], TRUCE)


def test_plan_el_salvador_seguro_had_diverged_before(slv):
    """0.72 (0.57 to 0.91) in fifty places, which had already fallen behind: not an effect."""
    panel_, rows = places(slv, "2008:2018"), treatment(slv.events, PHASES)
    effect = with_placebo_places(panel_effect(panel_, rows, event="pess"), panel_, rows)

    assert rows["event"].value_counts().to_dict() == {"pess_1": 10, "pess_2": 16, "pess_3": 24}
    found = [round(value, 2) for value in (effect.estimate, effect.low, effect.high)]
    assert found == [0.72, 0.57, 0.91]
    assert effect.checks["leads_p"] < 0.01
    assert effect.placebo_p > 0.1
    note = next(note for note in effect.notes if note.key == "placebo_off_centre_alike")
    assert note.values["centre"] == pytest.approx(0.80, abs=0.01)
    assert note.values["shared"] == pytest.approx(0.74, abs=0.01)
    assert note.values["alike"] < 0.7  # so size alone goes a long way towards the estimate
    assert "74\N{NO-BREAK SPACE}%" in note.render("es")
    assert "0.80" in note.render("en")
    assert "since_0_partial" in effect.terms.index


def test_municipalities_free_of_violence_show_nothing(slv):
    """Nine places, 0.95 (0.45 to 2.01); with the two unconfirmed ones no more."""
    panel_ = places(slv, "2008:2014")
    nine = panel_effect(panel_, treatment(slv.events, ["free_municipalities"]))
    delgado, el_triunfo = slv.unit("Delgado"), slv.unit("Puerto El Triunfo")
    eleven = panel_effect(
        panel_, treatment(slv.events, ["free_municipalities"], also=[delgado, el_triunfo])
    )

    assert [round(v, 2) for v in (nine.estimate, nine.low, nine.high)] == [0.95, 0.45, 2.01]
    assert eleven.checks["units_treated"] == 11
    assert eleven.low < 1 < eleven.high


def test_the_nation_against_other_countries():
    """Twenty-two below a mix, eighth of seventeen in the ranks: nothing that settles it."""
    table, _ = read_comparators(data_root() / "homicides/slv/comparators.csv")
    years = slice(2000, 2013)
    people = table["population"].unstack("country").loc[years]
    rates = table["rate"].unstack("country").loc[years, people.min() > 1_000_000]

    effect = synthetic_control(rates, "SLV", start=2012, population=table.loc["SLV", "population"])

    assert round(effect.estimate) == -22
    assert (effect.checks["rank"], len(effect.placebo)) == (8, 17)
    assert effect.averted.loc["synthetic", "observed"] == pytest.approx(2594 + 2513, abs=1)


def test_comparators_leave_out_what_is_wrong():
    """Guatemala from the study of 2019, without 2018; no rate without a count."""
    table, card = read_comparators(data_root() / "homicides/slv/comparators.csv")
    guatemala = table.loc["GTM"]

    assert guatemala.loc[2013:2017, "count"].tolist() == [5253, 4998, 4778, 4520, 4410]
    assert set(guatemala.loc[2013:2017, "source"]) == {"unodc_2019"}
    assert 2018 not in guatemala.index
    assert table.notna().all(axis=None)
    assert np.allclose(
        table.loc["SLV", "rate"], table.loc["SLV", "count"] / table.loc["SLV", "population"] * 1e5,
        atol=0.01,
    )  # fmt: skip
    assert card.years == "1990-2023"
