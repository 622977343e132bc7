"""The interactive file in a browser: alone, by keyboard, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from territory import drawing
from territory.briefing import Selection
from territory.study import Study

if TYPE_CHECKING:
    from pathlib import Path

CLIP = "document.querySelector('.leaflet-after-pane').style.clipPath"
LIMIT = 1_500_000


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the map of change of El Salvador as one file."""
    study = Study.load("slv")
    out = tmp_path_factory.mktemp("webmap") / "cambio.html"
    drawing.write_map(study, Selection.of(study, show="change", lang="es"), out)
    assert out.stat().st_size < LIMIT
    return out


@pytest.mark.parametrize("width", [1366, 390])
def test_it_asks_for_nothing_and_fits(open_page, file: Path, width: int) -> None:
    """No request but the file itself, no fault, no scrolling sideways, its language stated."""
    page, traffic = open_page(file.as_uri(), width=width)
    page.wait_for_selector(".leaflet-interactive")
    assert [] == traffic.elsewhere
    assert [] == traffic.faults
    assert all(address.startswith(("file:", "data:")) for address in traffic.requests)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.lang") == "es"


def test_the_slider_moves_the_clip_by_keyboard(open_page, file: Path) -> None:
    """An arrow key moves the edge between before and after by a hundredth."""
    page, _ = open_page(file.as_uri())
    page.check("input[value=swipe]")
    slider = page.locator(".t-swipe input")
    slider.focus()
    first = page.evaluate(CLIP)
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    second = page.evaluate(CLIP)
    assert first != second
    assert slider.input_value() == "60"
    assert page.inner_text(".t-side section:not([hidden]) h2").startswith("Por 100.000")
    page.check("input[value='2']")
    assert page.evaluate("document.querySelector('.t-edge').hidden")


def test_the_keyboard_reaches_everything(open_page, file: Path) -> None:
    """Choice, layers, list, table and map are stops of the tab key; single areas are not."""
    page, _ = open_page(file.as_uri())
    stops = []
    for _ in range(16):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.closest('[class]')?.className"))
        assert page.evaluate("document.activeElement.tagName.toLowerCase()") != "path"
    told = " ".join(map(str, stops))
    for name in ("t-layers", "t-find", "t-table", "folium-map"):
        assert name in told
    before = page.evaluate("map_territory.getCenter().lng")
    page.focus(".folium-map")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert page.evaluate("map_territory.getCenter().lng") > before


def test_the_list_reads_an_area(open_page, file: Path) -> None:
    """Its numbers are said where readers of screens hear them."""
    page, _ = open_page(file.as_uri())
    page.select_option(".t-find select", label="Apopa")
    assert page.inner_text(".t-said").startswith("Apopa: de ")
    assert page.locator("path.t-found").count() == 1


def test_layers_are_switched(open_page, file: Path) -> None:
    """Reported territory and interventions lie over the map with their legend, or not."""
    page, _ = open_page(file.as_uri())
    for name in ("reported", "interventions"):
        assert page.locator(f"[data-overlay={name}]").is_hidden()
        page.check(f"input[value={name}]")
        assert page.locator(f"[data-overlay={name}]").is_visible()
    assert page.locator(".leaflet-marks-pane path").count() > 40
    page.uncheck("input[value=interventions]")
    page.uncheck("input[value=reported]")
    assert page.locator(".leaflet-marks-pane path").count() == 0


def test_without_scripts_the_numbers_are_there(open_page, file: Path) -> None:
    """The table opens by itself, and the page says why there is no map."""
    page, _ = open_page(file.as_uri(), java_script_enabled=False)
    assert page.locator(".t-plain").is_visible()
    page.click(".t-table summary")
    assert page.locator(".t-table tbody tr").count() == 262
    assert page.locator(".t-table tbody tr", has_text="Apopa").is_visible()
