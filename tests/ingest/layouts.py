"""Known tables, written in the shapes, spellings and numbers that people use."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.study import Study

from . import workbooks

if TYPE_CHECKING:
    from collections.abc import Iterator

STUDY = Study.load("slv")
UNITS = STUDY.units
KEY = ["unit", "period", "outcome", "institution"]
MONTHS = {
    "es": ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
           "octubre", "noviembre", "diciembre"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"],
}  # fmt: skip
NEW = STUDY.groups[STUDY.groups["grouping"] == "municipality_2024"].set_index("unit")["group"]
SHORT = (("San ", "S. "), ("Santa ", "Sta. "), ("Santo ", "Sto. "), ("Nueva ", "Nva. "),
         ("Ciudad ", "Cdad. "), ("Santiago ", "Stgo. "))  # fmt: skip
Table = dict[tuple[str, str], int | None]
Rows = list[list[object]]


def named(unit: str, style: str) -> str:
    """Write the name of a unit as people do."""
    name = str(UNITS["name"][unit])
    if style == "capitals":
        plain = unicodedata.normalize("NFKD", name)
        return "".join(letter for letter in plain if not unicodedata.combining(letter)).upper()
    if style == "short":
        for long, short in SHORT:
            name = name.replace(long, short)
    return f"  {name} " if style == "spaced" else name


def number(count: int | None, style: str, gap: str) -> object:
    """Write a count as people do."""
    if count is None:
        return gap
    comma = f"{count:,}"
    return {
        "plain": str(count),
        "comma": comma,
        "point": comma.replace(",", "."),
        "space": comma.replace(",", "\u00a0"),
        "marked": f"{count}*",
        "footnote": f"{count}¹",
        "zeros": f"{count}.0",
    }[style]


def heading(period: str, style: str) -> str:
    """Write a period as the heading of its column."""
    year, _, month = period.partition("-")
    if not month:
        return {"year": f"AÑO {year}", "marked": f"{year}*"}.get(style, year)
    name = MONTHS["en" if style == "en" else "es"][int(month) - 1]
    return {
        "short": f"{name[:3]}-{year[2:]}",
        "capitals": f"{name.upper()} {year}",
        "numbers": f"{month}/{year}",
        "iso": period,
    }.get(style, f"{name} {year}")


def places_of(table: Table) -> list[str]:
    """Return the units of a table, department by department."""
    return sorted({unit for unit, _ in table})


def periods_of(table: Table) -> list[str]:
    """Return the periods of a table."""
    return sorted({period for _, period in table})


def place(unit: str, naming: str, style: str) -> list[object]:
    """Write where a row is about, in as many cells as `place_heading` has."""
    parent = str(UNITS["parent"][unit])
    name, above = named(unit, style), named(parent, style)
    short = unit.lstrip("0")
    return {
        "code": [unit],
        "lost zero": [short],
        "float": [f"{short}.0"],
        "both": [unit, name],
        "pcode": [str(UNITS["pcode"][unit])],
        "columns": [above, name],
        "one cell": [f"{unit} - {name.strip()}"],
        "brackets": [f"{name.strip()} ({above.strip()})"],
        "district": [above, str(UNITS["name"].get(NEW.get(unit), "")), name],
        "section": [name],
    }[naming]


def place_heading(naming: str) -> list[object]:
    """Write the headings of the columns of places."""
    return {
        "columns": ["Departamento", "Municipio"],
        "both": ["Código", "Municipio"],
        "district": ["DEPTO.", "Municipio", "Distrito"],
        "one cell": ["Municipio"],
        "brackets": ["Municipio"],
        "section": ["Municipio"],
    }.get(naming, ["Código"])  # type: ignore[return-value]


def long_rows(table: Table, how: dict[str, Any]) -> Rows:
    """Write a row for each place and period."""
    monthly = "-" in periods_of(table)[0]
    head = [*place_heading(how["naming"]), "Período" if monthly else "Año", "Casos"]
    rows: Rows = [head]
    for unit in places_of(table):
        for period in periods_of(table):
            said = number(table[unit, period], how["numbers"], how["gap"])
            rows.append([*place(unit, how["naming"], how["style"]), period, said])
    return rows


def wide_rows(table: Table, how: dict[str, Any]) -> Rows:
    """Write a column for each period, with the sums of departments and of all where wished."""
    periods, rows = periods_of(table), []
    lead = place_heading(how["naming"])
    before = ""
    for unit in places_of(table):
        parent = str(UNITS["parent"][unit])
        if how["naming"] == "section" and parent != before:
            rows.append([f"DEPARTAMENTO DE {named(parent, 'capitals')}"])
        before = parent
        cells = [number(table[unit, p], how["numbers"], how["gap"]) for p in periods]
        rows.append([*place(unit, how["naming"], how["style"]), *cells])
        last = unit == max(u for u in places_of(table) if UNITS["parent"][u] == parent)
        if how["totals"] and last:
            rows.append(_sums(table, len(lead), f"Subtotal {UNITS['name'][parent]}", parent))
    if how["totals"]:
        rows.append(_sums(table, len(lead), "TOTAL GENERAL", ""))
    return [[*lead, *(heading(p, how["headings"]) for p in periods)], *rows]


def _sums(table: Table, width: int, label: str, parent: str) -> list[object]:
    inside = [u for u in places_of(table) if parent in ("", UNITS["parent"][u])]
    sums = [sum(table[u, p] or 0 for u in inside) for p in periods_of(table)]
    return [label, *([""] * (width - 1)), *map(str, sums)]


def stacked_rows(table: Table, how: dict[str, Any]) -> Rows:
    """Write two lines of headings: the periods, and below each the men, the women and all."""
    periods = periods_of(table)
    lead = place_heading("columns")
    upper: list[object] = [*lead, *(c for p in periods for c in (heading(p, "es"), "", ""))]
    lower: list[object] = ["", "", *(["Hombres", "Mujeres", "Total"] * len(periods))]
    rows: Rows = [upper, lower]
    for unit in places_of(table):
        counts = [table[unit, p] for p in periods]
        parts = [(n and n - n // 4, n and n // 4, n) for n in counts]
        cells = [number(n, "plain", how["gap"]) for three in parts for n in three]
        rows.append([*place(unit, "columns", how["style"]), *cells])
    return rows


def dated_rows(table: Table, style: str) -> Iterator[list[str]]:
    """Write a row for each case, its day in the style."""
    for (unit, period), count in table.items():
        year, month = period.split("-")
        for case in range(count or 0):
            day = 13 + case % 15  # above 12, so that it says what comes first
            written = {
                "iso": f"{period}-{day}",
                "dmy": f"{day}/{int(month)}/{year}",
                "mdy": f"{int(month)}/{day}/{year}",
                "words": f"{day} de {MONTHS['es'][int(month) - 1]} de {year}",
            }[style]
            name, above = named(unit, "name"), named(str(UNITS["parent"][unit]), "name")
            yield [written, above, name, f"Nombre Inventado {case}"]


def written(rows: Rows, form: str, delimiter: str = ",", *, title: bool = False) -> bytes:
    """Write rows as a text file or as a workbook."""
    if title:
        rows = [["Homicidios por municipio"], [""], *rows, ["Fuente: policía"]]
    if form in ("xlsx", "ods"):
        cells = [[cell or None for cell in row] for row in rows]
        return workbooks.xlsx({"Hoja1": cells}) if form == "xlsx" else workbooks.ods({"H": cells})
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(form, "replace")


def frame(table: Table) -> pd.DataFrame:
    """Return a table as it should be read."""
    rows = [(u, p, "homicides", "iml", count) for (u, p), count in sorted(table.items())]
    return pd.DataFrame(rows, columns=[*KEY, "count"]).astype({"count": "Int64"})
