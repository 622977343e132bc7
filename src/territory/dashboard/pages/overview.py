"""Overview: what happened to the whole place, with the events on the time axis, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from territory import briefing, charting
from territory.dashboard import address, blocks, current, parts, results
from territory.dashboard.blocks import Figure
from territory.dashboard.mapview import map_view
from territory.text import number, percent, say

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Headline, Selection
    from territory.measures.windows import WindowCount


def show(lang: str) -> None:
    """Write the page."""
    study = current.study()
    chosen = briefing.Selection.of(study, lang=lang, show="change")
    whole = results.series_of(chosen.renewed(by="total"), "total")
    headlines = briefing.headlines(study, lang)
    year = parts.one_year(chosen.period)
    _headline(chosen, whole, year)
    figures = [Figure(percent(one.change, lang, digits=1), one.text) for one in headlines]
    blocks.numbers([*figures[:3], _firm(chosen)])
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        parts.chart(charting.national_figure, chosen, key="national_chart")
    with right:
        spec = results.specs(chosen)[-1]
        spans = {name: results.label(getattr(chosen, name), lang) for name in ("before", "after")}
        blocks.section(say("pages.overview_where", lang, **spans))
        picked = address.selection().place
        map_view(
            replace(spec, subtitle=""),
            current.shapes(),
            key="overview_map",
            selected=picked or None,
            on_unit=parts.choose_place,
            height=380,
            **parts.inset(lang),
        )
        blocks.picture_caption(spec)
        parts.place_line(chosen.renewed(place=picked))
    _composed(headlines, lang)
    parts.downloads(
        chosen,
        table=whole,
        picture=lambda: results.chart_image(charting.national_figure, chosen),
        name=f"{chosen.outcome}_{whole.index[0]}-{whole.index[-1]}",
        window=f"{whole.index[0]}–{whole.index[-1]}",
    )


def _headline(chosen: Selection, whole: pd.DataFrame, year: str) -> None:
    """Say the rate of the study's own year, and the lowest and the highest after it."""
    study, lang = current.study(), chosen.lang
    row = whole.loc[year]
    values = {
        "year": year,
        "place": study.title(lang),
        "cases": study.file.outcome_word(chosen.outcome, "unit", lang),
        "rate": number(row["rate"], lang, digits=1),
    }
    later = whole[whole.index > row.name]["rate"].dropna()
    key = "overview_headline_one"
    if len(later) > 1:
        ends = later.iloc[sorted({int(later.argmin()), int(later.argmax())})]
        for name, (period, rate) in zip(("one", "other"), ends.items(), strict=True):
            values |= {f"{name}_year": str(period), name: number(rate, lang, digits=1)}
        key = "overview_headline"
    about = results.about(chosen)
    deck = say(
        "pages.overview_deck",
        lang,
        **values
        | {
            "rate": number(row["rate"], lang, digits=2),
            "count": number(row["count"], lang),
            "institution": about.institution,
            "people": number(row["person_years"], lang),
            "population": about.population,
            "span": parts.span(row["low"], row["high"], lang),
            "n": number(len(study.codes), lang),
            "units": about.units,
            "first": whole.index[0],
            "last": whole.index[-1],
        },
    )
    blocks.headline(say(f"pages.{key}", lang, **values), deck)


def _firm(chosen: Selection) -> Figure:
    """Return in how many units the change stays firm; what happened in more of them comes first."""
    lang = chosen.lang
    changes = results.comparison(chosen).table["change"]
    count = {way: int((changes == f"{way}_firm").sum()) for way in ("fell", "rose")}
    lead, other = ("rose", "fell") if count["rose"] > count["fell"] else ("fell", "rose")
    n = number(len(changes), lang)
    words = say(
        f"pages.overview_firm_{lead}",
        lang,
        units=results.about(chosen).units,
        before=results.label(chosen.before, lang),
        after=results.label(chosen.after, lang),
        other=number(count[other], lang),
        n=n,
    )
    return Figure(say("pages.overview_firm", lang, led=number(count[lead], lang), n=n), words)


def _composed(headlines: list[Headline], lang: str) -> None:
    """Show how each percentage is put together from published totals."""
    if not headlines:
        return
    blocks.section(say("pages.overview_sixty", lang), say("pages.overview_sixty_text", lang))
    for headline in headlines:
        sums = {
            f"{side}_sum": _arithmetic(getattr(headline, side), lang)
            for side in ("before", "after")
        }
        days = {
            side: number(getattr(headline, side).per_day, lang, digits=1)
            for side in ("before", "after")
        }
        change = percent(headline.change, lang, digits=1)
        blocks.paragraph(say("pages.overview_sixty_row", lang, change=change, **days, **sums))


def _arithmetic(counted: WindowCount, lang: str) -> str:
    """Write a count as the sum that it is: ``1.525 = 2.594 + 156 − 1.225 (PNC)``."""
    file = current.study().file
    terms = "".join(
        f" {'+' if sign > 0 else '−'} {number(count, lang)}"
        for sign, count in zip(counted.rows["sign"], counted.rows["count"], strict=True)
    ).removeprefix(" + ")
    total = number(counted.count, lang)
    left = total if terms == total else f"{total} = {terms}"
    who = ", ".join(file.word(("institution", i, "short"), lang) for i in counted.institutions)
    return f"{left}, {counted.window.label(lang)}, {who}"
