"""Panel of places: treatment lists, the estimate by hand and against pyfixest, placebos, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.evidence.schema import DataError
from territory.measures.effects.layout import layout_of
from territory.measures.effects.panel import panel_effect
from territory.measures.effects.placebo import placebo_p, placebo_places, with_placebo_places
from territory.measures.effects.places import PlaceGrid
from territory.measures.effects.treatment import treatment, treatment_from

YEARS = pd.period_range("2008", "2015", freq="Y")


def events():
    """Return three events: two with units, one of the whole country."""
    rows = {
        "first": ("2012-07-16", None, ("a", "b")),
        "second": ("2013-01-01", "2013-03-01", ("b", "c")),
        "national": ("2012-01-01", None, ()),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["start", "end", "units"])
    table[["start", "end"]] = table[["start", "end"]].apply(pd.to_datetime)
    return table.rename_axis("event")


def cells(count, units=None, people=100_000.0):
    """Return a panel from units by years."""
    units = [f"u{k:02d}" for k in range(len(count))] if units is None else units
    index = pd.MultiIndex.from_product([units, YEARS], names=["unit", "period"])
    return pd.DataFrame({"count": np.ravel(count).astype(float), "person_years": people}, index)


def starts(years, share=1.0):
    """Return a treatment from unit to year."""
    first = pd.PeriodIndex([str(year) for year in years.values()], freq="Y")
    rows = pd.DataFrame({"event": "e", "first": first, "share": share})
    return rows.set_index(pd.Index(list(years), name="unit"))


def drawn(seed=1, *, treated=8, effect=0.5, units=40, common=0.3):
    """Return a made-up panel with staggered starts and a known effect."""
    random = np.random.default_rng(seed)
    year = np.exp(np.cumsum(random.normal(0, common, 8)))
    mean = random.gamma(4, 10, units)[:, None] * year
    first = {f"u{k:02d}": 2012 + k % 2 for k in range(treated)}
    for k, start in enumerate(first.values()):
        mean[k] *= np.where(YEARS.year >= start, effect, 1)
    return cells(random.poisson(mean)), starts(first)


def test_treatment_takes_the_first_event_and_its_share():
    """A unit named twice starts with the first; a start in July leaves 46 % of the year."""
    table = treatment(events(), ["first", "second"])

    assert table["first"].astype(str).to_dict() == {"a": "2012", "b": "2012", "c": "2013"}
    assert table["event"].to_dict() == {"a": "first", "b": "first", "c": "second"}
    assert table.loc["a", "share"] == pytest.approx(169 / 366, abs=1e-6)
    # An unknown day: the middle of January and February.
    assert table.loc["c", "share"] == pytest.approx(1 - 29.5 / 365, abs=1e-6)


def test_unconfirmed_units_are_a_switch():
    """`also` adds units from the first event's start."""
    table = treatment(events(), ["first"], also=["z"])

    assert list(table.index) == ["a", "b", "z"]
    assert str(table.loc["z", "first"]) == "2012"


def test_treatment_by_month():
    """The same list in months: July 2012 is half treated."""
    table = treatment(events(), ["first"], freq="M")

    assert str(table.loc["a", "first"]) == "2012-07"
    assert table.loc["a", "share"] == pytest.approx(16 / 31, abs=1e-6)


def test_treatment_from_a_table_of_starts():
    """Each unit with a start of its own."""
    rows = pd.DataFrame(
        {
            "unit": ["a", "b"],
            "event": "e",
            "earliest": pd.to_datetime(["2013-01-22", "2013-02-26"]),
            "latest": pd.to_datetime(["2013-01-22", "2013-03-01"]),
        }
    )

    assert treatment_from(rows)["share"].round(2).tolist() == [0.94, 0.84]


def test_unknown_and_unitless_events_are_refused():
    """A wrong name is answered with the right ones, a national event with those that have units."""
    with pytest.raises(DataError, match="first, second"):
        treatment(events(), ["thrid"])
    with pytest.raises(DataError, match="Events with units: first, second"):
        treatment(events(), ["national"])


