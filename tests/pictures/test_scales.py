"""Values to classes: as printed, fixed, in order, never a colour for nothing."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.pictures.scales import (
    CHANGE_CLASSES,
    RATE_CLASSES,
    SEQUENCE,
    Scale,
    change_items,
    classes_for,
    classify,
    count_classes,
    nothing_items,
    rate_class,
    scale_items,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "zero"),
        (0.04, "c1"),
        (9.94, "c1"),
        (9.95, "c1"),
        (9.96, "c2"),
        (24.94, "c2"),
        (25.0, "c3"),
        (99.94, "c5"),
        (99.96, "c6"),
        (None, "no_data"),
    ],
)
def test_a_rate_has_the_class_of_what_is_printed(value: float | None, expected: str) -> None:
    """9.96 prints as 10.0 and stands with 10; 0.04 is above zero and is no zero."""
    assert rate_class(pd.Series([value], dtype=float)).tolist() == [expected]


def test_classes_keep_the_index() -> None:
    """The answer stands on the units of the question."""
    values = pd.Series([1.0, 50.0], index=["0101", "0614"])
    assert rate_class(values).to_dict() == {"0101": "c1", "0614": "c4"}


@given(st.lists(st.floats(0.01, 5_000), min_size=1, max_size=80))
def test_limits_rise_and_classes_follow_the_order_of_values(values: list[float]) -> None:
    """A larger value never has a lower class, whatever the outcome's magnitude."""
    scale = classes_for(values)
    assert list(scale.limits) == sorted(set(scale.limits))
    ordered = classify(pd.Series(sorted(values)), scale).str[1:].astype(int)
    assert ordered.is_monotonic_increasing
    assert len(scale.colors) == len(scale.ids) == len(scale.limits) + 1


def test_homicides_have_the_published_scale() -> None:
    """Their limits are those of the look, whatever the values."""
    assert classes_for([1.0, 2.0], outcome="homicides") is RATE_CLASSES
    assert RATE_CLASSES.limits == (10, 25, 50, 75, 100)
    assert RATE_CLASSES.colors == list(SEQUENCE)


def test_another_outcome_has_limits_of_its_own_size() -> None:
    """Values of about twenty give 2, 5, 10, 15 and 20."""
    assert classes_for([float(v) for v in range(1, 22)]).limits == (2, 5, 10, 15, 20)


def test_an_outcome_that_never_happened_has_a_scale() -> None:
    """Zeros and missing values alone still give a legend."""
    assert scale_items(classes_for([0.0, float("nan")]), "en")
    assert scale_items(count_classes([0.0]), "en")


def test_whole_counts_do_not_share_a_limit() -> None:
    """A count of ten is in one class only: 5 to 9, then 10 and more."""
    labels = [item.label for item in scale_items(Scale((5, 10), digits=0), "es")]
    assert labels == ["0", "menos de 5", "5–9", "10 y más"]


def test_the_legend_of_rates_is_complete_in_both_languages() -> None:
    """Zero first, every class, numbers as the language writes them."""
    spanish = [item.label for item in scale_items(Scale((2.5, 1000)), "es")]
    english = [item.label for item in scale_items(Scale((2.5, 1000)), "en")]
    assert spanish == ["0", "menos de 2,5", "2,5–1.000", "1.000 y más"]
    assert english == ["0", "less than 2.5", "2.5–1,000", "1,000 and more"]


def test_the_nothings_differ_from_zero_and_from_each_other() -> None:
    """No data is dotted, low reliability hatched, not applicable another fill."""
    zero = scale_items(RATE_CLASSES, "es")[0]
    items = [zero, *nothing_items("es", low=True)]
    assert len({(item.color, item.pattern) for item in items}) == len(items)


def test_change_classes_have_the_colours_of_the_look() -> None:
    """The five colours are fixed, and chance is hatched."""
    assert [item.id for item in change_items("en")] == list(CHANGE_CLASSES)
    assert CHANGE_CLASSES["fell_firm"] == ("#01665E", "solid")
    assert CHANGE_CLASSES["same"] == ("#E9ECEF", "hatch")
    assert CHANGE_CLASSES["rose_firm"] == ("#8C510A", "stripes")


def test_the_sequence_stays_in_order_in_grey() -> None:
    """Each class is darker than the one before it when printed without colour."""

    def grey(color: str) -> float:
        red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    shades = [grey(color) for color in ("#FFFFFF", *SEQUENCE)]
    assert shades == sorted(shades, reverse=True)
