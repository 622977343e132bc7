"""Source cards: publisher, licence, years, sha256, what was done to the file.

A data file without a card, or whose bytes differ from its card, cannot be read.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.evidence.schema import DataError, Fault, demand
from territory.text import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterable

_REQUIRED = ("title", "publisher", "url", "licence", "years", "sha256", "processing", "credit")
_IN_LANGUAGES = ("title", "processing", "credit", "note")
_SIGNS = {";": ";", "\t": "TAB", "|": "|"}


@dataclass(frozen=True)
class SourceCard:
    """Where one data file comes from.

    Parameters
    ----------
    file
        Name of the data file, relative to the study file.
    title
        What it is, per language.
    publisher, url, licence, years
        In the publisher's words; `licence` may say "not stated".
    sha256
        Digest of the file as it lies here.
    processing
        What was done between the publisher's file and this one, per language.
    credit
        The credit line, per language.
    note
        Known faults, per language; may be empty.
    """

    file: str
    title: dict[str, str]
    publisher: str
    url: tuple[str, ...]
    licence: str
    years: str
    sha256: str
    processing: dict[str, str]
    credit: dict[str, str]
    note: dict[str, str] = field(default_factory=dict)


def data_root() -> Path:
    """Return the folder of the shipped studies: inside the wheel, or beside the sources."""
    package = Path(__file__).parents[1]
    packaged = package / "data"
    return packaged if packaged.is_dir() else package.parents[1] / "data"


def read_card(file: Path, *, label: str | None = None) -> SourceCard:
    """Read the card that lies beside `file` (``file.csv`` has ``file.csv.toml``).

    Raises
    ------
    DataError
        When there is no card, or it lacks an entry.
    """
    name = label or file.name
    card_file = file.with_name(file.name + ".toml")
    if not file.is_file() and not card_file.is_file():
        raise DataError(Fault("no_file", file=name))
    card = read_toml(card_file, missing=Fault("no_card", file=name, card=card_file.name))
    absent = [entry for entry in _REQUIRED if _is_blank(card.get(entry))]
    if absent:
        raise DataError(Fault("card_lacks", file=card_file.name, entries=", ".join(absent)))
    demand(_text_faults(card, card_file.name))
    return SourceCard(
        file=name,
        title=_in_each_language(card["title"]),
        publisher=str(card["publisher"]),
        url=tuple(_as_list(card["url"])),
        licence=str(card["licence"]),
        years=str(card["years"]),
        sha256=str(card["sha256"]),
        processing=_in_each_language(card["processing"]),
        credit=_in_each_language(card["credit"]),
        note=dict(card.get("note", {})),
    )


def listed(cards: Iterable[SourceCard], lang: str) -> pd.DataFrame:
    """Return cards as a table: index ``file``; title, publisher, licence, years, address, processing."""
    unknown_word = say("names.not_stated", lang)
    rows = [
        {
            "file": card.file,
            "title": card.title[lang],
            "publisher": card.publisher,
            "licence": card.licence.replace("not stated", unknown_word),
            "years": card.years.replace("not stated", unknown_word),
            "url": ", ".join(card.url),
            "processing": card.processing[lang],
        }
        for card in cards
    ]
    return pd.DataFrame(rows).set_index("file")


def read_bytes(file: Path, *, label: str | None = None) -> tuple[bytes, SourceCard]:
    """Return the bytes of `file`, held against its card, and the card.

    Raises
    ------
    DataError
        When the file or its card is missing, or the digest differs.
    """
    card = read_card(file, label=label)
    if not file.is_file():
        raise DataError(Fault("no_file", file=card.file))
    content = _content(file, card.file)
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise DataError(
            Fault("altered_file", file=card.file, found=found[:12], expected=card.sha256[:12])
        )
    return content, card


def read_table(file: Path, *, label: str | None = None) -> tuple[pd.DataFrame, SourceCard]:
    """Return a CSV table as text cells (empty ones missing), and its card.

    Raises
    ------
    DataError
        As `read_bytes`; also when the file is no UTF-8 table.
    """
    content, card = read_bytes(file, label=label)
    text = _decoded(content, card.file)
    demand(_heading_faults(text, card.file))
    try:
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_values=[""])
    except pd.errors.ParserError as error:
        demand(_ragged(text, card.file))
        raise DataError(Fault("not_a_table", file=card.file, reason=error)) from None
    if not isinstance(
        table.index, pd.RangeIndex
    ):  # all rows longer: pandas makes the rest an index
        demand(_ragged(text, card.file))
    return table, card


def _decoded(content: bytes, name: str) -> str:
    """Return UTF-8 text, with or without the mark that spreadsheets put before it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        before = content[max(error.start - 20, 0) : error.start].decode("utf-8", "ignore")
        shown = before.rpartition("\n")[2].strip()
        raise DataError(Fault("not_utf8", file=name, row=row, before=shown)) from None


