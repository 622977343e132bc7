"""A briefing from its page: prepare, see the map, take the files away."""

from __future__ import annotations

import io
import zipfile

from pypdf import PdfReader


def test_a_briefing_is_prepared_and_taken_away(open_page, dashboard) -> None:
    """Nothing is made before it is asked for; then PDF and archive hold the view's finding."""
    page, traffic = open_page(f"{dashboard}/briefing?lang=en")
    prepare = page.locator(".st-key-prepare_briefing button")
    prepare.wait_for(timeout=30_000)
    headline = page.locator(".t-head h1").inner_text()
    assert page.locator(".st-key-download_pdf").count() == 0

    prepare.click()
    page.locator(".st-key-download_all button").wait_for(timeout=120_000)
    taken = {}
    for kind in ("pdf", "all"):
        with page.expect_download() as download:
            page.locator(f".st-key-download_{kind} button").click()
        taken[kind] = download.value.path().read_bytes()

    words = " ".join(PdfReader(io.BytesIO(taken["pdf"])).pages[0].extract_text().split())
    assert " ".join(headline.split()) in words
    with zipfile.ZipFile(io.BytesIO(taken["all"])) as pack:
        assert "briefing/provenance.json" in pack.namelist()
    assert traffic.elsewhere == []
    assert traffic.faults == []
