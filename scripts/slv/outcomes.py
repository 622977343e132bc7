"""Counts by municipality and year, and the published totals to hold them against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from tables import expect, read_table, records, table, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "homicides/slv"
YEARS = [str(year) for year in range(2008, 2019)]
# (outcome, institution) to the panel's column
SERIES = {
    ("homicides", "iml"): "Homicidios_IML",
    ("homicides", "pnc"): "Homicidios_PNC",
    ("homicides_women", "iml"): "Homicidios_Mujeres_IML",
    ("homicides_firearm", "iml"): "Homicidios_Fuego_IML",
    ("injuries", "iml"): "Lesiones_IML",
    ("sexual_violence", "iml"): "Vsexual_IML",
    ("robbery", "fgr"): "Robo_FGR",
    ("extortion", "fgr"): "Extorsion_FGR",
    ("threats", "pnc"): "Amenazas",
    ("deprivation_of_liberty", "pnc"): "Privacion_Libertad_PNC",
}
# Department and year whose counts are no counts. Injuries were hardly recorded in three departments
# in some of the first years (San Salvador 2010: 3, the year after 4,410).
NOT_RECORDED = {
    ("injuries", "2008"): ["03"],
    ("injuries", "2009"): ["06"],
    ("injuries", "2010"): ["03", "05", "06"],
}
# A department's count below this part of its median year is taken as not recorded.
RECORDED_PART = 0.05
# Firearm homicides of 2018 are 35 in the whole country against 3,026 the year before: truncated.
# Deprivation of liberty changes its level fourfold in 2013, so that its median says nothing.
RULE_DOES_NOT_APPLY = ("homicides_firearm", "deprivation_of_liberty")
FAULTY = {
    **NOT_RECORDED,
    ("homicides_firearm", "2018"): [f"{number:02d}" for number in range(1, 15)],
}
PANEL_ADDRESS = (
    "github:MetziLuna/Datos_SV@ee726bf3 Crimen/ (John Jay College / AAS municipal database)"
)
# fmt: off
PUBLISHED = (
    "check", "measure", "unit", "period", "outcome", "institution", "value", "tolerance",
    "source", "note",
)
# fmt: on
# Published numbers of municipalities without a homicide that the panel must give: year, wording
# of the institution in the list, institution of the panel.
WITHOUT_HOMICIDE = (
    ("2013", "FUNDAUNGO", "pnc"),
    ("2016", "IML (262-238)", "iml"),
    ("2018", "PNC", "pnc"),
)
# Years whose published national total the panel must give: (year, wording of the institution in
# the list of published totals, institution of the panel, tolerance).
NATIONAL = (
    ("2008", "tripartite", "iml", 0),
    ("2009", "PNC/IML", "iml", 0),
    ("2010", "PNC", "pnc", 0),
    ("2010", "tripartite", "iml", 1),
    ("2011", "PNC", "pnc", 0),
    ("2012", "IML", "iml", 0),
    ("2013", "IML", "iml", 0),
    ("2014", "UNODC Global Study on Homicide 2019", "iml", 0),
    ("2015", "IML", "iml", 0),
    ("2017", "PNC revised", "pnc", 0),
    ("2018", "UNODC (2025 vintage, WPP2024)", "iml", 0),
)
TOTALS = {
    ("homicides", "iml"): [3179, 4382, 4004, 4371, 2594, 2513, 3921, 6656, 5280, 3962, 3346],
    ("homicides", "pnc"): [3179, 4367, 3987, 4371, 2594, 2513, 3921, 6656, 5280, 3962, 3346],
}


def panel(sources: Path, units: pd.DataFrame) -> pd.DataFrame:
    """Read the municipal panel and give it official codes (columns `unit` and `year`).

    The panel's own codes follow another order in nine municipalities of Sonsonate.
    """
    raw = read_table(sources / "homicides/crime_panel_2008_2018.csv")
    codes = read_table(sources / "homicides/crime_panel_2008_2018_code_map.csv")
    expect(len(raw), 262 * len(YEARS), "rows of the municipal panel")
    expect(int((codes["code_differs"] == "1").sum()), 9, "panel codes that are not official")
    joined = raw.merge(
        codes, left_on="Codigo_Municipio_Alf", right_on="panel_code", validate="many_to_one"
    )
    expect(len(joined), len(raw), "panel rows with an official code")
    expect(bool((joined["Municipio"] == joined["panel_name"]).all()), True, "panel names agree")
    frame = joined.rename(columns={"code": "unit", "Año": "year"})
    known = units.loc[units["level"] == "municipality", "unit"]
    expect(sorted(frame["unit"].unique()), sorted(known), "municipalities of the panel")
    expect(bool(frame.duplicated(["unit", "year"]).any()), False, "panel rows share a key")
    _check_order(frame, sources)
    _check_totals(frame)
    return frame


def _check_order(frame: pd.DataFrame, sources: Path) -> None:
    """Hold the code map against the census of 2007, which has official codes."""
    raw = read_table(sources / "boundaries/cnr_municipio_attributes_2007.csv")
    census = raw[raw["COD_MUN4"] != ""].set_index("COD_MUN4")["POB_TOTAL"].astype(int)
    year = frame[frame["year"] == "2009"].set_index("unit")
    projected = pd.to_numeric(year["Poblacion"]).dropna()
    change = (projected / census.reindex(projected.index) - 1).abs()
    expect(bool((change[change.index.str[:2] == "03"] < 0.15).all()), True, "Sonsonate in 2009")
    expect(list(change[change > 0.2].index), ["0814"], "projections far from the census")


def _check_totals(frame: pd.DataFrame) -> None:
    for series, wanted in TOTALS.items():
        counts = frame[SERIES[series]].astype(int).groupby(frame["year"]).sum()
        expect(counts.loc[YEARS].tolist(), wanted, f"national totals of {series}")
    zero = (frame["year"] == "2013") & (frame["Homicidios_PNC"] == "0")
    expect(int(zero.sum()), 49, "municipalities without a police homicide in 2013")
    truncated = frame.loc[frame["year"] == "2018", "Homicidios_Fuego_IML"].astype(int).sum()
    expect(int(truncated), 35, "truncated firearm homicides of 2018")
    _check_recorded(frame)


def _check_recorded(frame: pd.DataFrame) -> None:
    """Find the departments and years that were hardly recorded, by the one declared rule."""
    found: dict[tuple[str, str], list[str]] = {}
    for (outcome, _), column in SERIES.items():
        if outcome in RULE_DOES_NOT_APPLY:
            continue
        counts = frame[["year"]].assign(
            department=frame["unit"].str[:2], count=frame[column].astype(int)
        )
        wide = counts.pivot_table(index="department", columns="year", values="count", aggfunc="sum")
        low = wide.lt(wide.median(axis=1) * RECORDED_PART, axis=0)
        found |= {(outcome, year): list(low.index[low[year]]) for year in YEARS if low[year].any()}
    expect(found, NOT_RECORDED, "departments and years that were hardly recorded")


def write(sources: Path, out: Path, frame: pd.DataFrame, units: pd.DataFrame) -> dict[str, int]:
    """Write outcomes and published totals; give the rows of each file."""
    outcomes = pd.concat([_series(frame, *series) for series in SERIES], ignore_index=True)
    expect(len(outcomes), 262 * len(YEARS) * len(SERIES), "rows of outcomes")
    checks = [
        *_departments(sources, units),
        *_nation(sources),
        *_municipalities(sources, units),
        *_without_homicide(sources),
    ]
    published = table(checks, PUBLISHED)
    _check_published(published, frame)
    return {
        f"{FOLDER}/outcomes.csv": write_table(
            out / FOLDER / "outcomes.csv",
            outcomes,
            key=["unit", "period", "outcome", "institution"],
        ),
        f"{FOLDER}/published.csv": write_table(
            out / FOLDER / "published.csv", published, key=["check"]
        ),
    }


def _series(frame: pd.DataFrame, outcome: str, institution: str) -> pd.DataFrame:
    counts = frame[SERIES[outcome, institution]].astype(int)
    expect(bool((counts >= 0).all()), True, f"{outcome} counts are not negative")
    faulty = pd.Series(
        [
            unit[:2] in FAULTY.get((outcome, year), [])
            for unit, year in zip(frame["unit"], frame["year"], strict=True)
        ],
        index=frame.index,
    )
    return pd.DataFrame(
        {
            "unit": frame["unit"],
            "period": frame["year"],
            "outcome": outcome,
            "institution": institution,
            "count": counts.astype(str).mask(faulty, ""),
            "quality": faulty.map({True: "faulty", False: "published"}),
        }
    )


def _check(unit: str, year: str, institution: str, value: str, tolerance: int) -> dict[str, str]:
    return {
        "check": f"homicides-{institution}-{year}-{unit}",
        "measure": "count",
        "unit": unit,
        "period": year,
        "outcome": "homicides",
        "institution": institution,
        "value": str(int(float(value))),
        "tolerance": str(tolerance),
    }


def _departments(sources: Path, units: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Give the two years whose fourteen departments were published: 2010 and 2018."""
    raw = read_table(sources / "homicides/department_homicides_2.csv")
    code = units[units["level"] == "department"].set_index("name")["unit"]
    complete = raw[raw["complete"] == "True"]
    expect(complete["year"].value_counts().to_dict(), {"2010": 14, "2018": 14}, "departments")
    notes = {
        "2010": "Published by La Prensa Gráfica, 22 March 2011.",
        "2018": "Table of the forensic institute.",
    }
    for row in records(complete):
        entry = _check(code[row["departamento"]], row["year"], "iml", row["homicides"], 1)
        yield entry | {"source": row["source"], "note": notes[row["year"]]}


