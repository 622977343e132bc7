"""Spoiled files: one message that names the file, the row, the value and what is allowed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from territory.checks import check_study
from territory.cli import app
from territory.evidence.schema import DataError
from territory.study import Study

from .conftest import write_card


def spoil(folder: Path, name: str, old: str, new: str, *, card: bool = True) -> None:
    """Replace a text in one of the board's files, and renew its card unless told otherwise."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    if card:
        write_card(file)


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (
            "outcomes.csv",
            "A1,2001,homicides,police,4",
            "A1,2001,homicides,police,-4",
            ["row(s) 2", "-4"],
        ),
        ("outcomes.csv", "A1,2001,homicides,police,4", "A1,2001,homicides,police,4.5", ["4.5"]),
        ("outcomes.csv", "homicides,police,4", f"homicides,police,1{'0' * 20}", ["row(s) 2"]),
        ("outcomes.csv", "homicides,police,4", "homicides,police,inf", ["inf"]),
        ("outcomes.csv", "A1,2002,", "A1,2001,", ["row(s) 2, 3", "unit=A1", "once"]),
        ("outcomes.csv", "A1,2001", "Z9,2001", ["Z9", "row(s) 2"]),
        ("outcomes.csv", "A1,2001", "A1,2001-02", ["years and months"]),
        ("outcomes.csv", "A1,2001", "A1,last", ["last", "period"]),
        ("outcomes.csv", "unit,period", "place,period", ["unit", "missing", "place"]),
        ("population.csv", "census,1000", "census,0", ["> 0"]),
        ("population.csv", "census,1000", "census,inf", ["inf"]),
        ("population.csv", "census,1000", "census,1e308", ["1e308"]),
        ("population.csv", "A1,2001,census", "Z9,2001,census", ["Z9"]),
        ("units.csv", "A1,Square A1,A,", "A1,Square A1,Q,", ["parent", "Q"]),
        ("units.csv", "A2,Square A2", "A1,Square A2", ["unit=A1", "once"]),
        ("units.csv", "Square A1", "", ["name", "empty"]),
        ("groups.csv", "A1,holder", "Z9,holder", ["Z9"]),
        ("events.csv", "2003-01-01", "01/01/2003", ["01/01/2003", "2012-03-09"]),
        ("observations.csv", "o2,X,2001-01-01,2001-03-31", "o2,X,2001-04-01,2001-03-31", ["row 3"]),
    ],
)
def test_every_fault_names_file_row_and_value(board_copy: Path, name, old, new, words) -> None:
    """A spoiled table is refused, and the message says where and what."""
    spoil(board_copy, name, old, new)

    with pytest.raises(DataError) as caught:
        Study.load(board_copy)

    assert [word for word in [name, *words] if word not in str(caught.value)] == []


def test_all_faults_of_a_table_are_listed_at_once(board_copy: Path) -> None:
    """A person who mends a file gets the whole list in one run."""
    spoil(board_copy, "outcomes.csv", "A1,2001,homicides,police,4", "Z9,2001,homicides,police,-4")

    with pytest.raises(DataError) as caught:
        Study.load(board_copy)

    assert len(caught.value.faults) == 2


def test_an_altered_file_is_refused(board_copy: Path) -> None:
    """A file whose digest is not that of its card cannot be read."""
    spoil(board_copy, "outcomes.csv", "police,4", "police,5", card=False)

    with pytest.raises(DataError, match=r"outcomes\.csv.*sha256"):
        Study.load(board_copy)


def test_a_file_without_a_card_is_refused(board_copy: Path) -> None:
    """No number without its source."""
    (board_copy / "population.csv.toml").unlink()

    with pytest.raises(DataError, match=r"population\.csv.*source card"):
        Study.load(board_copy)


