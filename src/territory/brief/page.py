"""A briefing as one HTML file: text, the interactive map, charts and tables; asks no other host."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from territory import charting, drawing
from territory.brief import provenance
from territory.text import say

if TYPE_CHECKING:
    from territory.brief.parts import Brief, Illustration, Table

# Nothing is asked of any host; the map's frame, part of this file, is held to the same.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
_CHARTS = {
    "series": charting.national_figure,
    "surest": charting.dumbbell_figure,
    "regions": charting.forest_figure,
}
# Columns that a phone leaves out.
_WIDE = ("count_before", "count_after")
_STYLE = """
:root { --ink: #1f2933; --muted: #5f6b7a; --rule: #e4e7eb; --accent: #70284a; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 2.5rem 1.5rem 3rem; color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.25; margin: .2rem 0 .6rem; max-width: 28em; text-wrap: balance; }
h2 { font-size: 1.05rem; margin: 0 0 .3rem; }
p { margin: 0 0 .6rem; max-width: 46em; }
.kicker { color: var(--accent); font-weight: 700; font-size: .9rem; }
.muted, figcaption, footer { color: var(--muted); font-size: .85rem; }
.texts { display: grid; grid-template-columns: 1fr 1fr; gap: 1.4rem 2.5rem; margin: 2rem 0; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(34rem, 100%), 1fr)); gap: 2rem 2.5rem; }
iframe { border: 0; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule);
  display: block; height: 820px; margin: 1.5rem 0; width: 100%; }
figure { margin: 0 0 1.5rem; }
figure.whole { grid-column: 1 / -1; }
figure svg, figure img { display: block; height: auto; max-width: 100%; }
section.table { margin: 0 0 2rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; width: 100%; }
th { border-bottom: 1px solid var(--ink); color: var(--muted); font-size: .8rem; font-weight: 600;
  text-align: left; vertical-align: bottom; }
th, td { padding: .3rem .6rem .3rem 0; }
td { border-bottom: 1px solid var(--rule); vertical-align: top; }
.sources td { overflow-wrap: break-word; }
caption { padding-bottom: .5rem; text-align: left; }
caption b { color: var(--ink); display: block; font-size: 1.17em; }
tbody th { border-bottom: 1px solid var(--rule); color: inherit; font-size: inherit;
  font-weight: 400; vertical-align: top; }
.printed { display: none; }
th.n, td.n { padding: .3rem 0 .3rem .6rem; text-align: right; }
td.n { white-space: nowrap; }
footer { border-top: 1px solid var(--rule); margin-top: 2rem; padding-top: 1rem; }
footer p { max-width: none; overflow-wrap: anywhere; }
code { font-size: .95em; }
@media (max-width: 760px) {
  body { padding: 1.2rem 1rem 2rem; }
  h1 { font-size: 1.45rem; }
  .texts, .pictures { grid-template-columns: minmax(0, 1fr); }
  .wide { display: none; }
  .sources thead { display: none; }
  .sources table, .sources tbody, .sources tr, .sources td { border: 0; display: block; padding: 0; }
  .sources tr { border-bottom: 1px solid var(--rule); padding: .4rem 0; }
  .sources td + td { color: var(--muted); }
}
@media (min-width: 761px), print { .narrow { display: none; } }
@media screen and (max-width: 760px) { .broad { display: none; } }
@page { margin: 15mm; }
@media print {
  body { font-size: 10pt; padding: 0; }
  iframe { display: none; }
  .printed { display: block; }
  .pictures { display: block; }
  figure, tr, .texts section { break-inside: avoid; }
  h2, caption, thead { break-after: avoid; }
}
"""
# On a narrow screen the map's page is as high as its words need; it says so to this one.
_GROW = """
addEventListener("message", event => {
  const frame = document.querySelector("iframe");
  if (event.source === frame.contentWindow && innerWidth <= 760 && event.data > 0)
    frame.style.height = Math.min(event.data, 4000) + "px";
});
"""
_TELL = """<script>
new ResizeObserver(() => parent.postMessage(document.body.scrollHeight + 24, "*"))
  .observe(document.body);
