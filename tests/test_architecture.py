"""The rules of the house: who may import whom."""

from __future__ import annotations

import ast
import re
import tomllib
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
        "territory.wording",
    ),
    "composing": ("territory.evidence", "territory.measures", "territory.comparing"),
    "effecting": (
        "territory.text", "territory.evidence", "territory.measures",
        "territory.charting", "territory.notebook",
    ),
    "study": (
        "territory.text", "territory.evidence", "territory.measures",
        "territory.comparing", "territory.composing", "territory.effecting", "territory.rating", "territory.reports", "territory.notebook",
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


STUDIES = [
    tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted((SOURCE.parents[1] / "data").glob("*.toml"))
]


def fallbacks(tree: ast.AST) -> set[int]:
    """Return the values of arguments that nobody gave: ``study="slv"``, ``.get(key, "slv")``."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            found |= {id(value) for value in (*node.defaults, *node.kw_defaults) if value}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".get"):
            found |= {id(value) for value in node.args[1:]}
    return found


def test_no_branch_for_one_country() -> None:
    """A new place adds files, not code: no module knows a study by name, but as a default."""
    names = {name for one in STUDIES for name in (one["study"], *one["title"].values())}
    named: list[str] = []
    for file in MODULES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        spared = fallbacks(tree)
        named += [
            f"{file.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and node.value in names and id(node) not in spared
        ]

    assert {"slv", "chicago", "El Salvador"} <= names
    assert [] == named


def test_no_sentence_for_every_study_speaks_of_one() -> None:
    """Places, offices and plans of one country are named in its own file, not in the catalogues."""
    own = {name for one in STUDIES for name in one["title"].values()}
    for one in STUDIES:
        own |= {office["short"]["es"] for office in one["institution"].values()}
        kinds = one.get("intervention", {}).values()
        own |= {kind["title"]["es"] for kind in kinds if " " in kind["title"]["es"]}
    word = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(own)))})\b")
    said = [
        f"{file.name}: {line}"
        for file in sorted((SOURCE / "text" / "catalogue").glob("*.toml"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if word.search(line)
    ]

    assert {"El Salvador", "IML", "CPD", "Plan Control Territorial"} <= own
    assert [] == said
