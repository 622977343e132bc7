"""What became of every row of a file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import DataError, Fault
from territory.text import harmless, say

if TYPE_CHECKING:
    from territory.evidence.studyfile import StudyFile

# Open places in words; the document and the file of decisions have all of them.
_SHOWN = 25


@dataclass
class Place:
    """A place as the file writes it that is no unit yet, and the rows where it stands."""

    text: str
    above: str
    why: str
    candidates: list[dict[str, Any]]
    rows: list[int] = field(default_factory=list)

    def as_dict(self, lang: str, *, offered: str) -> dict[str, Any]:
        """Return it as a plain mapping; `offered` names the list of candidates."""
        return {
            "text": self.text,
            "above": self.above,
            "why": say(f"ingest.why_{self.why}", lang),
            "rows": self.rows[:50],
            "row_count": len(self.rows),
            offered: self.candidates,
        }


@dataclass
class Report:
    """What became of every row: read, written, matched how, left out and why.

    Every row below the heading is of one kind: ``matched``, ``unmatched``,
    ``ambiguous``, ``ignored`` (a person said so), ``totals``, ``sections``,
    ``headings`` (repeated), ``notes`` or ``undated``; the kinds add up to `rows_read`.

    Parameters
    ----------
    file
        How messages call the file.
    titles
        The study's words for its outcomes and institutions; without them codes are shown.
    words
        Outcomes and institutions that the study does not know, and the rows where they stand.
    """

    file: str
    titles: StudyFile | None = field(default=None, repr=False)
    shape: str = ""
    level: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    how: Counter[str] = field(default_factory=Counter)
    rows_written: int = 0
    unmatched: list[Place] = field(default_factory=list)
    ambiguous: list[Place] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    totals_checked: int = 0
    totals_unread: int = 0
    totals_off: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    personal: list[dict[str, Any]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    assumed: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    warned: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    words: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _cells: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict, repr=False)

    @property
    def rows_read(self) -> int:
        """Rows below the heading that hold anything."""
        return self.kinds.total()

    @property
    def complete(self) -> bool:
        """Whether every row is accounted for and nothing is in doubt."""
        return not self.faults

    def assume(self, key: str, **values: Any) -> None:
        """Note what was taken for granted, once."""
        if (key, values) not in self.assumed:
            self.assumed.append((key, values))

    def warn(self, key: str, **values: Any) -> None:
        """Note what a reader of the figures should know, once."""
        if (key, values) not in self.warned:
            self.warned.append((key, values))

    def bad_cell(self, key: str, *, row: int, column: str, value: str) -> None:
        """Note a cell that cannot be read; cells of one column and kind become one fault."""
        self._cells.setdefault((key, column), []).append((row, value))

    def settle(self) -> None:
        """Turn the cells that cannot be read into faults."""
        for (key, column), cells in self._cells.items():
            self.faults.append(
                Fault(
                    key,
                    file=self.file,
                    column=column,
                    rows=rows_text([r for r, _ in cells]),
                    value=cells[0][1],
                )
            )
        self._cells.clear()

    def as_dict(self, lang: str = "en") -> dict[str, Any]:
        """Return the report as one JSON document."""
        return {
            "file": self.file,
            "rows_read": self.rows_read,
            "rows_written": self.rows_written,
            "matched": self.kinds["matched"],
            "matched_how": dict(self.how),
            "rows_by_kind": dict(self.kinds),
            "unmatched": [place.as_dict(lang, offered="suggestions") for place in self.unmatched],
            "ambiguous": [place.as_dict(lang, offered="candidates") for place in self.ambiguous],
            "duplicates": self.duplicates,
            "totals": {"checked": self.totals_checked, "off": self.totals_off},
            "counts": dict(self.counts),
            "shape": self.shape,
            "level": self.level,
            "columns": self.columns,
            "personal_columns": self.personal,
            "decisions_unused": self.unused,
            "assumed": self._said(self.assumed, lang),
            "warnings": self._said(self.warned, lang),
            "faults": [fault.render(lang) for fault in self.faults],
        }

    def _said(self, noted: list[tuple[str, dict[str, Any]]], lang: str) -> list[str]:
        """Return sentences; an outcome and an institution have their title and their code."""
        return [
            say(f"ingest.{key}", lang, **{name: self._called(name, value, lang)
                                          for name, value in values.items()})
            for key, values in noted
        ]  # fmt: skip

    def _called(self, name: str, value: Any, lang: str) -> Any:
        if self.titles is None or name not in ("outcome", "institution"):
            return value
        if name == "outcome":
            title = self.titles.outcome_word(value, "title", lang)
        else:
            title = self.titles.word((name, value, "title"), lang, default=value)
        return title if title == value else f"{title} [{value}]"

    def render(self, lang: str = "en") -> str:
        """Return the report in words, one line for each finding."""
        lines = [
            say("ingest.summary", lang, file=self.file, read=self.rows_read, written=self.rows_written,
                matched=self.kinds["matched"]),
        ]  # fmt: skip
        kinds = [say(f"ingest.rows_{kind}", lang, n=n) for kind, n in self.kinds.items() if n]
        if len(kinds) > 1:
            lines.append("– " + say("ingest.rows", lang, kinds=", ".join(kinds)))
        document = self.as_dict(lang)
        lines += [f"– {line}" for name in ("assumed", "warnings") for line in document[name]]
        places = self.unmatched + self.ambiguous
        for place in places[:_SHOWN]:
            offered = "; ".join(f"{entry['name']} ({entry['unit']})" for entry in place.candidates)
            lines.append(
                "? " + say("ingest.open_place", lang, text=place.text, above=place.above or "–",
                           rows=rows_text(place.rows), why=say(f"ingest.why_{place.why}", lang),
                           offered=offered or "–")
            )  # fmt: skip
        if len(places) > _SHOWN:
            lines.append(say("errors.and_more", lang, n=len(places) - _SHOWN))
        return "\n".join([*lines, *(f"! {line}" for line in document["faults"])])

    def decisions_csv(self) -> str:
        """Return a file of decisions to fill in: one row for each open place, its value empty.

        Text that a spreadsheet would take for a formula is made harmless.
        """
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["kind", "text", "above", "value", "offered"])
        for place in self.unmatched + self.ambiguous:
            offered = "; ".join(f"{entry['unit']} {entry['name']}" for entry in place.candidates)
            texts = [harmless(text) for text in (place.text, place.above, offered)]
            writer.writerow(["place", *texts[:2], "", texts[2]])
        return stream.getvalue()


class IngestError(DataError):
    """A file of which not every row is accounted for; `report` says what became of each.

    Parameters
    ----------
    report
        Its faults are the message.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(*report.faults)


def rows_text(rows: list[int]) -> str:
    """Name the first rows."""
    more = f" (+{len(rows) - 5})" if len(rows) > 5 else ""
    return ", ".join(map(str, rows[:5])) + more
