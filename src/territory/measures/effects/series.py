"""Interrupted series: one place before, during and after an event."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr, stdtr

from territory.measures.effects.counterfactual import (
    averted,
    expectation,
    quantile,
    without_event,
)
from territory.measures.effects.design import SeriesDesign, cells_of, demand_phases, members_of
from territory.measures.effects.fitting import fit_spans, newey_west_lags
from territory.measures.effects.result import Effect, Note
from territory.measures.power import detectable_effect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.measures.effects.fitting import Fit
    from territory.measures.rates import Array

# Beyond so many times the highest rate of the series the expected one is no guide.
FAR = 1.5
Layout: TypeAlias = "tuple[pd.DataFrame, Array, Array]"  # columns, person-years, members


def interrupted(
    spans: pd.DataFrame,
    exposure: pd.Series,
    design: SeriesDesign,
    *,
    event: str = "event",
    family: str = "quasi-poisson",
    errors: str = "following",
    reference: str = "t",
    level: float = 0.95,
) -> Effect:
    """Fit one series with an event that starts and may end.

    Parameters
    ----------
    spans
        One row an observation, in order of time: ``first``, ``last`` (Periods of one
        frequency), ``count``. A count over several periods is observed only as a
        sum; a period that no span covers is not observed.
    exposure
        Person-years of every period that a span covers; indexed by Period.
    design
        Event and form of the series.
    event
        Its name, for the result.
    family, errors
        As `territory.measures.effects.fitting.fit_spans`.
    reference
        Law behind intervals and p: ``t`` or ``normal``.
    level
        Coverage of the intervals.

    Returns
    -------
    Effect
        ``estimate`` is the rate ratio by which the level changes at the start.
        ``terms`` has every event term and ``mean_change``: observed over expected
        while the event lasted. ``counterfactual`` is the same model without the
        event's terms, ``averted`` the deaths under it and under simpler ones.

    Raises
    ------
    DataError
        For too few spans before, during or after; a start or end inside a span;
        spans out of order; a period without exposure; terms that cannot be told apart.

    Notes
    -----
    Segmented regression with a slope centred at the start, so that the level change
    is the one at the start (Lopez Bernal, Cummins and Gasparrini 2017, corrected form).
    """
    found = interrupted_bare(
        spans,
        exposure,
        design,
        event=event,
        family=family,
        errors=errors,
        reference=reference,
        level=level,
    )
    saved = averted(spans, exposure, design, family=family, level=level)
    return replace(found, averted=saved)


def interrupted_bare(
    spans: pd.DataFrame,
    exposure: pd.Series,
    design: SeriesDesign,
    *,
    event: str = "event",
    family: str = "quasi-poisson",
    errors: str = "following",
    reference: str = "t",
    level: float = 0.95,
) -> Effect:
    """Fit as `interrupted`, without ``averted``: a quarter of the work, for many choices."""
    table = spans.reset_index(drop=True)
    phase = demand_phases(table, design)
    layout = layout_of(table, exposure, design)
    fit = fit_design(table, layout, family=family, errors=errors)
    reach = quantile(level, fit.df, reference)
    path = _path(fit, table, phase, layout, reach)
    mean = _mean_change(fit, table, phase, layout)
    terms = _ratios(pd.concat([_terms(fit), mean]), reach, fit.df, reference)
    head = terms.to_dict("index")["level_start"]
    fall, rise = detectable_effect(
        float(np.log(head["estimate"]) / head["statistic"]),
        fit.df if reference == "t" else math.inf,
    )
    return Effect(
        event=event,
        design="its",
        measure="rate_ratio",
        estimate=float(head["estimate"]),
        low=float(head["low"]),
        high=float(head["high"]),
        p_value=float(head["p_value"]),
        detectable_fall=fall,
        detectable_rise=rise,
        counterfactual=path,
        terms=terms,
        checks=_checks(fit, phase),
        notes=(*_notes(fit, table, phase, design), *_far(path, phase)),
    )


def layout_of(table: pd.DataFrame, exposure: pd.Series, design: SeriesDesign) -> Layout:
    """Return columns, person-years and members of the periods that the spans cover."""
    cells = cells_of(table, exposure)
    return design.matrix(cells), exposure.loc[cells].to_numpy(float), members_of(table, cells)


def fit_design(table: pd.DataFrame, layout: Layout, *, family: str, errors: str) -> Fit:
    """Fit the counts of the spans to their layout."""
    matrix, people, members = layout
    count = table["count"].to_numpy(float)
    return fit_spans(count, members, matrix, people, family=family, errors=errors)


def _terms(fit: Fit) -> pd.DataFrame:
    """Return logarithm and standard error of event terms and trend (slopes: per year)."""
    kept = [name for name in fit.beta.index if name.startswith(("trend", "level_", "slope_"))]
    spread = np.sqrt(np.diag(fit.covariance.loc[kept, kept]))
    return pd.DataFrame({"log": fit.beta[kept], "spread": spread})


def _mean_change(
    fit: Fit, table: pd.DataFrame, phase: NDArray[np.str_], layout: Layout
) -> pd.DataFrame:
    """Return the same of observed over expected while the event lasted.

    The deaths counted scatter, and so do those before from which the expectation comes;
    as near in time they may scatter alike, both are taken from the spans at once.
    """
    matrix, people, members = layout
    during = phase == "during"
    whole = members[during].sum(axis=0, keepdims=True)
    expected = expectation(fit, without_event(matrix), people, whole)
    moved = during / fit.fitted[during].sum() - expected.slope[0] @ fit.influence
    with np.errstate(divide="ignore"):
        log = np.log(float(table["count"][during].sum()) / expected.count[0])
    row = {"log": log, "spread": math.sqrt(moved @ fit.spans @ moved)}
    return pd.DataFrame(row, index=["mean_change"])


def _ratios(terms: pd.DataFrame, reach: float, df: int, reference: str) -> pd.DataFrame:
    """Return terms as rate ratios with intervals."""
    logs, spread = terms["log"], terms["spread"]
    statistic = logs / spread
    tail = stdtr(df, -statistic.abs()) if reference == "t" else ndtr(-statistic.abs())
    columns = {
        "estimate": np.exp(logs),
        "low": np.exp(logs - reach * spread),
        "high": np.exp(logs + reach * spread),
        "p_value": 2 * tail,
        "statistic": statistic,
    }
    return pd.DataFrame(columns).rename_axis("term")


def _path(
    fit: Fit,
    table: pd.DataFrame,
    phase: NDArray[np.str_],
    layout: Layout,
    reach: float,
) -> pd.DataFrame:
    """Return observed, fitted and expected counts span by span."""
    matrix, people, members = layout
    spans = expectation(fit, without_event(matrix), people, members)
    path = pd.DataFrame(
        {
            "first": table["first"],
            "last": table["last"],
            "phase": phase,
            "observed": table["count"],
            "fitted": fit.fitted,
            "expected": spans.count,
            "low": spans.count * np.exp(-reach * spans.spread),
            "high": spans.count * np.exp(reach * spans.spread),
            "person_years": members @ people,
        }
    )
    return path.rename_axis("span")


def _checks(fit: Fit, phase: NDArray[np.str_]) -> dict[str, float]:
    counts = {f"spans_{part}": int((phase == part).sum()) for part in ("before", "during", "after")}
    return {
        "dispersion": fit.dispersion,
        "next_kept": fit.scatter.next_kept,
        "alpha": fit.alpha,
        "df": fit.df,
        **counts,
        **residual_checks(fit.residuals),
    }


def residual_checks(residuals: Array) -> dict[str, float]:
    """Return autocorrelations of residuals and the Ljung-Box test that all of them are zero.

    Spans of unequal length count as one step each.
    """
    n = len(residuals)
    lags = np.arange(1, max(1, min(10, n // 5)) + 1)
    centred = residuals - residuals.mean()
    acf = np.array([centred[k:] @ centred[:-k] for k in lags]) / (centred @ centred)
    q = n * (n + 2) * (acf**2 / (n - lags)).sum()
    return {
        **{f"autocorrelation_{k}": float(value) for k, value in zip(lags, acf, strict=True)},
        "ljung_box_lags": int(lags[-1]),
        "ljung_box_p": float(chdtrc(lags[-1], q)),
        "newey_west_lags": newey_west_lags(n),
    }


def _far(path: pd.DataFrame, phase: NDArray[np.str_]) -> tuple[Note, ...]:
    """Say when the line before leads to rates that nobody has seen."""
    during = path[phase == "during"]
    expected = during["expected"].sum() / during["person_years"].sum()
    highest = (path["observed"] / path["person_years"]).max()
    if expected <= FAR * highest:
        return ()
    return (Note("its_far", times=float(expected / highest)),)


def _notes(
    fit: Fit, table: pd.DataFrame, phase: NDArray[np.str_], design: SeriesDesign
) -> tuple[Note, ...]:
    counts = {part: int((phase == part).sum()) for part in ("before", "during", "after")}
    sums = int((table["last"] != table["first"]).sum())
    notes = [Note("its_spans", **counts)]
    if sums:
        notes.append(Note("its_sums", n=sums, total=len(table)))
    if counts["before"] < 12:
        notes.append(Note("its_few_before", n=counts["before"]))
    if design.harmonics and counts["before"] < 24:
        notes.append(Note("its_season_later"))
    notes.append(Note("its_dispersion", phi=fit.dispersion))
    if len(fit.scatter.carried) > 1:
        notes.append(Note("its_following", kept=fit.scatter.next_kept))
    p = residual_checks(fit.residuals)["ljung_box_p"]
    if p < 0.05:
        notes.append(Note("its_autocorrelated", p=p))
    if fit.df < 10:
        notes.append(Note("its_few_df", df=fit.df))
    notes.append(Note("its_no_control"))
    return tuple(notes)
