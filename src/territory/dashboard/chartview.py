"""Charts as SVG on a page: `st.html` removes SVG, so a component of a few lines writes them."""

from __future__ import annotations

import base64
import json
import zlib

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
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

export default async function ({ parentElement, data }) {
  const host = parentElement.querySelector(".territory-chart");
  if (host.territoryText === data.packed) return;
  host.territoryText = data.packed;
  const charts = await unpack(data.packed);
  if (host.territoryText !== data.packed) return; // something newer is on its way
  host.replaceChildren(...Object.entries(charts).map(([name, chart]) => {
    const box = document.createElement("div");
    box.className = name;
    const parsed = new DOMParser().parseFromString(chart, "image/svg+xml");
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
    # Two charts packed together travel as an eighth of their text.
    text = json.dumps({"wide": wide, "narrow": narrow}, ensure_ascii=False)
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    _component(key=key, data={"packed": packed})
