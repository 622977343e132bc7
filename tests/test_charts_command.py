"""`territory chart`: the charts of the pages, as files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from territory.cli import app
from territory.evidence.schema import DataError

if TYPE_CHECKING:
    from pathlib import Path

run = CliRunner().invoke


@pytest.mark.parametrize("show", ["series", "dumbbell", "forest", "timeline"])
def test_a_chart_of_a_selection_is_written(tmp_path: Path, show: str) -> None:
    """One file with something in it, and its title and text on standard output."""
    out = tmp_path / f"{show}.svg"
    answer = run(app, ["chart", "slv", "--show", show, "--lang", "es", "--out", str(out), "--json"])

    assert answer.exit_code == 0
    assert out.read_bytes().startswith(b"<?xml")
    document = json.loads(answer.stdout)
    assert document["title"]
    assert document["text"]


def test_a_chart_of_an_effect_is_written(tmp_path: Path) -> None:
    """The event study of the phases, whose estimate takes no second."""
    out = tmp_path / "study.png"
    answer = run(
        app, ["chart", "slv", "--show", "event_study", "--event", "pess", "--out", str(out)]
    )

    assert answer.exit_code == 0
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--show", "pie", "--out", "a.png"], "Allowed: series, place, dumbbell"),
        (["--out", "a.html"], r"\*.png, \*.svg, \*.pdf"),
        (["--show", "place", "--out", "a.png"], "--place"),
        (["--show", "dumbbell", "--before", "", "--out", "a.png"], "--before: there is nothing"),
        (
            ["--show", "dumbbell", "--before", "2011", "--after", "2011", "--out", "a.png"],
            "before 2011, after 2012",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_can(arguments: list[str], message: str) -> None:
    """Bad input names what is allowed."""
    with pytest.raises(DataError, match=message):
        run(app, ["chart", "slv", *arguments], catch_exceptions=False)
