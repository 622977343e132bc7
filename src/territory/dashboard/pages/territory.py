"""Territory: who is reported where on a day, how old that evidence is, and violence beside it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, cast

import pandas as pd
import streamlit as st

from territory import reporting
from territory.dashboard import address, blocks, controls, current, parts, results, statements
from territory.dashboard.blocks import Column
from territory.dashboard.mapview import map_view
from territory.dashboard.pages import territory_violence
from territory.pictures.holders_words import ORDER, status_words
from territory.text import date, number, say

if TYPE_CHECKING:
    from territory.briefing import Selection

_ROWS = 14


def show(lang: str) -> None:
    """Write the page."""
    study = current.study()
    chosen = address.selection().renewed(lang=lang, show="holders", by=study.finest)
    if not reporting.has_reports(study):
        blocks.headline(say("territory.no_claims", lang), say("territory.no_claims_deck", lang))
        return
    chosen = chosen.renewed(on=chosen.on or reporting.opening_day(study))
    spec = results.specs(chosen.renewed(place=""))[0]
    blocks.headline(spec.title, f"{spec.takeaway} {spec.caveat}")
    _day(chosen)
    picture, beside = st.columns([1.7, 1], gap="large")
    with picture:
        map_view(
            spec,
            current.shapes(),
            key="territory_map",
            selected=chosen.place or None,
            on_unit=parts.choose_place,
            **parts.inset(lang),
        )
        blocks.picture_caption(spec)
    with beside:
        controls.place(chosen)
        _unit(chosen) if chosen.place in study.codes else _known(chosen)
    territory_violence.show(chosen)
    parts.chart(
        reporting.timeline_figure,
        chosen.renewed(on="", place="", before="", after=""),
        key="territory_timeline",
    )
    parts.downloads(
        chosen,
        table=reporting.holders_table(study, chosen.on, lang).assign(
            source=spec.credit, caveat=spec.caveat
        ),
        picture=lambda: results.picture(chosen.renewed(place="")),
        name=f"territory_{chosen.on}",
        window=chosen.on,
    )


def _day(chosen: Selection) -> None:
    """Choose the day, on a slider that stops where some status may change."""
    stops = {str(day) for day in reporting.days(current.study())} | {chosen.on}
    address.mirrored(
        st.select_slider,
        "on",
        chosen.on,
        say("territory.choose_on", chosen.lang),
        sorted(stops),
        format_func=lambda day: date(datetime.date.fromisoformat(day), chosen.lang),
        help=say("territory.choose_on_help", chosen.lang),
    )


def _known(chosen: Selection) -> None:
    """List where there is a status; a click or a choice opens the reports."""
    study, lang = current.study(), chosen.lang
    frame = study.holders(chosen.on)
    known = frame[frame["status"] != "no_data"]
    blocks.section(say("territory.known_title", lang), say("territory.known_note", lang))
    if known.empty:
        blocks.paragraph(say("territory.known_none", lang))
        return
    names = reporting.actor_names(study, lang)
    rows = pd.DataFrame(
        {
            "name": known["name"],
            "status": [status_words(row, names, lang, most=3) for _, row in known.iterrows()],
            "last": [date(day, lang, precision="short") for day in known["last_day"]],
        }
    )
    in_force = say("territory.in_force", lang)
    rows = rows.assign(last=rows["last"].where(known["stale"], in_force))
    order = known["status"].map({status: place for place, status in enumerate(ORDER)})
    rows = rows.loc[order.sort_values(kind="stable").index]
    columns = [
        Column("name", say("pages.column_name", lang)),
        Column("status", say("territory.column_status", lang)),
        Column("last", say("territory.column_last", lang), wide=True),
    ]
    with st.container(key="territory_list"):
        blocks.table(rows.head(_ROWS), columns, lang)
    if len(rows) > _ROWS:
        blocks.caption(say("territory.known_more", lang, n=number(len(rows) - _ROWS, lang)))


def _unit(chosen: Selection) -> None:
    """List every report on the chosen unit, and what each is worth on the day."""
    study, lang = current.study(), chosen.lang
    row = cast("pd.Series", study.holders(chosen.on).loc[chosen.place])
    names = reporting.actor_names(study, lang)
    status = status_words(row, names, lang)
    title = say("territory.claims_title", lang, name=study.full_name(chosen.place))
    blocks.section(title, f"{date(datetime.date.fromisoformat(chosen.on), lang)}: {status}.")
    claims = reporting.unit_claims(study, chosen.place, chosen.on)
    if claims.empty:
        blocks.paragraph(say("territory.claims_none", lang))
        return
    shown = claims.head(max(_ROWS // 2, int(claims["worth"].isin(statements.COUNTED).sum())))
    blocks.entries([statements.entry(claim, names, lang) for _, claim in shown.iterrows()])
    if len(claims) > len(shown):
        n = number(len(claims) - len(shown), lang)
        with st.expander(say("territory.claims_more", lang, n=n)):
            rest = claims.iloc[len(shown) :].head(statements.MOST)
            blocks.entries([statements.entry(claim, names, lang) for _, claim in rest.iterrows()])
