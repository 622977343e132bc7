"""The rules of the house: who may import whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "territory"
MODULES = sorted(SOURCE.rglob("*.py"))


def imported(file: Path) -> set[str]:
    """Return every module that a file imports at run time (not for types alone)."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def room(file: Path) -> str:
    """Return the first part of a module's place: a room, or a door of its own."""
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


# A room may import, of this package, only what stands here; itself is always allowed.
MAY_IMPORT = {
    "text": (),
    "evidence": ("territory.text",),
    "measures": ("territory.text", "territory.evidence.schema", "territory.evidence.periods"),
    "pictures": ("territory.text", "territory.evidence.schema"),
    "points": ("territory.text", "territory.evidence"),
    "notebook": ("territory.text",),
    "reports": ("territory.text", "territory.evidence", "territory.measures"),
    "rating": ("territory.text", "territory.evidence", "territory.measures"),
    "comparing": (
        "territory.text", "territory.evidence", "territory.measures",
        "territory.pictures", "territory.drawing", "territory.charting", "territory.notebook",
    ),
    "effecting": (
        "territory.text", "territory.evidence", "territory.measures",
        "territory.charting", "territory.notebook",
    ),
    "study": (
        "territory.text", "territory.evidence", "territory.measures",
        "territory.comparing", "territory.effecting", "territory.rating", "territory.reports", "territory.notebook",
    ),
}  # fmt: skip

# A library that only one place may know.
ONLY_IN = {
    "reportlab": ("brief/",),
    "pptx": ("brief/",),
    "xlsxwriter": ("brief/",),
    "sedonadb": ("points/",),
    "distributed": ("points/",),
    "streamlit": ("dashboard",),
    "folium": ("pictures/webmap.py",),
    "branca": ("pictures/webmap.py",),
    "matplotlib": ("pictures/figures",),
    "typer": ("cli/",),
}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_data_flows_one_way(file: Path) -> None:
    """No room imports from a room below it."""
    own = room(file)
    if own not in MAY_IMPORT:
        return
    allowed = (*MAY_IMPORT[own], f"territory.{own}")
    ours = {name for name in imported(file) if name.startswith("territory.")}
    strange = {name for name in ours if not name.startswith(allowed)}

    assert set() == strange - {"territory.evidence"}


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_has_one_place(library: str) -> None:
    """Only the dashboard knows streamlit, only figures knows matplotlib, only webmap folium."""
    users = {
        file.relative_to(SOURCE).as_posix()
        for file in MODULES
        if any(name.split(".")[0] == library for name in imported(file))
    }

    assert users
    assert set() == {user for user in users if not user.startswith(ONLY_IN[library])}


def test_no_branch_for_one_country() -> None:
    """A new place adds files, not code: no module compares with the name of a study."""
    named = []
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                values = [node.left, *node.comparators]
                texts = {value.value for value in values if isinstance(value, ast.Constant)}
                if texts & {"slv", "chicago", "El Salvador"}:
                    named.append(f"{file.name}:{node.lineno}")

    assert [] == named
