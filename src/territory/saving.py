"""A study with the counts of one more file, as a folder: tables, cards, words, and what was decided.

The file itself stays with its owner: it may name people, and its counts are all that is used.
"""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING, Any

import tomli_w

from territory.documents import csv_text
from territory.founding import short_name
from territory.text import LANGUAGES, say

if TYPE_CHECKING:
    from pathlib import Path

    from territory.adopting import Adopted
    from territory.evidence.studyfile import StudyFile


def saved_name(own: Adopted) -> str:
    """Return the short name of a saved study: that of its file, without the ending."""
    label = own.card.file
    return short_name(label.rpartition(".")[0] or label)


def saved_study(own: Adopted, *, decisions: str = "") -> dict[str, bytes]:
    """Return a study folder with every table of the study and the counts of the file.

    Parameters
    ----------
    own
        The study and the file.
    decisions
        What a person decided about the file, as TOML, so that the next one needs less.

    Returns
    -------
    dict
        Bytes by path in the folder: ``study.toml``, ``tables/…`` with their cards,
        ``README.txt`` and, where there are any, ``decisions.toml``.
    """
    file = own.study.file
    files = {"study.toml": _study_toml(own)}
    for name in file.entries["tables"]:
        path = file.table(name)
        if path is None:
            continue
        card = path.with_name(f"{path.name}.toml").read_bytes()
        content = path.read_bytes()
        if name == "outcomes":
            content = csv_text(own.study.outcomes.reset_index()).encode()
            card = _outcomes_card(own, card, content)
        place = _place(name, path)
        files |= {place: content, f"{place}.toml": card}
    words = {"name": own.card.file, "folder": saved_name(own)}
    readme = "\n".join(say("upload.saved_readme", lang, **words) for lang in LANGUAGES)
    files["README.txt"] = f"{readme}\n".encode()
    if decisions:
        files["decisions.toml"] = decisions.encode()
    return files


def _place(name: str, path: Path) -> str:
    # Flat, whatever folders the study has: a path out of the folder could not be unpacked.
    return f"tables/{name}{path.suffix}"


def _study_toml(own: Adopted) -> bytes:
    """Return the study file; what pages open on is the file's series where it is about the whole."""
    file = own.study.file
    title = {
        lang: say("upload.saved_title", lang, title=file.title(lang), name=own.card.file)
        for lang in LANGUAGES
    }
    defaults = file.root.entries["defaults"]
    if own.whole:
        series = {"outcome": own.outcome, "institution": own.institution}
        defaults = file.entries["defaults"] | series
    entries = file.entries | {
        "study": saved_name(own),
        "title": title,
        "tables": _tables(file),
        "defaults": defaults,
    }
    return tomli_w.dumps(entries).encode()


def _tables(file: StudyFile) -> dict[str, str]:
    paths = {name: file.table(name) for name in file.entries["tables"]}
    return {name: _place(name, path) for name, path in paths.items() if path is not None}


def _outcomes_card(own: Adopted, card: bytes, content: bytes) -> bytes:
    """Return the card of the counts: as it was, and what was added."""
    entries: dict[str, Any] = tomllib.loads(card.decode())
    added = {
        lang: say(
            "upload.saved_processing",
            lang,
            name=own.card.file,
            digest=own.card.sha256,
            written=own.rows,
        )
        for lang in LANGUAGES
    }
    credit = {lang: own.card.credit[lang] for lang in LANGUAGES}
    entries["sha256"] = hashlib.sha256(content).hexdigest()
    entries["rows"] = len(own.study.outcomes)
    entries["years"] = f"{entries['years']}; {own.card.years}"
    entries["processing"] = _and(entries["processing"], added, between=" ")
    entries["credit"] = _and(entries["credit"], credit, between="; ")
    return tomli_w.dumps(entries).encode()


def _and(entry: Any, more: dict[str, str], *, between: str) -> dict[str, str]:
    """Return the text of a card in each language, with more after it."""
    texts = entry if isinstance(entry, dict) else dict.fromkeys(LANGUAGES, entry)
    found = {}
    for lang in LANGUAGES:
        text = texts.get(lang) or next(iter(texts.values()))
        text = " ".join(text) if isinstance(text, list) else str(text)
        found[lang] = f"{text}{between}{more[lang]}"
    return found
