"""Pictures on disk: the file, and beside a still one what it says and the numbers behind it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from territory import drawing
from territory.documents import csv_text
from territory.evidence.schema import DataError, Fault
from territory.evidence.writing import write_whole
from territory.pictures.beside import alt_text, numbers, require_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.briefing import Selection
    from territory.pictures.figures import Picture
    from territory.study import Study


def write_map(
    study: Study, selection: Selection, out: Path, *, size: str = "slide", across: str = ""
) -> dict[str, Any]:
    """Draw the map of a selection into a file; arguments as in `drawing.write_map`."""
    ending = drawing.format_of(out)
    drawing.require_size(size)
    if across:
        from territory.multiples import multiples

        page = multiples(study, selection, across)
        maps, caption = page.maps, page.caption
        if ending == ".html":
            raise DataError(Fault("no_multiples", value=out.name, allowed="*.png, *.svg, *.pdf"))
    else:
        maps, caption = drawing.specs(study, selection), ""
        require_values(maps)
    lead = maps[-1]
    contents: dict[Path, bytes]
    if ending == ".html":
        alt = alt_text(maps)
        contents = {out: drawing.interactive_page(maps, study, selection).encode()}
    else:
        figure = (
            drawing.multiples_page(page, study, by=selection.by, size=size)
            if across
            else drawing.still(maps, study, by=selection.by, size=size)
        )
        alt = figure.alt
        contents = _still(figure, out, csv_text(numbers(maps)))
    _write(contents)
    return {
        "file": str(out),
        "bytes": out.stat().st_size,
        "caption": " ".join(filter(None, [caption or lead.caption, lead.caveat])),
        "sources": [card.title[selection.lang] for card in study.cards],
        "alt": alt,
        "beside": [str(path) for path in contents if path != out],
    }


def _still(figure: Picture, out: Path, table: str) -> dict[Path, bytes]:
    """Return the picture's file and those beside it, drawn before anything is written."""
    from territory.pictures.figures import image

    kind = out.suffix.lower().lstrip(".")
    return {
        out: image(figure, kind),
        out.with_suffix(".alt.txt"): f"{figure.alt}\n".encode(),
        # The mark tells spreadsheets that the text is UTF-8.
        out.with_suffix(".csv"): table.encode("utf-8-sig"),
    }


def _write(contents: Mapping[Path, bytes]) -> None:
    """Write all files, or none where one of them has no place or is somebody's own."""
    picture = next(iter(contents))
    for path in contents:
        # Numbers that are there before their picture are not those of an earlier one.
        if path.exists() and not picture.exists():
            raise DataError(Fault("out_beside", argument="--out", value=path))
        if path.is_dir():
            raise DataError(Fault("unwritable", argument="--out", value=path, reason="folder"))
    for path, content in contents.items():
        write_whole(path, partial(_fill, content=content))


def _fill(part: Path, *, content: bytes) -> None:
    part.write_bytes(content)
