"""Measure on made-up places with known effects how often the intervals hold the truth.

    python benchmarks/coverage.py [--seeds 400] [--first 0] [--only NAME ...]

Prints one row a measure: the share of 95 % intervals that hold the true value, or for placebo
shares the Kolmogorov-Smirnov p of their being uniform and the share below 0.05.
"""

from __future__ import annotations

import argparse
import time
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import kstest

from territory.evidence.periods import Window
from territory.measures.comparison import comparison
from territory.measures.dispersion import dispersion
from territory.measures.effects.design import SeriesDesign
from territory.measures.effects.panel import panel_effect
from territory.measures.effects.placebo import placebo_dates, placebo_p, placebo_places
from territory.measures.effects.places import PlaceGrid
from territory.measures.effects.series import interrupted_bare
from territory.measures.effects.synthetic import synthetic_control

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

YEARS = pd.period_range("2008", "2018", freq="Y")
# Spans of months like those that a country's press and reports leave: years, then months.
CUTS = ["2008-01", "2009-01", "2009-07", "2010-01", "2010-07", "2011-01", "2011-09", "2012-01"]
CUTS += [str(month) for month in pd.period_range("2012-02", "2014-12", freq="M")]
EFFECT = 0.5


def scattered(random: np.random.Generator, mean: np.ndarray, phi: float) -> np.ndarray:
    """Draw counts whose variance is `phi` times their mean."""
    if phi == 1:
        return random.poisson(mean)
    return random.negative_binomial(mean / (phi - 1), 1 / phi)


def holds(row: pd.Series, truth: float) -> bool:
    """Tell whether an interval holds the true value."""
    return bool(row["low"] <= truth <= row["high"])


# Comparison ----------------------------------------------------------------------------------


def compared(seed: int, *, phi: float, scaled: bool) -> Iterator[bool]:
    """Compare two years with two years in fifty places; the true ratio is `EFFECT`."""
    random = np.random.default_rng(seed)
    units = [f"u{k}" for k in range(50)]
    years = YEARS[2:6]
    mean = random.gamma(4, 8, 50)[:, None] * np.where(years.year < 2012, 1, EFFECT)
    index = pd.MultiIndex.from_product([units, years], names=["unit", "period"])
    count = scattered(random, mean, phi).ravel()
    cells = pd.DataFrame({"count": count, "person_years": 100_000.0}, index=index)
    windows = [Window.parse("2010:2011"), Window.parse("2012:2013")]
    sides = [
        cells[index.get_level_values("period").year.isin(w.years)].groupby("unit").sum()
        for w in windows
    ]
    phi_seen = dispersion(cells, windows).loc["all", "phi"] if scaled else 1.0
    table = comparison(*sides, phi=phi_seen)
    yield from (table["ratio_low"] <= EFFECT) & (table["ratio_high"] >= EFFECT)


# Series --------------------------------------------------------------------------------------


def month_series(
    random: np.random.Generator,
    cuts: list[str],
    *,
    phi: float,
    rho: float,
    effect: float,
    sd: float = 0.08,
) -> tuple[pd.DataFrame, pd.Series]:
    """Draw a country with trend, season, an event from 2012-03 to 2014-05, and a known effect.

    Its rate wanders: every month keeps `rho` of the last one's error and adds one of `sd`.
    """
    months = pd.period_range(cuts[0], "2014-12", freq="M")
    t = np.arange(len(months)) / 12
    sd = sd if rho else 0
    noise = random.normal(0, sd / np.sqrt(1 - rho**2), len(months))
    for k in range(1, len(months)):
        noise[k] = rho * noise[k - 1] + random.normal(0, sd)
    under = (months >= pd.Period("2012-03", "M")) & (months <= pd.Period("2014-05", "M"))
    log = 0.05 * t + 0.08 * np.sin(2 * np.pi * months.month / 12) + np.log(effect) * under
    count = scattered(random, 300 * np.exp(log + noise), phi)
    first = pd.PeriodIndex(cuts, freq="M")
    last = pd.PeriodIndex([*(first[1:] - 1), months[-1]])
    sums = [count[(months >= a) & (months <= b)].sum() for a, b in zip(first, last, strict=True)]
    spans = pd.DataFrame({"first": first, "last": last, "count": sums})
    return spans, pd.Series(500_000.0, index=months)


def seen_series(seed: int, *, term: str, **choices: float | str | bool) -> Iterator[bool]:
    """Fit the series; the true ratio is `EFFECT` at once and throughout."""
    yield holds(series_terms(seed, **choices).loc[term], EFFECT)


