"""The part of the page Territory about violence: rates and changes by reported territory."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import streamlit as st

from territory import reporting, violence
from territory.dashboard import address, blocks, controls, current, parts, results, visitor
from territory.dashboard.blocks import Column
from territory.evidence.schema import DataError
from territory.text import date, number, percent, say

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Selection
    from territory.comparing import Comparison


def show(chosen: Selection) -> None:
    """Write the section; `chosen` has the day in ``on``."""
    study, lang = current.study(), chosen.lang
    blocks.section(say("territory.violence", lang), _coverage(chosen))
    by = _by(chosen)
    if by == "holder" and study.holders(chosen.on)["holder"].isna().all():
        blocks.paragraph(say("territory.violence_no_holder", lang))
        by = "status"
    if by == "border" and not violence.borders(study, chosen.on).borders:
        blocks.paragraph(say("territory.violence_no_border", lang))
        by = "status"
    chosen = chosen.renewed(
        place="", by=study.finest, period=reporting.year_beside(study, chosen, chosen.on)
    )
    with st.container(key="territory_tables"):
        _rates(chosen, by)
        _changes(chosen, by)
    about = results.about(chosen)
    source = say("pictures.source", chosen.lang, credit=about.credit)
    blocks.caption(_band_note(chosen, by), source, about.caveat)


def _band_note(chosen: Selection, by: str) -> str:
    """Say what was varied, and how often."""
    found = violence.variants(current.study(), by, chosen.on)
    drawn = any("draw" in name for name in found)
    key = {
        "intervention": "band_note_intervention",
        "border": "band_note_border_draws" if drawn else "band_note_border",
    }.get(by, "band_note" if drawn else "band_note_carry")
    return say(f"territory.{key}", chosen.lang, n=number(len(found), chosen.lang))


def _by(chosen: Selection) -> str:
    """Choose by what violence is told apart."""
    offered = violence.groupings(current.study())
    by = str(st.query_params.get("by", ""))
    by = by if by in offered else offered[0]
    address.mirrored(
        st.segmented_control,
        "by",
        by,
        say("territory.choose_by", chosen.lang),
        offered,
        format_func=lambda code: say(f"territory.by_{code}", chosen.lang),
        required=True,
    )
    return by


def _coverage(chosen: Selection) -> str:
    study, lang = current.study(), chosen.lang
    year = reporting.year_beside(study, chosen, chosen.on)
    found = violence.covered(study, chosen.renewed(period=year), on=chosen.on)
    return say(
        "territory.violence_coverage",
        lang,
        known=number(found.known, lang),
        all=number(found.units, lang),
        units=results.about(chosen).units,
        people=percent(found.people_known / found.people, lang),
    )


@visitor.Kept
def rates(chosen: Selection, by: str) -> pd.DataFrame:
    """Return `violence.rates` of the shown study, kept for the next visitor."""
    return violence.rates(current.study(), chosen, by=by, on=chosen.on)


@visitor.Kept
def changes(chosen: Selection, by: str) -> tuple[Comparison, pd.DataFrame]:
    """Return `violence.changes` of the shown study, kept for the next visitor."""
    return violence.changes(current.study(), chosen, by=by, on=chosen.on)


def _rates(chosen: Selection, by: str) -> None:
    lang, about = chosen.lang, results.about(chosen)
    window = results.label(chosen.period, lang)
    table = rates(chosen.renewed(before="", after=""), by)
    told = {
        "date": date(datetime.date.fromisoformat(chosen.on), lang),
        "cases": about.cases,
        "window": window,
    }
    key = "violence_year" if chosen.on[:4] == chosen.period else "violence_clamped"
    key = "violence_intervention" if by == "intervention" else key
    note = say(f"territory.{key}", lang, **told)
    if by == "holder":
        note = f"{note} {say('territory.violence_whose', lang)}"
    if by == "border":
        note = f"{note} {_borders(chosen)}"
    title = say("territory.violence_rates", lang, outcome=about.outcome, window=window)
    blocks.section(title, note)
    shown = table.assign(span=parts.spans(table, lang), band=_bands(table, lang, digits=1))
    columns = [
        Column("name", say("territory.column_group", lang)),
        Column("units", say("territory.column_units", lang), "number"),
        Column("person_years", say("territory.column_people", lang), "number", wide=True),
        Column("count", say("pages.column_count", lang), "number", wide=True),
        Column("rate", say("pages.column_rate", lang), "number", digits=1),
        Column("span", say("pages.column_span", lang), "number", form=str),
        Column("band", say("territory.column_band", lang), "number", form=str),
    ]
    blocks.table(shown, columns, lang)


def _borders(chosen: Selection) -> str:
    """Say what a border is, and how much of it there is that day."""
    lang = chosen.lang
    found = violence.borders(current.study(), chosen.on)
    return say(
        "territory.violence_border",
        lang,
        n=number(found.borders, lang),
        pairs=number(found.pairs, lang),
        km=number(found.length_km, lang),
    )


def _changes(chosen: Selection, by: str) -> None:
    lang = chosen.lang
    spans = {side: results.label(getattr(chosen, side), lang) for side in ("before", "after")}
    day = date(datetime.date.fromisoformat(chosen.on), lang)
    grouped = say("territory.violence_grouped", lang, date=day)
    note = say("territory.violence_change_note", lang)
    blocks.section(
        say("territory.violence_change", lang, **spans),
        note if by == "intervention" else f"{grouped} {note}",
    )
    before, after = st.columns(2, gap="large")
    with before:
        controls.window(chosen, "before")
    with after:
        controls.window(chosen, "after")
    try:
        _, table = changes(chosen.renewed(period=""), by)
    except DataError as error:
        blocks.paragraph(error.render(lang))
        return
    ratio_spans = [
        parts.span(low, high, lang, digits=2)
        for low, high in zip(table["ratio_low"], table["ratio_high"], strict=True)
    ]
    shown = table.assign(span=ratio_spans, band=_bands(table, lang, digits=2))
    columns = [
        Column("name", say("territory.column_group", lang)),
        Column("units", say("territory.column_units", lang), "number", wide=True),
        Column(
            "rate_before", f"{say('pages.column_before', lang)}, {spans['before']}", "number", 1
        ),
        Column("rate_after", f"{say('pages.column_after', lang)}, {spans['after']}", "number", 1),
        Column("rate_ratio", say("pages.column_change", lang), "number", digits=2),
        Column("span", say("pages.column_span", lang), "number", form=str),
        Column("band", say("territory.column_band", lang), "number", form=str, wide=True),
    ]
    blocks.table(shown, columns, lang)


def _bands(table: pd.DataFrame, lang: str, *, digits: int) -> list[str]:
    """Write the bands; where nothing changes it says so."""
    found = []
    for low, high in zip(table["band_low"], table["band_high"], strict=True):
        same = round(low, digits) == round(high, digits)
        text = (
            say("territory.band_none", lang) if same else parts.span(low, high, lang, digits=digits)
        )
        found.append(text)
    return found
