"""The layout of a panel with staggered starts: which cells are treated, and by which term."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault
from territory.measures.effects.treatment import MOST

if TYPE_CHECKING:
    from collections.abc import Hashable


@dataclass(frozen=True, eq=False)
class PanelLayout:
    """Rows, terms and sizes of one comparison.

    Parameters
    ----------
    table
        One row a unit and period: ``unit``, ``period``, ``time`` (its text), ``count``,
        ``person_years``, ``log_years``, ``cluster``, ``first``, ``since`` (periods since
        the start; missing where never treated), ``under`` (treated), ``partial``, and
        one 0/1 column a term.
    terms
        Names of those columns: one for every first period and time since.
    sizes
        Numbers of units and periods, for the notes.
    """

    table: pd.DataFrame
    terms: list[str]
    sizes: dict[str, int]

    def groups(self) -> dict[Hashable, pd.Series]:
        """Return which rows each ratio is about: all, by time since, first period, period."""
        table, under = self.table, self.table["under"]
        whole = under & ~table["partial"]
        found: dict[Hashable, pd.Series] = {"all": whole}
        times = table.loc[under, ["since", "partial"]].drop_duplicates().sort_values("since")
        for since, partial in zip(times["since"], times["partial"], strict=True):
            name = f"since_{since:.0f}" + ("_partial" if partial else "")
            found[name] = under & (table["since"] == since) & (table["partial"] == partial)
        for first in sorted(table.loc[whole, "first"].unique()):
            found[f"first_{first}"] = whole & (table["first"] == first)
        for period in sorted(table.loc[under, "period"].unique()):
            found[period] = under & (table["period"] == period)
        return found


def layout_of(
    cells: pd.DataFrame,
    treated: pd.DataFrame,
    *,
    cluster: pd.Series | None = None,
    horizon: int | None = None,
) -> PanelLayout:
    """Lay out a panel; arguments and errors as `territory.measures.effects.panel.panel_effect`."""
    table = _rows(cells, treated, horizon)
    table["cluster"] = table["unit"] if cluster is None else table["unit"].map(cluster)
    units = table["unit"].nunique()
    table = _comparable(table)
    _demand_design(table, cells, treated)
    terms: list[str] = []
    blocks = table.loc[table["under"], ["first", "since"]].drop_duplicates()
    for first, since in zip(blocks["first"], blocks["since"], strict=True):
        inside = (table["first"] == first) & (table["since"] == since)
        if table.loc[inside, "count"].sum() == 0:
            raise DataError(Fault("block_without_count", first=first, since=f"{since:.0f}"))
        terms.append(f"term_{len(terms)}")
        table[terms[-1]] = inside.astype(float)
    ours = table["first"].notna()
    start = table.loc[ours, "first"].min()
    sizes = {
        "units_treated": table.loc[ours, "unit"].nunique(),
        "units_untreated": table.loc[~ours, "unit"].nunique(),
        "units_dropped": units - table["unit"].nunique(),
        "periods_before": table.loc[table["period"] < start, "period"].nunique(),
        "periods_after": table.loc[table["period"] >= start, "period"].nunique(),
        "cells": len(table),
        "cells_missing": int(cells.isna().any(axis=1).sum()),
    }
    return PanelLayout(table, terms, sizes)


def _rows(cells: pd.DataFrame, treated: pd.DataFrame, horizon: int | None) -> pd.DataFrame:
    table = cells[(cells["person_years"] > 0) & cells["count"].notna()].reset_index()
    table["count"] = table["count"].astype(float)
    table["time"] = table["period"].astype(str)
    table["log_years"] = np.log(table["person_years"])
    table["first"] = pd.PeriodIndex(
        treated["first"].reindex(table["unit"]), freq=pd.PeriodIndex(table["period"]).freq
    )
    ours = table["first"].notna()
    ordinals = [pd.PeriodIndex(table.loc[ours, name]).asi8 for name in ("period", "first")]
    table["since"] = np.nan
    table.loc[ours, "since"] = (ordinals[0] - ordinals[1]).astype(float)
    table["under"] = table["since"] >= 0
    share = treated["share"].reindex(table["unit"]).to_numpy(dtype=float, na_value=np.nan)
    table["partial"] = (table["since"] == 0) & (share < MOST)
    return table if horizon is None else table[~(table["since"] > horizon)]


def _comparable(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out units that counted nobody while untreated, and periods without untreated counts."""
    untreated = table["count"].where(~table["under"], 0.0)
    learned = untreated.groupby(table["unit"]).transform("sum") > 0
    compared = untreated.groupby(table["period"]).transform("sum") > 0
    return table[learned & compared].reset_index(drop=True)


def _demand_design(table: pd.DataFrame, cells: pd.DataFrame, treated: pd.DataFrame) -> None:
    ours = table["first"].notna()
    faults = []
    strangers = treated.index.difference(cells.index.unique("unit"))
    if len(strangers):
        faults.append(Fault("treated_strangers", units=", ".join(map(str, strangers[:5]))))
    if not table["under"].any() or ours.all():
        which = "100 %" if ours.all() else "0 %"
        faults.append(Fault("no_contrast", value=which))
    else:
        periods = pd.PeriodIndex(table["period"].unique()).sort_values()
        before = int((periods < table.loc[ours, "first"].min()).sum())
        if before < 2:
            near = f"start = {periods[2]}" if len(periods) > 2 else "–"
            faults.append(Fault("too_few_before", found=before, needed=2, near=near))
        if not (table["under"] & ~table["partial"]).any():
            faults.append(Fault("only_partial", value=table.loc[ours, "first"].max()))
    if faults:
        raise DataError(*faults)
