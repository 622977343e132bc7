"""What several pages show alike: the chosen place, downloads, charts, the words of a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from territory import citing, text
from territory.dashboard import address, blocks, current, results, visitor
from territory.dashboard.chartview import chart_view
from territory.dashboard.contents import pages
from territory.documents import csv_text
from territory.evidence.periods import Window
from territory.text import MISSING, number, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.briefing import Selection
    from territory.pictures.figures import Picture


def drawn_levels() -> tuple[str, ...]:
    """Return the groupings that the map can draw: the finest units, and the levels between."""
    levels = current.study().file.levels
    return (levels[-1], *levels[1:-1])


def drawable(by: str) -> str:
    """Return `by`, or the finest level where the map cannot draw it."""
    return by if by in drawn_levels() else current.study().finest


def one_year(chosen: Selection) -> str:
    """Return the whole year nearest to where the period begins, for a page that shows one."""
    first = Window.parse(chosen.period).first.year
    years = current.study().years(chosen.outcome, chosen.institution)
    return str(min(years, key=lambda year: abs(year - first), default=first))


def inset(lang: str) -> dict[str, Any]:
    """Return the one-click zoom that the study names."""
    entry = current.study().file.entries.get("inset")
    if not entry:
        return {}
    title = current.study().file.word(("inset", "title"), lang)
    return {"inset": tuple(entry["bbox"]), "inset_label": title}


def coarser(chosen: Selection) -> dict[str, Any]:
    """Return the group of each area and the groups' names, where rows are coarser than areas."""
    study = current.study()
    if chosen.by in ("unit", study.finest):
        return {}
    members = study.members(chosen.by)
    groups = pd.Index(dict.fromkeys(members.values()))
    names = study.group_names(chosen.by, groups, chosen.lang)
    return {"members": members, "names": dict(zip(groups, names, strict=True))}


def choose_place(code: str) -> None:
    """Put a clicked area into the address; a department is no place of its own."""
    if code in current.study().codes:
        address.put(place=code)


def spans(rows: pd.DataFrame, lang: str, *, digits: int = 1, of: str = "") -> list[str]:
    """Write the intervals of a table: the smoothed ones where it has them."""
    prefix = of or ("smoothed_" if "smoothed_low" in rows else "")
    return [
        span(low, high, lang, digits=digits)
        for low, high in zip(rows[f"{prefix}low"], rows[f"{prefix}high"], strict=True)
    ]


def span(low: Any, high: Any, lang: str, *, digits: int = 1) -> str:
    """Write one interval; a dash where there is none."""
    if pd.isna(low) or pd.isna(high):
        return MISSING
    return text.span(low, high, lang, digits=digits)


def place_line(chosen: Selection) -> None:
    """Write what is known about the chosen place in the chosen window, and a way to its page."""
    study, lang = current.study(), chosen.lang
    if chosen.place not in study.codes:
        return
    row = results.row(chosen.renewed(by=study.finest, show="rate"), chosen.place)
    name, window = study.full_name(chosen.place), results.label(chosen.period, lang)
    if pd.isna(row["rate"]):
        blocks.paragraph(say("pages.place_line_no_data", lang, name=name, window=window))
    else:
        words = say(
            "pages.place_line",
            lang,
            name=name,
            window=window,
            rate=number(row["rate"], lang, digits=1),
            span=span(row["low"], row["high"], lang),
            cases=study.file.outcome_word(chosen.outcome, "unit", lang),
            count=number(row["count"], lang),
        )
        blocks.paragraph(words)
    st.page_link(
        pages()["place"],
        label=say("pages.open_place", lang, name=name),
        query_params=address.link(place=chosen.place),
    )


def downloads(
    chosen: Selection,
    *,
    table: pd.DataFrame,
    picture: Callable[[], bytes],
    name: str,
    window: str = "",
) -> None:
    """Offer picture, table and citation of a page; the picture is drawn when asked for.

    Parameters
    ----------
    table
        Gets the credit and the caveat of its numbers as columns, unless it has a ``source``.
    name
        Of the files, without their ending.
    window
        What the page covers, for the citation; the selection's window where nothing is said.
    """
    study = current.study()
    cited = citing.citation(study, chosen, address.view(chosen), window=window)
    if "source" not in table:
        about = results.about(chosen)
        table = table.assign(source=about.credit, caveat=about.caveat)
    with st.container(horizontal=True, key="downloads"):
        st.download_button(
            say("pages.download_picture", chosen.lang),
            visitor.bound(picture),
            file_name=f"{study.name}_{name}.png",
            mime="image/png",
            on_click="ignore",
            type="tertiary",
            key="download_picture",
        )
        st.download_button(
            say("pages.download_table", chosen.lang),
            lambda: csv_text(table).encode("utf-8-sig"),
            file_name=f"{study.name}_{name}.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            key="download_table",
        )
        st.download_button(
            say("pages.download_citation", chosen.lang),
            cited.encode(),
            file_name=f"{study.name}_{name}_citation.txt",
            mime="text/plain",
            on_click="ignore",
            type="tertiary",
            key="download_citation",
        )


def chart(draw: Callable[..., Picture], chosen: Selection, *, key: str) -> None:
    """Draw a chart of a selection, for a wide page and for a phone."""
    wide, narrow = results.chart(draw, chosen)
    chart_view(wide, narrow, key=key)
