"""The arguments that several commands share, with the words of their help."""

from __future__ import annotations

from typing import Annotated

import typer

from territory.evidence.schema import unknown
from territory.text import LANGUAGES

StudyName = Annotated[
    str, typer.Argument(help="A shipped study (see `territory studies`) or a study file.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
By = Annotated[
    str | None,
    typer.Option(help="total, unit, a level (nation, department, municipality) or a grouping."),
]
Outcome = Annotated[str | None, typer.Option(help="What is counted, e.g. homicides.")]
Institution = Annotated[str | None, typer.Option(help="Who counted it, e.g. iml or pnc.")]
Population = Annotated[str | None, typer.Option(help="Population series of the denominator.")]
Period = Annotated[str | None, typer.Option(help="2011, or 2010:2011 (both included).")]
Before = Annotated[str | None, typer.Option(help="First window, e.g. 2010:2011.")]
After = Annotated[str | None, typer.Option(help="Second window, e.g. 2012:2013.")]


def _language(lang: str) -> str:
    if lang not in LANGUAGES:
        raise unknown("--lang", lang, LANGUAGES)
    return lang


Lang = Annotated[str, typer.Option(help="es or en.", callback=_language)]
