"""Counts and person-years joined, and their sums at any level: sum first, divide last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault, unknown

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A group's rate would be overstated if many of its counts had no population beside
# them: beyond this share of its counted cells it has no person-years, hence no rate.
UNEXPOSED_SHARE = 0.1


def panel(
    outcomes: pd.DataFrame,
    population: pd.DataFrame,
    *,
    outcome: str,
    institution: str,
    series: str,
    window: Window,
) -> pd.DataFrame:
    """Join the counts of one outcome to person-years, for each unit and period of a window.

    Parameters
    ----------
    outcomes
        Index ``unit, period, outcome, institution``; column ``count``.
    population
        Index ``unit, year, series``; column ``population`` (persons).
    outcome, institution, series
        Which counts, by whom, over which population. One of each: two
        institutions or two population series are never spliced.
    window
        The days wanted. It must be made of whole periods of the table.

    Returns
    -------
    DataFrame
        Index ``unit, period``: every unit that the outcome has anywhere, by
        every period of the window. Columns ``count`` (missing = no data,
        never zero) and ``person_years`` (missing = no population), the
        population of the year times the days of the period over the days of
        the year.

    Raises
    ------
    DataError
        For an unknown outcome, institution or series; for a window that cuts a
        period or lies outside the series; for a key that occurs twice.
    """
    counts = _counts(outcomes, outcome=outcome, institution=institution)
    periods = _periods(counts, window=window, outcome=outcome)
    index = pd.MultiIndex.from_product(
        [counts.index.unique("unit"), periods], names=["unit", "period"]
    )
    count = counts.reindex(index).to_numpy(dtype=float, na_value=np.nan)
    people = _people(population, index, series=series)
    share = _days(periods) / _days(periods.asfreq("Y"))
    person_years = people * np.tile(share, len(index) // len(periods))
    return pd.DataFrame({"count": count, "person_years": person_years}, index=index)


def totals(
    cells: pd.DataFrame, groups: pd.Series, *, periods: pd.Series | None = None
) -> pd.DataFrame:
    """Sum a panel by group; every grouping adds up to the same nation.

    Parameters
    ----------
    cells
        A `panel`.
    groups
        Unit to group. A unit whose group is missing is left out (not
        applicable); a unit that the panel lacks has no data.
    periods
        Period of the panel to a longer one (month to year) or to itself: sums are
        then also apart by these. A period that is missing here is left out.

    Returns
    -------
    DataFrame
        Index ``group``, sorted, or ``group, period``; columns ``count``, ``person_years``, ``units``
        (how many) and ``missing`` (unit-periods without a count or without a
        population). A cell without a count brings no person-years. A group
        with no count at all has a missing count, never zero. A group where
        more than a tenth of the counted cells lack a population has missing
        person-years: its rate would have a full numerator over part of the
        denominator.

    Raises
    ------
    DataError
        When a unit of the panel is not in `groups`, or is there twice.
    """
    _demand_groups(cells, groups)
    grouped = groups.dropna()
    index = pd.MultiIndex.from_product(
        [grouped.index, cells.index.unique("period")], names=["unit", "period"]
    )
    full = cells.reindex(index)
    counted = full["count"].notna()
    exposed = counted & full["person_years"].notna()
    table = pd.DataFrame(
        {
            "count": full["count"],
            "person_years": full["person_years"].where(counted),
            "missing": ~exposed,
            "counted": counted,
            "unexposed": counted & ~exposed,
        }
    )
    keys = [np.repeat(grouped.to_numpy(), len(index.unique("period")))]
    if periods is not None:
        keys.append(periods.reindex(index.get_level_values("period")).to_numpy())
    by_group = table.groupby(keys)
    sums = by_group[["count", "person_years"]].sum(min_count=1)
    marks = by_group[["missing", "counted", "unexposed"]].sum()
    too_thin = marks["unexposed"] > UNEXPOSED_SHARE * marks["counted"]
    sums["person_years"] = sums["person_years"].mask(too_thin)
    names = ["group"] if periods is None else ["group", "period"]
    sums = sums.rename_axis(names)
    sums["units"] = grouped.value_counts().reindex(sums.index.get_level_values("group")).to_numpy()
    sums["missing"] = marks["missing"].to_numpy()
    return sums


def _counts(outcomes: pd.DataFrame, *, outcome: str, institution: str) -> pd.Series:
    """Return the counts of one outcome by one institution, index ``unit, period``."""
    names = outcomes.index.unique("outcome")
    if outcome not in names:
        raise unknown("outcome", outcome, names)
    counts = outcomes["count"].xs(outcome, level="outcome")
    counters = counts.index.unique("institution")
    if institution not in counters:
        raise unknown("institution", institution, counters)
    counts = counts.xs(institution, level="institution")
    if not counts.index.is_unique:
        raise DataError(Fault("repeated_cells", value=counts.index[counts.index.duplicated()][0]))
    return counts


def _periods(counts: pd.Series, *, window: Window, outcome: str) -> pd.PeriodIndex:
    """Return the periods of the window, each of which the series must have."""
    known = pd.PeriodIndex(counts.index.unique("period")).sort_values()
    wanted = window.periods(known.freqstr.partition("-")[0])
    if wanted[0] < known[0] or wanted[-1] > known[-1]:
        raise DataError(
            Fault(
                "window_outside",
                argument="window",
                value=window.text,
                outcome=outcome,
                first=known[0],
                last=known[-1],
                fix=window.inside(*(Window.parse(str(one)) for one in known[[0, -1]])).text,
            )
        )
    return wanted


def _days(periods: pd.PeriodIndex) -> NDArray[np.int64]:
    return (periods.end_time.normalize() - periods.start_time).days.to_numpy() + 1


def _people(population: pd.DataFrame, index: pd.MultiIndex, *, series: str) -> NDArray[np.float64]:
    """Return the population of each cell's unit in its year."""
    names = population.index.unique("series")
    if series not in names:
        raise unknown("series", series, names)
    people = population["population"].xs(series, level="series")
    years = pd.PeriodIndex(index.get_level_values("period")).year
    wanted = pd.MultiIndex.from_arrays([index.get_level_values("unit"), years])
    return people.reindex(wanted).to_numpy(dtype=float, na_value=np.nan)


def _demand_groups(cells: pd.DataFrame, groups: pd.Series) -> None:
    faults = []
    if not groups.index.is_unique:
        faults.append(Fault("unit_in_two_groups", value=groups.index[groups.index.duplicated()][0]))
    strangers = cells.index.unique("unit").difference(groups.index)
    if len(strangers):
        shown = ", ".join(map(str, strangers[:5])) + (" …" if len(strangers) > 5 else "")
        faults.append(Fault("ungrouped_units", n=len(strangers), units=shown))
    if faults:
        raise DataError(*faults)
