"""What a visitor sees when something is wrong. The rest of the dashboard keeps working."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from territory.dashboard import blocks, current
from territory.evidence.schema import DataError
from territory.text import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_REFUSED = 3


def page_language() -> str:
    """Return the language of the address; any other word in it means the first language."""
    lang = st.query_params.get("lang", "")
    return lang if lang in LANGUAGES else current.first_language()


def show_refused(errors: Sequence[DataError], lang: str) -> None:
    """Write which parts of the address were left out, and what they might have been."""
    if errors:
        told = (error.render(lang) for error in errors[:_MOST_REFUSED])
        blocks.caption(say("dashboard.refused", lang), *told)


def show_fault(error: Exception) -> bool:
    """Write what is wrong in place of the rest of the page; Streamlit calls this.

    Bad input is explained as the command line explains it. A fault of ours gets a
    sentence; Streamlit writes its trace to the terminal, never to the visitor.

    Returns
    -------
    bool
        True: nothing else need be shown.
    """
    lang = page_language()
    if isinstance(error, DataError):
        blocks.fault(error.render(lang), lang)
    else:
        blocks.fault(say("dashboard.fault_unexpected", lang), lang)
    return True
