"""Windows: what may be written, what it means, how it is named."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.evidence.periods import Window
from territory.evidence.schema import DataError


@pytest.mark.parametrize(
    ("text", "first", "last", "days"),
    [
        ("2011", (2011, 1, 1), (2011, 12, 31), 365),
        ("2012-02", (2012, 2, 1), (2012, 2, 29), 29),
        ("2010:2011", (2010, 1, 1), (2011, 12, 31), 730),
        ("2012-03:2013-12", (2012, 3, 1), (2013, 12, 31), 671),
        ("2012-03-09:2012-03-22", (2012, 3, 9), (2012, 3, 22), 14),
        ("2011:2012-03", (2011, 1, 1), (2012, 3, 31), 456),
    ],
)
def test_a_window_includes_both_ends(text, first, last, days) -> None:
    """Years, months, days and mixtures mean what a reader thinks."""
    window = Window.parse(text)

    assert (datetime.date(*first), datetime.date(*last), days) == (
        window.first,
        window.last,
        window.days,
    )


@pytest.mark.parametrize(
    "text",
    ["", "11", "2011-13", "2011-02-30", "1899", "2101", "2011-", "2013:2012", "a:b", "2011::"],
)
def test_what_is_no_window_is_refused(text: str) -> None:
    """The message names the argument and shows what may be written."""
    with pytest.raises(DataError, match="--before"):
        Window.parse(text, argument="--before")


@pytest.mark.parametrize(
    ("text", "es", "en"),
    [
        ("2010:2011", "2010–2011", "2010–2011"),
        ("2011", "2011", "2011"),
        ("2012-03:2013-12", "mar 2012–dic 2013", "Mar 2012–Dec 2013"),
        ("2012-03-09:2012-03-22", "9 mar 2012–22 mar 2012", "9 Mar 2012–22 Mar 2012"),
    ],
)
def test_a_window_is_named_as_a_reader_would(text, es, en) -> None:
    """The shortest form that says it all, in both languages."""
    window = Window.parse(text)

    assert (es, en) == (window.label("es"), window.label("en"))


def test_a_window_that_cuts_a_year_names_the_nearest_that_does_not() -> None:
    """A yearly series cannot answer for March; the message says what it can."""
    with pytest.raises(DataError, match="2012:2013"):
        Window.parse("2012-03:2013-12").periods("Y")


@given(st.integers(1900, 2099), st.integers(0, 30))
def test_years_make_up_a_window_of_years(year: int, more: int) -> None:
    """The periods of a window of years are its years, and its days are theirs."""
    end = min(year + more, 2100)
    window = Window.parse(f"{year}:{end}")

    assert len(window.periods("Y")) == end - year + 1
    assert sum((p.end_time - p.start_time).days + 1 for p in window.periods("Y")) == window.days
