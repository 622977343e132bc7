"""Counts and rates of one window of a study, per group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import unknown
from territory.measures.panel import totals
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
    """Return counts and rates year by year; `Study.series` says what the columns are."""
    outcome, institution = counted
    years = study.years(outcome, institution)
    window = Window.parse(f"{years[0]}:{years[-1]}")
    cells = study.cells(window, outcome=outcome, institution=institution, population=series)
    periods = pd.PeriodIndex(cells.index.unique("period"))
    sums = totals(
        cells, study.grouping(by), periods=pd.Series(periods.asfreq("Y"), index=periods)
    ).rename_axis(["unit", "period"])
    table = sums[["count", "person_years"]].join(crude_rate(sums["count"], sums["person_years"]))
    names = pd.Index(table.index.unique("unit"))
    called = dict(zip(names, study.group_names(by, names), strict=True))
    table.insert(0, "name", table.index.get_level_values("unit").map(called))
    table["reliability"] = reliability(table["count"])
    return table


def _area_above(study: Study, by: str, groups: pd.Index, prior: str | None) -> pd.Series | None:
    """Return the area toward whose mean a unit's rate is drawn; none means the whole place."""
    level = prior or study.file.defaults.get("prior", study.file.levels[0])
    if level not in study.file.levels[:-1]:
        raise unknown("--prior", level, study.file.levels[:-1])
    if by not in ("unit", study.finest):
        return None
    return study.grouping(level).reindex(groups)
