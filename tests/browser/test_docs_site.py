"""The documentation site: it builds from nothing, and no page of it asks another host."""

from __future__ import annotations

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What a browser fetches by itself: everything but the links that a person may follow.
FETCHED = re.compile(
    r"<(?:script|img|source|iframe|video|audio|embed|object)\b[^>]*?\b(?:src|srcset|data)=[\"']?"
    r"(?:https?:)?//[^\"'\s>]+"
    r"|<link\b(?![^>]*rel=[\"']?(?:canonical|next|prev|alternate))[^>]*?href=[\"']?(?:https?:)?//[^\"'\s>]+"
    r"|@import\s+[^;]*(?:https?:)?//[^;]+"
    r"|url\(\s*[\"']?(?:https?:)?//[^)]+",
    flags=re.IGNORECASE,
)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site once, also for several workers of a test run."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    folder, log = shared / "docs_site", shared / "docs_site.log"
    try:
        (shared / "docs_site.lock").mkdir()
    except FileExistsError:
        for _ in range(600):
            if log.exists():
                return folder
            time.sleep(0.5)
        pytest.fail("another worker did not finish building the site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    log.write_text(built.stdout + built.stderr, encoding="utf-8")
    assert built.returncode == 0, log.read_text(encoding="utf-8")
    return folder


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Serve the site as any web server would."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_no_file_of_the_site_fetches_from_another_host(site: Path) -> None:
    """Scripts, styles, fonts and pictures all lie in the site itself."""
    pages = [*site.rglob("*.html"), *site.rglob("*.css")]
    found = {
        str(page.relative_to(site)): FETCHED.findall(page.read_text(encoding="utf-8"))
        for page in pages
    }

    assert len(pages) > 20
    assert {} == {page: hits for page, hits in found.items() if hits}


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://unpkg.com/x.js"></script>',
        "<link rel=stylesheet href=//fonts.example/css>",
        '<img alt="" src="http://elsewhere.example/a.png">',
        "@import url(https://fonts.example/css);",
    ],
)
def test_the_search_for_other_hosts_finds_them(markup: str) -> None:
    """The test above can fail."""
    assert FETCHED.search(markup)


def test_the_gallery_shows_every_kind_with_words(site: Path) -> None:
    """Each picture is there, small enough for a page, and says what a reader would take from it."""
    page = (site / "gallery.html").read_text(encoding="utf-8")
    shown = re.findall(r'<img src="(pictures/gallery/[^"]+)" alt="([^"]*)"', page)
    files = [site / name for name, _ in shown]

    assert len(shown) >= 17
    assert all(len(words) > 30 for _, words in shown)
    assert all(file.is_file() for file in files)
    assert sum(file.stat().st_size for file in files) < 3_000_000


def test_the_commands_of_the_gallery_exist(site: Path) -> None:
    """Each names a command of the program with options that it has (parsed, not run)."""
    import shlex
    from html import unescape

    from typer.main import get_command

    from territory.cli import app

    page = (site / "gallery.html").read_text(encoding="utf-8")
    lines = re.findall(r"<code>territory ([^<]+)</code>", page)

    assert len(lines) >= 17
    for line in lines:
        name, *given = shlex.split(unescape(line))
        get_command(app).commands[name].make_context(name, given)


def test_every_command_stands_with_its_help(site: Path) -> None:
    """The page is made from the program, so that no command is missing and no option is stale."""
    from typer.main import get_command

    from territory.cli import app

    page = (site / "command_line.html").read_text(encoding="utf-8")

    for name in get_command(app).commands:
        assert f"Usage: territory {name}" in page


def test_a_spanish_page_says_that_it_is_spanish(site: Path) -> None:
    """For screen readers and hyphenation."""
    assert '<html lang="es"' in (site / "es" / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in (site / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1366, 390])
def test_pages_ask_no_other_host_and_fit(open_page, address: str, width: int) -> None:
    """In a real browser: nothing leaves the machine, nothing scrolls sideways, formulas are drawn."""
    page, traffic = open_page(f"{address}/index.html", width=width, height=844)
    for name in ("es/index", "maps", "methods", "gallery", "api", "command_line", "dashboard/map"):
        page.goto(f"{address}/{name}.html")
        page.wait_for_load_state("networkidle")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, name

    page.goto(f"{address}/methods.html")
    assert page.locator("math").count() > 12
    assert page.locator("math").first.bounding_box()["height"] > 25
    assert traffic.elsewhere == []
    assert traffic.faults == []


def test_the_search_answers(open_page, address: str) -> None:
    """The site's own index is enough, and finds Spanish pages too."""
    page, traffic = open_page(f"{address}/index.html")
    page.locator("input.md-search__input").click()
    page.keyboard.type("intervalo")

    page.locator(".md-search-result__item").first.wait_for(timeout=15_000)
    assert "es/" in page.locator(".md-search-result__item a").first.get_attribute("href")
    assert traffic.elsewhere == []
