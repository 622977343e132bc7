"""The study file: which tables, which words, which defaults. A new place adds one, and no code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from territory.evidence.schema import DataError, Fault
from territory.evidence.sources import data_root, read_toml

_REQUIRED = ("study", "title", "levels", "tables", "defaults", "outcome", "institution", "credit")
_TABLES = ("units", "geometry", "outcomes", "population")
_DEFAULTS = ("outcome", "institution", "population", "period", "before", "after")


@dataclass(frozen=True, eq=False)
class StudyFile:
    """A study's own description, read from TOML.

    Parameters
    ----------
    path
        Where it lies; table paths in it are relative to its folder.
    entries
        What it says.
    """

    path: Path
    entries: dict[str, Any]

    @property
    def name(self) -> str:
        """Short name of the study."""
        return str(self.entries["study"])

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels from the whole to the finest unit."""
        return tuple(self.entries["levels"])

    @property
    def defaults(self) -> dict[str, str]:
        """What is shown when nothing is chosen."""
        return {key: str(value) for key, value in self.entries["defaults"].items()}

    @property
    def outcomes(self) -> dict[str, dict[str, Any]]:
        """The outcomes, in the order of the file, by id."""
        return {str(entry["id"]): entry for entry in self.entries["outcome"]}

    def title(self, lang: str) -> str:
        """Return the name of the place."""
        return self.word(("title",), lang)

    def table(self, name: str) -> Path | None:
        """Return the path of a table, or None where the study has none."""
        relative = self.entries["tables"].get(name)
        return self.path.parent / str(relative) if relative else None

    def label(self, name: str) -> str:
        """Return how messages and cards call a table."""
        return str(self.entries["tables"][name])

    def word(self, keys: tuple[str, ...], lang: str, *, default: str | None = None) -> str:
        """Return a text of the file in `lang`, found by its keys.

        Falls back to the other language, then to `default`, then to the last key.
        """
        entry: Any = self.entries
        for key in keys:
            entry = entry.get(key, {}) if isinstance(entry, dict) else {}
        if isinstance(entry, str):
            return entry
        found = entry.get(lang) or next(iter(entry.values()), None) if entry else None
        return str(found) if found else (keys[-1] if default is None else default)

    def outcome_word(self, outcome: str, entry: str, lang: str) -> str:
        """Return a text about an outcome: its ``title``, ``unit`` or ``note`` (may be empty)."""
        words = self.outcomes.get(outcome, {}).get(entry, {})
        fallback = outcome if entry == "title" else ""
        return str(words.get(lang) or next(iter(words.values()), fallback))


def shipped() -> list[str]:
    """Return the names of the studies that travel with the package."""
    return sorted(file.stem for file in data_root().glob("*.toml"))


def read_study_file(study: str | Path) -> StudyFile:
    """Read the file of a shipped study by its name, or any by its path.

    Raises
    ------
    DataError
        When there is no such study, or the file lacks an entry.
    """
    path = Path(study)
    if path.is_dir():
        path /= "study.toml"
    if path.suffix != ".toml":
        path = data_root() / f"{study}.toml"
    allowed = ", ".join(shipped()) or "–"
    entries = read_toml(path, missing=Fault("no_study", value=study, allowed=allowed))
    absent = [entry for entry in _REQUIRED if not entries.get(entry)]
    absent += [f"tables.{name}" for name in _TABLES if name not in entries.get("tables", {})]
    absent += [f"defaults.{name}" for name in _DEFAULTS if name not in entries.get("defaults", {})]
    if absent:
        raise DataError(*(Fault("study_lacks", file=path.name, entry=entry) for entry in absent))
    return StudyFile(path.resolve(), entries)
