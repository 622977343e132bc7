"""The choices on top of a page, each a mirror of the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from territory import reporting
from territory.dashboard import address, current
from territory.evidence.periods import Window
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from territory.briefing import Selection

CHARTS = ("surest", "regions")
SHOWN = ("rate", "smoothed_rate", "count")


def outcome(chosen: Selection) -> None:
    """Choose what is counted."""
    file = current.study().file
    counted = list(current.study().pairs.index.get_level_values("outcome").unique())
    address.mirrored(
        st.selectbox,
        "outcome",
        chosen.outcome,
        say("pages.choose_outcome", chosen.lang),
        counted,
        format_func=lambda code: file.outcome_word(code, "title", chosen.lang),
    )


def institution(chosen: Selection) -> None:
    """Choose who counted; shown also where there is one, since it says whose number it is."""
    file = current.study().file
    counting = list(current.study().pairs.loc[chosen.outcome].index)
    address.mirrored(
        st.selectbox,
        "institution",
        chosen.institution,
        say("pages.choose_institution", chosen.lang),
        counting,
        format_func=lambda code: file.word(("institution", code, "title"), chosen.lang),
        disabled=len(counting) == 1,
    )


def quantity(chosen: Selection) -> None:
    """Choose rate, smoothed rate or count."""
    address.mirrored(
        st.segmented_control,
        "show",
        chosen.show if chosen.show in SHOWN else "rate",
        say("pages.choose_show", chosen.lang),
        SHOWN,
        format_func=lambda code: say(f"pages.show_{code}", chosen.lang),
        required=True,
    )


def grouping(chosen: Selection, *, drawn: tuple[str, ...]) -> None:
    """Choose by which areas, among those that a map can draw."""
    file = current.study().file
    address.mirrored(
        st.selectbox,
        "by",
        chosen.by if chosen.by in drawn else drawn[0],
        say("pages.choose_by", chosen.lang),
        drawn,
        format_func=lambda code: file.word(("level", code, "many"), chosen.lang).capitalize(),
    )


def period(chosen: Selection, *, partly: bool = False) -> None:
    """Choose the year, on a slider; `partly`: also years that were counted in part."""
    study = current.study()
    years = {year: str(year) for year in study.years(chosen.outcome, chosen.institution)}
    if partly:
        first, last = (Window.parse(str(end)) for end in _ends(chosen))
        for year in range(first.first.year, last.last.year + 1):
            years[year] = Window.parse(str(year)).inside(first, last).text
    address.mirrored(
        st.select_slider,
        "period",
        Window.parse(chosen.period).first.year,
        say("pages.choose_period", chosen.lang),
        sorted(years),
        format_func=lambda year: Window.parse(years[year]).label(chosen.lang),
        code=lambda year: years[year],
    )


def moment(chosen: Selection) -> None:
    """Choose the year and, where counts are monthly, one of its months."""
    if not _ends(chosen)[0].freqstr.startswith("M"):
        period(chosen)
        return
    year, part = st.columns([3, 1])
    with year:
        period(chosen, partly=True)
    with part:
        month(chosen)


def month(chosen: Selection) -> None:
    """Choose a month of the year, or all of it."""
    first, last = _ends(chosen)
    year = Window.parse(Window.parse(chosen.period).first.isoformat()[:4])
    whole = year.inside(Window.parse(str(first)), Window.parse(str(last)))
    months = [str(one) for one in whole.periods("M")]
    address.mirrored(
        st.selectbox,
        "period",
        chosen.period if chosen.period in months else whole.text,
        say("pages.choose_month", chosen.lang),
        [whole.text, *months],
        format_func=lambda text: (
            say("pages.all_months", chosen.lang)
            if text == whole.text == year.text
            else Window.parse(text).label(chosen.lang)
        ),
        key="choose_month",
    )


def _ends(chosen: Selection) -> tuple[pd.Period, pd.Period]:
    return current.study().span(chosen.outcome, chosen.institution)


def window(chosen: Selection, name: str) -> None:
    """Choose the first and last year of the window ``before`` or ``after``."""
    window = Window.parse(getattr(chosen, name))
    span = (window.first.year, window.last.year)
    years = current.study().years(chosen.outcome, chosen.institution)
    address.mirrored(
        st.select_slider,
        name,
        span,
        say(f"pages.choose_{name}", chosen.lang),
        sorted({*years, *span}),  # an address may name some months of a year that is not whole
        value=span,  # makes it a slider with two handles
        code=address.window_text,
    )


def scaling(chosen: Selection) -> None:
    """Choose whether intervals allow for what counts vary beyond chance."""
    switch("scaled", chosen.scaled == "yes", say("pages.choose_scaled", chosen.lang))


def chart(chosen: Selection, shown: str) -> None:
    """Choose which chart stands under the tables of a comparison."""
    address.mirrored(
        st.segmented_control,
        "chart",
        shown,
        say("pages.choose_chart", chosen.lang),
        CHARTS,
        format_func=lambda code: say(f"brief.slide_{code}", chosen.lang),
        required=True,
    )


def reported(chosen: Selection, *, help_key: str = "switch_help") -> None:
    """Choose whether maps have outlines of reported territory; not where there are no reports."""
    if reporting.has_reports(current.study()):
        words, hint = (say(f"overlay.{key}", chosen.lang) for key in ("switch", help_key))
        switch("reported", chosen.reported == "yes", words, hint)


def switch(name: str, on: bool, words: str, hint: str | None = None) -> bool:
    """Choose yes or no; the address has the entry only for yes."""
    return bool(
        address.mirrored(
            st.checkbox, name, on, words, code=lambda yes: "yes" if yes else "", help=hint
        )
    )


def choice(
    name: str, value: str, words: str, options: list[str], called: Callable[[str], str]
) -> str:
    """Choose one of a few things of a page's own."""
    return str(address.mirrored(st.selectbox, name, value, words, options, format_func=called))


def place(chosen: Selection) -> None:
    """Choose a place by name: the keyboard's way to do what a click on the map does."""
    study = current.study()
    codes = sorted(study.codes, key=lambda code: study.full_name(code).casefold())
    address.mirrored(
        st.selectbox,
        "place",
        chosen.place if chosen.place in study.codes else None,
        say("pages.choose_place", chosen.lang),
        codes,
        index=None,
        format_func=study.full_name,
        placeholder=say("pages.choose_place_hint", chosen.lang),
    )
