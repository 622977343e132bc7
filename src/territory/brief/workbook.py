"""A briefing's tables as one Excel workbook: values, never formulas; missing cells stay empty."""

from __future__ import annotations

import datetime
import io
import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter

from territory.text import harmless, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.brief.parts import Brief, Column

_EPOCH = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone
_WIDEST = 46
_HEAD = 4  # rows of words above a table


def workbook_bytes(brief: Brief) -> bytes:
    """Return every table and the numbers of every picture as xlsx, the same bytes each time."""
    buffer = io.BytesIO()
    # Texts that look like formulas, numbers or addresses stay texts.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": brief.headline, "author": "territory", "created": _EPOCH})
    sheets = _Sheets(book)
    _opening(sheets, brief)
    for table in brief.tables:
        sheets.add(table.name, table.title, table.note, table.frame, table.columns)
    for one in brief.figures:
        if one.name not in {"surest", "regions"}:  # their numbers are tables above
            sheets.add(f"picture_{one.name}", one.heading, one.caption, one.numbers)
    sheets.add("sources", say("brief.sources", brief.lang), brief.licence, brief.sources)
    book.close()
    return buffer.getvalue()


def _opening(sheets: _Sheets, brief: Brief) -> None:
    lang = brief.lang
    sheet = sheets.book.add_worksheet("README")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 110, sheets.wrapped)
    lines = [(brief.headline, sheets.title), (brief.kicker, sheets.wrapped)]
    for section in brief.sections:
        lines += [(section.heading, sheets.strong), (section.text, sheets.wrapped)]
    how = say("brief.reopen_how", lang, study=brief.study.name)
    lines += [
        (say("brief.readme_reading", lang), sheets.strong),
        (say("brief.readme_how", lang), sheets.wrapped),
        (f"{say('brief.reopen', lang, address=brief.address)} · {how}", sheets.wrapped),
        (f"{brief.credit}. {brief.licence}", sheets.wrapped),
        (brief.caveat, sheets.wrapped),
    ]
    for place, (text, form) in enumerate(lines):
        sheet.write_string(place, 0, str(harmless(text)), form)


class _Sheets:
    """A workbook and its forms."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14, "text_wrap": True})
        self.strong = book.add_format({"bold": True, "font_color": "#70284A"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.muted = book.add_format({"font_color": "#5F6B7A"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.forms = {
            digits: book.add_format(
                {"num_format": "#,##0" + ("." + "0" * digits if digits else "")}
            )
            for digits in (0, 1, 2, 4)
        }

    def add(
        self, name: str, title: str, note: str, frame: pd.DataFrame, columns: Sequence[Column] = ()
    ) -> None:
        """Write one table: its heading, what it leaves out, then all rows and columns."""
        table = frame.reset_index()
        titles = {column.key: column.title for column in columns}
        sheet = self.book.add_worksheet(name[:31])
        sheet.write_string(0, 0, str(harmless(title)), self.title)
        sheet.write_string(1, 0, str(harmless(note)), self.muted)
        for place, key in enumerate(map(str, table.columns)):
            sheet.write_string(_HEAD - 1, place, titles.get(key, ""), self.muted)
            sheet.write_string(_HEAD, place, key, self.head)
            values = table.iloc[:, place]
            longest = max([len(key), *(len(_words(value)) for value in values.head(300))])
            sheet.set_column(place, place, min(longest + 2, _WIDEST))
            for row, value in enumerate(values, start=_HEAD + 1):
                self._write(sheet, row, place, value, key)
        sheet.freeze_panes(_HEAD + 1, 2)
        if len(table):
            sheet.autofilter(_HEAD, 0, _HEAD + len(table), len(table.columns) - 1)

    def _write(self, sheet: Any, row: int, place: int, value: Any, key: str) -> None:
        if _is_number(value):
            if math.isnan(value):
                return  # no data: an empty cell, never 0
            if math.isfinite(value):
                sheet.write_number(row, place, float(value), self.forms[_digits(key)])
                return
        text = _words(value)
        if text:
            sheet.write_string(row, place, str(harmless(text)))


def _digits(key: str) -> int:
    """Return the decimals that a column is shown with; the cell holds all of them."""
    if key.startswith(("count", "person_years", "population")):
        return 0
    if key.startswith(("p_value", "q_value")):
        return 4
    return 1 if key.startswith("rate_") and key != "rate_ratio" else 2


def _is_number(value: Any) -> bool:
    if value is pd.NA:
        return False
    return (isinstance(value, int | float) and not isinstance(value, bool)) or hasattr(
        value, "dtype"
    )


def _words(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, tuple | list):
        return "; ".join(map(str, value))
    return "∞" if isinstance(value, float) and math.isinf(value) else str(value)
