"""A comparison of two windows that cut periods: each composed from published totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.comparing import Comparison, demand_order
from territory.evidence.schema import DataError, Fault
from territory.measures.comparison import comparison

if TYPE_CHECKING:
    from territory.evidence.periods import Window
    from territory.measures.windows import WindowCount
    from territory.study import Study


def compose(
    study: Study,
    before: Window,
    after: Window,
    *,
    by: str,
    outcome: str,
    institution: str | None,
    series: str,
) -> Comparison:
    """Compare two windows of the whole place, each composed from published totals.

    For windows that begin or end inside a period of the table of counts. Both come
    from one institution; without one given, from the best graded that can answer both.

    Raises
    ------
    DataError
        When a window cannot be composed, or no single institution can answer both.
    """
    demand_order(before, after)
    counts = _composed(study, (before, after), outcome, institution)
    who = counts[0].institutions[0]
    sums = [
        pd.DataFrame(
            {"count": [float(counted.count)], "person_years": [study.people(window, series)]},
            index=pd.Index([study.whole if by != "total" else "total"], name="unit"),
        )
        for counted, window in zip(counts, (before, after), strict=True)
    ]
    rows = comparison(*sums)
    rows.insert(0, "name", study.title("en"))
    return Comparison(
        table=rows,
        whole=rows,
        study=study,
        before=before,
        after=after,
        by=by,
        outcome=outcome,
        institution=who,
        series=series,
        composed=counts,
    )


def _composed(
    study: Study, spans: tuple[Window, Window], outcome: str, institution: str | None
) -> tuple[WindowCount, WindowCount]:
    """Compose both windows by one institution."""
    first, second = (
        study.window_count(window.text, institution=institution, outcome=outcome)
        for window in spans
    )
    if institution is not None:
        return first, second
    either = (first, second)
    both = either[0].by_institution.index.intersection(either[1].by_institution.index)
    if both.empty:
        raise _mixed(study, either, outcome)
    chosen = next((who for who in either[0].institutions if who in both), str(both[0]))
    return _composed(study, spans, outcome, chosen)


def _mixed(study: Study, counts: tuple[WindowCount, WindowCount], outcome: str) -> DataError:
    """Return the fault of two windows that no one institution can answer, with nearby ones."""
    before, after = counts
    words = {
        side: ", ".join(count.institutions)
        for side, count in zip(("before", "after"), counts, strict=True)
    }
    try:
        study.window_count(after.window.text, institution=before.institutions[0], outcome=outcome)
    except DataError as error:  # says which windows near `after` that institution can answer
        return DataError(Fault("mixed_institutions", **words), *error.faults)
    return DataError(Fault("mixed_institutions", **words))
