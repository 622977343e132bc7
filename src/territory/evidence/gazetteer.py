"""The names and codes of a study, by which a place as it is written becomes a unit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from territory.evidence.nameindex import Match, NameIndex, only
from territory.evidence.spelling import (
    code_before,
    code_behind,
    forms,
    place_and_area,
    without_marks,
)
from territory.evidence.units import UNLOCATED
from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["Gazetteer", "Match"]


class Gazetteer:
    """The names and codes of a study, by which places are found.

    Codes come first; then the name, inside the area above it where that is known,
    without regard to case, accents, articles and abbreviations; then the aliases. A
    name that several places share is ambiguous, and a name that is nearly one is
    unmatched with suggestions: nothing is guessed.

    Parameters
    ----------
    units, groups
        As the readers return them.
    aliases
        As `read_aliases` returns them; None where a study has none.
    levels
        Levels from the whole to the finest.
    kinds
        The level of a word that says what a place is; the keys are those of
        ``vocabulary.toml``. A word that is not here fits every level.
    """

    def __init__(
        self,
        units: pd.DataFrame,
        groups: pd.DataFrame,
        aliases: pd.DataFrame | None,
        *,
        levels: Sequence[str],
        kinds: Mapping[str, str] | None = None,
    ) -> None:
        self.units = units
        self.levels = tuple(levels)
        self.finest = levels[-1]
        self.level: dict[str, str] = {str(u): str(own) for u, own in units["level"].items()}
        self._kinds = dict(kinds or {})
        self._above = _ancestors(units, groups)
        named = [(str(unit), str(name)) for unit, name in units["name"].items()]
        others: list[tuple[str, str]] = []
        codes = [(str(unit), str(unit)) for unit in units.index]
        if "pcode" in units:
            codes += [(str(unit), str(code)) for unit, code in units["pcode"].dropna().items()]
        if aliases is not None:
            for unit, alias, kind in aliases[["unit", "alias", "kind"]].itertuples(index=False):
                (codes if kind == "code" else others).append((str(unit), str(alias)))
        self._codes = {fold(code): unit for unit, code in reversed(codes)}
        self._lengths = {len(code) for code in self._codes if code.isdecimal()}
        self._names = NameIndex(named, others, self.inside)

    def inside(self, unit: str, area: str) -> bool:
        """Tell whether an area, or a group that is an area, holds a unit."""
        return area in self._above.get(unit, ())

    def places(self, level: str | None = None) -> set[str]:
        """Return what a place may be: units of `level`, or all that have none below them."""
        if level is not None:
            return {unit for unit, own in self.level.items() if own == level}
        coarse = set(self.levels[:-1])
        return {unit for unit, own in self.level.items() if own not in coarse}

    def area(self, text: str, code: str = "") -> str | None:
        """Return the unit above the finest that a text or a code names, if it names just one."""
        below = (self.finest, UNLOCATED)
        for written in (code, text):
            found = self._code(written) if written else None
            if found and self.level[found] not in below:
                return found
        coarse = {unit for unit, own in self.level.items() if own not in below}
        named = (self._names.first(form, self._of_kind(kind, coarse)) for kind, form in forms(text))
        return next((unit for unit in named if unit is not None), None)

    def match(
        self, text: str, *, above: str = "", code: str = "", above_code: str = "",
        level: str | None = None,
    ) -> Match:  # fmt: skip
        """Return the unit that a row names, or why there is none.

        Parameters
        ----------
        text
            Name (or code) of the place; may hold the area above: ``San Lorenzo (Ahuachapán)``.
        above, above_code
            Name and code of the area above it.
        code
            Code of the place.
        level
            The level that the place must have; the finest, or one that is made of it,
            where nothing is said.
        """
        allowed = self.places(level)
        if not code:
            code, text = self._code_beside(text, allowed)
        by_code = self._coded(code, above_code, allowed) or self._coded(text, above_code, allowed)
        areas = self._areas(above, above_code)
        if len(areas) > 1:
            return self._two_areas(text, areas, allowed)
        area = areas[0] if areas else None
        if by_code:
            return self._held_against_name(by_code, text, area, allowed)
        if not fold(text):
            return Match(None, "unmatched", "no_such_place" if code else "empty")
        if (above or above_code) and area is None:
            near = self._names.near(text, None, allowed)
            return Match(None, "unmatched", "above_unknown", near)
        found = self._by_name(text, area, allowed)
        return replace(found, why="code_unknown") if code and found.unit else found

    def _areas(self, above: str, above_code: str) -> list[str]:
        """Return the area that a row says its place is in; two, where code and name disagree."""
        coded = self.area("", above_code) if above_code else None
        named = self.area(above) if above else None
        found = [area for area in (coded, named) if area is not None]
        if len(set(found)) == 2:
            one, two = found
            # One may lie in the other: then the smaller says more.
            inner = [a for a, b in ((one, two), (two, one)) if self.inside(a, b)]
            return inner or found
        return found[:1]

    def _two_areas(self, text: str, areas: Sequence[str], allowed: set[str]) -> Match:
        """Refuse a row whose area has the code of one area and the name of another."""
        found = [self._names.find(form, area, allowed) for area in areas for _, form in forms(text)]
        meant = dict.fromkeys(match.unit for match in found if match and match.unit)
        offered = tuple((unit, 0) for unit in meant if unit)
        return Match(None, "ambiguous", "code_and_name", offered)

    def _code_beside(self, text: str, allowed: set[str]) -> tuple[str, str]:
        """Return the code that stands in one cell with a name, and the name without it.

        A number before a name that is no code is one of a list. A number that belongs to
        a name (``25 de Mayo``) stays there.
        """
        if self._names.knows(text):
            return "", text
        if (found := code_before(text)) is not None:
            return (found[0] if self._code(found[0]) in allowed else ""), found[1]
        found = code_behind(text)
        return found if found is not None and self._code(found[0]) in allowed else ("", text)

    def _coded(self, code: str, above_code: str, allowed: set[str]) -> str | None:
        found = self._code(code)
        if found not in allowed and (area := self._code(above_code)):
            digits = fold(code)
            wide = max(self._lengths, default=0) if digits.isdecimal() else 0
            tails = (area + digits.zfill(n) for n in range(len(digits), wide))
            found = next((tail for tail in tails if tail in allowed), None)
        return found if found in allowed else None

    def _code(self, code: str) -> str | None:
        text = fold(re.sub(r"(?<=\d)[.,]0*$", "", code.strip()))
        if text in self._codes:
            return self._codes[text]
        # A spreadsheet takes the leading zero from "0614".
        padded = text.zfill(len(text) + 1)
        lost = text.isdecimal() and len(padded) in self._lengths
        return self._codes.get(padded) if lost else None

    def _held_against_name(
        self, unit: str, text: str, area: str | None, allowed: set[str]
    ) -> Match:
        """Return the unit of a code, unless the name or the area beside it is another's."""
        if fold(text) and self._code(text) != unit:
            named = self._by_name(text, area, allowed)
            if not self._may_be(unit, text, named):
                meant = [named.unit] if named.unit else [code for code, _ in named.candidates]
                others = tuple((code, 0) for code in meant if code and code != unit)
                return Match(None, "ambiguous", "code_and_name", ((unit, 0), *others))
        if area is not None and area != unit and not self.inside(unit, area):
            return Match(None, "unmatched", "other_area", ((unit, 100),))
        return Match(unit, "code")

    def _may_be(self, unit: str, text: str, named: Match) -> bool:
        """Tell whether a name can be that of a unit: its own, or nearer to it than to others."""
        if named.unit is not None:
            return named.unit == unit
        scores = dict(named.candidates)
        if named.how == "ambiguous" or named.why == "other_area":
            return unit in scores
        best = max((score for code, score in scores.items() if code != unit), default=0)
        own = max(self._names.likeness(text, unit), scores.get(unit, 0))
        return own >= max(60, best)

    def _of_kind(self, kind: str, allowed: set[str]) -> set[str]:
        """Leave out what is of another level than a text says: the municipality of a department."""
        level = self._kinds.get(kind)
        others = {own for own in self.levels if level is not None and own != level}
        return {unit for unit in allowed if self.level[unit] not in others}

    def _by_name(self, text: str, area: str | None, allowed: set[str]) -> Match:
        written = forms(text)
        found = (
            self._names.find(form, area, self._of_kind(kind, allowed)) for kind, form in written
        )
        match = next((match for match in found if match is not None), None)
        if match is None and area is None:
            match = self._with_area(text, allowed)
        return match or self._names.unmatched([form for _, form in written], area, allowed)

    def _with_area(self, text: str, allowed: set[str]) -> Match | None:
        """Match a text that holds the area above the place; both ways to read it must agree."""
        found: dict[str | None, Match] = {}
        for name, above in place_and_area(without_marks(text)):
            outer = self.area(above)
            for kind, form in forms(name) if outer is not None else ():
                match = self._names.find(form, outer, self._of_kind(kind, allowed))
                if match is not None:
                    found.setdefault(match.unit, match)
        if len(found) > 1:
            return only({unit for unit in found if unit}, "name")
        return next(iter(found.values()), None)


def _ancestors(units: pd.DataFrame, groups: pd.DataFrame) -> dict[str, set[str]]:
    """Return the areas above each unit, and the groups of it that are areas."""
    parents = units["parent"].dropna().to_dict()
    above: dict[str, set[str]] = {str(unit): set() for unit in units.index}
    for unit, found in above.items():
        parent = parents.get(unit)
        while parent is not None and parent not in found:
            found.add(str(parent))
            parent = parents.get(parent)
    for unit, group in groups[["unit", "group"]].itertuples(index=False):
        if group in above:
            above[str(unit)].add(str(group))
    return above
