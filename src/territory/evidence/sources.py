"""Source cards: publisher, licence, years, sha256, what was done to the file.

A data file without a card, or whose bytes differ from its card, cannot be read.
"""

from __future__ import annotations

import hashlib
import io
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from territory.evidence.schema import DataError, Fault
from territory.text import LANGUAGES

_REQUIRED = ("title", "publisher", "url", "licence", "years", "sha256", "processing", "credit")


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
    card = read_toml(card_file, missing=Fault("no_card", file=name, card=card_file.name))
    absent = [entry for entry in _REQUIRED if _is_blank(card.get(entry))]
    if absent:
        raise DataError(Fault("card_lacks", file=card_file.name, entries=", ".join(absent)))
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
    content = file.read_bytes()
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
    try:
        table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, na_values=[""])
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(Fault("not_a_table", file=card.file, reason=error)) from None
    return table, card


def read_toml(file: Path, *, missing: Fault) -> dict[str, Any]:
    """Read a TOML file.

    Raises
    ------
    DataError
        With `missing` when there is no such file; otherwise where it is not TOML.
    """
    if not file.is_file():
        raise DataError(missing)
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(Fault("not_toml", file=file.name, reason=error)) from None


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
