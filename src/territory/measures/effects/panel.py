"""Many places, some of them treated: Poisson with unit and period effects, staggered starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import fdtrc, stdtr, stdtrit

from territory.evidence.schema import DataError, Fault
from territory.measures.effects.layout import PanelLayout, layout_of
from territory.measures.effects.result import Effect, Note

if TYPE_CHECKING:
    from territory.measures.rates import Array


@dataclass(frozen=True, eq=False)
class PanelFit:
    """Terms of a Poisson regression with unit and period effects.

    Parameters
    ----------
    beta, covariance
        One entry a term.
    fitted
        Expected count of each row.
    """

    beta: Array
    covariance: Array
    fitted: Array


def panel_effect(
    cells: pd.DataFrame,
    treated: pd.DataFrame,
    *,
    event: str = "event",
    cluster: pd.Series | None = None,
    horizon: int | None = None,
    leads: int = 3,
    level: float = 0.95,
) -> Effect:
    """Compare treated places after their start with what untreated ones would lead to expect.

    Parameters
    ----------
    cells
        A `territory.measures.panel.panel`: index ``unit, period``; ``count``,
        ``person_years``.
    treated
        A `territory.measures.effects.treatment.treatment`: ``first``, ``share``.
    event
        Its name, for the result.
    cluster
        Unit to cluster of the errors; None = each unit its own.
    horizon
        Last number of periods after the start that is estimated; later periods of
        treated units are left out. None = all.
    leads
        How many periods before the start are tested for effects that cannot be.
    level
        Coverage of the intervals.

    Returns
    -------
    Effect
        ``estimate``: observed over expected counts of the treated units, over all
        periods after the start, without first periods of which less than half was
        treated. ``terms``: the same by number of periods since the start and by
        first period. ``counterfactual``: the treated units' sums by period.

    Raises
    ------
    DataError
        When no unit or every unit is treated, or there are fewer than two untreated
        periods before the first start.

    Notes
    -----
    ``E[count] = person_years * exp(unit + period + d(first, since))`` with one term
    for every first period and time since (Wooldridge 2023): treated cells have terms
    of their own, so unit and period effects are learned from untreated cells alone,
    those of units never or not yet treated. A unit already treated is never compared
    with. The term of a cell is then the logarithm of observed over expected. Errors
    are clustered; intervals use Student's law with the number of treated clusters
    less one, because the treated decide how much is known. Leads come from a second
    fit to the untreated cells alone (Borusyak, Jaravel and Spiess 2024).
    """
    layout = layout_of(cells, treated, cluster=cluster, horizon=horizon)
    fit = _fit(layout.table, layout.blocks.index)
    df = max(layout.treated_clusters - 1, 1)
    blocks = layout.blocks.assign(expected=layout.blocks["observed"] * np.exp(-fit.beta))
    terms = _terms(blocks, fit, df, level)
    estimate = terms.loc["all"]
    leads_table, leads_p = _leads(layout, leads, df, level)
    values = {name: float(estimate[name]) for name in ("estimate", "low", "high", "p_value")}
    return Effect(
        event=event,
        design="panel",
        measure="rate_ratio",
        **values,
        counterfactual=_counterfactual(layout, fit, df, level),
        averted=_averted(blocks[~blocks["partial"]], values),
        terms=terms,
        leads=leads_table,
        checks={**layout.sizes, "leads_p": leads_p, "df": df},
        notes=_notes(layout, leads_p),
    )


def _fit(table: pd.DataFrame, terms: pd.Index) -> PanelFit:
    from pyfixest.estimation import fepois

    right = " + ".join(map(str, terms))
    model = fepois(
        f"count ~ {right} | unit + time",
        data=table[["count", "unit", "time", "log_years", "cluster", *terms]],
        vcov={"CRV1": "cluster"},
        offset="log_years",
        iwls_maxiter=100,
    )
    found = model.coef().reindex(list(terms))
    fitted = np.asarray(model.predict(type="response"), dtype=float)
    if found.isna().any() or len(fitted) != len(table):
        lost = ", ".join(map(str, found.index[found.isna()])) or "–"
        raise DataError(Fault("not_identified", columns=lost))
    position = [list(model._coefnames).index(name) for name in terms]  # noqa: SLF001
    covariance = np.asarray(model._vcov, dtype=float)[np.ix_(position, position)]  # noqa: SLF001
    return PanelFit(found.to_numpy(dtype=float), covariance, fitted)


def _terms(blocks: pd.DataFrame, fit: PanelFit, df: int, level: float) -> pd.DataFrame:
    """Return the ratio over all whole periods, by periods since the start, and by start."""
    whole = blocks[~blocks["partial"]]
    rows = {"all": _ratio(whole, blocks, fit, df, level)}
    for (since, partial), part in blocks.groupby(["since", "partial"]):
        name = f"since_{since}" + ("_partial" if partial else "")
        rows[name] = _ratio(part, blocks, fit, df, level)
    for first, part in whole.groupby("first"):
        rows[f"first_{first}"] = _ratio(part, blocks, fit, df, level)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("term")


def _ratio(
    part: pd.DataFrame, blocks: pd.DataFrame, fit: PanelFit, df: int, level: float
) -> dict[str, float]:
    """Return observed over expected of some blocks, by the delta method."""
    observed, expected = float(part["observed"].sum()), float(part["expected"].sum())
    weight = blocks["expected"].where(blocks.index.isin(part.index), 0.0).to_numpy() / expected
    spread = float(np.sqrt(weight @ fit.covariance @ weight))
    log = float(np.log(observed / expected))
    reach = float(stdtrit(df, (1 + level) / 2)) * spread
    return {
        "estimate": float(np.exp(log)),
        "low": float(np.exp(log - reach)),
        "high": float(np.exp(log + reach)),
        "p_value": float(2 * stdtr(df, -abs(log) / spread)),
        "observed": observed,
        "expected": expected,
        "units": float(part["units"].sum()),
    }


def _averted(whole: pd.DataFrame, values: dict[str, float]) -> pd.DataFrame:
    observed = float(whole["observed"].sum())
    row = {
        "expected": observed / values["estimate"],
        "observed": observed,
        "averted": observed / values["estimate"] - observed,
        "low": observed / values["high"] - observed,
        "high": observed / values["low"] - observed,
    }
    return pd.DataFrame([row], index=pd.Index(["untreated_places"], name="counterfactual"))


def _counterfactual(layout: PanelLayout, fit: PanelFit, df: int, level: float) -> pd.DataFrame:
    """Return the treated units' observed and expected sums, period by period."""
    ours = layout.table["first"].notna()
    table = layout.table[ours]
    dummies = table[list(layout.blocks.index)].to_numpy(float)
    expected = fit.fitted[ours.to_numpy()] / np.exp(dummies @ fit.beta)
    under = dummies.sum(axis=1) > 0
    rows = {}
    for period in sorted(table["period"].unique()):
        here = (table["period"] == period).to_numpy()
        total = expected[here].sum()
        weight = (expected * here * under) @ dummies / total
        reach = float(stdtrit(df, (1 + level) / 2)) * np.sqrt(weight @ fit.covariance @ weight)
        bounded = under[here].any()
        rows[period] = {
            "observed": table.loc[here, "count"].sum(),
            "expected": total,
            "low": total * np.exp(-reach) if bounded else np.nan,
            "high": total * np.exp(reach) if bounded else np.nan,
            "treated": int(under[here].sum()),
            "units": int(here.sum()),
            "person_years": table.loc[here, "person_years"].sum(),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("period")


def _leads(
    layout: PanelLayout, leads: int, df: int, level: float
) -> tuple[pd.DataFrame, float]:
    """Fit effects before the start to untreated cells; earlier ones are what they are held against."""
    table = layout.table[~layout.table["under"]].copy()
    deepest = -int(table["since"].min()) - 1  # at least one period must stay for comparison
    names = [f"lead_{k}" for k in range(min(leads, deepest), 0, -1)]
    for name in names:
        table[name] = (table["since"] == -int(name.removeprefix("lead_"))).astype(float)
    names = [name for name in names if table.loc[table[name] > 0, "count"].sum() > 0]
    if not names:
        return pd.DataFrame(), float("nan")
    fit = _fit(table, pd.Index(names))
    spread = np.sqrt(np.diag(fit.covariance))
    reach = float(stdtrit(df, (1 + level) / 2)) * spread
    columns = {
        "estimate": np.exp(fit.beta),
        "low": np.exp(fit.beta - reach),
        "high": np.exp(fit.beta + reach),
        "p_value": 2 * stdtr(df, -np.abs(fit.beta) / spread),
    }
    rows = pd.Index([-int(name.removeprefix("lead_")) for name in names], name="since")
    wald = float(fit.beta @ np.linalg.pinv(fit.covariance) @ fit.beta)
    return pd.DataFrame(columns, index=rows), float(fdtrc(len(names), df, wald / len(names)))


def _notes(layout: PanelLayout, leads_p: float) -> tuple[Note, ...]:
    sizes = layout.sizes
    notes = [
        Note(
            "panel_units",
            treated=sizes["units_treated"],
            untreated=sizes["units_untreated"],
            before=sizes["periods_before"],
            after=sizes["periods_after"],
        )
    ]
    if sizes["units_dropped"]:
        notes.append(Note("panel_dropped", n=sizes["units_dropped"]))
    if layout.blocks["partial"].any():
        notes.append(Note("panel_partial"))
    if sizes["units_treated"] < 20:
        notes.append(Note("panel_few_treated", n=sizes["units_treated"]))
    if np.isfinite(leads_p):
        notes.append(Note("panel_leads_differ" if leads_p < 0.05 else "panel_leads", p=leads_p))
    notes.append(Note("panel_selected"))
    return tuple(notes)
