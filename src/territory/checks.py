"""Checks of a study: cards, schemas, sums, published totals. Each one is a value, not a crash."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from territory.evidence import loading
from territory.evidence.outcomes import read_published
from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault
from territory.evidence.sources import read_bytes
from territory.evidence.studyfile import StudyFile, read_study_file
from territory.evidence.studykeys import strange_keys
from territory.evidence.units import AREAS
from territory.filechecks import file_faults, missing_words
from territory.study import Study
from territory.text import number, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


# In which file a disagreement is mended; the others in the study file.
_LABELS = {"hierarchy": "units", "coarse": "outcomes"}


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
        Source of the expectation, what the difference means, or what to do.
    """

    check: str
    ok: bool
    value: Any
    expected: Any
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the check as a plain mapping."""
        return asdict(self)


def check_study(study: str | Path, *, lang: str = "en") -> list[Check]:
    """Look at everything that can be checked about a study.

    Raises
    ------
    DataError
        When there is no such study file at all, or it is none.
    """
    file = read_study_file(study)
    found, good = _cards(file, lang)
    found += _tables(file, good, lang)
    whole = all(check.ok for check in found)
    found += _keys(file, lang)
    if whole:
        loaded = Study.load(study)
        looks = (_agreement, _words, _shapes, _sums, _holes, _gaps, _people, _published)
        found += [check for look in looks for check in look(loaded, lang)]
    return found


def _cards(file: StudyFile, lang: str) -> tuple[list[Check], set[str]]:
    """Hold every file against its card; return the names of the tables whose card is right too."""
    found, good = [], set()
    for name in file.entries["tables"]:
        path = file.table(name)
        if path is None:
            continue
        title = say("checks.card", lang, file=file.label(name))
        try:
            _, card = read_bytes(path, label=file.label(name))
        except DataError as error:
            wanted = say("checks.card_wanted", lang)
            found.append(Check(title, ok=False, value=error.render(lang), expected=wanted))
            continue
        good.add(name)
        note = say("checks.card_note", lang, publisher=card.publisher, licence=card.licence)
        digest = card.sha256[:12]
        found.append(Check(title, ok=True, value=digest, expected=digest, note=note))
    return found, good


def _tables(file: StudyFile, good: set[str], lang: str) -> Iterator[Check]:
    """Say of each table what its rows have that they must not, as far as its card is right."""
    tables, errors = loading.read_each(file)
    if "units" in tables:
        errors |= loading.read_later(file, tables["units"])
    said = {name: error for name, error in errors.items() if name in good}
    said |= {name: error for name, error in errors.items() if name not in loading.KNOWN}
    for name, error in said.items():
        label = _LABELS.get(name, name)
        label = file.label(label) if label in good else file.path.name
        title = say("checks.schema_of", lang, file=label)
        wanted = say("checks.no_fault", lang)
        yield Check(title, ok=False, value=error.render(lang), expected=wanted)
    waiting = sorted((good & {*loading.KNOWN}) - {*tables, *errors} - {*loading.LATER})
    if waiting:
        names = ", ".join(file.label(name) for name in waiting)
        title = say("checks.waiting", lang)
        yield Check(title, ok=False, value=names, expected="–", note=say("checks.first", lang))
    elif not errors:
        yes = say("checks.yes", lang)
        yield Check(say("checks.schema", lang), ok=True, value=yes, expected=yes)


def _keys(file: StudyFile, lang: str) -> Iterator[Check]:
    """Name the keys that nothing reads: they are misspelt, or stand in the wrong place."""
    if faults := strange_keys(file.entries, file=file.path.name):
        yield _faulty(say("checks.keys", lang, file=file.path.name), faults, lang)


def _agreement(study: Study, lang: str) -> Iterator[Check]:
    """Hold the outcomes, effects and kinds that are named against the tables."""
    if faults := file_faults(study):
        yield _faulty(say("checks.agreement", lang, file=study.file.path.name), faults, lang)


def _faulty(title: str, faults: list[Fault], lang: str) -> Check:
    wanted = say("checks.no_fault", lang)
    return Check(title, ok=False, value=DataError(*faults).render(lang), expected=wanted)


def _words(study: Study, lang: str) -> Iterator[Check]:
    """Name the entries whose code is shown for want of words: no fault, but no beauty either."""
    for key, names in zip(("words_none", "words_some"), missing_words(study), strict=True):
        if names:
            yield Check(
                say(f"checks.{key}", lang, file=study.file.path.name),
                ok=True,
                value=len(names),
                expected=len(names),
                note=say(f"checks.{key}_note", lang, names=_some(names, len(names), lang)),
            )


def _shapes(study: Study, lang: str) -> Iterator[Check]:
    for detail in ("full", "web") if study.file.table("geometry_web") else ("full",):
        shapes = study.shapes(detail=detail)
        bare = study.codes[~study.codes.isin(shapes.index[shapes.geom_type.isin(AREAS)])]
        names = _some((study.full_name(unit) for unit in bare), len(bare), lang)
        yield Check(
            say("checks.shapes", lang, detail=say(f"checks.detail_{detail}", lang)),
            ok=bare.empty,
            value=len(study.codes) - len(bare),
            expected=len(study.codes),
            note="" if bare.empty else say("checks.shapes_note", lang, units=names),
        )


def _sums(study: Study, lang: str) -> Iterator[Check]:
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
            say("checks.sums", lang, by=by, finest=study.finest),
            ok=bool((found == expected).all()) and everywhere,
            value=int(found.sum()),
            expected=int(expected.sum()),
            note=say("checks.sums_note" if everywhere else "checks.sums_outside", lang,
                     n=len(expected), by=by),
        )  # fmt: skip


def _holes(study: Study, lang: str) -> Iterator[Check]:
    """Look for periods inside a series that no unit has: their rows were forgotten."""
    for outcome, institution in study.pairs.index:
        first, last = study.span(outcome, institution)
        periods = pd.period_range(first, last)
        cells = study.outcomes.xs((outcome, institution), level=("outcome", "institution"))
        have = cells.index.unique("period")
        absent = [str(period) for period in periods if period not in have]
        rows = len(periods.difference(absent)) * len(study.codes) - int(
            cells.index.get_level_values("unit").isin(study.codes).sum()
        )
        if not absent and not rows:
            continue
        key = "checks.holes_note" if absent else "checks.thin_note"
        yield Check(
            say("checks.holes", lang, outcome=outcome, institution=institution),
            ok=not absent,
            value=len(have),
            expected=len(periods),
            note=say(key, lang, periods=_some(absent, len(absent), lang), n=number(rows, lang)),
        )


def _gaps(study: Study, lang: str) -> Iterator[Check]:
    """Missing cells are no failure: they are counted, and must stay missing."""
    missing = study.outcomes[study.outcomes["count"].isna()]
    for (outcome, institution), cells in missing.groupby(level=["outcome", "institution"]):
        periods = sorted({str(period) for period in cells.index.get_level_values("period")})
        shown = ", ".join(periods[:12]) + (", …" if len(periods) > 12 else "")
        yield Check(
            say("checks.gaps", lang, outcome=outcome, institution=institution),
            ok=True,
            value=len(cells),
            expected=len(cells),
            note=say("checks.gaps_note", lang, periods=shown, quality=cells["quality"].iloc[0]),
        )


def _people(study: Study, lang: str) -> Iterator[Check]:
    """Look for years and units without any population: their rows were forgotten."""
    years = sorted({period.year for period in study.outcomes.index.unique("period")})
    have = study.population.xs(study.population_series, level="series").index
    every = pd.MultiIndex.from_product([study.codes, years])
    absent = every[~every.isin(have)]
    units, bare = absent.get_level_values(0), absent.get_level_values(1)
    whole_years = [year for year in years if (bare == year).sum() == len(study.codes)]
    whole_units = [unit for unit in study.codes if (units == unit).sum() == len(years)]
    lost = [*map(str, whole_years), *(study.full_name(unit) for unit in whole_units)]
    some = [f"{study.full_name(unit)} {year}" for unit, year in absent]
    key = "people_lost" if lost else "people_note" if some else "people_all"
    yield Check(
        say("checks.people", lang, series=study.population_series),
        ok=not lost,
        value=len(absent),
        expected=len(absent) if not lost else 0,
        note=say(f"checks.{key}", lang, names=_some(lost or some, len(lost or some), lang)),
    )


def _published(study: Study, lang: str) -> Iterator[Check]:
    path = study.file.table("published")
    if path is None:
        return
    published, _ = read_published(path, study.units, label=study.file.label("published"))
    for row in published.reset_index().to_dict("records"):
        title = say("checks.published", lang, check=row["check"])
        try:
            counts = _counts(study, row)
        except (DataError, KeyError) as error:
            said = error.render(lang) if isinstance(error, DataError) else str(error)
            yield Check(title, ok=False, value=said, expected=int(row["value"]))
            continue
        zeros = row["measure"] == "zero_units"
        value = int((counts == 0).sum()) if zeros else int(counts.sum())
        note = " ".join(str(row[name]) for name in ("source", "note") if pd.notna(row[name]))
        yield Check(
            title,
            ok=abs(value - row["value"]) <= row["tolerance"],
            value=value,
            expected=int(row["value"]),
            note=note,
        )


def _counts(study: Study, row: dict[Any, Any]) -> pd.Series:
    """Return the counts by finest unit behind one published figure."""
    index = study.outcomes.index
    study.counted(row["outcome"], row["institution"])
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


def _some(names: Iterable[str], n: int, lang: str) -> str:
    """Name the first six of `n`."""
    shown = ", ".join(name for name, _ in zip(names, range(6), strict=False))
    return shown if n <= 6 else say("checks.some", lang, names=shown, n=n - 6)
