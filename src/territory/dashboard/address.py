"""The address is the one place where choices live; widgets mirror it.

Choices stand in it as stable codes (``?outcome=homicides_women``), so that a link
works in either language. What an address holds is untrusted: anything that the
study does not know falls back to the default view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from territory.briefing import Selection
from territory.dashboard import current

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from territory.evidence.schema import DataError


def selection() -> Selection:
    """Return what the address says, with defaults for what it does not say."""
    return _read()[0]


def refused() -> list[DataError]:
    """Return what the address asks for and the study does not have; defaults stand in for it."""
    return _read()[1]


def _read() -> tuple[Selection, list[DataError]]:
    given = {"lang": current.first_language()} | dict(st.query_params.items())
    return Selection.lenient(current.study(), given)


def put(**entries: str) -> None:
    """Write choices into the address; an empty one leaves it."""
    for name, value in entries.items():
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def view(chosen: Selection) -> str:
    """Return path and query that reopen this page with the same choices on any dashboard.

    What the address leaves to defaults is written out: defaults may change.
    """
    path = urlsplit(st.context.url or "").path or "/"
    entries = chosen.as_dict() | dict(st.query_params.items())
    return f"{path}?{urlencode(entries, safe=':')}"


def link(**entries: str) -> dict[str, str]:
    """Return the choices of this address, with some changed, for a link."""
    return {key: value for key, value in (dict(st.query_params.items()) | entries).items() if value}


def mirrored(
    draw: Callable[..., Any],
    name: str,
    value: Any,
    /,
    *arguments: Any,
    code: Callable[[Any], str] = str,
    key: str = "",
    **options: Any,
) -> Any:
    """Draw a widget that shows `value` and writes what is chosen into the address as `name`.

    Parameters
    ----------
    draw
        Streamlit's function, for example ``st.selectbox``.
    name
        The entry of the address.
    value
        What the address says now.
    arguments, options
        Passed on to `draw`.
    code
        Turns the widget's value into the entry of the address.
    key
        Of the widget, where several write one entry.
    """
    key = key or f"choose_{name}"
    st.session_state[key] = value
    return draw(*arguments, key=key, on_change=_write, args=(name, key, code), **options)


def _write(name: str, key: str, code: Callable[[Any], str]) -> None:
    chosen = st.session_state[key]
    put(**{name: "" if chosen is None else code(chosen)})


def window_text(years: Sequence[int]) -> str:
    """Write two years as a window: ``2010:2011``, or ``2010`` where they are one."""
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first}:{last}"
