"""The same design where nothing happened: other dates, other places."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.measures.effects.design import SeriesDesign, demand_phases
from territory.measures.effects.places import STRATA, PlaceGrid
from territory.measures.effects.result import Effect, Note
from territory.measures.effects.series import fit_design, layout_of

# Draws whose middle lies further from no effect than this (in logarithms) need a word.
OFF_CENTRE = 0.05


def placebo_dates(
    spans: pd.DataFrame,
    exposure: pd.Series,
    design: SeriesDesign,
    *,
    family: str = "quasi-poisson",
    errors: str = "following",
) -> pd.DataFrame:
    """Repeat a design at every other date that it can be asked of.

    The event is moved, with its length, to the first period of every other span that
    leaves enough before, during and after (an end beyond the series is dropped, one
    inside a span moves to the end of that span).

    Parameters
    ----------
    spans, exposure, design, family, errors
        As `interrupted`.

    Returns
    -------
    DataFrame
        Index ``start``; ``estimate``, ``statistic`` (logarithm over standard error),
        ``dispersion`` (the smallest is the date that the series itself would
        choose), ``real``. `placebo_p` makes a share of it.
    """
    table = spans.reset_index(drop=True)
    length = None if design.end is None else (design.end - design.start).n
    rows = {}
    for start in table["first"]:
        moved = replace(design, start=start, end=_moved_end(table, start, length))
        if start == design.start:
            moved = design
        try:
            demand_phases(table, moved)
            fit = fit_design(table, layout_of(table, exposure, moved), family=family, errors=errors)
        except DataError:
            continue
        log = float(fit.beta.to_dict()["level_start"])
        spread = math.sqrt(fit.covariance.to_dict()["level_start"]["level_start"])
        rows[start] = {
            "estimate": math.exp(log),
            "statistic": log / spread,
            "dispersion": fit.dispersion,
            "real": start == design.start,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("start")


def placebo_p(placebo: pd.DataFrame) -> float:
    """Return the share of placebo rows, the real one among them, as far from no effect.

    Ranked by ``statistic``: an estimate that is wild because little stands behind it
    does not count as much as its size.
    """
    far = placebo["statistic"].abs()
    return float((far >= far[placebo["real"].astype(bool)].iloc[0] * (1 - 1e-9)).mean())


def with_placebo_dates(
    effect: Effect, spans: pd.DataFrame, exposure: pd.Series, design: SeriesDesign, **choices: str
) -> Effect:
    """Return an effect with its `placebo_dates` and what must be said about them."""
    placebo = placebo_dates(spans, exposure, design, **choices)
    chosen = placebo["dispersion"].idxmin()
    notes = [
        Note("placebo_dates", n=len(placebo) - 1, least=1 / len(placebo)),
        Note(
            "date_confirmed" if chosen == design.start else "date_other",
            date=Window.parse(str(chosen)),
        ),
    ]
    return replace(
        effect, placebo=placebo, placebo_p=placebo_p(placebo), notes=(*effect.notes, *notes)
    )


def _moved_end(table: pd.DataFrame, start: pd.Period, length: int | None) -> pd.Period | None:
    if length is None:
        return None
    end = start + length
    beyond = table["last"] >= end
    reached = table.loc[beyond, "last"]
    # The last span that the moved event would touch is wholly under it.
    return reached.iloc[0] if beyond.sum() > 1 else None


def placebo_places(
    cells: pd.DataFrame,
    treated: pd.DataFrame,
    *,
    horizon: int | None = None,
    draws: int = 499,
    strata: int = STRATA,
    seed: int = 1,
) -> pd.DataFrame:
    """Give the treatment to other places at random, with the same starts, many times.

    Parameters
    ----------
    cells, treated, horizon
        As `territory.measures.effects.panel.panel_effect`.
    draws
        How many times.
    strata
        Places change with places of like size: as many groups of equally many units by
        mean person-years. 1 = with any.
    seed
        Of the draws.

    Returns
    -------
    DataFrame
        Index ``draw`` (0 is the real one); ``estimate`` (observed over expected),
        ``statistic``, ``real``, ``shared`` (of the places drawn, how many are truly
        treated). `placebo_p` makes a share of it.

    Notes
    -----
    Randomisation is what stands beside the jackknife where few places are treated. A wild
    cluster bootstrap is not offered: with few treated among many clusters its p depends on
    the weights drawn for those few alone (MacKinnon and Webb 2018); `benchmarks/coverage.py`
    measures one beside the interval that is reported.

    The expectation comes from the untreated cells alone, found by alternating their two
    margins until they fit, for all draws at once. That of `panel_effect` also lets the
    treated cells of a place inform its own level; where person-years change unevenly the
    two estimates differ a little (by under one percent in the shipped study), so the real
    row is compared with draws made in the same way, not with the reported estimate. The
    statistic divides its logarithm by the spread of the treated units' own residuals, so that draws of small
    places, which scatter more, weigh no more than they should.
    """
    grid = PlaceGrid.of(cells, treated, horizon=horizon)
    starts, partial = grid.drawn(draws, strata=strata, seed=seed)
    estimate, statistic = grid.effects(starts, partial)
    table = pd.DataFrame({"estimate": estimate, "statistic": statistic})
    table["real"] = table.index == 0
    table["shared"] = grid.shared(starts)
    return table.rename_axis("draw")


def with_placebo_places(
    effect: Effect, cells: pd.DataFrame, treated: pd.DataFrame, **choices: int | None
) -> Effect:
    """Return an effect with its `placebo_places` and what must be said about them."""
    placebo = placebo_places(cells, treated, **choices)  # type: ignore[arg-type]
    notes = [Note("placebo_places", n=len(placebo) - 1), *_off_centre(placebo, cells, treated)]
    return replace(
        effect, placebo=placebo, placebo_p=placebo_p(placebo), notes=(*effect.notes, *notes)
    )


def _off_centre(
    placebo: pd.DataFrame, cells: pd.DataFrame, treated: pd.DataFrame
) -> tuple[Note, ...]:
    """Say why draws that nothing was done to do not centre on 1, where they do not."""
    drawn = placebo[~placebo["real"]]
    centre = float(drawn["estimate"].median())
    if abs(math.log(centre)) < OFF_CENTRE:
        return ()
    low = drawn["statistic"] <= float(placebo.loc[placebo["real"], "statistic"].iloc[0])
    said = {"centre": centre, "shared": float(drawn["shared"].mean()), "lower": float(low.mean())}
    alike = PlaceGrid.of(cells, treated).alike()
    if math.isnan(alike):
        return (Note("placebo_off_centre", **said),)
    return (Note("placebo_off_centre_alike", alike=alike, **said),)
