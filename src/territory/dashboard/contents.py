"""What the dashboard contains: its pages, in the order of the navigation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from territory.dashboard.faults import page_language
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Callable


class Entry(NamedTuple):
    """One page.

    Parameters
    ----------
    name
        Module in ``dashboard/pages`` whose ``show(lang)`` writes the page; also
        the key of its title in the catalogue (``dashboard.page_<name>``).
    path
        Its address, the same in every language; empty for the first page.
    """

    name: str
    path: str

    def show(self, lang: str) -> Callable[[], None]:
        """Return the function that writes the page in `lang`."""

        def write() -> None:
            import_module(f"territory.dashboard.pages.{self.name}").show(lang)

        return write


PAGES = (
    Entry("overview", ""),
    Entry("map", "map"),
    Entry("compare", "compare"),
    Entry("territory", "territory"),
    Entry("place", "place"),
    Entry("effects", "effects"),
    Entry("briefing", "briefing"),
    Entry("data", "data"),
)


def pages(lang: str | None = None) -> dict[str, st.Page]:
    """Return the pages by name, for the navigation and for links to one of them."""
    lang = lang or page_language()
    return {
        entry.name: st.Page(
            entry.show(lang),
            title=say(f"dashboard.page_{entry.name}", lang),
            url_path=entry.path or "overview",
            default=not entry.path,
        )
        for entry in PAGES
    }
