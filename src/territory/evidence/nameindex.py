"""The names of places and their other spellings, by which a written name is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.evidence.nearness import MANY, likeness, nearest
from territory.evidence.spelling import joined, readings, shortened
from territory.evidence.vocabulary import fold, loose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: So near must a place in the area that a row names be, to be offered beside one elsewhere.
_NEAR_INSIDE = 85
#: How a place is found in each stage: as it is, without its articles, without its spaces.
_HOW = ("name", "name", "alias", "alias", "name", "alias")


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
        ``no_such_place``. Beside a unit, ``code_unknown``: its name decided, for its code
        is none of the study's.
    candidates
        Codes of what it may be, with a score from 0 to 100, best first. Offered, never taken.
    """

    unit: str | None
    how: str
    why: str = ""
    candidates: tuple[tuple[str, int], ...] = ()


def only(hits: set[str], how: str) -> Match:
    """Return the one unit that a name means, or that it means several."""
    if len(hits) == 1:
        return Match(next(iter(hits)), how)
    return Match(None, "ambiguous", "homonym", tuple((unit, 100) for unit in sorted(hits)))


class NameIndex:
    """Names and aliases, folded, and what each of them means.

    Parameters
    ----------
    names, aliases
        Pairs of a code and a name.
    inside
        Tells whether an area holds a unit.
    """

    def __init__(
        self,
        names: Iterable[tuple[str, str]],
        aliases: Iterable[tuple[str, str]],
        inside: Callable[[str, str], bool],
    ) -> None:
        self._inside = inside
        self._names = [(unit, fold(name)) for unit, name in names]
        self._aliases = [(unit, fold(name)) for unit, name in aliases]
        self._stages = [
            _index(self._names, fold),
            _index(self._names, loose),
            _index(self._aliases, fold),
            _index(self._aliases, loose),
            _index(self._names, joined),
            _index(self._aliases, joined),
        ]

    def knows(self, text: str) -> bool:
        """Tell whether a text is a name as it stands."""
        return any(_hits(stage, text) for stage in self._stages)

    def first(self, text: str, allowed: set[str]) -> str | None:
        """Return the one unit that the strictest reading of a text means, if it means just one."""
        hits = [_hits(stage, text) & allowed for stage in self._stages]
        return next((found.copy().pop() for found in hits if len(found) == 1), None)

    def find(self, text: str, area: str | None, allowed: set[str]) -> Match | None:
        """Return what a name means, in an area where one is given; None where nothing."""
        if area is None:
            return self._anywhere(text, allowed)
        inner = {unit for unit in allowed if self._inside(unit, area)}
        # An alias without its articles does not stand against a name as it is elsewhere.
        strict = bool(_hits(self._stages[0], text) & allowed)
        for how, stage in zip(_HOW, self._stages[: 3 if strict else None], strict=False):
            if hits := _hits(stage, text) & inner:
                return only(hits, how)
        return self._shortened(text, inner)

    def unmatched(self, texts: Iterable[str], area: str | None, allowed: set[str]) -> Match:
        """Return why no place was found, and what may be meant instead.

        Parameters
        ----------
        texts
            The forms of the name, as written first.
        area
            The area above it, where that is known.
        allowed
            What it may be.
        """
        texts = list(texts)
        near = self.near(texts[0], area, allowed)
        elsewhere = [self._anywhere(text, allowed) for text in texts] if area is not None else []
        match = next((found for found in elsewhere if found is not None), None)
        if match is None:
            return Match(None, "unmatched", "no_such_place", near)
        codes = [match.unit] if match.unit else [code for code, _ in match.candidates]
        # A longer name in the area that the row says is likelier: Candelaria de la Frontera.
        found = {
            code: score for code, score in near
            if area and self._inside(code, area) and score >= _NEAR_INSIDE
        } | {code: 100 for code in codes if code}  # fmt: skip
        return Match(None, "unmatched", "other_area", tuple(found.items())[:MANY])

    def near(self, text: str, area: str | None, allowed: set[str]) -> tuple[tuple[str, int], ...]:
        """Return what a text may mean, in its area if something there is near."""
        near: list[tuple[str, int]] = []
        for within in (area, None) if area else (None,):
            choices = [
                (unit, name) for unit, name in self._names + self._aliases
                if unit in allowed and (within is None or self._inside(unit, within))
            ]  # fmt: skip
            near = near or nearest(text, choices)
        return tuple(near)

    def likeness(self, text: str, unit: str) -> float:
        """Return how near a text is to the names of a unit, from 0 to 100."""
        return likeness(text, [name for code, name in self._names + self._aliases if code == unit])

    def _anywhere(self, text: str, allowed: set[str]) -> Match | None:
        """Match a name without the area above it: all that it may mean must be one place."""
        exact, nearly, alias, roughly, *spaced = (
            _hits(stage, text) & allowed for stage in self._stages
        )
        everything = exact | nearly | alias
        # An official name is not put in doubt by an alias without its articles.
        everything |= set() if exact else roughly
        if not everything:
            hits = set().union(*spaced)
            how = "name" if hits == spaced[0] else "alias"
            return only(hits, how) if hits else self._shortened(text, allowed)
        if not exact and not nearly:
            # Only an alias says so; longer official names that begin alike may be meant.
            key = loose(fold(text))
            everything |= {
                unit for unit, name in self._names
                if unit in allowed and loose(name).startswith(f"{key} ")
            }  # fmt: skip
        return only(everything, "name" if exact or nearly else "alias")

    def _shortened(self, text: str, allowed: set[str]) -> Match | None:
        """Match a name with shortened words: ``San J. Villanueva``."""
        pattern = shortened(text)
        if pattern is None:
            return None
        for names, how in ((self._names, "name"), (self._aliases, "alias")):
            own = ((unit, loose(name)) for unit, name in names if unit in allowed)
            if hits := {unit for unit, name in own if pattern.fullmatch(name)}:
                return only(hits, how)
        return None


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
