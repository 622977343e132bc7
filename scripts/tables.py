"""Read raw tables and write the project's own, always in the same bytes."""

from __future__ import annotations

import hashlib
import json
import tomllib
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import shapely
import tomli_w

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

LANGUAGES = ("es", "en")
EVENT_COLUMNS = (
    "event", "start", "end", "date_precision", "scope", "units", "kind", "tracks", "rank",
    "title_es", "title_en", "text_es", "text_en", "source", "grade",
)  # fmt: skip
ACTOR_COLUMNS = ("actor", "parent", "aliases", "name_es", "name_en", "color")
# A longer title does not fit a chart.
TITLE_LENGTH = 45
# What a card says in each language, in the order in which a card has it.
_CARD_TEXTS = ("title", "processing", "credit", "note")


def expect(found: object, wanted: object, what: str) -> None:
    """Stop the build when a figure is not the one that is known to be right.

    Raises
    ------
    AssertionError
        With what was checked, the value expected and the value found.
    """
    if found != wanted:
        raise AssertionError(f"{what}: expected {wanted!r}, found {found!r}")


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV file with every cell as text; an empty cell is an empty text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def records(frame: pd.DataFrame) -> list[dict[str, str]]:
    """Give the rows of a frame of texts, each as column to text."""
    return cast("list[dict[str, str]]", frame.to_dict("records"))


def table(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    """Make a frame of texts from rows; a missing value becomes an empty text."""
    frame = pd.DataFrame(list(rows), columns=list(columns))
    return frame.map(lambda value: "" if pd.isna(value) else str(value))


def write_table(path: Path, frame: pd.DataFrame, *, key: Sequence[str]) -> int:
    """Write a frame sorted by its key, with line feeds, and return the number of rows.

    Raises
    ------
    AssertionError
        If two rows share a key.
    """
    doubles = frame[frame.duplicated(list(key), keep=False)]
    expect(len(doubles), 0, f"{path.name}: rows that share a key {list(key)}\n{doubles}")
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = frame.sort_values(list(key), kind="stable")
    path.write_bytes(ordered.to_csv(index=False, lineterminator="\n").encode())
    return len(ordered)


def write_features(
    path: Path, features: Iterable[tuple[str, dict[str, str], BaseGeometry]], *, digits: int
) -> int:
    """Write geometries as GeoJSON (RFC 7946), one feature a line, and return their number.

    Each feature is (id, properties, geometry) in WGS 84 degrees; exterior rings run
    counter-clockwise and start at their smallest vertex, so that the bytes do not depend on how
    the geometry was made.
    """
    lines = []
    for unit, properties, geometry in features:
        shape = shapely.orient_polygons(shapely.normalize(geometry))
        record = {
            "type": "Feature",
            "id": unit,
            "properties": properties,
            "geometry": _rounded(shapely.geometry.mapping(shape), digits),
        }
        lines.append(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
    path.parent.mkdir(parents=True, exist_ok=True)
    body = ",\n".join(lines)
    path.write_bytes(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode())
    return len(lines)


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, dict):
        return {name: _rounded(part, digits) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part, digits) for part in value]
    return value


def write_cards(out: Path, texts: Path, rows: Mapping[str, int]) -> None:
    """Write the source card `F.toml` beside every data file F.

    `texts` holds what a person wrote about each file (publisher, licence, processing, ...);
    `rows` maps each file's path below `out` to its number of rows or features. The card adds
    these and the SHA-256 of the file. Title, processing, credit and note come last, Spanish
    before English, whatever their order in `texts`.

    Raises
    ------
    AssertionError
        If a file has no text or a text has no file, or if a card does not say the same number
        of things in both languages.
    """
    cards = tomllib.loads(texts.read_text(encoding="utf-8"))
    expect(sorted(cards), sorted(rows), "files with a card text")
    for name, card in cards.items():
        path = out / name
        said = {
            entry: _in_each_language(card.pop(entry, None), f"{name}: {entry}")
            for entry in _CARD_TEXTS
            if entry != "note" or "note" in card
        }
        card["rows"] = rows[name]
        card["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        path.with_name(path.name + ".toml").write_bytes(tomli_w.dumps(card | said).encode())


def _in_each_language(entry: Any, what: str) -> dict[str, Any]:
    """Give a text, or a list of sentences, for each language, and stop if one is missing."""
    languages = sorted(entry) if isinstance(entry, dict) else entry
    expect(languages, sorted(LANGUAGES), f"languages of {what}")
    texts = {lang: entry[lang] for lang in LANGUAGES}
    expect(all(texts.values()), True, f"{what} says something in each language")
    sizes = {len(said) for said in texts.values() if isinstance(said, list)}
    expect(len(sizes) <= 1, True, f"{what} has as many sentences in each language")
    return texts
