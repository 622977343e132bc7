"""Which places a text that is none of them may mean: to be offered, never to be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.evidence.spelling import kind_and_name, readings, without_marks
from territory.evidence.vocabulary import fold, loose

if TYPE_CHECKING:
    from collections.abc import Sequence

#: So near, from 0 to 100, must a name be to be offered, and so many places are.
NEAR = 70
MANY = 5
#: How near a name is that holds all words of the text, or all of whose words the text holds.
_HOLDS = 92
_HELD = 84
#: A text of so many more words is no longer about a place.
_MORE = 3
#: So many letters of a word say which word it is; one, where a point says that it is shortened.
_BEGINNING = 3
#: So many of the ways to write out a text's abbreviations are looked at.
_READINGS = 8


def nearest(text: str, names: Sequence[tuple[str, str]]) -> list[tuple[str, int]]:
    """Return the codes of the places that a text may mean, with a score, the nearest first.

    Parameters
    ----------
    text
        A place as it was written.
    names
        Pairs of a code and a folded name. One is near that is written almost alike, or
        that shares whole words with the text (``Opico``).
    """
    from rapidfuzz import fuzz, process

    bare = kind_and_name(without_marks(text))[1]
    written = sorted(readings(fold(bare) or fold(text)))[:_READINGS]
    scores = process.cdist(written, [name for _, name in names], scorer=fuzz.ratio).max(axis=0)
    least = 1 if "." in bare else _BEGINNING
    near: dict[str, tuple[float, float]] = {}
    for (unit, name), letters in zip(names, scores, strict=True):
        words = max(_words(each, name, least) for each in written)
        score = (max(float(letters), words), float(letters))
        near[unit] = max(near.get(unit, score), score)
    order = sorted(near.items(), key=lambda pair: (-pair[1][0], -pair[1][1], pair[0]))
    return [(unit, round(score)) for unit, (score, _) in order[:MANY] if score >= NEAR]


def likeness(text: str, names: Sequence[str]) -> float:
    """Return how near a text is to the nearest of some folded names, from 0 to 100."""
    from rapidfuzz import fuzz

    return max((fuzz.ratio(fold(text), name) for name in names), default=0.0)


def _words(written: str, name: str, least: int) -> float:
    """Return how near two names are by the words that one of them adds to the other."""
    own, other = loose(written).split(), loose(name).split()
    if max(map(len, own), default=0) < _BEGINNING or not other:
        return 0.0
    if all(any(_opens(word, each, least) for each in other) for word in own):
        return _HOLDS - len(other) + len(own)
    held = len(own) - len(other) <= _MORE and all(word in own for word in other)
    return _HELD if held else 0.0


def _opens(word: str, longer: str, least: int) -> bool:
    return word == longer or (len(word) >= least and longer.startswith(word))
