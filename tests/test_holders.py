"""Status on a date: the rule on a board that can be checked with a pencil, and El Salvador."""

from __future__ import annotations

import datetime
import itertools
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.evidence.claims import read_actors, read_claims, read_interventions
from territory.evidence.schema import DataError
from territory.measures.holders import STATUSES, distinct, evidence, holders
from territory.measures.reported import (
    change_days,
    coverage,
    holder_groups,
    intervention_groups,
)

if TYPE_CHECKING:
    from territory.study import Study

DATA = Path(__file__).parents[1] / "data" / "territories" / "slv"
ACTORS = pd.DataFrame(
    {"parent": [None, None, "blue", "blue", None]},
    index=pd.Index(["red", "blue", "navy", "sky", "ANY"], name="actor"),
)
UNITS = ["A1", "A2", "A3"]


def claim(
    kind: str = "presence",
    actors: str = "red",
    *,
    unit: str = "A1",
    start: str | None = "2010-01-01",
    end: str | None = "2010-12-31",
    grade: str = "B",
    tier: str = "map",
    whole: bool = True,
    value: float | None = 1.0,
) -> dict[str, object]:
    """Return one claim, as the reader would."""
    return {
        "unit": unit, "actors": tuple(actors.split(";")), "kind": kind, "value": value,
        "start": pd.Timestamp(start) if start else pd.NaT,
        "end": pd.Timestamp(end) if end else pd.NaT,
        "grade": grade, "display_tier": tier, "whole_unit": whole,
    }  # fmt: skip


def table(*claims: dict[str, object]) -> pd.DataFrame:
    """Return a table of claims named c0, c1, and so on."""
    columns = list(claim())
    index = pd.Index([f"c{i}" for i in range(len(claims))], name="claim")
    return pd.DataFrame(list(claims), columns=columns, index=index).astype(
        {"value": float, "start": "datetime64[us]", "end": "datetime64[us]", "whole_unit": bool}
    )


def status(*claims: dict[str, object], on: str = "2010-06-15", **options: object) -> str:
    """Return the status of A1 on a day."""
    return str(holders(table(*claims), UNITS, on=on, actors=ACTORS, **options).loc["A1", "status"])


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([], "no_data"),
        ([claim("presence", "ANY")], "presence_unnamed"),
        ([claim("dominant", "ANY")], "presence_unnamed"),
        ([claim()], "presence"),
        ([claim(), claim("presence", "ANY")], "presence"),
        ([claim(), claim("presence", "blue")], "shared_presence"),
        ([claim("presence", "red;blue")], "shared_presence"),
        ([claim("dominant")], "dominant"),
        ([claim("dominant"), claim("presence", "blue")], "dominant"),
        ([claim("dominant"), claim("dominant")], "dominant"),
        ([claim("dominant"), claim("dominant", "blue")], "contested"),
        ([claim("dominant", "red;blue")], "contested"),
        ([claim("disputed", "ANY")], "contested"),
        ([claim("dominant"), claim("disputed", "red;blue")], "contested"),
        ([claim("member_count", value=400)], "no_data"),
    ],
)
def test_the_strongest_claim_decides(claims: list[dict[str, object]], expected: str) -> None:
    """Dispute or two dominants, one dominant, several, one, unnamed, nothing: in that order."""
    assert status(*claims) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [("navy", "presence"), ("red", "shared_presence")],
)
def test_a_part_beside_its_whole_is_not_a_second_actor(second: str, expected: str) -> None:
    """Blue beside navy, a part of blue, is one actor; blue beside red are two."""
    assert status(claim("presence", "blue"), claim("presence", second)) == expected


def test_two_parts_of_one_whole_are_two() -> None:
    """Navy and sky, both parts of blue, are two actors; blue itself adds none."""
    claims = table(claim("presence", "blue;navy"), claim("presence", "sky"))
    row = holders(claims, UNITS, on="2010-06-15", actors=ACTORS).loc["A1"]

    assert row["status"] == "shared_presence"
    assert row["actors"] == ("navy", "sky")


