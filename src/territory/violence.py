"""Violence by reported territory: rates and changes, each with its interval and its band.

The interval is chance. The band is what becomes of the value when reports are wrong: the same
sum over other groupings of the same units.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import shapely

from territory import reporting
from territory.measures.holders import GRADES
from territory.measures.reported import Coverage, coverage, intervention_groups
from territory.measures.robustness import rate_band, ratio_band
from territory.measures.variants import carry_variants, grade_variants

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Selection
    from territory.comparing import Comparison
    from territory.evidence.periods import Window
    from territory.study import Study

BY = ("status", "holder", "intervention")
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
        (least and greatest rate over all variants), ``variants``; most people first.
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
    return table.join(band[_BAND]).sort_values("person_years", ascending=False)


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
    return comparison, table.sort_values("person_years_before", ascending=False)


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

    By status or holder: reports of grade C wrong, and other times of carrying. By
    intervention: without those of grade C, and with those not confirmed.
    """
    if by == "intervention":
        return _interventions(study)
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
