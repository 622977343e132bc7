"""Data: where each number comes from, what is wrong with it, and whether it still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from territory import charting
from territory.dashboard import (
    address,
    blocks,
    controls,
    current,
    parts,
    results,
    upload_view,
)
from territory.dashboard.blocks import Column
from territory.text import number, say

if TYPE_CHECKING:
    from territory.briefing import Selection


def show(lang: str) -> None:
    """Write the page."""
    study = current.study()
    chosen = address.selection().renewed(lang=lang, by=study.finest, place="")
    blocks.headline(
        say("pages.data_headline", lang), say("pages.data_deck", lang, n=len(study.cards))
    )
    upload_view.section(lang)
    _sources(lang)
    _limits(lang)
    _series(chosen)
    _denominators(chosen)
    _checks(lang)
    example = f"/api/rates?period={chosen.period}&by=total"
    blocks.caption(say("pages.data_api", lang, address=example))


def _sources(lang: str) -> None:
    blocks.section(say("pages.data_sources", lang))
    columns = [
        Column("title", say("pages.data_file", lang)),
        Column("publisher", say("pages.data_publisher", lang)),
        Column("licence", say("pages.data_licence", lang)),
        Column("years", say("pages.data_years", lang), wide=True),
        Column("processing", say("pages.data_done", lang), wide=True),
    ]
    blocks.table(current.study().sources_in(lang), columns, lang)


def _limits(lang: str) -> None:
    """Say what the data do not say, and what is known to be wrong with each series."""
    file = current.study().file
    for key in ("limits", "caveat"):
        if words := file.word((key,), lang, default=""):
            if key == "limits":
                blocks.section(say("pages.data_limits", lang))
            blocks.paragraph(words)
    notes = {
        file.outcome_word(outcome, "title", lang): " ".join(
            filter(None, (file.outcome_word(outcome, entry, lang) for entry in ("note", "detail")))
        )
        for outcome in file.outcomes
    }
    notes |= {
        file.word(("series", series, "title"), lang): file.word(
            ("series", series, "note"), lang, default=""
        )
        for series in current.study().series_names
    }
    table = pd.DataFrame({"what": notes.keys(), "note": notes.values()})
    blocks.section(say("pages.data_notes", lang))
    blocks.table(table[table["note"] != ""], [Column("what", ""), Column("note", "")], lang)


def _series(chosen: Selection) -> None:
    """Show any of the series over all its years, where its breaks can be seen, and give it away."""
    study = current.study()
    outcome, institution, _ = st.columns([1, 1, 1])
    with outcome:
        controls.outcome(chosen)
    with institution:
        controls.institution(chosen)
    parts.chart(charting.national_figure, chosen, key="data_series")
    years = study.years(chosen.outcome, chosen.institution)
    parts.downloads(
        chosen,
        table=results.series(chosen),
        picture=lambda: results.chart_image(charting.national_figure, chosen),
        name=f"{chosen.outcome}_{chosen.institution}_{study.finest}",
        window="–".join(map(str, (years[0], years[-1]))),
    )


def _denominators(chosen: Selection) -> None:
    """Divide the same count by every population series there is."""
    lang, about = chosen.lang, results.about(chosen)
    table = results.denominators(chosen)
    count = table["count"].iloc[0]
    note = say(
        "pages.data_denominators_note",
        lang,
        count=number(count, lang),
        cases=about.cases,
        window=results.label(chosen.period, lang),
        institution=about.institution,
    )
    blocks.section(say("pages.data_denominators", lang), note)
    file = current.study().file
    table = table.assign(
        series=[file.word(("series", str(name), "title"), lang) for name in table.index],
        span=parts.spans(table, lang),
    )
    columns = [
        Column("series", say("pages.data_series", lang)),
        Column("person_years", say("pages.column_people", lang), "number"),
        Column("rate", say("pages.column_rate", lang), "number", digits=2),
        Column("span", say("pages.column_span", lang), "number", form=str),
    ]
    blocks.table(table, columns, lang, total=chosen.population)


def _checks(lang: str) -> None:
    """Run the checks when asked, and show those that are not exactly met."""
    blocks.section(say("pages.data_checks", lang), say("pages.data_checks_note", lang))
    if not st.button(say("pages.data_checks_run", lang), key="run_checks"):
        return
    checks = results.checks(lang)
    good = sum(check.ok for check in checks)
    blocks.paragraph(say("pages.data_checks_result", lang, good=good, n=len(checks)))
    uneven = [check.as_dict() for check in checks if not check.ok or check.value != check.expected]
    if uneven:
        columns = [
            Column("check", say("pages.data_check", lang)),
            Column("value", say("pages.data_found", lang), "number", form=str),
            Column("expected", say("pages.data_expected", lang), "number", form=str),
        ]
        blocks.table(pd.DataFrame(uneven), columns, lang, title=say("pages.data_differs", lang))
