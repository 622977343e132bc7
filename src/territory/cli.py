"""The command line: thin doors over `Study`, `briefing` and `pictures`.

Results go to standard output, words to standard error. Exit codes: 0 success,
2 bad input, 1 a check that fails.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from territory.cli_options import (
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
from territory.cli_output import COMPARED, heading, print_json, print_table
from territory.evidence.schema import DataError

if TYPE_CHECKING:
    from territory.briefing import Selection
    from territory.study import Study

app = typer.Typer(
    help="What happened to violence, where, after an event such as a truce; and how sure are we.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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


@app.command()
def rates(
    study: StudyName = "slv",
    *,
    period: Period = None,
    by: By = None,
    outcome: Outcome = None,
    institution: Institution = None,
    population: Population = None,
    smoothed: Annotated[bool, typer.Option(help="Add empirical-Bayes rates.")] = False,
    as_json: Json = False,
) -> None:
    """Print counts and rates per 100,000 person-years, with exact 95 % intervals.

    Example: territory rates slv --period 2011 --by department
    """
    from territory import briefing, documents

    loaded, selection = _selection(
        study,
        show="smoothed_rate" if smoothed else "rate",
        period=period,
        by=by,
        outcome=outcome,
        institution=institution,
        population=population,
    )
    if as_json:
        print_json(documents.rates_document(loaded, selection))
        return
    typer.echo(heading(selection, selection.period))
    print_table(briefing.rates(loaded, selection))


@app.command()
def compare(
    study: StudyName = "slv",
    *,
    before: Before = None,
    after: After = None,
    by: By = None,
    outcome: Outcome = None,
    institution: Institution = None,
    population: Population = None,
    scaled: Annotated[bool, typer.Option(help="Widen intervals by over-dispersion.")] = False,
    as_json: Json = False,
) -> None:
    """Compare two windows: rate ratio, exact interval, p and false-discovery q.

    Example: territory compare slv --before 2010:2011 --after 2012:2013 --by nation
    """
    from territory import briefing, documents

    loaded, selection = _selection(
        study,
        show="change",
        before=before,
        after=after,
        by=by,
        outcome=outcome,
        institution=institution,
        population=population,
        scaled="yes" if scaled else None,
    )
    if as_json:
        print_json(documents.comparison_document(loaded, selection))
        return
    result = briefing.comparison(loaded, selection)
    for counted in result.composed or ():
        terms = " ".join(f"{term:+,}" for term in counted.terms)
        who = ", ".join(counted.institutions)
        typer.echo(f"{counted.window.text}: {counted.count:,} = {terms} ({who})", err=True)
    chosen = selection.renewed(institution=result.institution)
    typer.echo(heading(chosen, f"{selection.before} to {selection.after}"))
    print_table(result.table[COMPARED])
    typer.echo(result.summary("en"), err=True)


@app.command()
def holders(
    study: StudyName = "slv",
    *,
    on: Annotated[str, typer.Option(help="A day, e.g. 2018-08-15.")],
    by: Annotated[str | None, typer.Option(help="A level; levels are never mixed.")] = None,
    as_json: Json = False,
) -> None:
    """Print who is reported to hold or be present where on a day, and since when.

    Example: territory holders slv --on 2018-08-15
    """
    from territory import documents
    from territory.study import Study
    from territory.text import say

    loaded = Study.load(study)
    document = documents.holders_document(loaded, on, by=by)
    if as_json:
        print_json(document)
        return
    frame = loaded.holders(on, by=by)
    known = frame[frame["status"] != "no_data"]
    typer.echo(known.drop(columns=["claims"]).to_string(na_rep="–"))
    typer.echo(
        say(
            "holders.coverage", "en",
            known=len(known), all=len(frame), date=on, stale=int(frame["stale"].sum()),
        ),
        err=True,
    )  # fmt: skip
    typer.echo(say("holders.caution", "en"), err=True)


@app.command()
def effects(
    study: StudyName = "slv",
    *,
    event: Annotated[str, typer.Option(help="An event of the study, e.g. truce.")] = "truce",
    design: Annotated[str | None, typer.Option(help="its, panel or synthetic.")] = None,
    unconfirmed: Annotated[
        bool, typer.Option(help="Count places as treated that are not confirmed.")
    ] = False,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Estimate what an event changed, with placebo and sensitivity.

    Example: territory effects slv --event truce --design its
    """
    from territory.study import Study

    loaded = Study.load(study)
    typer.echo("Fitting; placebo and sensitivity take some seconds …", err=True)
    found = loaded.effects(event, design=design, unconfirmed=unconfirmed)
    if as_json:
        print_json(found.as_json(lang))
        return
    typer.echo(found.summary(lang))
    for name in ("averted", "terms", "leads", "weights"):
        table = getattr(found, name)
        if not table.empty:
            typer.echo(f"\n{name}\n{table.to_string(float_format=lambda x: f'{x:,.4g}')}")


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
    on: Annotated[str | None, typer.Option(help="Day of `holders`: 2018-08-15.")] = None,
    lang: Lang = "en",
    size: Annotated[str, typer.Option(help="slide, a4, a4-landscape or square.")] = "slide",
    as_json: Json = False,
) -> None:
    """Draw one map: png, svg, pdf or html by the ending of the file.

    Example: territory map slv --show rate --period 2011 --lang es --out rate_2011.png
    """
    from territory import drawing

    drawing.format_of(out)  # a wrong ending is said before anything is read
    loaded, selection = _selection(
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
        lang=lang,
    )
    document = drawing.write_map(loaded, selection, out, size=size)
    if as_json:
        print_json(document)
    else:
        typer.echo(f"{document['file']}  {document['bytes']:,} bytes")


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

    _selection(study, lang=lang)  # wrong words are said here, not in the browser
    launch(study, port=port, lang=lang, open_browser=window and sys.stdout.isatty())


def main() -> None:
    """Run the command line; bad input ends with one message and exit code 2."""
    try:
        app()
    except DataError as error:
        typer.echo(f"territory: {error}", err=True)
        sys.exit(2)


def _selection(study: str, **given: str | None) -> tuple[Study, Selection]:
    from territory.briefing import Selection
    from territory.study import Study

    loaded = Study.load(study)
    return loaded, Selection.of(loaded, **given)
