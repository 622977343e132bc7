"""The folder of a briefing: every file in memory first, then on disk, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from territory import citing
from territory.brief import provenance
from territory.brief.content import brief as content_of
from territory.brief.deck import deck_bytes
from territory.brief.page import html_page
from territory.brief.pdf import pdf_bytes
from territory.brief.workbook import workbook_bytes
from territory.documents import csv_text
from territory.evidence import writing
from territory.evidence.schema import DataError, Fault
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from territory.brief.parts import Brief
    from territory.briefing import Selection
    from territory.study import Study

#: Steps that progress is told in.
STEPS = ("content", "images", "pdf", "deck", "page", "tables")
_RECORD = "provenance.json"


def briefing_files(
    study: Study, selection: Selection, *, told: Callable[[str], None] = lambda step: None
) -> dict[str, bytes]:
    """Return every file of a briefing by its name in the folder.

    Parameters
    ----------
    told
        Called with a word of `STEPS` before each step.

    Raises
    ------
    DataError
        As `territory.brief.brief`.
    """
    told("content")
    found = content_of(study, selection)
    told("images")
    files = dict(_images(found))
    told("pdf")
    files["briefing.pdf"] = pdf_bytes(found)
    told("deck")
    files["briefing.pptx"] = deck_bytes(found)
    told("page")
    files["briefing.html"] = html_page(found).encode()
    told("tables")
    files["tables.xlsx"] = workbook_bytes(found)
    for table in found.tables:
        files[f"tables/{table.name}.csv"] = csv_text(table.frame).encode("utf-8-sig")
    citation = citing.citation(study, found.selection, found.address)
    files["CITATION.txt"] = citation.encode()
    files["README.md"] = provenance.readme(found).encode()
    record = provenance.record(found, {name: _digest(files[name]) for name in sorted(files)})
    files[_RECORD] = f"{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode()
    return {name: files[name] for name in sorted(files)}


def demand_place(out: Path) -> None:
    """Raise `DataError` where a folder cannot be made, or holds files that are no briefing's."""
    parent = out.resolve().parent
    if not parent.is_dir():
        raise DataError(Fault("no_folder", argument="--out", value=parent))
    if out.is_file():
        raise DataError(Fault("unwritable", argument="--out", value=out, reason="file"))
    strange = _strangers(out) if out.is_dir() else []
    if strange:
        shown = ", ".join(strange[:5])
        raise DataError(Fault("brief_folder", value=out, found=shown, n=len(strange)))


def write_folder(files: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write the files of a briefing into a folder, which appears whole or not at all.

    A folder that holds an earlier briefing, untouched, is replaced.

    Raises
    ------
    DataError
        As `demand_place`, and where the folder cannot be written.
    """
    demand_place(out)
    return writing.write_folder(files, out)


def _strangers(folder: Path) -> list[str]:
    """Return the files of a folder that no briefing wrote, or that somebody changed since."""
    held = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    if _RECORD not in held:
        return sorted(held)
    try:
        known = dict(json.loads(held.pop(_RECORD).read_text(encoding="utf-8"))["files"])
    except (ValueError, KeyError, TypeError):
        return sorted([*held, _RECORD])
    return sorted(
        name for name, path in held.items() if known.get(name) != _digest(path.read_bytes())
    )


def _images(found: Brief) -> Iterator[tuple[str, bytes]]:
    from territory.pictures.figures import image

    for place, one in enumerate(found.figures, start=1):
        stem = f"images/{place}_{one.name}"
        yield f"{stem}.png", one.png
        yield f"{stem}.svg", image(one.picture, "svg")
        yield f"{stem}.alt.txt", f"{one.alt}\n\n{one.caption}\n".encode()
        yield f"{stem}.csv", csv_text(one.numbers).encode("utf-8-sig")


def step_words(step: str, lang: str) -> str:
    """Return what is being done, in words."""
    return say(f"brief.step_{step}", lang)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
