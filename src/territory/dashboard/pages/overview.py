"""Overview: what happened to the whole place, with the events on the time axis, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from territory import briefing, charting
from territory.dashboard import address, blocks, current, parts, results
from territory.dashboard.blocks import Figure
from territory.dashboard.mapview import map_view
from territory.text import number, percent, say

if TYPE_CHECKING:
    from territory.briefing import Headline, Selection
    from territory.measures.windows import WindowCount


def show(lang: str) -> None:
    """Write the page."""
    study = current.study()
    chosen = briefing.Selection.of(study, lang=lang, show="change")
    two = briefing.comparable(study, chosen)
    whole = results.series_of(chosen.renewed(by="total"), "total")
    headlines = briefing.headlines(study, lang)
    year = parts.one_year(chosen)
    _headline(chosen, whole, year)
    figures = [Figure(percent(one.change, lang, digits=1), one.text) for one in headlines]
    if two:
        blocks.numbers([*(figures[:3] or _changed(chosen)), _firm(chosen)])
    left, right = st.columns([1.6, 1], gap="large")
    with left:
        parts.chart(charting.national_figure, chosen, key="national_chart")
    with right:
        chosen = chosen if two else chosen.renewed(show="rate")
        spec = results.specs(chosen)[-1]
        spans = {name: results.label(getattr(chosen, name), lang) for name in ("before", "after")}
        key = "overview_where" if two else "overview_where_one"
        blocks.section(
            say(f"pages.{key}", lang, period=results.label(chosen.period, lang), **spans)
        )
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
        "count": number(row["count"], lang),
    }
    key, others = _other_years(whole["rate"].dropna(), row.name, lang)
    values |= others
    about = results.about(chosen)
    bare = bool(pd.isna(row["rate"]))  # too many counts without a population
    if bare:
        key = "overview_headline_bare"
    deck = say(
        "pages.overview_deck_bare" if bare else "pages.overview_deck",
        lang,
        **values
        | {
            "rate": number(row["rate"], lang, digits=2),
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


def _other_years(rates: pd.Series, year: object, lang: str) -> tuple[str, dict[str, str]]:
    """Return the sentence for a year, and what it says of others: two later ones, or the one before."""
    earlier, later = rates[rates.index < year], rates[rates.index > year]
    if later.min() < later.max():
        ends = later.iloc[sorted([int(later.argmin()), int(later.argmax())])]
        key = "overview_headline"
    elif len(earlier):
        key, ends = "overview_headline_before", earlier.iloc[-1:]
    else:
        return "overview_headline_one", {}
    values: dict[str, str] = {}
    for name, (period, rate) in zip(("one", "other"), ends.items(), strict=False):
        values |= {f"{name}_year": str(period), name: number(rate, lang, digits=1)}
    return key, values


def _changed(chosen: Selection) -> list[Figure]:
    """Return by how much the rate of the whole place changed, where no other figure is prepared."""
    lang = chosen.lang
    row = results.comparison(chosen).whole.iloc[0]
    if not row["rate_ratio"] > 0:
        return []
    change = percent(row["rate_ratio"] - 1, lang, signed=True)
    words = say(
        "pages.overview_changed",
        lang,
        before=results.label(chosen.before, lang),
        after=results.label(chosen.after, lang),
        ratio=number(row["rate_ratio"], lang, digits=2),
        span=parts.span(row["ratio_low"], row["ratio_high"], lang, digits=2),
    )
    return [Figure(change, words)]


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
