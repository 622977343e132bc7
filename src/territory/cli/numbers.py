"""What follows from the tables: `rates`, `compare`, `holders`, `effects`."""

from __future__ import annotations

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
from territory.cli.output import COMPARED, heading, print_json, print_table


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

    loaded, selection = selected(
        study,
        lang="en",
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

    loaded, selection = selected(
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
    known = known.assign(actors=known["actors"].map("; ".join))
    if len(known):
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
    event: Annotated[
        str | None, typer.Option(help="An event of the study, e.g. truce; its first by default.")
    ] = None,
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
    from territory.effecting import first_event
    from territory.study import Study

    loaded = Study.load(study)
    typer.echo("Fitting; placebo and sensitivity take some seconds …", err=True)
    found = loaded.effects(event or first_event(loaded), design=design, unconfirmed=unconfirmed)
    if as_json:
        print_json(found.as_json(lang))
        return
    typer.echo(found.summary(lang))
    for name in ("averted", "terms", "leads", "weights"):
        table = getattr(found, name)
        if not table.empty:
            typer.echo(f"\n{name}\n{table.to_string(float_format=lambda x: f'{x:,.4g}')}")
