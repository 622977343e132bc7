"""Hold the dashboard, a still map and the command line against their budgets.

Run by hand: ``python benchmarks/budgets.py``. Prints one Markdown table. Needs the
system's Chromium for the first two rows; nothing here leaves the machine.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
SLIDER = "[data-testid=stSlider] input[type=range]"
AREA = "path[data-unit]"


def main() -> None:
    """Measure everything and print it beside the budgets."""
    rows = [*web_rows(), *picture_rows(), *command_rows()]
    print("| what | budget | measured |\n|---|---|---|")
    for what, budget, measured in rows:
        print(f"| {what} | {budget} | {measured} |")


def web_rows() -> Iterator[tuple[str, str, str]]:
    """Measure what travels and how long a visitor waits."""
    from territory.dashboard import current
    from territory.evidence.sources import data_root

    asset = current.shapes().asset
    plain = (data_root() / "boundaries/slv/units.web.geojson").stat().st_size
    yield (
        "geometry, fetched once",
        "450 kB",
        f"{plain / 1e3:.0f} kB, {len(asset.packed) / 1e3:.0f} kB packed",
    )
    yield rerun_row()
    chromium = shutil.which("chromium")
    if chromium is None:
        yield "first page and one interaction", "3 s; 50 kB", "not measured: no Chromium here"
        return
    with dashboard() as address:
        yield from visit_rows(chromium, address)


def rerun_row() -> tuple[str, str, str]:
    """Measure the server's part of a step of the year slider, page script only."""
    from pathlib import Path

    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    import territory.dashboard

    script = Path(territory.dashboard.__file__).parent / "script" / "visit.py"
    app = AppTest.from_file(str(script), default_timeout=60)
    app._page_hash = calc_hash("map")
    app.run()
    taken = []
    for year in (2012, 2013, 2014, 2015, 2016):
        app.select_slider(key="choose_period").set_value(year)
        taken.append(seconds(app.run))
    return "server time per rerun, Map", "150 ms", f"{1e3 * statistics.median(taken):.0f} ms"


def visit_rows(chromium: str, address: str) -> Iterator[tuple[str, str, str]]:
    """Open the first page, then step through the years of the map."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        start = time.perf_counter()
        page.goto(address)
        page.locator(AREA).nth(261).wait_for(state="attached")
        yield "first page drawn, cold browser", "3 s", f"{time.perf_counter() - start:.1f} s"
        received: list[int] = []
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        page.on(
            "websocket", lambda ws: ws.on("framereceived", lambda data: received.append(len(data)))
        )
        page.goto(f"{address}/map?lang=en")
        page.locator(AREA).nth(261).wait_for(state="attached")
        page.locator(SLIDER).first.focus()
        page.wait_for_timeout(1500)
        steps = []
        for _ in range(4):
            received.clear()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(1500)
            steps.append(sum(received))
        yield "bytes per interaction, Map", "50 kB", f"{statistics.median(steps) / 1e3:.0f} kB"
        browser.close()


def picture_rows() -> Iterator[tuple[str, str, str]]:
    """Draw still maps to PNG."""
    from territory import Study, briefing, drawing
    from territory.pictures.figures import image

    study = Study.load("slv")
    for show in ("rate", "change"):
        chosen = briefing.Selection.of(study, show=show)
        maps = drawing.specs(study, chosen)

        def draw(maps: list = maps) -> None:
            io.BytesIO(image(drawing.still(maps, study)))

        draw()
        taken = statistics.median(seconds(draw) for _ in range(3))
        yield f"still map, {show}, PNG", "1 s", f"{taken:.1f} s"


def command_rows() -> Iterator[tuple[str, str, str]]:
    """Run the command line as a whole process."""
    command = [
        sys.executable,
        "-m",
        "territory",
        "rates",
        "slv",
        "--period",
        "2011",
        "--by",
        "nation",
        "--json",
    ]
    taken = statistics.median(
        seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(3)
    )
    yield "`territory rates`, whole process", "3 s", f"{taken:.1f} s"


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


@contextmanager
def dashboard() -> Iterator[str]:
    """Serve the dashboard on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "territory", "dashboard", "slv", "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=1)
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    main()
