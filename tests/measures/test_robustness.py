"""Bands: the same sum over other groupings of the same units, on a board checked with a pencil."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from territory.evidence.schema import DataError
from territory.measures.holders import holders
from territory.measures.robustness import rate_band, ratio_band
from territory.measures.variants import boundary_variants, carry_variants, grade_variants

UNITS = ["A1", "A2", "A3", "A4"]
ACTORS = pd.DataFrame({"parent": [None, None]}, index=pd.Index(["red", "blue"], name="actor"))


def cells(counts: list[float], year: str = "2010") -> pd.DataFrame:
    """Return a panel of one year: four units of 1,000 people."""
    index = pd.MultiIndex.from_product(
        [UNITS, pd.PeriodIndex([year], freq="Y")], names=["unit", "period"]
    )
    return pd.DataFrame({"count": counts, "person_years": 1000.0}, index=index)


def groups(*names: str | None) -> pd.Series:
    """Return the groups of the four units."""
    return pd.Series(list(names), index=pd.Index(UNITS, name="unit"), name="group", dtype=object)


def claims(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    """Return claims of 2010 from unit, actor, kind, grade and last day."""
    return pd.DataFrame(
        {
            "unit": [row[0] for row in rows],
            "actors": [(row[1],) for row in rows],
            "kind": [row[2] for row in rows],
            "value": 1.0,
            "start": pd.Timestamp("2010-01-01"),
            "end": [pd.Timestamp(row[4]) for row in rows],
            "grade": [row[3] for row in rows],
            "display_tier": "map",
            "whole_unit": True,
        },
        index=pd.Index([f"c{n}" for n in range(len(rows))], name="claim"),
    )


REPORTS = claims(
    ("A1", "red", "dominant", "B", "2010-12-31"),
    ("A2", "red", "dominant", "C", "2010-12-31"),
    ("A3", "blue", "presence", "B", "2008-12-31"),
)


def test_a_band_holds_the_least_and_the_greatest_rate() -> None:
    """A1 and A2 have 1 and 3 of 1,000 each: together 200, A1 alone 100, A2 alone 300."""
    base = groups("red", "red", "none", "none")
    others = {
        "one": groups("red", "none", "none", "none"),
        "other": groups("none", "red", "none", "none"),
    }
    band = rate_band(cells([1, 3, 5, 7]), base, others)

    assert band.loc["red", ["rate", "band_low", "band_high"]].tolist() == [200, 100, 300]
    assert band.loc["red", ["units", "units_low", "units_high", "variants"]].tolist() == [
        2,
        1,
        2,
        3,
    ]


def test_a_group_that_vanishes_has_no_rate_there() -> None:
    """The band is over variants in which the group occurs; how many is said."""
    band = rate_band(
        cells([1, 3, 5, 7]), groups("red", "a", "a", "a"), {"gone": groups("a", "a", "a", "a")}
    )

    assert band.loc["red", ["band_low", "band_high", "units_low", "variants"]].tolist() == [
        100, 100, 0, 1,
    ]  # fmt: skip


def test_equal_variants_count_once_and_units_outside_stay_outside() -> None:
    """A unit without a group is in none, whatever a variant says."""
    base = groups("red", "red", "none", None)
    band = rate_band(cells([1, 3, 5, 7]), base, {"same": base, "more": groups(*["red"] * 4)})

    assert band["variants"].max() == 2
    assert band.loc["red", "units_high"] == 3


def test_ratios_have_a_band_too() -> None:
    """Both units halve, one alone falls to a quarter."""
    before, after = cells([4, 4, 4, 4]), cells([1, 3, 4, 4], "2011")
    base = groups("red", "red", "none", "none")
    band = ratio_band(before, after, base, {"one": groups("red", "none", "none", "none")})

    assert band.loc["red", ["rate_ratio", "band_low", "band_high"]].tolist() == [0.5, 0.25, 0.5]


def test_no_ratio_where_nothing_was_counted_before() -> None:
    """Zero before gives no ratio, and no infinite band."""
    band = ratio_band(cells([0, 1, 1, 1]), cells([2, 1, 1, 1], "2011"), groups(*"abbb"), {})

    assert band.loc["a", ["rate_ratio", "band_low", "band_high"]].isna().all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.sampled_from("xyz"), min_size=4, max_size=4), min_size=1, max_size=6))
def test_the_value_found_lies_in_its_band(others: list[list[str]]) -> None:
    """The result itself is one of the variants."""
    variants = {str(place): groups(*other) for place, other in enumerate(others)}
    band = rate_band(cells([1, 3, 5, 7]), groups("x", "x", "y", "z"), variants)

    assert (band["band_low"] <= band["rate"]).all()
    assert (band["rate"] <= band["band_high"]).all()


def test_one_unit_twice_is_refused() -> None:
    """A unit in two groups would be counted twice."""
    twice = pd.concat([groups(*"aaaa"), groups(*"aaaa").iloc[:1]])
    with pytest.raises(DataError, match="A1"):
        rate_band(cells([1, 1, 1, 1]), twice, {})


def test_another_carry_brings_back_or_drops_ended_reports() -> None:
    """A report that ended in 2008 counts in mid-2010 with two years, not with one."""
    reports = REPORTS.assign(start=pd.Timestamp("2008-01-01"))
    found = carry_variants(reports, UNITS, on="2010-06-30", carries=[1, 2], actors=ACTORS)

    assert list(found) == ["carry 1", "carry 2"]
    assert found["carry 1"]["A3"] == "no_data"
    assert found["carry 2"]["A3"] == "presence"


def test_reports_of_grade_c_are_drawn_anew_and_the_others_stand() -> None:
    """A1 rests on grade B and never changes; A2 on grade C and does; the seed fixes the draws."""
    options = {"on": "2010-06-30", "actors": ACTORS, "carry_years": 0, "by": "holder"}
    found = grade_variants(REPORTS, UNITS, draws=40, neighbours={"A2": ["A4"]}, **options)
    again = grade_variants(REPORTS, UNITS, draws=40, neighbours={"A2": ["A4"]}, **options)

    assert len(found) == 41
    assert all(groups["A1"] == "red" for groups in found.values())
    assert {groups["A2"] for groups in found.values()} == {"red", "blue", "no_data"}
    assert {groups["A4"] for groups in found.values()} == {"red", "no_data"}
    assert all(found[name].equals(again[name]) for name in found)
    assert found["without C"]["A2"] == "no_data"


def test_a_draw_that_keeps_everything_is_the_result_itself() -> None:
    """Among many draws of one doubtful report, some keep it: the same status as without draws."""
    options = {"on": "2010-06-30", "actors": ACTORS, "carry_years": 0}
    plain = holders(REPORTS, UNITS, **options)["status"]
    found = grade_variants(REPORTS, UNITS, draws=40, **options)

    assert any(groups.tolist() == plain.tolist() for groups in found.values())


def test_without_grade_c_there_is_nothing_to_draw() -> None:
    """No variant where no report is in doubt."""
    assert grade_variants(REPORTS[REPORTS["grade"] == "B"], UNITS, on="2010-06-30") == {}


def test_larger_and_smaller_zones_change_the_share() -> None:
    """A zone of 6 m in a unit of 100 m is 6 %; drawn 1 m smaller on each side, 4 %: presence."""
    units = gpd.GeoDataFrame(
        geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)],
        index=pd.Index(["A1", "A2"], name="unit"),
        crs="EPSG:32616",
    )
    zones = gpd.GeoDataFrame(
        {
            "actors": [("red",)],
            "start": [pd.Timestamp("2010-01-01")],
            "end": [pd.Timestamp("2010-12-31")],
        },
        geometry=[box(94, 0, 100, 100)],
        index=pd.Index(["z1"], name="zone"),
        crs="EPSG:32616",
    )
    found = boundary_variants(
        zones, units, on="2010-06-30", crs="EPSG:32616", distances=[-1, 0, 20], by="holder"
    )

    assert list(found) == ["buffer -1 m", "buffer +0 m", "buffer +20 m"]
    assert found["buffer -1 m"].tolist() == ["presence", "no_data"]
    assert found["buffer +0 m"].tolist() == ["red", "no_data"]
    assert found["buffer +20 m"].tolist() == ["red", "red"]


def test_an_unknown_grouping_is_refused() -> None:
    """Only status and holder follow from reports."""
    with pytest.raises(DataError, match="status, holder"):
        carry_variants(REPORTS, UNITS, on="2010-06-30", carries=[1], by="colour")
