"""The command line: thin doors over `Study`, `briefing` and `pictures`.

Results go to standard output, words to standard error. Exit codes: 0 success,
2 bad input, 1 a check that fails.
"""

import signal
import sys

import typer

from territory.cli import aggregate, brief, charts, files, numbers, pictures, serve, studies
from territory.cli.app import app
from territory.evidence.schema import DataError

__all__ = [
    "aggregate",
    "app",
    "brief",
    "charts",
    "files",
    "main",
    "numbers",
    "pictures",
    "serve",
    "studies",
]


def main() -> None:
    """Run the command line; bad input ends with one message and exit code 2."""
    # A polite request to end is an end like any other: nothing half-written, no process left.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        app()
    except DataError as error:
        typer.echo(f"territory: {error}", err=True)
        sys.exit(2)
