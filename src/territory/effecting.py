"""Effects of a study's events: each design of the study file, with placebo and sensitivity."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from territory import notebook
from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault, unknown
from territory.measures.effects import Effect

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.study import Study

Entry = dict[str, Any]
# What an entry of the study file must say for each design.
NEEDED = {
    "its": ("title", "start", "window", "institutions"),
    "panel": ("title", "events", "window"),
    "synthetic": ("title", "country", "start", "window", "min_population"),
}


@dataclass(frozen=True, eq=False, repr=False)
class StudyEffect(Effect):
    """An effect of one of a study's events, which can be drawn and called by its name.

    Parameters
    ----------
    study, entry
        Whose effect it is, and the entry of the study file that asked for it.
    """

    study: Study = field(kw_only=True)
    entry: Entry = field(kw_only=True)

    def headline(self, lang: str = "en", *, title: str | None = None) -> str:
        """Return the estimate in one sentence; the event is called as in the study file."""
        return super().headline(lang, title=title or str(self.entry["title"][lang]))

    def figure(self, lang: str = "en", *, name: str = "counterfactual", size: str = "wide") -> Any:
        """Return one of the effect's charts as a figure.

        Parameters
        ----------
        lang
            ``es`` or ``en``.
        name
            ``counterfactual``, ``event_study``, ``averted``, ``placebo`` or
            ``specification``; a design has those for which it has numbers.
        size
            As `territory.pictures.figures.counterfactual_figure`.

        Raises
        ------
        DataError
            For a chart that this effect has nothing for; the others are named.
        """
        from territory.charting import effect_chart

        return effect_chart(self, lang, name=name, size=size)

    def _repr_html_(self) -> str:
        return notebook.effect_html(self)

    def __repr__(self) -> str:
        ends = f"{self.low:.3g} to {self.high:.3g}"
        what = f"{self.study.name}: {self.event}, {self.design}"
        return f"<Effect {what}, {self.estimate:.3g} ({ends})>"


def first_event(study: Study) -> str:
    """Return the event that comes first in the study file; empty where it names none."""
    return str(next((one["event"] for one in entries(study)), ""))


def entries(study: Study) -> list[Entry]:
    """Return the events and designs that the study file names, in its order."""
    return list(study.file.entries.get("effect", []))


def effect(
    study: Study, event: str, *, design: str | None = None, unconfirmed: bool = False
) -> StudyEffect:
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
    found = _DESIGNS[chosen["design"]](study, chosen, unconfirmed=unconfirmed)
    values = {part.name: getattr(found, part.name) for part in fields(found)}
    return StudyEffect(**values, study=study, entry=chosen)


def title(entry: Entry, lang: str) -> str:
    """Return how an entry is called."""
    return str(entry["title"][lang])


def entry(study: Study, event: str, design: str | None = None) -> Entry:
    """Return the study file's entry for an event and a design.

    Raises
    ------
    DataError
        When there is none, or it lacks what its design needs.
    """
    known = entries(study)
    if not known:
        raise DataError(Fault("no_effects", study=study.name))
    of_event = [entry for entry in known if entry["event"] == event]
    if not of_event:
        raise unknown("--event", event, dict.fromkeys(entry["event"] for entry in known))
    if design is None:
        return _complete(of_event[0])
    of_design = [entry for entry in of_event if entry["design"] == design]
    if not of_design:
        raise unknown("--design", design, [entry["design"] for entry in of_event])
    return _complete(of_design[0])


def _complete(entry: Entry) -> Entry:
    """Return an entry that has all that its design needs."""
    event, design = entry["event"], entry["design"]
    if design not in NEEDED:
        raise DataError(
            Fault("effect_design", event=event, value=design, allowed=", ".join(NEEDED))
        )
    missing = [name for name in NEEDED[design] if name not in entry]
    if missing:
        lost = ", ".join(missing)
        raise DataError(Fault("effect_incomplete", event=event, design=design, missing=lost))
    return entry


def _interrupted(study: Study, entry: Entry, *, unconfirmed: bool) -> Effect:
    """Fit the series of the whole place in its finest spans; placebo dates; sensitivity."""
    from territory.measures.effects.placebo import with_placebo_dates
    from territory.measures.effects.sensitivity import specifications, with_sensitivity
    from territory.measures.effects.series import interrupted, interrupted_bare

    del unconfirmed  # a series of the whole has no treated places
    rows: dict[tuple[str, str], pd.DataFrame] = {}

    def run(
        institution: str, population: str, window: str, start: str, *, fit: Any = interrupted_bare
    ) -> Effect:
        key = (window, institution)
        if key not in rows:
            rows[key] = _spans(study, window, institution.split("+"))
        exposure = _exposure(study, window, population)
        design = _series_design(entry, start)
        found: Effect = fit(rows[key], exposure, design, event=entry["event"])
        return found

    base = {
        "institution": "+".join(entry["institutions"]),
        "population": study.population_series,
        "window": entry["window"],
        "start": entry["start"],
    }
    found = run(**base, fit=interrupted)
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
    from territory.measures.effects.synthetic import WEIGHTY, synthetic_control

    del unconfirmed
    window = Window.parse(entry["window"])
    table = study.comparators.loc[
        study.comparators.index.get_level_values("year").isin(window.years)
    ]
    people = table["population"].unstack("country")
    rates = table["rate"].unstack("country").loc[:, people.min() > entry["min_population"]]
    country = entry["country"]
    found = synthetic_control(
        rates,
        country,
        start=int(entry["start"]),
        event=entry["event"],
        population=cast("pd.Series", people[country]),
    )
    names = study.comparators["name"].groupby(level="country").first()
    weights = found.weights["weight"].sort_values(ascending=False)
    called = ", ".join(names[weights.index[weights > WEIGHTY]])
    notes = [n.renewed(names=called) if n.key == "synthetic_mix" else n for n in found.notes]
    return replace(found, notes=tuple(notes))


def _series_design(entry: Entry, start: str) -> Any:
    from territory.measures.effects.design import SeriesDesign

    end = entry.get("end")
    return SeriesDesign(
        _month(start),
        _month(end) if end else None,
        harmonics=entry.get("harmonics", 2),
    )


def _month(text: str) -> pd.Period:
    """Return a month of the study file; `Window.parse` refuses what is none."""
    return Window.parse(text).periods("M")[0]


def _spans(study: Study, window: str, institutions: list[str]) -> pd.DataFrame:
    from territory.measures.spans import spans

    of_outcome = study.observations[study.observations["outcome"] == study.outcome]
    if of_outcome.empty:
        of_outcome = _counted(study)
    return spans(of_outcome, Window.parse(window), institutions=institutions)


def _counted(study: Study) -> pd.DataFrame:
    """Return the sums of the table of counts as totals between two dates, for lack of published ones.

    A period in which some unit has no data has no total.
    """
    counts = study.outcomes["count"].xs(study.outcome, level="outcome")
    by_period = counts.groupby(level=["institution", "period"])
    whole = by_period.sum()[~counts.isna().groupby(level=["institution", "period"]).any()]
    rows = whole.astype(float).reset_index()
    return rows.assign(
        unit=study.whole,
        outcome=study.outcome,
        start=rows["period"].dt.start_time.dt.date,
        end=rows["period"].dt.end_time.dt.date,
        rate=float("nan"),
        quality="published",
        source=study.file.label("outcomes"),
    )


def _exposure(study: Study, window: str, population: str) -> pd.Series:
    """Return the person-years of the whole place in every month of a window."""
    months = Window.parse(window).periods("M")
    by_year = study.population["population"].xs(population, level="series")
    people = by_year[by_year.index.get_level_values("unit").isin(study.codes)]
    people = people.groupby(level="year").sum()
    share = months.days_in_month / (365 + months.to_timestamp().is_leap_year)
    return pd.Series(people.reindex(months.year).to_numpy() * share, index=months)


_DESIGNS: dict[str, Callable[..., Effect]] = {
    "its": _interrupted,
    "panel": _compared,
    "synthetic": _mixed,
}
