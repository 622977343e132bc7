"""Every point is counted once, whatever the file holds and however it is cut."""

from __future__ import annotations

import datetime
from itertools import pairwise, permutations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.points import Areas
from territory.points.columns import Columns
from territory.points.coordinates import coordinates
from territory.points.counting import Recipe, Tally, counts_of_partition, merged, nothing
from territory.points.engines import ENGINES
from territory.points.lengths import LENGTHS, starts, written
from territory.points.times import periods

COLUMNS = Columns(x="x", y="y", date="date", group="kind")
NUMBERS = st.one_of(
    st.none(), st.floats(-1, 3), st.sampled_from([0.0, 1.0, 2.0, np.nan, np.inf, 999.0, -1e300])
)
DATES = st.sampled_from(
    ["2011-03-05", "2011-04-01T10:00:00", "2011-04", "2011", "", "soon", "2011-02-30", None]
)
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, DATES, st.sampled_from(["a", "b", "", None])))


def partition(rows: list[tuple]) -> pa.Table:
    """Return rows as a partition; coordinates that are None are empty."""
    x, y, date, kind = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.table(
        {
            "x": pa.array(x, pa.float64()),
            "y": pa.array(y, pa.float64()),
            "date": pa.array(date, pa.string()),
            "kind": pa.array(kind, pa.string()),
        }
    )


def recipe(engine: str = "geopandas", by: str = "month", **more: object) -> Recipe:
    """Return how the tests count."""
    return Recipe(COLUMNS, by, "OGC:CRS84", engine, **more)


def rows_of(counts: pa.Table) -> list[tuple]:
    """Return a table of counts as sorted rows."""
    return sorted(tuple(row.values()) for row in counts.to_pylist())


@settings(max_examples=60, deadline=None, suppress_health_check=["function_scoped_fixture"])
@given(rows=ROWS, engine=st.sampled_from(list(ENGINES)), by=st.sampled_from(["month", "total"]))
def test_the_sum_always_holds(areas: Areas, rows, engine, by) -> None:
    """Assigned, outside, undated and without coordinates are all points, and counts all assigned."""
    counts, tally = counts_of_partition(partition(rows), areas, recipe(engine, by))

    assert len(rows) == tally.points
    assert tally.points == (
        tally.assigned + tally.outside + tally.undated + tally.without_coordinates
    )
    assert tally.assigned == sum(counts.column("count").to_pylist())
    assert tally.assigned >= max(tally.on_border, tally.ungrouped)


@settings(max_examples=40, deadline=None, suppress_health_check=["function_scoped_fixture"])
@given(rows=ROWS, cuts=st.lists(st.integers(0, 40), max_size=4), random=st.randoms())
def test_cuts_and_order_change_nothing(areas: Areas, rows, cuts, random) -> None:
    """A file in parts, in any order, has the counts and the tally of the whole."""
    whole = counts_of_partition(partition(rows), areas, recipe("sedona"))
    edges = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    parts = [counts_of_partition(partition(rows[a:b]), areas, recipe()) for a, b in pairwise(edges)]
    random.shuffle(parts)
    total = merged([nothing(), *parts])

    assert whole.tally == total.tally
    assert rows_of(whole.counts) == rows_of(total.counts)


def test_sums_do_not_depend_on_how_they_are_nested(areas: Areas) -> None:
    """Merged two and two or all at once, in each order, is the same."""
    parts = [
        counts_of_partition(partition([(0.5 + i % 2, 0.5, "2011-03-05", "a")]), areas, recipe())
        for i in range(3)
    ]
    expected = rows_of(merged(parts).counts)

    for first, *others in permutations(parts):
        assert expected == rows_of(merged([first, merged(others)]).counts)


def test_what_became_of_each_point(areas: Areas) -> None:
    """One of each kind, counted by hand."""
    rows = [
        (0.5, 0.5, "2011-03-05", "a"),
        (1.0, 1.0, "2011-03-06", None),  # the corner of all four
        (5.0, 0.5, "2011-03-06", "a"),  # outside
        (0.5, 0.5, None, "a"),
        (0.5, 0.5, "soon", "a"),
        (None, 0.5, "2011-03-06", "a"),
        (999.0, 0.5, "2011-03-06", "a"),  # off the globe, so outside
    ]

    counts, tally = counts_of_partition(partition(rows), areas, recipe())

    assert tally == Tally(
        points=7, assigned=2, outside=2, undated=2, without_coordinates=1, on_border=1,
        ungrouped=1, off_scale=1, unreadable_dates=1,
    )  # fmt: skip
    march = int(np.datetime64("2011-03-01").astype(np.int64))
    assert [(0, march, "", 1), (0, march, "a", 1)] == rows_of(counts)


