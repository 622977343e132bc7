"""How many between two dates: a small ledger by hand, and El Salvador's real totals."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.measures.windows import window_count

REAL = [  # national homicides of El Salvador as printed
    ("2011", "iml", 4371, "published"),
    ("2011", "pnc", 4371, "published"),
    ("2012", "iml", 2594, "published"),
    ("2012", "pnc", 2594, "published"),
    ("2012", "pnc", 2576, "quoted"),
    ("2012-01", "iml", 413, "quoted"),
    ("2012-02", "iml", 402, "quoted"),
    ("2012-03", "iml", 263, "quoted"),
    ("2012-01:2012-03", "iml", 1078, "quoted"),
    ("2012-01-01:2012-03-08", "pnc", 926, "derived"),
    ("2012-03-09:2012-03-22", "pnc", 79, "quoted"),
    ("2011-03:2011-12", "mjsp", 3697, "quoted"),
    ("2012-03:2012-12", "mjsp", 1761, "quoted"),
]


def ledger(rows):
    """Return observations from rows of window, institution, count and grade."""
    windows = [Window.parse(text) for text, *_ in rows]
    columns = ["institution", "count", "quality"]
    table = pd.DataFrame([row[1:] for row in rows], columns=columns)
    table["start"] = [window.first for window in windows]
    table["end"] = [window.last for window in windows]
    table["source"] = "made up"
    return table.set_index(pd.Index([f"o{k:02d}" for k in range(len(rows))], name="observation"))


def composed(rows, text, **options):
    """Compose one window from rows."""
    return window_count(ledger(rows), Window.parse(text), **options)


@pytest.mark.parametrize(
    ("text", "institution", "count", "terms"),
    [
        ("2011", None, 4371, (4371,)),
        ("2012", None, 2594, (2594,)),
        ("2012-03:2012-12", "iml", 1779, (2594, -413, -402)),
        ("2012-04:2012-12", "iml", 1516, (2594, -1078)),
        ("2012-01-01:2012-03-08", "pnc", 926, (926,)),
        ("2012-01-01:2012-03-08", None, 926, (926,)),
        ("2011-03:2011-12", None, 3697, (3697,)),
        ("2011:2012", "iml", 6965, (4371, 2594)),
        ("2012-01:2012-02", "iml", 815, (413, 402)),
    ],
)
def test_real_windows_with_their_arithmetic(text, institution, count, terms):
    """The windows behind the three versions of "sixty percent", term by term."""
    result = composed(REAL, text, institution=institution)

    assert count == result.count
    assert terms == result.terms
    assert sum(terms) == count


def test_daily_means_behind_sixty_percent():
    """13.6 a day before the truce, 5.5 in April to December 2012: down 59.7 %."""
    before = composed(REAL, "2012-01-01:2012-03-08", institution="pnc")
    after = composed(REAL, "2012-04:2012-12", institution="iml")

    assert [before.days, after.days] == [68, 275]
    assert [round(before.per_day, 1), round(after.per_day, 1)] == [13.6, 5.5]
    # 59.7 % is said of the rounded means; the counts themselves give 59.5 %.
    assert round(after.per_day / before.per_day - 1, 3) == -0.595


def test_rows_show_what_was_used():
    """Added rows first, then subtracted ones by date, with last days as printed."""
    rows = composed(REAL, "2012-03:2012-12", institution="iml").rows

    assert rows["sign"].tolist() == [1, -1, -1]
    assert [
        datetime.date(2012, 12, 31),
        datetime.date(2012, 1, 31),
        datetime.date(2012, 2, 29),
    ] == (rows["end"].tolist())
    assert rows.index.tolist() == ["o02", "o05", "o06"]
    columns = ["sign", "start", "end", "count", "institution", "quality", "source"]
    assert columns == rows.columns.tolist()


def test_range_spans_the_institutions_that_can_answer():
    """March to December 2012: 1,761 by the ministry, 1,779 by the forensic institute."""
    result = composed(REAL, "2012-03:2012-12")

    assert result.by_institution.to_dict() == {"iml": 1779, "mjsp": 1761}
    assert (result.low, result.high) == (1761, 1779)


def test_range_holds_other_figures_for_the_same_days():
    """The police gave 2,594 and, earlier, 2,576 for 2012; the better graded is the count."""
    result = composed(REAL, "2012", institution="pnc")

    assert (result.count, result.low, result.high) == (2594, 2576, 2594)


def test_subtracted_row_widens_the_other_way():
    """A year of 100 less a January of 10 or 12 is 88 to 90."""
    rows = [("2020", "x", 100, "published"), ("2020-01", "x", 10, "quoted")]

    result = composed([*rows, ("2020-01", "x", 12, "derived")], "2020-02:2020-12")

    assert (result.count, result.low, result.high) == (90, 88, 90)


def test_superseded_figure_does_not_widen_the_range():
    """A preliminary figure is no disagreement, unless the count itself rests on one."""
    rows = [("2020-01", "x", 50, "preliminary"), ("2020-01", "x", 60, "quoted")]

    assert (composed(rows, "2020-01").low, composed(rows, "2020-01").high) == (60, 60)
    early = [("2020-01", "x", 50, "preliminary"), ("2020-01", "x", 48, "preliminary")]
    assert (composed(early, "2020-01").low, composed(early, "2020-01").high) == (48, 50)


def test_better_grades_are_preferred():
    """Two published halves rather than one total read off a chart."""
    rows = [
        ("2020", "x", 101, "digitised"),
        ("2020-01:2020-06", "x", 40, "published"),
        ("2020-07:2020-12", "x", 60, "published"),
    ]

    assert composed(rows, "2020").terms == (40, 60)


def test_fewer_rows_are_preferred():
    """One published year rather than two published halves."""
    rows = [
        ("2020-01:2020-06", "x", 40, "published"),
        ("2020-07:2020-12", "x", 60, "published"),
        ("2020", "x", 101, "published"),
    ]

    assert composed(rows, "2020").terms == (101,)


MIXED = [
    ("2020", "x", 100, "published"),
    ("2020-01", "y", 9, "published"),
    *[(f"2020-{month:02d}", "x", 8, "digitised") for month in range(2, 13)],
]


def test_one_institution_costs_less_than_many_rows():
    """Eleven chart readings of one institution rather than its year less another's January."""
    result = composed(MIXED, "2020-02:2020-12")

    assert result.institutions == ("x",)
    assert result.count == 88


