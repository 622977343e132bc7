"""The tables of a briefing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory import text
from territory.brief.parts import Column, Table
from territory.measures.comparison import ranked
from territory.text import number, say

if TYPE_CHECKING:
    import pandas as pd

    from territory.comparing import Comparison

#: Rows of a printed table of areas; the workbook has all of them.
MOST_ROWS = 8
_NUMBERS = {"count_before": 0, "count_after": 0, "rate_before": 1, "rate_after": 1, "rate_ratio": 2}


def tables(comparison: Comparison, above: Comparison | None, lang: str) -> tuple[Table, ...]:
    """Return the tables of a comparison: the whole, surest falls and rises, larger areas, all."""
    study = comparison.study
    every = _worded(comparison.named(lang), lang)
    whole = comparison.whole.assign(name=comparison.place(lang))
    found = [_table("whole", whole, whole, lang)]
    for way in ("fell", "rose"):
        rows = ranked(every[every["change"].isin([way, f"{way}_firm"])], direction=way)
        found.append(_table(way, rows, rows.head(MOST_ROWS), lang, n=len(rows)))
    if above is not None:
        rows = above.named(lang).sort_values("rate_ratio")
        title = study.file.word(("level", above.by, "many"), lang, default=above.by)
        found.append(_table("regions", rows, rows, lang, title=title))
    found.append(_table("every", every, every.iloc[:0], lang, n=len(every)))
    return tuple(table for table in found if len(table.frame))


def _worded(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    words = {change: say(f"pictures.change_{change}", lang) for change in set(table["change"])}
    return table.assign(change_in_words=table["change"].map(words))


def _table(
    name: str, frame: pd.DataFrame, printed: pd.DataFrame, lang: str, **words: object
) -> Table:
    values = {"n": number(words.get("n"), lang), "shown": number(len(printed), lang)}
    title = str(words.get("title") or "")
    span = [
        text.span(low, high, lang, digits=2)
        for low, high in zip(printed["ratio_low"], printed["ratio_high"], strict=True)
    ]
    columns = [Column("name", say("brief.column_name", lang))]
    columns += [
        Column(key, say(f"brief.column_{key}", lang), digits) for key, digits in _NUMBERS.items()
    ]
    columns.append(Column("span", say("brief.column_span", lang)))
    return Table(
        name,
        f"{title[:1].upper()}{title[1:]}" or say(f"brief.table_{name}", lang),
        say(f"brief.table_{name}_note", lang, **values),
        frame,
        tuple(columns),
        printed.assign(span=span),
    )