@pytest.mark.parametrize(
    ("column", "by", "expected"),
    [
        (pa.array(["2011-03-05", "2011-03", "2011", "2011-03-05 23:59", "2011-03-055"]), "month",
         ["2011-03", "2011-03", None, "2011-03", None]),
        (pa.array(["2011-03-05T00:30:00Z", "1899-12-31", "2101-01-01", " 2011-03-05 "]), "day",
         ["2011-03-05", None, None, "2011-03-05"]),
        (pa.array([2011, 1066, None]), "year", ["2011", None, None]),
        (pa.array([np.datetime64("1969-12-31T23:00:00")]), "month", ["1969-12"]),
        (pa.array([datetime.date(1950, 1, 1), None]), "year", ["1950", None]),
        (pa.array([np.datetime64("2011-01-01T03:00:00")]).cast(pa.timestamp("us", "UTC"))
         .cast(pa.timestamp("us", "America/El_Salvador")), "day", ["2010-12-31"]),
        (pa.array([np.datetime64("2011-01-01T03:00:00")]).cast(pa.timestamp("us", "-06:00")),
         "year", ["2010"]),
        (pa.array([2011.0, np.nan, None]), "year", ["2011", None, None]),
        (pa.array([1_300_000_000, 20_110_305]), "day", [None, None]),
        (pa.array(["2011-03-05", "2011-03"]), "quarter", ["2011-01", "2011-01"]),
        (pa.array(["2012-01-01", "2012-01-02", "2012-01"]), "week",
         ["2011-12-26", "2012-01-02", None]),
        (pa.array(["2011-03-05"]).dictionary_encode(), "day", ["2011-03-05"]),
        (pa.nulls(2), "day", [None, None]),
    ],
)  # fmt: skip
def test_dates_of_every_kind(column, by, expected) -> None:
    """Text, numbers, dates, timestamps with and without a zone; too coarse is no date."""
    found, _ = periods(pa.chunked_array([column]), name="date", by=by, date_format=None)

    assert expected == [None if np.isnat(p) else str(p)[: LENGTHS[by]] for p in found]


def test_what_is_empty_is_not_unreadable() -> None:
    """Blanks and words for nothing are no dates, and nothing that could not be read."""
    column = pa.chunked_array([pa.array(["", " ", " N/D ", None, "-", "soon"])])
    found, unreadable = periods(column, name="date", by="day", date_format=None)

    assert np.isnat(found).all()
    assert [False] * 5 + [True] == unreadable.tolist()


@pytest.mark.parametrize("zone", [None, "UTC", "America/El_Salvador"])
def test_the_border_of_a_month_in_a_time_zone(zone: str | None) -> None:
    """Half an hour before midnight in San Salvador is the next day in Greenwich."""
    late = pa.array([np.datetime64("2011-04-01T05:30:00")]).cast(pa.timestamp("us", "UTC"))
    written = pa.array(
        ["2011-03-31T23:30:00-06:00", "2011-04-01T05:30:00Z", "2011-04-01 05:30", "2011-04-01"]
    )
    stamped, texts = (
        periods(pa.chunked_array([column]), name="date", by="month", date_format=None,
                time_zone=zone)[0]
        for column in (late, written)
    )  # fmt: skip

    march, april = "2011-03-01", "2011-04-01"
    assert [march if zone == "America/El_Salvador" else april] == list(map(str, stamped))
    moved = {None: [march, april], "UTC": [april, april], "America/El_Salvador": [march, march]}
    assert [*moved[zone], april, april] == list(map(str, texts))


@pytest.mark.parametrize("by", LENGTHS)
def test_periods_agree_with_pandas_and_sort_as_they_are_written(by: str) -> None:
    """Every day of two hundred years is in the period that pandas or ISO 8601 says."""
    days = np.arange("1900-01-01", "2101-01-01", dtype="datetime64[D]")
    first = starts(days, by=by)
    texts = written(first, by=by)

    assert sorted(texts) == list(texts)
    index = pd.DatetimeIndex(days)
    if by == "week":
        iso = index.isocalendar()
        expected = iso["year"].astype(str) + "-W" + iso["week"].astype(str).str.zfill(2)
    elif by == "quarter":
        expected = index.year.astype(str) + "-Q" + index.quarter.astype(str)
    else:
        expected = index.strftime("%Y-%m-%d").str[: LENGTHS[by]]
    assert list(expected) == list(texts)


def test_no_cell_depends_on_its_neighbours() -> None:
    """A number is the same float, and an empty word as empty, beside a cell that is no number."""
    cells = ["0.1000000000000000055", " 1.5 ", "+2.", ".5", "1e-3", "nan", "N/D", "", None, "-"]
    alone = coordinates(_texts(cells), COLUMNS)
    beside = coordinates(_texts([*cells, "x", "1,5", "1.234,5", "0x10", "inf"]), COLUMNS)

    for one, other in zip(alone, beside, strict=True):
        np.testing.assert_array_equal(one, other[: len(cells)])
    assert not alone[2].any()
    assert [True, False, True, True, True] == beside[2][len(cells) :].tolist()


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("order", [0, 1])
def test_binary_points_however_they_are_written(dimensions: int, order: int) -> None:
    """Either order of bytes, with or without a height, mixed, in slices; nulls and empty points."""
    points = [shapely.Point(x, -x / 3, 7) for x in range(50)]
    flat = np.array([*points, None, shapely.Point()], dtype=object)
    rows = shapely.to_wkb(flat, output_dimension=dimensions, byte_order=order).tolist()
    rows = [*rows, shapely.to_wkb(shapely.Point(9, 9)), *rows]
    table = pa.table({"place": pa.array(rows, pa.binary())}).slice(3)
    x, y, unreadable = coordinates(table, Columns(geometry="place"))

    expected = [*range(50), np.nan, np.nan]
    np.testing.assert_array_equal(x, [*expected[3:], 9, *expected])
    np.testing.assert_array_equal(y[:47], -np.arange(3, 50) / 3)
    assert not unreadable.any()


def _texts(cells: list) -> pa.Table:
    return pa.table({"x": pa.array(cells, pa.string()), "y": pa.array(cells, pa.string())})


def test_dates_in_a_form_that_is_said() -> None:
    """Day first, as it is said; another form is no date."""
    column = pa.chunked_array([pa.array(["05/03/2011", "2011-03-05", None])])
    found, unreadable = periods(column, name="date", by="day", date_format="%d/%m/%Y")

    assert "2011-03-05" == str(found[0])
    assert [False, True, False] == unreadable.tolist()
