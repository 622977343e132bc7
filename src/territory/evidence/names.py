"""Place names to unit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.evidence.gazetteer import Gazetteer
from territory.evidence.schema import (
    Column,
    DataError,
    Fault,
    check,
    demand,
    unknown,
    unknown_units,
)
from territory.evidence.sources import read_table
from territory.evidence.vocabulary import fold, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from territory.evidence.sources import SourceCard
    from territory.evidence.tables import Tables


def find_unit(
    text: str, units: pd.DataFrame, *, levels: Sequence[str], argument: str = "unit"
) -> str:
    """Return the code of a unit given by code, by name, or by name and area above.

    Parameters
    ----------
    text
        ``0614``, ``Soyapango`` or ``La Libertad, La Libertad``; case and accents do not matter.
    units
        The table of areas.
    levels
        Levels from the whole to the finest; a name that a finer and a coarser area
        share means the finer one.
    argument
        How the message calls the place where `text` was written.

    Raises
    ------
    DataError
        When there is no such unit, or several of that name.
    """
    if text in units.index:
        return text
    name, _, above = (fold(part) for part in text.partition(","))
    folded = units["name"].map(fold)
    found = units[(folded == name) & units["level"].isin(list(levels))]
    if above:
        parents = folded.reindex(found["parent"]).to_numpy()
        found = found[parents == above]
    elif (found["level"] == levels[-1]).sum() == 1:
        found = found[found["level"] == levels[-1]]
    if len(found) == 1:
        return str(found.index[0])
    if found.empty:
        raise unknown(argument, text, units["name"])
    candidates = "; ".join(f"{full_name(code, units)} ({code})" for code in found.index)
    raise DataError(Fault("ambiguous_unit", argument=argument, value=text, candidates=candidates))


def full_name(unit: str, units: pd.DataFrame) -> str:
    """Return the name of a unit with the area above it: ``La Libertad, La Libertad``."""
    name, parent = str(units["name"][unit]), str(units["parent"][unit])
    # The whole has no parent; to add its name to every area would say nothing.
    below_the_whole = parent in units.index and bool(units["parent"].notna()[parent])
    return f"{name}, {units['name'][parent]}" if below_the_whole else name


def read_aliases(
    file: Path, units: pd.DataFrame, *, label: str | None = None
) -> tuple[pd.DataFrame, SourceCard]:
    """Read other spellings and other codes of units: columns ``unit``, ``alias``, ``kind``.

    Raises
    ------
    DataError
        For missing columns, a kind that is neither ``name`` nor ``code``, an unknown
        unit, or an alias twice.
    """
    table, card = read_table(file, label=label)
    columns = (Column("unit"), Column("alias"), Column("kind", allowed=("name", "code")))
    demand(check(table, columns, key=["unit", "kind", "alias"], file=card.file))
    demand(unknown_units(table["unit"], units.index, file=card.file))
    return table, card


def gazetteer(study: Tables) -> Gazetteer:
    """Return the names and codes of a study; its aliases too, where it has a table of them.

    Raises
    ------
    DataError
        As `read_aliases`.
    """
    path = study.file.table("aliases")
    aliases = None
    if path is not None:
        aliases, _ = read_aliases(path, study.units, label=study.file.label("aliases"))
    return Gazetteer(
        study.units, study.groups, aliases,
        levels=study.file.levels, kinds=_kinds(study),
    )  # fmt: skip


def _kinds(study: Tables) -> dict[str, str]:
    """Return the level of each word that says what a place is, by the study's own words for it.

    A word for a part of the whole that the study has no level for means its finest places;
    one for an area (a department) then fits every level.
    """
    levels, said = study.file.levels, study.file.entries.get("level", {})
    own = {level: {fold(level)} for level in levels}
    for level in levels:
        one = said.get(level, {}).get("one", {})
        words = one.values() if isinstance(one, dict) else [one]
        own[level] |= {fold(str(word)) for word in words}
    kinds = {
        kind: next((level for level in reversed(levels) if own[level] & set(words)), levels[-1])
        for kind, words in vocabulary("kinds").items()
    }
    named = own[kinds["department"]] & set(vocabulary("kinds")["department"])
    return kinds if named else {kind: lv for kind, lv in kinds.items() if kind != "department"}
