"""The page Territory in a real browser: step by keyboard, click, take away, on a phone."""

from __future__ import annotations

import re

import pytest

SLIDER = "[data-testid=stSlider] input[type=range]"
MAP = ".territory-map[data-panels]"


def ready(page) -> None:
    """Wait until the map and the timeline are drawn."""
    page.locator(f"{MAP} path[data-unit]").nth(261).wait_for(state="attached", timeout=30_000)
    page.locator(".territory-chart svg").first.wait_for(state="attached", timeout=30_000)
    page.wait_for_timeout(500)


def test_an_arrow_key_steps_to_the_next_day_of_evidence(open_page, dashboard) -> None:
    """Headline, address and map follow; the same map is repainted; at most 50 kB travel."""
    page, traffic = open_page(f"{dashboard}/territory?lang=en&on=2018-08-09")
    ready(page)
    page.locator(MAP).first.evaluate("node => { node.mark = 1 }")
    traffic.forget()
    page.locator(SLIDER).first.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("On 26 August 2018", exact=False).first.wait_for(timeout=15_000)
    page.wait_for_timeout(800)

    assert "on=2018-08-26" in page.url
    assert page.locator(MAP).first.evaluate("node => node.mark") == 1
    assert sum(traffic.received) < 50_000
    assert traffic.elsewhere == []
    assert traffic.faults == []


def test_a_click_lists_the_reports_without_asking_another_host(open_page, dashboard) -> None:
    """San Salvador: kind, date, grade and source as plain text; no link to a source."""
    page, traffic = open_page(f"{dashboard}/territory?lang=en")
    ready(page)
    page.locator(f'{MAP} path[data-unit="0614"]').first.click(force=True)
    page.wait_for_url(re.compile("place=0614"), timeout=15_000)
    page.locator(".t-entries li").first.wait_for(timeout=15_000)
    text = page.locator(".t-entries").first.inner_text()

    assert "Reported presence" in text
    assert "grade B" in text
    assert "Source: " in text
    assert page.locator(".t-entries a").count() == 0
    assert traffic.elsewhere == []


def test_patterns_fill_units_and_the_legend_explains_them(open_page, dashboard) -> None:
    """Stripes for dispute and dots for presence are patterns; keys have words, looks have none."""
    page, _ = open_page(f"{dashboard}/territory?lang=en")
    ready(page)

    def fill(unit: str) -> str:
        node = page.locator(f'{MAP} path[data-unit="{unit}"]').first
        return node.get_attribute("fill") or ""

    assert fill("0610").startswith("url(#stripes-")
    assert fill("0614").startswith("url(#dots-")
    assert fill("0801").lower() == "#ffffff"
    legend = page.locator(f"{MAP} .legend li").all_inner_texts()
    assert all(legend)
    assert "no data: nobody reported anything" in legend


@pytest.mark.parametrize("lang", ["es", "en"])
def test_nothing_scrolls_sideways_on_a_phone(open_page, dashboard, lang: str) -> None:
    """At 390 pixels with a place chosen: the page is as wide as the screen."""
    page, traffic = open_page(
        f"{dashboard}/territory?lang={lang}&place=0617&on=2020-12-31", width=390, height=844
    )
    ready(page)

    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert page.locator(".territory-chart .narrow svg").first.is_visible()
    assert traffic.faults == []


def test_the_table_and_the_picture_carry_the_caution(open_page, dashboard, tmp_path) -> None:
    """What is taken away still says that it is no map of control."""
    page, _ = open_page(f"{dashboard}/territory?lang=en", accept_downloads=True)
    ready(page)
    for words, start, inside in (
        ("Table (CSV)", b"\xef\xbb\xbfunit,name,status", b"not a map of control"),
        ("Picture (PNG)", b"\x89PNG", b""),
    ):
        with page.expect_download(timeout=30_000) as waiting:
            page.get_by_role("button", name=words).click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        assert file.read_bytes().startswith(start)
        assert inside in file.read_bytes()
        assert "2018-08-15" in file.name
