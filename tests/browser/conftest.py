"""A server of our own and the system's Chromium, without any network but this machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from territory.evidence.sources import data_root

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
]
LOCAL = {"127.0.0.1", "localhost", ""}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that `-m "not browser"` leaves it out."""
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker("browser")


@dataclass
class Traffic:
    """What went over the line: websocket bytes each way, requests, requests to other hosts."""

    received: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Start counting anew."""
        for record in (self.received, self.sent, self.requests):
            record.clear()


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; in CI these tests must run")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Start Chromium once."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("the package playwright is not installed")
    if not Path(CHROMIUM).exists():
        _missing(f"{CHROMIUM} does not exist: install Debian's package chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser):
    """Return a function that opens an address and records the traffic; other hosts are cut off."""
    contexts = []

    def open_(address: str, *, width: int = 1366, height: int = 900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        traffic = Traffic()

        def gate(route) -> None:
            if (urlsplit(route.request.url).hostname or "") in LOCAL:
                route.continue_()
            else:
                traffic.elsewhere.append(route.request.url)
                route.abort()

        def websocket(socket) -> None:
            socket.on("framereceived", lambda data: traffic.received.append(len(data)))
            socket.on("framesent", lambda data: traffic.sent.append(len(data)))

        def console(message) -> None:
            # Streamlit finds its base path by asking for its health check below the page first.
            probing = "/_stcore/" in message.location.get("url", "")
            if message.type == "error" and not probing:
                traffic.faults.append(message.text)

        context.route("**/*", gate)
        page.on("request", lambda request: traffic.requests.append(request.url))
        page.on("websocket", websocket)
        page.on("console", console)
        page.on("pageerror", lambda error: traffic.faults.append(str(error)))
        page.goto(address)
        return page, traffic

    yield open_
    for context in contexts:
        context.close()


def _unused_port() -> int:
    # The system's choice, not the first free one: workers of pytest-xdist ask at the same time.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(command: list[str], port: int, log: Path, **environment: str) -> Iterator[str]:
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(process, address, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(process: subprocess.Popen, address: str, log: Path) -> None:
    for _ in range(450):
        if process.poll() is not None:
            pytest.fail(f"the server stopped:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not answer within 90 s")


@pytest.fixture(scope="session")
def component(tmp_path_factory) -> Iterator[str]:
    """Serve a page with the map component alone; return its address."""
    shapes = data_root() / "boundaries/slv/units.web.geojson"
    port = _unused_port()
    command = [sys.executable, str(HERE / "component_app.py"), str(port)]
    log = tmp_path_factory.mktemp("component") / "server.log"
    yield from _serve(command, port, log, TERRITORY_TEST_SHAPES=str(shapes))


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory) -> Iterator[str]:
    """Serve the dashboard as `territory dashboard slv` does; return its address."""
    port = _unused_port()
    start = f"from territory.dashboard.launch import launch; launch('slv', port={port})"
    log = tmp_path_factory.mktemp("dashboard") / "server.log"
    yield from _serve([sys.executable, "-c", start], port, log)