@lru_cache(maxsize=5000)
def series_terms(
    seed: int,
    *,
    phi: float,
    rho: float = 0.0,
    sd: float = 0.08,
    errors: str = "following",
    gaps: bool = False,
) -> pd.DataFrame:
    """Return what was estimated of one series, for each of its terms in turn."""
    random = np.random.default_rng(seed)
    spans, exposure = month_series(random, CUTS, phi=phi, rho=rho, effect=EFFECT, sd=sd)
    if gaps:  # a quarter of the months between the first eight spans and the last three
        inner = np.arange(len(spans)).clip(8, len(spans) - 4) == np.arange(len(spans))
        spans = spans[~inner | (random.uniform(size=len(spans)) > 0.25)]
    design = SeriesDesign(pd.Period("2012-03", "M"), pd.Period("2014-05", "M"), harmonics=1)
    return interrupted_bare(spans, exposure, design, errors=errors).terms


def placebo_of_dates(seed: int) -> float:
    """Return the placebo share where nothing happened, at a date drawn like the others."""
    random = np.random.default_rng(seed)
    cuts = [str(month) for month in pd.period_range("2010-01", "2014-12", freq="M")]
    spans, exposure = month_series(random, cuts, phi=4, rho=0, effect=1.0)
    start = spans["first"].iloc[int(random.integers(6, len(spans) - 6))]
    table = placebo_dates(spans, exposure, SeriesDesign(start, slope=False, harmonics=1))
    inner = table[(table.index >= spans["first"][6]) & (table.index < spans["first"][54])]
    return placebo_p(inner)


# Places --------------------------------------------------------------------------------------


