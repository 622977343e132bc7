"""What became of the rows of a visitor's file, in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.dashboard import blocks, current
from territory.dashboard.blocks import Column, Figure
from territory.text import listing, number, say

if TYPE_CHECKING:
    from territory.evidence.ingest import Ingested, Report

_MOST_ROWS = 8


def report(found: Report, lang: str) -> None:
    """Write the numbers of a report, its findings, and the totals that do not add up."""
    _numbers(found, lang)
    _findings(found, lang)
    _totals(found, lang)


def _numbers(report: Report, lang: str) -> None:
    kinds = report.kinds
    written = report.rows_written
    blocks.numbers(
        [
            Figure(number(report.rows_read, lang), say("upload.rows_read", lang)),
            Figure(number(kinds["matched"], lang), say("upload.rows_matched", lang)),
            Figure(number(kinds["unmatched"] + kinds["ambiguous"], lang),
                   say("upload.rows_open", lang)),
            Figure(number(written, lang),
                   say("upload.rows_written" if written else "upload.rows_none", lang)),
        ]
    )  # fmt: skip
    parts = [say(f"upload.how_{how}", lang, n=number(n, lang)) for how, n in report.how.items()]
    if parts:
        blocks.paragraph(say("upload.how", lang, parts=listing(parts, lang)))


def _findings(report: Report, lang: str) -> None:
    """Write what is to settle, what a reader should know, and what was assumed."""
    document = report.as_dict(lang)
    for kind, entry in (("fault", "faults"), ("warning", "warnings"), ("assumed", "assumed")):
        sentences = document[entry] if kind != "fault" else _to_settle(report, lang)
        if sentences:
            table = pd.DataFrame({"sentence": sentences})
            blocks.table(table, [Column("sentence", say(f"upload.kind_{kind}", lang))], lang)


def _to_settle(report: Report, lang: str) -> list[str]:
    """Return the faults; open places are decided below, and not in a file or with an option."""
    below = {"ingest_unmatched": report.unmatched, "ingest_ambiguous": report.ambiguous}
    return [
        say(f"upload.{fault.key}", lang, n=number(len(below[fault.key]), lang))
        if fault.key in below
        else fault.render(lang)
        for fault in report.faults
    ]


def _totals(report: Report, lang: str) -> None:
    if not report.totals_off:
        return
    columns = [
        Column("row", say("upload.total_row", lang), "number"),
        Column("text", say("upload.total_text", lang)),
        Column("column", say("upload.total_column", lang)),
        Column("stated", say("upload.total_stated", lang), "number"),
        Column("sum", say("upload.total_sum", lang), "number"),
    ]
    title = say("upload.totals", lang)
    blocks.table(pd.DataFrame(report.totals_off[:12]), columns, lang, title=title)


def preview(found: Ingested, lang: str) -> None:
    """Write the first rows of the table."""
    study = current.shared()
    rows = found.table.head(_MOST_ROWS)
    table = rows.assign(
        place=[study.full_name(unit) for unit in rows["unit"]],
        what=[study.file.outcome_word(outcome, "title", lang) for outcome in rows["outcome"]],
    )
    columns = [
        Column("place", say("upload.preview_place", lang)),
        Column("period", say("upload.preview_period", lang)),
        Column("what", say("upload.preview_outcome", lang)),
        Column("count", say("upload.preview_count", lang), "number"),
    ]
    blocks.table(table, columns, lang, title=say("upload.preview", lang))
