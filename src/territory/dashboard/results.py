"""What pages show, computed once per selection and shared by all visitors of the same study.

The study is read-only and selections are small frozen values, so a plain cache
is enough; what is returned here must not be changed. What follows from a visitor's
own file is kept apart (`visitor.Kept`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from territory import briefing, charting, drawing
from territory.checks import Check, check_study
from territory.dashboard import current, visitor
from territory.dashboard.mapview import class_letters
from territory.evidence.periods import Window
from territory.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from territory.briefing import Selection
    from territory.comparing import Comparison
    from territory.measures.effects import Effect
    from territory.pictures.captions import About
    from territory.pictures.figures import Picture
    from territory.pictures.mapspec import MapSpec


@visitor.Kept
def rates(selection: Selection) -> pd.DataFrame:
    """Return the table of rates of a selection."""
    return briefing.rates(current.study(), selection)


@visitor.Kept
def comparison(selection: Selection) -> Comparison:
    """Return the comparison of a selection."""
    return briefing.comparison(current.study(), selection)


@visitor.Kept
def specs(selection: Selection) -> tuple[MapSpec, ...]:
    """Return the maps of a selection as data."""
    return tuple(drawing.specs(current.study(), selection))


@visitor.Kept
def frames(selection: Selection) -> dict[str, str]:
    """Return the classes of every year, so that the browser can play them by itself."""
    years = current.study().years(selection.outcome, selection.institution)
    every = [selection.renewed(period=str(year), place="") for year in years]
    return {one.period: class_letters(specs(one)[0], current.shapes()) for one in every}


@visitor.Kept
def series(selection: Selection) -> pd.DataFrame:
    """Return rates of every group of a selection in every period; index ``unit, period``."""
    return current.study().series(
        by=selection.by,
        outcome=selection.outcome,
        institution=selection.institution,
        population=selection.population,
    )


@visitor.Kept
def picture(selection: Selection, size: str = "slide") -> bytes:
    """Return the still map of a selection as PNG."""
    from territory.pictures.figures import image

    maps = drawing.specs(current.study(), selection)
    return image(drawing.still(maps, current.study(), by=selection.by, size=size))


def label(window: str, lang: str) -> str:
    """Return a window as a reader would write it."""
    return Window.parse(window).label(lang)


def about(selection: Selection) -> About:
    """Return what pictures of a selection say about their numbers."""
    return drawing.selection_about(current.study(), selection)


@visitor.Kept
def similar(selection: Selection) -> pd.Index:
    """Return the places most like the chosen one."""
    return briefing.similar(current.study(), selection)


def row(selection: Selection, unit: str) -> pd.Series:
    """Return one row of the table of rates of a selection."""
    return cast("pd.Series", rates(selection.renewed(place="")).loc[unit])


def series_of(selection: Selection, unit: str) -> pd.DataFrame:
    """Return the rates of one group of a selection in every period; index ``period``."""
    return cast("pd.DataFrame", series(selection.renewed(place="")).xs(unit))


@visitor.Kept
def chart(draw: Callable[..., Picture], selection: Selection) -> tuple[str, str]:
    """Return a chart of a selection as SVG, for a wide page and for a phone."""
    from territory.pictures.figures import svg

    wide, narrow = (draw(current.study(), selection, size=size) for size in ("wide", "narrow"))
    return svg(wide), svg(narrow)


def chart_image(draw: Callable[..., Picture], selection: Selection) -> bytes:
    """Return a chart of a selection as PNG."""
    from territory.pictures.figures import image

    return image(draw(current.study(), selection, size="wide"))


@visitor.Kept
def denominators(selection: Selection) -> pd.DataFrame:
    """Return the rate of the whole place over every population series that covers it."""
    return briefing.denominators(current.study(), selection)


def effect(event: str, design: str, unconfirmed: bool) -> Effect:
    """Return the effect of an event by a design."""
    return charting.effect(current.study(), event, design, unconfirmed)


@visitor.Kept
def checks(lang: str) -> list[Check]:
    """Return the checks of the study."""
    return check_study(current.study().file.path, lang=lang)


def warm() -> None:
    """Compute what the first visitor will ask for, before there is one."""
    study = current.study()
    for lang in LANGUAGES:
        chosen = briefing.Selection.of(study, lang=lang, show="change")
        series(chosen.renewed(by="total"))
        specs(chosen)
        chart(charting.national_figure, chosen)
        specs(briefing.Selection.of(study, lang=lang))
