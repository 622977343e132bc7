"""One HTML file: everything inside it, everything escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from territory.brief import Brief
from territory.brief.page import html_page
from tests.brief.conftest import made
from tests.browser.conftest import CHROMIUM, FLAGS


def test_nothing_is_fetched(briefed: Brief) -> None:
    """No script, style, picture or frame of the page has an address."""
    page = html_page(briefed)

    assert [] == re.findall(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["'](?!data:)""", page)
    assert "@import" not in page
    assert f'<html lang="{briefed.lang}">' in page


def test_the_page_says_the_finding_and_carries_the_map(briefed: Brief) -> None:
    """Headline, each section, the way back, and a map in a frame with a title."""
    page = html_page(briefed)

    assert all(section.heading in page for section in briefed.sections)
    assert "srcdoc=" in page
    assert briefed.address.replace("&", "&amp;") in page


def test_text_cannot_become_markup() -> None:
    """What comes from a study file is shown, not run."""
    page = html_page(replace(made("chicago", "en"), headline="<script>alert(1)</script>"))

    assert "<script>alert(1)" not in page


def test_the_same_briefing_is_the_same_page() -> None:
    """Byte for byte."""
    assert html_page(made("chicago", "en")) == html_page(made("chicago", "en"))


def test_tables_have_captions_and_headings_of_rows(briefed: Brief) -> None:
    """A screen reader is told what each table is and which place a number belongs to."""
    page = html_page(briefed)

    assert len(briefed.shown_tables) == page.count('<caption class="muted">')
    rows = sum(len(table.printed) for table in briefed.shown_tables)
    assert rows == page.count('<th scope="row">')


@pytest.mark.browser
def test_in_a_browser_without_network_the_map_is_drawn(briefed: Brief, tmp_path: Path) -> None:
    """Only the file is asked for, its policy lets the map run, a phone never scrolls sideways."""
    sync_api = pytest.importorskip("playwright.sync_api")
    path = tmp_path / "briefing.html"
    path.write_text(html_page(briefed), encoding="utf-8")
    asked: list[str] = []
    said: list[str] = []
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 390, "height": 844}, offline=True).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        page.frame_locator("iframe").locator("path.leaflet-interactive").first.wait_for()
        width = page.evaluate("document.documentElement.scrollWidth")
        browser.close()

    assert [path.as_uri()] == [url for url in asked if not url.startswith(("data:", "about:"))]
    assert [] == said
    assert 390 == width
