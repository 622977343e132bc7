"""Sentences, numbers and dates in Spanish and English.

Every room may import this one; it imports none of them. Sentences live in
``catalogue/<room>.<language>.toml``; the key of a sentence is ``room.name``.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

if TYPE_CHECKING:
    import datetime

LANGUAGES = ("es", "en")
MISSING = "–"

# What begins a formula, also in the full width of East Asian keyboards, and what may stand
# before it unseen: spaces of every kind, signs of direction, the mark of byte order, NUL.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_UNSEEN = "".join(
    chr(code) for code in range(0x10000)
    if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zs", "Zl", "Zp")
)  # fmt: skip
_CELL_WITHIN = re.compile(
    rf"([;|\t\r\n][{re.escape(_UNSEEN)}\"]*)(?=[{re.escape(''.join(_FORMULA))}])"
)
_STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")
_LONGEST = 2000

_DATE_PATTERN = {
    ("day", "es"): "d 'de' MMMM 'de' y",
    ("day", "en"): "d MMMM y",
    ("short", "es"): "d MMM y",
    ("short", "en"): "d MMM y",
    ("month", "es"): "MMM y",
    ("month", "en"): "MMM y",
    ("year", "es"): "y",
    ("year", "en"): "y",
}


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Return every sentence of one language, keyed by ``room.name``."""
    sentences: dict[str, str] = {}
    for file in sorted(files(__name__).joinpath("catalogue").iterdir(), key=lambda f: f.name):
        room, _, ending = file.name.partition(".")
        if ending == f"{lang}.toml":
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            sentences |= {f"{room}.{name}": text for name, text in table.items()}
    return sentences


def say(key: str, lang: str, **values: object) -> str:
    """Return the sentence `key` in `lang`, with its blanks filled.

    Raises
    ------
    KeyError
        When the sentence, or the value of one of its blanks, does not exist.
    """
    return catalogue(lang)[key].format(**values)


def blanks(sentence: str) -> set[str]:
    """Return the names of the blanks of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def number(value: object, lang: str, *, digits: int = 0) -> str:
    """Write a number as the language does: ``70,1`` or ``70.1``; missing is a dash."""
    if value is None or _is_missing(value):
        return MISSING
    if math.isinf(float(value)):  # type: ignore[arg-type]
        return "∞"
    # Rounding first keeps "-0" and half-even surprises out of print.
    rounded = round(float(value), digits) + 0.0  # type: ignore[arg-type]
    return f"{rounded:,.{digits}f}".translate(_marks(lang))


@cache
def _marks(lang: str) -> dict[int, str]:
    """Return how a language writes what Python writes as a comma, a point and a minus.

    A map has thousands of numbers: the symbols are looked up once, not with each.
    """
    symbols = (get_group_symbol(locale=lang), get_decimal_symbol(locale=lang), "−")
    return dict(zip(map(ord, ",.-"), symbols, strict=True))


def percent(fraction: object, lang: str, *, signed: bool = False, digits: int = 0) -> str:
    """Write a fraction as a percentage: ``−41 %`` in Spanish, ``−41%`` in English."""
    if fraction is None or _is_missing(fraction):
        return MISSING
    text = number(float(fraction) * 100, lang, digits=digits)  # type: ignore[arg-type]
    plus = "+" if signed and float(fraction) > 0 else ""  # type: ignore[arg-type]
    return f"{plus}{text}\u00a0%" if lang == "es" else f"{plus}{text}%"


def date(day: datetime.date, lang: str, *, precision: str = "day") -> str:
    """Write a date to the precision that is known: day, short (day), month or year."""
    pattern = _DATE_PATTERN.get((precision, lang), _DATE_PATTERN["day", lang])
    return str(format_date(day, pattern, locale=lang))


def span(low: object, high: object, lang: str, *, digits: int = 0) -> str:
    """Write an interval: ``0.4–0.6``; with words where a minus beside the dash would mislead."""
    words = [number(value, lang, digits=digits) for value in (low, high)]
    if any(word.startswith("−") for word in words):
        return say("names.from_to", lang, low=words[0], high=words[1])
    return "–".join(words)


def listing(words: list[str], lang: str) -> str:
    """Join words as a person would: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    last = say("names.and", lang)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def harmless(text: object) -> object:
    """Return a text that a spreadsheet does not take for a formula; what is no text as it is.

    An apostrophe is put before a text whose first sign that can be seen is ``=``, ``+``, ``-``
    or ``@``, also in full width; before one that begins with a tab or the end of a line; and
    behind a semicolon, tab, bar or end of a line inside a text where one of the four follows:
    a spreadsheet that does not cut at commas takes these for the end of a cell.
    """
    if not isinstance(text, str):
        return text
    inner = _CELL_WITHIN.sub(r"\1'", text)
    risky = text.lstrip(_UNSEEN).startswith(_FORMULA) or text.startswith(("\t", "\r", "\n"))
    return f"'{inner}" if risky else inner


def printable(text: str) -> str:
    """Return a text as one line of bounded length, without signs that steer a terminal."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(sign) in _STEERING else sign for sign in text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _is_missing(value: object) -> bool:
    return str(value) in {"nan", "<NA>", "NaT"}
