"""A study of one's own: a folder to begin with, and the source cards of its tables."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from territory.evidence.schema import DataError, Fault, demand
from territory.evidence.sources import read_toml
from territory.evidence.studyfile import read_study_file, shipped
from territory.evidence.writing import write_whole
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

_DIGEST = re.compile(r"^sha256\s*=.*$", re.MULTILINE)
# What an operating system puts into a folder by itself.
_HARMLESS = {".DS_Store", "desktop.ini", "Thumbs.db", ".git"}


class Renewed(NamedTuple):
    """What was done to the card of one table: ``begun``, ``renewed`` or ``kept``."""

    file: str
    done: str


def found_study(folder: Path) -> list[Path]:
    """Make a folder with a commented study file and small invented tables, each with its card.

    Parameters
    ----------
    folder
        A folder that does not exist yet, or is empty. Its name becomes the study's.

    Returns
    -------
    list
        The files that were written.

    Raises
    ------
    DataError
        When there are files in the folder, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        demand_empty(folder, argument="DIR")
    except OSError as error:
        reason = error.strerror
        raise DataError(Fault("unwritable", argument="DIR", value=folder, reason=reason)) from None
    name = f'study = "{short_name(folder.resolve().name)}"'.encode()
    written = []
    for relative, content in _template(files("territory").joinpath("template")):
        target = folder / relative
        try:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content.replace(b'study = "example"', name, 1))
        except OSError as error:
            reason = error.strerror
            raise DataError(
                Fault("unwritable", argument="DIR", value=target, reason=reason)
            ) from None
        written.append(target)
    return written


def demand_empty(folder: Path, *, argument: str) -> None:
    """Raise `DataError` where a folder holds files: a study is never made among others."""
    there = sorted(entry.name for entry in folder.iterdir() if entry.name not in _HARMLESS)
    if there:
        found = ", ".join(there[:3]) + (", …" if len(there) > 3 else "")
        raise DataError(Fault("folder_in_use", argument=argument, value=folder, found=found))


def _template(folder: Traversable, above: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _template(entry, f"{above}{entry.name}/")
        else:
            yield f"{above}{entry.name}", entry.read_bytes()


def short_name(text: str) -> str:
    """Return the letters and digits of a folder's name, for file names and addresses."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")[:40] or "study"
    return f"{name}-study" if name in shipped() else name


def renew_cards(study: str | Path) -> list[Renewed]:
    """Write the digest of every table of a study into its card; begin the cards that are missing.

    A card that was begun has empty entries, and its table cannot be read before a person
    has filled them. Tables that do not exist have no card made.

    Raises
    ------
    DataError
        For a shipped study, a table outside its folder, or a card that is no TOML.
    """
    if str(study) in shipped():
        raise DataError(Fault("shipped_cards", value=study))
    file = read_study_file(study)
    tables = {name: file.table(name) for name in file.entries["tables"]}
    there = {name: path for name, path in tables.items() if path is not None and path.is_file()}
    demand(
        [
            Fault("card_outside", file=file.label(name), value=file.path.parent)
            for name, path in there.items()
            if not path.resolve().is_relative_to(file.path.parent)
        ]
    )
    return [Renewed(file.label(name), renew_card(path)) for name, path in there.items()]


def renew_card(file: Path) -> str:
    """Write the digest of `file` into its card, or begin a card; say which of the two.

    Everything else in a card stays as a person wrote it, comments too.

    Raises
    ------
    DataError
        When the card is no TOML, or cannot be written.
    """
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    card = file.with_name(f"{file.name}.toml")
    if not card.exists():
        text, done = _begun(file.name, digest), "begun"
    else:
        entries = read_toml(card, missing=Fault("no_card", file=file.name, card=card.name))
        if entries.get("sha256") == digest:
            return "kept"
        before = card.read_text(encoding="utf-8")
        line = f'sha256 = "{digest}"'
        text, n = _DIGEST.subn(line, before, count=1)
        # A key above the first table of a TOML file belongs to the card itself.
        text, done = (text if n else f"{line}\n{before}"), "renewed"
    write_whole(card, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))
    return done


def _begun(name: str, digest: str) -> str:
    """Return a card whose entries wait for a person's words."""
    words = {key: say(f"founding.card_{key}", "en") for key in
             ("head", "publisher", "url", "licence", "years", "sha256", "title",
              "processing", "credit", "note")}  # fmt: skip
    lines = [f"# {words['head'].format(file=name)}"]
    lines += [f'{key} = ""  # {words[key]}' for key in ("publisher", "url", "licence", "years")]
    lines.append(f'sha256 = "{digest}"  # {words["sha256"]}')
    for key in ("title", "processing", "credit"):
        lines += ["", f"# {words[key]}", f"[{key}]", 'es = ""', 'en = ""']
    lines += ["", f"# {words['note']}", "# [note]", '# es = ""', '# en = ""', ""]
    return "\n".join(lines)
