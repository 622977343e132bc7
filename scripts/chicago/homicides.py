"""Homicides by community area and month, and the population behind them. Never points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tables import expect, read_table, records, table, write_table

from chicago.boundaries import UNLOCATED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

OUTCOMES = "homicides/chicago/outcomes.csv"
POPULATION = "population/chicago/population.csv"
MONTHS = [f"{year}-{month:02d}" for year in range(2001, 2019) for month in range(1, 13)][:211]
# 28 of the 9,265 victims were killed in August 2018, a month that the extract does not finish.
VICTIMS, UNPLACED = 9237, 54
CENSUS = {"2000": 2_896_016, "2010": 2_695_598, "2020": 2_746_388}
METHODS = {"census": "census", "interpolated": "interpolated"}


def write(sources: Path, out: Path) -> dict[str, int]:
    """Write counts and populations; give the rows of each file."""
    outcomes = table(
        _counts(sources), ("unit", "period", "outcome", "institution", "count", "quality")
    )
    population = table(_people(sources), ("unit", "year", "series", "population", "method"))
    return {
        OUTCOMES: write_table(
            out / OUTCOMES, outcomes, key=["unit", "period", "outcome", "institution"]
        ),
        POPULATION: write_table(out / POPULATION, population, key=["series", "unit", "year"]),
    }


def _counts(sources: Path) -> Iterator[dict[str, str]]:
    """Give the complete grid of 78 units by 211 months; months without a victim are zeros."""
    raw = read_table(sources / "homicides_monthly.csv")
    _check_incidents(sources, raw)
    raw["period"] = raw["year"] + "-" + raw["month"].str.zfill(2)
    count = raw.set_index(["unit_code", "period"])["count"].astype(int)
    expect(count.index.is_unique, True, "one row for each area and month")
    expect(int(count.sum()), VICTIMS, "victims from January 2001 to July 2018")
    expect(int(count[UNLOCATED].sum()), UNPLACED, "victims without a community area")
    units = sorted(count.index.unique("unit_code"))
    expect(len(units), 78, "community areas, and the one for victims without an area")
    for unit in units:
        known = count[unit]
        gaps = set(MONTHS) - set(known.index)
        # Areas have every month; victims without an area have only the months that had any.
        expect(bool(gaps) and unit != UNLOCATED, False, f"months missing in area {unit}")
        for month in MONTHS:
            yield {
                "unit": unit,
                "period": month,
                "outcome": "homicides",
                "institution": "cpd",
                "count": str(known.get(month, 0)),
                "quality": "published",
            }


def _check_incidents(sources: Path, monthly: pd.DataFrame) -> None:
    """Hold the monthly counts against the list of victims, one row a victim, none left out."""
    raw = read_table(sources / "homicides_incidents.csv")
    raw["unit_code"] = raw["unit_code"].replace("", UNLOCATED)
    inside = raw[raw["date"] < "2018-08-01"]
    expect(len(raw) - len(inside), 28, "victims of August 2018")
    listed = inside.groupby("unit_code").size()
    counted = monthly.assign(n=monthly["count"].astype(int)).groupby("unit_code")["n"].sum()
    expect(listed.to_dict(), counted[counted > 0].to_dict(), "victims by area, listed and counted")


def _people(sources: Path) -> Iterator[dict[str, str]]:
    """Give the census series up to 2020; later years only repeat it and are left out."""
    raw = read_table(sources / "population.csv")
    raw = raw[(raw["series"] == "census") & raw["quality"].isin(list(METHODS))]
    expect(len(raw), 77 * 21, "areas and years of the census series")
    for year, people in CENSUS.items():
        found = raw.loc[raw["year"] == year, "population"].astype(float).sum()
        expect(round(found), people, f"census of {year}")
    for row in records(raw):
        yield {
            "unit": row["unit_code"],
            "year": row["year"],
            "series": "census",
            "population": f"{float(row['population']):.1f}".removesuffix(".0"),
            "method": METHODS[row["quality"]],
        }
