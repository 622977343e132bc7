"""Over-dispersion: how much more counts vary from period to period than a Poisson law lets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.evidence.periods import Window


def dispersion(
    cells: pd.DataFrame, windows: Sequence[Window], *, groups: pd.Series | None = None
) -> pd.DataFrame:
    """Estimate over-dispersion from the periods inside each of several windows.

    A group's rate is taken as constant inside a window; what its counts vary
    beyond that is over-dispersion (multiple killings, feuds, trends inside the
    window).

    Parameters
    ----------
    cells
        A `panel` that covers the windows.
    windows
        For example before and after. Each must hold at least two periods to
        say anything.
    groups
        Unit to group; the counts of a group are summed first. None = each unit.

    Returns
    -------
    DataFrame
        Index ``unit`` (the groups, and last ``all``: every group pooled);
        columns ``x2`` (Pearson's), ``df`` and ``phi = x2 / df`` (missing where
        df is 0). One group alone has few periods: prefer the pooled value.

    Raises
    ------
    DataError
        When no window has two periods with a count.

    Notes
    -----
    ``X2 = sum (y - n r)² / (n r)`` over a group's periods in a window, with r
    their joint rate; df = periods less windows. Groups expected to count less
    than one a period are left out of the pool: X2 is unstable there.
    """
    sums = _sums(cells, groups)
    parts = [_pearson(sums, window) for window in windows]
    table = parts[0]
    for part in parts[1:]:
        table = table.add(part, fill_value=0)
    if not (table["df"] > 0).any():
        raise DataError(Fault("no_dispersion", windows=", ".join(w.text for w in windows)))
    steady = table[table["mean"] >= len(windows)]  # means of the windows are summed
    pool = (steady if len(steady) else table)[["x2", "df"]].sum()
    table = pd.concat([table[["x2", "df"]], pool.to_frame("all").T])
    table["phi"] = (table["x2"] / table["df"]).where(table["df"] > 0)
    return table.rename_axis("unit")


def _sums(cells: pd.DataFrame, groups: pd.Series | None) -> pd.DataFrame:
    """Return counts and exposures by group and period; a cell without either brings neither."""
    table = cells.dropna().reset_index()
    if groups is not None:
        table["unit"] = table["unit"].map(groups)
    return table.groupby(["unit", "period"])[["count", "person_years"]].sum()


def _pearson(sums: pd.DataFrame, window: Window) -> pd.DataFrame:
    periods = pd.PeriodIndex(sums.index.get_level_values("period"))
    first, last = pd.Timestamp(window.first), pd.Timestamp(window.last)
    inside = (periods.start_time >= first) & (periods.end_time.normalize() <= last)
    chosen = sums[inside & (sums["person_years"] > 0)]
    by_unit = chosen.groupby("unit")
    total = by_unit[["count", "person_years"]].transform("sum")
    expected = chosen["person_years"] * total["count"] / total["person_years"]
    with np.errstate(invalid="ignore"):
        x2 = ((chosen["count"] - expected) ** 2 / expected.where(expected > 0)).fillna(0)
    counted = total["count"] > 0  # nobody in the whole window: nothing can vary
    return pd.DataFrame(
        {
            "x2": x2.groupby("unit").sum(),
            "df": (counted.groupby("unit").sum() - 1).clip(lower=0),
            "mean": expected.groupby("unit").mean(),
        }
    )
