"""Events and initiatives: dates and sources from the raw list, words of our own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tables import EVENT_COLUMNS, TITLE_LENGTH, expect, read_table, table, write_table

from slv.boundaries import official_codes

if TYPE_CHECKING:
    import pandas as pd

FILE = "events/slv/events.csv"
TEXTS = Path(__file__).parent / "events.toml"
RAW_EVENTS = 37


def write(sources: Path, out: Path, units: pd.DataFrame) -> dict[str, int]:
    """Write the events; give the rows of the file."""
    folder = sources / "events"
    raw = read_table(folder / "events.csv").set_index("name")
    expect(len(raw), RAW_EVENTS, "raw events")
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    places = _places(folder, official_codes(units))
    rows = [_event(slug, entry, raw, places) for slug, entry in texts.items()]
    used = [entry["raw"] for entry in texts.values() if "raw" in entry]
    expect(sorted(used), sorted(raw.index), "raw events that have words")
    for row in rows:
        for lang in ("es", "en"):
            title = row[f"title_{lang}"]
            expect(len(title) <= TITLE_LENGTH, True, f"title of {len(title)} letters: {title}")
    frame = table(rows, EVENT_COLUMNS)
    return {FILE: write_table(out / FILE, frame, key=["start", "event"])}


def _event(
    slug: str, entry: dict[str, Any], raw: pd.DataFrame, places: dict[str, str]
) -> dict[str, str]:
    row = {"event": slug, "scope": "national", **_dates(entry, raw)}
    row |= {name: str(entry[name]) for name in EVENT_COLUMNS if name in entry}
    row["units"] = places[entry["places"]] if "places" in entry else ""
    return row


def _dates(entry: dict[str, Any], raw: pd.DataFrame) -> dict[str, str]:
    """Take date, scope, sources and grade from the raw row, where the event has one.

    Grade A: two or more pages; B: one page; C: a scheduled date, or a day that was not found.
    """
    if "raw" not in entry:
        return {}
    row = raw.loc[entry["raw"]]
    sources = row["sources"].split("; ")
    grade = "A" if len(sources) > 1 else "B"
    if row["confidence"] != "page":
        grade = "C"
    return {
        "start": row["date"],
        "end": row["end_date"],
        "date_precision": row["date_precision"],
        "scope": row["scope"],
        "source": " ; ".join(sources),
        "grade": grade,
    }


def _places(folder: Path, official: dict[str, str]) -> dict[str, str]:
    """Give the official codes of each named list of municipalities, joined by ";"."""
    free = read_table(folder / "municipios_libres_de_violencia.csv")
    plan = read_table(folder / "plan_el_salvador_seguro_50.csv")
    control = read_table(folder / "plan_control_territorial_phase1.csv")
    confirmed = free[~free["evidence"].str.contains("unconfirmed")]
    expect((len(free), len(confirmed)), (11, 9), "violence-free municipalities, confirmed")
    lists = {
        name: [code] for name, code in zip(free["municipality"], free["cod_pcode"], strict=True)
    }
    lists["free"] = confirmed["cod_pcode"].tolist()
    lists["free_first"] = free["cod_pcode"].tolist()[:4]
    for phase, size in (("I", 10), ("II", 16), ("III", 24)):
        lists[f"pess_{phase}"] = plan.loc[plan["phase"] == phase, "cod_pcode"].tolist()
        expect(len(lists[f"pess_{phase}"]), size, f"Plan El Salvador Seguro, phase {phase}")
    lists["control"] = control["cod_pcode"].tolist()
    return {
        name: ";".join(sorted({official[code] for code in codes})) for name, codes in lists.items()
    }
