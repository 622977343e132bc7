"""The finest series that a ledger of totals allows: consecutive spans, each with its count."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.periods import Window
from territory.measures.ledger import DAY, components, edges_of, iso, neighbours_of
from territory.measures.windows import composed

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from territory.measures.ledger import Edge


def spans(
    observations: pd.DataFrame, window: Window, *, institutions: Sequence[str]
) -> pd.DataFrame:
    """Cut a window into the shortest spans of whole months that have a count.

    Months that no total separates stay together in one span: their sum is
    observed, they are not. Nothing is interpolated.

    Parameters
    ----------
    observations
        As for `territory.measures.windows.window_count`.
    window
        Whole months.
    institutions
        Whose totals may be used. One keeps definitions and closing dates
        alike; several give shorter spans, whose differences mix closing dates.

    Returns
    -------
    DataFrame
        Index ``span`` (the window in ISO form); columns ``first``, ``last``
        (monthly Periods), ``count``, ``low``, ``high`` (range of the sources),
        ``institutions``.

    Raises
    ------
    DataError
        When the window is not made of months, or its ends cannot be reached.
    """
    window.periods("M")
    rows = observations[observations["institution"].isin(list(institutions))]
    edges = edges_of(rows)
    composed(edges, window)  # refuses, and names the nearest window that can be composed
    dates = next(dates for dates in components(neighbours_of(edges)) if window.first in dates)
    end = window.last + DAY
    cuts = sorted(date for date in dates if window.first <= date <= end and date.day == 1)
    found = [_span(edges, first, after - DAY) for first, after in itertools.pairwise(cuts)]
    return pd.DataFrame(found).set_index("span")


def _span(edges: Sequence[Edge], first: datetime.date, last: datetime.date) -> dict[str, object]:
    text = iso(first, last)
    counted = composed(edges, Window.parse(text))
    return {
        "span": text,
        "first": pd.Period(first, freq="M"),
        "last": pd.Period(last, freq="M"),
        "count": counted.count,
        "low": counted.low,
        "high": counted.high,
        "institutions": ", ".join(counted.institutions),
    }
