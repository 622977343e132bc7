"""Did it work? What an event changed, by which design, and every reason to doubt it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from territory import charting, effecting, text
from territory.dashboard import address, blocks, controls, current, parts, results
from territory.dashboard.blocks import Column, Figure
from territory.text import number, percent, say

if TYPE_CHECKING:
    from territory.effecting import Entry
    from territory.measures.effects import Effect, Note


def show(lang: str) -> None:
    """Write the page."""
    study = current.study()
    chosen = address.selection().renewed(lang=lang, place="")
    known = effecting.entries(study)
    if not known:
        blocks.headline(say("pages.effects_none", lang, place=study.title(lang)))
        return
    heading = st.container()
    entry, unconfirmed = _choices(known, lang)
    with st.spinner(say("pages.effects_wait", lang), show_time=True):
        found = results.effect(entry["event"], entry["design"], unconfirmed)
    with heading:
        blocks.headline(
            found.headline(lang, title=effecting.title(entry, lang)),
            say(f"pages.effects_design_{found.design}", lang),
        )
    blocks.numbers(_figures(found, lang))
    left, right = st.columns([1.6, 1], gap="large")
    with left, st.spinner(say("effects.page_drawing", lang), show_time=True):
        for name in charting.effect_pictures(found):
            draw = charting.effect_figure(name, entry["event"], entry["design"], unconfirmed)
            parts.chart(draw, chosen, key=f"effect_{name}")
            _below(name, found, lang)
    with right:
        _averted(found, lang)
        _notes(found, lang)
    parts.downloads(
        chosen,
        table=found.counterfactual,
        picture=lambda: results.chart_image(
            charting.effect_figure("counterfactual", entry["event"], entry["design"], unconfirmed),
            chosen,
        ),
        name=f"effect_{entry['event']}_{entry['design']}",
        window=effecting.title(entry, lang),
    )


def _choices(known: list[Entry], lang: str) -> tuple[Entry, bool]:
    """Choose the event with its design, and whether unconfirmed places count as treated."""
    names = [f"{entry['event']}-{entry['design']}" for entry in known]
    by_name = dict(zip(names, known, strict=True))
    asked = st.query_params.get("effect", "")
    left, right = st.columns([1.2, 1], gap="large", vertical_alignment="bottom")
    with left:
        name = controls.choice(
            "effect",
            asked if asked in by_name else names[0],
            say("pages.effects_choose", lang),
            names,
            lambda name: (
                f"{effecting.title(by_name[name], lang)} · "
                f"{say('effects.design_' + by_name[name]['design'], lang).lower()}"
            ),
        )
    entry = by_name[name]
    if not entry.get("unconfirmed"):
        return entry, False
    with right:
        words = say("pages.effects_unconfirmed", lang, n=len(entry["unconfirmed"]))
        on = st.query_params.get("unconfirmed") == "yes"
        return entry, controls.switch("unconfirmed", on, words)


def _figures(found: Effect, lang: str) -> list[Figure]:
    """Return the estimate, what could have been seen, the doubt from placebos, and the deaths."""
    digits = 2 if found.measure == "rate_ratio" else 1
    span = parts.span(found.low, found.high, lang, digits=digits)
    figures = [
        Figure(
            number(found.estimate, lang, digits=digits),
            say(f"pages.effects_{found.measure}", lang, span=span),
        ),
        *_detectable(found, lang),
        Figure(percent(found.placebo_p, lang), say("pages.effects_placebo", lang)),
    ]
    if found.averted.empty:
        return figures
    many = found.averted["averted"]
    reach = text.span(many.min(), many.max(), lang)
    reach = number(many.iloc[0], lang) if len(many) == 1 else reach
    key = "effects_averted_one" if len(many) == 1 else "effects_averted"
    return [*figures, Figure(reach, say(f"pages.{key}", lang, n=len(many)))]


def _detectable(found: Effect, lang: str) -> list[Figure]:
    """Return the smallest fall and rise that the design would probably see, if it can be told."""
    if math.isnan(found.detectable_fall):
        return []
    ends = [
        percent(ratio - 1, lang, signed=True)
        for ratio in (found.detectable_fall, found.detectable_rise)
    ]
    return [Figure(" / ".join(ends), say("effects.page_detectable", lang))]


def _below(name: str, found: Effect, lang: str) -> None:
    """Write under a chart what belongs to it: placebos, and choices that could not be answered."""
    if name == "placebo":
        for note in filter(_of_placebo, found.notes):
            blocks.paragraph(note.render(lang))
    if name == "specification":
        refused = found.choices(lang)["refused"].value_counts()
        for reason, n in refused.drop("", errors="ignore").items():
            told = " ".join(str(reason).split())
            blocks.caption(say("effects.page_refused", lang, n=number(n, lang), reason=told))


def _of_placebo(note: Note) -> bool:
    return note.key.startswith(("placebo_", "date_", "synthetic_rank"))


def _averted(found: Effect, lang: str) -> None:
    """Show cases averted or in excess, each beside the counterfactual that produced it."""
    if found.averted.empty:
        return
    rows = found.averted.assign(
        name=[
            say(f"effects.counterfactual_{name}", lang).capitalize() for name in found.averted.index
        ],
        span=parts.spans(found.averted, lang, digits=0),
    )
    blocks.section(
        say("pages.effects_averted_title", lang), say("pages.effects_averted_note", lang)
    )
    columns = [
        Column("name", say("pages.effects_if", lang)),
        Column("expected", say("pages.effects_expected", lang), "number"),
        Column("observed", say("pages.effects_observed", lang), "number", wide=True),
        Column("averted", say("pages.effects_fewer", lang), "number"),
        Column("span", say("pages.column_span", lang), "number", form=str),
    ]
    blocks.table(rows, columns, lang)


def _notes(found: Effect, lang: str) -> None:
    """Say everything that must be said with the estimate."""
    blocks.section(say("pages.effects_notes", lang))
    if said := found.detectable(lang):
        blocks.paragraph(said)
    for note in found.notes:
        if not _of_placebo(note):
            blocks.paragraph(note.render(lang))
