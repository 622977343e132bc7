"""Units, their groupings and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tables import expect, read_table, records, table, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

FOLDER = "boundaries/slv"
LAST_DAY_OF_262 = "2024-04-30"
FIRST_DAY_OF_44 = "2024-05-01"
COLUMNS = (
    "unit",
    "name",
    "parent",
    "level",
    "valid_from",
    "valid_to",
    "area_km2",
    "pcode",
    "flag",
)
FLAGS = {
    "": "",
    "area_off_cnr_>15%": "area_differs",
    "area_off_cnr_>15%;osm_disagrees": "area_and_outline_differ",
}
# Its area is right, but its outline agrees little with other maps (overlap 0.40 and 0.64).
WEAK_OUTLINE = {"0608": "outline_differs"}
RANKS = {"national_capital": "1", "dept_capital": "2"}


def units(sources: Path) -> pd.DataFrame:
    """Give every unit of the four levels, all cells text."""
    raw = read_table(sources / "boundaries/crosswalk_262_to_44.csv")
    trust = read_table(sources / "boundaries/boundary_confidence.csv")
    expect(raw["old_code"].nunique(), 262, "municipalities")
    joined = raw.merge(trust, left_on="old_code", right_on="code", validate="one_to_one")
    expect(len(joined), 262, "municipalities with a known area")
    rows = records(joined)
    levels = [_nation(rows), *_departments(rows), *_municipalities(rows), *_of_2024(rows)]
    frame = table(levels, COLUMNS)
    expect(frame["unit"].is_unique, True, "unit codes are unique")
    return frame


def _area(rows: list[dict[str, str]]) -> str:
    return f"{sum(float(row['area_km2']) for row in rows):.2f}"


def _nation(rows: list[dict[str, str]]) -> dict[str, str]:
    return {
        "unit": "SV",
        "name": "El Salvador",
        "level": "nation",
        "area_km2": _area(rows),
        "pcode": "SV",
    }


def _departments(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    codes = sorted({row["dept_code"] for row in rows})
    expect(codes, [f"{number:02d}" for number in range(1, 15)], "departments")
    for code in codes:
        part = [row for row in rows if row["dept_code"] == code]
        pcodes = {row["old_ocha_pcode"][:4] for row in part}
        expect(len(pcodes), 1, f"P-codes of department {code}")
        yield {
            "unit": code,
            "name": part[0]["department_x"],
            "parent": "SV",
            "level": "department",
            "area_km2": _area(part),
            "pcode": pcodes.pop(),
        }


def _municipalities(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {
            "unit": row["old_code"],
            "name": row["old_municipio"],
            "parent": row["dept_code"],
            "level": "municipality",
            "valid_to": LAST_DAY_OF_262,
            "area_km2": _area([row]),
            "pcode": row["old_ocha_pcode"],
            "flag": WEAK_OUTLINE.get(row["old_code"], FLAGS[row["flags"]]),
        }


def _of_2024(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    codes = sorted({row["new_ocha_pcode"] for row in rows})
    expect(len(codes), 44, "municipalities of 2024")
    for code in codes:
        part = [row for row in rows if row["new_ocha_pcode"] == code]
        yield {
            "unit": code,
            "name": part[0]["new_municipio"],
            "parent": part[0]["dept_code"],
            "level": "municipality_2024",
            "valid_from": FIRST_DAY_OF_44,
            "area_km2": _area(part),
            "pcode": code,
        }


def official_codes(units_: pd.DataFrame) -> dict[str, str]:
    """Map OCHA P-codes of the 262 municipalities ("SV1014") to official codes ("0614")."""
    old = units_[units_["level"] == "municipality"]
    return dict(zip(old["pcode"], old["unit"], strict=True))


def write(sources: Path, out: Path, units_: pd.DataFrame) -> dict[str, int]:
    """Write units, groups and places; give the rows of each file."""
    return {
        f"{FOLDER}/units.csv": write_table(out / FOLDER / "units.csv", units_, key=["unit"]),
        f"{FOLDER}/groups.csv": write_table(
            out / FOLDER / "groups.csv", _groups(sources), key=["unit", "grouping"]
        ),
        f"{FOLDER}/places.csv": write_table(
            out / FOLDER / "places.csv", _places(sources), key=["rank", "name", "lon", "lat"]
        ),
    }


def _groups(sources: Path) -> pd.DataFrame:
    raw = read_table(sources / "boundaries/crosswalk_262_to_44.csv")
    expect(int((raw["amss"] == "1").sum()), 14, "municipalities of metropolitan San Salvador")
    rows = []
    for row in records(raw):
        metropolitan = "amss" if row["amss"] == "1" else "rest"
        for grouping, group in (
            ("municipality_2024", row["new_ocha_pcode"]),
            ("metropolitan", metropolitan),
        ):
            rows.append({"unit": row["old_code"], "grouping": grouping, "group": group})
    return table(rows, ("unit", "grouping", "group"))


def _places(sources: Path) -> pd.DataFrame:
    raw = read_table(sources / "boundaries/places_geonames.csv")
    raw["rank"] = raw["role"].map(RANKS).fillna("3")
    expect(int((raw["rank"] == "1").sum()), 1, "national capitals among the places")
    return raw[["name", "lon", "lat", "rank", "population"]]
