"""What would have been expected without the event, and how many deaths that averts or adds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from territory.evidence.schema import DataError
from territory.measures.effects.design import SeriesDesign, cells_of, demand_phases, members_of
from territory.measures.effects.fitting import Fit, fit_spans

if TYPE_CHECKING:
    from territory.measures.rates import Array


@dataclass(frozen=True, eq=False)
class Expectation:
    """Expected counts of several groups of periods, with the spread of their logarithm.

    Parameters
    ----------
    count
        Expected counts.
    spread
        Standard error of the logarithm of each: what the coefficients leave open,
        and how a new count would scatter.
    slope
        Groups by coefficients of the fit: how the logarithm of each moves with them.
    """

    count: Array
    spread: Array
    slope: Array


def quantile(level: float, df: int, reference: str) -> float:
    """Return how many standard errors a two-sided interval reaches."""
    tail = (1 + level) / 2
    return float(stdtrit(df, tail) if reference == "t" else ndtri(tail))


def expectation(fit: Fit, matrix: pd.DataFrame, exposure: Array, members: Array) -> Expectation:
    """Return what a fit expects of sums of periods that it may not have seen.

    Parameters
    ----------
    fit
        A fit; columns of `matrix` that it lacks are not used.
    matrix, exposure
        Columns (indexed by Period) and exposures of the periods.
    members
        Groups by periods, 1 where a period belongs.
    """
    names = [name for name in fit.beta.index if name in matrix]
    # A term that the event has and its absence has not stays at nought.
    x = matrix[names].reindex(columns=fit.beta.index, fill_value=0.0).to_numpy(float)
    cells = np.exp(x @ fit.beta.to_numpy()) * exposure
    total = members @ cells
    slope = (members * cells) @ x / total[:, None]
    unsure = np.einsum("ij,jk,ik->i", slope, fit.covariance.to_numpy(), slope)
    roots = members * np.sqrt(cells)
    follows = fit.scatter.between(pd.PeriodIndex(matrix.index).asi8)
    scattered = np.einsum("ij,jk,ik->i", roots, follows, roots) / total
    noise = np.maximum(scattered, 1.0) * (1 + fit.alpha * total) / total
    return Expectation(total, np.sqrt(unsure + noise), slope)


def without_event(matrix: pd.DataFrame) -> pd.DataFrame:
    """Return a design without the columns of its event."""
    return matrix[[name for name in matrix if not str(name).startswith(("level_", "slope_"))]]


def averted(
    spans: pd.DataFrame,
    exposure: pd.Series,
    design: SeriesDesign,
    *,
    family: str = "quasi-poisson",
    level: float = 0.95,
) -> pd.DataFrame:
    """Return deaths averted while the event lasted, under each of several counterfactuals.

    Parameters
    ----------
    spans, exposure, design, family
        As `territory.measures.effects.series.interrupted`.
    level
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        Index ``counterfactual``: ``level`` (the mean rate before goes on),
        ``last_year`` (that of the spans that begin in the twelve months before),
        ``trend`` (the straight line of the rates before) and, with harmonics,
        ``trend_season`` (the line and season of the whole model). Columns
        ``expected``, ``observed``, ``averted`` (negative = in excess), ``low``,
        ``high``. A form that the spans cannot answer is left out.
    """
    table = spans.reset_index(drop=True)
    phase = demand_phases(table, design)
    during, before = table[phase == "during"], table[phase == "before"]
    recent = pd.PeriodIndex(before["first"]).asi8 >= design.start.ordinal - design.a_year
    forms = {
        "level": (before, replace(design, trend=False, harmonics=0)),
        "last_year": (before[recent], replace(design, trend=False, harmonics=0)),
        "trend": (before, replace(design, harmonics=0)),
        "trend_season": (table, design),
    }
    if not design.harmonics:
        del forms["trend_season"]
    observed = float(during["count"].sum())
    rows = {}
    for name, (used, form) in forms.items():
        try:
            fit = _fit(used, exposure, form, family)
        except DataError:
            continue
        rows[name] = _row(fit, form, during, exposure, observed, level)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("counterfactual")


def _fit(table: pd.DataFrame, exposure: pd.Series, design: SeriesDesign, family: str) -> Fit:
    cells = cells_of(table, exposure)
    matrix = design.matrix(cells)
    if not (pd.PeriodIndex(table["last"]) >= design.start).any():
        matrix = without_event(matrix)
    return fit_spans(
        table["count"].to_numpy(float),
        members_of(table, cells),
        matrix,
        exposure.loc[cells].to_numpy(float),
        family=family,
    )


def _row(
    fit: Fit,
    design: SeriesDesign,
    during: pd.DataFrame,
    exposure: pd.Series,
    observed: float,
    level: float,
) -> dict[str, float]:
    cells = cells_of(during, exposure)
    matrix = without_event(design.matrix(cells))
    people = exposure.loc[cells].to_numpy(float)
    sums = expectation(fit, matrix, people, np.ones((1, len(cells))))
    expected, spread = float(sums.count[0]), float(sums.spread[0])
    reach = quantile(level, max(fit.df, 1), "t") * spread if fit.df > 0 else math.nan
    return {
        "expected": expected,
        "observed": observed,
        "averted": expected - observed,
        "low": expected * math.exp(-reach) - observed,
        "high": expected * math.exp(reach) - observed,
    }
