"""The parts that a briefing is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from territory.text import MISSING, number

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Selection
    from territory.pictures.figures import Picture
    from territory.study import Study


@dataclass(frozen=True)
class Section:
    """A paragraph with its heading; `key` is the same in every language."""

    key: str
    heading: str
    text: str


@dataclass(frozen=True)
class Column:
    """A column as it is printed: text, or a number with so many digits.

    Parameters
    ----------
    key
        Column of the table's frame.
    title
        Heading.
    digits
        Digits behind the point; None for text.
    """

    key: str
    title: str
    digits: int | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """A table: its numbers whole, and what of it is printed.

    Parameters
    ----------
    name
        A word for file names and sheets, the same in every language.
    title, note
        Heading; what order the rows have and what they leave out.
    frame
        All rows and columns, for workbook and CSV; the index is the key.
    columns
        What is printed.
    printed
        The rows that are printed; empty where the table is for the workbook only.
    """

    name: str
    title: str
    note: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    printed: pd.DataFrame

    def cells(self, lang: str) -> list[list[str]]:
        """Return the printed rows as words, one list a row, in the order of `columns`."""
        return [
            [_cell(row[column.key], column, lang) for column in self.columns]
            for row in self.printed.to_dict("records")
        ]


@dataclass(frozen=True, eq=False)
class Illustration:
    """A picture with what goes beside it.

    Parameters
    ----------
    name
        A word for file names, the same in every language.
    heading, alt, caption
        What the picture says; for who cannot see it; its sources and what it does not show.
    picture
        The figure, with its own heading.
    numbers
        What was drawn, as a table.
    """

    name: str
    heading: str
    alt: str
    caption: str
    picture: Picture
    numbers: pd.DataFrame

    @cached_property
    def png(self) -> bytes:
        """The picture as pixels, drawn once for folder, slides and page."""
        from territory.pictures.figures import image

        return image(self.picture, "png")


@dataclass(frozen=True, eq=False)
class Brief:
    """Everything that a briefing says and shows, in one language.

    Parameters
    ----------
    kicker, headline, takeaway
        What it is about; the finding with its number; where it was found.
    sections, figures, tables
        In the order in which they are read.
    sources
        One row a source: title, publisher, licence, years, url, processing.
    credit, licence, caveat
        As every picture carries them.
    address
        Path and query on a dashboard that reopen the same view.
    """

    lang: str
    study: Study
    selection: Selection
    kicker: str
    headline: str
    takeaway: str
    sections: tuple[Section, ...]
    figures: tuple[Illustration, ...]
    tables: tuple[Table, ...]
    sources: pd.DataFrame
    credit: str
    licence: str
    caveat: str
    address: str

    def figure(self, name: str) -> Illustration | None:
        """Return the picture of that name, where there is one."""
        return next((one for one in self.figures if one.name == name), None)

    def section(self, key: str) -> Section | None:
        """Return the section of that key, where there is one."""
        return next((one for one in self.sections if one.key == key), None)

    @property
    def shown_tables(self) -> tuple[Table, ...]:
        """The tables that have printed rows."""
        return tuple(table for table in self.tables if len(table.printed))


def _cell(value: Any, column: Column, lang: str) -> str:
    if column.digits is not None:
        return number(value, lang, digits=column.digits)
    return MISSING if value is None or value != value else str(value)  # noqa: PLR0124
