"""Which keys a study file may have, so that a misspelt one is named instead of passed over."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORDS = {"es": None, "en": None}
_EFFECT = (
    "event", "design", "events", "start", "end", "window", "institutions", "harmonics",
    "unconfirmed", "country", "min_population", "other_institutions", "other_populations",
    "other_windows", "other_starts",
)  # fmt: skip
#: Every key, as a tree: ``*`` is any name, None is a value that holds no further keys.
_KEYS: dict[str, Any] = {
    **dict.fromkeys(("study", "levels", "default_by", "crs_local")),
    **dict.fromkeys(("title", "credit", "caveat", "limits"), _WORDS),
    "tables": dict.fromkeys(
        ("units", "geometry", "outcomes", "population", "groups", "published", "events", "actors",
         "claims", "geometry_web", "aliases", "labels", "places", "context", "observations",
         "interventions", "comparators")
    ),
    "defaults": dict.fromkeys(
        ("outcome", "institution", "population", "period", "before", "after", "prior")
    ),
    "level": {"*": {"one": _WORDS, "many": _WORDS}},
    "grouping": {"*": {"title": _WORDS, "groups": {"*": _WORDS}, "kinds": None, "near_km": None}},
    "intervention": {"*": {"title": _WORDS}},
    "territory": {
        **dict.fromkeys(("carry_years", "dominant_share", "detail_until", "on")),
        "credit": _WORDS,
    },
    "inset": {"title": _WORDS, "bbox": None},
    "outcome": {
        **dict.fromkeys(("id", "institutions")),
        **dict.fromkeys(("title", "unit", "note", "detail"), _WORDS),
    },
    "institution": {"*": {"short": _WORDS, "title": _WORDS}},
    "series": {"*": {"short": _WORDS, "title": _WORDS, "note": _WORDS}},
    "headline": {**dict.fromkeys(("before", "after", "institution")), "text": _WORDS},
    "effect": {
        **dict.fromkeys(_EFFECT),
        **dict.fromkeys(("title", "counted_by", "people_by"), _WORDS),
    },
}  # fmt: skip


def strange_keys(entries: Mapping[str, Any], *, file: str) -> list[Fault]:
    """Return the keys that nothing reads, each with the key that was probably meant."""
    return [_fault(path, key, file) for path, key in _strange(entries, _KEYS, ())]


def near_key(wanted: str, entries: Mapping[str, Any]) -> str:
    """Return the unknown key of `entries` that is probably a misspelt `wanted`, or nothing.

    Parameters
    ----------
    wanted
        A key, or one of a table: ``tables.units``.
    """
    *above, name = wanted.split(".")
    known: Any = _KEYS
    for key in above:
        known, entries = known[key], entries.get(key, {})
    if not isinstance(entries, dict):
        return ""
    strange = [key for key in entries if key not in known]
    near = get_close_matches(name, strange, n=1, cutoff=0.7)
    return ".".join([*above, *near]) if near else ""


def _strange(
    entries: Any, known: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Walk the file and the tree of keys together."""
    if isinstance(entries, list):
        for number, entry in enumerate(entries, start=1):
            yield from _strange(entry, known, (*path[:-1], f"{path[-1]} {number}"))
        return
    if not isinstance(entries, dict) or known is None:
        return
    for key, below in entries.items():
        if key in known or "*" in known:
            yield from _strange(below, known.get(key, known.get("*")), (*path, key))
        else:
            yield path, key


def _fault(path: tuple[str, ...], key: str, file: str) -> Fault:
    known: Any = _KEYS
    for name in path:
        # Entries of a list are numbered: "effect 2".
        bare = name if name in known else name.rpartition(" ")[0]
        known = known.get(bare, known.get("*"))
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    where = ".".join([*path, key])
    # A word that belongs to another table was probably only put in the wrong place.
    if not near:
        near = [f"[{name}] {key}" for name, keys in _KEYS.items() if keys and key in keys][:1]
    allowed = ", ".join(known)
    if near:
        return Fault("strange_key_near", file=file, entry=where, near=near[0], allowed=allowed)
    return Fault("strange_key", file=file, entry=where, allowed=allowed)
