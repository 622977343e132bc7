"""Briefing: choose two windows, read what can be said, take the whole of it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from territory.brief import content
from territory.brief.folder import STEPS, briefing_files, step_words
from territory.dashboard import address, blocks, controls, current, parts, results
from territory.evidence.writing import archive
from territory.text import say

if TYPE_CHECKING:
    from territory.briefing import Selection

# The last briefing of this visitor: one at a time, so that memory stays bounded.
_KEPT = "briefing"
_PLACES = {"pdf": "briefing.pdf", "deck": "briefing.pptx", "page": "briefing.html"}
_COLUMNS = (("what", "where"), ("not", "data", "territory"))
_TYPES = {
    "pdf": "application/pdf",
    "deck": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "page": "text/html",
    "tables": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "all": "application/zip",
}


def show(lang: str) -> None:
    """Write the page."""
    chosen = address.selection().renewed(lang=lang, show="change", place="")
    chosen = chosen.renewed(by=parts.drawable(chosen.by))
    comparison = results.comparison(chosen)
    blocks.headline(content.headline(comparison, lang), content.kicker(comparison, lang))
    _choices(chosen)
    for column, keys in zip(st.columns(2, gap="large"), _COLUMNS, strict=True):
        with column:
            for section in content.sections(comparison, lang):
                if section.key in keys:
                    blocks.section(section.heading)
                    blocks.paragraph(section.text)
    about = results.about(chosen)
    blocks.caption(say("pictures.source", lang, credit=about.credit), about.caveat)
    blocks.section(say("brief.page_take", lang), say("brief.page_take_note", lang))
    if st.button(say("brief.page_prepare", lang), key="prepare_briefing", type="primary"):
        _prepare(chosen)
    _offer(chosen)


def _choices(chosen: Selection) -> None:
    outcome, institution, by = st.columns(3)
    with outcome:
        controls.outcome(chosen)
    with institution:
        controls.institution(chosen)
    with by:
        controls.grouping(chosen, drawn=parts.drawn_levels())
    before, after = st.columns(2, gap="large")
    with before:
        controls.window(chosen, "before")
    with after:
        controls.window(chosen, "after")


def _prepare(chosen: Selection) -> None:
    """Make every file, telling each step, and keep them for this visitor."""
    bar = st.progress(0.0, text=step_words(STEPS[0], chosen.lang))

    def told(step: str) -> None:
        bar.progress(STEPS.index(step) / len(STEPS), text=step_words(step, chosen.lang))

    files = briefing_files(current.study(), chosen, told=told)
    bar.empty()
    st.session_state[_KEPT] = (current.study(), chosen, files, archive(files, folder="briefing"))


def _offer(chosen: Selection) -> None:
    """Offer the files, where they are of the view that is shown."""
    study, selection, files, packed = st.session_state.get(_KEPT, (None, None, {}, b""))
    if study is not current.study() or selection != chosen:
        return
    name = f"{current.study().name}_{chosen.before}_{chosen.after}".replace(":", "-")
    contents = {kind: files[place] for kind, place in _PLACES.items()}
    contents |= {"tables": files["tables.xlsx"], "all": packed}
    endings = {kind: place.rpartition(".")[2] for kind, place in _PLACES.items()}
    endings |= {"tables": "xlsx", "all": "zip"}
    with st.container(horizontal=True, key="downloads"):
        for kind, data in contents.items():
            st.download_button(
                say(f"brief.page_get_{kind}", chosen.lang, size=f"{len(data) / 1e6:.1f}"),
                data,
                file_name=f"{name}.{endings[kind]}",
                mime=_TYPES[kind],
                on_click="ignore",
                type="tertiary",
                key=f"download_{kind}",
            )
    lead = next(place for place in files if place.endswith("_change.png"))
    alt = files[lead.replace(".png", ".alt.txt")].decode().partition("\n")[0]
    st.image(files[lead])
    blocks.paragraph(alt)