@pytest.mark.parametrize(
    "odd",
    [
        claim(grade="D"),
        claim(tier="detail"),
        claim(whole=False),
        claim(start="2010-06-16"),
        claim(end="2007-06-14"),
        claim(unit="Z9"),
        claim(value=0.0009),
    ],
    ids=["grade", "tier", "locality", "later", "too old", "elsewhere", "sliver"],
)
def test_what_does_not_count(odd: dict[str, object]) -> None:
    """A doubtful, detailed, later, faded, foreign or sliver claim makes no status anywhere."""
    frame = holders(table(odd), UNITS, on="2010-06-15", actors=ACTORS)

    assert frame["status"].tolist() == ["no_data"] * 3
    assert frame["claims"].tolist() == [()] * 3


@pytest.mark.parametrize(
    ("on", "expected", "stale"),
    [
        ("2009-12-31", "no_data", False),
        ("2010-01-01", "dominant", False),
        ("2010-12-31", "dominant", False),
        ("2011-01-01", "dominant", True),
        ("2013-12-31", "dominant", True),
        ("2014-01-01", "no_data", False),
    ],
)
def test_claims_fade(on: str, expected: str, stale: bool) -> None:
    """In force from first to last day, stale for three years to the day, then no data."""
    row = holders(table(claim("dominant")), UNITS, on=on, actors=ACTORS).loc["A1"]

    assert (row["status"], row["stale"]) == (expected, stale)


def test_carry_can_be_changed() -> None:
    """With no carry a claim counts only while it is in force; half years work too."""
    old = claim("dominant")

    assert status(old, on="2011-01-01", carry_years=0) == "no_data"
    assert status(old, on="2011-06-30", carry_years=0.5) == "dominant"
    assert status(old, on="2011-07-31", carry_years=0.5) == "no_data"


def test_open_ends() -> None:
    """Without an end a claim is in force; without a start it is known on its last day only."""
    going_on, from_long_ago = claim(end=None), claim(start=None)

    assert status(going_on, on="2030-01-01") == "presence"
    assert status(from_long_ago, on="2010-12-30") == "no_data"
    assert status(from_long_ago, on="2010-12-31") == "presence"


def test_what_is_carried_gives_way_to_what_is_reported_since() -> None:
    """Red's ended dominance yields to blue's later one, not to a mere presence of blue."""
    red = claim("dominant", "red")
    blue = claim("dominant", "blue", start="2011-03-01", end="2011-12-31")
    there = claim("presence", "blue", start="2011-03-01", end="2011-12-31")
    frame = holders(table(red, blue), UNITS, on="2011-06-15", actors=ACTORS)

    assert frame.loc["A1", "holder"] == "blue"
    assert frame.loc["A1", "claims"] == ("c1",)
    assert status(red, blue, on="2011-02-15") == "dominant"
    assert status(red, there, on="2011-06-15") == "dominant"
    assert status(red, blue | {"value": 0.01}, on="2011-06-15") == "presence"


def test_dominance_needs_its_share() -> None:
    """Ground of 4 % of a unit is presence, of 5 % dominance; the threshold can be set."""
    assert status(claim("dominant", value=0.04)) == "presence"
    assert status(claim("dominant", value=0.05)) == "dominant"
    assert status(claim("dominant", value=0.04), dominant_share=0.01) == "dominant"
    assert status(claim("dominant", value=None)) == "dominant"


