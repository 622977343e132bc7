"""Homicide rates of Latin America and the Caribbean by country and year, to compare the nation with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from tables import expect, read_table, table, write_table

from slv.outcomes import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

FILE = f"{FOLDER}/comparators.csv"
COLUMNS = ("country", "name", "year", "count", "population", "rate", "source")
# The edition of 2025 repeats Guatemala's 2012 in 2013, is a year late in 2014, has no 2015 and
# 2016, and jumps after: what the study of 2019 does not give is left out.
WRONG = ("GTM", range(2013, 2019))


def write(sources: Path, out: Path) -> dict[str, int]:
    """Choose one edition for each country and year; give the rows of the file."""
    raw = read_table(sources.parent / "lac/lac_homicide_panel_1990_2024.csv")
    numbers = {
        name: pd.to_numeric(raw[name])
        for name in (
            "year",
            "population_worldbank",
            "count_unodc_gsh2019",
            "count_implied_owid2025",
            "rate_unodc_owid2025",
        )
    }
    wrong = (raw["iso3"] == WRONG[0]) & numbers["year"].isin(list(WRONG[1]))
    edition_2025 = numbers["count_implied_owid2025"].mask(wrong)
    edition_2019 = numbers["count_unodc_gsh2019"]
    count = edition_2025.fillna(edition_2019).round()
    people = numbers["population_worldbank"]
    # A rate is the printed one where there is one: a few rest on another population.
    rate = numbers["rate_unodc_owid2025"].where(edition_2025.notna(), count / people * 100_000)
    frame = pd.DataFrame(
        {
            "country": raw["iso3"],
            "name": raw["country"],
            "year": raw["year"],
            "count": count.astype("Int64"),
            "population": people.astype("Int64"),
            "rate": rate.map("{:.3f}".format),
            "source": edition_2025.notna().map({True: "unodc_2025", False: "unodc_2019"}),
        }
    )
    frame = frame[count.notna() & people.notna()]
    nation = frame[frame["country"] == "SLV"].set_index("year")
    expect(int(nation.loc["2011", "count"]), 4371, "El Salvador 2011")
    guatemala = frame[frame["country"] == "GTM"].set_index("year")["count"]
    expect(int(guatemala["2014"]), 4998, "Guatemala 2014")
    rows = table(frame.to_dict("records"), COLUMNS)
    return {FILE: write_table(out / FILE, rows, key=["country", "year"])}
