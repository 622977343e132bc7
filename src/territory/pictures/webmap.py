"""A map as one HTML file that opens anywhere, offline: Leaflet and shapes are inside it."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import branca.element
import folium
import numpy as np
import shapely
from jinja2 import Template
from xstatic.pkg import leaflet

from territory.pictures.ground import Ground, ground
from territory.pictures.scales import BORDER, HATCH, MUTED, NOT_APPLICABLE, RULE, WASH
from territory.pictures.spec import MapSpec
from territory.pictures.webwords import page_words, swiped
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from territory.pictures.layers import Overlay

_DECIMALS = 5  # of a degree: about a metre
_FRAME_HEIGHT = "680px"  # in a notebook


class OfflineMap(folium.Map):
    """A folium map that asks no other host for anything."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - as folium declares them
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


class Drawing(branca.element.MacroElement):
    """The shapes and classes of one or more maps, and the script that draws them.

    Parameters
    ----------
    data
        What ``web/map.js`` reads.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}\n{{ this.code }}\n"
        "territoryMap({{ this._parent.get_name() }}, {{ this.data }});\n{% endmacro %}"
    )

    def __init__(self, data: Mapping[str, object]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Drawing"
        self._id = "territory"
        self.code = _own("map.js")
        self.data = _as_script(data)


def web_map(
    specs: MapSpec | Sequence[MapSpec],
    shapes: Ground | gpd.GeoDataFrame,
    *,
    overlays: Sequence[Overlay] = (),
    **frame: Any,
) -> OfflineMap:
    """Return one map, or several to choose from, as a folium map for a notebook or a file.

    Parameters
    ----------
    specs
        One map, or several on the same shapes; the last one is shown first.
    shapes
        A `Ground`, or the shapes of a study, index ``unit``; light ones make a light file.
    overlays
        Layers that the reader can switch on and off.
    frame
        crs, inset, context, outlines, as `ground` takes them.

    Raises
    ------
    DataError
        When no shape belongs to any row.
    """
    maps = [specs] if isinstance(specs, MapSpec) else list(specs)
    lead = maps[-1]
    base = ground(shapes, lead.rows.index, **frame)
    west, south, east, north = _degrees(base.shapes).total_bounds
    page = branca.element.Figure(height=_FRAME_HEIGHT, title=escape(lead.title))
    drawn = OfflineMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_snap=0.25,
        attribution_control=False,
    )
    names = {str(unit): str(name) for unit, name in lead.rows["name"].items()}
    words = page_words(maps, overlays, {unit: names[unit] for unit in base.units if unit in names})
    # Fixed names make the same map the same file.
    drawn._id, page._id = "territory", "page"
    page.add_child(drawn)
    page.header.add_child(branca.element.Element(_head()), name="territory_head")
    page.html.add_child(branca.element.Element(words), name="territory_words")
    drawn.add_child(Drawing(_data(maps, base, overlays)))
    return drawn


def web_page(
    specs: MapSpec | Sequence[MapSpec],
    shapes: Ground | gpd.GeoDataFrame,
    *,
    overlays: Sequence[Overlay] = (),
    **frame: Any,
) -> str:
    """Return the text of a self-contained HTML file; arguments as in `web_map`."""
    lang = (specs if isinstance(specs, MapSpec) else specs[-1]).lang
    text = str(web_map(specs, shapes, overlays=overlays, **frame).get_root().render())
    return text.replace("<html>", f'<html lang="{lang}">', 1)


def _data(maps: Sequence[MapSpec], base: Ground, overlays: Sequence[Overlay]) -> dict[str, object]:
    """Return what the script draws: shapes once, and classes and words for each map."""
    lead = maps[-1]
    inset = base.inset
    return {
        "lang": lead.lang,
        "border": BORDER, "hatch": HATCH, "muted": MUTED, "rule": RULE, "wash": WASH,
        "shapes": _features(base.shapes, base.units),
        "outlines": _features(base.outlines),
        "context": _features(base.context),
        "inset": inset and [[inset.bbox[1], inset.bbox[0]], [inset.bbox[3], inset.bbox[2]]],
        "insetTitle": inset.title if inset else "",
        "wholeTitle": say("pictures.whole", lead.lang),
        "mapLabel": say("pictures.map_label", lead.lang),
        "layers": [_layer(spec, base) for spec in maps],
        "swipe": [0, 1] if swiped(maps) else None,
        "overlays": [_overlay(overlay) for overlay in overlays],
    }  # fmt: skip


def _layer(spec: MapSpec, base: Ground) -> dict[str, object]:
    places = {item.id: place for place, item in enumerate(spec.legend)}
    classes, low = spec.class_of(base.units), spec.low_of(base.units)
    return {
        "legend": [
            {
                "label": item.label,
                "color": item.color,
                "pattern": item.pattern,
                "others": item.others,
                "ground": item.ground,
            }
            for item in spec.legend
        ],
        "panel": spec.panel,
        "absent": places[NOT_APPLICABLE],
        "classes": {
            unit: [places[name], bool(faint)]
            for unit, name, faint in zip(base.units, classes, low, strict=True)
        },
        "tips": {str(unit): str(tip) for unit, tip in spec.rows["tip"].items()},
    }


def _overlay(overlay: Overlay) -> dict[str, object]:
    return {
        "id": overlay.id,
        "points": overlay.points,
        "shown": overlay.shown,
        "marks": {unit: [mark.line, mark.colors] for unit, mark in overlay.marks.items()},
        "tips": dict(overlay.tips),
    }


def _features(shapes: gpd.GeoDataFrame | None, ids: Sequence[str] = ()) -> dict[str, object]:
    """Return shapes as GeoJSON in degrees, rounded alike so that neighbours still meet."""
    if shapes is None:
        return {"type": "FeatureCollection", "features": []}
    rounded = shapely.transform(
        np.asarray(_degrees(shapes).geometry.array), lambda points: points.round(_DECIMALS)
    )
    names = list(ids) or [str(name) for name in shapes.index]
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": name, "properties": {}, "geometry": json.loads(text)}
            for name, text in zip(names, shapely.to_geojson(rounded), strict=True)
        ],
    }


def _degrees(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return shapes.to_crs("EPSG:4326")


def _as_script(data: object) -> str:
    """Write data as a script literal that cannot end the script, whatever names it holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    marks = {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
    for mark, code in marks.items():
        text = text.replace(mark, code)
    return text


@cache
def _head() -> str:
    """Return Leaflet's own files and the page's styles, to stand in the head of the page."""
    folder = Path(leaflet.BASE_DIR)
    style = (folder / "leaflet.css").read_text(encoding="utf-8")

    def inside(found: re.Match[str]) -> str:
        picture = base64.b64encode((folder / found[1]).read_bytes()).decode()
        return f"url(data:image/png;base64,{picture})"

    style = re.sub(r"url\((images/[\w.-]+)\)", inside, style)
    script = (folder / "leaflet.js").read_text(encoding="utf-8")
    script = re.sub(r"//# sourceMappingURL=\S+\s*$", "", script)
    return f"<style>{style}\n{_own('page.css')}</style><script>{script}</script>"


@cache
def _own(name: str) -> str:
    return files("territory.pictures").joinpath("web", name).read_text(encoding="utf-8")
