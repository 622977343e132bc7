"""A visitor's own file in a real browser: dropped, reported, shown to them and to nobody else."""

from __future__ import annotations

from playwright.sync_api import expect

BANNER = ".st-key-own_banner"
# Markup in a name and in a place is text.
NAME = "<img src=x onerror=alert(1)>.csv"
ROWS = "\n".join(
    ["Municipio;Departamento;2011;2012"]
    + [f"{place};San Salvador;987654;5" for place in ("Soyapango", "Mejicanos", "Apopa")]
)


def test_a_file_is_shown_to_its_visitor_alone(open_page, dashboard) -> None:
    """The report stands under the file; the banner follows to other pages; others see nothing."""
    page, traffic = open_page(f"{dashboard}/data?lang=en")
    chooser = page.locator("input[type=file]")
    chooser.wait_for(state="attached", timeout=30_000)
    chooser.set_input_files(files=[{"name": NAME, "mimeType": "text/csv", "buffer": ROWS.encode()}])
    use = page.locator(".st-key-own_use button")
    use.wait_for(timeout=30_000)
    use.click()
    expect(page.locator(BANNER)).to_be_visible(timeout=30_000)
    assert page.locator("img[src=x]").count() == 0

    page.locator(".st-key-page_map a").click()
    expect(page.locator(BANNER)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("987,654").first).to_be_visible(timeout=30_000)

    other, _ = open_page(f"{dashboard}/map?lang=en")
    other.locator(".t-head h1").wait_for(timeout=30_000)
    expect(other.locator(BANNER)).to_have_count(0)
    assert traffic.elsewhere == []
    assert traffic.faults == []
