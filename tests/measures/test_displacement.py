"""The weighted displacement difference against its published values."""

from __future__ import annotations

import math

import pytest

from territory.evidence.schema import DataError
from territory.measures.displacement import displacement_difference


def test_the_published_example() -> None:
    """Treated 20 to 10, control 20 to 20: −10, standard error 8.3666, 90 % −23.76 to 3.76."""
    found = displacement_difference((20, 10), (20, 20))

    assert found.estimate == -10
    assert found.standard_error == pytest.approx(8.3666002653)
    assert (found.low, found.high) == pytest.approx((-23.7618328, 3.7618328))


def test_a_second_published_example() -> None:
    """Treated 130 to 74, control 133 to 91: −14, standard error 20.688."""
    found = displacement_difference((130, 74), (133, 91))

    assert found.estimate == -14
    assert found.standard_error == pytest.approx(20.6881608656)


def test_what_moves_next_door_is_counted_back() -> None:
    """Ten fewer inside and ten more around it is no fall."""
    assert displacement_difference((20, 10), (20, 20), surroundings=(5, 15)).estimate == 0


def test_no_cases_at_all_have_no_test() -> None:
    """Without a single case there is nothing to divide by."""
    assert math.isnan(displacement_difference((0, 0), (0, 0)).z)


def test_a_negative_count_is_refused() -> None:
    """The message names the argument."""
    with pytest.raises(DataError, match="treated"):
        displacement_difference((-1, 2), (3, 4))
