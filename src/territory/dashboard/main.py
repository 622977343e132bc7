"""The frame of every page: language, navigation, and the page that is open."""

from __future__ import annotations

import streamlit as st

from territory.dashboard import address, blocks, faults, upload_view, visitor
from territory.dashboard.contents import pages
from territory.evidence.schema import DataError
from territory.text import LANGUAGES, say


def language(lang: str) -> None:
    """Draw the language switch."""
    with st.container(key="language", width="content"):
        address.mirrored(
            st.segmented_control,
            "lang",
            lang,
            say("dashboard.language", lang),
            LANGUAGES,
            required=True,
            label_visibility="collapsed",
        )


def navigation(lang: str) -> tuple[st.Page, str]:
    """Draw the bar with the pages; return the one that is open, and its name."""
    every = pages(lang)
    opened = st.navigation(list(every.values()), position="hidden")
    here = next(name for name, page in every.items() if page.url_path == opened.url_path)
    for name, page in every.items():
        with st.container(key=f"{'here' if name == here else 'page'}_{name}", width="content"):
            # The choices travel along: a link to a page is a link to the same selection.
            st.page_link(page, label=page.title, query_params=address.link())
    return opened, here


def main() -> None:
    """Write one page."""
    lang = faults.page_language()
    st.set_page_config(layout="wide", initial_sidebar_state="collapsed")
    bar = st.container(key="bar", horizontal=True, vertical_alignment="center", gap=None)
    with bar:
        blocks.product()
        with st.container(key="links", horizontal=True, gap=None):
            opened, here = navigation(lang)
        language(lang)
    st.set_page_config(page_title=f"{say(f'dashboard.page_{here}', lang)} · territory")
    upload_view.banner(lang, here)
    shared = upload_view.shared(here)
    # The address of a visitor names their own series, which a shared page does not know.
    known = not (shared and visitor.own())
    try:
        with visitor.of_all(shared=shared):
            if known:
                faults.show_refused(address.refused(), lang)
            opened.run()
    except DataError as error:
        faults.show_fault(error)