def _heading_faults(text: str, name: str) -> list[Fault]:
    """Return what is wrong with the first row: nothing there, other signs between cells, doubles."""
    heading = next(csv.reader(io.StringIO(text)), [])
    if not any(cell.strip() for cell in heading):
        return [Fault("empty_file", file=name)]
    if len(heading) == 1 and (found := [sign for sign in ";\t|" if sign in heading[0]]):
        return [Fault("other_delimiter", file=name, found=_SIGNS[found[0]])]
    twice = [cell for cell in dict.fromkeys(heading) if heading.count(cell) > 1]
    return [Fault("heading_twice", file=name, columns=", ".join(twice))] if twice else []


def _ragged(text: str, name: str) -> list[Fault]:
    """Return the fault of rows with more cells than the heading."""
    rows = list(csv.reader(io.StringIO(text)))
    long = [place for place, row in enumerate(rows, start=1) if len(row) > len(rows[0])]
    if not long:
        return []
    shown = ", ".join(map(str, long[:5])) + (f" (+{len(long) - 5})" if len(long) > 5 else "")
    found, wanted = len(rows[long[0] - 1]), len(rows[0])
    return [Fault("ragged_rows", file=name, rows=shown, value=found, expected=wanted)]


def read_toml(file: Path, *, missing: Fault) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    DataError
        With `missing` when there is no such file; otherwise where it is not TOML.
    """
    if not file.is_file():
        raise DataError(missing)
    text = _decoded(_content(file, file.name), file.name).replace("\r\n", "\n")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number, or a list, without end
        raise DataError(Fault("not_toml", file=file.name, reason=error)) from None


def _content(file: Path, name: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        fault = Fault("ingest_unreadable", file=name, reason=error.strerror or error)
        raise DataError(fault) from None


def _text_faults(card: dict[str, Any], name: str) -> list[Fault]:
    """Return which texts of a card are neither a text nor a table of languages."""
    odd = [
        entry
        for entry in _IN_LANGUAGES
        if entry in card
        and not isinstance(card[entry], str | list)
        and not (isinstance(card[entry], dict) and card[entry].keys() <= {*LANGUAGES})
    ]
    form = " ".join(f'{lang} = "…"' for lang in LANGUAGES)
    return [Fault("card_text", file=name, entry=entry, allowed=form) for entry in odd]


def _in_each_language(entry: object) -> dict[str, str]:
    """Return a text per language; a card that has one text says it in all of them."""
    texts = entry if isinstance(entry, dict) else dict.fromkeys(LANGUAGES, entry)
    fallback = next(text for text in texts.values() if text)
    return {lang: " ".join(_as_list(texts.get(lang) or fallback)) for lang in LANGUAGES}


def _is_blank(entry: object) -> bool:
    """Tell whether an entry of a card still waits for its words, in every language."""
    return not (any(entry.values()) if isinstance(entry, dict) else entry)


def _as_list(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]
