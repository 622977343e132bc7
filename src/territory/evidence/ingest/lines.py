"""Sort the rows of a table: data, sections, totals, repeated headings, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.evidence.gazetteer import Match
from territory.evidence.ingest.decisions import IGNORE
from territory.evidence.ingest.headings import names_total, shown
from territory.evidence.ingest.line import Line
from territory.evidence.schema import DataError, Fault
from territory.evidence.spelling import without_kind
from territory.evidence.vocabulary import fold, opens, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.evidence.gazetteer import Gazetteer
    from territory.evidence.ingest.decisions import Decisions
    from territory.evidence.ingest.headings import Column
    from territory.evidence.ingest.layout import Layout

# More different places that are no unit than a table about this study can hold.
_STRANGERS = 2_000


class Sorter:
    """Goes down the rows of a table and remembers the section it is in.

    Parameters
    ----------
    layout
        The table.
    names
        The study's places.
    decisions
        What a person decided.
    file
        How messages call the file.

    Raises
    ------
    DataError
        When so many places are no unit that the table is about something else.
    """

    def __init__(
        self, layout: Layout, names: Gazetteer, decisions: Decisions, *, file: str
    ) -> None:
        self.file = file
        self.layout, self.names, self.decisions = layout, names, decisions
        self.place, self.code = layout.one("place"), layout.one("place_code")
        self.above, self.above_code = layout.one("above"), layout.one("above_code")
        main = self.place or self.code
        level = main.level if main else None
        self.level = level if level in names.levels[:-1] else None
        self.section: str | None = None
        self.last = Line(-1, "data")
        self.filled: list[int] = []
        self._titles = {fold(column.title) for column in layout.columns if column.title}
        self._strangers = 0
        self._matches: dict[tuple[str, str, str, str], Match] = {}
        self._areas: dict[str, str | None] = {}
        self._places: dict[str, bool] = {}

    def lines(self, values: list[Column]) -> list[Line]:
        """Return every row below the heading that holds anything, with its kind."""
        self._values = values
        raw = list(self._raw())
        written = {line.place for line in raw}
        if len(written) > _STRANGERS + 3 * len(self.names.level):  # each in three ways, and others
            raise self._too_many(max(written))
        self.sectioned = self._is_sectioned(raw)
        lines = [self._sorted(line) for line in raw]
        if not any(line.kind == "data" for line in lines):
            # Only areas: then they are what is counted.
            for line in lines:
                if line.kind == "totals" and line.area in self.names.level:
                    line.kind, line.match = "data", Match(line.area, "name")
        self._notes_at_the_end(lines)
        return lines

    def _raw(self) -> Iterator[Line]:
        for row in range(self.layout.first, len(self.layout.sheet.rows)):
            if any(cell is not None for cell in self.layout.sheet.rows[row]):
                line = Line(row, "data", self.layout.sheet.number(row))
                line.place, line.above = self._text(row, self.place), self._text(row, self.above)
                line.code = self._text(row, self.code)
                line.above_code = self._text(row, self.above_code)
                yield line

    def _too_many(self, place: str) -> DataError:
        return DataError(
            Fault("ingest_strangers", file=self.file, n=_STRANGERS, value=shown(place))
        )

    def _text(self, row: int, column: Column | None) -> str:
        cell = self.layout.cell(row, column)
        return "" if cell is None else str(cell).strip()

    def _label(self, line: Line) -> str:
        """Return what a row calls itself: its place, the area above, or its first text."""
        if line.place or line.above:
            return line.place or line.above
        texts = (cell for cell in self.layout.sheet.rows[line.row] if isinstance(cell, str))
        return next(texts, "")

    def _has_values(self, line: Line) -> bool:
        return any(self.layout.cell(line.row, column) is not None for column in self._values)

    def _area(self, text: str) -> str | None:
        """Return the area that a text names as a row of its own; never the finest kind."""
        if text not in self._areas:
            decided = self.decisions.find("area", text)
            found = decided or self.names.area(text)
            self._areas[text] = found if found in self.names.level else None
        return self._areas[text]

    def _is_place(self, text: str) -> bool:
        if text not in self._places:
            how = self.names.match(text, level=self.names.finest).how
            self._places[text] = how not in ("unmatched", "code")
        return self._places[text]

    def _is_sectioned(self, lines: list[Line]) -> bool:
        """Tell whether areas stand as rows between the places of one column."""
        if self.level is not None or self.place is None:
            return False
        seen: list[str] = []
        for line in lines:
            text = line.place
            if not text or self._is_total(line) or self._area(text) is None:
                continue
            if without_kind(text) != fold(text) or not self._is_place(text):
                return True
            seen.append(fold(text))
        return self.layout.shape in ("wide", "single") and len(seen) > len(set(seen))

    def _is_total(self, line: Line) -> bool:
        cells = self.layout.sheet.rows[line.row][:6]
        texts = [line.place, line.above, *(cell for cell in cells if isinstance(cell, str))]
        said = [text for text in texts if text and text.lstrip()[0] not in "=+-@"]
        return any(names_total(text) for text in said)

    def _sorted(self, line: Line) -> Line:
        label = self._label(line)
        if self._repeats_heading(line):
            line.kind = "headings"
        elif self._is_total(line):
            self._total(line)
        elif not self._has_values(line) and opens(fold(label), vocabulary("rows")["note"]):
            line.kind = "notes"
        elif not self._is_section(line, label):
            self._data(line)
        return line

    def _repeats_heading(self, line: Line) -> bool:
        cells = [cell for cell in self.layout.sheet.rows[line.row] if cell is not None]
        return len(cells) > 1 and all(fold(shown(cell)) in self._titles for cell in cells)

    def _total(self, line: Line) -> None:
        words = vocabulary("rows")
        line.kind = "totals"
        texts = [fold(t) for t in (line.place, line.above, self._label(line)) if t]
        if any(text in words["whole"] for text in texts):
            line.area = "*"
            return
        for text in texts:
            rest = text
            for word in sorted(words["total"], key=len, reverse=True):
                rest = rest.removeprefix(word).strip() if opens(rest, (word,)) else rest
                rest = rest.removesuffix(f" {word}")
            rest = rest.removeprefix("de ").removeprefix("del ").strip()
            area = self._area(rest) if rest else None
            if area is not None:
                line.area = "*" if area == self._root(area) else area
                return

    def _root(self, area: str) -> str:
        return area if self.names.level[area] == self.names.levels[0] else ""

    def _is_section(self, line: Line, label: str) -> bool:
        """Take a row that names an area: a section, or the area's own sum."""
        if self.level is not None or line.code or self.layout.shape == "cases":
            return False
        if self.decisions.find("place", line.place, line.above) not in (None, IGNORE):
            return False
        own_column = bool(line.above) and not line.place
        area = self._area(label)
        if area is None or (line.place and line.above and self._area(line.above) != area):
            return False
        if not own_column and self._is_place(label) and without_kind(label) == fold(label):
            if not self.sectioned or area == self.section:
                return False
        elif own_column and line.above == self.last.above and not self._has_values(line):
            return False
        whole = area == self._root(area)
        if self._has_values(line):
            ignored = self.decisions.find("place", line.place, line.above) == IGNORE
            line.kind, line.area = "ignored" if ignored else "totals", "*" if whole else area
            line.sure = whole or without_kind(label) != fold(label)
        else:
            line.kind = "sections"
        if own_column:
            self.last = Line(line.row, "sections", above=line.above, above_code=line.above_code)
        elif not whole:
            self.section = area
        return True

    def _data(self, line: Line) -> None:
        self._fill_down(line)
        above = self.decisions.find("area", line.above) if line.above else None
        inherited = "" if line.above or line.above_code else self.section or ""
        above_code = above or line.above_code or inherited
        line.area = self._area(line.above) if line.above and not above else above_code or None
        text = line.place or line.code
        decided = self.decisions.find("place", text, line.above)
        if decided is None:
            line.match = self._match(line, "" if above else line.above, above_code)
            if (
                line.match.unit is None
            ):  # a decision about the bare name is for what nothing else tells
                decided = self.decisions.find("place", text)
        if decided == IGNORE:
            line.kind, line.match = "ignored", None
        elif decided is not None:
            line.match = Match(decided, "decision")
        self.last = line

    def _match(self, line: Line, above: str, above_code: str) -> Match:
        key = (line.place, above, line.code, above_code)
        if key not in self._matches:
            self._matches[key] = self.names.match(
                line.place, above=above, code=line.code, above_code=above_code, level=self.level
            )
            self._strangers += self._matches[key].unit is None
            if self._strangers > _STRANGERS:  # to look for what each may mean takes its time
                raise self._too_many(line.place)
        return self._held_against_division(line, self._matches[key])

    def _held_against_division(self, line: Line, match: Match) -> Match:
        """Refuse a place that is not in the new municipality that its row names beside it."""
        text = self._text(line.row, self.layout.one("division"))
        area = self._area(text) if text and match.unit else None
        if area is None or match.unit is None or self.names.inside(match.unit, area):
            return match
        return Match(None, "unmatched", "other_area", ((match.unit, 100),))

    def _fill_down(self, line: Line) -> None:
        """Take from the row above what a merged cell or a habit leaves out; never in a list of cases."""
        if self.layout.shape == "cases":
            return
        if not line.above and not line.above_code and (self.last.above or self.last.above_code):
            line.above, line.above_code = self.last.above, self.last.above_code
            self.filled.append(line.row)
        same_area = line.above == self.last.above and bool(self.last.place or self.last.code)
        if self.layout.shape == "long" and not line.place and not line.code and same_area:
            line.place, line.code = self.last.place, self.last.code
            self.filled.append(line.row)

    def _notes_at_the_end(self, lines: list[Line]) -> None:
        """Take texts below the last row of data, or longer than any name, for notes."""
        last = max((i for i, ln in enumerate(lines) if self._counts(ln)), default=len(lines))
        for i, line in enumerate(lines):
            texts = [cell for cell in self.layout.sheet.rows[line.row] if cell is not None]
            lone = len(texts) == 1 and isinstance(texts[0], str)
            if line.kind == "data" and lone and not self._has_values(line):
                unknown = line.match is not None and line.match.unit is None
                if unknown and (i > last or len(str(texts[0])) > 60):
                    line.kind = "notes"

    def _counts(self, line: Line) -> bool:
        return line.kind in ("data", "totals") and self._has_values(line)