def places(
    random: np.random.Generator, *, treated: int, phi: float, effect: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw 262 places over eleven years, some treated from 2015, 2016 or 2017 on."""
    units = [f"u{k:03d}" for k in range(262)]
    people = random.lognormal(9.7, 1, 262)
    level = 6e-4 * random.gamma(4, 0.25, 262)
    year = np.exp(np.cumsum(random.normal(0, 0.25, len(YEARS))))
    # Places drift of themselves, each in its own way.
    drift = np.exp(np.cumsum(random.normal(0, 0.1, (262, len(YEARS))), axis=1))
    chosen = random.choice(262, treated, replace=False)
    # A handful is treated at once, as the towns declared free of violence were.
    start = random.choice([2015, 2016, 2017] if treated > 20 else [2015], treated)
    since = np.full((262, len(YEARS)), -1)
    since[chosen] = YEARS.year.to_numpy() - start[:, None]
    mean = people[:, None] * level[:, None] * year * drift * np.where(since >= 0, effect, 1)
    index = pd.MultiIndex.from_product([units, YEARS], names=["unit", "period"])
    cells = pd.DataFrame(
        {"count": scattered(random, mean, phi).ravel(), "person_years": np.repeat(people, 11)},
        index=index,
    )
    first = pd.PeriodIndex([pd.Period(str(year), "Y") for year in start])
    rows = pd.DataFrame({"event": "e", "first": first, "share": 1.0})
    return cells, rows.set_index(pd.Index([units[k] for k in chosen], name="unit"))


def seen_places(seed: int, *, treated: int, phi: float) -> Iterator[bool]:
    """Fit the panel; the true ratio is `EFFECT` in every treated place and year."""
    random = np.random.default_rng(seed)
    effect = panel_effect(*places(random, treated=treated, phi=phi, effect=EFFECT), leads=0)
    yield effect.low <= EFFECT <= effect.high


def seen_places_wild(seed: int, *, treated: int, phi: float) -> Iterator[bool]:
    """Do the same with a wild cluster bootstrap of the scores: 999 draws of signs by place."""
    random = np.random.default_rng(seed)
    cells, rows = places(random, treated=treated, phi=phi, effect=EFFECT)
    grid = PlaceGrid.of(cells, rows)
    under = np.arange(len(YEARS)) >= grid.start[:, None]
    away = grid.left_out(np.arange(262), under[None])[:, 0]
    away = away - away.mean()
    reach = np.quantile(np.abs(random.choice([-1, 1], (999, 262)) @ away), 0.95)
    estimate = grid.effects(grid.start[None], grid.partial[None])[0][0]
    yield abs(np.log(estimate / EFFECT)) <= reach


def placebo_of_places(seed: int, *, treated: int) -> float:
    """Return the placebo share where nothing happened, at places drawn like the others."""
    random = np.random.default_rng(seed)
    cells, rows = places(random, treated=treated, phi=1.5, effect=1.0)
    return placebo_p(placebo_places(cells, rows, draws=99, strata=1, seed=seed))


def placebo_of_countries(seed: int) -> float:
    """Return the rank of a country drawn like the others, where nothing happened."""
    random = np.random.default_rng(seed)
    common = np.cumsum(random.normal(0, 1, (14, 2)), axis=0)
    rates = 20 + common @ random.normal(0, 2, (2, 17)) + random.normal(0, 2, (14, 17))
    table = pd.DataFrame(rates, index=range(2000, 2014), columns=[f"c{k}" for k in range(17)])
    return synthetic_control(table, "c0", start=2012).placebo_p


SERIES: dict[str, dict[str, object]] = {
    "phi 4": {"phi": 4.0},
    "phi 10": {"phi": 10.0},
    "phi 4, follows 0.4": {"phi": 4.0, "rho": 0.4},
    "phi 4, follows 0.6": {"phi": 4.0, "rho": 0.6},
    "phi 1, wanders 0.4": {"phi": 1.0, "rho": 0.4, "sd": 0.15},
    "phi 1, wanders 0.4, gaps": {"phi": 1.0, "rho": 0.4, "sd": 0.15, "gaps": True},
    "phi 1, wanders 0.6": {"phi": 1.0, "rho": 0.6, "sd": 0.15},
    "phi 10, model": {"phi": 10.0, "errors": "model"},
    "phi 4, follows 0.4, model": {"phi": 4.0, "rho": 0.4, "errors": "model"},
    "phi 1, wanders 0.4, model": {"phi": 1.0, "rho": 0.4, "sd": 0.15, "errors": "model"},
    "phi 4, follows 0.4, hac": {"phi": 4.0, "rho": 0.4, "errors": "hac"},
}
COVERAGE: dict[str, tuple[Callable[..., Iterator[bool]], dict[str, object]]] = {
    "comparison, Poisson": (compared, {"phi": 1.0, "scaled": False}),
    "comparison, phi 2, not scaled": (compared, {"phi": 2.0, "scaled": False}),
    "comparison, phi 2, scaled": (compared, {"phi": 2.0, "scaled": True}),
    **{
        f"series, {term}, {name}": (seen_series, {**choices, "term": column})
        for name, choices in SERIES.items()
        for term, column in (("level", "level_start"), ("mean", "mean_change"))
        if term == "level" or choices.get("errors") != "hac"  # the mean has no such errors
    },
    "panel, 50 treated": (seen_places, {"treated": 50, "phi": 1.5}),
    "panel, 9 treated": (seen_places, {"treated": 9, "phi": 1.5}),
    "panel, 50 treated, wild": (seen_places_wild, {"treated": 50, "phi": 1.5}),
    "panel, 9 treated, wild": (seen_places_wild, {"treated": 9, "phi": 1.5}),
}  # fmt: skip
UNIFORM: dict[str, tuple[Callable[..., float], dict[str, object]]] = {
    "placebo dates": (placebo_of_dates, {}),
    "placebo places, 50": (placebo_of_places, {"treated": 50}),
    "placebo places, 9": (placebo_of_places, {"treated": 9}),
    "placebo countries": (placebo_of_countries, {}),
}


def main() -> None:
    """Run what was asked for and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    random = np.random.default_rng(0)
    for name, (draw, choices) in COVERAGE.items():
        if arguments.only and not any(word in name for word in arguments.only):
            continue
        began = time.perf_counter()
        held = [hit for seed in seeds for hit in draw(seed, **choices)]
        share, spread = np.mean(held), np.sqrt(np.mean(held) * (1 - np.mean(held)) / len(held))
        seconds = time.perf_counter() - began
        print(
            f"{name:44s} coverage {share:.3f} ± {1.96 * spread:.3f}  ({seconds:.0f} s)", flush=True
        )
    for name, (measure, choices) in UNIFORM.items():
        if arguments.only and not any(word in name for word in arguments.only):
            continue
        began = time.perf_counter()
        shares = np.array([measure(seed, **choices) for seed in seeds])
        # The shares are steps: a random part of a step makes them continuous.
        step = np.unique(np.diff(np.unique(shares))).min()
        smooth = shares - step * random.uniform(size=len(shares))
        seconds = time.perf_counter() - began
        print(
            f"{name:42s} uniform: KS p {kstest(smooth, 'uniform').pvalue:.2f}, "
            f"share <= 0.05: {(shares <= 0.05).mean():.3f}  ({seconds:.0f} s)",
            flush=True,
        )


if __name__ == "__main__":
    main()
