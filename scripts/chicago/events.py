"""Changes in the number of homicides that are often spoken of, in words of our own."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tables import EVENT_COLUMNS, TITLE_LENGTH, expect, read_table, table, write_table

FILE = "events/chicago/events.csv"
TEXTS = Path(__file__).parent / "events.toml"


def write(sources: Path, out: Path) -> dict[str, int]:
    """Write the events; give the rows of the file."""
    raw = read_table(sources / "events.csv").set_index("event_id")
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    used = sorted(entry["raw"] for entry in texts.values())
    expect(used, sorted(raw.index), "raw events that have words")
    rows = []
    for slug, entry in texts.items():
        expect(raw.loc[entry["raw"], "analysis_start"], entry["start"], f"start of {slug}")
        expect(
            all(len(entry[f"title_{lang}"]) <= TITLE_LENGTH for lang in ("es", "en")),
            True,
            f"titles of {slug} are short",
        )
        rows.append({"event": slug, "scope": "city", "kind": "violence", **entry})
    return {FILE: write_table(out / FILE, table(rows, EVENT_COLUMNS), key=["start", "event"])}
