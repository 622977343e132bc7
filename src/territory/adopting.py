"""A study with the counts of one more file: for the person who has the file, and nobody else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.evidence.outcomes import KEY
from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault
from territory.evidence.sources import SourceCard
from territory.pictures.captions import WHOLE
from territory.text import LANGUAGES, say

if TYPE_CHECKING:
    from territory.evidence.ingest import Ingested
    from territory.study import Study

#: The institution that counted what is in the file, as far as the study is concerned.
OWN = "own_file"
_LONGEST = 48


@dataclass(frozen=True, eq=False)
class Adopted:
    """A study with the counts of one more file.

    Parameters
    ----------
    study
        The study; where the file is about the whole place, its series is the default.
    outcome, institution
        The first of the new series.
    card
        What is known about the file.
    rows
        How many rows of counts it adds.
    units, years
        How many of the finest units, and of whole years, it has counts for.
    whole
        Whether it is about nearly every unit, and more than one year.
    """

    study: Study
    outcome: str
    institution: str
    card: SourceCard
    rows: int
    units: int
    years: int
    whole: bool


def called(name: str) -> str:
    """Return how a file is called on pages: its last part, printable, not too long."""
    last = PurePath(name.replace("\\", "/")).name
    text = " ".join("".join(c if c.isprintable() else " " for c in last).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def adopted(study: Study, found: Ingested, *, name: str, content: bytes) -> Adopted:
    """Add the counts of a file to a study as series of their own, named after the file.

    No series of the study changes: what the file says stands beside it, under an
    institution "own file". A file of months in a study of years is summed; a year with a
    month that is missing has no data.

    Parameters
    ----------
    study
        What the file was read against.
    found
        What it says.
    name, content
        The file's name, and its bytes (for its digest).

    Raises
    ------
    DataError
        When the rows are of a coarser level, of years in a study of months, hold no
        whole year, or lie outside the population.
    """
    label = called(name)
    if found.report.level != study.finest:
        level = found.report.level
        raise DataError(Fault("own_level", file=label, value=level, allowed=study.finest))
    counts = _counts(study, found.table, label)
    many = len(found.table["institution"].unique()) > 1
    counts["institution"] = [f"{OWN}_{who}" if many else OWN for who in counts["institution"]]
    counts["quality"] = OWN
    own = counts.set_index(KEY)[["count", "quality"]]
    table = pd.concat([study.outcomes, own]).sort_index()
    card = _card(found, label, content)
    pairs = counts[["outcome", "institution"]].drop_duplicates()
    file = study.file.renewed(**_entries(study, pairs, label))
    new = replace(study, file=file, outcomes=table, cards=(card, *study.cards))
    outcome, institution = (str(word) for word in pairs.iloc[0])
    years = _demand_a_year(new, outcome, institution, label)
    counted = own["count"].xs((outcome, institution), level=("outcome", "institution")).dropna()
    units = int(counted.index.unique("unit").isin(study.codes).sum())
    whole = units >= WHOLE * len(study.codes) and len(years) > 1
    defaults = study.file.entries["defaults"] | _windows(study, years)
    new = replace(new, file=file.renewed(defaults=defaults))
    if whole:
        new = replace(new, outcome=outcome, institution=institution)
    return Adopted(new, outcome, institution, card, len(own), units, len(years), whole)


def _counts(study: Study, table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return the counts with the periods of the study."""
    wanted = study.outcomes.index.unique("period")[0].freqstr[0]
    months = len(str(table["period"].iloc[0])) > 4
    if wanted == "M" and not months:
        raise DataError(Fault("own_years", file=label))
    counts = table.copy()
    counts["period"] = pd.PeriodIndex(counts["period"], freq="M" if months else "Y")
    if wanted == "Y" and months:
        counts["period"] = counts["period"].dt.asfreq("Y")
        # Eleven months are no year: one that is missing leaves the year without data.
        counts = counts.groupby(KEY)["count"].sum(min_count=12).reset_index()
    return counts


def _windows(study: Study, years: list[int]) -> dict[str, str]:
    """Return the study's own windows where the series has their years, else its two halves."""
    names = ("period", "before", "after")
    own = {name: study.file.defaults[name] for name in names}
    if all(year in years for text in own.values() for year in Window.parse(text).years):
        return own
    half = max(1, len(years) // 2)
    spans = {"period": years[-1:], "before": years[:half], "after": years[half:] or years}
    return {name: f"{span[0]}:{span[-1]}" for name, span in spans.items()}


def _demand_a_year(study: Study, outcome: str, institution: str, label: str) -> list[int]:
    """Return the whole years of a series; one must have a count, and a population beside it."""
    years = study.years(outcome, institution)
    own = study.outcomes["count"].xs((outcome, institution), level=("outcome", "institution"))
    counted = {period.year for period in own.dropna().index.get_level_values("period")}
    whole = [year for year in years if year in counted]
    if not whole:
        raise DataError(Fault("own_no_year", file=label))
    people = study.population.xs(study.population_series, level="series").index.unique("year")
    if not set(whole) & set(people):
        first, last = min(people), max(people)
        raise DataError(Fault("own_no_people", file=label, first=first, last=last))
    return years


def _entries(study: Study, pairs: pd.DataFrame, label: str) -> dict[str, Any]:
    """Return what the study file says more: who counted, what, and whose figures these are."""
    entries = study.file.entries
    institutions = {}
    for who in pairs["institution"].unique():
        source = str(who).removeprefix(OWN).strip("_")
        after = {lang: f" ({study.file.word(('institution', source, 'short'), lang)})"
                 if source else "" for lang in LANGUAGES}  # fmt: skip
        institutions[str(who)] = {
            "title": {lang: say("upload.series", lang, name=label) + after[lang]
                      for lang in LANGUAGES},
            "short": {lang: say("upload.short", lang) + after[lang] for lang in LANGUAGES},
        }  # fmt: skip
    known = study.file.outcomes
    outcomes = [
        {
            "id": what,
            "title": dict.fromkeys(LANGUAGES, what),
            "unit": dict.fromkeys(LANGUAGES, what),
        }
        for what in pairs["outcome"].unique()
        if what not in known
    ]
    credit = {
        lang: say("upload.credit", lang, name=label, credit=study.file.word(("credit",), lang))
        for lang in LANGUAGES
    }
    return {
        "institution": entries["institution"] | institutions,
        "outcome": [*entries["outcome"], *outcomes],
        "credit": credit,
    }


def _card(found: Ingested, label: str, content: bytes) -> SourceCard:
    """Return the card of the file: what is known about it, and that nobody has checked it."""
    years = found.table["period"].str[:4]
    report = found.report
    return SourceCard(
        file=label,
        title={lang: say("upload.series", lang, name=label) for lang in LANGUAGES},
        publisher="–",
        url=(),
        licence="not stated",
        years=f"{years.min()}-{years.max()}",
        sha256=hashlib.sha256(content).hexdigest(),
        processing={
            lang: say("upload.processing", lang, read=report.rows_read, written=report.rows_written)
            for lang in LANGUAGES
        },
        credit={lang: say("upload.series", lang, name=label) for lang in LANGUAGES},
    )
