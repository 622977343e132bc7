"""Files of one's own: `ingest`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from territory.cli.app import app
from territory.cli.options import Institution, Json, Lang, Outcome
from territory.cli.output import print_json


@app.command()
def ingest(
    file: Annotated[Path, typer.Argument(help="xlsx, xls, ods or text, as it is.")],
    *,
    out: Annotated[Path, typer.Option(help="CSV to write: unit,period,outcome,institution,count.")],
    study: Annotated[str, typer.Option(help="Whose places the file is about.")] = "slv",
    decisions: Annotated[Path | None, typer.Option(help="A file with a person's choices.")] = None,
    allow_unmatched: Annotated[
        bool, typer.Option(help="Leave out rows whose place is not found.")
    ] = False,
    outcome: Outcome = None,
    institution: Institution = None,
    year: Annotated[str | None, typer.Option(help="Where the file does not say it.")] = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Read a messy spreadsheet into the table of counts, with a report on every row.

    Example: territory ingest police.xlsx --study slv --institution pnc --out counts.csv
    """
    from territory.evidence.ingest import IngestError
    from territory.evidence.ingest import ingest as read
    from territory.study import Study

    given = {"outcome": outcome, "institution": institution, "year": year}
    settings = {key: value for key, value in given.items() if value}
    try:
        found = read(
            file,
            Study.load(study),
            decisions=decisions,
            allow_unmatched=allow_unmatched,
            **settings,
        )
        found.write(out)
    except IngestError as error:
        # The report says what became of each row; nothing is written.
        if as_json:
            print_json(error.report.as_dict(lang))
        typer.echo(error.report.render(lang), err=True)
        raise typer.Exit(2) from None
    if as_json:
        print_json(found.report.as_dict(lang))
    else:
        typer.echo(found.report.render(lang))
