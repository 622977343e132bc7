"""Study on the board: everything here can be checked with a pencil."""

from __future__ import annotations

import math

import pytest

from territory.evidence.schema import DataError
from territory.study import Study


@pytest.mark.parametrize(
    ("by", "count"),
    [("total", [15]), ("country", [15]), ("region", [4, 3, 8]), ("holder", [11, 3])],
)
def test_counts_are_summed_by_any_grouping(board: Study, by: str, count: list[int]) -> None:
    """Counts of 2001 by grouping are those on the board."""
    assert count == board.rates("2001", by=by)["count"].tolist()


def test_a_rate_is_count_over_person_years(board: Study) -> None:
    """One homicide among a thousand people in a year is 100 per 100,000."""
    rates = board.rates("2001", by="square")

    assert rates.loc["B1", "rate"] == pytest.approx(100)
    assert rates.loc["A1", "person_years"] == pytest.approx(1000)


def test_zero_and_missing_stay_apart(board: Study) -> None:
    """A square without a case has rate zero; a square without a report has none."""
    rates = board.rates("2004", by="square")

    assert rates.loc["A2", "rate"] == 0
    assert rates.loc["A2", "high"] > 0
    assert math.isnan(rates.loc["C3", "count"])
    assert math.isnan(rates.loc["C3", "rate"])
    assert rates.loc["C3", "reliability"] == "none"


def test_a_missing_count_brings_no_people_into_the_sum(board: Study) -> None:
    """Region C in 2004 is the sum of the two squares that reported."""
    row = board.rates("2004", by="region").loc["C"]

    assert row["count"] == 3
    assert row["person_years"] == pytest.approx(2000)


def test_two_years_have_two_person_years_each(board: Study) -> None:
    """A window of two years counts every person twice."""
    assert board.rates("2001:2002", by="square").loc["A1", "person_years"] == pytest.approx(2000)


def test_comparison_says_what_changed(board: Study) -> None:
    """A1 halves from eight to four; its ratio is one half."""
    row = board.compare("2001:2002", "2003:2004", by="square").table.loc["A1"]

    assert (8, 4) == (row["count_before"], row["count_after"])
    assert row["rate_ratio"] == pytest.approx(0.5)
    assert row["ratio_low"] < 0.5 < row["ratio_high"]


def test_summary_has_numbers_interval_and_caveat(board: Study) -> None:
    """The sentence gives counts, ratio, interval and what it does not show, in both languages."""
    comparison = board.compare("2001:2002", "2003:2004", by="square")

    assert "30 in 2001–2002" in comparison.summary("en")
    assert "None of this happened." in comparison.summary("en")
    assert "intervalo exacto al 95\u00a0%" in comparison.summary("es").replace("95 %", "95\u00a0%")


def test_select_returns_a_narrower_study_and_leaves_the_first_alone(board: Study) -> None:
    """Region A alone has three squares; the board still has nine."""
    narrow = board.select(within="Region A")

    assert list(narrow.codes) == ["A1", "A2", "A3"]
    assert narrow.rates("2001", by="total")["count"].tolist() == [4]
    assert len(board.codes) == 9


def test_a_unit_is_found_by_code_and_by_name(board: Study) -> None:
    """Codes and names, with or without the area above, lead to the same square."""
    assert {"A1"} == {board.unit("A1"), board.unit("square a1"), board.unit("Square A1, Region A")}


def test_names_come_in_the_language_asked_for(board: Study) -> None:
    """Groups of a grouping are named in Spanish or English."""
    assert board.rates("2001", by="holder", lang="es")["name"].tolist() == ["rojos", "azules"]
    assert board.rates("2001", by="total", lang="en")["name"].tolist() == ["The Board"]


def test_the_ledger_subtracts(board: Study) -> None:
    """April to December is the year less its first three months."""
    assert board.window_count("2001-04:2001-12").count == 10


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.rates("2001", by="province"), ["--by", "province", "region"]),
        (lambda s: s.rates("2001", outcome="homicide"), ["--outcome", "homicides"]),
        (lambda s: s.rates("2001", institution="court"), ["--institution", "police"]),
        (lambda s: s.rates("2001", population="guess"), ["--population", "guess", "census"]),
        (lambda s: s.rates("1999"), ["--period", "1999", "2001", "2004"]),
        (lambda s: s.rates("2001-03"), ["2001-03", "2001"]),
        (lambda s: s.rates("next year"), ["--period", "next year"]),
        (lambda s: s.compare("2001:2002", "2002:2003"), ["2001:2002", "2002:2003", "overlap"]),
        (lambda s: s.compare("2003:2004", "2001:2002"), ["2003:2004", "2001:2002", "Swap"]),
        (lambda s: s.compare("2002:2001", "2003"), ["--before", "2002:2001"]),
        (lambda s: s.unit("Square Z9"), ["Square Z9"]),
    ],
)
def test_a_senseless_wish_is_refused_with_what_is_allowed(board: Study, call, words) -> None:
    """The message names the argument, the value and what would do, in both languages."""
    with pytest.raises(DataError) as caught:
        call(board)

    assert [word for word in words if word not in str(caught.value)] == []
    assert caught.value.render("es") != str(caught.value)


def test_smoothed_rates_lean_on_the_area_that_is_named(board: Study) -> None:
    """A square without a case is drawn toward the country or toward its region."""
    country = board.rates("2001", smoothed=True, prior="country").loc["A2", "smoothed_rate"]
    region = board.rates("2001", smoothed=True, prior="region").loc["A2", "smoothed_rate"]

    assert country > 0
    assert region > 0
    assert country != region
    with pytest.raises(DataError, match="--prior"):
        board.rates("2001", smoothed=True, prior="square")


def test_odd_windows_of_the_whole_are_composed_from_published_totals(board: Study) -> None:
    """January to March against April to December: 5 and 15 − 5, over their own days."""
    result = board.compare("2001-01:2001-03", "2001-04:2001-12", by="total")
    row = result.table.iloc[0]

    assert (5, 10) == (row["count_before"], row["count_after"])
    assert row["person_years_before"] == pytest.approx(9000 * 90 / 365)
    assert [(5,), (15, -5)] == [counted.terms for counted in result.composed]


def test_odd_windows_of_parts_are_refused(board: Study) -> None:
    """Published totals know no regions."""
    with pytest.raises(DataError, match="2001"):
        board.compare("2001-01:2001-03", "2001-04:2001-12", by="region")


def test_over_dispersion_is_said_and_widens_intervals_when_asked(board: Study) -> None:
    """Scaled intervals are at least as wide; one year on each side cannot tell."""
    plain = board.compare("2001:2002", "2003:2004", by="region")
    scaled = board.compare("2001:2002", "2003:2004", by="region", scaled=True)

    assert scaled.table.loc["A", "ratio_high"] >= plain.table.loc["A", "ratio_high"]
    assert math.isnan(board.compare("2001", "2002", by="region").phi)
    with pytest.raises(DataError):
        board.compare("2001", "2002", by="region", scaled=True)
