"""Charts as SVG on a page: `st.html` removes SVG, so a component of a few lines writes them."""

from __future__ import annotations

import streamlit as st

_CSS = """\
.territory-chart { container-type: inline-size; }
.territory-chart > .narrow { display: none; }
@container (max-width: 520px) {
  .territory-chart > .wide { display: none; }
  .territory-chart > .narrow { display: block; }
}
"""
_JS = """\
export default function ({ parentElement, data }) {
  const host = parentElement.querySelector(".territory-chart");
  const text = data.wide + data.narrow;
  if (host.territoryText === text) return;
  host.territoryText = text;
  host.replaceChildren(...["wide", "narrow"].map((name) => {
    const box = document.createElement("div");
    box.className = name;
    const parsed = new DOMParser().parseFromString(data[name], "image/svg+xml");
    box.append(document.importNode(parsed.documentElement, true));
    return box;
  }));
}
"""
_component = st.components.v2.component(
    "territory_chart", html='<div class="territory-chart"></div>', css=_CSS, js=_JS
)


def chart_view(wide: str, narrow: str, *, key: str) -> None:
    """Draw a chart: `wide`, or `narrow` where its place is at most 520 pixels wide.

    Parameters
    ----------
    wide, narrow
        Two SVG documents of our own making, with title and description inside.
        They are written as they are: never pass text that somebody sent.
    key
        Name of the chart on the page; it is redrawn only when it changes.
    """
    _component(key=key, data={"wide": wide, "narrow": narrow})
