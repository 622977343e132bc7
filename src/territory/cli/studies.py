"""What there is, whether it holds, and a beginning of one's own: `studies`, `check`, `init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from territory.cli.app import app
from territory.cli.options import Json, Lang, StudyName
from territory.cli.output import print_json


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
            mark = "ok  " if entry.ok else "FAIL"
            line = say("checks.line", lang, check=entry.check, value=entry.value,
                       expected=entry.expected)  # fmt: skip
            note = f"  [{entry.note}]" if entry.note else ""
            typer.echo(f"{mark}  {line}{note}")
        good = len(checks) - len(failed)
        typer.echo(say("checks.summary", lang, good=good, n=len(checks)))
    raise typer.Exit(1 if failed else 0)


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
    typer.echo(say("founding.next", lang, folder=folder))
