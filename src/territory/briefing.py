"""A selection, and the tables that follow from it.

The page, the command line and the page's address each make the same small
`Selection`; what is seen in one door can be had through the others.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault, unknown
from territory.measures.holders import day_of
from territory.measures.rates import crude_rate
from territory.text import LANGUAGES, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.comparing import Comparison
    from territory.measures.windows import WindowCount
    from territory.study import Study

SHOWS = ("rate", "smoothed_rate", "count", "change", "holders")


@dataclass(frozen=True)
class Selection:
    """What somebody wants to see. Make one with `Selection.of` or `Selection.lenient`.

    Parameters
    ----------
    lang
        ``es`` or ``en``.
    show
        ``rate``, ``smoothed_rate``, ``count``, ``change`` or ``holders``.
    outcome, institution, population
        What is counted, by whom, over which population series.
    period, before, after
        Windows.
    by
        A grouping of the study.
    place
        Code of a unit, or empty.
    scaled
        ``yes``: the intervals of a comparison allow for over-dispersion.
    reported
        ``yes``: maps have outlines of reported territory over their colours.
    """

    lang: str = "es"
    show: str = "rate"
    outcome: str = ""
    institution: str = ""
    population: str = ""
    period: str = ""
    before: str = ""
    after: str = ""
    by: str = ""
    place: str = ""
    on: str = ""
    scaled: str = ""
    reported: str = ""

    @classmethod
    def of(cls, study: Study, **given: str | None) -> Selection:
        """Fill what was not given with the study's defaults, and hold all of it against the study.

        Raises
        ------
        DataError
            For anything that the study does not know.
        """
        chosen = {key: value for key, value in given.items() if value}
        if (lang := chosen.get("lang", cls.lang)) not in LANGUAGES:
            raise unknown("--lang", lang, LANGUAGES)
        if (show := chosen.get("show", cls.show)) not in SHOWS:
            raise unknown("--show", show, SHOWS)
        by = chosen.get("by", study.first_by)
        study.grouping(by)  # says what is wrong with it
        if show == "change" and study.published(by, chosen.get("outcome")):
            outcome, institution, spans = _of_published(study, chosen)
        else:
            outcome, institution = study.counted(chosen.get("outcome"), chosen.get("institution"))
            spans = _spans(study, chosen, outcome, institution)
        series = study.series_named(chosen.get("population"))
        for name in ("scaled", "reported"):
            if (value := chosen.get(name, "")) not in ("", "yes"):
                raise unknown(f"--{name}", value, ["yes"])
        if chosen.get("reported") and study.claims.empty:
            raise DataError(Fault("no_reports", argument="--reported", study=study.name))
        place = study.unit(chosen["place"], argument="--place") if "place" in chosen else ""
        on = str(day_of(chosen["on"])) if "on" in chosen else ""
        return cls(
            lang=lang,
            show=show,
            outcome=outcome,
            institution=institution,
            population=series,
            by=by,
            place=place,
            scaled=chosen.get("scaled", ""),
            reported=chosen.get("reported", ""),
            on=on,
            **spans,
        )

    @classmethod
    def lenient(cls, study: Study, given: Mapping[str, str]) -> tuple[Selection, list[DataError]]:
        """Do as `of` with what comes from an address: what is wrong falls back to the default.

        Returns
        -------
        selection
            Always a valid one.
        errors
            What was wrong with the entries that were left out.
        """
        errors: list[DataError] = []
        kept: dict[str, str | None] = {}
        for field in fields(cls):
            if not (value := str(given.get(field.name) or "")[:80]):
                continue
            try:
                cls.of(study, **{**kept, field.name: value})
                kept[field.name] = value
            except DataError as error:
                errors.append(error)
        return cls.of(study, **kept), errors

    def renewed(self, **changes: str) -> Selection:
        """Return a copy with some entries changed."""
        return replace(self, **changes)

    def as_dict(self) -> dict[str, str]:
        """Return the entries that are set."""
        return {key: value for key, value in asdict(self).items() if value}


def _spans(
    study: Study, chosen: Mapping[str, str], outcome: str, institution: str
) -> dict[str, str]:
    """Return the windows that were chosen, or the defaults, held against the table of counts."""
    return {
        name: study.window(
            chosen.get(name) or study.default_window(name, outcome, institution),
            outcome=outcome,
            institution=institution,
            argument=f"--{name}",
        ).text
        for name in ("period", "before", "after")
    }


def _of_published(study: Study, chosen: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
    """Return outcome, institution and windows for the whole place, which may be any days.

    The institution stays open where none was named: totals may need another one than the
    table of counts.
    """
    try:
        outcome, institution = study.counted(chosen.get("outcome"), chosen.get("institution"))
        return outcome, institution, _spans(study, chosen, outcome, institution)
    except DataError:
        outcome, institution = study.counted(chosen.get("outcome"), None)
        spans = _spans(study, {}, outcome, institution)
        free = {name: chosen[name] for name in ("before", "after") if name in chosen}
        free = {name: Window.parse(text, argument=f"--{name}").text for name, text in free.items()}
        return outcome, chosen.get("institution", ""), spans | free


def comparable(study: Study, selection: Selection) -> bool:
    """Tell whether a series has two periods, so that one can be held against another."""
    outcome, institution = study.counted(selection.outcome, selection.institution or None)
    first, last = study.span(outcome, institution)
    return bool(first != last)


def rates(study: Study, selection: Selection) -> pd.DataFrame:
    """Return the table of rates of a selection (see `Study.rates`)."""
    return study.rates(
        selection.period,
        by=selection.by,
        outcome=selection.outcome,
        institution=selection.institution,
        population=selection.population,
        smoothed=selection.show == "smoothed_rate",
        lang=selection.lang,
    )


def comparison(study: Study, selection: Selection) -> Comparison:
    """Return the comparison of a selection (see `Study.compare`)."""
    return study.compare(
        selection.before,
        selection.after,
        by=selection.by,
        outcome=selection.outcome,
        institution=selection.institution or None,
        population=selection.population,
        scaled=selection.scaled == "yes",
    )


@dataclass(frozen=True)
class Headline:
    """A fall or rise that is often quoted, computed, with what it is a percentage of.

    Parameters
    ----------
    change
        Change of the daily mean, as a fraction.
    text
        Both windows, counts or means, and the institution, in words.
    before, after
        How the two counts were composed.
    """

    change: float
    text: str
    before: WindowCount
    after: WindowCount


def headlines(study: Study, lang: str) -> list[Headline]:
    """Return the changes that the study file names, composed from published totals."""
    found = []
    for entry in study.file.entries.get("headline", []):
        institution = entry["institution"]
        before, after = (
            study.window_count(entry[side], institution=institution) for side in ("before", "after")
        )
        words = entry["text"][lang].format(
            before=number(before.count, lang),
            after=number(after.count, lang),
            before_day=number(before.per_day, lang, digits=1),
            after_day=number(after.per_day, lang, digits=1),
            institution=study.file.word(("institution", institution, "short"), lang),
        )
        found.append(Headline(after.per_day / before.per_day - 1, words, before, after))
    return found


def similar(study: Study, selection: Selection) -> pd.Index:
    """Return the units most like the chosen place in population and in rate before."""
    narrowed = study.select(outcome=selection.outcome, institution=selection.institution)
    return narrowed.similar(selection.place, before=selection.before)


def denominators(study: Study, selection: Selection) -> pd.DataFrame:
    """Return the rate of the whole place over every population series that covers the window.

    Returns
    -------
    frame
        Index ``series``; columns ``count``, ``person_years``, ``rate``, ``low``, ``high``.
    """
    count = rates(study, selection.renewed(by="total", show="rate")).iloc[0]["count"]
    years = Window.parse(selection.period).years
    people = study.population["population"].unstack("year")
    people = people.reindex(columns=years)
    finest = people.index.get_level_values("unit").isin(study.codes)
    sums = people[finest].groupby("series").sum()
    whole = people[~finest].groupby("series").sum(min_count=1)
    person_years = pd.concat([sums, whole]).dropna().sum(axis=1)
    counts = pd.Series(count, index=person_years.index)
    table = pd.DataFrame({"count": counts, "person_years": person_years})
    return table.join(crude_rate(counts, person_years))
