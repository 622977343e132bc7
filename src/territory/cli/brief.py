"""A whole briefing on disk: `brief`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from territory.cli.app import app, selected
from territory.cli.options import (
    After,
    Before,
    By,
    Institution,
    Json,
    Lang,
    Outcome,
    Population,
    StudyName,
)
from territory.cli.output import print_json


@app.command()
def brief(
    study: StudyName = "slv",
    *,
    out: Annotated[Path, typer.Option(help="Folder to make; an earlier briefing is replaced.")],
    before: Before = None,
    after: After = None,
    by: By = None,
    outcome: Outcome = None,
    institution: Institution = None,
    population: Population = None,
    lang: Lang = "es",
    as_json: Json = False,
) -> None:
    """Make a briefing: PDF, slides, web page, workbook, pictures with their numbers, sources.

    Example: territory brief slv --before 2010:2011 --after 2012:2013 --lang es --out briefing
    """
    from territory.brief.folder import briefing_files, demand_place, step_words, write_folder

    demand_place(out)  # said before anything is computed
    loaded, selection = selected(
        study,
        show="change",
        before=before,
        after=after,
        by=by,
        outcome=outcome,
        institution=institution,
        population=population,
        lang=lang,
    )
    files = briefing_files(
        loaded, selection, told=lambda step: typer.echo(f"{step_words(step, lang)} …", err=True)
    )
    written = write_folder(files, out)
    if as_json:
        print_json({"files": [str(path) for path in written]})
        return
    for path in written:
        typer.echo(f"{path}  {path.stat().st_size:,} bytes")
