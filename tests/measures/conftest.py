"""The board: a made-up country of nine squares, two actors and four years.

::

    a1 a2 a3      three regions (a, b, c), 100,000 people in each square,
    b1 b2 b3      200,000 in b2; red holds a1 a2 b1 b2, blue a3 b3 c3,
    c1 c2 c3      nobody is reported in c1 and c2
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

COUNTS = {  # 2010, 2011, 2012, 2013
    "a1": (12, 8, 4, 2),
    "a2": (5, 5, 5, 5),
    "a3": (0, 0, 0, 0),
    "b1": (4, 2, 1, 1),
    "b2": (20, 20, 8, 8),
    "b3": (0, 0, 3, 2),
    "c1": (2, 1, 0, 0),
    "c2": (1, 0, 0, 1),
    "c3": (4, 4, 4, None),  # no data in 2013
}
YEARS = (2010, 2011, 2012, 2013)
SQUARES = pd.Index(list(COUNTS), name="unit")


@dataclass(frozen=True)
class Board:
    """The tables of the made-up country, as the readers would return them."""

    outcomes: pd.DataFrame
    population: pd.DataFrame
    region: pd.Series
    nation: pd.Series
    actor: pd.Series
    square: pd.Series


@pytest.fixture(scope="session")
def board() -> Board:
    """Return the made-up country; no test changes it."""
    return Board(
        outcomes=_outcomes(),
        population=_population(),
        region=pd.Series([square[0] for square in SQUARES], index=SQUARES),
        nation=pd.Series("board", index=SQUARES),
        actor=pd.Series(["red", "red", "blue", "red", "red", "blue", None, None, "blue"], SQUARES),
        square=pd.Series(SQUARES, index=SQUARES),
    )


def _outcomes() -> pd.DataFrame:
    rows = [
        (square, pd.Period(year, freq="Y"), outcome, institution, count)
        for square, counts in COUNTS.items()
        for year, true in zip(YEARS, counts, strict=True)
        # robberies and the police count are there to be left alone
        for outcome, institution, count in (
            ("homicides", "forensic", true),
            ("homicides", "police", 99),
            ("robbery", "police", 7),
        )
    ]
    key = ["unit", "period", "outcome", "institution"]
    table = pd.DataFrame(rows, columns=[*key, "count"]).astype({"count": "Int64"})
    return table.assign(quality="published").set_index(key).sort_index()


def _population() -> pd.DataFrame:
    rows = [
        (square, year, series, (200_000.0 if square == "b2" else 100_000.0) * factor, "made up")
        for square in SQUARES
        for year in YEARS
        for series, factor in (("official", 1), ("rival", 2))
    ]
    key = ["unit", "year", "series"]
    return pd.DataFrame(rows, columns=[*key, "population", "method"]).set_index(key).sort_index()
