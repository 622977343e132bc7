"""Actors, claims about who holds ground, and interventions."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tables import ACTOR_COLUMNS, expect, read_table, records, table, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

FOLDER = "territories/slv"
TEXTS = Path(__file__).parent / "territories.toml"
CLAIMS = (
    "claim",
    "unit",
    "level",
    "place",
    "actor",
    "kind",
    "value",
    "start",
    "end",
    "date_precision",
    "grade",
    "display_tier",
    "source",
    "url",
    "note_es",
    "note_en",
)
INTERVENTIONS = (
    "intervention",
    "unit",
    "kind",
    "phase",
    "start_earliest",
    "start_latest",
    "end",
    "date_precision",
    "confidence",
    "source",
)
# From this day on, nothing below a municipality.
EVE_OF_EXCEPTION = "2022-03-26"
BELOW = ("locality", "police_jurisdiction")
# What the raw lists call an intervention, and what it is called here.
KINDS = {"gang_truce": "truce", "state_of_exception": "exception", "security_cordon": "cordon"}
DATES = {  # of the municipalities free of violence whose day is given in words
    "Sonsonate": ("2013-01-18", "2013-03-04", "range"),
    "La Libertad": ("2013-02-26", "2013-03-01", "range"),
    "Zacatecoluca": ("2013-04-05", "2013-07-23", "range"),
    "San Salvador": ("2013-04-05", "2013-07-26", "range"),
    "Ciudad Delgado": ("2013-04-05", "2013-07-23", "range"),
    "Puerto El Triunfo": ("2013-04-05", "2013-07-23", "range"),
}
PLAN_DATES = {  # phase of Plan El Salvador Seguro: earliest and latest start, precision, size
    "I": ("2015-07-16", "2015-07-16", "day", 10),
    "II": ("2016-07-01", "2016-12-31", "range", 16),
    "III": ("2017-11-01", "2017-11-30", "month", 24),
}


def write(sources: Path, out: Path, units: pd.DataFrame) -> dict[str, int]:
    """Write actors, claims and interventions; give the rows of each file."""
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    official = units.set_index("pcode")["unit"].to_dict()
    folder = out / FOLDER
    actors = table(_actors(texts), ACTOR_COLUMNS)
    claims = _claims(sources, texts, official)
    named = {actor for cell in claims["actor"] for actor in cell.split(";")}
    expect(named - set(actors["actor"]), set(), "actors of claims that are not in the list")
    interventions = table(_interventions(sources / "events", official), INTERVENTIONS)
    return {
        f"{FOLDER}/actors.csv": write_table(folder / "actors.csv", actors, key=["actor"]),
        f"{FOLDER}/claims.csv": write_table(folder / "claims.csv", claims, key=["claim"]),
        f"{FOLDER}/interventions.csv": write_table(
            folder / "interventions.csv", interventions, key=["intervention"]
        ),
    }


def _actors(texts: dict[str, Any]) -> Iterator[dict[str, str]]:
    for actor, entry in texts["actor"].items():
        yield entry | {"actor": actor, "aliases": ";".join(entry["aliases"])}


def _claims(sources: Path, texts: dict[str, Any], official: dict[str, str]) -> pd.DataFrame:
    raw = read_table(sources / "territories/claims.csv")
    expect(len(raw), 142, "raw claims")
    late = raw["unit_level"].isin(BELOW) & (raw["period_end"] > EVE_OF_EXCEPTION)
    expect(int(late.sum()), 0, "claims below a municipality after the state of exception")
    rows = [_claim(row, texts, official) for row in records(raw)]
    frame = table(rows, CLAIMS)
    expect(set(texts["place"]) - set(raw["locality"]), set(), "places that no claim names")
    municipal = frame[frame["level"] == "municipality"]
    expect((len(municipal), municipal["unit"].nunique()), (56, 41), "municipal claims, units")
    return frame


def _claim(row: dict[str, str], texts: dict[str, Any], official: dict[str, str]) -> dict[str, str]:
    place = texts["place"].get(row["locality"], row["locality"])
    level = row["unit_level"].replace("national", "nation")
    pcode = row["unit_code"] or texts["inside"][row["claim_id"]]
    return {
        "claim": row["claim_id"],
        "unit": official[pcode],
        "level": level,
        "place": place,
        "actor": ";".join(sorted(row["gang"].split("|"))),
        "kind": row["claim"],
        "value": row["value"],
        "start": row["period_start"],
        "end": row["period_end"],
        "date_precision": row["date_precision"],
        "grade": row["confidence"],
        "display_tier": row["display_tier"],
        "source": texts["source"].get(row["source"], row["source"]),
        "url": row["source_url"].split(" ")[0],
        **_note(row["note"], texts),
    }


def _note(raw: str, texts: dict[str, Any]) -> dict[str, str]:
    """Give a coder's note in both languages; a wording without words of ours stops the build."""
    inferred = raw.endswith(texts["window"]["raw"])
    body = raw.removesuffix(texts["window"]["raw"]).removesuffix("; ") if inferred else raw
    note = {}
    for lang in ("es", "en"):
        parts = [texts["note"][body][lang]] if body else []
        parts += [texts["window"][lang]] if inferred else []
        note[f"note_{lang}"] = "; ".join(parts)
    return note


