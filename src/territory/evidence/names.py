"""Place names to unit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.evidence.schema import DataError, Fault, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def find_unit(
    text: str, units: pd.DataFrame, *, levels: Sequence[str], argument: str = "unit"
) -> str:
    """Return the code of a unit given by code, by name, or by name and area above.

    Parameters
    ----------
    text
        ``0614``, ``Soyapango`` or ``La Libertad, La Libertad``; case does not matter.
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
    name, _, above = (part.strip().casefold() for part in text.partition(","))
    found = units[(units["name"].str.casefold() == name) & units["level"].isin(list(levels))]
    if above:
        parents = units["name"].str.casefold().reindex(found["parent"]).to_numpy()
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
