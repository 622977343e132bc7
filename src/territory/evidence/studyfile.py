"""The study file: which tables, which words, which defaults. A new place adds one, and no code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from territory.evidence.schema import DataError, Fault, demand
from territory.evidence.sources import data_root, read_toml
from territory.evidence.studykeys import near_key

_REQUIRED = ("study", "title", "levels", "tables", "defaults", "outcome", "institution", "credit")
_TABLES = ("units", "geometry", "outcomes", "population")
_DEFAULTS = ("outcome", "institution", "population", "period", "before", "after")
#: What kind of entry stands where, and how a message calls it.
_KINDS: dict[str, tuple[type, str]] = {
    "study": (str, 'study = "…"'),
    "levels": (list, 'levels = ["…", "…"]'),
    "tables": (dict, "[tables]"),
    "defaults": (dict, "[defaults]"),
    "outcome": (list, "[[outcome]]"),
    "institution": (dict, "[institution.…]"),
    "credit": (dict, "[credit]"),
}


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
    _read: StudyFile | None = field(default=None, repr=False)

    @property
    def root(self) -> StudyFile:
        """The description as it was read, whatever was added since."""
        return self._read or self

    def renewed(self, **entries: Any) -> Self:
        """Return a copy in which some entries are others; the tables stay where they are."""
        return replace(self, entries=self.entries | entries, _read=self.root)

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

        Falls back to the other language, then to `default`, then to what it is a word for:
        a short form to the title, a title to the code.
        """
        entry: Any = self.entries
        for key in keys:
            entry = entry.get(key, {}) if isinstance(entry, dict) else {}
        if isinstance(entry, str):
            return entry
        found = entry.get(lang) or next(iter(entry.values()), None) if entry else None
        if found or default is not None:
            return str(found or default)
        if keys[-1] == "short":
            return self.word((*keys[:-1], "title"), lang)
        return keys[1] if len(keys) > 2 else keys[-1]

    def outcome_word(self, outcome: str, entry: str, lang: str) -> str:
        """Return a text about an outcome: its ``title``, ``unit`` or ``note`` (may be empty)."""
        words = self.outcomes.get(outcome, {}).get(entry, {})
        fallback = outcome if entry == "title" else ""
        return str(words.get(lang) or next(iter(words.values()), fallback))


def shipped() -> list[str]:
    """Return the names of the studies that travel with the package."""
    return sorted(file.stem for file in data_root().glob("*.toml"))


def read_study_file(study: str | Path) -> StudyFile:
    """Read the file of a shipped study by its name, or any by its path or that of its folder.

    Raises
    ------
    DataError
        When there is no such study, or the file lacks an entry or has one of another form.
    """
    path = _path(study)
    allowed = ", ".join(shipped()) or "–"
    entries = read_toml(path, missing=Fault("no_study", value=study, allowed=allowed))
    demand(_faults(entries, path.name))
    return StudyFile(path.resolve(), entries)


def _path(study: str | Path) -> Path:
    # A shipped name means the shipped study, also where a folder of that name lies about.
    if str(study) in shipped():
        return data_root() / f"{study}.toml"
    path = Path(study)
    if path.is_dir():
        if not (path / "study.toml").is_file():
            raise DataError(Fault("no_study_file", value=study))
        return path / "study.toml"
    return path if path.suffix == ".toml" else data_root() / f"{study}.toml"


def _faults(entries: dict[str, Any], file: str) -> list[Fault]:
    """Return which entries are missing, or are not of the form that they must have."""
    absent = [entry for entry in _REQUIRED if not entries.get(entry)]
    faults = [
        Fault("study_form", file=file, entry=entry, allowed=form)
        for entry, (kind, form) in _KINDS.items()
        if entry not in absent and not isinstance(entries[entry], kind)
    ]
    odd = {fault.values["entry"] for fault in faults}
    for name, wanted in (("tables", _TABLES), ("defaults", _DEFAULTS)):
        if name not in odd:
            absent += [f"{name}.{key}" for key in wanted if key not in entries.get(name, {})]
    if "levels" not in odd and len(entries.get("levels", "..")) < 2:
        faults.append(Fault("study_form", file=file, entry="levels", allowed=_KINDS["levels"][1]))
    if "outcome" not in odd:
        lacking = any("id" not in entry for entry in entries.get("outcome", []))
        absent += ["outcome.id"] if lacking else []
    return [_lacking(entry, entries, file) for entry in absent] + faults


def _lacking(entry: str, entries: dict[str, Any], file: str) -> Fault:
    near = near_key(entry, entries)
    return Fault("study_lacks_near" if near else "study_lacks", file=file, entry=entry, near=near)
