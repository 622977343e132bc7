"""Many places, some of them treated: Poisson with unit and period effects, staggered starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.measures.effects.layout import layout_of
from territory.measures.effects.ratios import ratios
from territory.measures.effects.result import Effect, Note
from territory.measures.power import detectable_effect

if TYPE_CHECKING:
    from collections.abc import Hashable

    from territory.measures.effects.layout import PanelLayout
    from territory.measures.effects.ratios import Ratios


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
    with. Observed over expected counts of any group of treated cells follow. Errors
    are the jackknife over clusters; intervals use Student's law with the effective
    number of treated units (Carter, Schnepel and Steigerwald 2017), because the treated
    decide how much is known. Leads: the same, fitted to the untreated cells alone, as if
    treatment had begun some periods earlier (after Borusyak, Jaravel and Spiess 2024).
    """
    layout = layout_of(cells, treated, cluster=cluster, horizon=horizon)
    found = ratios(layout)
    table = found.intervals(level)
    by_period = np.array([isinstance(group, pd.Period) for group in table.index])
    terms = table[~by_period].rename_axis("term")
    head = terms.to_dict("index")["all"]
    fall, rise = detectable_effect(float(found.table["spread"]["all"]), found.df)
    lead_table, lead_p = _leads(layout, treated, cluster, leads, level)
    return Effect(
        event=event,
        design="panel",
        measure="rate_ratio",
        estimate=float(head["estimate"]),
        low=float(head["low"]),
        high=float(head["high"]),
        p_value=float(head["p_value"]),
        detectable_fall=fall,
        detectable_rise=rise,
        counterfactual=_counterfactual(layout, found, table[by_period]),
        averted=_averted(head),
        terms=terms,
        leads=lead_table,
        checks={**layout.sizes, "effective_units": found.df, "leads_p": lead_p},
        notes=_notes(layout, lead_p),
    )


def _averted(head: dict[Hashable, Any]) -> pd.DataFrame:
    observed = head["observed"]
    row = {
        "expected": head["expected"],
        "observed": observed,
        "averted": head["expected"] - observed,
        "low": observed / head["high"] - observed,
        "high": observed / head["low"] - observed,
    }
    return pd.DataFrame([row], index=pd.Index(["untreated_places"], name="counterfactual"))


def _counterfactual(layout: PanelLayout, found: Ratios, table: pd.DataFrame) -> pd.DataFrame:
    """Return the treated units' observed and expected sums, period by period.

    The interval is that of the cells under treatment, added to what the others counted.
    """
    ours = layout.table["first"].notna()
    rows = layout.table.assign(expected=found.expected)[ours]
    sums = rows.groupby("period").agg(
        observed=("count", "sum"),
        expected=("expected", "sum"),
        treated=("under", "sum"),
        units=("unit", "size"),
        person_years=("person_years", "sum"),
    )
    under = table.reindex(sums.index)
    rest = sums["expected"] - under["expected"]
    sums.insert(2, "low", rest + under["observed"] / under["high"])
    sums.insert(3, "high", rest + under["observed"] / under["low"])
    return sums


def _leads(
    layout: PanelLayout,
    treated: pd.DataFrame,
    cluster: pd.Series | None,
    leads: int,
    level: float,
) -> tuple[pd.DataFrame, float]:
    """Return ratios of the periods before the start, from untreated cells only, and their p."""
    reach = min(leads, layout.sizes["periods_before"] - 2)
    if reach < 1:
        return pd.DataFrame(), float("nan")
    rows = layout.table[~layout.table["under"]]
    cells = rows.set_index(["unit", "period"])[["count", "person_years"]]
    known = treated[treated.index.isin(rows["unit"])]
    earlier = known.assign(first=pd.PeriodIndex(known["first"]) - reach, share=1.0)
    found = ratios(layout_of(cells, earlier, cluster=cluster))
    names = [f"since_{k}" for k in range(reach)]
    table = found.intervals(level).loc[names]
    table.index = pd.Index([k - reach for k in range(reach)], name="since")
    return table, found.joint_p(names)


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
    if layout.table["partial"].any():
        notes.append(Note("panel_partial"))
    if sizes["units_treated"] < 20:
        notes.append(Note("panel_few_treated", n=sizes["units_treated"]))
    if np.isfinite(leads_p):
        notes.append(Note("panel_leads_differ" if leads_p < 0.05 else "panel_leads", p=leads_p))
    notes.append(Note("panel_selected"))
    return tuple(notes)
