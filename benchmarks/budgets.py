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
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
SLIDER = "[data-testid=stSlider] input[type=range]"
AREA = "path[data-unit]"


def main() -> None:
    """Measure everything and print it beside the budgets."""
    rows = [*web_rows(), briefing_row(), *picture_rows(), *command_rows()]
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
        for name, path in (("Map", "map"), ("Before and after", "compare")):
            with relay(address) as (through, received):
                page = browser.new_page(viewport={"width": 1366, "height": 900})
                page.goto(f"{through}/{path}?lang=en")
                page.locator(AREA).nth(261).wait_for(state="attached")
                page.locator(SLIDER).last.focus()
                page.wait_for_timeout(2500)
                steps = []
                for _ in range(3):
                    received.clear()
                    page.keyboard.press("ArrowRight")
                    page.wait_for_timeout(3000)
                    steps.append(sum(received))
            yield (
                f"bytes on the line per step, {name}",
                "50 kB",
                f"{statistics.median(steps) / 1e3:.0f} kB",
            )
        browser.close()


@contextmanager
def relay(address: str) -> Iterator[tuple[str, list[int]]]:
    """Stand between browser and server, and note how many bytes the server sends.

    The browser itself only tells sizes after decompression.
    """
    port = int(address.rpartition(":")[2])
    received: list[int] = []

    def carry(source: socket.socket, target: socket.socket, note: bool) -> None:
        with suppress(OSError):
            while part := source.recv(65_536):
                if note:
                    received.append(len(part))
                target.sendall(part)
            target.shutdown(socket.SHUT_WR)

    def accept(door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                far = socket.create_connection(("127.0.0.1", port))
                for pair in ((near, far, False), (far, near, True)):
                    threading.Thread(target=carry, args=pair, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=accept, args=(door,), daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", received


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


def briefing_row() -> tuple[str, str, str]:
    """Make a whole briefing, as the first one of a process."""
    from territory import Study, briefing
    from territory.brief.folder import briefing_files

    study = Study.load("slv")
    chosen = briefing.Selection.of(study, show="change")
    taken = seconds(lambda: briefing_files(study, chosen))
    return "whole briefing", "20 s", f"{taken:.0f} s"


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