def _nation(sources: Path) -> Iterator[dict[str, str]]:
    raw = read_table(sources / "homicides/national_annual_all_sources.csv")
    for year, words, institution, tolerance in NATIONAL:
        row = raw[(raw["year"] == year) & (raw["institution"] == words)]
        expect(len(row), 1, f"published national total {year} {words}")
        value, source = row["homicides"].iloc[0], row["source_url"].iloc[0]
        entry = _check("SV", year, institution, value, tolerance)
        yield entry | {"source": source, "note": f"Published as: {words}."}


def _municipalities(sources: Path, units: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Give whole years that the police and prosecutors, or the forensic institute, published.

    Left out: San Salvador 2015 and Puerto El Triunfo, where the press and the panel disagree;
    the card says so.
    """
    raw = read_table(sources / "homicides/municipal_checkpoints.csv")
    code = units[units["level"] == "municipality"].set_index("pcode")["unit"]
    institutions = {"IML": "iml", "PNC/FGR": "pnc"}
    for row in records(raw):
        year = row["start"][:4]
        whole = (row["start"], row["end"]) == (f"{year}-01-01", f"{year}-12-31")
        usable = (
            whole and row["cod_pcode"] and row["homicides"] and row["institution"] in institutions
        )
        if not usable or (row["cod_pcode"], year) == ("SV1014", "2015"):
            continue
        entry = _check(
            code[row["cod_pcode"]], year, institutions[row["institution"]], row["homicides"], 1
        )
        yield entry | {"source": row["source_url"], "note": f"Published as: {row['institution']}."}


def _without_homicide(sources: Path) -> Iterator[dict[str, str]]:
    raw = read_table(sources / "homicides/municipal_checkpoints.csv")
    raw = raw[raw["municipality"] == "municipalities with no homicide"]
    for year, words, institution in WITHOUT_HOMICIDE:
        row = raw[(raw["end"] == f"{year}-12-31") & (raw["institution"] == words)]
        expect(len(row), 1, f"published number without a homicide, {year} {words}")
        entry = _check("SV", year, institution, row["homicides"].iloc[0], 0)
        yield entry | {
            "check": f"without-homicide-{institution}-{year}",
            "measure": "zero_units",
            "source": row["source_url"].iloc[0],
            "note": f"Municipalities without a homicide, as published by {words}.",
        }


def _check_published(published: pd.DataFrame, frame: pd.DataFrame) -> None:
    for row in records(published):
        part = frame[frame["year"] == row["period"]]
        if row["unit"] != "SV":
            part = part[part["unit"].str.startswith(row["unit"])]
        counts = part[SERIES[row["outcome"], row["institution"]]].astype(int)
        found = int((counts == 0).sum() if row["measure"] == "zero_units" else counts.sum())
        within = abs(found - int(row["value"])) <= int(row["tolerance"])
        expect(within, True, f"{row['check']}: panel {found}, published {row['value']}")
