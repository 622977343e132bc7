"""Counts and rates of one window of a study, per group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import unknown
from territory.measures.rates import crude_rate, reliability, smoothed_rate

if TYPE_CHECKING:
    from territory.study import Study


def rates(
    study: Study,
    window: Window,
    *,
    by: str,
    counted: tuple[str, str],
    series: str,
    smoothed: bool = False,
    prior: str | None = None,
    lang: str = "en",
) -> pd.DataFrame:
    """Return counts and rates per group; `Study.rates` says what the columns are.

    Parameters
    ----------
    counted
        The outcome, and the institution that counts it.
    series
        The population series.
    prior
        Level toward whose mean smoothed rates are drawn; the study file's where
        nothing is said.

    Raises
    ------
    DataError
        When `prior` is no level of the study.
    """
    outcome, institution = counted
    sums = study.totals(window, by=by, outcome=outcome, institution=institution, population=series)
    count, person_years = sums["count"], sums["person_years"]
    table = sums[["count", "person_years"]].join(crude_rate(count, person_years))
    table.insert(0, "name", study.group_names(by, sums.index, lang))
    table["reliability"] = reliability(count)
    if smoothed:
        above = _area_above(study, by, sums.index, prior)
        table = table.join(smoothed_rate(count, person_years, prior=above))
    return table


def series(study: Study, *, by: str, counted: tuple[str, str], series: str) -> pd.DataFrame:
    """Return counts and rates period by period; `Study.series` says what the columns are."""
    first, last = study.span(*counted)
    tables = {
        period: rates(study, Window.parse(str(period)), by=by, counted=counted, series=series)
        for period in pd.period_range(first, last)
    }
    return pd.concat(tables, names=["period"]).swaplevel().sort_index()


def _area_above(study: Study, by: str, groups: pd.Index, prior: str | None) -> pd.Series | None:
    """Return the area toward whose mean a unit's rate is drawn; none means the whole place."""
    level = prior or study.file.defaults.get("prior", study.file.levels[0])
    if level not in study.file.levels[:-1]:
        raise unknown("--prior", level, study.file.levels[:-1])
    if by not in ("unit", study.finest):
        return None
    return study.grouping(level).reindex(groups)
