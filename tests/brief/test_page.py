"""One HTML file: everything inside it, everything escaped."""

from __future__ import annotations

import re
from dataclasses import replace

from territory.brief import Brief
from territory.brief.page import html_page
from tests.brief.conftest import made


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
