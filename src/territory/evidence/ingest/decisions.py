"""What a person decided about a file, so that next month's file needs no decision."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import DataError, Fault, demand
from territory.evidence.sources import read_toml
from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

#: A row of the file that is left out on purpose.
IGNORE = "ignore"
KINDS = ("place", "area", "outcome", "institution", "setting")


def setting_of(role: str) -> str:
    """Return the setting by which a person names the column of a role."""
    return f"{role}_column"


_CODE = "[A-Za-z0-9][A-Za-z0-9_ .-]*"
_ID = "[a-z][a-z0-9_]*"
#: Every setting, with what it may be.
SETTINGS = {
    "sheet": ".+",  # the sheet to read
    "year": "(19|20)[0-9]{2}|2100",  # the year of a table that does not say it
    "whole_year": "true",  # whether counts are of whole years, whatever the title says
    "outcome": _ID,  # what is counted, where the file does not say it
    "institution": _ID,  # who counted it
    "by": "year|month",  # the period into which dated cases are counted
    "cases": "true",  # whether each row is one case although a column of small numbers stands there
    "complete": "true|false",  # whether a list of cases names every case of the whole place
    "blank": "zero|missing",  # what an empty cell means
    "dash": "zero|missing",  # what a dash means
    "decimal": "point|comma",  # the decimal sign
    "date_order": "dmy|mdy",  # what comes first in 03/04/2012
    "undated": "drop",  # cases without a date are left out
    "duplicates": "sum|first",  # a place twice in one period
    "division": _CODE,  # a grouping whose areas the counts are summed to
}
#: Roles whose column a person may name by its heading: ``count_column = "Víctimas"``.
ROLES = ("place", "place_code", "above", "above_code", "date", "year", "month", "period",
         "count", "outcome", "institution")  # fmt: skip
SETTINGS |= {setting_of(role): ".+" for role in ROLES}


@dataclass
class Decisions:
    """A person's choices.

    Parameters
    ----------
    file
        How messages call the file they come from.
    settings
        See `SETTINGS`.
    choices
        For each kind, text and area above (both folded, the area may be empty): a code
        of the study, or ``ignore``.
    """

    file: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    choices: dict[tuple[str, str, str], str] = field(default_factory=dict)
    used: set[tuple[str, str, str]] = field(default_factory=set, repr=False)

    def find(self, kind: str, text: str, above: str = "") -> str | None:
        """Return what was decided about a text with just this area above it, or none."""
        key = (kind, fold(text), fold(above))
        if key in self.choices:
            self.used.add(key)
        return self.choices.get(key)

    def unused(self) -> list[str]:
        """Return the texts of decisions that this file did not need."""
        return [text for kind, text, above in self.choices if (kind, text, above) not in self.used]


def read_decisions(source: str | Path | None, units: pd.DataFrame) -> Decisions:
    """Read decisions from CSV (``kind,text,above,value``) or from TOML.

    In TOML, ``[settings]`` holds settings, and each ``[[place]]``, ``[[area]]``,
    ``[[outcome]]`` and ``[[institution]]`` a ``text``, an ``above`` that may be left
    out, and a ``value``. A row without a value is not decided yet, and is skipped.

    Raises
    ------
    DataError
        With every row that is no decision.
    """
    if source is None:
        return Decisions()
    path = Path(source)
    missing = Fault("ingest_no_file", file=path.name)
    if not path.is_file():
        raise DataError(missing)
    rows = _toml(read_toml(path, missing=missing)) if path.suffix == ".toml" else _csv(path)
    decisions = Decisions(path.name)
    faults = []
    for number, row in rows:
        kind, text, above, value = (
            row.get(key, "").strip() for key in ("kind", "text", "above", "value")
        )
        if not value:
            continue
        allowed = _allowed(kind, text, value, units)
        if allowed is not None:
            faults.append(
                Fault(
                    "ingest_bad_decision",
                    file=path.name,
                    row=number,
                    value=value or kind,
                    allowed=allowed,
                )
            )
        elif kind == "setting":
            decisions.settings[text] = value
        else:
            decisions.choices[kind, fold(text), fold(above)] = value
    demand(faults)
    return decisions


def headings_in(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the headings that settings give a role."""
    return {role: settings[setting_of(role)] for role in ROLES if setting_of(role) in settings}


def check_settings(settings: dict[str, str]) -> None:
    """Raise for settings that do not exist or cannot have their value."""
    demand(
        [
            Fault(
                "ingest_bad_setting",
                argument=key,
                value=value,
                allowed=SETTINGS.get(key, ", ".join(SETTINGS)),
            )
            for key, value in settings.items()
            if not re.fullmatch(SETTINGS.get(key, r"(?!)"), value)
        ]
    )


def _allowed(kind: str, text: str, value: str, units: pd.DataFrame) -> str | None:
    """Return what would be allowed where a decision is not, else None."""
    if kind not in KINDS:
        return ", ".join(KINDS)
    if kind == "setting":
        form = SETTINGS.get(text)
        if form is None:
            return ", ".join(SETTINGS)
        return None if re.fullmatch(form, value) else form
    if kind in ("place", "area"):
        return (
            None if value == IGNORE or value in units.index else f"{units.index[-1]}, …, {IGNORE}"
        )
    return None if re.fullmatch(_ID, value) else _ID


def _csv(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows = [
            (reader.line_num, {k: v or "" for k, v in row.items() if isinstance(k, str)})
            for row in reader
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(Fault("not_a_table", file=path.name, reason=error)) from None
    lacking = {"kind", "text", "value"} - set(reader.fieldnames or ())
    if lacking:
        found = ", ".join(reader.fieldnames or ())
        columns = ", ".join(sorted(lacking))
        raise DataError(Fault("missing_columns", file=path.name, columns=columns, found=found))
    return rows


def _toml(entries: dict[str, Any]) -> list[tuple[int, dict[str, str]]]:
    settings = entries.get("settings", {})
    rows = [{"kind": "setting", "text": str(k), "value": _said(v)} for k, v in settings.items()]
    for kind, choices in entries.items():
        if kind == "settings":
            continue
        for choice in choices if isinstance(choices, list) else [choices]:
            given = choice if isinstance(choice, dict) else {"text": str(choice), "value": "?"}
            rows.append({"kind": kind, **{str(key): _said(value) for key, value in given.items()}})
    return list(enumerate(rows, start=1))


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
