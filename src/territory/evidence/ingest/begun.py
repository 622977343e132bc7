"""A file of decisions to fill in: everything that is open about a file, and nothing decided."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from territory.evidence.ingest.decisions import IGNORE, Decisions
from territory.evidence.ingest.report import IngestError, Report, rows_text
from territory.evidence.vocabulary import fold
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from territory.evidence.schema import DataError

# A finding, the setting that answers it, and the values from which a person may choose; where
# there are none, the finding names them.
_ANSWERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ingest_no_period": ("year", ("2015",)),
    "ingest_which_year": ("year", ()),
    "ingest_parts": ("count_column", ()),
    "ingest_which_outcome": ("outcome", ()),
    "ingest_part_of_year": ("whole_year", ("true",)),
    "ingest_title_and_sheet": ("year", ()),
    "ingest_several_tables": ("sheet", ()),
    "ingest_several_columns": ("", ()),
    "ingest_no_counts": ("count_column", ()),
    "ingest_huge": ("count_column", ("…",)),
    "ingest_cases_or_counts": ("count_column", ()),
    "ingest_date_order": ("date_order", ("dmy", "mdy")),
    "ingest_date_styles": ("date_order", ("dmy", "mdy")),
    "ingest_undated": ("undated", ("drop",)),
    "ingest_duplicates": ("duplicates", ("sum", "first")),
    "ingest_separator": ("decimal", ("point", "comma")),
    "outcome": ("outcome", ()),
    "institution": ("institution", ()),
    "blank_missing": ("blank", ("zero", "missing")),
    "dash_missing": ("dash", ("zero", "missing")),
    "not_complete": ("complete", ("true", "false")),
}


@dataclass(frozen=True)
class Question:
    """What a file leaves open and a setting would answer.

    Parameters
    ----------
    setting
        One of `territory.evidence.ingest.SETTINGS`.
    answers
        What a person may choose, or examples of it.
    sentence, values
        The finding, in the catalogue.
    """

    setting: str
    answers: tuple[str, ...]
    sentence: str
    values: Mapping[str, Any]

    def render(self, lang: str) -> str:
        """Return the finding in words."""
        return say(self.sentence, lang, **self.values)


def begun(source: Report | DataError, *, lang: str = "en", chosen: Decisions | None = None) -> str:
    """Return a file of decisions in TOML, with what was found as comments.

    Nothing is decided in it but what `chosen` says: a suggestion stands in a comment, and a
    place without a ``value`` stays open. What was chosen and is no longer open is kept.

    Parameters
    ----------
    source
        The report on a file, or the error that stopped its reading.
    lang
        Language of the comments.
    chosen
        Decisions that a person has already made.
    """
    report = _report(source)
    made = chosen or Decisions()
    file = report.file if report else _file_of(source)
    lines = [*_comment(say("ingest.begun_head", lang, file=file)), "", "[settings]"]
    lines += _settings(source, made, lang)
    if report is not None:
        lines += _places(report, made, lang)
        lines += _words(report, made, lang)
    lines += _kept(report, made)
    return "\n".join(lines) + "\n"


def _report(source: Report | DataError) -> Report | None:
    if isinstance(source, IngestError):
        return source.report
    return source if isinstance(source, Report) else None


def _file_of(source: Report | DataError) -> str:
    faults = source.faults
    return str(faults[0].values.get("file", "")) if faults else ""


def questions(source: Report | DataError) -> list[Question]:
    """Return the findings that a setting would answer, each setting once, faults first."""
    report = _report(source)
    found = [(fault.key, fault.values, f"errors.{fault.key}") for fault in source.faults]
    for key, values in [*report.warned, *report.assumed] if report else []:
        found.append((key, values, f"ingest.{key}"))
    asked: dict[str, Question] = {}
    for key, values, sentence in found:
        setting, answers = _ANSWERS.get(key, ("", ()))
        setting = str(values.get("setting", setting))
        if not setting:
            continue
        named = str(values.get("value") or values.get("found") or values.get(key) or "")
        answers = answers or tuple(named.split(", ")[:12])
        asked.setdefault(setting, Question(setting, answers, sentence, values))
        if key == "ingest_cases_or_counts":
            asked.setdefault("cases", Question("cases", ("true",), sentence, values))
    return list(asked.values())


def _settings(source: Report | DataError, made: Decisions, lang: str) -> Iterator[str]:
    """Write the settings that were made, then those that would answer a finding."""
    for key, value in made.settings.items():
        yield f"{key} = {_text(value)}"
    said = ""
    for question in questions(source):
        if question.setting in made.settings:
            continue
        if (sentence := question.render(lang)) != said:
            yield from _comment(sentence)
        said = sentence
        for answer in question.answers:
            yield f"# {question.setting} = {_text(answer)}"


def _places(report: Report, made: Decisions, lang: str) -> Iterator[str]:
    for place in report.unmatched + report.ambiguous:
        yield from ("", "[[place]]", f"text = {_text(place.text)}")
        if place.above:
            yield f"above = {_text(place.above)}"
        rows = rows_text(place.rows)
        why = say(f"ingest.why_{place.why}", lang)
        yield from _comment(say("ingest.begun_place", lang, rows=rows, why=why))
        value = made.choices.get(("place", fold(place.text), fold(place.above)))
        if value is not None:
            yield f"value = {_text(value)}"
            continue
        for entry in place.candidates:
            name = _line(f"{entry['name']}")
            yield f"# value = {_text(str(entry['unit']))}  # {name}"
        yield f"# value = {_text(IGNORE)}  # {say('ingest.begun_ignore', lang)}"


def _words(report: Report, made: Decisions, lang: str) -> Iterator[str]:
    for (kind, text), rows in report.words.items():
        yield from ("", f"[[{kind}]]", f"text = {_text(text)}")
        yield from _comment(say("ingest.begun_word", lang, rows=rows_text(rows)))
        value = made.choices.get((kind, fold(text), ""))
        yield f"value = {_text(value)}" if value is not None else '# value = "…"'


def _kept(report: Report | None, made: Decisions) -> Iterator[str]:
    """Write decisions that answer nothing that is still open: they will be needed next month."""
    places = report.unmatched + report.ambiguous if report else []
    said = {("place", fold(place.text), fold(place.above)) for place in places}
    said |= {(kind, fold(text), "") for kind, text in (report.words if report else {})}
    for (kind, text, above), value in made.choices.items():
        if (kind, text, above) not in said:
            yield from ("", f"[[{kind}]]", f"text = {_text(text)}")
            if above:
                yield f"above = {_text(above)}"
            yield f"value = {_text(value)}"


def _text(value: str) -> str:
    """Write a text as TOML does; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(sentence: str) -> list[str]:
    """Write a sentence as comments of at most a hundred letters a line."""
    lines, line = [], "#"
    for word in _line(sentence).split(" "):
        if len(line) + len(word) > 100 and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]


def _line(text: str) -> str:
    """Return a text without anything that would end a comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
