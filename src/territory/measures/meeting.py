"""Where the grounds of different actors meet, unit by unit: on a border, near one, far from any.

Units are the ground here. For polygons see `territory.measures.borders.zone_borders`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from territory.evidence.schema import DataError, Fault
from territory.measures.borders import unit_borders
from territory.measures.holders import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas

#: Nearest first; every unit is in one of them.
MEETING = ("disputed", "contact", "near", "far", "no_evidence")


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Units of a place and every line along which two of them meet, whoever holds them.

    Parameters
    ----------
    units
        Index ``unit``; column ``geometry``, in a projection in metres.
    lines
        Columns ``unit_a``, ``unit_b``, ``length_km``, ``geometry``, in the same projection.
    """

    units: geopandas.GeoDataFrame
    lines: geopandas.GeoDataFrame

    @classmethod
    def of(cls, units: geopandas.GeoDataFrame, *, crs: str) -> Neighbours:
        """Find the lines, once for all days, in a projection in metres that suits the place.

        Raises
        ------
        DataError
            As `territory.measures.borders.unit_borders`.
        """
        named = pd.Series(units.index.astype(str), index=units.index)
        lines = unit_borders(units, named, crs=crs)
        return cls(units.to_crs(crs), lines[["unit_a", "unit_b", "length_km", "geometry"]])

    def borders(
        self, held: pd.Series, parents: Mapping[str, str] | None = None
    ) -> geopandas.GeoDataFrame:
        """Return the lines between units that different actors hold.

        Parameters
        ----------
        held
            Of `territory.measures.reported.holder_groups`: unit to dominant actor, or to its
            status where no one actor is dominant.
        parents
            Actor to the actor that it is a part of: a whole has no border with its part.

        Returns
        -------
        frame
            The rows of `lines` that are borders, with ``actor_a`` and ``actor_b``.
        """
        actor = {unit: who for unit, who in held.items() if who not in STATUSES}
        pairs = [
            (actor.get(one), actor.get(other))
            for one, other in zip(self.lines["unit_a"], self.lines["unit_b"], strict=True)
        ]
        apart = [_apart(one, other, parents or {}) for one, other in pairs]
        names = pd.DataFrame(pairs, index=self.lines.index, columns=["actor_a", "actor_b"])
        return self.lines[apart].join(names)

    def groups(
        self,
        held: pd.Series,
        *,
        near_km: float,
        parents: Mapping[str, str] | None = None,
    ) -> pd.Series:
        """Return where each unit lies to the borders between actors' grounds.

        Parameters
        ----------
        held, parents
            As in `borders`.
        near_km
            How far from the unit's edge a border may be and still be near.

        Returns
        -------
        series
            Index ``unit``, in the order of `held`: ``disputed`` (the unit itself is reported
            as contested), ``contact`` (a border runs along it), ``near``, ``far`` (there is
            evidence, and no border within `near_km`), ``no_evidence`` (no status, wherever
            it lies).

        Raises
        ------
        DataError
            When `near_km` is not above zero.
        """
        if not near_km > 0:
            raise DataError(Fault("bad_distance", argument="near_km", value=near_km))
        borders = self.borders(held, parents)
        close = _close(self, near_km)
        near = close.loc[close["line"].isin(borders.index), "unit"]
        units = set(held.index)
        group = pd.Series("far", index=held.index, name="group", dtype=object)
        group[list(set(near) & units)] = "near"
        group[list({*borders["unit_a"], *borders["unit_b"]} & units)] = "contact"
        group = group.mask(held == "contested", "disputed")
        return group.mask(held == "no_data", "no_evidence")


@lru_cache(maxsize=16)
def _close(place: Neighbours, near_km: float) -> pd.DataFrame:
    """Return the pairs of ``unit`` and ``line`` that are at most so far apart."""
    tree = shapely.STRtree(place.lines.geometry.to_numpy())
    unit, line = tree.query(
        place.units.geometry.to_numpy(), predicate="dwithin", distance=near_km * 1000
    )
    return pd.DataFrame({"unit": place.units.index[unit], "line": place.lines.index[line]})


def _apart(one: str | None, other: str | None, parents: Mapping[str, str]) -> bool:
    """Tell whether two units have holders, and neither holder is the other or a part of it."""
    if one is None or other is None or one == other:
        return False
    return one not in _above(other, parents) and other not in _above(one, parents)


def _above(actor: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """Return the actors that an actor is a part of, the nearest first."""
    found: list[str] = []
    while (actor := parents.get(actor, "")) and actor not in found:
        found.append(actor)
    return tuple(found)
