"""The same question under other choices: how far the answer depends on who asks it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.schema import DataError
from territory.measures.effects.result import Effect, Note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NUMBERS = ("estimate", "low", "high", "p_value")


def specifications(
    run: Callable[..., Effect],
    choices: Mapping[str, Sequence[object]],
    *,
    base: Mapping[str, object],
    crossed: bool = True,
) -> pd.DataFrame:
    """Run a design under every combination of choices.

    Parameters
    ----------
    run
        Takes one keyword a choice, returns an `Effect`.
    choices
        What each keyword may be, for example institution, population series, window
        and start.
    base
        The combination that is reported.
    crossed
        Every combination; else one choice at a time changes from the base.

    Returns
    -------
    DataFrame
        One row a combination: a column a choice, ``estimate``, ``low``, ``high``,
        ``p_value``, ``base``, and ``refused``, the `DataError` where the data could not
        answer it (None elsewhere), which any language can render. The base comes first,
        the others in order of the estimate.
    """
    rows = []
    for combination in _combinations(choices, base, crossed=crossed):
        row: dict[str, object] = {name: str(value) for name, value in combination.items()}
        refused: DataError | None
        try:
            effect = run(**combination)
            row |= {name: float(getattr(effect, name)) for name in NUMBERS}
            refused = None
        except DataError as error:
            row |= dict.fromkeys(NUMBERS, float("nan"))
            refused = error
        row |= {"base": combination == dict(base), "refused": refused}
        rows.append(row)
    table = pd.DataFrame(rows)
    order = table.sort_values(["base", "estimate"], ascending=[False, True], kind="stable")
    return order.reset_index(drop=True)


def with_sensitivity(effect: Effect, table: pd.DataFrame) -> Effect:
    """Return an effect with its `specifications` and their range."""
    others = table[~table["base"].astype(bool)]
    answered = others["estimate"].dropna()
    if answered.empty:
        return replace(effect, sensitivity=table)
    refused = len(others) - len(answered)
    note = Note(
        "sensitivity_range_refused" if refused else "sensitivity_range",
        n=len(answered),
        low=float(answered.min()),
        high=float(answered.max()),
        refused=refused,
    )
    return replace(effect, sensitivity=table, notes=(*effect.notes, note))


def _combinations(
    choices: Mapping[str, Sequence[object]], base: Mapping[str, object], *, crossed: bool
) -> list[dict[str, object]]:
    if crossed:
        found = [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]
    else:
        found = [{**base, name: value} for name, values in choices.items() for value in values]
    unique: list[dict[str, object]] = [dict(base)]
    unique += [combination for combination in found if combination != dict(base)]
    return [c for position, c in enumerate(unique) if c not in unique[:position]]
