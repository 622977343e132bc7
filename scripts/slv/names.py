"""Other spellings of the municipalities, and the codes of the districts that they became in 2024."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tables import expect, read_table, records, table, write_table

from slv.boundaries import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = f"{FOLDER}/aliases.csv"
COLUMNS = ("unit", "alias", "kind")


def write(sources: Path, out: Path) -> dict[str, int]:
    """Write the aliases; give the rows of the file."""
    rows = [*_spellings(sources), *_districts(sources)]
    return {FILE: write_table(out / FILE, table(rows, COLUMNS), key=["unit", "kind", "alias"])}


def _spellings(sources: Path) -> Iterator[dict[str, str]]:
    """Give each spelling that is not the official name; case and accents need no row of their own."""
    raw = read_table(sources / "boundaries/municipio_name_aliases.csv")
    others = raw[raw["is_preferred"] == "0"]
    expect((raw["code"].nunique(), len(others)), (262, 43), "municipalities, other spellings")
    expect(int(raw.duplicated(["department", "alias_norm"]).sum()), 0, "one spelling, two places")
    for row in records(others):
        yield {"unit": row["code"], "alias": row["spellings"].split(" ; ")[0], "kind": "name"}


def _districts(sources: Path) -> Iterator[dict[str, str]]:
    """Give the six digits of each district: department, municipality of 2024, municipality before."""
    raw = read_table(sources / "boundaries/crosswalk_262_to_44.csv")
    expect(raw["new_district_code"].nunique(), 262, "districts of 2024")
    for row in records(raw):
        code, old = row["new_district_code"], row["old_code"]
        expect(code[:2] + code[4:], old, f"district {code}")
        yield {"unit": old, "alias": code, "kind": "code"}
