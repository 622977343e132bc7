"""Units by periods as arrays, on which a treatment is moved to other places many times at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.measures.effects.treatment import MOST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.measures.rates import Array

# Groups of like size within which places change; fewest units to a side of a comparison.
STRATA, FEWEST = 4, 5


@dataclass(frozen=True, eq=False)
class PlaceGrid:
    """Counts and person-years of units by periods, and the real starts.

    Parameters
    ----------
    count, person_years
        Units by periods; 0 where not observed.
    start
        Position of each unit's first treated period; number of periods = never.
    partial
        Whether less than half of that period was treated.
    horizon
        Last number of periods after the start that counts.
    """

    count: Array
    person_years: Array
    start: NDArray[np.int64]
    partial: NDArray[np.bool_]
    horizon: int

    @classmethod
    def of(
        cls, cells: pd.DataFrame, treated: pd.DataFrame, *, horizon: int | None = None
    ) -> PlaceGrid:
        """Make the arrays of a panel and a treatment."""
        observed = cells.where(cells.notna().all(axis=1) & (cells["person_years"] > 0))
        count = observed["count"].astype(float).unstack("period").sort_index(axis=1)
        years = observed["person_years"].astype(float).unstack("period").sort_index(axis=1)
        periods = pd.PeriodIndex(count.columns)
        first = treated["first"].reindex(count.index)
        ours = first.notna().to_numpy()
        start = np.full(len(count), len(periods))
        start[ours] = pd.PeriodIndex(first[ours]).asi8 - periods[0].ordinal
        share = treated["share"].reindex(count.index).to_numpy(dtype=float, na_value=np.nan)
        return cls(
            count.fillna(0).to_numpy(),
            years.fillna(0).to_numpy(),
            start,
            share < MOST,
            len(periods) if horizon is None else horizon,
        )

    def drawn(
        self, draws: int, *, strata: int, seed: int
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return starts, draws by units: the real ones first, then shuffled within strata."""
        random = np.random.default_rng(seed)
        stratum = self._strata(strata)
        order = np.tile(np.arange(len(stratum)), (draws + 1, 1))
        for group in range(strata):
            members = np.flatnonzero(stratum == group)
            for draw in range(1, draws + 1):
                order[draw, members] = random.permutation(members)
        return self.start[order], self.partial[order]

    def shared(self, start: NDArray[np.int64]) -> Array:
        """Return, for each draw, the share of its treated units that are treated in truth."""
        never = self.count.shape[1]
        found: Array = (start[:, self.start < never] < never).mean(axis=1)
        return found

    def alike(self, *, strata: int = STRATA) -> float:
        """Return observed over expected of never treated units as large as the treated ones.

        As if the groups of size from which most treated units come had been treated at the
        first start, against the smaller and larger ones, without any unit truly treated.
        Missing where one side has fewer than five units.
        """
        never = self.count.shape[1]
        stratum, treated = self._strata(strata), self.start < never
        usual = np.bincount(stratum[treated], minlength=strata) > treated.sum() / strata
        ours, others = (side & ~treated for side in (usual[stratum], ~usual[stratum]))
        if min(ours.sum(), others.sum()) < FEWEST:
            return float("nan")
        after = np.arange(never) >= self.start.min()
        seen = self.person_years > 0
        untreated = seen & (others[:, None] | ours[:, None] & ~after)
        expected = _expected(self.count, self.person_years, untreated[None])[0]
        whole = seen & ours[:, None] & after
        return float(self.count[whole].sum() / expected[whole].sum())

    def _strata(self, strata: int) -> NDArray[np.int64]:
        """Return the group of size of each unit, from 0: equally many units a group."""
        size = self.person_years.sum(axis=1)
        found: NDArray[np.int64] = np.argsort(np.argsort(size)) * strata // len(size)
        return found

    def left_out(self, cluster: NDArray[np.intp], groups: NDArray[np.bool_]) -> Array:
        """Return the logarithm of observed over expected when each cluster is left out.

        Parameters
        ----------
        cluster
            Number of each unit's cluster, from 0.
        groups
            Groups by units by periods: which treated cells each ratio is about.

        Returns
        -------
        array
            Clusters by groups; missing where nothing is left.
        """
        kept = cluster[None, :] != np.arange(cluster.max() + 1)[:, None]
        since = np.arange(self.count.shape[1]) - self.start[:, None]
        untreated = (since < 0) & (self.person_years > 0) & kept[:, :, None]
        expected = _expected(self.count, self.person_years, untreated)
        whole = groups[None] & kept[:, None, :, None]
        observed = np.einsum("ut,cgut->cg", self.count, whole)
        total = np.einsum("cut,cgut->cg", expected, whole)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs: Array = np.log(observed / total)
        return np.where(np.isfinite(logs), logs, np.nan)

    def effects(self, start: NDArray[np.int64], partial: NDArray[np.bool_]) -> tuple[Array, Array]:
        """Return observed over expected of each draw, and its logarithm over its spread."""
        time = np.arange(self.count.shape[1])
        since = time - start[:, :, None]
        seen = self.person_years > 0
        untreated = (since < 0) & seen
        whole = ((since > 0) | ((since == 0) & ~partial[:, :, None])) & (since <= self.horizon)
        expected = _expected(self.count, self.person_years, untreated)
        whole &= seen & (expected > 0)
        observed_unit = (self.count * whole).sum(axis=2)
        expected_unit = (expected * whole).sum(axis=2)
        observed, total = observed_unit.sum(axis=1), expected_unit.sum(axis=1)
        ratio = np.maximum(observed, 0.5) / total
        units = (expected_unit > 0).sum(axis=1)
        residual = observed_unit - ratio[:, None] * expected_unit
        spread = np.sqrt((residual**2).sum(axis=1) * units / np.maximum(units - 1, 1))
        return ratio, np.log(ratio) * np.maximum(observed, 0.5) / spread


def _expected(count: Array, years: Array, untreated: NDArray[np.bool_]) -> Array:
    """Return the expected counts of all cells from the untreated ones: unit by period effects.

    Iterative proportional fitting, which is the maximum-likelihood fit of a Poisson law
    with two sets of effects.
    """
    exposed = years * untreated
    by_unit, by_time = (count * untreated).sum(axis=2), (count * untreated).sum(axis=1)
    time = np.ones(by_time.shape)
    for _ in range(500):
        rate = by_unit / np.maximum(np.einsum("kut,kt->ku", exposed, time), 1e-300)
        new = by_time / np.maximum(np.einsum("kut,ku->kt", exposed, rate), 1e-300)
        settled = np.abs(new - time).max() < 1e-7 * max(np.abs(new).max(), 1e-300)
        time = new
        if settled:
            break
    expected: Array = rate[:, :, None] * time[:, None, :] * years
    return expected
