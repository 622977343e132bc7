"""Counts and person-years joined, and their sums, checked by hand on the board."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.measures.panel import panel, totals

CHOICE = {"outcome": "homicides", "institution": "forensic", "series": "official"}


def cells(board, window="2010:2013", **changes):
    """Return the panel of the board's forensic homicides."""
    choice = {**CHOICE, "window": Window.parse(window), **changes}
    return panel(board.outcomes, board.population, **choice)


def test_panel_has_every_square_and_year(board):
    """Nine squares by four years give 36 cells, indexed by unit and period."""
    table = cells(board)

    assert len(table) == 36
    assert table.index.names == ["unit", "period"]
    assert table.loc[("a1", pd.Period("2010")), "count"] == 12
    assert table.loc[("b2", pd.Period("2010")), "person_years"] == 200_000


def test_panel_takes_one_institution_outcome_and_series(board):
    """The police's counts and the rival population stay out unless asked for."""
    police = cells(board, institution="police", series="rival")

    assert {99.0} == set(police["count"])
    assert police.loc[("b2", pd.Period("2010")), "person_years"] == 400_000


def test_zero_and_no_data_stay_apart(board):
    """a3 counted nobody; c3 in 2013 counted nothing."""
    table = cells(board)

    assert table.loc[("a3", pd.Period("2013")), "count"] == 0
    assert pd.isna(table.loc[("c3", pd.Period("2013")), "count"])


def test_absent_row_is_no_data(board):
    """A row that is not in the table is a cell without data, not a lost cell."""
    shorter = board.outcomes.drop(index=("a2", pd.Period("2011")))

    table = cells(replace(board, outcomes=shorter), "2011")

    assert len(table) == 9
    assert pd.isna(table.loc[("a2", pd.Period("2011")), "count"])


def test_month_has_its_days_of_the_year(board):
    """February 2012 is 29 of 366 days of exposure."""
    year = board.outcomes.xs(pd.Period("2012"), level="period", drop_level=False)
    month = year.rename(index={pd.Period("2012"): pd.Period("2012-02")}, level="period")

    table = cells(replace(board, outcomes=month), "2012-02")

    exposure = table.loc[("a1", pd.Period("2012-02")), "person_years"]
    assert pytest.approx(100_000 * 29 / 366) == exposure


def test_totals_by_region_are_the_sums_by_hand(board):
    """2010 and 2011: a 30, b 46, c 12 homicides; b has 800,000 person-years."""
    table = totals(cells(board, "2010:2011"), board.region)

    assert table["count"].tolist() == [30, 46, 12]
    assert table["person_years"].tolist() == [600_000, 800_000, 600_000]
    assert table["units"].tolist() == [3, 3, 3]
    assert table["missing"].tolist() == [0, 0, 0]


def test_cell_without_count_brings_no_person_years(board):
    """c3 has no count in 2013, so region c has five square-years, and one missing."""
    table = totals(cells(board, "2012:2013"), board.region)

    assert table.loc["c", "person_years"] == 500_000
    assert table.loc["c", "count"] == 5
    assert table.loc["c", "missing"] == 1


def test_group_without_any_count_is_no_data(board):
    """c3 alone in 2013 has neither count nor person-years; it is not zero."""
    table = totals(cells(board, "2013"), board.square)

    assert table.loc["c3", ["count", "person_years"]].isna().all()
    assert table.loc["a3", "count"] == 0


def test_units_outside_the_grouping_are_left_out(board):
    """Nobody is reported in c1 and c2: they belong neither to red nor to blue."""
    table = totals(cells(board, "2010:2011"), board.actor)

    assert table.index.tolist() == ["blue", "red"]
    assert table["count"].tolist() == [8, 76]


def test_unit_that_the_panel_lacks_has_no_data(board):
    """A tenth square without a row is counted as missing, not forgotten."""
    groups = pd.concat([board.nation, pd.Series({"d1": "elsewhere", "d2": "board"})])

    table = totals(cells(board, "2010:2011"), groups)

    assert table.loc["board", "missing"] == 2
    assert table.loc["board", "units"] == 10
    assert pd.isna(table.loc["elsewhere", "count"])


def test_missing_population_is_reported(board):
    """One cell in eighteen without population: the count stays, the gap is told."""
    population = board.population.drop(index=("c2", 2010, "official"))
    table = panel(board.outcomes, population, window=Window.parse("2010:2011"), **CHOICE)

    nation = totals(table, board.nation).loc["board"]

    assert nation["count"] == 88
    assert nation["person_years"] == 1_900_000
    assert nation["missing"] == 1


def test_rate_is_not_made_of_half_a_denominator(board):
    """c2 with a population in one of two years has no person-years, so no rate."""
    population = board.population.drop(index=("c2", 2010, "official"))
    table = panel(board.outcomes, population, window=Window.parse("2010:2011"), **CHOICE)

    square = totals(table, board.square).loc["c2"]

    assert square["count"] == 1
    assert pd.isna(square["person_years"])


@settings(deadline=None)
@given(groups=st.lists(st.sampled_from(["north", "south", "coast"]), min_size=9, max_size=9))
def test_every_grouping_adds_up_to_the_nation(board, groups):
    """However the squares are grouped, counts, exposures and gaps sum to the nation's."""
    table = cells(board)

    parts = totals(table, pd.Series(groups, index=board.nation.index)).sum()
    nation = totals(table, board.nation).loc["board"]

    assert nation.tolist() == pytest.approx(parts.tolist())


def test_years_add_up_to_the_window(board):
    """Four years one by one are the window of four years."""
    years = [totals(cells(board, str(year)), board.region) for year in range(2010, 2014)]
    whole = totals(cells(board), board.region)

    assert sum(year["count"] for year in years).tolist() == whole["count"].tolist()
    assert sum(year["person_years"] for year in years).tolist() == whole["person_years"].tolist()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outcome": "homicide"}, 'outcome: "homicide"'),
        ({"institution": "polise"}, 'institution: "polise"'),
        ({"series": "census"}, 'series: "census"'),
        ({"window": Window.parse("2009:2010")}, "from 2010 to 2013"),
        ({"window": Window.parse("2012-03:2013-12")}, "2012-03:2013-12"),
    ],
)
def test_unknown_choice_is_refused(board, changes, words):
    """The message names the argument, the value and what is allowed."""
    with pytest.raises(DataError) as error:
        cells(board, **changes)

    assert words in str(error.value)
    assert str(error.value) != error.value.render("es")


def test_repeated_cell_is_refused(board):
    """The same unit and period twice would be counted twice."""
    twice = pd.concat([board.outcomes, board.outcomes.head(1)])

    with pytest.raises(DataError, match="more than once"):
        panel(twice, board.population, window=Window.parse("2010"), **CHOICE)


def test_ungrouped_and_twice_grouped_units_are_refused(board):
    """Both faults are told at once."""
    groups = pd.concat([board.region.drop("a1"), pd.Series({"a2": "z"})])

    with pytest.raises(DataError) as error:
        totals(cells(board), groups)

    assert "a1" in str(error.value)
    assert "a2" in str(error.value)
