"""Polygon zones laid over units: who is reported on which share of each unit's ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.evidence.schema import DataError, Fault
from territory.measures.ground import members, pairs, polygons, project, united
from territory.measures.holders import DOMINANT_SHARE, SLIVER, UNNAMED, day_of

if TYPE_CHECKING:
    import datetime

    import geopandas
    from numpy.typing import NDArray

    from territory.measures.ground import Shapes


@dataclass(frozen=True, eq=False)
class Overlay:
    """What zones cover of each unit.

    Parameters
    ----------
    shares
        Index ``unit, actor``; columns ``area_km2``, ``share`` (of the unit's area),
        ``kind`` (``dominant`` or ``presence``), ``zones`` (tuple of names) and, where
        people were given, ``people`` and ``share_people``. Shares of one unit may sum to
        more than 1, as zones may overlap. Slivers are left out.
    units
        Every unit, in the order given; columns ``area_km2``, ``share_any`` (covered by
        any zone), ``share_disputed`` (by zones of two or more actors), ``holder`` (the
        dominant actor, else missing), ``disputed_by`` (tuple of the actors on disputed
        ground).
    left_out
        Index ``zone``; column ``reason``: ``undated``, ``later``, ``ended`` or
        ``elsewhere``.
    """

    shares: pd.DataFrame
    units: pd.DataFrame
    left_out: pd.DataFrame

    def claims(
        self, on: datetime.date | str, *, grade: str = "B", dominant_share: float = DOMINANT_SHARE
    ) -> pd.DataFrame:
        """Return the shares as claims of one day, for `holders`.

        One claim for each unit and actor; one of kind ``disputed`` where disputed ground
        is at least `dominant_share` of the unit.
        """
        day = pd.Timestamp(day_of(on))
        shares = self.shares.reset_index()
        ground = pd.DataFrame(
            {
                "unit": shares["unit"],
                "actors": [(actor,) for actor in shares["actor"]],
                "kind": shares["kind"],
                "value": shares["share"],
            }
        )
        wide = self.units[self.units["share_disputed"] >= dominant_share]
        disputed = pd.DataFrame(
            {
                "unit": wide.index,
                "actors": wide["disputed_by"].to_numpy(),
                "kind": "disputed",
                "value": wide["share_disputed"].to_numpy(),
            }
        )
        table = pd.concat([ground, disputed], ignore_index=True)
        names = [
            f"{u}-{k}-{'-'.join(a)}" for u, k, a in table[["unit", "kind", "actors"]].to_numpy()
        ]
        table.index = pd.Index(names, name="claim")
        return table.assign(
            start=day, end=day, grade=grade, display_tier="map", whole_unit=True
        ).astype({"value": float})


def overlay(
    zones: geopandas.GeoDataFrame,
    units: geopandas.GeoDataFrame,
    *,
    crs: str,
    on: datetime.date | str | None = None,
    people: geopandas.GeoDataFrame | None = None,
    sliver: float = SLIVER,
    dominant_share: float = DOMINANT_SHARE,
) -> Overlay:
    """Lay zones over units and return each actor's share of each unit.

    Parameters
    ----------
    zones
        Index ``zone``; columns ``actors`` (tuples), ``geometry``, and ``start`` and
        ``end`` where `on` is given. They may overlap. Ground of a zone that names several
        actors is ground of each of them, and disputed.
    units
        Index ``unit``; column ``geometry``.
    crs
        A projection in metres that suits the place.
    on
        Only zones in force that day; undated ones are left out and reported. None:
        every zone, whatever its dates.
    people
        Points or small polygons with a column ``population``: shares of the people of a
        unit too, those of a polygon spread evenly over it.
    sliver
        Shares below this are accidents of drawing and are dropped.
    dominant_share
        Least share of the unit for dominance.

    Returns
    -------
    Overlay
        The threshold rule: the actor with the largest share of a unit is dominant there,
        if it is named, that is at least `dominant_share` and no other has as much; all
        others are present.

    Raises
    ------
    DataError
        For shapes without a projection or in a wrong one, broken rings, empty shapes,
        `crs` not in metres, a row twice, zones that touch no unit at all.
    """
    chosen, left_out = (zones, {}) if on is None else _in_force(zones, on)
    projected = project(("zones", chosen), ("units", units), crs=crs)
    ground, land = (frame.geometry.to_numpy() for frame in projected)
    size = shapely.area(land)
    pieces = _pieces(ground, land)
    touched = set(pieces["zone"])
    left_out |= {chosen.index[z]: "elsewhere" for z in range(len(chosen)) if z not in touched}
    if len(chosen) and not touched:
        raise DataError(Fault("zones_elsewhere", argument="zones"))
    held = _held(pieces, chosen)
    held["share"] = held["area"] / size[held["unit"]]
    held = held[held["share"] >= sliver]
    table = _units(pieces, held, size)
    shares = _shares(held, units.index, dominant_share=dominant_share)
    if people is not None:
        shares = shares.assign(**_people(held, land, people, crs=crs))
    dominant = shares[shares["kind"] == "dominant"].reset_index().set_index("unit")["actor"]
    table.index = units.index.rename("unit")
    table.insert(3, "holder", dominant.reindex(table.index))
    reasons = pd.DataFrame({"reason": left_out}, dtype=object).rename_axis("zone")
    return Overlay(shares, table, reasons)


def _in_force(
    zones: geopandas.GeoDataFrame, on: datetime.date | str
) -> tuple[geopandas.GeoDataFrame, dict[object, str]]:
    """Return the zones in force on a day, and why the others are not."""
    day = pd.Timestamp(day_of(on))
    reason = pd.Series("", index=zones.index, dtype=object)
    reason[zones["end"] < day] = "ended"
    reason[zones["start"] > day] = "later"
    reason[zones["start"].isna()] = "undated"
    return zones[reason == ""], reason[reason != ""].to_dict()


def _pieces(ground: Shapes, land: Shapes) -> pd.DataFrame:
    """Return the part of each zone in each unit: positions, shape and area (m²)."""
    zone, unit = pairs(ground, land)
    shapes = ground[zone]
    # A zone that lies inside one unit is its own piece, and most of them do.
    crossing = np.bincount(zone, minlength=len(ground))[zone] > 1
    crossing |= ~shapely.covers(land[unit], shapes)
    shapes[crossing] = shapely.intersection(shapes[crossing], land[unit][crossing])
    shapes = polygons(shapes)
    area = shapely.area(shapes)
    pieces = pd.DataFrame({"zone": zone, "unit": unit, "shape": shapes, "area": area})
    return pieces[pieces["area"] > 0].reset_index(drop=True)


def _held(pieces: pd.DataFrame, zones: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return the ground of each actor in each unit, overlaps of its own zones counted once."""
    each = pieces.assign(actor=zones["actors"].to_numpy()[pieces["zone"]]).explode("actor")
    each = each.sort_values(["unit", "actor", "zone"], kind="stable")
    keys = each[["unit", "actor"]]
    new = (keys != keys.shift()).any(axis=1).to_numpy()
    group = np.cumsum(new) - 1
    shapes = united(each["shape"].to_numpy(), group, n=int(new.sum()))
    names, zone = zones.index.to_numpy(), each["zone"].to_numpy()
    held = keys[new].reset_index(drop=True)
    return held.assign(
        shape=shapes,
        area=shapely.area(shapes),
        zones=pd.Series([tuple(names[zone[part]]) for _, part in members(group)], dtype=object),
    )


def _units(pieces: pd.DataFrame, held: pd.DataFrame, size: NDArray[np.float64]) -> pd.DataFrame:
    """Return, for each unit, how much is covered at all and how much by two actors or more."""
    unit = pieces["unit"].to_numpy()
    covered = shapely.area(united(pieces["shape"].to_numpy(), unit, n=len(size)))
    named = held[held["actor"] != UNNAMED]  # a zone that names nobody may be one of the others
    total = np.bincount(named["unit"], weights=named["area"], minlength=len(size))
    shared = _shared(named[(total > covered * (1 + 1e-9))[named["unit"]]])
    common = united(shared["shape"].to_numpy(), shared["unit"].to_numpy(), n=len(size))
    wide = shared[shared["area"] >= SLIVER * size[shared["unit"]]]
    rivals: list[tuple[str, ...]] = [()] * len(size)
    who = wide[["actor", "other"]].to_numpy(dtype=object)
    for which, part in members(wide["unit"].to_numpy()):
        rivals[which] = tuple(sorted({*who[part].ravel()}))
    return pd.DataFrame(
        {
            "area_km2": size / 1e6,
            "share_any": np.minimum(covered / size, 1.0),
            "share_disputed": shapely.area(common) / size,
            "disputed_by": pd.Series(rivals, dtype=object),
        }
    )


def _shared(held: pd.DataFrame) -> pd.DataFrame:
    """Return the ground that each pair of actors shares in each unit: shape and area (m²)."""
    ground, actors, unit = (held[name].to_numpy() for name in ("shape", "actor", "unit"))
    one, other = shapely.STRtree(ground).query(ground)  # by boxes: the rest follows below
    pair = (one < other) & (unit[one] == unit[other])
    one, other = one[pair], other[pair]
    both = polygons(shapely.intersection(ground[one], ground[other]))
    table = {"unit": unit[one], "actor": actors[one], "other": actors[other], "shape": both}
    shared = pd.DataFrame(table).assign(area=shapely.area(both))
    return shared[shared["area"] > 0]


def _shares(held: pd.DataFrame, units: pd.Index, *, dominant_share: float) -> pd.DataFrame:
    """Name units, and say of each share whether it is dominance."""
    largest = held.groupby("unit")["share"].transform("max")
    first = np.isclose(held["share"], largest, rtol=1e-9, atol=0)
    alone = pd.Series(first, index=held.index).groupby(held["unit"]).transform("sum") == 1
    dominant = first & alone & (held["share"] >= dominant_share) & (held["actor"] != UNNAMED)
    table = pd.DataFrame(
        {
            "unit": units[held["unit"]],
            "actor": held["actor"].to_numpy(),
            "area_km2": held["area"].to_numpy() / 1e6,
            "share": held["share"].to_numpy(),
            "kind": np.where(dominant, "dominant", "presence"),
            "zones": held["zones"].to_numpy(),
        }
    )
    return table.set_index(["unit", "actor"])


def _people(
    held: pd.DataFrame, land: Shapes, people: geopandas.GeoDataFrame, *, crs: str
) -> dict[str, NDArray[np.float64]]:
    """Return the people on each actor's ground, and their share of the unit's people."""
    if "population" not in people:
        found = ", ".join(map(str, people.columns))
        raise DataError(Fault("missing_columns", file="people", columns="population", found=found))
    if people.crs is None:
        raise DataError(Fault("no_projection", argument="people"))
    cells, population = people.geometry.to_crs(crs).to_numpy(), people["population"].to_numpy(float)
    inside = _people_in(held["shape"].to_numpy(), cells, population)
    everyone = _people_in(land, cells, population)[held["unit"].to_numpy()]
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"people": inside, "share_people": inside / everyone}


def _people_in(
    ground: Shapes, cells: Shapes, population: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the people on each piece of ground; those of a polygon are spread evenly over it."""
    where, cell = pairs(ground, cells)
    part = np.ones(len(cell))
    flat = shapely.get_dimensions(cells[cell]) == 2
    both = shapely.intersection(ground[where][flat], cells[cell][flat])
    part[flat] = shapely.area(both) / shapely.area(cells[cell][flat])
    counted: NDArray[np.float64] = np.zeros(len(ground))
    np.add.at(counted, where, part * population[cell])
    return counted
