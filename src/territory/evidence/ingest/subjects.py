"""Tell what the counts of a table are of, and who counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.evidence.ingest.headings import shown, stem
from territory.evidence.schema import Fault
from territory.evidence.vocabulary import fold, holds, vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.evidence.ingest.entries import Terms
    from territory.evidence.ingest.headings import Column
    from territory.evidence.ingest.layout import Layout
    from territory.evidence.ingest.line import Line
    from territory.evidence.ingest.report import Report


def say_doubts(layout: Layout, values: Sequence[Column], report: Report) -> None:
    """Say where a title speaks of rates, and which words beside a period were not understood."""
    rates = [text for text in layout.title if _is_rate(text)]
    if rates and not layout.of("rate"):
        report.warn("title_rate", text=rates[0])
    if rest := {column.rest for column in values if column.rest}:
        report.warn("words_unread", words=", ".join(sorted(rest)))


def _is_rate(text: str) -> bool:
    return any(holds(fold(text), word) for word in vocabulary("headings")["rate"][:8])


def said(
    layout: Layout, lines: Sequence[Line], values: Sequence[Column], terms: Terms
) -> tuple[str, str]:
    """Return the outcome and the institution of rows that do not say theirs.

    From a person; else from the title, the names of sheet and file or the line about
    the source, where they name just one; else the study's own.
    """
    texts = [*layout.title, layout.sheet.name, terms.report.file]
    notes = [shown(c) for ln in lines if ln.kind == "notes" for c in layout.sheet.rows[ln.row] if c]
    outcome = terms.settings.get("outcome", "")
    own = layout.one("outcome") or (values and all(column.outcome for column in values))
    if not outcome and not own:
        outcome = _named(texts, terms.reader.outcomes, terms, "outcome") or ""
        if not outcome:
            outcome = terms.study.outcome
            _assume_outcome(outcome, [*texts, *(column.title for column in values)], terms)
        elif also := _speaks_of_more(layout.title, outcome, terms):
            terms.report.warn("words_unread", words=also)
    institution = terms.settings.get("institution", "")
    if not institution and layout.one("institution") is None:
        found = _named([*texts, *notes], terms.reader.institutions, terms, "institution")
        institution = found or ""
    return outcome, institution


def _assume_outcome(outcome: str, texts: Sequence[str], terms: Terms) -> None:
    """Take what the study counts for granted, unless a text speaks of something else."""
    other = _speaks_of_more(texts, outcome, terms)
    if other is None:
        terms.report.assume("outcome", outcome=outcome)
        return
    known = ", ".join(terms.study.file.outcomes)
    fault = Fault("ingest_which_outcome", file=terms.report.file, text=shown(other), value=known)
    terms.report.faults.append(fault)


def _speaks_of_more(texts: Sequence[str], outcome: str, terms: Terms) -> str | None:
    """Return a text that names another outcome or a part of the people, beside the outcome."""
    words = [stem(word) for word in vocabulary("headings")["other"]]
    sexes = {stem(word) for word in vocabulary("headings")["part"]}
    own = sorted((w for w, o in terms.reader.outcomes.items() if o == outcome), key=len)
    for text in texts:
        rest = f" {stem(fold(text))} "
        for word in reversed(own):
            rest = rest.replace(f" {word} ", "  ")
        found = {word for word in words if holds(" ".join(rest.split()), word)}
        if len(found) == 1 or found - sexes:  # men and women are everybody
            return text
    return None


def usual(outcome: str, terms: Terms) -> str:
    """Return who usually counts an outcome in the study, for a file that does not say it."""
    if outcome not in terms.usual:
        known = terms.study.pairs.index.get_level_values("outcome")
        study = terms.study
        who = study.counted(outcome, None)[1] if outcome in known else study.institution
        terms.report.assume("institution", institution=who)
        terms.usual[outcome] = who
    return terms.usual[outcome]


def _named(texts: Sequence[str], words: Mapping[str, str], terms: Terms, what: str) -> str | None:
    """Return what texts name, if they name one thing; the longest words count."""
    folded = " | ".join(fold(text) if what == "institution" else stem(fold(text)) for text in texts)
    found = [word for word in words if holds(folded, word)]
    longest = [w for w in found if not any(w != other and holds(other, w) for other in found)]
    named = {words[word] for word in longest}
    if len(named) != 1:
        return None
    terms.report.assume(f"{what}_from_title", **{what: next(iter(named))})
    return named.pop()


def text_code(kind: str, layout: Layout, line: Line, said: str, terms: Terms) -> str:
    """Return the outcome or institution of a row: its own, or what was said for the whole."""
    column = layout.one(kind)
    cell = layout.cell(line.row, column)
    if column is None or line.kind == "totals" or (cell is None and said):
        return said
    text = "" if cell is None else str(cell)
    known = terms.reader.outcome(text) if kind == "outcome" else terms.reader.institution(text)
    found = terms.decisions.find(kind, text) or known
    if found is None:
        row = layout.sheet.number(line.row)
        terms.report.words.setdefault((kind, shown(cell)), []).append(row)
        terms.report.bad_cell(
            f"ingest_unknown_{kind}",
            row=row,
            column=column.title,
            value=shown(cell),
        )
    return found or ""
