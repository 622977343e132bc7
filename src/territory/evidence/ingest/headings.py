"""What a heading says about its column: a place, a period, a count, a person."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from territory.evidence.ingest.dates import YEARS, read_span
from territory.evidence.ingest.spoken import part_of_year
from territory.evidence.ingest.workbook import Cell, CellError
from territory.evidence.vocabulary import fold, holds, opens, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.evidence.tables import Tables

#: Roles in the order in which a heading's words are looked through; the first that fits stands.
_ORDER = (
    "rate", "person", "date", "month", "year", "period", "trait", "number",
    "outcome", "institution", "total", "count", "name",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a sheet, by its heading.

    Parameters
    ----------
    position
        Where it stands, from 0.
    title
        Its heading as written, the lines of it joined.
    role
        ``place``, ``place_code``, ``above``, ``above_code``, ``division``, ``year``,
        ``month``, ``date``, ``period``, ``cell`` (counts of one period), ``count``,
        ``total``, ``outcome``, ``institution``, ``person``, ``trait``, ``part`` (men, women),
        ``rate``, ``number``, ``name``, ``span`` (a quarter, a week, January to June),
        ``subtotal`` (a span beside its months), ``unknown`` or ``empty``.
    level
        The level that the heading names, if it names one.
    year, month
        The period of its counts, where the heading says it.
    outcome
        The outcome that the heading names, if it names one.
    rest
        Words beside a period that were not understood.
    """

    position: int
    title: str
    role: str
    level: str | None = None
    year: int | None = None
    month: int | None = None
    outcome: str | None = None
    rest: str = ""


class Reader:
    """Reads headings with the words of one study: its levels and its outcomes.

    Parameters
    ----------
    study
        Whose words to know.
    """

    def __init__(self, study: Tables) -> None:
        entries = study.file.entries
        self.levels = {
            word: str(level)
            for level, words in entries.get("level", {}).items()
            for word in _words(words.get("one", {}), words.get("many", {}))
        } | {fold(level): level for level in study.file.levels}
        self.hierarchy = study.file.levels
        self.outcomes = {
            stem(word): outcome
            for outcome, entry in study.file.outcomes.items()
            for word in [fold(outcome), *_words(entry.get("title", {}), entry.get("unit", {}))]
        }
        self.institutions = {
            word: str(who)
            for who, entry in entries.get("institution", {}).items()
            for word in [fold(who), *_words(entry.get("short", {}), entry.get("title", {}))]
        }

    def outcome(self, text: str) -> str | None:
        """Return the outcome that a text names."""
        return self.outcomes.get(stem(fold(text)))

    def institution(self, text: str) -> str | None:
        """Return the institution that a text names."""
        return self.institutions.get(fold(text))

    def counted_by(self, title: str) -> str | None:
        """Return the institution that a heading names, if it names one: ``Homicidios_PNC``."""
        folded = fold(title)
        named = {who for word, who in self.institutions.items() if holds(folded, word)}
        return named.pop() if len(named) == 1 else None

    def column(self, position: int, parts: Iterable[Cell]) -> Column:
        """Read the lines of one heading, from above to below."""
        lines = [part for part in parts if part is not None]
        title = " / ".join(dict.fromkeys(shown(line) for line in lines))
        folded = fold(title)
        if not folded:
            return Column(position, title, "empty")
        plain = self._plain(position, title, folded)
        if len(lines) > 1 and fold(shown(lines[-1])) in vocabulary("headings")["part_letters"]:
            plain = replace(plain, role="part")
        if plain.role in ("part", "trait"):
            period = self._period(position, title, lines)
            return replace(plain, year=period.year, month=period.month) if period else plain
        if plain.role in ("rate", "person", "date", "number", "place", "above", "span"):
            return plain
        return self._period(position, title, lines) or plain

    def _plain(self, position: int, title: str, folded: str) -> Column:
        words = vocabulary("headings")
        spaced = folded.replace("%", " % ")
        level, outcome = None, None
        early = [role for role in ("rate", "person") if any(holds(spaced, w) for w in words[role])]
        if early:
            role = early[0]
        elif (where := self._where(folded)) is not None:
            role, level = where
        elif self._is_part(folded):
            role = "part"
        elif part_of_year(title):
            role = "span"
        elif (outcome := self._named_outcome(folded)) is not None:
            role = "count"
        else:
            known = (r for r in _ORDER if any(holds(folded, word) for word in words[r]))
            role = next(known, "unknown")
        return Column(position, title, role, level=level, outcome=outcome)

    def _where(self, folded: str) -> tuple[str, str | None] | None:
        """Tell whether a heading is about places: names or codes, of which level."""
        words = vocabulary("headings")
        coarse, finest = self.hierarchy[:-1], self.hierarchy[-1]
        code = "_code" if any(holds(folded, word) for word in words["code"]) else ""
        level = self._level(folded)
        if level is None and any(holds(folded, word) for word in words["district"]):
            return f"district{code}", finest
        if level is not None and level not in self.hierarchy:
            return f"division{code}", level
        if level == finest or any(holds(folded, word) for word in words["place"]):
            return f"place{code}", finest
        if level in coarse or any(holds(folded, word) for word in words["above"]):
            return f"above{code}", level or coarse[-1]
        return ("place_code", finest) if code and len(folded.split()) == 1 else None

    def _level(self, folded: str) -> str | None:
        """Return the level that a heading names: the finest of them, by its longest word."""
        named = [word for word in self.levels if holds(folded, word)]
        below = [word for word in named if self.levels[word] not in self.hierarchy[:-1]]
        return self.levels[max(below or named, key=len)] if named else None

    def _is_part(self, folded: str) -> bool:
        """Tell whether a heading names one sex, other than in the words of an outcome."""
        stems = stem(folded)
        for word in sorted(self.outcomes, key=len, reverse=True):
            stems = f" {stems} ".replace(f" {word} ", "  ")
        return any(
            holds(" ".join(stems.split()), stem(word)) for word in vocabulary("headings")["part"]
        )

    def _named_outcome(self, folded: str) -> str | None:
        stems = stem(folded)
        named = [word for word in self.outcomes if holds(stems, word)]
        return self.outcomes[max(named, key=len)] if named else None

    def _period(self, position: int, title: str, lines: Sequence[Cell]) -> Column | None:
        """Read a heading as the period of the counts below it."""
        spans = [(line, read_span(line)) for line in lines]
        years = {span.year for _, span in spans if span and span.year}
        months = {span.month for _, span in spans if span and span.month}
        if len(years) > 1 or len(months) > 1 or not (years or months):
            return None
        rest = " ".join(span.rest if span else fold(shown(line)) for line, span in spans)
        year, month = next(iter(years), None), next(iter(months), None)
        outcome = self._named_outcome(rest)
        known = self.outcomes if outcome else {}
        left = " ".join(_unknown_words(rest, known))
        words = vocabulary("headings")
        total = (
            any(holds(rest, word) for word in words["total"])
            or rest.strip() in words["total_letters"]
        )
        role = "total" if total else "cell"
        return Column(position, title, role, None, year, month, outcome, left)


