"""The frame of the dashboard in a real browser: headers, language, navigation, bad addresses."""

import json
import urllib.error
import urllib.request

import pytest

PAGES = ["", "map", "compare", "place", "data"]


def fetch(address):
    """Return status, headers and body of an address."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def ready(page):
    """Wait until a page has written its headline."""
    page.locator(".t-head h1, .t-fault").first.wait_for(timeout=15_000)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_without_a_fault_or_a_foreign_request(open_page, dashboard, path):
    """Each page writes its headline; the console is clean and no other host is asked."""
    page, traffic = open_page(f"{dashboard}/{path}")
    ready(page)
    page.wait_for_timeout(600)
    assert page.locator(".t-fault, [data-testid=stException]").count() == 0
    assert traffic.elsewhere == []
    assert traffic.faults == []


def test_the_content_policy_names_no_other_host(dashboard):
    """The policy allows this machine only, no eval and no inline scripts but Streamlit's one."""
    _, headers, _ = fetch(dashboard)
    policy = headers["Content-Security-Policy"]
    assert "http" not in policy
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "unsafe" not in scripts
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_geometry_is_small_packed_and_cached_for_good(open_page, dashboard):
    """The page names one geometry of at most 450 kB, which a browser never fetches twice."""
    _, _, body = fetch(f"{dashboard}/map")
    path = body.decode().partition('as="fetch" crossorigin href="./')[2].partition('"')[0]
    status, headers, geometry = fetch(f"{dashboard}/{path}")
    assert status == 200
    assert len(geometry) <= 450_000
    assert len(json.loads(geometry)["features"]) >= 262
    assert "immutable" in headers["Cache-Control"]
    packed = {"Accept-Encoding": "gzip"}
    request = urllib.request.Request(f"{dashboard}/{path}", headers=packed)  # noqa: S310
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.read()) < 150_000


def test_an_unknown_file_is_not_found(dashboard):
    """Below /assets nothing falls back to a page, and nothing outside can be read."""
    for path in ("assets/none.js", "assets/../config.toml", "assets/%2e%2e/config.toml"):
        assert fetch(f"{dashboard}/{path}")[0] in {400, 404}


def test_the_address_and_the_switch_both_choose_the_language(open_page, dashboard):
    """?lang=en opens English; the switch goes back to Spanish and the address follows."""
    page, _ = open_page(f"{dashboard}/?lang=en")
    ready(page)
    links = page.locator(".st-key-links")
    links.get_by_text("Before and after").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator(".st-key-language").get_by_role("radio", name="es").click()
    links.get_by_text("Antes y después").wait_for()
    assert "lang=en" not in page.url


def test_moving_between_pages_keeps_the_language(open_page, dashboard):
    """A click in the bar opens the page at its address, in the language chosen."""
    page, _ = open_page(f"{dashboard}/?lang=en")
    ready(page)
    page.locator(".st-key-links").get_by_text("Data", exact=True).click()
    page.wait_for_url("**/data*")
    page.locator(".st-key-here_data").wait_for()
    assert page.locator(".st-key-links").get_by_text("Before and after").count() == 1


def test_rubbish_in_the_address_opens_the_default_view(open_page, dashboard):
    """Unknown languages and choices are ignored, and nothing fails."""
    page, traffic = open_page(f"{dashboard}/?lang=xx&period=%3Cscript%3E&unit=9999&nonsense=1")
    ready(page)
    page.locator(".st-key-links").get_by_text("Antes y después").wait_for()
    assert page.locator(".t-fault").count() == 0
    assert traffic.faults == []


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_phone(open_page, dashboard, path, lang):
    """At 390 px every page fits its width."""
    page, _ = open_page(f"{dashboard}/{path}?lang={lang}", width=390, height=844)
    ready(page)
    page.wait_for_timeout(600)
    wide = page.locator("[data-testid=stMain]").evaluate("node => node.scrollWidth")
    assert max(wide, page.evaluate("document.documentElement.scrollWidth")) <= 390


def test_the_server_says_that_it_is_well(dashboard):
    """/healthz answers with the study that is open."""
    status, _, body = fetch(f"{dashboard}/healthz")
    assert status == 200
    assert json.loads(body) == {"ok": True, "study": "slv"}


def test_the_data_interface_answers_as_the_command_line_does(dashboard):
    """Rates of 2011 for the nation, and a clear refusal of what the study does not know."""
    status, _, body = fetch(f"{dashboard}/api/rates?period=2011&by=nation")
    assert status == 200
    assert json.loads(body)["rows"][0]["count"] == 4371
    status, _, body = fetch(f"{dashboard}/api/compare?before=2010:2011&after=2012:2013&by=nation")
    assert json.loads(body)["rows"][0]["count_after"] == 5107
    status, _, body = fetch(f"{dashboard}/api/rates?period=1811&nonsense=1")
    assert status == 400
    assert "nonsense" in json.loads(body)["error"]
