"""Places that resemble a place."""

from __future__ import annotations

import pandas as pd
import pytest

from territory.evidence.schema import DataError
from territory.measures.peers import peers
from territory.study import Study

PEOPLE = pd.Series({"a": 1000, "b": 1100, "c": 100_000, "d": 950, "e": 1000})
RATE = pd.Series({"a": 50.0, "b": 52.0, "c": 50.0, "d": 400.0, "e": float("nan")})


def test_the_nearest_in_people_and_rate_comes_first() -> None:
    """A town of the same size and rate is nearer than a city or a violent hamlet."""
    found = peers(PEOPLE, RATE, "a", n=3)

    assert found[0] == "b"
    assert {"b", "c", "d"} == set(found)


def test_a_place_without_data_has_no_peers_and_is_none() -> None:
    """What is not known is neither matched nor offered."""
    assert len(peers(PEOPLE, RATE, "e")) == 0
    assert "e" not in peers(PEOPLE, RATE, "a")


def test_an_unknown_place_is_refused() -> None:
    """The message names the place."""
    with pytest.raises(DataError, match="zz"):
        peers(PEOPLE, RATE, "zz")


def test_peers_of_a_large_city_are_large(slv: Study) -> None:
    """Soyapango's peers are among the most populous municipalities."""
    people = slv.rates("2011")["person_years"]

    assert (people[slv.similar("0617")] > people.median() * 3).all()
