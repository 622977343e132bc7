"""Synthetic control: a country against a weighted mix of others that had no such event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault, unknown
from territory.measures.effects.placebo import placebo_p
from territory.measures.effects.result import Effect, Note

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_BEFORE, LEAST_DONORS = 5, 5
# Donors of a smaller weight are not named.
WEIGHTY = 0.01


def synthetic_control(
    rates: pd.DataFrame,
    unit: str,
    *,
    start: int,
    end: int | None = None,
    event: str = "event",
    population: pd.Series | None = None,
    donors: Sequence[str] | None = None,
    demeaned: bool = True,
) -> Effect:
    """Hold one unit against the mix of donors that followed it best before the event.

    Parameters
    ----------
    rates
        Years by units, per 100,000; years without gaps. A donor with a
        missing year is left out.
    unit
        The one with the event.
    start, end
        First and last year under the event; None = to the last year.
    event
        Its name, for the result.
    population
        Persons of `unit` by year, to turn rates into deaths.
    donors
        Which units may be mixed; None = every complete one.
    demeaned
        Whether to follow the movements about each unit's own mean before, rather than
        the levels: no mix of others reaches the level of the most violent country.

    Returns
    -------
    Effect
        ``estimate``: mean difference of rates, real less synthetic, while the event
        lasted; no interval. ``placebo``: every donor in the unit's place;
        ``placebo_p``: the rank of the unit's ratio of errors after and before among
        them, over their number. ``weights``: of the donors.

    Raises
    ------
    DataError
        For an unknown unit, a unit with missing years, an event outside the years or ending
        before it starts, fewer than five years before, or fewer than five complete donors.

    Notes
    -----
    Weights are not negative, sum to one and minimise the squared error over the years
    before, all years alike (Abadie, Diamond and Hainmueller 2010; demeaned as Ferman and
    Pinto 2021). Solved by pysyncon.
    """
    table, pre, post = _demand(rates, unit, start, end, donors)
    placebo, path, weights = _ranked(table, unit, pre, post, demeaned=demeaned)
    own = placebo.to_dict("index")[unit]
    counterfactual = _path(table[unit], path, pre, post, own["error_before"])
    share = placebo_p(placebo)
    return Effect(
        event=event,
        design="synthetic",
        measure="rate_difference",
        estimate=float(own["estimate"]),
        low=float("nan"),
        high=float("nan"),
        p_value=share,
        counterfactual=counterfactual,
        averted=_averted(counterfactual, post, population),
        placebo=placebo,
        placebo_p=share,
        weights=weights.rename("weight").rename_axis("unit").to_frame(),
        checks={
            "years_before": len(pre),
            "years_after": len(post),
            "donors": len(table.columns) - 1,
            "error_before": float(own["error_before"]),
            "error_ratio": float(own["statistic"]),
            "rank": round(share * len(placebo)),
        },
        notes=_notes(placebo, share, pre, weights),
    )


def _ranked(
    table: pd.DataFrame, unit: str, pre: list[int], post: list[int], *, demeaned: bool
) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Return every unit in the place of the one studied; the mix of this one, and its weights."""
    rows = {}
    for name in table:
        others = table.drop(columns=[name, *([unit] if name != unit else [])])
        weights = _weights(table[name].loc[pre], others.loc[pre], demeaned=demeaned)
        synthetic = _mixed(table[name], others, weights, pre, demeaned=demeaned)
        gap = table[name] - synthetic
        if name == unit:
            found, path = weights, synthetic
        rows[name] = {
            "estimate": gap[post].mean(),
            "error_before": _root_mean_square(gap[pre]),
            "error_after": _root_mean_square(gap[post]),
            "real": name == unit,
        }
    placebo = pd.DataFrame.from_dict(rows, orient="index").rename_axis("unit")
    # A donor that the mix meets exactly would rank first by dividing by nothing.
    placebo["statistic"] = placebo["error_after"] / placebo["error_before"].clip(lower=1e-6)
    return placebo, path, found


def without_each(rates: pd.DataFrame, effect: Effect, unit: str, **choices: object) -> Effect:
    """Return a synthetic control with its estimate when each weighty donor is left out.

    Parameters
    ----------
    rates, unit, choices
        As `synthetic_control`.
    effect
        Its result.
    """
    heavy = effect.weights.index[effect.weights["weight"] > WEIGHTY]
    rows = {}
    for donor in heavy:
        left = synthetic_control(rates.drop(columns=donor), unit, **choices)  # type: ignore[arg-type]
        rows[donor] = {
            "choice": "without",
            "value": donor,
            "estimate": left.estimate,
            "p_value": left.p_value,
        }
    table = pd.DataFrame(rows.values())
    return replace(effect, sensitivity=pd.concat([effect.sensitivity, table], ignore_index=True))


