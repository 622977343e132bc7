"""Yearly totals printed elsewhere, with how far each may be from the table of counts and why."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tables import expect, read_table, table, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "homicides/chicago/published.csv"
TOTALS = Path(__file__).parent / "published.toml"
COLUMNS = ("check", "measure", "unit", "period", "outcome", "institution", "value", "tolerance",
           "source", "note")  # fmt: skip
# The later extract has other years too; these are whole in ours.
YEARS = range(2008, 2018)
QUOTED, EXTRACT = 0.04, 0.02


def write(sources: Path, out: Path) -> dict[str, int]:
    """Write the published totals; give the rows of the file."""
    said = tomllib.loads(TOTALS.read_text(encoding="utf-8"))
    rows = [*_printed(sources, said), *_extracted(sources, said)]
    return {FILE: write_table(out / FILE, table(rows, COLUMNS), key=["check"])}


def _printed(sources: Path, said: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Give the totals of police lists, reports and the press; each is in the raw list of events."""
    raw = read_table(sources / "events.csv").set_index("event_id")
    for total in said["total"]:
        value = str(total["value"])
        expect(raw.loc[total["raw"], total["column"]], value, f"total of {total['year']}")
        tolerance = total.get("tolerance", round(QUOTED * total["value"]))
        yield _row(f"city-{total['year']}-{value}", total["year"], value, tolerance,
                   total["source"], said["kind"][total["kind"]]["note"])  # fmt: skip


def _extracted(sources: Path, said: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Give the totals of a later extract of the same records, summed over the areas."""
    raw = read_table(sources / "homicides_annual_2008_2024.csv")
    kind = said["kind"]["extract"]
    sums = raw.assign(n=raw["count"].astype(int)).groupby("year")["n"].sum()
    for year in YEARS:
        value = int(sums[str(year)])
        yield _row(f"extract-2026-{year}", year, str(value), round(EXTRACT * value),
                   kind["source"], kind["note"])  # fmt: skip


def _row(
    check: str, year: int, value: str, tolerance: int, source: str, note: str
) -> dict[str, str]:
    return {
        "check": check, "measure": "count", "unit": "CHI", "period": str(year),
        "outcome": "homicides", "institution": "cpd", "value": value,
        "tolerance": str(tolerance), "source": source, "note": note,
    }  # fmt: skip
