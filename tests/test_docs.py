"""What the documents say is true: commands exist, examples run, figures are those computed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [
    line
    for kind, block in BLOCKS
    if kind == ""
    for line in block.splitlines()
    if line.startswith("territory ")
]


def test_the_two_commands_stand_on_the_first_screen() -> None:
    """A newcomer sees them without scrolling."""
    first = "\n".join(README.splitlines()[:25])

    assert "make dashboard" in first
    assert "make test" in first


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    """What the README says can be typed."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert re.search(r"^dashboard:", makefile, flags=re.MULTILINE)
    assert re.search(r"^test:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, tmp_path: Path) -> None:
    """Each line is run as it stands."""
    result = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )

    assert result.returncode == 0, result.stderr


def test_the_notebook_example_of_the_readme_runs() -> None:
    """The Python block works line by line."""
    (block,) = [text for kind, text in BLOCKS if kind == "python"]
    names: dict[str, object] = {}
    exec(block, names)  # noqa: S102 - our own document

    assert "truce" in names


def test_the_figures_of_the_readme_are_those_computed(slv) -> None:
    """Numbers in the README are compared with the data."""
    row = slv.rates("2011", by="nation").iloc[0]
    changes = slv.compare("2010:2011", "2012:2013").table["change"].value_counts()

    assert f"{int(row['count']):,} homicides among {int(row['person_years']):,} people" in README
    assert f"{row['rate']:.2f} per 100,000" in README
    assert (
        f"{changes['fell_firm']} of 262 municipalities and rose in {changes['rose_firm']}" in README
    )
    assert f"In {changes['same']} the" in README
    assert f"in {changes['too_few']} there" in README


def test_no_document_names_another_host_s_script_or_an_absolute_path() -> None:
    """The project speaks of itself alone, by relative paths."""
    for file in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        assert not re.search(r"(?<![\w.:/])/(home|root|tmp|usr)/", file.read_text(encoding="utf-8"))
