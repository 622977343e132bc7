"""Start the dashboard, from a checkout or from an installed package, with the same settings."""

from __future__ import annotations

import os
import socket
import threading
import time
import tomllib
import urllib.request
import webbrowser
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from pathlib import Path

FIRST_PORT = 8501
_TRIED_PORTS = 20
_WAITED = 100  # times a third of a second, until a window is opened


def settings() -> dict[str, Any]:
    """Return Streamlit's options for this dashboard, by dotted name."""
    text = files("territory.dashboard").joinpath("config.toml").read_text(encoding="utf-8")
    return {
        f"{section}.{option}": value
        for section, options in tomllib.loads(text).items()
        for option, value in options.items()
    }


def free_port(address: str = "127.0.0.1", *, first: int = FIRST_PORT) -> int:
    """Return the first free port from `first` upwards.

    Raises
    ------
    DataError
        When none of the next twenty is free.
    """
    for port in range(first, first + _TRIED_PORTS):
        if _is_free(address, port):
            return port
    raise DataError(Fault("no_free_port", first=first, last=first + _TRIED_PORTS - 1))


def launch(
    study: str | Path = "slv",
    *,
    port: int | None = None,
    lang: str | None = None,
    open_browser: bool = False,
) -> None:
    """Serve the dashboard of a study on this machine until it is stopped.

    Parameters
    ----------
    study
        Name of a shipped study or path of a study file.
    port
        Port to listen on; by default the first free one from 8501.
    lang
        Language in which it opens, "es" or "en"; the address may say otherwise.
    open_browser
        Whether to open a browser window.

    Raises
    ------
    DataError
        When the port is taken, or out of range.
    """
    options = settings()
    if port is not None:
        if not 1 <= port <= 65535:
            raise DataError(Fault("bad_port", value=port))
        if not _is_free(options["server.address"], port):
            raise DataError(Fault("port_taken", value=port))
    options["server.port"] = port or free_port(options["server.address"])
    from territory.dashboard import current
    from territory.dashboard.server import dashboard_app

    os.environ[current.STUDY] = str(study)
    if lang is not None:
        os.environ[current.LANG] = lang
    if open_browser:
        address = f"http://{options['server.address']}:{options['server.port']}"
        threading.Thread(target=_open_when_ready, args=(address,), daemon=True).start()
    dashboard_app(base_path="").run(config=options)


def _open_when_ready(address: str) -> None:
    """Open a browser window as soon as the server answers; without a browser do nothing.

    Streamlit's own way of opening a window asks for an e-mail address first.
    """
    for _ in range(_WAITED):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=1):  # noqa: S310
                webbrowser.open(address)
                return
        except OSError:
            time.sleep(0.3)


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
