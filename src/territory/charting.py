"""Charts of a selection: the whole over time, one place, ratios of groups, effects of an event."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from territory import briefing, drawing, effecting
from territory.evidence.schema import unknown
from territory.measures.comparison import ranked
from territory.measures.rates import crude_rate
from territory.text import say
from territory.wording import part_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from territory.briefing import Selection
    from territory.comparing import Comparison
    from territory.effecting import Entry, StudyEffect
    from territory.measures.effects import Effect
    from territory.pictures.captions import About
    from territory.pictures.figures import Picture
    from territory.study import Study

#: How many rows a dumbbell chart has at most for falls, and for rises.
MOST_ROWS = 10


def national_figure(study: Study, selection: Selection, *, size: str = "wide") -> Picture:
    """Return the rate of the whole place over time, with the events of the first rank."""
    from territory.pictures.figures import series_figure

    events = study.events[study.events["rank"] == 1] if len(study.events) else None
    rates = _series(study, selection, "total", "total")
    values = rates["rate"].to_numpy(dtype=float)
    years = [str(period)[:4] for period in rates.index]
    if np.isnan(values).all():  # then the chart shows counts
        values = rates["count"].to_numpy(dtype=float, na_value=np.nan)
    known = np.flatnonzero(~np.isnan(values))
    marked = {place for place, year in enumerate(years) if year == selection.period[:4]}
    marked |= {len(values) - 1}
    if len(known):
        marked |= {int(known[values[known].argmin()]), int(known[values[known].argmax()])}
    labels = [rates.index[place] for place in sorted(marked)]
    return series_figure(
        rates,
        about=drawing.selection_about(study, selection),
        events=events,
        labels=labels,
        size=size,
    )


def place_figure(study: Study, selection: Selection, *, size: str = "wide") -> Picture:
    """Return one unit over time beside the area above it, the whole, and the units most like it.

    Raises
    ------
    DataError
        When the selection names no unit of the finest level.
    """
    from territory.pictures import figures

    unit = selection.place
    if unit not in study.codes:
        raise unknown("--place", unit, study.codes)
    every = _years(
        study, study.finest, selection.outcome, selection.institution, selection.population
    )
    above = str(study.units.loc[unit, "parent"])
    level = str(study.units.loc[above, "level"])
    names = study.units["name"]
    # A series about a part of the place has no rate of the whole, nor surely of the area above.
    part = part_of(study, selection.outcome, selection.institution)
    return figures.place_figure(
        figures.Line(str(names[unit]), _series(study, selection, study.finest, unit)),
        about=drawing.selection_about(study, selection),
        department=None
        if part or above == study.whole  # nothing between: one line is enough
        else figures.Line(
            study.area_name(above, unit, selection.lang), _series(study, selection, level, above)
        ),
        nation=None
        if part
        else figures.Line(study.title(selection.lang), _series(study, selection, "total", "total")),
        similar=every["rate"].unstack("unit")[list(briefing.similar(study, selection))],
        size=size,
    )


def forest(comparison: Comparison, lang: str, *, size: str = "wide") -> Picture:
    """Return the ratio of each group of a comparison with its interval, and of the whole."""
    from territory.pictures.figures import forest_figure

    return forest_figure(
        comparison.named(lang),
        comparison.before,
        comparison.after,
        about=_about(comparison, lang),
        whole=comparison.whole.iloc[0],
        size=size,
    )


def forest_figure(study: Study, selection: Selection, *, size: str = "wide") -> Picture:
    """Return the forest of a selection, by the level above the finest units if that has areas."""
    levels = study.file.levels
    by = levels[-2] if len(levels) > 2 else levels[-1]
    coarser = selection.renewed(by=by, show="change", place="")
    return forest(briefing.comparison(study, coarser), selection.lang, size=size)


def dumbbell(
    comparison: Comparison, lang: str, *, size: str = "wide", most: int = MOST_ROWS
) -> Picture:
    """Return the rates before and after of the groups of a comparison that surely changed most.

    Parameters
    ----------
    most
        Rows at most for falls, and for rises.
    """
    from territory.pictures.figures import dumbbell_figure

    table = comparison.named(lang)
    for side in ("before", "after"):
        own = crude_rate(table[f"count_{side}"], table[f"person_years_{side}"])
        table = table.join(own[["low", "high"]].add_prefix(f"{side}_"))
    sections = {
        way: ranked(table[table["change"].isin([way, f"{way}_firm"])], direction=way).head(most)
        for way in ("fell", "rose")
    }
    sections = {way: rows for way, rows in sections.items() if len(rows)}
    if not sections:
        known = table[(table["ratio_low"] > 0) & np.isfinite(table["ratio_high"])]
        sections = {"none": known.sort_values("p_value").head(most)}
    return dumbbell_figure(
        sections,
        comparison.before,
        comparison.after,
        about=_about(comparison, lang),
        most=most,
        size=size,
    )


def dumbbell_figure(study: Study, selection: Selection, *, size: str = "wide") -> Picture:
    """Return the rates before and after of the areas of a selection that surely changed most."""
    return dumbbell(briefing.comparison(study, selection), selection.lang, size=size)


def _about(comparison: Comparison, lang: str) -> About:
    return drawing.about(
        comparison.study,
        lang=lang,
        outcome=comparison.outcome,
        institution=comparison.institution,
        series=comparison.series,
        by=comparison.by,
    )


@lru_cache(maxsize=64)
def _years(study: Study, by: str, outcome: str, institution: str, series: str) -> pd.DataFrame:
    return study.series(by=by, outcome=outcome, institution=institution, population=series)


def _series(study: Study, chosen: Selection, by: str, group: str) -> pd.DataFrame:
    every = _years(study, by, chosen.outcome, chosen.institution, chosen.population)
    return cast("pd.DataFrame", every.xs(group))


def effect_pictures(found: Effect) -> tuple[str, ...]:
    """Return which charts an effect has something for, in the order a reader needs them."""
    has = {
        "counterfactual": not found.counterfactual.empty,
        "event_study": not found.leads.empty,
        "averted": len(found.averted) > 1,
        "placebo": not found.placebo.empty,
        "specification": not found.sensitivity.empty,
    }
    return tuple(name for name, there in has.items() if there)


@lru_cache(maxsize=64)
def effect_figure(
    name: str,
    event: str,
    design: str,
    unconfirmed: bool,
) -> Callable[..., Picture]:
    """Return the function that draws one chart of an effect for a study and a selection.

    Parameters
    ----------
    name
        One of `effect_pictures`.
    event, design, unconfirmed
        As `Study.effects` takes them.
    """

    def draw(study: Study, selection: Selection, *, size: str = "wide") -> Picture:
        return _drawn(effect(study, event, design, unconfirmed), selection, name, size)

    return draw


def effect_chart(found: StudyEffect, lang: str, *, name: str, size: str = "wide") -> Picture:
    """Return one chart of an effect; arguments as `territory.effecting.StudyEffect.figure`."""
    has = effect_pictures(found)
    if name not in has:
        raise unknown("--show", name, has)
    return _drawn(found, briefing.Selection.of(found.study, lang=lang), name, size)


def _drawn(found: StudyEffect, selection: Selection, name: str, size: str) -> Picture:
    study, entry = found.study, found.entry
    words = _sourced(drawing.selection_about(study, selection), study, entry)
    return _EFFECT_CHARTS[name](found, study, entry, about=words, size=size)


@lru_cache(maxsize=16)
def effect(study: Study, event: str, design: str, unconfirmed: bool) -> StudyEffect:
    """Return an effect (see `Study.effects`), computed once."""
    return study.effects(event, design=design, unconfirmed=unconfirmed)


def _sourced(words: About, study: Study, entry: Entry) -> About:
    """Return the words of a chart with the sources of a design that has its own figures."""
    if "counted_by" not in entry:
        return words
    label = study.file.label("comparators")
    card = next(card for card in study.cards if card.file == label)
    return replace(
        words,
        institution=entry["counted_by"][words.lang],
        population=entry["people_by"][words.lang],
        credit=card.credit[words.lang],
    )


def _counterfactual(found: Effect, _: Study, entry: Entry, **page: Any) -> Picture:
    from territory.pictures import figures

    lang = page["about"].lang
    path = found.counterfactual
    # Places start at different times: the first period in which any is treated.
    start = entry.get("start") or str(path.index[path["treated"] > 0][0])
    return figures.counterfactual_figure(
        path,
        event_label=effecting.title(entry, lang),
        start=start,
        end=entry.get("end"),
        **page,
    )


def _event_study(found: Effect, _: Study, __: Entry, **page: Any) -> Picture:
    from territory.pictures import figures

    return figures.event_study_figure(found.terms, leads=found.leads, **page)


def _averted(found: Effect, _: Study, __: Entry, **page: Any) -> Picture:
    from territory.pictures import figures

    return figures.averted_figure(found.averted, **page)


def _placebo(found: Effect, study: Study, _: Entry, **page: Any) -> Picture:
    from territory.pictures import figures

    named = study.comparators["name"].groupby(level="country").first()
    names = {str(code): str(name) for code, name in named.items()}
    return figures.placebo_figure(found.placebo, found.estimate, names=names, **page)


def _specification(found: Effect, study: Study, _: Entry, **page: Any) -> Picture:
    from territory.pictures import figures

    lang, file = page["about"].lang, study.file
    names = {
        series: file.word(("series", series, "short"), lang, default=series)
        for series in study.series_names
    }
    for value in found.sensitivity["institution"].unique():
        first, *more = value.split("+")
        short = file.word(("institution", first, "short"), lang)
        names[value] = say("pages.effects_and_others", lang, name=short) if more else short
    names |= {
        choice: say(f"pages.effects_{choice}", lang)
        for choice in ("institution", "population", "window", "start")
    }
    return figures.specification_figure(
        found.sensitivity, names=names, measure=found.measure, **page
    )


_EFFECT_CHARTS: dict[str, Callable[..., Picture]] = {
    "counterfactual": _counterfactual,
    "event_study": _event_study,
    "averted": _averted,
    "placebo": _placebo,
    "specification": _specification,
}
