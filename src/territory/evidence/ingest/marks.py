"""Marks that people put behind a number, a year or a name: ``12*``, ``2013¹``, ``7 (a)``, ``9 2/``."""

from __future__ import annotations

import re
import unicodedata

#: A star or a dagger, a raised figure, a letter in brackets, or a figure before a stroke.
_MARK = re.compile(r"(?<=\w)(?:\s*[*†‡]+|\s*[⁰¹²³⁴-⁹]+|\s*\([a-d]\)|\s+\d{1,2}/)$")


def unmarked(text: str) -> tuple[str, bool]:
    """Return a text without the marks behind it and without signs that nobody sees, and whether it had marks.

    To be asked before raised figures are made plain ones: ``12¹`` is 12, never 121.
    """
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf").strip()
    plain = seen
    while (shorter := _MARK.sub("", plain).rstrip()) != plain:
        plain = shorter
    return plain, plain != seen
