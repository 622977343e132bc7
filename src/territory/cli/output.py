"""How the command line prints tables and documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Selection

# What a terminal has room for; --json has all of it.
COMPARED = [
    "name", "count_before", "count_after", "rate_before", "rate_after", "rate_ratio",
    "ratio_low", "ratio_high", "p_value", "q_value", "change",
]  # fmt: skip


def heading(selection: Selection, window: str) -> str:
    """Return what a table of a selection is about."""
    return (
        f"{selection.outcome} ({selection.institution}), {window}, by {selection.by}; "
        f"per 100,000 person-years, population series {selection.population}"
    )


def print_table(table: pd.DataFrame) -> None:
    """Print a table for a person."""
    typer.echo(table.to_string(float_format=lambda value: f"{value:,.4g}", na_rep="no data"))


def print_json(document: Any) -> None:
    """Print one JSON document for a machine."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))
