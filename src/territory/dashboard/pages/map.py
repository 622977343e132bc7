"""Map: where, in any year or month, for any outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from territory.dashboard import address, blocks, controls, current, parts, results
from territory.dashboard.blocks import Column
from territory.dashboard.mapview import map_view
from territory.evidence.periods import Window
from territory.text import say

if TYPE_CHECKING:
    from territory.briefing import Selection

_ROWS = 12


def show(lang: str) -> None:
    """Write the page."""
    chosen = address.selection().renewed(lang=lang)
    if chosen.show not in controls.SHOWN:
        chosen = chosen.renewed(show="rate")
    chosen = chosen.renewed(by=parts.drawable(chosen.by), period=_period(chosen))
    spec = results.specs(chosen)[0]
    blocks.headline(spec.title, spec.takeaway)
    _choices(chosen)
    picture, beside = st.columns([2.1, 1], gap="large")
    with picture:
        controls.moment(chosen)
        controls.reported(chosen)
        played = chosen.by == current.study().finest and parts.one_year(chosen) == chosen.period
        map_view(
            spec,
            current.shapes(),
            key="map",
            selected=chosen.place or None,
            frames=results.frames(chosen.renewed(place="", reported="")) if played else None,
            period=chosen.period,
            on_unit=parts.choose_place,
            on_period=lambda period: address.put(period=period),
            **parts.inset(lang),
            **parts.coarser(chosen),
        )
        blocks.picture_caption(spec)
        parts.place_line(chosen)
    with beside:
        controls.place(chosen)
        _table(chosen)
    parts.downloads(
        chosen,
        table=results.rates(chosen),
        picture=lambda: results.picture(chosen.renewed(place="")),
        name=f"{chosen.outcome}_{chosen.show}_{chosen.period}".replace(":", "-"),
    )


def _period(chosen: Selection) -> str:
    """Return the year, or the months of one year, that the address names; else a whole year."""
    window = Window.parse(chosen.period)
    return chosen.period if len(window.years) == 1 else parts.one_year(chosen)


def _choices(chosen: Selection) -> None:
    outcome, institution, quantity, by = st.columns([1.2, 1.2, 1.4, 0.9])
    with outcome:
        controls.outcome(chosen)
    with institution:
        controls.institution(chosen)
    with quantity:
        controls.quantity(chosen)
    with by:
        controls.grouping(chosen, drawn=parts.drawn_levels())


def _table(chosen: Selection) -> None:
    lang = chosen.lang
    order = "count" if chosen.show == "count" else "low"
    # nlargest would fill up with rows that have no number.
    rows = results.rates(chosen).dropna(subset=order).nlargest(_ROWS, order)
    columns = [
        Column("name", say("pages.column_name", lang)),
        Column("count", say("pages.column_count", lang), "number"),
    ]
    if chosen.show != "count":
        smoothed = chosen.show == "smoothed_rate"
        rows = rows.assign(span=parts.spans(rows, lang))
        if smoothed:
            title = say("pages.column_smoothed", lang)
            columns.append(Column("smoothed_rate", title, "number", digits=1))
        else:
            columns.append(Column("rate", say("pages.column_rate", lang), "number", digits=1))
        columns.append(Column("span", say("pages.column_span", lang), "number", form=str))
    heading = "map_table_count" if order == "count" else "map_table"
    note = "" if order == "count" else say("pages.map_table_note", lang)
    blocks.section(say(f"pages.{heading}", lang), note)
    blocks.table(rows, columns, lang)
