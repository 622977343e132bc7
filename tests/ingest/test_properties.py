"""A known table, written in any shape, encoding and naming, is read back unchanged."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.evidence.ingest import ingest, regrouped
from territory.study import Study

from . import workbooks

STUDY = Study.load("slv")
KEY = ["unit", "period", "outcome", "institution"]
MONTHS = {
    "es": ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"],
}  # fmt: skip
Table = dict[tuple[str, str], int | None]

counts = st.none() | st.integers(0, 9_999).filter(lambda n: n == 0 or n % 1000)
units = st.lists(st.sampled_from(sorted(STUDY.codes)), min_size=1, max_size=6, unique=True)


@st.composite
def tables(draw: st.DrawFn, *, monthly: bool | None = None) -> Table:
    """Draw counts of a few municipalities in a few years or months, at least one known."""
    if draw(st.booleans()) if monthly is None else monthly:
        first, n = draw(st.integers(1, 12)), draw(st.integers(1, 5))
        year = draw(st.integers(2000, 2023))
        periods = [str(pd.Period(f"{year}-{first:02d}", "M") + i) for i in range(n)]
    else:
        year = draw(st.integers(1990, 2020))
        periods = [str(year + i) for i in range(draw(st.integers(1, 4)))]
    places = draw(units)
    table = {(unit, period): draw(counts) for unit in places for period in periods}
    table[places[0], periods[0]] = draw(st.integers(1, 999))
    return table


def named(unit: str, style: str) -> str:
    """Write the name of a unit as people do."""
    name = str(STUDY.units["name"][unit])
    if style == "capitals":
        plain = unicodedata.normalize("NFKD", name)
        return "".join(letter for letter in plain if not unicodedata.combining(letter)).upper()
    if style == "short":
        for long, short in (("San ", "S. "), ("Santa ", "Sta. "), ("Nueva ", "Nva. ")):
            name = name.replace(long, short)
    return f"  {name} " if style == "spaced" else name


def number(count: int | None, style: str, gap: str) -> object:
    """Write a count as people do."""
    if count is None:
        return gap
    return {"plain": str(count), "comma": f"{count:,}", "point": f"{count:,}".replace(",", ".")}[
        style
    ]


def rows_of(table: Table, shape: str, how: dict[str, Any]) -> list[list[object]]:
    """Lay a table out: a row for each place and period, or a column for each period."""
    places = sorted({unit for unit, _ in table})
    periods = sorted({period for _, period in table})

    def where(unit: str) -> list[object]:
        if how["naming"] == "code":
            return [unit]
        parent = STUDY.units["parent"][unit]
        return [named(parent, how["naming"]), named(unit, how["naming"])]

    def said(unit: str, period: str) -> object:
        return number(table[unit, period], how["numbers"], how["gap"])

    heading: list[object] = ["Código"] if how["naming"] == "code" else ["Departamento", "Municipio"]
    if shape == "long":
        body = [[*where(u), p, said(u, p)] for u in places for p in periods]
        return [[*heading, "Período" if "-" in periods[0] else "Año", "Casos"], *body]
    spelled = [_heading(period, how["lang"]) for period in periods]
    body = [[*where(u), *(said(u, p) for p in periods)] for u in places]
    if how["totals"]:
        sums = [sum(table[u, p] or 0 for u in places) for p in periods]
        body.append(["TOTAL", *([""] * (len(heading) - 1)), *map(str, sums)])
    return [[*heading, *spelled], *body]


def _heading(period: str, lang: str) -> str:
    year, _, month = period.partition("-")
    return f"{MONTHS[lang][int(month) - 1]} {year}" if month else year


def written(rows: list[list[object]], form: str, delimiter: str, title: bool) -> bytes:
    """Write rows as a text file or as a workbook."""
    if title:
        rows = [["Homicidios por municipio"], [""], *rows]
    if form in ("xlsx", "ods"):
        cells = [[cell or None for cell in row] for row in rows]
        return workbooks.xlsx({"Hoja1": cells}) if form == "xlsx" else workbooks.ods({"H": cells})
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(form)


ways = st.fixed_dictionaries(
    {
        "naming": st.sampled_from(["code", "name", "capitals", "short", "spaced"]),
        "numbers": st.sampled_from(["plain", "comma", "point"]),
        "gap": st.sampled_from(["", "-", "s/d", "N/D"]),
        "lang": st.sampled_from(["es", "en"]),
        "totals": st.booleans(),
    }
)


def frame(table: Table) -> pd.DataFrame:
    """Return a table as it should be read."""
    rows = [(u, p, "homicides", "iml", count) for (u, p), count in sorted(table.items())]
    return pd.DataFrame(rows, columns=[*KEY, "count"]).astype({"count": "Int64"})


@settings(max_examples=120, deadline=None)
@given(
    table=tables(),
    shape=st.sampled_from(["long", "wide"]),
    how=ways,
    form=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"]),
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    title=st.booleans(),
)
def test_a_text_file_is_read_back_unchanged(table, shape, how, form, delimiter, title) -> None:
    """Shape, encoding, delimiter, spelling and separators leave no trace."""
    rows = rows_of(table, shape, how)

    result = ingest(written(rows, form, delimiter, title), STUDY, name="datos.csv")

    pd.testing.assert_frame_equal(frame(table), result.table, check_dtype=False)


@settings(max_examples=15, deadline=None)
@given(
    table=tables(), shape=st.sampled_from(["long", "wide"]), how=ways,
    form=st.sampled_from(["xlsx", "ods"]), title=st.booleans(),
)  # fmt: skip
def test_a_workbook_is_read_back_unchanged(table, shape, how, form, title) -> None:
    """So it is with workbooks."""
    content = written(rows_of(table, shape, how), form, ",", title)

    result = ingest(content, STUDY, name=f"datos.{form}")

    pd.testing.assert_frame_equal(frame(table), result.table, check_dtype=False)


def dated(table: Table, style: str) -> Iterator[list[str]]:
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
            parent = STUDY.units["parent"][unit]
            name, above = named(unit, "name"), named(parent, "name")
            yield [written, above, name, f"Nombre Inventado {case}"]


@settings(max_examples=40, deadline=None)
@given(
    table=tables(monthly=True).map(lambda t: {k: n and n % 7 for k, n in t.items()}),
    style=st.sampled_from(["iso", "dmy", "mdy", "words"]),
    order=st.randoms(use_true_random=False),
)
def test_a_list_of_cases_is_counted(table, style, order) -> None:
    """Each row is one case, never two and never none, in whatever order they stand."""
    rows = list(dated(table, style))
    if not rows:
        return
    order.shuffle(rows)
    heading = ["Fecha", "Departamento", "Municipio", "Nombre de la víctima"]

    result = ingest(written([heading, *rows], "utf-8", ",", False), STUDY, name="lista.csv")

    counted = {key: n for key, n in table.items() if n}
    pd.testing.assert_frame_equal(frame(counted), result.table, check_dtype=False)
    assert len(rows) == result.report.rows_read == int(result.table["count"].sum())


@pytest.mark.parametrize("missing", ["missing", "zero"])
def test_the_old_division_summed_to_the_new_keeps_every_sum(missing: str) -> None:
    """The 262 become the 44 without losing or doubling a case, in every year and outcome."""
    old = STUDY.outcomes.reset_index()[[*KEY, "count"]]
    if missing == "zero":
        old = old.fillna({"count": 0})

    new = regrouped(old, STUDY.groups, "municipality_2024")

    for name in ("period", "outcome"):
        pd.testing.assert_series_equal(
            old.groupby(name)["count"].sum(), new.groupby(name)["count"].sum()
        )
    assert 44 == new["unit"].nunique()
    assert set(new["unit"]) == set(STUDY.units.index[STUDY.units["level"] == "municipality_2024"])


def test_the_262_written_as_districts_come_back() -> None:
    """Districts with their new municipality, without department or code, are the 262 again."""
    groups = STUDY.groups[STUDY.groups["grouping"] == "municipality_2024"]
    new = groups.set_index("unit")["group"]
    year = STUDY.outcomes.xs(("homicides", "iml"), level=("outcome", "institution"))["count"]
    old = {(u, "2011"): int(year[u, "2011"]) for u in STUDY.codes}
    names = STUDY.units["name"]
    rows = [[names[new[u]], names[u], str(n)] for (u, _), n in old.items()]

    heading = ["Municipio", "Distrito", "2011"]
    result = ingest(written([heading, *rows], "utf-8", ",", False), STUDY, name="d.csv")
    summed = regrouped(result.table, STUDY.groups, "municipality_2024")

    pd.testing.assert_frame_equal(frame(old), result.table, check_dtype=False)
    assert 4371 == result.table["count"].sum() == summed["count"].sum()


def test_a_list_said_to_be_complete_has_zeros() -> None:
    """Where a list names every case, a place without one has zero; else it has no data."""
    rows = [
        ["Fecha", "Municipio", "Edad"],
        ["13/01/2012", "Apopa", "20"],
        ["20/03/2012", "Apopa", "21"],
    ]
    content = written(rows, "utf-8", ",", False)

    some = ingest(content, STUDY, name="lista.csv")
    full = ingest(content, STUDY, name="lista.csv", complete="true")

    assert 2 == len(some.table)
    assert 262 * 3 == len(full.table)
    assert 2 == full.table["count"].sum()
    assert ["not_complete"] == [key for key, _ in some.report.warned]
