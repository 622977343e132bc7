"""No text of a study or a file becomes a formula in a table, or markup on a page, that leaves."""

from __future__ import annotations

import ast
import csv
import io
import re
import unicodedata
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import territory
from territory.brief.folder import briefing_files
from territory.briefing import Selection
from territory.documents import csv_text
from territory.study import Study
from territory.text import harmless, printable

from .conftest import write_card

SOURCE = Path(territory.__file__).parent
# What puts a cell into a table that a spreadsheet opens.
WRITERS = {"to_csv", "to_excel", "to_clipboard", "savetxt"}
OF_MODULES = {
    "csv": {"writer", "DictWriter"},
    "xlsxwriter": {"Workbook"},
    "openpyxl": {"Workbook"},
}
MARKUP = "<img src=x onerror=alert(1)>"
OPENINGS = ("=", "+", "-", "@", " =", "\t=", "\u200b+", "\u00a0@", "\uff1d", "x;=", 'x";-', "x|@")


def writers(file: Path) -> set[str]:
    """Return by which names a module writes tables."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    modules = {
        name.name.partition(".")[0]
        for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }  # fmt: skip
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    return called & WRITERS.union(*(OF_MODULES.get(module, set()) for module in modules))


def is_live(cell: str) -> bool:
    """Tell whether a spreadsheet would take a cell for a formula; a number is none."""
    if re.fullmatch(r"-?\d[\d.]*(e[+-]?\d+)?", cell):
        return False
    unseen = ("Cc", "Cf", "Zs", "Zl", "Zp")
    seen = "".join(sign for sign in cell if unicodedata.category(sign) not in unseen)
    return seen.startswith(tuple("=+-@＝＋－＠"))


def live_cells(text: str) -> list[str]:
    """Return the live cells of a CSV, at whichever sign a spreadsheet cuts it."""
    return [
        cell
        for sign in ",;\t|"
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        for cell in row
        if is_live(cell)
    ]


def test_every_module_that_writes_tables_makes_its_text_harmless() -> None:
    """A new export that forgets it is found by how it writes, not by a list of exports."""
    writing = {file: names for file in SOURCE.rglob("*.py") if (names := writers(file))}

    bare = [file.name for file in writing if "harmless" not in file.read_text(encoding="utf-8")]
    assert {"documents.py", "workbook.py", "table.py", "door.py", "report.py"} <= {
        file.name for file in writing
    }
    assert [] == bare


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_text_is_no_formula_however_it_is_cut(opening: str) -> None:
    """Unseen signs before it, full width and other delimiters do not bring it to life."""
    frame = pd.DataFrame(
        {"name": [f"{opening}cmd|' /C calc'!A0"], f"{opening}head": [-1.5]}, index=[f"{opening}i"]
    )
    frame["kind"] = pd.Categorical(frame["name"])

    assert live_cells(f"a,{opening}cmd\n")  # the test sees what it looks for
    assert [] == live_cells(csv_text(frame))


def test_a_number_stays_a_number_and_plain_text_as_it_is() -> None:
    """Negative numbers, missing ones and everyday punctuation are not touched."""
    frame = pd.DataFrame({"change": [-41.5, None], "name": ["San Juan; norte", "a-b | c, -d"]})

    again = pd.read_csv(io.StringIO(csv_text(frame)), index_col=0)

    assert frame.equals(again)
    assert [-3, None, True] == [harmless(value) for value in (-3, None, True)]


@pytest.fixture(scope="module")
def hostile(board_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return the board with formulas and markup wherever a person may write words."""
    folder = tmp_path_factory.mktemp("hostile")
    for file in board_folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    words = re.compile(r'(\b(?:es|en|one|many|title|publisher|licence) = )"([^"]*)"')
    for file in folder.glob("*.toml"):
        text = words.sub(rf'\1"=\2;@{MARKUP}"', file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")
    units = (folder / "units.csv").read_text(encoding="utf-8").splitlines()
    for row, opening in zip(range(1, len(units)), OPENINGS * 2, strict=False):
        code, name, rest = units[row].split(",", 2)
        quoted = f"{opening}{name} {MARKUP}".replace('"', '""')
        units[row] = f'{code},"{quoted}",{rest}'
    texts = {
        "units.csv": "\n".join(units) + "\n",
        "events.csv": (folder / "events.csv").read_text(encoding="utf-8").replace(
            "Pacto,Pact,made up", f"=Pacto{MARKUP},@Pact{MARKUP},-source{MARKUP}"
        ),
    }  # fmt: skip
    for name, text in texts.items():
        card = (folder / f"{name}.toml").read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")
        write_card(folder / name)
        digest = re.search(r'sha256 = "\w+"', (folder / f"{name}.toml").read_text("utf-8"))
        assert digest is not None
        (folder / f"{name}.toml").write_text(re.sub(r'sha256 = "\w+"', digest[0], card), "utf-8")
    return Study.load(folder)


@pytest.fixture(scope="module")
def files(hostile: Study) -> dict[str, bytes]:
    """Return every file of a briefing on the hostile board."""
    return briefing_files(hostile, Selection.of(hostile, show="change", lang="en"))


def test_no_table_of_a_briefing_holds_a_live_cell(files: dict[str, bytes]) -> None:
    """Tables, and the numbers beside the pictures; the hostile names are in them."""
    tables = {name: files[name].decode("utf-8-sig") for name in files if name.endswith(".csv")}

    assert any("onerror" in text for text in tables.values())
    assert {} == {name: live for name, text in tables.items() if (live := live_cells(text))}


def test_no_cell_of_the_workbook_is_a_formula(files: dict[str, bytes]) -> None:
    """No formula, no link, and no text that would become one when it is typed again."""
    with zipfile.ZipFile(io.BytesIO(files["tables.xlsx"])) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets" in name]
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())

    assert any("onerror" in text for text in texts)
    assert [] == [text for text in texts if is_live(text)]
    assert not any(mark in sheet for sheet in sheets for mark in ("<f>", "<f ", "<hyperlink"))


def test_no_name_becomes_markup(files: dict[str, bytes]) -> None:
    """Pages, the maps in them and drawings hold the words, never the element."""
    pages = {name: files[name].decode() for name in files if name.endswith((".html", ".svg"))}

    assert "onerror" in pages["briefing.html"]
    assert [] == [name for name, page in pages.items() if MARKUP in page]


def test_a_message_is_one_line_that_steers_no_terminal() -> None:
    """Signs of control, of direction and of broken encodings become spaces; length is bounded."""
    assert "a b c d" == printable("a\x1bb\u202ec\ud800d")
    assert printable("é\u00a0ñ") == "é\u00a0ñ"
    assert len(printable("x" * 10**6)) < 2100