</script></body>"""


def html_page(brief: Brief) -> str:
    """Return a briefing as the text of one self-contained HTML file."""
    lang = brief.lang
    whole, *others = brief.shown_tables
    sections = "".join(
        f"<section><h2>{escape(one.heading)}</h2><p>{escape(one.text)}</p></section>"
        for one in brief.sections
    )
    pictures = "".join(_figure(one, brief) for one in brief.figures if one.name != "change")
    tables = "".join(_table(table, lang) for table in others)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="author" content="territory">'
        f"<title>{escape(brief.headline)}</title><style>{_STYLE}</style></head><body>"
        f'<header><p class="kicker">{escape(brief.kicker)}</p>'
        f"<h1>{_unbroken(escape(brief.headline))}</h1><p>{escape(brief.takeaway)}</p></header><main>"
        f"{_table(whole, lang)}{_map(brief)}"
        f'<div class="texts">{sections}</div><div class="pictures">{pictures}</div>{tables}'
        f"{_sources(brief)}</main>{_foot(brief)}<script>{_GROW}</script></body></html>\n"
    )


def _map(brief: Brief) -> str:
    """Return the interactive map in a frame of its own, which is part of this file."""
    maps = drawing.specs(brief.study, brief.selection)
    inside = drawing.interactive_page(maps, brief.study, brief.selection)
    inside = inside.replace("</body>", _TELL, 1)
    title = escape(say("brief.map_frame", brief.lang))
    # Without a sandbox: browsers do not lay out a foreign frame below the fold, and a map
    # without a size cannot be drawn.
    frame = f'<iframe title="{title}" srcdoc="{escape(inside)}"></iframe>'
    still = brief.figure("change")
    # A frame prints as a hole; paper gets the picture of the same maps.
    return f'{frame}<div class="printed">{_picture(still)}</div>' if still else frame


def _unbroken(text: str) -> str:
    """Keep the two ends of a span of years on one line."""
    return text.replace("–", "\u2060–\u2060")


def _figure(one: Illustration, brief: Brief) -> str:
    """Return a chart as SVG, whose text stays text, or a map as a picture with its words.

    A chart is there twice, as its letters cannot be read when it shrinks to a phone;
    the one that is not shown is not read out either.
    """
    from territory.pictures.figures import svg

    if not one.caption or one.picture.tips:
        draw = _CHARTS.get(one.name)
        if draw is None:
            return f"<figure>{svg(one.picture)}</figure>"
        slim = draw(brief.study, brief.selection, size="narrow")
        return (
            f'<figure class="broad">{svg(one.picture)}</figure>'
            f'<figure class="narrow">{svg(slim)}</figure>'
        )
    return _picture(one)


def _picture(one: Illustration) -> str:
    data = base64.b64encode(one.png).decode()
    return (
        f'<figure class="whole"><img src="data:image/png;base64,{data}" '
        f'alt="{escape(one.alt)}"></figure>'
    )


def _table(table: Table, lang: str) -> str:
    classes = [
        " ".join(
            filter(
                None,
                [
                    "n" if column.digits is not None or column.key == "span" else "",
                    "wide" if column.key in _WIDE else "",
                ],
            )
        )
        for column in table.columns
    ]
    head = "".join(
        f'<th scope="col" class="{kind}">{escape(column.title)}</th>'
        for kind, column in zip(classes, table.columns, strict=True)
    )
    rows = "".join(
        "<tr>"
        f'<th scope="row">{escape(cells[0])}</th>'
        + "".join(
            f'<td class="{kind}">{escape(cell)}</td>'
            for kind, cell in zip(classes[1:], cells[1:], strict=True)
        )
        + "</tr>"
        for cells in table.cells(lang)
    )
    return (
        '<section class="table"><table><caption class="muted">'
        f"<b>{escape(table.title)}</b>{escape(table.note)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _sources(brief: Brief) -> str:
    names = ("title", "publisher", "years", "licence")
    lang = brief.lang
    head = "".join(
        f'<th scope="col"{_wide(name)}>{escape(say(f"brief.source_{name}", lang))}</th>'
        for name in names
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{_wide(name)}>{escape(str(row[name]))}</td>" for name in names)
        + "</tr>"
        for row in brief.sources.to_dict("records")
    )
    title = escape(say("brief.sources", lang))
    return (
        f'<section class="table sources"><h2>{title}</h2><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></section>"
    )


def _wide(name: str) -> str:
    return ' class="wide"' if name == "years" else ""


def _foot(brief: Brief) -> str:
    lang = brief.lang
    how = say("brief.reopen_how", lang, study=brief.study.name)
    again = f"<p>{escape(say('brief.readme_again', lang))}: <code>"
    return (
        f"<footer><p>{escape(brief.credit)}. {escape(brief.licence)}. {escape(brief.caveat)}</p>"
        f"<p>{escape(say('brief.reopen', lang, address=brief.address))} · {escape(how)}</p>"
        f"{again}{escape(provenance.command(brief))}</code></p></footer>"
    )
