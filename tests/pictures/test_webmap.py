"""The HTML map: complete, self-contained, and safe whatever a file calls its places."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import folium
import pytest

from territory.evidence.periods import Window
from territory.pictures.mapspec import MapSpec, rate_spec, triptych
from territory.pictures.webmap import web_map, web_page

from .conftest import CELLS, words

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from territory.pictures.ground import Ground

EVIL = "<script>alert('ñ')</script>\u2028</title>&"


def drawn(page: str) -> dict:
    """Return the data that the page's script draws."""
    found = re.search(r"territoryMap\(map_territory, (\{.*\})\);", page)
    assert found
    return json.loads(found[1])


def test_a_page_asks_no_host_for_anything(rate_map: MapSpec, board: Ground) -> None:
    """No script, style, picture or font from elsewhere, and no tiles."""
    page = web_page(rate_map, board)
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=", page)
    assert not re.search(r"@import|url\(\s*['\"]?(?!data:|#)", page.replace('"url(#"', ""))
    assert "tileLayer(" not in page.split("territoryMap(", 1)[1]
    for host in ("cdn.", "jquery", "bootstrap.min", "fontawesome", "openstreetmap"):
        assert host not in page.lower()
    assert "Leaflet 1.9" in page


def test_a_page_has_its_words(rate_map: MapSpec, board: Ground) -> None:
    """Title, takeaway, legend, caption, caveat and credit."""
    page = web_page(rate_map, board)
    said = [rate_map.title, rate_map.takeaway, rate_map.caption, rate_map.caveat, rate_map.credit]
    for text in [*said, *(item.label for item in rate_map.legend)]:
        assert text in page
    assert '<html lang="es">' in page


def test_each_unit_has_its_class_its_hatching_and_its_tip(rate_map: MapSpec, board: Ground) -> None:
    """As the specification says."""
    data = drawn(web_page(rate_map, board))
    layer = data["layers"][0]
    shown = {unit: layer["legend"][place]["color"] for unit, (place, _) in layer["classes"].items()}
    assert shown == {unit: rate_map.colors[rate_map.rows.loc[unit, "class_"]] for unit in CELLS}
    assert [unit for unit, (_, low) in layer["classes"].items() if low] == ["A2", "C2"]
    assert layer["tips"] == rate_map.rows["tip"].to_dict()
    assert [feature["id"] for feature in data["shapes"]["features"]] == CELLS


def test_names_from_a_file_cannot_become_markup(rates: pd.DataFrame, board: Ground) -> None:
    """Neither in tips, nor in title, legend, credit or caveat."""
    about = words(credit=EVIL, caveat=EVIL, outcome=EVIL, units=EVIL, cases=EVIL)
    spec = rate_spec(rates.assign(name=EVIL), Window.parse("2011"), about=about, title=EVIL)
    spec = replace(spec, panel=EVIL, legend=tuple(replace(i, label=EVIL) for i in spec.legend))
    page = web_page([spec, spec], board)
    assert "<script>alert" not in page
    assert "</title>&" not in page.replace("</title>&lt;", "")
    assert "\u2028" not in page.split("territoryMap(map_territory", 1)[1]
    assert drawn(page)["layers"][0]["tips"]["A1"].startswith(EVIL)


def test_layers_share_their_shapes(rate_map: MapSpec, change_map: MapSpec, board: Ground) -> None:
    """Three maps to choose from and a slider, one geometry; the last is shown first."""
    page = web_page(triptych(rate_map, rate_map, change_map), board)
    data = drawn(page)
    assert len(data["layers"]) == 3
    assert page.count('name="t-layer" value=') == 4
    assert re.findall(r'value="(\d)" autocomplete="off" checked', page) == ["2"]
    assert len(data["shapes"]["features"]) == len(CELLS)


def test_neighbouring_shapes_still_meet(rate_map: MapSpec, board: Ground) -> None:
    """Rounding moves a common corner alike on both sides."""
    features = drawn(web_page(rate_map, board))["shapes"]["features"]
    corners = [{tuple(p) for p in feature["geometry"]["coordinates"][0]} for feature in features]
    assert len(corners[0] & corners[1]) == 2


def test_the_same_map_is_the_same_file(rate_map: MapSpec, board: Ground) -> None:
    """No random names."""
    assert web_page(rate_map, board) == web_page(rate_map, board)


def test_a_notebook_shows_the_folium_map(rate_map: MapSpec, board: Ground, tmp_path: Path) -> None:
    """It is a folium map, renders itself in a frame, and saves itself."""
    found = web_map(rate_map, board)
    assert isinstance(found, folium.Map)
    assert "iframe" in found._repr_html_()
    found.save(tmp_path / "map.html")
    assert rate_map.title in (tmp_path / "map.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_is_small(rate_map: MapSpec, board: Ground, number: int) -> None:
    """Without shapes to speak of it is Leaflet and little else."""
    assert len(web_page([rate_map] * number, board).encode()) < 250_000
