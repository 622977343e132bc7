"""Before and after, row by row: rate ratio, exact interval, p, and q over all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault, unknown
from territory.measures.exact import e_test_p, exact_p, ratio_interval, scaled_p, smallest_p
from territory.measures.power import detectable_ratios
from territory.measures.rates import (
    PER,
    Array,
    count_faults,
    exposure,
    level_faults,
    numbers,
    reliability,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

TESTS = ("exact", "e")
CHANGES = ("fell_firm", "fell", "same", "rose", "rose_firm", "too_few", "no_data")


def comparison(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    level: float = 0.95,
    fdr: float = 0.05,
    phi: float | pd.Series = 1.0,
    test: str = "exact",
    whole: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Compare two windows by any grouping.

    Parameters
    ----------
    before, after
        `totals` of the two windows, on the same index.
    level
        Coverage of the intervals; a row whose p is below ``1 - level`` fell or rose.
    fdr
        Share of false alarms allowed among the changes called firm.
    phi
        Over-dispersion (`territory.measures.dispersion`), one or one per row:
        intervals and p are widened by it. Below 1 it counts as 1.
    test
        Which p: ``exact`` (conditional, minimum likelihood) or ``e`` (E-test).
    whole
        `totals` of the whole place in both windows, one row each, against which
        each row's change is also measured; None = the sum of the rows.

    Returns
    -------
    DataFrame
        On the same index, named ``unit``: ``count_before``, ``count_after``,
        ``person_years_before``, ``person_years_after``, ``rate_before``,
        ``rate_after``, ``rate_difference`` (per 100,000 person-years),
        ``rate_ratio`` (after over before), ``ratio_low``, ``ratio_high``,
        ``p_value``, ``q_value`` (Benjamini and Hochberg), ``change``,
        ``reliability`` (of the two counts together); then ``phi``;
        ``q_value_any`` (Benjamini and Yekutieli, whatever the dependence);
        ``bound`` (the ratio inside the interval that is nearest to no change:
        rank by it, not by the ratio); ``relative_ratio``, ``relative_low``,
        ``relative_high`` (rate ratio over that of the whole place);
        ``detectable_fall``, ``detectable_rise`` (rate ratios that would have
        been seen four times in five).

        ``change`` is ``no_data`` where a count or an exposure is missing;
        ``too_few`` where no split of the total count between the windows could
        reach ``p < 1 - level``; else ``fell`` or ``rose`` where p does, with
        ``_firm`` where also ``q < fdr``; else ``same`` (cannot be told apart).

    Raises
    ------
    DataError
        For negative or fractional counts, negative exposures, unequal or
        repeated rows, an unknown `test`, a `phi` that is not above zero, or a
        `level` or `fdr` outside 0 to 1.

    Notes
    -----
    Given their sum N, the count after is binomial with share n₁r / (n₀ + n₁r)
    under rate ratio r. The test of r = 1 is exact, two-sided by minimum
    likelihood (`exact_p`); the interval is Clopper and Pearson's, which puts
    half of ``1 - level`` in each tail. The two may disagree at the margin: a
    p just below 0.05 beside an interval that just includes 1, or the reverse.

    Zero before: no ratio (missing); its lower bound stands, the upper is
    infinite. Zero after: ratio 0 with an upper bound. Both zero: no ratio, 0 to
    infinity, no p; nothing is known about the change. One-sided bounds use the
    same half of ``1 - level``, so that swapping the windows inverts them.

    A row is part of the whole that it is held against, so
    ``Var(log relative) = 1/y₀ - 1/Y₀ + 1/y₁ - 1/Y₁`` (capitals: the whole). The
    exact interval of the row's own ratio is narrowed in that proportion.
    """
    _demand_totals(before, after, level=level, fdr=fdr)
    if test not in TESTS:
        raise unknown("test", test, TESTS)
    y0, y1 = numbers(before["count"]), numbers(after["count"])
    n0, n1 = exposure(before["person_years"]), exposure(after["person_years"])
    with np.errstate(divide="ignore", invalid="ignore"):
        rate0, rate1 = y0 / n0 * PER, y1 / n1 * PER
        ratio = np.where(y0 > 0, rate1 / rate0, np.nan)
    scale = _scale(phi, before.index)
    low, high = ratio_interval(y0, y1, n0, n1, level=level, phi=scale)
    share = n1 / (n0 + n1)
    p = exact_p(y1, y0 + y1, share) if test == "exact" else e_test_p(y0, y1, n0, n1)
    p = scaled_p(p, scale)
    q = q_value(p)
    columns = {
        "count_before": y0,
        "count_after": y1,
        "person_years_before": numbers(before["person_years"]),
        "person_years_after": numbers(after["person_years"]),
        "rate_before": rate0,
        "rate_after": rate1,
        "rate_difference": rate1 - rate0,
        "rate_ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
        "p_value": p,
        "q_value": q,
    }
    table = pd.DataFrame(columns, index=before.index.rename("unit"))
    can_tell = scaled_p(smallest_p(y0 + y1, share), scale) < _alpha(level)
    table["change"] = _change(table, can_tell, alpha=_alpha(level), fdr=fdr)
    table["reliability"] = reliability(table["count_before"] + table["count_after"])
    table.loc[table["change"] == "no_data", "reliability"] = "none"
    return _with_context(table, scale, whole)


