"""Population by municipality and year, and national series to compare denominators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tables import expect, read_table, records, table, write_table

from slv.outcomes import YEARS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

FILE = "population/slv/population.csv"
COLUMNS = ("unit", "year", "series", "population", "method")
MISSING = [("0427", "2008"), *(("0428", str(year)) for year in range(2008, 2012))]
CENSUS_YEAR = 2007
NATIONAL = {
    "wb_2012-10_wpp2010": "wb_wpp2010",
    "wb_2015-08_wpp2012": "wb_wpp2012",
    "wb_2017-06_wpp2015": "wb_wpp2015",
    "wb_2017-10_wpp2017": "wb_wpp2017",
    "wb_2020-04_wpp2019": "wb_wpp2019",
    "wb_2023-05_wpp2022": "wb_wpp2022",
    "wb_2026-03_wpp2024": "wb_wpp2024",
    "digestyc_rev2010_interp": "digestyc_rev2010_interp",
    "digestyc_rev2014_interp": "digestyc_rev2014_interp",
}


def write(sources: Path, out: Path, panel: pd.DataFrame) -> dict[str, int]:
    """Write every population series; give the rows of the file."""
    official = panel[panel["Poblacion"] != ""].set_index(["unit", "year"])["Poblacion"].astype(int)
    gaps = sorted(set(zip(panel["unit"], panel["year"], strict=True)) - set(official.index))
    expect(gaps, MISSING, "municipal populations missing in the panel")
    national = official.groupby(level="year").sum()
    expect(int(national["2011"]), 6_237_637, "national population of 2011")
    rows = [
        *_projection(official, "digestyc"),
        *_projection(official, "digestyc_filled"),
        *_filled(sources, official),
        *_national(sources),
    ]
    frame = table(rows, COLUMNS)
    expect(int((frame["series"] == "digestyc").sum()), 2877, "official projections")
    expect(int((frame["series"] == "digestyc_filled").sum()), 2882, "projections, filled")
    return {FILE: write_table(out / FILE, frame, key=["series", "unit", "year"])}


def _projection(official: pd.Series, series: str) -> Iterator[dict[str, object]]:
    for unit, year in official.index:
        yield {
            "unit": unit,
            "year": year,
            "series": series,
            "population": official[unit, year],
            "method": "projection",
        }


def _filled(sources: Path, official: pd.Series) -> Iterator[dict[str, object]]:
    """Interpolate the missing years on the logarithm, from the census to the first projection."""
    raw = read_table(sources / "population/municipal_population_tidy.csv")
    census = raw[raw["source"] == "census2007"].set_index("code")["population"].astype(int)
    for unit, year in MISSING:
        first = int(min(official[unit].index))
        ends = np.log([census[unit], official[unit, str(first)]])
        value = np.exp(np.interp(int(year), [CENSUS_YEAR, first], ends))
        yield {
            "unit": unit,
            "year": year,
            "series": "digestyc_filled",
            "population": round(float(value)),
            "method": "interpolated",
        }


def _national(sources: Path) -> Iterator[dict[str, object]]:
    raw = read_table(sources / "population/national_population.csv")
    chosen = raw[raw["series"].isin(list(NATIONAL)) & raw["year"].isin(YEARS)]
    for row in records(chosen):
        method = "estimate"
        if row["series"].startswith("digestyc"):
            method = "projection" if "(anchor)" in row["source"] else "interpolated"
        yield {
            "unit": "SV",
            "year": row["year"],
            "series": NATIONAL[row["series"]],
            "population": row["population"],
            "method": method,
        }