def test_rows_say_what_they_rest_on() -> None:
    """The holder comes first, every claim is listed, the best grade and the last day are told."""
    claims = table(
        claim("presence", "blue", grade="A"),
        claim("dominant", "red", grade="C", end="2011-12-31"),
        claim("presence", "red", unit="A2", end="2010-03-01"),
    )
    frame = holders(claims, UNITS, on=datetime.date(2010, 6, 15), actors=ACTORS)

    assert list(frame.index) == UNITS
    assert frame.loc["A1", "actors"] == ("red", "blue")
    assert frame.loc["A1", "claims"] == ("c0", "c1")
    assert frame.loc["A1", "best_grade"] == "A"
    assert frame.loc["A1", "last_day"] == datetime.date(2010, 6, 15)
    assert frame.loc["A2", "last_day"] == datetime.date(2010, 3, 1)
    assert frame["stale"].tolist() == [False, True, False]
    assert frame.loc["A3", ["status", "actors"]].tolist() == ["no_data", ()]


@pytest.mark.parametrize(
    ("on", "carry", "key"),
    [("2018-08", 3, "not_a_day"), ("soon", 3, "bad_window"), ("2018-08-15", -1, "bad_carry")],
)
def test_bad_arguments_are_refused(on: str, carry: float, key: str) -> None:
    """A month is no day, a word no date, and nothing is carried backwards."""
    with pytest.raises(DataError) as caught:
        holders(table(claim()), UNITS, on=on, carry_years=carry)

    assert [fault.key for fault in caught.value.faults] == [key]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            claim,
            st.sampled_from(["presence", "dominant", "disputed", "clica_count"]),
            st.sampled_from(["red", "blue", "navy", "ANY", "red;sky"]),
            unit=st.sampled_from(UNITS),
            start=st.sampled_from(["2008-01-01", "2010-01-01", None]),
            end=st.sampled_from(["2010-12-31", "2011-12-31", None]),
            grade=st.sampled_from("ABCD"),
        ),
        max_size=6,
    ),
    st.dates(datetime.date(2007, 1, 1), datetime.date(2016, 1, 1)),
    st.randoms(),
)
def test_the_order_of_claims_does_not_matter(claims, on, random) -> None:
    """Shuffled rows give the same status, holder and actors; a status has claims behind it."""
    before = table(*claims)
    shuffled = list(before.index)
    random.shuffle(shuffled)
    one = holders(before, UNITS, on=on, actors=ACTORS)
    two = holders(before.loc[shuffled], UNITS, on=on, actors=ACTORS)

    pd.testing.assert_frame_equal(one, two)
    assert set(one["status"]) <= set(STATUSES)
    assert (one["claims"].map(len).eq(0) == one["status"].eq("no_data")).all()


def test_the_input_is_not_changed() -> None:
    """Claims come out as they went in."""
    claims = table(claim("dominant", value=0.01), claim(end=None))
    before = claims.copy()
    evidence(claims, on="2012-01-01")

    pd.testing.assert_frame_equal(claims, before)


def test_actors_stand_for_themselves() -> None:
    """Wholes of actors that are there are left out, at any depth."""
    parents = {"navy": "blue", "sky": "blue", "pale": "sky"}

    assert distinct(["blue", "pale", "red"], parents) == ("pale", "red")
    assert distinct(["sky", "blue", "navy"], parents) == ("sky", "navy")


def test_every_unit_has_a_holder_group() -> None:
    """The dominant actor, or the status where no one actor is dominant: nobody is left out."""
    claims = table(claim("dominant"), claim("disputed", "red;blue", unit="A2"))
    groups = holder_groups(holders(claims, UNITS, on="2010-06-15"))

    assert groups.to_dict() == {"A1": "red", "A2": "contested", "A3": "no_data"}


def test_coverage_stands_beside_every_result() -> None:
    """Units and people with any evidence, and how many of them rest on ended claims."""
    claims = table(claim(), claim(unit="A2", end="2010-03-01"))
    frame = holders(claims, UNITS, on="2010-06-15")
    found = coverage(frame, pd.Series({"A1": 10.0, "A2": 20.0, "A3": 70.0}))

    assert found == (3, 2, 1, 100, 30)
    assert pd.isna(coverage(frame).people)


