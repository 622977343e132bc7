"""Charts on disk: `chart`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:
    from territory.briefing import Selection
    from territory.pictures.figures import Picture
    from territory.study import Study

_OF_SELECTION = ("series", "place", "dumbbell", "forest", "timeline")
_OF_EFFECT = ("counterfactual", "event_study", "averted", "placebo", "specification")
_ENDINGS = (".png", ".svg", ".pdf")


@app.command()
def chart(
    study: StudyName = "slv",
    *,
    out: Annotated[Path, typer.Option(help="File to write: .png, .svg or .pdf.")],
    show: Annotated[
        str,
        typer.Option(
            help="series, place, dumbbell, forest, timeline; of an effect: counterfactual, "
            "event_study, averted, placebo, specification."
        ),
    ] = "series",
    period: Period = None,
    before: Before = None,
    after: After = None,
    by: By = None,
    place: Annotated[str | None, typer.Option(help="Code or name, for `place`.")] = None,
    outcome: Outcome = None,
    institution: Institution = None,
    population: Population = None,
    event: Annotated[str | None, typer.Option(help="Event of an effect, e.g. truce.")] = None,
    design: Annotated[str | None, typer.Option(help="its, panel or synthetic.")] = None,
    unconfirmed: Annotated[
        bool, typer.Option(help="Count places as treated that are not confirmed.")
    ] = False,
    lang: Lang = "en",
    size: Annotated[str, typer.Option(help="wide, or narrow for a phone.")] = "wide",
    as_json: Json = False,
) -> None:
    """Draw one chart: png, svg or pdf by the ending of the file.

    Example: territory chart slv --show dumbbell --before 2010:2011 --after 2012:2013 --out d.png
    """
    from territory.evidence.schema import unknown
    from territory.evidence.writing import write_whole
    from territory.pictures.figures import save

    if show not in (*_OF_SELECTION, *_OF_EFFECT):
        raise unknown("--show", show, (*_OF_SELECTION, *_OF_EFFECT))
    if out.suffix.lower() not in _ENDINGS:
        raise unknown("--out", out.name, [f"*{ending}" for ending in _ENDINGS])
    # A forest has the level above the finest, where nothing else is said.
    loaded, selection = selected(
        study,
        show="change" if show in ("dumbbell", "forest") else "rate",
        period=period,
        before=before,
        after=after,
        by=by,
        place=place,
        outcome=outcome,
        institution=institution,
        population=population,
        lang=lang,
    )
    if show in _OF_EFFECT:
        figure = _effect(loaded, show, event, design, unconfirmed=unconfirmed, lang=lang, size=size)
    else:
        figure = _drawn(loaded, selection, show, size, coarser=by is None)
    write_whole(out, partial(save, figure))
    document = {"file": str(out), "bytes": out.stat().st_size, "title": figure.heading}
    if as_json:
        print_json(document | {"text": figure.alt})
    else:
        typer.echo(f"{out}  {document['bytes']:,} bytes")


def _drawn(study: Study, selection: Selection, show: str, size: str, *, coarser: bool) -> Picture:
    from territory import briefing, charting, reporting

    if show == "forest" and not coarser:
        found = briefing.comparison(study, selection)
        return charting.forest(found, selection.lang, size=size)
    draw: dict[str, Any] = {
        "series": charting.national_figure,
        "place": charting.place_figure,
        "dumbbell": charting.dumbbell_figure,
        "forest": charting.forest_figure,
        "timeline": reporting.timeline_figure,
    }
    figure: Picture = draw[show](study, selection, size=size)
    return figure


def _effect(
    study: Study,
    show: str,
    event: str | None,
    design: str | None,
    *,
    unconfirmed: bool,
    lang: str,
    size: str,
) -> Picture:
    from territory import charting, effecting

    chosen = event or effecting.first_event(study)
    typer.echo("Fitting; placebo and sensitivity take some seconds …", err=True)
    found = study.effects(chosen, design=design, unconfirmed=unconfirmed)
    return charting.effect_chart(found, lang, name=show, size=size)
