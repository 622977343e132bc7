"""The parts of a page: headline, numbers, captions, tables. Everything written is escaped."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

import pandas as pd
import streamlit as st

from territory.text import MISSING, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from territory.pictures.mapspec import MapSpec

MOST_NUMBERS = 4


@dataclass(frozen=True)
class Figure:
    """One of the numbers on top of a page.

    Parameters
    ----------
    value
        The number as printed, with its sign and unit.
    words
        What it is, with its window and institution.
    stress
        A last sentence in bold; may be empty.
    """

    value: str
    words: str
    stress: str = ""


@dataclass(frozen=True)
class Entry:
    """One statement of a list: what, when and how sure, and where it comes from.

    Parameters
    ----------
    what, detail, source
        Bold, plain and muted; each on its own line.
    faint
        Whether it is set back, because it does not count here.
    """

    what: str
    detail: str
    source: str
    faint: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Column of the frame; ``""`` for its index.
    title
        Heading, with the unit.
    kind
        ``text``; ``number`` and ``percent`` stand at the right and take `digits`.
    digits
        Decimals.
    wide
        Whether a phone leaves it out.
    form
        Writes a cell itself, from the value; overrules `kind` except in alignment.
    """

    name: str
    title: str
    kind: Literal["text", "number", "percent"] = "text"
    digits: int = 0
    wide: bool = False
    form: Callable[[object], str] | None = None

    def text(self, value: object, lang: str) -> str:
        """Return a cell as printed; a missing value is a dash."""
        if self.form is not None:
            return self.form(value)
        if self.kind == "number":
            return number(value, lang, digits=self.digits)
        if self.kind == "percent":
            return percent(value, lang, digits=self.digits, signed=True)
        return MISSING if bool(pd.isna(value)) else str(value)  # type: ignore[call-overload]


def product() -> None:
    """Write the name of the product, at the left of the bar."""
    st.html('<span class="t-product">territory</span>', width="content")


def headline(text: str, deck: str = "") -> None:
    """Write the sentence of a page, and under it what it rests on."""
    below = f'<p class="t-deck">{escape(deck)}</p>' if deck else ""
    _write(f'<header class="t-head"><h1>{escape(text)}</h1>{below}</header>')


def section(text: str, deck: str = "") -> None:
    """Write the heading of a picture or table: the quantity and its unit."""
    below = f'<p class="t-note">{escape(deck)}</p>' if deck else ""
    _write(f'<div class="t-section"><h2>{escape(text)}</h2>{below}</div>')


def paragraph(text: str) -> None:
    """Write running text."""
    _write(f'<p class="t-text">{escape(text)}</p>')


def numbers(figures: Sequence[Figure]) -> None:
    """Write a strip of at most four numbers, each under a black rule.

    Raises
    ------
    ValueError
        When there are more than four: a fifth is read by nobody.
    """
    if len(figures) > MOST_NUMBERS:
        message = f"{len(figures)} numbers; at most {MOST_NUMBERS} stand on top of a page"
        raise ValueError(message)
    cells = "".join(
        f'<div class="t-number"><dt>{escape(figure.value)}</dt><dd>{escape(figure.words)}'
        + (f" <strong>{escape(figure.stress)}</strong>" if figure.stress else "")
        + "</dd></div>"
        for figure in figures
    )
    _write(f'<dl class="t-numbers">{cells}</dl>')


def caption(*texts: str) -> None:
    """Write the small lines under a picture: source, interval, what it does not show."""
    sentences = (text if text[-1] in ".!?…" else f"{text}." for text in texts if text)
    lines = " ".join(escape(text) for text in sentences)
    _write(f'<p class="t-caption">{lines}</p>')


def picture_caption(*specs: MapSpec) -> None:
    """Write what must stand under maps: captions, sources and caveat, each said once."""
    parts = [
        *(spec.caption for spec in specs),
        *(say("pictures.source", spec.lang, credit=spec.credit) for spec in specs),
        *(spec.caveat for spec in specs),
    ]
    caption(*dict.fromkeys(parts))


def table(
    rows: pd.DataFrame,
    columns: Sequence[Column],
    lang: str,
    *,
    title: str = "",
    total: str | None = None,
) -> None:
    """Write a table: hairlines, numbers at the right, headings that name the unit.

    Parameters
    ----------
    rows
        One row a line, already sorted and cut to what a reader can take in.
    columns
        What is shown, in order.
    lang
        Language of the numbers.
    title
        A heading for screen readers and, above the table, for everybody.
    total
        Index label of a row that is set in bold.
    """
    head = "".join(
        f'<th scope="col" class="{_classes(column)}">{escape(column.title)}</th>'
        for column in columns
    )
    body = "".join(
        f"<tr{' class=t-total' if total is not None and str(index) == total else ''}>"
        + "".join(
            _cell(column, index if not column.name else row[column.name], lang)
            for column in columns
        )
        + "</tr>"
        for index, row in rows.iterrows()
    )
    name = f"<caption>{escape(title)}</caption>" if title else ""
    _write(
        f'<table class="t-table">{name}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def entries(rows: Sequence[Entry]) -> None:
    """Write statements one under the other, also on a phone."""
    items = "".join(
        f"<li{' class=t-faint' if row.faint else ''}><strong>{escape(row.what)}</strong>"
        f"<span>{escape(row.detail)}</span><span class=t-note>{escape(row.source)}</span></li>"
        for row in rows
    )
    _write(f'<ul class="t-entries">{items}</ul>')


def fault(message: str, lang: str) -> None:
    """Write what is wrong, what is allowed and what to do; the page stays usable."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in message.splitlines() if line)
    _write(
        f'<div class="t-fault" role="alert"><h2>{escape(say("dashboard.fault_title", lang))}</h2>'
        f"{lines}<p class=t-note>{escape(say('dashboard.fault_keep', lang))}</p></div>"
    )


def _cell(column: Column, value: object, lang: str) -> str:
    return f'<td class="{_classes(column)}">{escape(column.text(value, lang))}</td>'


def _classes(column: Column) -> str:
    return ("t-left" if column.kind == "text" else "t-right") + (" t-wide" if column.wide else "")


def _write(html: str) -> None:
    st.html(html)
