"""Whether a result by reported territory survives errors in the reports: repeat it, show the range.

Each *variant* is another grouping of the same units (`territory.measures.variants`). Chance is in
the interval of a rate, not in these bands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault
from territory.measures.panel import totals
from territory.measures.rates import PER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def rate_band(
    cells: pd.DataFrame, groups: pd.Series, variants: Mapping[str, pd.Series]
) -> pd.DataFrame:
    """Return the rate of each group, and its range over all variants.

    Parameters
    ----------
    cells
        A `territory.measures.panel.panel`.
    groups
        Unit to group, as found; a unit without a group has none in any variant.
    variants
        Other groupings of the same units; one that lacks a unit leaves it as found.

    Returns
    -------
    frame
        Index ``group`` (those of `groups`); ``rate`` per 100,000 person-years, ``band_low``
        and ``band_high`` (least and greatest, the rate as found included), ``units``,
        ``units_low``, ``units_high``, ``variants`` (in how many the group occurs). The
        band covers only variants in which the group has a rate.
    """
    return _band(_rates(cells, _all(groups, variants)), "rate", groups)


def ratio_band(
    before: pd.DataFrame,
    after: pd.DataFrame,
    groups: pd.Series,
    variants: Mapping[str, pd.Series],
) -> pd.DataFrame:
    """Return the rate ratio (after over before) of each group, and its range over all variants.

    Parameters
    ----------
    before, after
        Panels of two windows.
    groups, variants
        As in `rate_band`.

    Returns
    -------
    frame
        As `rate_band`, with ``rate_ratio`` in place of ``rate``.
    """
    found = _all(groups, variants)
    first, second = _rates(before, found), _rates(after, found)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (second["rate"] / first["rate"]).replace(np.inf, np.nan)
    return _band(first.assign(rate_ratio=ratio), "rate_ratio", groups)


def _all(groups: pd.Series, variants: Mapping[str, pd.Series]) -> list[pd.Series]:
    """Return the groups as found and those of each variant; equal ones are kept once."""
    if not groups.index.is_unique:
        twice = groups.index[groups.index.duplicated()][0]
        raise DataError(Fault("unit_in_two_groups", value=twice))
    others = [
        variant.reindex(groups.index).fillna(groups).where(groups.notna())
        for variant in variants.values()
    ]
    found = [groups, *others]
    return list({tuple(one.fillna("")): one for one in found}.values())


def _rates(cells: pd.DataFrame, found: Sequence[pd.Series]) -> pd.DataFrame:
    """Return rates and numbers of units, index ``variant, group``; one sum for all variants."""
    copies = pd.concat(dict(enumerate([cells] * len(found))))
    variant, unit = (copies.index.get_level_values(level) for level in (0, "unit"))
    keys = pd.MultiIndex.from_arrays([variant, unit]).to_flat_index()
    copies.index = pd.MultiIndex.from_arrays(
        [keys, copies.index.get_level_values("period")], names=["unit", "period"]
    )
    every = pd.concat(dict(enumerate(found)))
    labels = list(zip(every.index.get_level_values(0), every, strict=True))
    groups = pd.Series(labels, index=every.index.to_flat_index(), dtype=object)
    sums = totals(copies, groups.where(every.notna().to_numpy()))
    sums.index = pd.MultiIndex.from_tuples(sums.index, names=["variant", "group"])
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = (sums["count"] / sums["person_years"] * PER).replace(np.inf, np.nan)
    return pd.DataFrame({"rate": rate, "units": sums["units"]})


def _band(table: pd.DataFrame, measure: str, groups: pd.Series) -> pd.DataFrame:
    order = pd.Index(groups.dropna().unique(), name="group")
    values = table[measure].unstack("variant").reindex(order)
    units = table["units"].unstack("variant").reindex(order)
    return pd.DataFrame(
        {
            measure: values[0],
            "band_low": values.min(axis=1),
            "band_high": values.max(axis=1),
            "units": units[0].astype(int),
            "units_low": units.fillna(0).min(axis=1).astype(int),
            "units_high": units.max(axis=1).astype(int),
            "variants": units.notna().sum(axis=1),
        }
    )
