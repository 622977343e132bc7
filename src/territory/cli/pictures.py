"""Pictures on disk: `map`."""

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
    Period,
    Population,
    StudyName,
)
from territory.cli.output import print_json


@app.command(name="map")
def draw_map(
    study: StudyName = "slv",
    *,
    out: Annotated[Path, typer.Option(help="File to write; its ending says the format.")],
    show: Annotated[
        str, typer.Option(help="rate, smoothed_rate, count, change, holders.")
    ] = "rate",
    period: Period = None,
    before: Before = None,
    after: After = None,
    by: By = None,
    outcome: Outcome = None,
    institution: Institution = None,
    population: Population = None,
    multiples: Annotated[
        str | None,
        typer.Option(help="Small maps on one page: year, or a level or grouping (department)."),
    ] = None,
    on: Annotated[str | None, typer.Option(help="Day of `holders`: 2018-08-15.")] = None,
    reported: Annotated[
        bool, typer.Option("--reported", help="Outlines of reported territory over the colours.")
    ] = False,
    lang: Lang = "en",
    size: Annotated[str, typer.Option(help="slide, a4, a4-landscape or square.")] = "slide",
    as_json: Json = False,
) -> None:
    """Draw one map: png, svg, pdf or html by the ending of the file.

    Beside a still picture lie its words (.alt.txt) and its numbers (.csv).

    Example: territory map slv --show rate --period 2011 --lang es --out rate_2011.png
    """
    from territory import drawing

    drawing.require_size(size)
    drawing.format_of(out)  # a wrong ending is said before anything is read
    loaded, selection = selected(
        study,
        show=show,
        period=period,
        before=before,
        after=after,
        by=by,
        outcome=outcome,
        institution=institution,
        population=population,
        on=on,
        reported="yes" if reported else None,
        lang=lang,
    )
    document = drawing.write_map(loaded, selection, out, size=size, across=multiples or "")
    if as_json:
        print_json(document)
    else:
        typer.echo(f"{document['file']}  {document['bytes']:,} bytes")
        for path in document["beside"]:
            typer.echo(path)