def test_nothing_changes_between_the_days_of_change() -> None:
    """Status is the same on every day between two stops of the slider."""
    claims = table(
        claim("dominant"), claim("presence", "blue", start="2010-07-10", end="2010-09-01")
    )
    stops = change_days(claims, carry_years=1)
    days = pd.date_range("2009-12-01", "2012-02-01").date
    frames = {day: holders(claims, UNITS, on=day, carry_years=1) for day in days}
    columns = ["status", "claims", "stale"]
    changed = [
        later
        for earlier, later in itertools.pairwise(days)
        if not frames[earlier][columns].equals(frames[later][columns])
    ]

    assert set(changed) <= set(stops)
    assert len(changed) == 5


# --- El Salvador -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reported(slv: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return El Salvador's claims and actors."""
    actors = read_actors(DATA / "actors.csv")[0]
    return read_claims(DATA / "claims.csv", slv.units, actors)[0], actors


@pytest.mark.parametrize(
    ("on", "known", "stale"),
    [("2016-06-15", 6, 4), ("2018-08-15", 19, 11), ("2020-12-31", 37, 17), ("2024-06-30", 0, 0)],
)
def test_municipalities_with_a_status(reported, slv: Study, on, known, stale) -> None:
    """Six in June 2016, nineteen in August 2018, thirty-seven at the end of 2020, none in 2024."""
    claims, actors = reported
    frame = holders(claims, slv.codes, on=on, actors=actors)
    with_status = frame[frame["status"] != "no_data"]

    assert len(frame) == 262
    assert (len(with_status), int(with_status["stale"].sum())) == (known, stale)


@pytest.mark.parametrize(
    ("unit", "on", "expected", "who"),
    [
        ("0617", "2016-06-15", "contested", ("B18R", "B18S", "MS13")),
        ("0614", "2016-06-15", "shared_presence", ("B18R", "B18S", "MAO", "MS13")),
        ("0101", "2020-12-31", "dominant", ("MS13",)),
        ("0607", "2020-12-31", "dominant", ("MS13",)),
        ("0210", "2020-12-31", "presence", ("B18",)),
        ("0602", "2020-12-31", "no_data", ()),
    ],
)
def test_named_municipalities(reported, slv: Study, unit, on, expected, who) -> None:
    """Six places on two dates; of Apopa, the last one, only localities were reported."""
    claims, actors = reported
    row = holders(claims, slv.codes, on=on, actors=actors).loc[unit]

    assert (row["status"], row["actors"]) == (expected, who)


def test_levels_are_separate_layers(reported, slv: Study) -> None:
    """Dominance reported for a department says nothing of its municipalities, nor the reverse."""
    claims, actors = reported
    departments = slv.units.index[slv.units["level"] == "department"]
    frame = holders(claims, departments, on="2020-06-30", actors=actors)
    below = holders(claims, slv.codes, on="2020-06-30", actors=actors)

    assert frame.loc["14", "holder"] == "MS13"
    assert below.loc["1402", "status"] == "presence"
    assert below.loc["1408", "status"] == "no_data"


def test_status_takes_less_than_fifty_milliseconds(reported, slv: Study) -> None:
    """All 262 municipalities on a day, the best of five."""
    claims, actors = reported
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        holders(claims, slv.codes, on="2020-12-31", actors=actors)
        spent.append(time.perf_counter() - start)

    assert min(spent) < 0.050


def test_every_municipality_has_one_group_of_interventions(slv: Study) -> None:
    """The nine free of violence are all in the plan; unconfirmed ones do not count."""
    table_, _ = read_interventions(DATA / "interventions.csv", slv.units)
    both = intervention_groups(table_, slv.codes, kinds=["violence_free", "pess"])
    free = intervention_groups(table_, slv.codes, kinds=["violence_free"])

    assert both.value_counts().to_dict() == {"none": 212, "pess": 41, "violence_free+pess": 9}
    assert free.value_counts().to_dict() == {"none": 253, "violence_free": 9}
