"""The words by which tables and names are read, and how texts are made comparable."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice, product
from typing import Any


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Return a text without case, accents, punctuation and doubled spaces: ``s pedro perulapan``."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w#%+]|_", " ", kept).split())


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


def loose(folded: str) -> str:
    """Return a folded name without its articles: ``san luis carmen``."""
    articles = vocabulary("names")["articles"]
    return " ".join(word for word in folded.split() if word not in articles)


def without_kind(text: str) -> str:
    """Return a name without the word that says what it is: ``Depto. de La Paz`` is ``La Paz``."""
    words = fold(text).split()
    if len(words) > 1 and words[0] in vocabulary("names")["kinds"]:
        words = words[1:]
        if len(words) > 1 and words[0] in ("de", "del", "of"):
            words = words[1:]
    return " ".join(words)


def readings(folded: str) -> set[str]:
    """Return all that a folded name may stand for, its abbreviations written out."""
    known = vocabulary("abbreviations")
    choices = [(word, *known.get(word, ())) for word in folded.split()[:8]]
    return {" ".join(words) for words in islice(product(*choices), 64)}


def place_and_area(text: str) -> list[tuple[str, str]]:
    """Return the ways to read a text as a place and the area above it."""
    parts = [part.strip() for part in re.split(r"[,;/()\[\]|]|\s[-–]\s", text) if part.strip()]
    return [(parts[0], parts[1]), (parts[1], parts[0])] if len(parts) == 2 else []


@cache
def _openings(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{word} " for word in words)


def _folded(word: str) -> str:
    return f"={fold(word[1:])}" if word.startswith("=") else fold(word)
