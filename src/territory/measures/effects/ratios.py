"""Observed over expected in groups of treated cells, with errors that leave out each cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import fdtrc, stdtr, stdtrit

from territory.evidence.schema import DataError, Fault
from territory.measures.effects.places import PlaceGrid

if TYPE_CHECKING:
    from territory.measures.effects.layout import PanelLayout
    from territory.measures.rates import Array


@dataclass(frozen=True, eq=False)
class Ratios:
    """Ratios of several groups of treated cells.

    Parameters
    ----------
    table
        Index ``group``; ``observed``, ``expected``, ``cells``, ``log``, ``spread`` (the
        standard error of the logarithm; missing where one cluster is all there is).
    covariance
        Of the logarithms.
    df
        Effective number of treated units, ``(Σe)² / Σe²`` of their expected counts.
    expected
        Expected count of each row of the layout, had nobody been treated.
    """

    table: pd.DataFrame
    covariance: Array
    df: float
    expected: Array

    def intervals(self, level: float) -> pd.DataFrame:
        """Return ``estimate``, ``low``, ``high``, ``p_value`` and the counts of each group."""
        log, spread = self.table["log"], self.table["spread"]
        reach = float(stdtrit(self.df, (1 + level) / 2)) * spread
        columns = {
            "estimate": np.exp(log),
            "low": np.exp(log - reach),
            "high": np.exp(log + reach),
            "p_value": 2 * stdtr(self.df, -(log.abs() / spread)),
        }
        return pd.DataFrame(columns).join(self.table[["observed", "expected", "cells"]])

    def joint_p(self, groups: list[str]) -> float:
        """Return the p of all ratios of `groups` being 1 (Wald's F)."""
        chosen = [list(self.table.index).index(group) for group in groups]
        log = self.table["log"].to_numpy()[chosen]
        wald = float(log @ np.linalg.pinv(self.covariance[np.ix_(chosen, chosen)]) @ log)
        return float(fdtrc(len(chosen), self.df, wald / len(chosen)))


def ratios(layout: PanelLayout) -> Ratios:
    """Fit a layout and return the ratio of each of its groups.

    The fit is pyfixest's Poisson regression with unit and period effects and the layout's
    terms. Errors are the jackknife over clusters (Bell and McCaffrey's CRV3; Hansen 2025):
    with few or unequal treated places the usual clustered ones are too small.
    """
    expected = _untreated_expectation(layout)
    groups = layout.groups()
    count = layout.table["count"].to_numpy()
    rows = {
        name: {
            "observed": count[inside].sum(),
            "expected": expected[inside].sum(),
            "cells": int(inside.sum()),
        }
        for name, inside in ((name, mask.to_numpy()) for name, mask in groups.items())
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")
    with np.errstate(divide="ignore"):
        table["log"] = np.log(table["observed"] / table["expected"])
    covariance = _jackknife(layout, list(groups.values()))
    table["spread"] = np.sqrt(np.diag(covariance))
    by_unit = layout.table.assign(e=expected)[groups["all"]].groupby("unit")["e"].sum()
    df = float(by_unit.sum() ** 2 / (by_unit**2).sum())
    return Ratios(table, covariance, df, expected)


def _untreated_expectation(layout: PanelLayout) -> Array:
    """Return the expected count of every row from the unit and period effects alone."""
    from pyfixest.estimation import fepois

    table, terms = layout.table, layout.terms
    model: Any = fepois(
        f"count ~ {' + '.join(terms)} | unit + time",
        data=table[["count", "unit", "time", "log_years", *terms]],
        vcov="iid",
        offset="log_years",
        iwls_maxiter=100,
    )
    found = model.coef().reindex(terms)
    fitted = np.asarray(model.predict(type="response"), dtype=float)
    if found.isna().any() or len(fitted) != len(table):
        lost = ", ".join(map(str, found.index[found.isna()])) or "–"
        raise DataError(Fault("not_identified", columns=lost))
    expected: Array = fitted / np.exp(table[terms].to_numpy(float) @ found.to_numpy(float))
    return expected


def _jackknife(layout: PanelLayout, groups: list[pd.Series]) -> Array:
    table = layout.table
    grid = PlaceGrid.of(
        table.set_index(["unit", "period"])[["count", "person_years"]],
        table[table["first"].notna()].groupby("unit")[["first"]].first().assign(share=1.0),
    )
    units = table["unit"].drop_duplicates().sort_values()
    clusters = table.groupby("unit")["cluster"].first().reindex(units)
    codes, _ = pd.factorize(clusters)
    place = pd.factorize(table["unit"], sort=True)[0]
    moment = pd.factorize(table["period"], sort=True)[0]
    masks = np.zeros((len(groups), *grid.count.shape), dtype=bool)
    for mask, inside in zip(masks, groups, strict=True):
        mask[place[inside.to_numpy()], moment[inside.to_numpy()]] = True
    logs = grid.left_out(codes, masks)
    n = len(logs)
    away = logs - logs.mean(axis=0)  # missing where leaving one out leaves nothing
    covariance: Array = (n - 1) / n * away.T @ away
    return covariance