def _interventions(folder: Path, official: dict[str, str]) -> Iterator[dict[str, str]]:
    yield from _free_of_violence(folder, official)
    yield from _plan(folder, official)
    yield from _control(folder, official)
    yield from _others(folder, official)


def _free_of_violence(folder: Path, official: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give the eleven municipalities declared free of violence.

    confidence: A two or more pages, B one page, C confirmed but the day is not, D unconfirmed.
    """
    raw = read_table(folder / "municipios_libres_de_violencia.csv")
    confirmed = ~raw["evidence"].str.contains("unconfirmed")
    expect((len(raw), int(confirmed.sum())), (11, 9), "free of violence, confirmed")
    for row in records(raw):
        first, last, precision = DATES.get(row["municipality"], (row["date"], row["date"], "day"))
        pages = row["sources"].split("; ")
        confidence = "A" if len(pages) > 1 else "B"
        if precision == "range":
            confidence = "C"
        if "unconfirmed" in row["evidence"]:
            confidence = "D"
        yield _row("violence_free", row["order"], official[row["cod_pcode"]]) | {
            "start_earliest": first,
            "start_latest": last,
            "date_precision": precision,
            "confidence": confidence,
            "source": " ; ".join(pages),
        }


def _plan(folder: Path, official: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give the fifty municipalities of Plan El Salvador Seguro; the two raw lists must agree."""
    raw = read_table(folder / "plan_el_salvador_seguro_50.csv")
    other = read_table(folder / "interventions.csv")
    other = other[other["kind"] == "plan_el_salvador_seguro"]
    expect(sorted(raw["cod_pcode"]), sorted(other["unit_code"]), "the fifty, in both lists")
    for phase, (first, last, precision, size) in PLAN_DATES.items():
        part = raw[raw["phase"] == phase]
        expect(len(part), size, f"Plan El Salvador Seguro, phase {phase}")
        for row in records(part):
            pages = row["sources"].split("; ")
            yield _row("pess", str(len(phase)), official[row["cod_pcode"]]) | {
                "start_earliest": first,
                "start_latest": last,
                "date_precision": precision,
                "confidence": "A" if len(pages) > 1 else "B",
                "source": " ; ".join(pages),
            }


def _control(folder: Path, official: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give the sixteen municipalities that one page names of the first phase, out of 17 or 22."""
    raw = read_table(folder / "plan_control_territorial_phase1.csv")
    expect(raw["cod_pcode"].nunique(), 16, "Plan Control Territorial, phase I, names")
    for row in records(raw):
        yield _row("pct", "1", official[row["cod_pcode"]]) | {
            "start_earliest": row["announced"],
            "start_latest": row["announced"],
            "date_precision": "day",
            "confidence": "C",
            "source": row["sources"],
        }


def _others(folder: Path, official: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give truce, state of exception and cordons, at municipality level or above."""
    raw = read_table(folder / "interventions.csv")
    raw = raw[raw["kind"].isin(list(KINDS))]
    expect(set(raw["locality"]), {""}, "interventions below a municipality")
    for row in records(raw):
        kind = KINDS[row["kind"]]
        entry = _row(kind, row["phase"], official[row["unit_code"]])
        if kind == "cordon":  # one place may be closed off more than once
            entry["intervention"] += f"-{row['start_earliest'][:7]}"
        precision = "range" if row["date_precision"] == "unknown" else row["date_precision"]
        yield entry | {
            "start_earliest": row["start_earliest"],
            "start_latest": row["start_latest"],
            "end": row["end_date"],
            "date_precision": precision,
            "confidence": row["confidence"],
            "source": row["source_url"],
        }


def _row(kind: str, phase: str, unit: str) -> dict[str, str]:
    return {"intervention": f"{kind}-{unit}", "unit": unit, "kind": kind, "phase": phase}