def _weights(target: pd.Series, others: pd.DataFrame, *, demeaned: bool) -> pd.Series:
    from pysyncon import Synth  # type: ignore[import-untyped]

    if demeaned:
        target, others = target - target.mean(), others - others.mean()
    equal = np.full(len(target), 1 / len(target))
    model = Synth()
    model.fit(X0=others, X1=target, Z0=others, Z1=target, custom_V=equal)
    return pd.Series(np.asarray(model.W, dtype=float), index=others.columns).clip(lower=0)


def _mixed(
    own: pd.Series, others: pd.DataFrame, weights: pd.Series, pre: list[int], *, demeaned: bool
) -> pd.Series:
    if not demeaned:
        return others @ weights
    return own[pre].mean() + (others - others.loc[pre].mean()) @ weights


def _root_mean_square(gap: pd.Series) -> float:
    return float(np.sqrt((gap**2).mean()))


def _path(
    own: pd.Series, synthetic: pd.Series, pre: list[int], post: list[int], error: float
) -> pd.DataFrame:
    path = pd.DataFrame({"observed": own, "expected": synthetic})
    # Not a confidence interval: how far off the mix was before.
    path["low"] = (synthetic - 2 * error).where(path.index.isin(post))
    path["high"] = (synthetic + 2 * error).where(path.index.isin(post))
    path["phase"] = np.where(path.index.isin(pre), "before", "after")
    path.loc[post, "phase"] = "during"
    return path.rename_axis("period")


def _averted(path: pd.DataFrame, post: list[int], population: pd.Series | None) -> pd.DataFrame:
    if population is None:
        return pd.DataFrame()
    deaths = path.loc[post, ["expected", "observed"]].mul(population[post] / 100_000, axis=0).sum()
    row = {**deaths, "averted": deaths["expected"] - deaths["observed"]}
    row |= {"low": float("nan"), "high": float("nan")}
    return pd.DataFrame([row], index=pd.Index(["synthetic"], name="counterfactual"))


def _notes(
    placebo: pd.DataFrame, share: float, pre: list[int], weights: pd.Series
) -> tuple[Note, ...]:
    names = ", ".join(weights[weights > WEIGHTY].sort_values(ascending=False).index)
    own = placebo[placebo["real"].astype(bool)].iloc[0]
    notes = [
        Note("synthetic_mix", years=len(pre), donors=len(placebo) - 1, names=names),
        Note("synthetic_rank", rank=round(share * len(placebo)), n=len(placebo), p=share),
    ]
    if own["error_before"] > placebo["error_before"].median() * 2:
        notes.append(Note("synthetic_poor", error=float(own["error_before"])))
    notes.append(Note("synthetic_unsettled"))
    return tuple(notes)


def _demand(
    rates: pd.DataFrame, unit: str, start: int, end: int | None, donors: Sequence[str] | None
) -> tuple[pd.DataFrame, list[int], list[int]]:
    """Return the complete units, and the years before and under the event."""
    if unit not in rates:
        raise unknown("unit", unit, rates.columns)
    rates = rates.sort_index()
    years = list(rates.index)
    pre = [year for year in years if year < start]
    post = [year for year in years if year >= start and (end is None or year <= end)]
    chosen = rates if donors is None else rates[[unit, *donors]]
    complete = chosen.dropna(axis="columns")
    faults = []
    if unit not in complete:
        lost = ", ".join(str(year) for year in rates.index[rates[unit].isna()])
        faults.append(Fault("unit_incomplete", unit=unit, years=lost))
    if not years[0] < start <= years[-1]:
        near = f"start = {years[min(LEAST_BEFORE, len(years) - 1)]}" if start <= years[0] else ""
        near = near or f"start = {years[-1]}"
        faults.append(
            Fault("event_outside", value=start, first=years[0], last=years[-1], near=near)
        )
    elif end is not None and end < start:
        faults.append(Fault("event_inverted", start=start, end=end))
    elif len(pre) < LEAST_BEFORE:
        near = f"start = {years[min(LEAST_BEFORE, len(years) - 1)]}"
        faults.append(Fault("too_few_before", found=len(pre), needed=LEAST_BEFORE, near=near))
    if len(complete.columns) - 1 < LEAST_DONORS:
        faults.append(Fault("too_few_donors", found=len(complete.columns) - 1, needed=LEAST_DONORS))
    if faults:
        raise DataError(*faults)
    return complete, pre, post
