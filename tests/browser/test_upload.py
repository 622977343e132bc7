"""A visitor's own file in a real browser: dropped, reported, saved, shown to them and nobody else."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import expect

BANNER = ".st-key-own_banner"
# Markup in a name and in a place is text.
NAME = "<img src=x onerror=alert(1)>.csv"
ROWS = "\n".join(
    ["Municipio;Departamento;2011;2012"]
    + [f"{place};San Salvador;5;987654" for place in ("Soyapango", "Mejicanos", "Apopa")]
)


def drop(page) -> None:
    """Drop the file on the Data page and wait for its report."""
    chooser = page.locator("input[type=file]")
    chooser.wait_for(state="attached", timeout=30_000)
    chooser.set_input_files(files=[{"name": NAME, "mimeType": "text/csv", "buffer": ROWS.encode()}])
    page.locator(".st-key-own_use button").wait_for(timeout=30_000)


def test_a_file_is_shown_to_its_visitor_alone(open_page, dashboard) -> None:
    """The report stands under the file; the banner follows to other pages; others see nothing."""
    page, traffic = open_page(f"{dashboard}/data?lang=en")
    drop(page)
    page.locator(".st-key-own_use button").click()
    expect(page.locator(BANNER)).to_be_visible(timeout=30_000)
    assert page.locator("img[src=x]").count() == 0

    page.locator(".st-key-page_map a").click()
    # The banner stands on the page before too: only the heading tells that Map has come.
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("In 2012", timeout=30_000)
    expect(page.locator(BANNER)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("987,654").first).to_be_visible(timeout=30_000)
    page.locator(".st-key-page_place a").click()
    expect(heading).not_to_contain_text("In 2012", timeout=30_000)
    expect(page.locator(BANNER)).to_be_visible(timeout=30_000)

    other, _ = open_page(f"{dashboard}/map?lang=en")
    expect(other.get_by_role("heading", level=1)).to_contain_text("homicides", timeout=30_000)
    expect(other.locator(BANNER)).to_have_count(0)
    assert traffic.elsewhere == []
    assert traffic.faults == []


@pytest.mark.parametrize("width", [1366, 390])
def test_a_file_can_be_saved_as_a_study(open_page, dashboard, tmp_path, width: int) -> None:
    """One zip with every table and the counts; nothing is wider than the page, on a phone too."""
    page, traffic = open_page(f"{dashboard}/data?lang=es", width=width)
    drop(page)
    with page.expect_download(timeout=60_000) as started:
        page.locator(".st-key-own_download_study button").click()
    started.value.save_as(tmp_path / "study.zip")

    with zipfile.ZipFile(tmp_path / "study.zip") as packed:
        names = packed.namelist()
        counts = next(name for name in names if name.endswith("tables/outcomes.csv"))
        assert b"987654,own_file" in packed.read(counts)
    assert re.fullmatch(r"[a-z0-9_-]+\.zip", started.value.suggested_filename)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert traffic.elsewhere == []
    assert traffic.faults == []
