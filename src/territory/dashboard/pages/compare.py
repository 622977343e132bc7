"""Before and after: three maps that move together, and what can be told apart from chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from territory import charting
from territory.dashboard import address, blocks, controls, current, parts, results
from territory.dashboard.blocks import Column
from territory.dashboard.mapview import map_view
from territory.measures.comparison import ranked
from territory.text import say

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Selection

_ROWS = 12


def show(lang: str) -> None:
    """Write the page."""
    chosen = address.selection().renewed(lang=lang, show="change")
    chosen = chosen.renewed(by=parts.drawable(chosen.by))
    heading = st.container()
    _choices(chosen)
    comparison = results.comparison(chosen.renewed(place="", reported=""))
    specs = results.specs(chosen.renewed(place=""))
    with heading:
        blocks.headline(specs[-1].title, specs[-1].takeaway)
    map_view(
        specs,
        current.shapes(),
        key="compare_map",
        selected=chosen.place or None,
        on_unit=parts.choose_place,
        height=360,
        **parts.inset(lang),
        **parts.coarser(chosen),
    )
    blocks.picture_caption(specs[-1])
    parts.place_line(chosen)
    blocks.section(say("pages.compare_summary", lang))
    blocks.paragraph(comparison.summary(lang))
    controls.scaling(chosen)
    table = comparison.named(lang)
    _tables(table, chosen)
    _chart(chosen.renewed(place="", reported=""))
    parts.downloads(
        chosen,
        table=table,
        picture=lambda: results.picture(chosen.renewed(place="")),
        name=f"{chosen.outcome}_{chosen.before}_{chosen.after}".replace(":", "-"),
    )


def _chart(chosen: Selection) -> None:
    """Draw one chart at a time: on a slow line each of them counts."""
    draw = charting.dumbbell_figure
    if len(current.study().file.levels) > 2:
        shown = st.query_params.get("chart", "surest")
        controls.chart(chosen, shown if shown in controls.CHARTS else "surest")
        if shown == "regions":
            draw = charting.forest_figure
    parts.chart(draw, chosen, key="compare_chart")


def _choices(chosen: Selection) -> None:
    outcome, institution, by, place = st.columns(4)
    with outcome:
        controls.outcome(chosen)
    with institution:
        controls.institution(chosen)
    with by:
        controls.grouping(chosen, drawn=parts.drawn_levels())
    with place:
        controls.place(chosen)
    before, after = st.columns(2, gap="large")
    with before:
        controls.window(chosen, "before")
    with after:
        controls.window(chosen, "after")
    controls.reported(chosen, help_key="switch_help_before")


def _tables(table: pd.DataFrame, chosen: Selection) -> None:
    """Show where the rate fell and rose, ranked by the bound nearest to no change."""
    fell, rose = st.columns(2, gap="large")
    for column, kind in ((fell, "fell"), (rose, "rose")):
        rows = table[table["change"].isin([kind, f"{kind}_firm"])]
        with column:
            _table(ranked(rows, direction=kind).head(_ROWS), kind, chosen)


def _table(rows: pd.DataFrame, kind: str, chosen: Selection) -> None:
    lang = chosen.lang
    note = say("pages.compare_note" if len(rows) else "pages.compare_none", lang)
    blocks.section(say(f"pages.compare_{kind}", lang), note)
    if rows.empty:
        return
    shown = rows.assign(
        span=[
            parts.span(low, high, lang, digits=2)
            for low, high in zip(rows["ratio_low"], rows["ratio_high"], strict=True)
        ],
        firm=[say(f"pictures.change_{change}", lang) for change in rows["change"]],
    )
    columns = [
        Column("name", say("pages.column_name", lang)),
        Column("count_before", say("pages.column_before", lang), "number"),
        Column("count_after", say("pages.column_after", lang), "number"),
        Column("rate_ratio", say("pages.column_change", lang), "number", digits=2),
        Column("span", say("pages.column_span", lang), "number", form=str),
        Column("relative_ratio", say("pages.column_relative", lang), "number", digits=2, wide=True),
        Column("firm", "", wide=True),
    ]
    blocks.table(shown, columns, lang)