def test_a_card_without_a_licence_is_refused(board_copy: Path) -> None:
    """A card must say the licence, even if it is not stated."""
    card = board_copy / "population.csv.toml"
    card.write_text(card.read_text(encoding="utf-8").replace('licence = "CC0"', 'licence = ""'))

    with pytest.raises(DataError, match="licence"):
        Study.load(board_copy)


@pytest.mark.parametrize("line", ["x = " + "9" * 5000, "x = " + "[" * 5000, "[[[", "x = '\x00'"])
def test_a_study_file_that_is_no_toml_is_refused(board_copy: Path, line: str) -> None:
    """Numbers and lists without end are no TOML either."""
    file = board_copy / "study.toml"
    file.write_text(f"{line}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")

    with pytest.raises(DataError, match=r"study\.toml"):
        Study.load(board_copy)


def test_a_picture_is_not_written_over_numbers_that_are_not_its_own(board_copy: Path) -> None:
    """A table of the study lies where the numbers of the picture would; it stays."""
    before = (board_copy / "outcomes.csv").read_bytes()
    said = CliRunner().invoke(app, ["map", str(board_copy), "--out", f"{board_copy}/outcomes.png"])

    assert isinstance(said.exception, DataError)
    assert before == (board_copy / "outcomes.csv").read_bytes()
    assert not (board_copy / "outcomes.png").exists()


def test_a_missing_file_is_named(board_copy: Path) -> None:
    """A data file that is gone is named."""
    (board_copy / "outcomes.csv").unlink()

    with pytest.raises(DataError, match=r"outcomes\.csv: the file does not exist"):
        Study.load(board_copy)


def test_a_file_that_is_no_text_is_refused(board_copy: Path) -> None:
    """A spreadsheet with the ending .csv is no CSV."""
    (board_copy / "outcomes.csv").write_bytes(b"PK\x03\x04\xff\xfe\x00binary")
    write_card(board_copy / "outcomes.csv")

    with pytest.raises(DataError, match=r"outcomes\.csv"):
        Study.load(board_copy)


def _edit_shapes(folder: Path, change) -> None:
    file = folder / "units.geojson"
    shapes = json.loads(file.read_text(encoding="utf-8"))
    change(shapes)
    file.write_text(json.dumps(shapes), encoding="utf-8")
    write_card(file)


def _set_utm(shapes) -> None:
    shapes["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32616"}}


def _far_away(shapes) -> None:
    shapes["features"][5]["geometry"]["coordinates"] = [
        [[5e5, 1e6], [6e5, 1e6], [6e5, 2e6], [5e5, 1e6]]
    ]


def _empty(shapes) -> None:
    shapes["features"][5]["geometry"] = None


def _crossed(shapes) -> None:
    shapes["features"][5]["geometry"]["coordinates"] = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]


def _stranger(shapes) -> None:
    shapes["features"][5]["properties"]["unit"] = "Z9"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set_utm, ["EPSG:4326"]),
        (_far_away, ["EPSG:4326"]),
        (_empty, ["A2", "empty"]),
        (_crossed, ["A2", "crosses itself"]),
        (_stranger, ["Z9"]),
    ],
)
def test_spoiled_shapes_are_refused(board_copy: Path, change, words) -> None:
    """Wrong projection, empty and crossed shapes and strangers are named."""
    _edit_shapes(board_copy, change)

    with pytest.raises(DataError) as caught:
        Study.load(board_copy).shapes()

    assert [word for word in ["units.geojson", *words] if word not in str(caught.value)] == []


def test_check_reports_a_total_that_does_not_hold(board_copy: Path) -> None:
    """A published total that the table does not reach is a failed check, not a crash."""
    spoil(board_copy, "published.csv", "2001,homicides,police,15", "2001,homicides,police,16")

    failed = [check for check in check_study(board_copy) if not check.ok]

    assert [(15, 16)] == [(check.value, check.expected) for check in failed]


def test_check_holds_on_the_board(board_folder: Path) -> None:
    """Every check of the unspoiled board holds."""
    assert [] == [check for check in check_study(board_folder) if not check.ok]
