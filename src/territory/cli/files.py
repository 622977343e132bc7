"""Files of one's own: `ingest`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from territory.cli.app import app
from territory.cli.options import Institution, Json, Lang, Outcome
from territory.cli.output import print_json

if TYPE_CHECKING:
    from territory.evidence.ingest import Report
    from territory.evidence.schema import DataError
    from territory.study import Study


@app.command()
def ingest(
    file: Annotated[Path, typer.Argument(help="xlsx, xls, ods or text, as it is.")],
    *,
    out: Annotated[Path, typer.Option(help="CSV to write: unit,period,outcome,institution,count.")],
    study: Annotated[str, typer.Option(help="Whose places the file is about.")] = "slv",
    decisions: Annotated[
        Path | None, typer.Option(help="A file (csv or toml) with a person's choices.")
    ] = None,
    begin_decisions: Annotated[
        Path | None,
        typer.Option(
            help="Write a file of decisions to fill in (toml): what is open, as comments."
        ),
    ] = None,
    allow_unmatched: Annotated[
        bool, typer.Option(help="Leave out rows whose place is not found.")
    ] = False,
    outcome: Outcome = None,
    institution: Institution = None,
    year: Annotated[str | None, typer.Option(help="Where the file does not say it.")] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Any setting, as often as needed: duplicates=sum. A wrong one lists them all.",
        ),
    ] = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Read a messy spreadsheet into the table of counts, with a report on every row.

    Example: territory ingest police.xlsx --study slv --institution pnc --out counts.csv
    """
    from territory.evidence.ingest import IngestError
    from territory.evidence.ingest import ingest as read
    from territory.evidence.loading import places
    from territory.evidence.schema import DataError, Fault
    from territory.evidence.writing import demand_place
    from territory.study import Study
    from territory.text import say

    demand_place(out, file, decisions)  # said before the file is read
    given = {"outcome": outcome, "institution": institution, "year": year}
    settings = {key: value for key, value in given.items() if value} | _pairs(setting or [])
    if begin_decisions is not None and begin_decisions.exists():
        raise DataError(Fault("file_there", argument="--begin-decisions", value=begin_decisions))
    try:
        loaded = Study.load(study)
    except DataError:
        # The first counts of a new study: its places are enough.
        loaded = Study(**places(study))
        typer.echo(say("ingest.places_only", lang, study=study), err=True)
    try:
        found = read(
            file, loaded, decisions=decisions, allow_unmatched=allow_unmatched, **_known(settings)
        )
        found.write(out)
    except DataError as error:
        # The report says what became of each row; the table is not written.
        if begin_decisions is not None:
            _begin(begin_decisions, error, loaded, decisions, lang)
        if not isinstance(error, IngestError):
            raise DataError(*error.faults) from None
        if as_json:
            print_json(error.report.as_dict(lang))
        typer.echo(error.report.render(lang), err=True)
        raise typer.Exit(2) from None
    if begin_decisions is not None:
        _begin(begin_decisions, found.report, loaded, decisions, lang)
    if as_json:
        print_json(found.report.as_dict(lang))
    else:
        typer.echo(found.report.render(lang))


def _known(settings: dict[str, str]) -> dict[str, Any]:
    from territory.evidence.ingest import check_settings

    check_settings(settings)  # or a setting could pass for an option of the reader
    return settings


def _pairs(texts: list[str]) -> dict[str, str]:
    """Read settings written as ``KEY=VALUE``; what they may be is held against the list later."""
    from territory.evidence.ingest import SETTINGS
    from territory.evidence.schema import Fault, demand

    pairs = [text.partition("=") for text in texts]
    demand(
        [
            Fault("bad_pair", argument="--set", value=text, allowed=", ".join(SETTINGS))
            for text, (key, sign, value) in zip(texts, pairs, strict=True)
            if not (key.strip() and sign and value)
        ]
    )
    return {key.strip(): value for key, _, value in pairs}


def _begin(
    out: Path, source: Report | DataError, study: Study, decisions: Path | None, lang: str
) -> None:
    """Write a file of decisions to fill in; what was decided before stays decided."""
    from territory.evidence.ingest import begun, read_decisions
    from territory.evidence.writing import write_whole
    from territory.text import say

    made = read_decisions(decisions, study.units) if decisions and decisions.is_file() else None
    text = begun(source, lang=lang, chosen=made)
    write_whole(out, lambda part: part.write_text(text, encoding="utf-8"))
    typer.echo(say("ingest.begun_written", lang, file=out), err=True)