def _unknown_words(text: str, outcomes: Mapping[str, str]) -> list[str]:
    """Return the words beside a period that say nothing known."""
    words = vocabulary("headings")
    neutral = {"de", "del", "en", "of", "in", "el", "la", "p", "r", "preliminar", "a"}
    for role in ("year", "month", "period", "count", "total", "outcome"):
        neutral |= {part for word in words[role] for part in word.split()}
    neutral |= {part for word in outcomes for part in word.split()}
    words_left = [word for word in text.split() if word.isalnum()]
    return [word for word in words_left if word not in neutral and stem(word) not in neutral]


def names_total(text: str) -> bool:
    """Tell whether a label is that of a total: ``Subtotal La Paz``, ``La Paz Total``, ``República``."""
    words = vocabulary("rows")
    ends = tuple(f" {word}" for word in words["total"])
    return opens(fold(text), words["total"] + words["whole"]) or fold(text).endswith(ends)


def stem(folded: str) -> str:
    """Return words without the endings of the plural: ``homicidio``, ``extorsion``."""
    return " ".join(re.sub(r"(?<=[nrld])es$|s$", "", word) for word in folded.split())


def shown(cell: Cell) -> str:
    """Write a cell for a message: short, without control characters."""
    if isinstance(cell, CellError):
        return cell.text
    if isinstance(cell, datetime.date):
        return cell.isoformat()[:10]
    text = "" if cell is None else str(cell)
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    return clean if len(clean) <= 60 else clean[:57] + "…"


def strange_year(cell: Cell) -> bool:
    """Tell whether a heading is a number of four or five digits that is no year."""
    digits = shown(cell).strip()
    return digits.isdecimal() and len(digits) in (4, 5) and int(digits) not in YEARS


def _words(*texts: object) -> list[str]:
    found = []
    for text in texts:
        values = text.values() if isinstance(text, dict) else [text]
        found += [fold(str(value)) for value in values if value]
    return found