def ranked(table: pd.DataFrame, *, direction: str = "fell") -> pd.DataFrame:
    """Order a `comparison` by the end of the interval that is nearest to no change.

    A small place with a spectacular ratio and a wide interval does not come
    first; the place that surely changed most does.

    Parameters
    ----------
    table
        A `comparison`.
    direction
        ``fell`` puts first the row whose rate fell at least most, ``rose`` the
        one whose rate rose at least most.

    Returns
    -------
    DataFrame
        The rows with data and a change in that direction's order; ties by p.
    """
    if direction not in ("fell", "rose"):
        raise unknown("direction", direction, ("fell", "rose"))
    key = "ratio_high" if direction == "fell" else "ratio_low"
    known = table.dropna(subset=["p_value", key])
    return known.sort_values([key, "p_value"], ascending=[direction == "fell", True], kind="stable")


def q_value(p: Array, *, dependence: str = "positive") -> Array:
    """Return the smallest rate of false discoveries at which each p is a discovery.

    Benjamini and Hochberg's (1995), or for ``dependence="any"`` Benjamini and
    Yekutieli's (2001), which is ``sum(1/j)`` times as large. Rows without a p do
    not count.
    """
    q: Array = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    ranks = np.arange(1, len(known) + 1)
    order = known[np.argsort(p[known])]
    scaled = p[order] * len(order) / ranks * ((1 / ranks).sum() if dependence == "any" else 1)
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    np.clip(q, p, 1, out=q)  # rounding must not put q below p
    return q


def _with_context(
    table: pd.DataFrame, scale: Array, whole: tuple[pd.DataFrame, pd.DataFrame] | None
) -> pd.DataFrame:
    """Add what each row's change is to be read beside."""
    low, high = numbers(table["ratio_low"]), numbers(table["ratio_high"])
    table["phi"] = scale
    table["q_value_any"] = q_value(numbers(table["p_value"]), dependence="any")
    table["bound"] = np.select([high < 1, low > 1], [high, low], np.where(np.isnan(low), low, 1.0))
    table[["relative_ratio", "relative_low", "relative_high"]] = _relative(table, whole)
    exposures = exposure(table["person_years_after"]) / exposure(table["person_years_before"])
    fall, rise = detectable_ratios(numbers(table["count_before"]), exposures, phi=scale)
    return table.assign(detectable_fall=fall, detectable_rise=rise)


def _scale(phi: float | pd.Series, rows: pd.Index) -> Array:
    """Return the over-dispersion of each row, at least 1."""
    given = phi.reindex(rows) if isinstance(phi, pd.Series) else pd.Series(float(phi), index=rows)
    values = numbers(given.fillna(1.0))
    if not (values > 0).all() or np.isinf(values).any():
        bad = values[~(values > 0) | np.isinf(values)][0]
        raise DataError(Fault("not_a_dispersion", argument="phi", value=bad))
    return np.maximum(values, 1.0)


def _relative(
    table: pd.DataFrame, whole: tuple[pd.DataFrame, pd.DataFrame] | None
) -> NDArray[np.float64]:
    """Return each row's rate ratio over that of the whole place, and its limits."""
    columns = ["count_before", "count_after", "person_years_before", "person_years_after"]
    known = table[columns].where(table["rate_difference"].notna())
    if whole is None:
        total = known.sum(min_count=1).to_numpy(dtype=float)
    else:
        sides = [
            side[name].sum(min_count=1) for name in ("count", "person_years") for side in whole
        ]
        total = np.array(sides, dtype=float)
    y0, y1 = known["count_before"].to_numpy(), known["count_after"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        overall = (total[1] / total[3]) / (total[0] / total[2])
        own = 1 / y0 + 1 / y1
        shared = np.sqrt(np.maximum(1 - (1 / total[0] + 1 / total[1]) / own, 0))
        logs = np.log(table[["rate_ratio", "ratio_low", "ratio_high"]].to_numpy())
        ends = logs[:, :1] + (logs[:, 1:] - logs[:, :1]) * shared[:, None]
        # Without both counts there is no centre to narrow towards: the row's own limits stand.
        bare = ~((y0 > 0) & (y1 > 0))
        ends[bare] = logs[bare, 1:]
        relative: NDArray[np.float64] = np.exp(np.column_stack([logs[:, 0], ends])) / overall
    return relative


def _alpha(level: float) -> float:
    return round(1 - level, 12)


def _change(
    table: pd.DataFrame,
    can_tell: NDArray[np.bool_],
    *,
    alpha: float,
    fdr: float,
) -> NDArray[np.str_]:
    fell = table["rate_difference"] < 0
    clear = table["p_value"] < alpha
    firm = clear & (table["q_value"] < fdr)
    rules = [  # the first that holds decides
        ("no_data", table["rate_difference"].isna().to_numpy()),
        ("too_few", ~can_tell),
        ("fell_firm", (firm & fell).to_numpy()),
        ("rose_firm", (firm & ~fell).to_numpy()),
        ("fell", (clear & fell).to_numpy()),
        ("rose", (clear & ~fell).to_numpy()),
    ]
    return np.select([holds for _, holds in rules], [name for name, _ in rules], "same")


def _demand_totals(before: pd.DataFrame, after: pd.DataFrame, *, level: float, fdr: float) -> None:
    faults = level_faults(level) + level_faults(fdr, argument="fdr")
    if not before.index.equals(after.index):
        faults.append(Fault("unequal_rows", first="before", second="after"))
    if not before.index.is_unique:
        faults.append(Fault("repeated_rows", value=before.index[before.index.duplicated()][0]))
    for name, side in (("before", before), ("after", after)):
        faults += count_faults(side["count"], side["person_years"], argument=name)
    if faults:
        raise DataError(*faults)
