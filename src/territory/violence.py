"""Violence by reported territory: rates and changes, each with its interval and its band.

The interval is chance. The band is what becomes of the value when reports are wrong: the same
sum over other groupings of the same units.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import shapely

from territory import reporting
from territory.measures.holders import GRADES
from territory.measures.meeting import MEETING
from territory.measures.reported import (
    Coverage,
    coverage,
    holder_groups,
    intervention_groups,
)
from territory.measures.robustness import rate_band, ratio_band
from territory.measures.variants import carry_variants, grade_variants

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Selection
    from territory.comparing import Comparison
    from territory.evidence.periods import Window
    from territory.study import Study

BY = ("status", "holder", "border", "intervention")
#: How often reports of grade C are drawn anew, and for how many years they may be carried.
DRAWS = 30
CARRIES = (0, 1, 2, 3, 5)
_BAND = ["units", "band_low", "band_high", "variants"]


def groupings(study: Study) -> tuple[str, ...]:
    """Return by what violence can be told apart: those of `BY` that the study has."""
    return tuple(by for by in BY if by in study.groupings)


def dated(by: str, on: str) -> str:
    """Return a grouping with its day, where it depends on one."""
    return by if by == "intervention" else f"{by}@{on}"


def rates(study: Study, selection: Selection, *, by: str, on: str) -> pd.DataFrame:
    """Return rates of the selection's period by reported territory on a day.

    Parameters
    ----------
    selection
        Outcome, institution, population and ``period``; its ``by`` and ``on`` do not count.
    by
        One of `BY`.
    on
        The day of the reports.

    Returns
    -------
    frame
        As `Study.rates`, then ``units`` (how many), ``band_low`` and ``band_high``
        (least and greatest rate over all variants), ``variants``; most people first, by border from
        the border outwards.
    """
    table = study.rates(
        selection.period,
        by=dated(by, on),
        outcome=selection.outcome,
        institution=selection.institution,
        population=selection.population,
        lang=selection.lang,
    )
    cells = _cells(study, selection, selection.period)
    band = rate_band(cells, study.grouping(dated(by, on)), variants(study, by, on))
    return _ordered(table.join(band[_BAND]), by, "person_years")


def changes(
    study: Study, selection: Selection, *, by: str, on: str
) -> tuple[Comparison, pd.DataFrame]:
    """Return the comparison of the selection's windows by reported territory on a day.

    Returns
    -------
    comparison
        As `Study.compare`.
    table
        Its table with names in the selection's language, then as in `rates`, the band
        being that of the rate ratio.
    """
    comparison = study.compare(
        selection.before,
        selection.after,
        by=dated(by, on),
        outcome=selection.outcome,
        institution=selection.institution,
        population=selection.population,
    )
    before, after = (_cells(study, selection, text) for text in (selection.before, selection.after))
    band = ratio_band(before, after, study.grouping(dated(by, on)), variants(study, by, on))
    table = comparison.named(selection.lang).join(band[_BAND])
    return comparison, _ordered(table, by, "person_years_before")


def _ordered(table: pd.DataFrame, by: str, people: str) -> pd.DataFrame:
    """Put first the groups with most people; those by border from the border outwards."""
    if by == "border":
        return table.reindex([group for group in MEETING if group in table.index])
    return table.sort_values(people, ascending=False)


class Borders(NamedTuple):
    """How much border there is between the grounds of actors on a day.

    Parameters
    ----------
    borders, pairs
        Lines between two units; pairs of actors.
    length_km
        Of all lines.
    """

    borders: int
    pairs: int
    length_km: float


def borders(study: Study, on: str) -> Borders:
    """Return how much border there is between the grounds of actors on a day."""
    found = study.neighbours.borders(holder_groups(study.holders(on)), study.parents)
    pairs = {tuple(sorted(pair)) for pair in found[["actor_a", "actor_b"]].to_numpy()}
    return Borders(len(found), len(pairs), float(found["length_km"].sum()))


def covered(study: Study, selection: Selection, *, on: str) -> Coverage:
    """Return how many units and people have any evidence on a day."""
    table = study.rates(
        selection.period,
        by=study.finest,
        outcome=selection.outcome,
        institution=selection.institution,
        population=selection.population,
    )
    return coverage(study.holders(on), table["person_years"])


@lru_cache(maxsize=64)
def variants(study: Study, by: str, on: str) -> dict[str, pd.Series]:
    """Return the other groupings of the units that errors in the reports would make.

    By status or holder: reports of grade C wrong, and other times of carrying. By border:
    the same, and with half and twice the distance that is near. By intervention: without
    those of grade C, and with those not confirmed.
    """
    if by == "intervention":
        return _interventions(study)
    if by == "border":
        return _borders(study, on)
    rule = reporting.rule(study)
    share = {"dominant_share": rule["dominant_share"], "actors": study.actors}
    carries = [years for years in CARRIES if years != rule["carry_years"]]
    found = carry_variants(study.claims, study.codes, on=on, carries=carries, by=by, **share)
    return found | grade_variants(
        study.claims,
        study.codes,
        on=on,
        draws=DRAWS,
        neighbours=_neighbours(study),
        by=by,
        carry_years=rule["carry_years"],
        **share,
    )


def _borders(study: Study, on: str) -> dict[str, pd.Series]:
    """Return where units lie to borders, for every other answer to who holds what."""
    near = study.near_km
    held = holder_groups(study.holders(on))
    found = {name: study.meeting(other) for name, other in variants(study, "holder", on).items()}
    other_distances = {
        f"near {km:g} km": study.meeting(held, near_km=km) for km in (near / 2, near * 2)
    }
    return found | other_distances


def _interventions(study: Study) -> dict[str, pd.Series]:
    kinds = study.file.entries["grouping"]["intervention"]["kinds"]
    table = study.interventions
    firm = table[table["confidence"].isin(GRADES[:-1])]
    every = table.assign(confidence=GRADES[0])
    return {
        name: intervention_groups(part, study.codes, kinds=kinds)
        for name, part in (("without C", firm), ("with unconfirmed", every))
    }


@lru_cache(maxsize=8)
def _neighbours(study: Study) -> dict[str, tuple[str, ...]]:
    """Return the units that share a border with each."""
    shapes = study.shapes(detail="web")
    areas = shapes[shapes.index.isin(study.codes)]
    land = areas.geometry.to_numpy()
    one, other = shapely.STRtree(land).query(land, predicate="touches")
    beside: dict[str, tuple[str, ...]] = {}
    for unit, near in zip(areas.index[one], areas.index[other], strict=True):
        beside[str(unit)] = (*beside.get(str(unit), ()), str(near))
    return beside


def _cells(study: Study, selection: Selection, text: str) -> pd.DataFrame:
    window: Window = study.window(
        text,
        outcome=selection.outcome,
        institution=selection.institution,
        argument="--period",
    )
    return study.cells(
        window,
        outcome=selection.outcome,
        institution=selection.institution,
        population=selection.population,
    )
