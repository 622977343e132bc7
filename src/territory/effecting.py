"""Effects of a study's events: each design of the study file, with placebo and sensitivity."""

from __future__ import annotations

import calendar
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.measures.effects import Effect
    from territory.study import Study

Entry = dict[str, Any]


def entries(study: Study) -> list[Entry]:
    """Return the events and designs that the study file names, in its order."""
    return list(study.file.entries.get("effect", []))


def effect(
    study: Study, event: str, *, design: str | None = None, unconfirmed: bool = False
) -> Effect:
    """Estimate what an event changed, by one of the study's designs.

    Parameters
    ----------
    event
        One that the study file has an entry for.
    design
        ``its``, ``panel`` or ``synthetic``; the first of the event where nothing is said.
    unconfirmed
        Count places as treated whose treatment is not confirmed (``panel``).

    Raises
    ------
    DataError
        For an event or design that the study has no entry for; for data that cannot
        answer it.
    """
    chosen = entry(study, event, design)
    return _DESIGNS[chosen["design"]](study, chosen, unconfirmed=unconfirmed)


def title(entry: Entry, lang: str) -> str:
    """Return how an entry is called."""
    return str(entry["title"][lang])


def entry(study: Study, event: str, design: str | None = None) -> Entry:
    """Return the study file's entry for an event and a design.

    Raises
    ------
    DataError
        When there is none.
    """
    known = entries(study)
    if not known:
        raise DataError(Fault("no_effects", study=study.name))
    of_event = [entry for entry in known if entry["event"] == event]
    if not of_event:
        raise unknown("--event", event, dict.fromkeys(entry["event"] for entry in known))
    if design is None:
        return of_event[0]
    of_design = [entry for entry in of_event if entry["design"] == design]
    if not of_design:
        raise unknown("--design", design, [entry["design"] for entry in of_event])
    return of_design[0]


def _interrupted(study: Study, entry: Entry, *, unconfirmed: bool) -> Effect:
    """Fit the series of the whole place in its finest spans; placebo dates; sensitivity."""
    from territory.measures.effects.counterfactual import averted
    from territory.measures.effects.placebo import with_placebo_dates
    from territory.measures.effects.sensitivity import specifications, with_sensitivity
    from territory.measures.effects.series import interrupted

    del unconfirmed  # a series of the whole has no treated places
    rows: dict[tuple[str, str], pd.DataFrame] = {}

    def run(institution: str, population: str, window: str, start: str) -> Effect:
        key = (window, institution)
        if key not in rows:
            rows[key] = _spans(study, window, institution.split("+"))
        exposure = _exposure(study, window, population)
        return interrupted(rows[key], exposure, _series_design(entry, start), event=entry["event"])

    base = {
        "institution": "+".join(entry["institutions"]),
        "population": study.population_series,
        "window": entry["window"],
        "start": entry["start"],
    }
    found = run(**base)
    main = rows[base["window"], base["institution"]]
    exposure = _exposure(study, base["window"], base["population"])
    found = with_placebo_dates(found, main, exposure, _series_design(entry, entry["start"]))
    choices = {
        "institution": ["+".join(names) for names in entry.get("other_institutions", [])],
        "population": entry.get("other_populations", []),
        "window": entry.get("other_windows", []),
        "start": entry.get("other_starts", []),
    }
    choices = {name: [base[name], *others] for name, others in choices.items()}
    if any(len(values) > 1 for values in choices.values()):
        found = with_sensitivity(found, specifications(run, choices, base=base))
    if found.averted.empty:
        design = _series_design(entry, entry["start"])
        found = replace(found, averted=averted(main, exposure, design))
    return found


def _compared(study: Study, entry: Entry, *, unconfirmed: bool) -> Effect:
    """Compare treated places with those not, or not yet, treated; placebo places."""
    from territory.measures.effects.panel import panel_effect
    from territory.measures.effects.placebo import with_placebo_places
    from territory.measures.effects.treatment import treatment

    also = entry.get("unconfirmed", []) if unconfirmed else []
    treated = treatment(study.events, entry["events"], also=also)
    cells = study.cells(
        Window.parse(entry["window"]),
        outcome=study.outcome,
        institution=study.institution,
        population=study.population_series,
    )
    found = panel_effect(cells, treated, event=entry["event"])
    return with_placebo_places(found, cells, treated)


def _mixed(study: Study, entry: Entry, *, unconfirmed: bool) -> Effect:
    """Hold the country against a mix of others; every other in its place."""
    from territory.measures.effects.synthetic import synthetic_control

    del unconfirmed
    window = Window.parse(entry["window"])
    table = study.comparators.loc[
        study.comparators.index.get_level_values("year").isin(window.years)
    ]
    people = table["population"].unstack("country")
    rates = table["rate"].unstack("country").loc[:, people.min() > entry["min_population"]]
    country = entry["country"]
    return synthetic_control(
        rates,
        country,
        start=int(entry["start"]),
        event=entry["event"],
        population=cast("pd.Series", people[country]),
    )


def _series_design(entry: Entry, start: str) -> Any:
    from territory.measures.effects.design import SeriesDesign

    end = entry.get("end")
    return SeriesDesign(
        pd.Period(start, "M"),
        pd.Period(end, "M") if end else None,
        harmonics=entry.get("harmonics", 2),
    )


def _spans(study: Study, window: str, institutions: list[str]) -> pd.DataFrame:
    from territory.measures.spans import spans

    of_outcome = study.observations[study.observations["outcome"] == study.outcome]
    return spans(of_outcome, Window.parse(window), institutions=institutions)


def _exposure(study: Study, window: str, population: str) -> pd.Series:
    """Return the person-years of the whole place in every month of a window."""
    months = Window.parse(window).periods("M")
    by_year = study.population["population"].xs(population, level="series")
    people = by_year[by_year.index.get_level_values("unit").isin(study.codes)]
    people = people.groupby(level="year").sum()
    share = [
        month.days_in_month / (366 if calendar.isleap(month.year) else 365) for month in months
    ]
    return pd.Series(people.reindex(months.year).to_numpy() * share, index=months)


_DESIGNS: dict[str, Callable[..., Effect]] = {
    "its": _interrupted,
    "panel": _compared,
    "synthetic": _mixed,
}
