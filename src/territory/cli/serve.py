"""The dashboard from the command line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from territory.cli.app import app, selected
from territory.cli.options import Lang, StudyName


@app.command()
def dashboard(
    study: StudyName = "slv",
    *,
    port: Annotated[
        int | None,
        typer.Option(help="Port on this machine; 8501 or the next free one.", min=1, max=65535),
    ] = None,
    lang: Lang = "es",
    window: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the dashboard in the browser.

    Example: territory dashboard slv --lang es
    """
    from territory.dashboard.launch import launch

    selected(study, lang=lang)  # wrong words are said here, not in the browser
    launch(study, port=port, lang=lang, open_browser=window and sys.stdout.isatty())
