"""Files of one's own: `ingest`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from territory.cli.app import app
from territory.cli.options import Institution, Json, Lang, Outcome
from territory.cli.output import print_json

if TYPE_CHECKING:
    from territory.evidence.ingest import Decisions, Ingested
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
    as_study: Annotated[
        Path | None,
        typer.Option(help="Write a whole study too: its tables, these counts, cards, decisions."),
    ] = None,
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
    from territory.evidence.ingest import ingest as read
    from territory.evidence.schema import DataError
    from territory.evidence.writing import demand_place, write_folder
    from territory.text import say

    demand_place(out, file, decisions)  # said before the file is read
    _demand_new(as_study, begin_decisions)
    given = {"outcome": outcome, "institution": institution, "year": year}
    settings = _known({key: text for key, text in given.items() if text} | _pairs(setting or []))
    loaded = _loaded(study, lang, whole=as_study is not None)
    made = _made(decisions, loaded, settings)
    try:
        found = read(file, loaded, decisions=decisions, allow_unmatched=allow_unmatched, **settings)
        if as_study is not None:  # before the table, whose place may be inside it
            write_folder(_saved(found, loaded, file, _begun(found, made, lang)), as_study)
        found.write(out)
    except DataError as error:
        _begin(begin_decisions, _begun(error, made, lang), lang)
        _refuse(error, lang, as_json=as_json)
        raise
    if as_study is not None:
        typer.echo(say("ingest.study_written", lang, folder=as_study), err=True)
    _begin(begin_decisions, _begun(found, made, lang), lang)
    if as_json:
        print_json(found.report.as_dict(lang))
    else:
        typer.echo(found.report.render(lang))


def _refuse(error: DataError, lang: str, *, as_json: bool) -> None:
    """Say what became of each row of a file that was read but not accounted for, and end."""
    from territory.evidence.ingest import IngestError

    if not isinstance(error, IngestError):
        return
    if as_json:
        print_json(error.report.as_dict(lang))
    typer.echo(error.report.render(lang), err=True)
    raise typer.Exit(2) from None


def _loaded(name: str, lang: str, *, whole: bool) -> Study:
    """Return the study, or as much of it as is needed to read its first counts."""
    from territory.evidence.loading import places
    from territory.evidence.schema import DataError
    from territory.study import Study
    from territory.text import say

    try:
        return Study.load(name)
    except DataError:
        if whole:
            raise
        typer.echo(say("ingest.places_only", lang, study=name), err=True)
        return Study(**places(name))


def _demand_new(folder: Path | None, begun: Path | None) -> None:
    """Refuse a folder that holds something, and a file of decisions that is there."""
    from territory.evidence.schema import DataError, Fault
    from territory.founding import demand_empty

    if begun is not None and begun.exists():
        raise DataError(Fault("file_there", argument="--begin-decisions", value=begun))
    if folder is None:
        return
    if folder.is_dir():
        demand_empty(folder, argument="--as-study")
    if folder.is_file():
        raise DataError(Fault("unwritable", argument="--as-study", value=folder, reason="file"))
    above = folder.resolve().parent
    if not above.is_dir():
        raise DataError(Fault("no_folder", argument="--as-study", value=above))


def _saved(found: Ingested, study: Study, file: Path, decisions: str) -> dict[str, bytes]:
    """Return the study with the counts of a file, and what was decided about it."""
    from territory.adopting import adopted
    from territory.saving import saved_study

    own = adopted(study, found, name=file.name, content=file.read_bytes())
    return saved_study(own, decisions=decisions)


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


def _made(decisions: Path | None, study: Study, settings: dict[str, str]) -> Decisions:
    """Return what was decided before, in a file and on the command line."""
    from territory.evidence.ingest import Decisions, read_decisions

    known = decisions is not None and decisions.is_file()
    made = read_decisions(decisions, study.units) if known else Decisions()
    made.settings |= settings
    return made


def _begun(source: Ingested | DataError, made: Decisions, lang: str) -> str:
    """Return decisions to fill in; what was decided before stays decided."""
    from territory.evidence.ingest import Ingested, begun

    report = source.report if isinstance(source, Ingested) else source
    return begun(report, lang=lang, chosen=made)


def _begin(out: Path | None, text: str, lang: str) -> None:
    """Write a file of decisions to fill in, where one is asked for."""
    from territory.evidence.writing import write_whole
    from territory.text import say

    if out is None:
        return
    write_whole(out, lambda part: part.write_text(text, encoding="utf-8"))
    typer.echo(say("ingest.begun_written", lang, file=out), err=True)
