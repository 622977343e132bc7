"""Checks of a study: cards, schemas, sums, published totals. Each one is a value, not a crash."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from territory.evidence.outcomes import read_published
from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.evidence.sources import read_bytes
from territory.evidence.studyfile import StudyFile, read_study_file
from territory.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Parameters
    ----------
    check
        What was looked at.
    ok
        Whether it holds.
    value, expected
        What was found, and what should have been.
    note
        Source of the expectation, or what the difference means.
    """

    check: str
    ok: bool
    value: Any
    expected: Any
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the check as a plain mapping."""
        return asdict(self)


def check_study(study: str | Path) -> list[Check]:
    """Look at everything that can be checked about a study.

    Raises
    ------
    DataError
        When there is no such study file at all.
    """
    file = read_study_file(study)
    found = list(_cards(file))
    try:
        loaded = Study.load(study)
        found += [Check("tables follow their schema", ok=True, value="yes", expected="yes")]
        found += [*_shapes(loaded), *_sums(loaded), *_gaps(loaded), *_published(loaded)]
    except DataError as error:
        found.append(
            Check("tables follow their schema", ok=False, value=str(error), expected="no fault")
        )
    return found


def _cards(file: StudyFile) -> Iterator[Check]:
    for name in file.entries["tables"]:
        path = file.table(name)
        if path is None:
            continue
        try:
            _, card = read_bytes(path, label=file.label(name))
            yield Check(
                f"source card of {card.file}",
                ok=True,
                value=card.sha256[:12],
                expected=card.sha256[:12],
                note=f"{card.publisher}; licence: {card.licence}",
            )
        except DataError as error:
            yield Check(
                f"source card of {file.label(name)}",
                ok=False,
                value=str(error),
                expected="a card whose digest is the file's",
            )


def _shapes(study: Study) -> Iterator[Check]:
    for detail in ("full", "web"):
        drawn = study.codes.isin(study.shapes(detail=detail).index).sum()
        yield Check(
            f"units with a shape ({detail})",
            ok=bool(drawn == len(study.codes)),
            value=int(drawn),
            expected=len(study.codes),
        )


def _sums(study: Study) -> Iterator[Check]:
    """Hold the sums by every grouping against the sums of the units that it places."""
    unit = study.outcomes.index.get_level_values("unit")
    for by in study.groupings:
        if by in ("total", "unit", study.finest):
            continue
        group = study.grouping(by).reindex(unit).to_numpy()
        placed = study.outcomes["count"][pd.notna(group)]
        expected = placed.groupby(level=["outcome", "institution"]).sum()
        keys = [placed.index.get_level_values(name) for name in ("outcome", "institution")]
        found = placed.groupby([group[pd.notna(group)], *keys]).sum().groupby(level=[1, 2]).sum()
        everywhere = by not in study.file.levels or len(placed) == len(study.outcomes)
        yield Check(
            f"counts by {by} add up to those by {study.finest}",
            ok=bool((found == expected).all()) and everywhere,
            value=int(found.sum()),
            expected=int(expected.sum()),
            note=f"{len(expected)} outcomes, all periods",
        )


def _gaps(study: Study) -> Iterator[Check]:
    """Missing cells are no failure: they are counted, and must stay missing."""
    missing = study.outcomes[study.outcomes["count"].isna()]
    for (outcome, institution), cells in missing.groupby(level=["outcome", "institution"]):
        periods = sorted({str(period) for period in cells.index.get_level_values("period")})
        yield Check(
            f"cells without a count: {outcome} ({institution})",
            ok=True,
            value=len(cells),
            expected=len(cells),
            note=f"{', '.join(periods)}: {cells['quality'].iloc[0]}; no data, never zero",
        )
    wanted = study.outcomes.index.to_frame(index=False)
    years = sorted({period.year for period in wanted["period"]})
    have = study.population.xs(study.population_series, level="series").index
    every = pd.MultiIndex.from_product([study.codes, years])
    absent = list(every[~every.isin(have)])
    yield Check(
        f"unit-years without a population in series {study.population_series}",
        ok=True,
        value=len(absent),
        expected=len(absent),
        note=", ".join(f"{study.full_name(unit)} {year}" for unit, year in absent[:6]),
    )


def _published(study: Study) -> Iterator[Check]:
    path = study.file.table("published")
    if path is None:
        return
    published, _ = read_published(path, study.units, label=study.file.label("published"))
    for row in published.reset_index().to_dict("records"):
        counts = _counts(study, row)
        zeros = row["measure"] == "zero_units"
        value = int((counts == 0).sum()) if zeros else int(counts.sum())
        note = " ".join(str(row[name]) for name in ("source", "note") if pd.notna(row[name]))
        yield Check(
            f"published: {row['check']}",
            ok=abs(value - row["value"]) <= row["tolerance"],
            value=value,
            expected=int(row["value"]),
            note=note,
        )


def _counts(study: Study, row: dict[Any, Any]) -> pd.Series:
    """Return the counts by finest unit behind one published figure."""
    index = study.outcomes.index
    window = Window.parse(row["period"])
    first, _ = study.span(row["outcome"], row["institution"])
    wanted = (
        index.get_level_values("period").isin(window.periods(first.freqstr[0]))
        & (index.get_level_values("outcome") == row["outcome"])
        & (index.get_level_values("institution") == row["institution"])
    )
    counts = study.outcomes.loc[wanted, "count"].groupby(level="unit").sum(min_count=1)
    inside = pd.Series(counts.index, index=counts.index)
    kept = inside.eq(row["unit"])
    for _ in study.file.levels:
        inside = inside.map(study.units["parent"])
        kept |= inside.eq(row["unit"])
    return cast("pd.Series", counts[kept])
