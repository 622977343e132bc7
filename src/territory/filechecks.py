"""What a study file says beside its tables: outcomes, institutions, effects, kinds of claim, words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.effecting import NEEDED
from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault, unknown
from territory.measures.holders import KINDS
from territory.text import LANGUAGES, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.study import Study


def file_faults(study: Study) -> list[Fault]:
    """Return what the study file says that its tables do not bear out, and claims of no known kind."""
    return [*_outcomes(study), *_effects(study), *_kinds(study)]


def missing_words(study: Study) -> tuple[list[str], list[str]]:
    """Return which words are in no language, and which are in one language only.

    Returns
    -------
    none, some
        Entries of the study file, as ``level.district.many`` or, where one language is
        missing, ``level.district.many.es``.
    """
    none, some = [], []
    for path in _worded(study):
        entry: Any = study.file.entries
        for key in path:
            entry = entry.get(key, {}) if isinstance(entry, dict) else {}
        name = ".".join(path)
        if not entry:
            none.append(name)
        elif isinstance(entry, dict):
            some += [f"{name}.{lang}" for lang in LANGUAGES if not entry.get(lang)]
    for code, entry in study.file.outcomes.items():
        for word in ("title", "unit"):
            texts = entry.get(word) or {}
            where = f"outcome {code}: {word}"
            none += [] if texts else [where]
            some += [f"{where}.{lang}" for lang in LANGUAGES if texts and not texts.get(lang)]
    return none, some


def _worded(study: Study) -> Iterator[tuple[str, ...]]:
    """Name the entries whose words pages show."""
    yield from (("title",), ("credit",))
    for level in study.file.levels[1:]:
        yield from (("level", level, "one"), ("level", level, "many"))
    yield from (("institution", who, "title") for who in study.pairs.index.unique("institution"))
    yield from (("series", series, "title") for series in study.series_names)
    yield from (("grouping", name, "title") for name in study.groups["grouping"].unique())


def _outcomes(study: Study) -> Iterator[Fault]:
    """Say which outcomes and institutions are in the file alone, or in the table alone."""
    file, label = study.file.path.name, study.file.label("outcomes")
    counted = study.pairs.index.unique("outcome")
    for outcome in counted.difference(list(study.file.outcomes)):
        yield Fault("outcome_unnamed", file=file, value=outcome)
    for outcome, entry in study.file.outcomes.items():
        if outcome not in counted:
            allowed = ", ".join(counted)
            yield Fault("outcome_uncounted", file=file, value=outcome, table=label, allowed=allowed)
            continue
        have = list(study.pairs.loc[outcome].index)
        for who in entry.get("institutions", []):
            if who not in have:
                yield from unknown(f"{file}, outcome {outcome}, institutions", who, have).faults


def _effects(study: Study) -> Iterator[Fault]:
    """Say which entries of effects cannot be answered for want of a key, an event or a window."""
    for entry in study.file.entries.get("effect", []):
        event, design = entry.get("event", "–"), entry.get("design", "–")
        if design not in NEEDED:
            yield Fault("effect_design", event=event, value=design, allowed=", ".join(NEEDED))
            continue
        lacking = [name for name in NEEDED[design] if name not in entry]
        title = entry.get("title", {})
        lacking += [f"title.{lang}" for lang in LANGUAGES if title and lang not in title]
        if lacking:
            missing = ", ".join(lacking)
            yield Fault("effect_incomplete", event=event, design=design, missing=missing)
        where = f"{study.file.path.name}, effect {event}"
        for name in entry.get("events", []):
            if name not in study.events.index:
                yield from unknown(f"{where}, events", name, study.events.index).faults
        yield from _window(str(entry.get("window", "")), f"{where}, window")


def _window(text: str, argument: str) -> list[Fault]:
    try:
        if text:
            Window.parse(text, argument=argument)
    except DataError as error:
        return list(error.faults)
    return []


def _kinds(study: Study) -> Iterator[Fault]:
    """Say which kinds of claim make no status and have no words: they are probably misspelt."""
    words = catalogue(LANGUAGES[0])
    for kind in study.claims["kind"].unique():
        if f"holders.kind_{kind}" not in words:
            label = study.file.label("claims")
            yield Fault("claim_kind", file=label, value=kind, allowed=", ".join(KINDS))
