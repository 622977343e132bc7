"""The folder: whole or not at all, the same bytes, and what made it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from functools import cache
from pathlib import Path

import pytest

from territory.brief.folder import STEPS, briefing_files, write_folder
from territory.briefing import Selection
from territory.evidence.schema import DataError
from territory.evidence.writing import archive
from territory.study import Study


@cache
def files() -> dict[str, bytes]:
    """Return the files of El Salvador's briefing."""
    study = Study.load("slv")
    return briefing_files(study, Selection.of(study, lang="es", show="change"))


def test_it_holds_every_form(tmp_path: Path) -> None:
    """PDF, slides, page, workbook, tables, pictures with words and numbers, sources, citation."""
    names = set(files())

    assert {
        "briefing.pdf", "briefing.pptx", "briefing.html", "tables.xlsx", "tables/every.csv",
        "README.md", "CITATION.txt", "provenance.json",
    } <= names  # fmt: skip
    stems = {Path(name).stem for name in names if name.endswith(".png")}
    assert len(stems) >= 4
    for stem in stems:
        assert {f"images/{stem}.{kind}" for kind in ("png", "svg", "alt.txt", "csv")} <= names


def test_the_same_selection_gives_the_same_bytes() -> None:
    """Made twice, no byte differs; progress is told in the order of the steps."""
    told: list[str] = []
    study = Study.load("slv")
    again = briefing_files(study, Selection.of(study, lang="es", show="change"), told=told.append)

    assert [name for name in files() if files()[name] != again[name]] == []
    assert tuple(told) == STEPS


def test_provenance_holds_digests_and_the_command() -> None:
    """Every file is listed with its digest, every source with its own."""
    record = json.loads(files()["provenance.json"])
    digests = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files().items()
        if name != "provenance.json"
    }

    assert record["files"] == digests
    assert {card.sha256 for card in Study.load("slv").cards} == {
        source["sha256"] for source in record["sources"]
    }
    assert record["command"].startswith("territory brief slv --before=2010:2011 --after=2012:2013")
    assert record["address"].startswith("/compare?lang=es")


def test_a_briefing_replaces_an_earlier_one(tmp_path: Path) -> None:
    """A folder that holds an untouched briefing is written anew."""
    out = tmp_path / "briefing"
    write_folder(files(), out)
    (out / "README.md").unlink()
    written = write_folder(files(), out)

    assert {path.relative_to(out).as_posix() for path in written} == set(files())
    assert (out / "README.md").is_file()


@pytest.mark.parametrize("name", ["mine.txt", "README.md"])
def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, name: str) -> None:
    """What somebody wrote, or changed in a briefing, is named and never overwritten."""
    out = tmp_path / "briefing"
    write_folder(files(), out)
    (out / name).write_text("kept")

    with pytest.raises(DataError, match=name):
        write_folder(files(), out)
    assert (out / name).read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["briefing"]


@pytest.mark.parametrize("place", ["nowhere/briefing", "file.txt"])
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, place: str) -> None:
    """No parent folder, or a file in the way: one message, nothing written."""
    (tmp_path / "file.txt").write_text("kept")

    with pytest.raises(DataError, match="--out"):
        write_folder(files(), tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]


def test_the_archive_is_the_same_each_time() -> None:
    """All files in one zip, under one folder, without the time of packing."""
    packed = archive(files(), folder="briefing")

    assert packed == archive(files(), folder="briefing")
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        assert set(pack.namelist()) == {f"briefing/{name}" for name in files()}
