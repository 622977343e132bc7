"""What there is, and whether it holds: `studies`, `check`."""

from __future__ import annotations

import typer

from territory.cli.app import app
from territory.cli.options import Json, StudyName
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
def check(study: StudyName = "slv", *, as_json: Json = False) -> None:
    """Verify cards and digests, schemas, that levels add up, and published totals.

    Example: territory check slv
    """
    from territory.checks import check_study

    checks = check_study(study)
    failed = [entry for entry in checks if not entry.ok]
    if as_json:
        print_json({"ok": not failed, "checks": [entry.as_dict() for entry in checks]})
    else:
        for entry in checks:
            mark = "ok  " if entry.ok else "FAIL"
            note = f"  [{entry.note}]" if entry.note else ""
            typer.echo(f"{mark}  {entry.check}: {entry.value} (expected {entry.expected}){note}")
        typer.echo(f"{len(checks) - len(failed)} of {len(checks)} checks hold.")
    raise typer.Exit(1 if failed else 0)
