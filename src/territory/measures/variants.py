"""Other groupings of the same units, as errors in the reports would make them.

Three kinds of error: a report of grade C that is wrong, another time for which ended reports are
carried, and boundaries drawn elsewhere. `territory.measures.robustness` repeats a result over them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from territory.evidence.schema import unknown
from territory.measures.holders import DOMINANT_SHARE, KINDS, UNNAMED, holders
from territory.measures.overlay import overlay
from territory.measures.reported import holder_groups

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import geopandas

    Day = datetime.date | str

#: What may be wrong with a report of grade C.
FATES = ("kept", "left_out", "other_actor", "other_date", "other_place")
#: A date of grade C may be this many days off, either way.
_MOST_DAYS = 365
_GROUPS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "status": lambda frame: frame["status"],
    "holder": holder_groups,
}


def carry_variants(
    claims: pd.DataFrame,
    codes: Iterable[str],
    *,
    on: Day,
    carries: Sequence[float],
    by: str = "status",
    actors: pd.DataFrame | None = None,
    dominant_share: float = DOMINANT_SHARE,
) -> dict[str, pd.Series]:
    """Return the groups of units when reports are carried for other times past their end.

    Parameters
    ----------
    claims, codes, on, actors, dominant_share
        As `territory.measures.holders.holders` takes them.
    carries
        Years, one variant each.
    by
        ``status`` or ``holder``.

    Returns
    -------
    variants
        Name (``carry 2``) to a series of groups, index ``unit``.

    Raises
    ------
    DataError
        For an unknown `by`, or a carry below zero.
    """
    group, units = _grouper(by), list(codes)
    rule: dict[str, Any] = {"on": on, "actors": actors, "dominant_share": dominant_share}
    return {
        f"carry {years:g}": group(holders(claims, units, carry_years=years, **rule))
        for years in carries
    }


def grade_variants(
    claims: pd.DataFrame,
    codes: Iterable[str],
    *,
    on: Day,
    draws: int = 30,
    seed: int = 0,
    neighbours: Mapping[str, Sequence[str]] | None = None,
    by: str = "status",
    **rule: Any,
) -> dict[str, pd.Series]:
    """Return the groups of units when reports of grade C are wrong, drawn at random.

    In each draw every report of grade C that could make a status meets one of `FATES`,
    all alike likely: it is kept, left out, given to another actor that reports name,
    moved by up to a year, or moved to a neighbouring unit. One more variant leaves
    all of them out.

    Parameters
    ----------
    claims, codes, on
        As `territory.measures.holders.holders` takes them.
    draws, seed
        How many, and where the random numbers start: the same seed, the same draws.
    neighbours
        Units beside each unit; without it, or for a unit without any, no report moves.
    by
        ``status`` or ``holder``.
    rule
        ``actors``, ``carry_years``, ``dominant_share``, as in `holders`.

    Returns
    -------
    variants
        Name (``without C``, ``draw 1``) to a series of groups; none where no report of
        grade C could make a status.
    """
    group, units = _grouper(by), list(codes)
    counted = claims[claims["kind"].isin(KINDS) & claims["whole_unit"]]
    doubtful = counted["grade"] == "C"
    if not doubtful.any():
        return {}
    found = group(holders(counted[~doubtful], units, on=on, **rule))
    variants = {"without C": found}
    # All draws at once: each has its own copy of the units that a doubtful report touches.
    copies = _redrawn(counted, doubtful, np.random.default_rng(seed), neighbours or {}, draws)
    touched = sorted({unit for _, unit in copies["unit"]} & set(units))
    keys = pd.MultiIndex.from_product([range(draws), touched]).to_flat_index()
    drawn = group(holders(copies, keys, on=on, **rule))
    for draw in range(draws):
        part = drawn.iloc[draw * len(touched) : (draw + 1) * len(touched)]
        variants[f"draw {draw + 1}"] = found.copy()
        variants[f"draw {draw + 1}"][touched] = part.to_numpy()
    return variants


def boundary_variants(
    zones: geopandas.GeoDataFrame,
    units: geopandas.GeoDataFrame,
    *,
    on: Day,
    crs: str,
    distances: Sequence[float] = (-100.0, 100.0),
    by: str = "status",
    actors: pd.DataFrame | None = None,
    dominant_share: float = DOMINANT_SHARE,
) -> dict[str, pd.Series]:
    """Return the groups of units when every zone is drawn larger or smaller.

    Parameters
    ----------
    zones, units, crs
        As `territory.measures.overlay.overlay` takes them.
    on
        The day; undated zones are left out.
    distances
        Metres, one variant each; negative draws zones smaller. A zone that vanishes
        is gone.
    by, actors, dominant_share
        As in `carry_variants`.

    Returns
    -------
    variants
        Name (``buffer -100 m``) to a series of groups.
    """
    group = _grouper(by)
    found = {}
    for distance in distances:
        moved = zones.to_crs(crs)
        shapes = shapely.buffer(moved.geometry.to_numpy(), distance)
        moved = moved.set_geometry(shapes, crs=crs)[~shapely.is_empty(shapes)]
        laid = overlay(moved, units, crs=crs, on=on, dominant_share=dominant_share)
        claims = laid.claims(on, dominant_share=dominant_share)
        frame = holders(
            claims, units.index, on=on, actors=actors, carry_years=0, dominant_share=dominant_share
        )
        found[f"buffer {distance:+g} m"] = group(frame)
    return found


def _grouper(by: str) -> Callable[[pd.DataFrame], pd.Series]:
    if by not in _GROUPS:
        raise unknown("by", by, _GROUPS)
    return _GROUPS[by]


def _redrawn(
    claims: pd.DataFrame,
    doubtful: pd.Series,
    rng: np.random.Generator,
    neighbours: Mapping[str, Sequence[str]],
    draws: int,
) -> pd.DataFrame:
    """Return a copy of the claims for each draw, units as pairs of draw and unit.

    Only claims on units that a doubtful one is about, or may move to.
    """
    own = set(claims.loc[doubtful, "unit"])
    touched = own | {unit for one in own for unit in neighbours.get(str(one), ())}
    part = claims[claims["unit"].isin(touched)]
    named = [who for actors in claims["actors"] for who in actors if who != UNNAMED]
    table = part.iloc[np.tile(np.arange(len(part)), draws)].reset_index(drop=True)
    wrong = np.tile(doubtful[part.index].to_numpy(), draws)
    fates = np.where(wrong, rng.choice(FATES, size=len(table)), "kept")
    days = rng.integers(-_MOST_DAYS, _MOST_DAYS + 1, size=len(table))
    moved = pd.to_timedelta(np.where(fates == "other_date", days, 0), unit="D")
    units, actors = list(table["unit"]), list(table["actors"])
    rivals = {own: [who for who in named if who not in own] for own in set(part["actors"])}
    for row in np.flatnonzero(fates == "other_actor"):
        others = rivals[actors[row]]
        actors[row] = (others[rng.integers(len(others))],) if others else actors[row]
    for row in np.flatnonzero(fates == "other_place"):
        beside = neighbours.get(str(units[row]), ())
        units[row] = beside[int(rng.integers(len(beside)))] if len(beside) else units[row]
    draw = np.repeat(np.arange(draws), len(part))
    table["unit"] = pd.Series(list(zip(draw.tolist(), units, strict=True)), dtype=object)
    table["actors"] = pd.Series(actors, dtype=object)
    table = table.assign(start=table["start"] + moved, end=table["end"] + moved)
    kept: pd.DataFrame = table.loc[fates != "left_out"]
    return kept
