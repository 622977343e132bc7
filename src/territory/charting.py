"""Charts of a selection: the whole over time, one place, ratios of groups, effects of an event."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from territory import briefing, drawing
from territory.evidence.schema import unknown

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Selection
    from territory.comparing import Comparison
    from territory.pictures.figures import Picture
    from territory.study import Study


def national_figure(study: Study, selection: Selection, *, size: str = "wide") -> Picture:
    """Return the rate of the whole place over time, with the events of the first rank."""
    from territory.pictures.figures import series_figure

    events = study.events[study.events["rank"] == 1] if len(study.events) else None
    rates = _series(study, selection, "total", "total")
    values = rates["rate"].to_numpy(dtype=float)
    own = [str(period)[:4] for period in rates.index].index(selection.period[:4])
    marked = {own, int(np.nanargmin(values)), int(np.nanargmax(values)), len(values) - 1}
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
    return figures.place_figure(
        figures.Line(str(names[unit]), _series(study, selection, study.finest, unit)),
        about=drawing.selection_about(study, selection),
        department=figures.Line(
            study.area_name(above, unit, selection.lang), _series(study, selection, level, above)
        ),
        nation=figures.Line(
            study.title(selection.lang), _series(study, selection, "total", "total")
        ),
        similar=every["rate"].unstack("unit")[list(briefing.similar(study, selection))],
        size=size,
    )


def forest(comparison: Comparison, lang: str, *, size: str = "wide") -> Picture:
    """Return the ratio of each group of a comparison with its interval, and of the whole."""
    from territory.pictures.figures import forest_figure

    words = drawing.about(
        comparison.study,
        lang=lang,
        outcome=comparison.outcome,
        institution=comparison.institution,
        series=comparison.series,
        by=comparison.by,
    )
    return forest_figure(
        comparison.named(lang),
        comparison.before,
        comparison.after,
        about=words,
        whole=comparison.whole.iloc[0],
        size=size,
    )


def forest_figure(study: Study, selection: Selection, *, size: str = "wide") -> Picture:
    """Return the forest of a selection, by the level above the finest units."""
    coarser = selection.renewed(by=study.file.levels[-2], show="change", place="")
    return forest(briefing.comparison(study, coarser), selection.lang, size=size)


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
def effect_figure(name: str, event: str, design: str, unconfirmed: bool) -> Callable[..., Picture]:
    """Return the function that draws one chart of an effect for a study and a selection."""

    def draw(study: Study, selection: Selection, *, size: str = "wide") -> Picture:
        from territory.pictures.figures import effects as figures

        found = _effect(study, event, design, unconfirmed)
        words = drawing.selection_about(study, selection)
        label = next(
            entry["title"][selection.lang]
            for entry in study.file.entries["effect"]
            if (entry["event"], entry["design"]) == (event, design)
        )
        return _EFFECT_FIGURES[name](figures, found, words, label, size)

    return draw


@lru_cache(maxsize=16)
def _effect(study: Study, event: str, design: str, unconfirmed: bool) -> Effect:
    return study.effects(event, design=design, unconfirmed=unconfirmed)
