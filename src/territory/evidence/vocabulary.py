"""The words by which tables and names are read, and how texts are made comparable."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Return a text without case, accents, punctuation and doubled spaces: ``s pedro perulapan``."""
    plain = unicodedata.normalize("NFKD", unspoiled(text)).casefold()
    kept = "".join(letter for letter in plain if not _unseen(letter))
    return " ".join(re.sub(r"[^\w#%+]|_", " ", kept).split())


def unspoiled(text: str) -> str:
    """Return a text that was UTF-8 and read as Windows-1252 or Latin-1 as it was meant.

    ``UsulutÃ¡n`` is ``Usulután``; what is no such text stays as it is.
    """
    for _ in range(2):
        if not any(sign in text for sign in "ÃÂâ"):
            break
        try:
            text = b"".join(map(_byte, text)).decode("utf-8")
        except UnicodeError:
            break
    return text


@cache
def vocabulary(section: str) -> dict[str, Any]:
    """Return one section of ``vocabulary.toml``, its words folded unless they are signs."""
    tables = tomllib.loads(
        files("territory.evidence").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    )
    signs = {"dashes", "errors"}
    return {
        key: tuple(words) if key in signs else tuple(_folded(word) for word in words)
        for key, words in tables[section].items()
    }


@cache
def months() -> dict[str, int]:
    """Return the number of each month by its folded names and abbreviations."""
    return {word: int(number) for number, words in vocabulary("months").items() for word in words}


def holds(folded: str, word: str) -> bool:
    """Tell whether a folded text holds a word (or words in a row); ``=word`` must be all of it."""
    if word.startswith("="):
        return folded == word[1:]
    return f" {word} " in f" {folded} "


def opens(folded: str, words: tuple[str, ...]) -> bool:
    """Tell whether a folded text begins with one of the words."""
    return f"{folded} ".startswith(_openings(words))


@lru_cache(maxsize=50_000)
def loose(folded: str) -> str:
    """Return a folded name without its articles: ``san luis carmen``."""
    articles = vocabulary("names")["articles"]
    return " ".join(word for word in folded.split() if word not in articles)


@cache
def _openings(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{word} " for word in words)


def _unseen(letter: str) -> bool:
    """Tell whether a letter is an accent on another, or takes no room (a soft hyphen)."""
    return unicodedata.combining(letter) > 0 or unicodedata.category(letter) == "Cf"


def _byte(letter: str) -> bytes:
    """Return the byte that was read as a letter; the five that Windows-1252 lacks are Latin-1's."""
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def _folded(word: str) -> str:
    return f"={fold(word[1:])}" if word.startswith("=") else fold(word)
