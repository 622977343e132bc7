"""What there is, whether it holds, and a beginning of one's own: `studies`, `check`, `init`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from territory.cli.app import app
from territory.cli.options import Json, Lang, StudyName
from territory.cli.output import print_json

if TYPE_CHECKING:
    from territory.checks import Check


@app.command()
def studies(*, as_json: Json = False) -> None:
    """List the shipped studies.

    Example: territory studies
    """
    from territory.documents import study_document
    from territory.evidence.studyfile import shipped
    from territory.study import Study

    documents = [study_document(Study.load(name)) for name in shipped()]
    if as_json:
        print_json(documents)
        return
    for document in documents:
        units = ", ".join(f"{count} {level}" for level, count in document["units"].items())
        span = "{first} to {last}".format(**document["periods"])
        typer.echo(f"{document['study']}  {document['title']}: {units}; {span}")
        for entry in document["outcomes"]:
            typer.echo(f"    {entry['outcome']} ({', '.join(entry['institutions'])})")


@app.command()
def check(
    study: StudyName = "slv",
    *,
    renew_cards: Annotated[
        bool,
        typer.Option(
            "--renew-cards",
            help="First write the digests of changed tables into their cards, and begin missing ones.",
        ),
    ] = False,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Verify cards and digests, schemas, that levels add up, and published totals.

    Says what to do about each thing that does not hold; exit 1 if there is any.

    Example: territory check slv
    """
    from territory import founding
    from territory.checks import check_study
    from territory.text import say

    for file, done in founding.renew_cards(study) if renew_cards else []:
        typer.echo(say(f"founding.{done}", lang, file=file), err=True)
    checks = check_study(study, lang=lang)
    failed = [entry for entry in checks if not entry.ok]
    if as_json:
        print_json({"ok": not failed, "checks": [entry.as_dict() for entry in checks]})
    else:
        for entry in checks:
            typer.echo(_lines(entry, lang))
        good = len(checks) - len(failed)
        typer.echo(say("checks.summary", lang, good=good, n=len(checks)))
        if failed:
            typer.echo(say("checks.again", lang))
    raise typer.Exit(1 if failed else 0)


def _lines(entry: Check, lang: str) -> str:
    """Write a check on one line; what is wrong, one line for each thing below it."""
    from territory.text import say

    mark = "ok  " if entry.ok else "FAIL"
    if not entry.ok and isinstance(entry.value, str) and " " in entry.value:
        faults = [*entry.value.splitlines(), *filter(None, [entry.note])]
        return "\n      - ".join([f"{mark}  {entry.check}", *faults])
    line = say("checks.line", lang, check=entry.check, value=entry.value, expected=entry.expected)
    return f"{mark}  {line}" + (f"  [{entry.note}]" if entry.note else "")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    *,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Make the folder of a study of one's own: a commented study file, and invented tables.

    Example: territory init honduras
    """
    from territory import founding
    from territory.text import say

    written = founding.found_study(folder)
    if as_json:
        print_json({"folder": str(folder), "files": [str(file) for file in written]})
        return
    typer.echo(say("founding.made", lang, folder=folder, n=len(written)))
    # As it is typed: in quotes where there are spaces, and never like an option.
    shown = f"./{folder}" if str(folder).startswith("-") else str(folder)
    typer.echo(say("founding.next", lang, folder=shlex.quote(shown)))
