"""The words of an interactive map as HTML: heads, switches, legends, list of areas, table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from territory.pictures.scales import HATCH, MUTED, NOT_APPLICABLE
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.pictures.layers import Overlay
    from territory.pictures.reported_marks import Mark
    from territory.pictures.scales import LegendItem
    from territory.pictures.spec import MapSpec


def swiped(maps: Sequence[MapSpec]) -> bool:
    """Tell whether maps are before, after and change: the first two then share a slider."""
    return len(maps) == 3 and maps[-1].kind == "change"


def page_words(
    maps: Sequence[MapSpec], overlays: Sequence[Overlay], names: Mapping[str, str]
) -> str:
    """Return everything around the map.

    Parameters
    ----------
    maps
        The last one is shown first.
    overlays
        Layers to switch on and off.
    names
        Name of each unit that is drawn.
    """
    heads, legends, feet = (
        "".join(_of_layer(place, tag, part(spec), maps) for place, spec in enumerate(maps))
        for tag, part in (("div", _head), ("section", _legend), ("div", _foot))
    )
    tools = f"{_choice(maps)}{_switches(overlays, maps[-1].lang)}{_find(names, maps[-1].lang)}"
    keys = "".join(_overlay_legend(overlay) for overlay in overlays)
    lang = maps[-1].lang
    return (
        f'<noscript><p class="t-plain">{escape(say("pictures.no_script", lang))}</p></noscript>'
        f'<header class="t-head">{heads}<div class="t-tools">{tools}</div>'
        f'<p class="t-said" role="status"></p></header>'
        f'<aside class="t-side">{legends}{keys}</aside>'
        f'<footer class="t-foot">{feet}{_table(maps)}</footer>'
    )


def _of_layer(place: int, tag: str, content: str, maps: Sequence[MapSpec]) -> str:
    hidden = "" if place == len(maps) - 1 else " hidden"
    return f'<{tag} data-layer="{place}"{hidden}>{content}</{tag}>'


def _head(spec: MapSpec) -> str:
    return (
        f"<h1>{escape(spec.title)}</h1><p>{escape(spec.takeaway)}</p>"
        f'<p class="t-sub">{escape(spec.subtitle)}</p>'
    )


def _choice(maps: Sequence[MapSpec]) -> str:
    """Return the choice of map; with before and after also the slider between them."""
    if len(maps) == 1:
        return ""
    lang = maps[-1].lang
    named = [(str(place), spec.panel or spec.title) for place, spec in enumerate(maps)]
    options = [
        f'<label><input type="radio" name="t-layer" value="{value}" autocomplete="off"'
        f"{' checked' if value == str(len(maps) - 1) else ''}>{escape(words)}</label>"
        for value, words in named
    ]
    slider = ""
    if swiped(maps):
        words = escape(say("pictures.swipe", lang))
        options.append(
            '<label><input type="radio" name="t-layer" value="swipe" autocomplete="off">'
            f"{words}</label>"
        )
        before, after = (escape(spec.panel) for spec in maps[:2])
        label = say("pictures.swipe_label", lang, before=before, after=after)
        slider = (
            f'<div class="t-swipe" hidden><span>{before}</span>'
            '<input type="range" min="0" max="100" step="1" value="50" autocomplete="off" '
            f'aria-label="{label}"><span>{after}</span></div>'
        )
    legend = escape(say("pictures.maps_title", lang))
    return (
        f'<fieldset class="t-layers"><legend>{legend}</legend>{"".join(options)}</fieldset>{slider}'
    )


def _switches(overlays: Sequence[Overlay], lang: str) -> str:
    if not overlays:
        return ""
    boxes = [
        f'<label><input type="checkbox" name="t-overlay" value="{escape(overlay.id)}" '
        f'autocomplete="off"{" checked" if overlay.shown else ""}>{escape(overlay.title)}</label>'
        for overlay in overlays
    ]
    legend = escape(say("pictures.layers_title", lang))
    return f'<fieldset class="t-layers"><legend>{legend}</legend>{"".join(boxes)}</fieldset>'


def _find(names: Mapping[str, str], lang: str) -> str:
    """Return a list of areas: the way to every number without a mouse."""
    listed = sorted(names.items(), key=lambda pair: pair[1])
    options = "".join(
        f'<option value="{escape(unit)}">{escape(name)}</option>' for unit, name in listed
    )
    none = escape(say("pictures.find_none", lang))
    return (
        f'<label class="t-find">{escape(say("pictures.find", lang))} '
        f'<select autocomplete="off"><option value="">{none}</option>{options}</select></label>'
    )


def _table(maps: Sequence[MapSpec]) -> str:
    """Return the numbers of all maps as a table, closed until somebody opens it."""
    lead = maps[-1]
    title, area = (
        escape(say(f"pictures.{key}", lead.lang)) for key in ("table_title", "table_area")
    )
    heads = "".join(f'<th scope="col">{escape(spec.panel or spec.subtitle)}</th>' for spec in maps)
    labels = [{item.id: item.label for item in spec.legend} for spec in maps]
    rows = []
    for unit, row in lead.rows.sort_values("name").iterrows():
        cells = "".join(
            f"<td>{_cell(spec, str(unit), words)}</td>"
            for spec, words in zip(maps, labels, strict=True)
        )
        rows.append(f'<tr><th scope="row">{escape(str(row["name"]))}</th>{cells}</tr>')
    return (
        f'<details class="t-table"><summary>{title}</summary><table><thead><tr>'
        f'<th scope="col">{area}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></details>"
    )


def _cell(spec: MapSpec, unit: str, words: Mapping[str, str]) -> str:
    if unit not in spec.rows.index:
        return escape(words.get(NOT_APPLICABLE, ""))
    row = spec.rows.loc[unit]
    label, told = str(row["label"]), words[str(row["class_"])]
    return escape(label if spec.kind in ("rate", "smoothed_rate", "count") else f"{label} · {told}")


def _legend(spec: MapSpec) -> str:
    kind = spec.kind if spec.kind in ("count", "change", "holders") else "rate"
    head = escape(say(f"pictures.legend_title_{kind}", spec.lang))
    listed = [item for item in spec.legend if item.label]
    items = [f"<li>{_swatch(item)}<span>{escape(item.label)}</span></li>" for item in listed]
    return f"<h2>{head}</h2><ul>{''.join(items)}</ul>"


def _overlay_legend(overlay: Overlay) -> str:
    items = "".join(
        f"<li>{_line(mark, points=overlay.points)}<span>{escape(label)}</span></li>"
        for mark, label in overlay.keys
    )
    hidden = "" if overlay.shown else " hidden"
    return (
        f'<section data-overlay="{escape(overlay.id)}"{hidden}><h2>{escape(overlay.title)}</h2>'
        f'<ul>{items}</ul><p class="t-sub">{escape(overlay.note)}</p></section>'
    )


def _line(mark: Mark, *, points: bool) -> str:
    """Return a small drawing of an outline, or of a point."""
    if points:
        inner = f'<circle cx="12" cy="8" r="4.5" fill="#fff" stroke="{mark.colors[0]}" stroke-width="2"/>'
    else:
        inner = "".join(
            f'<path d="M0 8h24" stroke="{color}" stroke-width="3" {dashes(mark, place)}/>'
            for place, color in enumerate(mark.colors)
        )
    return f'<svg width="24" height="16" aria-hidden="true">{inner}</svg>'


def dashes(mark: Mark, place: int) -> str:
    """Return the dashes of one colour of an outline, as attributes of SVG."""
    if mark.line == "solid":
        return ""
    dash, gap = (6, 4) if mark.line == "broken" else (6, 0)
    turn = (dash + gap) * len(mark.colors)
    return f'stroke-dasharray="{dash} {turn - dash}" stroke-dashoffset="{-place * (dash + gap)}"'


def _swatch(item: LegendItem) -> str:
    """Return a small drawing of a class: its colour, pattern or dotted outline."""
    outline = 'stroke-dasharray="1 2.5"' if item.pattern == "dotted" else ""
    return (
        '<svg width="24" height="16" aria-hidden="true">'
        f'<rect x=".5" y=".5" width="23" height="15" fill="{escape(item.ground)}" '
        f'stroke="{MUTED}" {outline}/>{_marks(item)}</svg>'
    )


def _marks(item: LegendItem) -> str:
    colors = [escape(color) for color in (item.color, *item.others)]
    if item.pattern == "dots":
        spots = [(x, y) for y in (5, 11) for x in range(4, 23, 5)]
        return "".join(
            f'<circle cx="{x}" cy="{y}" r="1.7" fill="{colors[n % len(colors)]}"/>'
            for n, (x, y) in enumerate(spots)
        )
    if item.pattern == "stripes":
        return "".join(
            f'<path d="M{x} 1h4v14h-4z" fill="{colors[n % len(colors)]}"/>'
            for n, x in enumerate(range(1, 20, 4))
        )
    lines = "".join(f"M{x} 15l14-14" for x in range(-10, 24, 5))
    return f'<path d="{lines}" stroke="{HATCH}" stroke-width="1"/>' * (item.pattern == "hatch")


def _foot(spec: MapSpec) -> str:
    source = say("pictures.source", spec.lang, credit=spec.credit)
    texts = (spec.caption, spec.caveat, source, spec.licence)
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)