def test_institutions_mix_only_when_none_can_answer_alone():
    """Without the chart readings the year of one less the January of the other is all there is."""
    result = composed(MIXED[:2], "2020-02:2020-12")

    assert result.terms == (100, -9)
    assert result.institutions == ("x", "y")
    assert result.by_institution.empty


def test_contradiction_below_zero_is_no_answer():
    """A month larger than its year leaves less than nothing, which is not a count."""
    rows = [("2020", "x", 5, "published"), ("2020-01", "x", 9, "quoted")]

    with pytest.raises(DataError, match="cannot be composed"):
        composed(rows, "2020-02:2020-12")


def test_rows_without_a_count_are_left_out():
    """A printed rate without a count is no edge."""
    rows = [("2020", "x", None, "published"), ("2020", "x", 7, "quoted")]

    assert composed(rows, "2020").count == 7


def test_impossible_window_names_its_neighbours():
    """The message names the window and the nearest that can be composed, readable again."""
    with pytest.raises(DataError) as error:
        composed(REAL, "2012-03-09:2012-03-25")

    near = error.value.faults[0].values["near"].split(", ")
    assert "2012-03-09:2012-03-25" in str(error.value)
    assert near[0] == "2012-03-09:2012-03-22"
    for text in near:
        assert composed(REAL, text).count >= 0


def test_asked_institution_is_the_only_one_used():
    """The police alone cannot say March to December; the message says whose totals they are."""
    with pytest.raises(DataError, match=r"\(pnc\)"):
        composed(REAL, "2012-03:2012-12", institution="pnc")
    with pytest.raises(DataError, match='institution: "mljsp"'):
        composed(REAL, "2012", institution="mljsp")


def test_impossible_rows_are_all_told():
    """A negative count and an unknown grade, both named."""
    rows = [("2020", "x", -5, "published"), ("2021", "x", 5, "rumour")]

    with pytest.raises(DataError) as error:
        composed(rows, "2020")

    assert "o00" in str(error.value)
    assert "rumour" in str(error.value)
    assert len(error.value.render("es").splitlines()) == 2


def test_mixed_outcomes_are_refused():
    """Homicides less robberies would be neither."""
    table = ledger(REAL).assign(outcome=["homicides", *["robbery"] * (len(REAL) - 1)])

    with pytest.raises(DataError, match="mixed"):
        window_count(table, Window.parse("2012"))


def test_empty_ledger_is_refused_in_words():
    """Nothing to compose from: still one clear message."""
    with pytest.raises(DataError, match="cannot be composed"):
        window_count(ledger(REAL)[:0], Window.parse("2012"))


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.integers(0, 9), min_size=40, max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(1, 40)), min_size=1, max_size=12),
    st.data(),
)
def test_true_totals_compose_to_true_counts(daily, spans, data):
    """From totals that are all true, whatever can be composed is the true count."""
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=k) for k in range(41)]
    spans = [(first, min(first + length, 40)) for first, length in spans]
    rows = [
        (f"{days[first]}:{days[end - 1]}", "x", sum(daily[first:end]), "published")
        for first, end in spans
    ]
    ends = sorted({end for span in spans for end in span})
    first, end = data.draw(st.sampled_from(list(pairwise(ends))))

    try:
        result = composed(rows, f"{days[first]}:{days[end - 1]}")
    except DataError as error:
        assert "cannot be composed" in str(error)  # noqa: PT017 - either answer is right
    else:
        assert sum(daily[first:end]) == result.count == result.low == result.high
