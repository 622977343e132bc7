"""How a place is written: with marks, numbers, codes, abbreviations and words for what it is."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice, product

from territory.evidence.vocabulary import fold, loose, vocabulary

#: Marks that send a reader to a footnote: ``1/``, ``(a)``, ``[2]``, ``*``, ``¹``.
_MARKS = re.compile(
    r"(?:\s*(?:[*†‡§¶¹²³⁰-⁹]|\(\w\)|\(\d\d\)|\[\w\]|\[\d\d\]|\d{1,2}/|(?<=\s)[a-z]/))+\s*$"
)
#: A code, or the number in a list, before a name.
_BEFORE = re.compile(r"\s*\(?(\d{1,6})\)?\s*[-–—.:)]*\s*([^\W\d].*)", re.DOTALL)
#: A code behind a name.
_BEHIND = re.compile(
    r"(.*\D)\s*(?:\((\d{2,6})\)|\[(\d{2,6})\]|[-–—:,\s]\s*(\d{4,6}))\s*", re.DOTALL
)
_IN_BRACKETS = re.compile(r"(.*\S)\s*[(\[]\s*([^()\[\]]+)[)\]]\s*")
_BETWEEN = re.compile(r"[,;/()\[\]|]|\s[-–—]\s")


def without_marks(text: str) -> str:
    """Return a name without the marks of footnotes behind it: ``Apopa 1/`` is ``Apopa``."""
    return _MARKS.sub("", text)


def code_before(text: str) -> tuple[str, str] | None:
    """Return the number before a name, and the name: ``0614 San Salvador``, ``3. Apopa``."""
    found = _BEFORE.fullmatch(text)
    return (found[1], found[2]) if found else None


def code_behind(text: str) -> tuple[str, str] | None:
    """Return the code behind a name, and the name: ``San Salvador (0614)``."""
    found = _BEHIND.fullmatch(text)
    # So little as "SV" is no name: the number may belong to a longer code.
    if found is None or len(fold(found[1])) < 3:
        return None
    return found[2] or found[3] or found[4], found[1].strip(" -–—:,")


@lru_cache(maxsize=10_000)
def kind_and_name(text: str) -> tuple[str, str]:
    """Return the word that says what a place is, and its name; the word may be empty.

    ``Depto. de La Paz`` is a ``department`` named ``La Paz``; so is ``La Paz (depto.)``.
    A title that may be part of a name (``Ciudad``) is taken off only before "de".
    """
    known, joiners = _kinds(), vocabulary("names")["joiners"]
    titles = vocabulary("kinds")["title"]
    words = re.sub(r"\.(?=[^\W\d])", ". ", text).split()
    kind = ""
    while len(words) > 1 and (found := known.get(fold(words[0]), "")) and kind in ("", found):
        joined = len(words) > 2 and fold(words[1]) in joiners
        if fold(words[0]) in titles and not joined:
            break
        kind, words = found, words[2 if joined else 1 :]
    behind = _IN_BRACKETS.fullmatch(text)
    if not kind and behind and (inside := known.get(fold(behind[2]))):
        return inside, behind[1]
    return (kind, " ".join(words)) if kind else ("", text)


def without_kind(text: str) -> str:
    """Return a folded name without the word that says what it is."""
    return fold(kind_and_name(text)[1])


def forms(text: str) -> list[tuple[str, str]]:
    """Return the forms in which a text may be a name, each with the kind that it says."""
    found = []
    for form in dict.fromkeys((text, without_marks(text))):
        kind, name = kind_and_name(form)
        found += [("", form), (kind, name)] if kind else [("", form)]
    return found


def place_and_area(text: str) -> list[tuple[str, str]]:
    """Return the ways to read a text as a place and the area above it.

    A bare number is no area: it may as well be a footnote or a number in a list.
    """
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    if len(parts) != 2 or any(fold(part).isdecimal() for part in parts):
        return []
    return [(parts[0], parts[1]), (parts[1], parts[0])]


def readings(folded: str) -> set[str]:
    """Return all that a folded name may stand for, its abbreviations written out."""
    known = vocabulary("abbreviations")
    choices = [(word, *known.get(word, ())) for word in folded.split()[:8]]
    return {" ".join(words) for words in islice(product(*choices), 64)}


def joined(folded: str) -> str:
    """Return a folded name without the spaces between its words; numbers stay apart."""
    return re.sub(r"(?<!\d) | (?!\d)", "", folded)


def shortened(text: str) -> re.Pattern[str] | None:
    """Return a pattern for the loose names that a text with shortened words may stand for.

    A point says that a word is shortened: ``San J. Villanueva``. There is none without such
    a word, or where too little is left to tell one name from another: ``San J.``.
    """
    known = vocabulary("abbreviations")
    common = {word for words in known.values() for word in words}
    parts = []
    telling = pointed = False
    for written in re.findall(r"[^\W_]+\.?", text):
        word = fold(written)
        if not loose(word):
            continue
        point = written.endswith(".")
        pointed |= point
        telling |= len(word) > 3 and word not in common
        choices = [re.escape(each) for each in (word, *known.get(word, ()))]
        parts.append("(?:" + "|".join(choices) + (rf"|{re.escape(word)}\w*)" if point else ")"))
    return re.compile(" ".join(parts)) if telling and pointed else None


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind, words in vocabulary("kinds").items() for word in words}
