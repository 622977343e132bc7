"""Borders between the ground of different actors: how long, between whom, and who touches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.measures.ground import pairs, project, united

if TYPE_CHECKING:
    import geopandas

    from territory.measures.ground import Shapes

# Shorter common lines are corners, or the noise of drawing (metres).
SHORTEST = 1.0


def unit_borders(
    units: geopandas.GeoDataFrame, holder: pd.Series, *, crs: str
) -> geopandas.GeoDataFrame:
    """Return the borders between neighbouring units that different actors hold.

    Parameters
    ----------
    units
        Index ``unit``; column ``geometry``. Neighbours share their edges.
    holder
        Unit to actor; a unit without one has no border with anybody.
    crs
        A projection in metres that suits the place.

    Returns
    -------
    frame
        One row for each pair of units; columns ``unit_a``, ``unit_b``, ``actor_a``,
        ``actor_b`` (in alphabetical order), ``length_km``, ``geometry`` (lines, in `crs`).

    Raises
    ------
    DataError
        For shapes without a projection, `crs` not in metres, broken or empty shapes.
    """
    (frame,) = project(("units", units), crs=crs)
    actor = holder.reindex(units.index)
    held = frame[actor.notna()]
    who, names = actor.dropna().to_numpy(dtype=object), held.index.to_numpy()
    edges = shapely.boundary(held.geometry.to_numpy())
    one, other = pairs(edges, edges)
    wanted = (one != other) & (who[one] < who[other])
    one, other = one[wanted], other[wanted]
    lines = _lines(shapely.intersection(edges[one], edges[other]))
    return _table(
        {
            "unit_a": names[one],
            "unit_b": names[other],
            "actor_a": who[one],
            "actor_b": who[other],
            "length_km": shapely.length(lines) / 1000,
        },
        lines,
        frame.crs,
    )


def zone_borders(
    zones: geopandas.GeoDataFrame, *, crs: str, gap: float = 50.0
) -> geopandas.GeoDataFrame:
    """Return the borders between polygon zones of different actors.

    Parameters
    ----------
    zones
        Index ``zone``; columns ``actors`` (tuples), ``geometry``.
    crs
        A projection in metres that suits the place.
    gap
        Zones that leave at most so many metres between them share a border: a street
        seldom belongs to either.

    Returns
    -------
    frame
        One row for each pair of actors; columns ``actor_a``, ``actor_b``, ``length_km``,
        ``geometry`` (lines, in `crs`). The border is the edge of one actor's ground that
        lies within `gap` of the other's and not inside it, as ground of both is
        disputed, no border; its length is the mean of both sides.

    Raises
    ------
    DataError
        As `unit_borders`.
    """
    (frame,) = project(("zones", zones), crs=crs)
    each = frame[["actors", "geometry"]].explode("actors")
    actors, who = np.unique(each["actors"].to_numpy(dtype=str), return_inverse=True)
    ground = united(each.geometry.to_numpy(), who, n=len(actors))
    wide = shapely.buffer(ground, gap)
    one, other = pairs(wide, ground)
    near = one < other
    one, other = one[near], other[near]
    first = _edge(ground[one], ground[other], wide[other])
    second = _edge(ground[other], ground[one], wide[one])
    length = (shapely.length(first) + shapely.length(second)) / 2000
    columns = {"actor_a": actors[one], "actor_b": actors[other], "length_km": length}
    return _table(columns, first, frame.crs)


def border_lengths(borders: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return the length of border between each pair of actors.

    Returns
    -------
    frame
        Index ``actor_a, actor_b``; columns ``length_km`` and ``borders`` (how many).
    """
    grouped = pd.DataFrame(borders).groupby(["actor_a", "actor_b"])["length_km"]
    return pd.DataFrame({"length_km": grouped.sum(), "borders": grouped.size()})


def border_contact(
    units: geopandas.GeoDataFrame, borders: geopandas.GeoDataFrame, *, crs: str
) -> pd.DataFrame:
    """Return which units touch a border, and how far the others are from the nearest.

    Parameters
    ----------
    units
        Index ``unit``; column ``geometry``.
    borders
        Of `unit_borders` or `zone_borders`.
    crs
        A projection in metres that suits the place.

    Returns
    -------
    frame
        Index ``unit``, in the order given; columns ``contact`` (whether a border of some
        length runs along the unit or through it), ``length_km`` (of it, on or in the
        unit), ``distance_km`` (from the unit to the nearest border: 0 where they touch;
        missing where there is no border at all).
    """
    (frame,) = project(("units", units), crs=crs)
    land = frame.geometry.to_numpy()
    lines = borders.geometry.to_crs(frame.crs).to_numpy()
    index = units.index.rename("unit")
    if not len(lines):
        nothing = {"contact": False, "length_km": 0.0, "distance_km": np.nan}
        return pd.DataFrame(nothing, index=index)
    unit, line = pairs(land, lines)
    on_it = shapely.length(_lines(shapely.intersection(land[unit], lines[line])))
    length = np.bincount(unit, weights=on_it, minlength=len(land))
    nearest, distance = shapely.STRtree(lines).query_nearest(
        land, all_matches=False, return_distance=True
    )
    away = pd.Series(distance / 1000, index=nearest[0]).reindex(range(len(land)))
    return pd.DataFrame(
        {
            "contact": length >= SHORTEST,
            "length_km": length / 1000,
            "distance_km": away.to_numpy(),
        },
        index=index,
    )


def _edge(mine: Shapes, theirs: Shapes, near: Shapes) -> Shapes:
    """Return the part of some grounds' edges that lies near others and not inside them."""
    close = shapely.intersection(shapely.boundary(mine), near)
    outside = _lines(shapely.difference(close, theirs))
    # What runs exactly along the other's edge is border too, though not outside of it.
    along = _lines(shapely.intersection(close, shapely.boundary(theirs)))
    return _lines(shapely.union(outside, along))


def _lines(shapes: Shapes) -> Shapes:
    """Keep the lines of mixed intersections; points where corners meet are no border."""
    kept = np.array(shapes, dtype=object)
    for position, shape in enumerate(shapes):
        parts = shapely.get_parts(shape)
        lines = parts[shapely.get_dimensions(parts) == 1]
        kept[position] = shapely.line_merge(shapely.multilinestrings(lines))
    return kept


def _table(columns: dict[str, object], lines: Shapes, crs: object) -> geopandas.GeoDataFrame:
    import geopandas

    frame = geopandas.GeoDataFrame(columns, geometry=lines, crs=crs)
    order = [name for name in columns if name != "length_km"]
    long_enough = frame[frame["length_km"] * 1000 >= SHORTEST]
    return long_enough.sort_values(order, kind="stable").reset_index(drop=True)
