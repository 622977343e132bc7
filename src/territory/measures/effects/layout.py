"""The layout of a panel with staggered starts: which cells are treated, and by which term."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault
from territory.measures.effects.treatment import MOST


@dataclass(frozen=True, eq=False)
class PanelLayout:
    """Rows, terms and sizes of one comparison.

    Parameters
    ----------
    table
        One row a unit and period: ``unit``, ``period``, ``time`` (its text), ``count``,
        ``person_years``, ``log_years``, ``cluster``, ``first``, ``since`` (periods since
        the start; missing where untreated for good), ``under`` (treated), and one 0/1
        column a term.
    blocks
        Index: terms. ``first``, ``since``, ``partial``, ``observed``, ``units``.
    sizes
        Numbers of units and periods, for the notes.
    treated_clusters
        Number of clusters with a treated unit.
    """

    table: pd.DataFrame
    blocks: pd.DataFrame
    sizes: dict[str, int]
    treated_clusters: int


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
    blocks = _blocks(table)
    for term, block in blocks.iterrows():
        chosen = (table["first"] == block["first"]) & (table["since"] == block["since"])
        table[str(term)] = (chosen & (table["partial"] == block["partial"])).astype(float)
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
    return PanelLayout(table, blocks, sizes, table.loc[ours, "cluster"].nunique())


def _rows(cells: pd.DataFrame, treated: pd.DataFrame, horizon: int | None) -> pd.DataFrame:
    table = cells[(cells["person_years"] > 0) & cells["count"].notna()].reset_index()
    table["count"] = table["count"].astype(float)
    table["time"] = table["period"].astype(str)
    table["log_years"] = np.log(table["person_years"])
    table["first"] = pd.PeriodIndex(
        treated["first"].reindex(table["unit"]), freq=table["period"].dtype.freq
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
    known = cells.index.unique("unit")
    ours = table["first"].notna()
    faults = []
    strangers = treated.index.difference(known)
    if len(strangers):
        faults.append(Fault("treated_strangers", units=", ".join(map(str, strangers[:5]))))
    if not table["under"].any() or ours.all():
        which = "0" if not table["under"].any() else "100 %"
        faults.append(Fault("no_contrast", value=which))
    else:
        periods = pd.PeriodIndex(table["period"].unique()).sort_values()
        start = table.loc[ours, "first"].min()
        before = int((periods < start).sum())
        if before < 2:
            near = periods[2] if len(periods) > 2 else "–"
            faults.append(
                Fault("too_few_periods", part="before", found=before, needed=2, near=near)
            )
    if faults:
        raise DataError(*faults)


def _blocks(table: pd.DataFrame) -> pd.DataFrame:
    under = table[table["under"]]
    grouped = under.groupby(["first", "since", "partial"], sort=True)
    blocks = grouped.agg(observed=("count", "sum"), units=("unit", "size")).reset_index()
    blocks["since"] = blocks["since"].astype(int)
    empty = blocks[blocks["observed"] == 0]
    if len(empty):
        row = empty.iloc[0]
        raise DataError(Fault("block_without_count", first=row["first"], since=row["since"]))
    if blocks["partial"].all():
        raise DataError(Fault("only_partial", value=blocks["first"].max()))
    return blocks.set_index(pd.Index([f"term_{k}" for k in range(len(blocks))], name="term"))
