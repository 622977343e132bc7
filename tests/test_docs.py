"""What the documents say is true: commands exist, examples run, figures are those computed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from territory.study import Study

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# These pages have a test of their own, which follows them from an empty folder.
APART = {"adding_a_country.md", "spreadsheets.md"}
PAGES = sorted(page for page in (ROOT / "docs").rglob("*.md") if page.name not in APART)
_FENCE = re.compile(
    r"(?:<!-- not run: (?P<why>[^>]+?) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```",
    flags=re.DOTALL | re.MULTILINE,
)

# A reader's own file, where a page speaks of one.
INCIDENTS = """date,longitude,latitude
2016-01-03,-87.6298,41.8781
2016-01-20,-87.7152,41.8820
2016-02-11,-87.6000,41.7500
"""


class Block(NamedTuple):
    """A block of code of a page, and why it is not run (empty where it is)."""

    page: str
    kind: str
    text: str
    why: str

    @property
    def commands(self) -> list[str]:
        """Return its lines that call the program."""
        return [line for line in self.text.splitlines() if line.startswith("territory ")]


def blocks(file: Path) -> list[Block]:
    """Return the blocks of code of a page."""
    found = _FENCE.finditer(file.read_text(encoding="utf-8"))
    name = str(file.relative_to(ROOT))
    return [Block(name, m["kind"], m["text"], m["why"] or "") for m in found]


IN_README = blocks(ROOT / "README.md")
IN_DOCS = [block for page in PAGES for block in blocks(page)]
COMMANDS = [command for block in IN_README if not block.why for command in block.commands]
# A command that the README already runs is not run again.
SHELL = [
    (block.page, [command for command in block.commands if command not in COMMANDS])
    for block in IN_DOCS
    if not block.why and block.commands
]
PYTHON = [block for block in IN_DOCS if block.kind == "python" and not block.why]


def run(command: str) -> None:
    """Run a line of a document in this process; it must succeed."""
    from typer.testing import CliRunner

    from territory.cli import app

    result = CliRunner().invoke(app, shlex.split(command)[1:])

    assert result.exit_code == 0, f"{command}\n{result.output}\n{result.exception}"


def test_the_two_commands_stand_on_the_first_screen() -> None:
    """A newcomer sees them without scrolling."""
    first = "\n".join(README.splitlines()[:25])

    assert "make dashboard" in first
    assert "make test" in first


@pytest.mark.parametrize("target", ["dashboard", "test", "docs", "lint", "lock"])
def test_what_the_documents_make_is_a_target(target: str) -> None:
    """What README and CONTRIBUTING say can be typed."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line is run as it stands."""
    monkeypatch.chdir(tmp_path)

    run(command)


def test_the_program_starts_from_a_shell(tmp_path: Path) -> None:
    """One command in a Python of its own; the others share one, to save its start."""
    result = subprocess.run(
        [sys.executable, "-m", *shlex.split(COMMANDS[0])],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )

    assert result.returncode == 0, result.stderr


def test_the_notebook_example_of_the_readme_runs() -> None:
    """The Python block works line by line."""
    (block,) = [block for block in IN_README if block.kind == "python"]
    names: dict[str, object] = {}
    exec(block.text, names)  # noqa: S102 - our own document

    assert "truce" in names


@pytest.mark.parametrize(("page", "commands"), SHELL, ids=lambda value: str(value)[:40])
def test_the_commands_of_a_page_run(
    page: str, commands: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line after line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    Path("incidents.csv").write_text(INCIDENTS, encoding="utf-8")
    for command in commands:
        run(command)


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.page)
def test_the_python_of_a_page_runs(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each block stands for itself."""
    monkeypatch.chdir(tmp_path)

    exec(block.text, {})  # noqa: S102 - our own document


def test_what_is_not_run_says_why() -> None:
    """Only what stays open, takes minutes or needs a file of somebody's own is left out."""
    left_out = [block for block in [*IN_README, *IN_DOCS] if block.why]

    assert all(len(block.why) > 10 for block in left_out)
    assert len(left_out) <= 4


def test_every_page_of_the_dashboard_has_a_page() -> None:
    """Each says its question, what can be chosen, how to read it, and what it does not show."""
    from territory.dashboard.contents import PAGES as SHOWN

    for entry in SHOWN:
        text = (ROOT / "docs" / "dashboard" / f"{entry.name}.md").read_text(encoding="utf-8")
        for heading in ("What can be chosen", "How to read it", "What it does not show"):
            assert f"## {heading}\n" in text, entry.name
        assert re.search(r"^\*\*.+\?\*\*$", text, flags=re.MULTILINE), entry.name


def test_the_formulas_can_be_heard() -> None:
    """Each formula has words for those who do not see it."""
    text = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")

    assert text.count("<math ") == text.count("aria-label=") > 12


def test_the_figures_of_the_readme_are_those_computed(slv: Study) -> None:
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


def test_the_effects_in_the_documents_are_those_computed(slv: Study) -> None:
    """Estimates with their intervals, and the range of cases averted."""
    readme = " ".join(README.split())
    page = (ROOT / "docs" / "dashboard" / "effects.md").read_text(encoding="utf-8")
    series, places = slv.effects("truce", design="its"), slv.effects("free_municipalities")
    averted = series.averted["averted"].round(-2)

    assert f"{series.estimate:.2f} ({series.low:.2f} to {series.high:.2f})" in readme
    assert f"{places.estimate:.2f}, {places.low:.2f} to {places.high:.2f}" in readme
    assert f"about {averted.min():,.0f} to {averted.max():,.0f}" in " ".join(page.split())


def test_no_document_names_another_host_s_script_or_an_absolute_path() -> None:
    """The project speaks of itself alone, by relative paths."""
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("notebooks/*.ipynb")]
    for file in documents:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.:/])/(home|root|tmp|usr|work)/", text), file.name