def test_two_places_by_hand():
    """One treated, two not: expected is its own level times their change."""
    count = [[10, 10, 10, 10, 6, 6, 6, 6], [20] * 4 + [40] * 4, [10] * 4 + [20] * 4]

    effect = panel_effect(cells(count), starts({"u00": 2012}), leads=0)

    assert effect.estimate == pytest.approx(24 / 80)
    assert effect.averted.loc["untreated_places", "averted"] == pytest.approx(56)
    assert effect.counterfactual["expected"].tolist() == pytest.approx([10] * 4 + [20] * 4)
    # Leaving out the one treated place leaves nothing: no interval is claimed.
    assert np.isnan(effect.low)


def test_already_treated_places_are_never_compared_with():
    """What an early starter does after its start changes nothing for a late one."""
    panel, rows = drawn()
    late = panel_effect(panel, rows, leads=0).terms.loc["first_2013", "estimate"]
    early = rows.index[rows["first"].astype(str) == "2012"]
    wild = panel.copy()
    after = wild.index.get_level_values("period") >= pd.Period("2012", "Y")
    wild.loc[wild.index.get_level_values("unit").isin(early) & after, "count"] *= 9

    assert panel_effect(wild, rows, leads=0).terms.loc["first_2013", "estimate"] == pytest.approx(
        late
    )


def test_grid_and_pyfixest_agree():
    """Placebo draws use margins instead of a regression; the real draw is the same number."""
    panel, rows = drawn()
    effect = panel_effect(panel, rows)
    placebo = placebo_places(panel, rows, draws=9)

    assert placebo.loc[0, "estimate"] == pytest.approx(effect.estimate, rel=1e-5)
    assert placebo["real"].tolist() == [True] + [False] * 9


def test_known_effect_is_inside_the_interval():
    """A halving in eight of forty places."""
    effect = panel_effect(*drawn())

    assert effect.low < 0.5 < effect.high
    assert effect.high < 0.7
    assert effect.checks["units_treated"] == 8
    assert effect.terms.loc["since_0", "cells"] == 8
    assert list(effect.leads.index) == [-2, -1]
    assert effect.checks["leads_p"] > 0.05


def test_a_drift_before_the_start_shows_in_the_leads():
    """Places that were falling anyway: leads differ, and the note says so."""
    panel, rows = drawn(effect=1.0, common=0.0)
    falling = panel.index.get_level_values("unit").isin(rows.index)
    year = panel.index.get_level_values("period").year - 2008
    panel.loc[falling, "count"] = (panel["count"] * 0.8**year).round()[falling]

    effect = panel_effect(panel, rows)

    assert effect.checks["leads_p"] < 0.05
    assert "panel_leads_differ" in [note.key for note in effect.notes]


def test_a_partial_first_period_stands_apart():
    """Started in November: that year is neither estimated nor compared with."""
    panel, rows = drawn()
    whole = panel_effect(panel, rows.assign(share=0.9), leads=0)
    part = panel_effect(panel, rows.assign(share=0.15), leads=0)

    assert "since_0_partial" in part.terms.index
    assert part.terms.loc["all", "cells"] == whole.terms.loc["all", "cells"] - 8
    assert part.terms.loc["since_1", "estimate"] == pytest.approx(
        whole.terms.loc["since_1", "estimate"]
    )


def test_horizon_leaves_out_what_comes_later():
    """Only the start and one year after."""
    effect = panel_effect(*drawn(), horizon=1, leads=0)

    assert [name for name in effect.terms.index if name.startswith("since")] == [
        "since_0",
        "since_1",
    ]


def test_missing_cells_and_silent_places_are_left_out():
    """No count is no cell; a place that never counted anybody is dropped, and said so."""
    panel, rows = drawn()
    panel.loc[("u20", YEARS[3]), "count"] = np.nan
    panel.loc["u21", "count"] = 0.0

    effect = panel_effect(panel, rows, leads=0)

    assert effect.checks["units_dropped"] == 1
    assert effect.checks["cells_missing"] == 1
    assert effect.checks["cells"] == 39 * 8 - 1
    assert "panel_dropped" in [note.key for note in effect.notes]


