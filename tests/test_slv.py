"""El Salvador through the study: the numbers that must come out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.study import Study


def test_there_are_262_municipalities_in_14_departments(slv: Study) -> None:
    """Units of every level, old and new."""
    assert {"nation": 1, "department": 14, "municipality": 262, "municipality_2024": 44} == (
        slv.units["level"].value_counts().to_dict()
    )


@pytest.mark.parametrize(
    ("year", "count", "rate"),
    [
        ("2011", 4371, 70.07),
        ("2012", 2594, 41.2),
        ("2013", 2513, 39.6),
        ("2014", 3921, 60.9),
        ("2015", 6656, 103.0),
    ],
)
def test_national_counts_and_rates(slv: Study, year: str, count: int, rate: float) -> None:
    """Homicides by the forensic institute, over the municipal projections."""
    row = slv.rates(year, by="nation").iloc[0]

    assert row["count"] == count
    assert row["rate"] == pytest.approx(rate, abs=0.05)


@pytest.mark.parametrize("by", ["department", "municipality", "municipality_2024", "metropolitan"])
def test_every_grouping_adds_up_to_the_nation(slv: Study, by: str) -> None:
    """8,375 before and 5,107 after, however the country is cut."""
    table = slv.compare("2010:2011", "2012:2013", by=by).table
    nation = slv.compare("2010:2011", "2012:2013", by="nation").table.iloc[0]

    assert (8375, 5107) == (table["count_before"].sum(), table["count_after"].sum())
    assert table["person_years_after"].sum() == pytest.approx(nation["person_years_after"])


def test_the_country_s_ratio(slv: Study) -> None:
    """The rate ratio is about 0.600, firmly below one."""
    row = slv.compare("2010:2011", "2012:2013", by="nation").table.iloc[0]

    assert row["rate_ratio"] == pytest.approx(0.600, abs=0.001)
    assert row["change"] == "fell_firm"


def test_the_firm_changes_are_38_falls_and_two_rises(slv: Study) -> None:
    """After the false-discovery rule; one by one they would be 54 and seven."""
    changes = slv.compare("2010:2011", "2012:2013").table["change"].value_counts()

    assert (38, 2) == (changes["fell_firm"], changes["rose_firm"])
    assert (54, 7) == (
        changes["fell_firm"] + changes["fell"],
        changes["rose_firm"] + changes["rose"],
    )


def test_49_municipalities_without_a_police_homicide_in_2013(slv: Study) -> None:
    """Zero is counted, and is not missing."""
    assert (slv.rates("2013", institution="pnc")["count"] == 0).sum() == 49


def test_firearm_homicides_of_2018_are_no_data(slv: Study) -> None:
    """A truncated year is missing, never zero."""
    assert slv.rates("2018", outcome="homicides_firearm")["count"].isna().all()
    assert slv.rates("2018", by="nation", outcome="homicides_firearm")["rate"].isna().all()


def test_a_municipality_without_population_has_a_count_and_no_rate(slv: Study) -> None:
    """San José Las Flores: no projection for 2011, unless the filled series is asked for."""
    official = slv.rates("2011").loc["0428"]
    filled = slv.rates("2011", population="digestyc_filled").loc["0428"]

    assert official["count"] == 0
    assert official[["person_years", "rate"]].isna().all()
    assert filled["person_years"] > 1000
    assert filled["rate"] == 0


def test_homonyms_need_their_department(slv: Study) -> None:
    """Names that occur in several departments are refused alone and found with it."""
    names = slv.units.loc[slv.codes, "name"]
    twice = names[names.duplicated(keep=False)]

    assert len(twice) >= 10
    for code in twice.index:
        assert slv.unit(slv.full_name(code)) == code
        with pytest.raises(ValueError, match="more than one"):
            slv.unit(names[code])


@settings(max_examples=25, deadline=None)
@given(
    first=st.integers(2008, 2014),
    years=st.integers(1, 2),
    by=st.sampled_from(["nation", "department"]),
)
def test_swapping_the_windows_inverts_the_ratio(
    slv: Study, first: int, years: int, by: str
) -> None:
    """Before and after exchanged give the inverse ratio and interval, and the same p."""
    from territory.measures.comparison import comparison

    early, late = (
        slv.totals(
            slv.window(
                f"{start}:{start + years - 1}", outcome="homicides", institution="iml", argument="w"
            ),
            by=by,
            outcome="homicides",
            institution="iml",
            population="digestyc",
        )
        for start in (first, first + years)
    )
    there, back = comparison(early, late), comparison(late, early)

    assert (1 / there["rate_ratio"]).tolist() == pytest.approx(back["rate_ratio"].tolist())
    assert (1 / there["ratio_low"]).tolist() == pytest.approx(back["ratio_high"].tolist())
    assert there["p_value"].tolist() == pytest.approx(back["p_value"].tolist())
