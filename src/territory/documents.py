"""What leaves the program as JSON or CSV: the same for the command line and the data interface."""

from __future__ import annotations

import math
from numbers import Integral
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory import briefing
from territory.text import harmless

if TYPE_CHECKING:
    from territory.briefing import Selection
    from territory.measures.windows import WindowCount
    from territory.study import Study


def rates_document(study: Study, selection: Selection) -> dict[str, Any]:
    """Return the rates of a selection as the JSON document of ``territory rates``."""
    return {
        "study": study.name,
        "period": selection.period,
        **_counted(selection),
        "rows": rows(briefing.rates(study, selection)),
    }


def comparison_document(study: Study, selection: Selection) -> dict[str, Any]:
    """Return the comparison of a selection as the JSON document of ``territory compare``."""
    result = briefing.comparison(study, selection)
    return {
        "study": study.name,
        "before": selection.before,
        "after": selection.after,
        **_counted(selection) | {"institution": result.institution},
        "rows": rows(result.table),
        "phi": plain(result.phi),
        "composed": [_sum_of(counted) for counted in result.composed or ()],
    }


def holders_document(study: Study, on: str, *, by: str | None = None) -> dict[str, Any]:
    """Return reported territory on a day as the JSON document of ``territory holders``."""
    frame = study.holders(on, by=by)
    entries = ["name", "status", "actors", "claims", "best_grade", "stale"]
    return {
        "on": on,
        "carry_years": study.file.entries.get("territory", {}).get("carry_years", 3),
        "rows": rows(frame[entries]),
    }


def study_document(study: Study) -> dict[str, Any]:
    """Return what is in a study as an entry of ``territory studies``."""
    first, last = study.pairs["min"].min(), study.pairs["max"].max()
    return {
        "study": study.name,
        "title": study.title("en"),
        "units": {level: int((study.units["level"] == level).sum()) for level in study.file.levels},
        "periods": {"first": str(first), "last": str(last), "frequency": first.freqstr[0]},
        "outcomes": [
            {"outcome": outcome, "institutions": list(study.pairs.loc[outcome].index)}
            for outcome in study.pairs.index.get_level_values("outcome").unique()
        ],
        "sources": [card.title["en"] for card in study.cards],
    }


def _sum_of(counted: WindowCount) -> dict[str, Any]:
    """Return how a count was composed: the terms, and the range when sources disagree."""
    terms = [
        {
            key: plain(value) if key in ("sign", "count") else str(value)
            for key, value in row.items()
        }
        for row in counted.rows.to_dict("records")
    ]
    return {
        "window": counted.window.text,
        "count": counted.count,
        "low": counted.low,
        "high": counted.high,
        "terms": terms,
    }


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as plain rows, ``unit`` first; what is missing is None, counts are whole."""
    names = list(table.columns)
    whole = [name for name in names if name.startswith("count")]
    table = table.astype(dict.fromkeys(whole, "Int64"))
    return [
        {"unit": str(unit)}
        | {name: plain(value) for name, value in zip(names, values, strict=True)}
        for unit, *values in table.itertuples()
    ]


def plain(value: Any) -> Any:
    """Return a cell as JSON knows it: missing and infinite are None, whole counts are integers."""
    if value is None or value is pd.NA:
        return None
    if isinstance(value, tuple):
        return [str(part) for part in value]
    if isinstance(value, str | bool):
        return value
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, Integral):
        return int(value)
    value = float(value)
    return value if math.isfinite(value) else None


def _counted(selection: Selection) -> dict[str, str]:
    return {
        "by": selection.by.partition("@")[0],
        "outcome": selection.outcome,
        "institution": selection.institution,
        "population_series": selection.population,
    }


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as CSV that a spreadsheet will not take for formulas."""
    safe = table.reset_index()
    for column in safe.columns[safe.dtypes.map(_holds_text)]:
        safe[column] = safe[column].map(harmless, na_action="ignore")
    safe.columns = pd.Index([harmless(str(name)) for name in safe.columns])
    return safe.to_csv(index=False, lineterminator="\n")


def _holds_text(dtype: Any) -> bool:
    return isinstance(dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(dtype)