def test_clusters_may_be_larger_than_places():
    """Errors by region keep the estimate and change the interval."""
    panel, rows = drawn()
    region = pd.Series({f"u{k:02d}": k % 10 for k in range(40)})
    by_place, by_region = panel_effect(panel, rows), panel_effect(panel, rows, cluster=region)

    assert by_place.estimate == pytest.approx(by_region.estimate)
    assert by_place.low != by_region.low


def test_jackknife_by_hand():
    """Leaving out each place, refitting with pyfixest, and summing the squares."""
    panel, rows = drawn(units=12, treated=4)
    full = panel_effect(panel, rows, leads=0)
    units = panel.index.unique("unit")
    logs = []
    for unit in units:
        kept = panel.drop(index=unit, level="unit")
        logs.append(
            np.log(panel_effect(kept, rows.drop(index=unit, errors="ignore"), leads=0).estimate)
        )
    spread = np.sqrt(11 / 12 * ((np.array(logs) - np.mean(logs)) ** 2).sum())
    from scipy.stats import t

    reach = t.ppf(0.975, full.checks["effective_units"]) * spread
    assert full.low == pytest.approx(full.estimate * np.exp(-reach), rel=1e-4)


def test_placebo_places_are_reproducible_and_keep_their_size():
    """The same seed gives the same draws; strata exchange like with like."""
    panel, rows = drawn()
    first, again = (placebo_places(panel, rows, draws=50, seed=3) for _ in range(2))

    pd.testing.assert_frame_equal(first, again)
    assert 1 / 51 <= placebo_p(first) <= 0.1


def test_effect_of_places_in_words():
    """Both languages, with the counterfactual named beside the deaths."""
    panel, rows = drawn()
    effect = with_placebo_places(panel_effect(panel, rows), panel, rows, draws=19)

    assert "lugares tratados hubieran cambiado" in effect.summary("es")
    assert "had changed as the untreated ones did" in effect.summary("en")
    assert effect.as_json()["placebo"]["rows"][0]["real"] is True


def test_designs_without_a_contrast_are_refused():
    """Nobody or everybody treated, no time before, strangers, only a part of a year."""
    panel, _rows = drawn()
    with pytest.raises(DataError, match="0 %"):
        panel_effect(panel, starts({"u00": 2030}))
    with pytest.raises(DataError, match="100 %"):
        panel_effect(panel, starts({f"u{k:02d}": 2012 for k in range(40)}))
    with pytest.raises(DataError, match="start = 2010"):
        panel_effect(panel, starts({"u00": 2009}))
    with pytest.raises(DataError, match="zz"):
        panel_effect(panel, starts({"u00": 2012, "zz": 2012}))
    with pytest.raises(DataError, match="Only a part"):
        panel_effect(panel, starts({"u00": 2015}, share=0.2))


def test_a_block_without_counts_is_refused():
    """A treated group that counted nobody in a year has no ratio there."""
    panel, rows = drawn()
    panel.loc[("u00", YEARS[5]), "count"] = 0.0

    with pytest.raises(DataError, match="counted nothing"):
        layout_of(panel, rows.loc[["u00"]])


def test_places_of_like_size_that_were_never_treated():
    """Large places halve, treated or not: those never treated tell of it, and draws share some."""
    units = [f"u{k:02d}" for k in range(40)]
    years = pd.period_range("2010", "2015", freq="Y")
    people = np.repeat([1000.0] * 30 + [100_000.0] * 10, 6)
    late = np.tile(years.year >= 2013, 40)
    rate = np.where((people > 50_000) & late, 0.01, 0.02)
    index = pd.MultiIndex.from_product([units, years], names=["unit", "period"])
    cells = pd.DataFrame({"count": people * rate, "person_years": people}, index=index)
    first = pd.PeriodIndex(["2013"] * 4, freq="Y")
    treated = pd.DataFrame({"event": "e", "first": first, "share": 1.0}, index=units[-4:])
    grid = PlaceGrid.of(cells, treated.rename_axis("unit"))

    assert grid.alike() == pytest.approx(0.5, rel=1e-6)
    starts, _ = grid.drawn(20, strata=4, seed=1)
    assert grid.shared(starts)[0] == 1
    assert 0.1 < grid.shared(starts)[1:].mean() < 0.8
