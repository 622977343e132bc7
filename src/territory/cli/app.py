"""The application that every command belongs to, and the selection that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from territory.briefing import Selection
    from territory.study import Study

# In the order in which somebody meets them.
ORDER = (
    "studies", "check", "rates", "compare", "holders", "effects", "map", "chart", "brief",
    "ingest", "aggregate", "init", "dashboard",
)  # fmt: skip


class _InOrder(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        known = super().list_commands(ctx)
        return [name for name in ORDER if name in known]


app = typer.Typer(
    cls=_InOrder,
    help="What happened to violence, where, after an event such as a truce; and how sure are we.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def selected(study: str, **given: str | None) -> tuple[Study, Selection]:
    """Return a study and what somebody wants to see of it."""
    from territory.briefing import Selection
    from territory.evidence.schema import DataError, Fault
    from territory.study import Study

    empty = [name for name, value in given.items() if value == ""]
    if empty:
        raise DataError(*(Fault("empty_option", argument=f"--{name}") for name in empty))
    loaded = Study.load(study)
    return loaded, Selection.of(loaded, **given)
