"""The names and codes of a study, by which a place as it is written becomes a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.evidence.units import UNLOCATED
from territory.evidence.vocabulary import fold, loose, place_and_area, readings, without_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd


@dataclass(frozen=True)
class Match:
    """What became of one place as it was written.

    Parameters
    ----------
    unit
        Code of the unit, or None.
    how
        ``code``, ``name``, ``alias`` or ``decision`` where there is a unit;
        ``ambiguous`` or ``unmatched`` where there is none.
    why
        Why there is none: ``homonym`` (several places of that name), ``code_and_name``
        (they name two places), ``other_area`` (the place is in another area than it
        says), ``above_unknown`` (the area above is no area), ``empty`` or
        ``no_such_place``.
    candidates
        Codes of what it may be, with a score from 0 to 100, best first. Offered, never taken.
    """

    unit: str | None
    how: str
    why: str = ""
    candidates: tuple[tuple[str, int], ...] = ()


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
    """

    def __init__(
        self,
        units: pd.DataFrame,
        groups: pd.DataFrame,
        aliases: pd.DataFrame | None,
        *,
        levels: Sequence[str],
    ) -> None:
        self.units = units
        self.levels = tuple(levels)
        self.finest = levels[-1]
        self.level: dict[str, str] = {str(u): str(own) for u, own in units["level"].items()}
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
        self._names = [(unit, fold(name)) for unit, name in named]
        self._aliases = [(unit, fold(name)) for unit, name in others]
        self._stages = [
            _index(self._names, fold),
            _index(self._names, loose),
            _index(self._aliases, fold),
            _index(self._aliases, loose),
        ]

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
        if code and (found := self._code(code)) and self.level[found] not in below:
            return found
        found = self._code(text)
        if found and self.level[found] not in below:
            return found
        coarse = {unit for unit, own in self.level.items() if own not in below}
        for form in (text, without_kind(text)):
            for stage in self._stages:
                hits = _hits(stage, form) & coarse
                if len(hits) == 1:
                    return hits.pop()
        return None

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
        split = re.fullmatch(r"(\d{2,6})\s*[-–.:]?\s*([^\W\d].*)", text.strip())
        if split and not code:
            code, text = split.groups()
        by_code = self._coded(code, above_code, allowed) or self._coded(text, above_code, allowed)
        area = self.area(above, above_code) if above or above_code else None
        if by_code:
            return self._held_against_name(by_code, text, area, allowed)
        if not fold(text):
            return Match(None, "unmatched", "no_such_place" if code else "empty")
        if (above or above_code) and area is None:
            return Match(None, "unmatched", "above_unknown", self._suggestions(text, None, allowed))
        return self._by_name(text, area, allowed)

    def _coded(self, code: str, above_code: str, allowed: set[str]) -> str | None:
        found = self._code(code)
        if found not in allowed and (area := self._code(above_code)):
            digits = fold(code)
            wide = max(self._lengths, default=0) if digits.isdecimal() else 0
            tails = (area + digits.zfill(n) for n in range(len(digits), wide))
            found = next((tail for tail in tails if tail in allowed), None)
        return found if found in allowed else None

    def _code(self, code: str) -> str | None:
        text = fold(re.sub(r"\.0$", "", code.strip()))
        if text in self._codes:
            return self._codes[text]
        # A spreadsheet takes the leading zero from "0614".
        padded = text.zfill(len(text) + 1)
        lost = text.isdecimal() and len(padded) in self._lengths
        return self._codes.get(padded) if lost else None

    def _held_against_name(
        self, unit: str, text: str, area: str | None, allowed: set[str]
    ) -> Match:
        """Return the unit of a code, unless the name beside it is another place's."""
        if not fold(text) or self._code(text) == unit:
            return Match(unit, "code")
        named = self._by_name(text, area, allowed)
        meant = {named.unit} if named.unit else {code for code, _ in named.candidates}
        if unit in meant or (named.how == "unmatched" and self._likeness(text, unit) >= 60):
            return Match(unit, "code")
        others = tuple((code, 0) for code in sorted(code for code in meant if code))
        return Match(None, "ambiguous", "code_and_name", ((unit, 0), *others[:4]))

    def _by_name(self, text: str, area: str | None, allowed: set[str]) -> Match:
        for form in (text, without_kind(text)):
            match = self._whole(form, area, allowed)
            if match is not None:
                return match
        for name, above in place_and_area(text) if area is None else ():
            if (outer := self.area(above)) is not None:
                match = self._whole(name, outer, allowed)
                if match is not None:
                    return match
        return self._unmatched(text, area, allowed)

    def _whole(self, text: str, area: str | None, allowed: set[str]) -> Match | None:
        if area is None:
            return self._anywhere(text, allowed)
        for position, stage in enumerate(self._stages):
            hits = {unit for unit in _hits(stage, text) & allowed if self.inside(unit, area)}
            if hits:
                return _only(hits, "name" if position < 2 else "alias")
        return None

    def _anywhere(self, text: str, allowed: set[str]) -> Match | None:
        """Match a name without the area above it: all that it may mean must be one place."""
        exact, nearly, alias, roughly = (_hits(stage, text) & allowed for stage in self._stages)
        everything = exact | nearly | alias
        # An official name is not put in doubt by an alias without its articles.
        everything |= set() if exact else roughly
        if not everything:
            return None
        if not exact and not nearly:
            # Only an alias says so; longer official names that begin alike may be meant.
            key = loose(fold(text))
            everything |= {
                unit for unit, name in self._names
                if unit in allowed and loose(name).startswith(f"{key} ")
            }  # fmt: skip
        return _only(everything, "name" if exact or nearly else "alias")

    def _unmatched(self, text: str, area: str | None, allowed: set[str]) -> Match:
        elsewhere = self._anywhere(text, allowed) if area is not None else None
        if elsewhere is not None:
            codes = [elsewhere.unit] if elsewhere.unit else [c for c, _ in elsewhere.candidates]
            found = tuple((code, 100) for code in codes if code)
            return Match(None, "unmatched", "other_area", found)
        return Match(None, "unmatched", "no_such_place", self._suggestions(text, area, allowed))

    def _suggestions(
        self, text: str, area: str | None, allowed: set[str]
    ) -> tuple[tuple[str, int], ...]:
        from rapidfuzz import fuzz, process

        near: dict[str, int] = {}
        for within in [area, None] if area else [None]:
            choices = [
                (unit, name) for unit, name in self._names + self._aliases
                if unit in allowed and (within is None or self.inside(unit, within))
            ]  # fmt: skip
            found = process.extract(
                fold(text),
                [name for _, name in choices],
                scorer=fuzz.ratio,
                limit=6,
                score_cutoff=70,
            )
            for _, score, position in found:
                unit = choices[position][0]
                near[unit] = max(near.get(unit, 0), round(score))
            if near:
                break
        return tuple(sorted(near.items(), key=lambda pair: (-pair[1], pair[0]))[:3])

    def _likeness(self, text: str, unit: str) -> float:
        from rapidfuzz import fuzz

        own = [name for code, name in self._names + self._aliases if code == unit]
        return max((fuzz.ratio(fold(text), name) for name in own), default=0.0)


def _index(
    names: Iterable[tuple[str, str]], key: Callable[[str], str]
) -> tuple[dict[str, set[str]], Callable[[str], str]]:
    index: dict[str, set[str]] = {}
    for unit, name in names:
        index.setdefault(key(name), set()).add(unit)
    return index, key


def _hits(stage: tuple[dict[str, set[str]], Callable[[str], str]], text: str) -> set[str]:
    index, key = stage
    folded = fold(text)
    if not folded:
        return set()
    return set().union(*(index.get(key(reading), ()) for reading in readings(folded)))


def _only(hits: set[str], how: str) -> Match:
    if len(hits) == 1:
        return Match(next(iter(hits)), how)
    return Match(None, "ambiguous", "homonym", tuple((unit, 100) for unit in sorted(hits)))


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
