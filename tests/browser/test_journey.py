"""What a visitor does, in a real browser on the real pages: choose, click, compare, download."""

from __future__ import annotations

import re

SLIDER = "[data-testid=stSlider] input[type=range]"
MAP = ".territory-map[data-panels]"


def ready(page) -> None:
    """Wait until the map of a page is drawn."""
    page.locator(f"{MAP} path[data-unit]").nth(261).wait_for(state="attached", timeout=30_000)
    page.wait_for_timeout(300)


def fills(page) -> list[str]:
    """Return the class of every area on screen."""
    return page.evaluate(
        """() => { const found = [];
        const walk = (root) => { for (const node of root.querySelectorAll("*")) {
          if (node.shadowRoot) walk(node.shadowRoot);
          if (node.dataset?.unit) found.push(node.dataset.class); } };
        walk(document); return found; }"""
    )


def test_a_year_step_repaints_the_same_map_within_the_budget(open_page, dashboard) -> None:
    """The arrow key on the slider changes colours; no second map; at most 50 kB."""
    page, traffic = open_page(f"{dashboard}/map?lang=en&period=2011")
    ready(page)
    before = fills(page)
    page.locator(f"{MAP}").first.evaluate("node => { node.mark = 1 }")
    traffic.forget()
    page.locator(SLIDER).first.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("In 2012", exact=False).first.wait_for(timeout=15_000)
    page.wait_for_timeout(800)

    assert fills(page) != before
    assert page.locator(MAP).count() == 1
    assert page.locator(MAP).first.evaluate("node => node.mark") == 1
    assert sum(traffic.received) < 50_000
    assert "period=2012" in page.url
    assert traffic.elsewhere == []


def test_a_click_on_the_map_opens_the_way_to_the_place(open_page, dashboard) -> None:
    """A click puts the place into the address and the select box; its page is one link away."""
    page, traffic = open_page(f"{dashboard}/map?lang=en")
    ready(page)
    page.locator(f'{MAP} path[data-unit="0210"]').first.click(force=True)
    page.wait_for_url(re.compile("place=0210"), timeout=15_000)
    page.get_by_text("Open the page of Santa Ana").first.click()
    page.wait_for_url(re.compile("/place"), timeout=15_000)
    page.locator(".t-head h1", has_text="Santa Ana").wait_for(timeout=15_000)

    assert traffic.elsewhere == []
    assert traffic.faults == []


def test_panning_the_real_map_sends_nothing(open_page, dashboard) -> None:
    """Drag and zoom stay in the browser."""
    page, traffic = open_page(f"{dashboard}/map?lang=en")
    ready(page)
    page.wait_for_timeout(1200)
    box = page.locator(f"{MAP} .canvas").first.bounding_box()
    traffic.forget()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 190, steps=6)
    page.mouse.up()
    page.wait_for_timeout(800)

    assert traffic.sent == []


def test_overlapping_windows_are_explained_on_the_page(open_page, dashboard) -> None:
    """The message of the command line, in the language of the page; the sliders stay."""
    page, _ = open_page(f"{dashboard}/compare?lang=es&before=2010:2012&after=2012:2013")
    page.locator(".t-fault").wait_for(timeout=20_000)
    page.locator(SLIDER).nth(3).wait_for(timeout=20_000)

    assert "se superponen" in page.locator(".t-fault").inner_text()
    assert page.locator(SLIDER).count() == 4


def test_the_table_and_the_picture_can_be_taken_away(open_page, dashboard, tmp_path) -> None:
    """Downloads are a CSV with a heading and a real PNG."""
    page, _ = open_page(f"{dashboard}/map?lang=en&period=2011", accept_downloads=True)
    ready(page)
    for words, start in (
        ("Table (CSV)", b"\xef\xbb\xbfunit,name,count"),
        ("Picture (PNG)", b"\x89PNG"),
    ):
        with page.expect_download(timeout=30_000) as waiting:
            page.get_by_text(words).first.click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        assert file.read_bytes().startswith(start)


def test_a_shared_address_opens_the_same_view(open_page, dashboard) -> None:
    """Everything that was chosen is in the address."""
    address = "map?lang=en&outcome=extortion&period=2015&show=smoothed_rate&by=department"
    page, _ = open_page(f"{dashboard}/{address}")
    page.locator(".t-head h1", has_text="2015").wait_for(timeout=20_000)

    assert "14 departments" in page.locator(".t-head").inner_text()
    assert "Prosecutor" in page.locator(".t-caption").first.inner_text()
