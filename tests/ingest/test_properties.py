"""A known table, written in any shape, encoding and naming, is read back unchanged."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.evidence.ingest import ingest, regrouped

from .layouts import (
    KEY,
    NEW,
    STUDY,
    UNITS,
    Table,
    dated_rows,
    frame,
    long_rows,
    stacked_rows,
    wide_rows,
    written,
)

# Names that are borne by several municipalities, or by one and its department.
HOMONYMS = sorted(u for u in STUDY.codes if list(UNITS["name"]).count(UNITS["name"][u]) > 1)
NAMINGS = ["code", "lost zero", "float", "both", "pcode", "columns", "one cell", "brackets",
           "district"]  # fmt: skip

counts = st.none() | st.integers(0, 9_999).filter(lambda n: n == 0 or n % 1000)
one_unit = st.sampled_from(sorted(STUDY.codes)) | st.sampled_from(HOMONYMS)
units = st.lists(one_unit, min_size=1, max_size=6, unique=True)


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


ways = st.fixed_dictionaries(
    {
        "naming": st.sampled_from(NAMINGS),
        "style": st.sampled_from(["name", "capitals", "short", "spaced"]),
        "numbers": st.sampled_from(
            ["plain", "comma", "point", "space", "marked", "footnote", "zeros"]
        ),
        "gap": st.sampled_from(["", "-", "s/d", "N/D", "…", "n.d."]),
        "headings": st.sampled_from(
            ["es", "en", "short", "capitals", "numbers", "iso", "year", "marked"]
        ),
        "totals": st.booleans(),
    }
)


def read_back(content: bytes, table: Table, name: str) -> None:
    """Hold what is read against what was written: the counts, and an account of every row."""
    result = ingest(content, STUDY, name=name, institution="iml")

    pd.testing.assert_frame_equal(frame(table), result.table, check_dtype=False)
    assert [] == result.report.totals_off
    assert result.report.rows_read == result.report.kinds.total()


@settings(max_examples=80, deadline=None)
@given(
    table=tables(),
    shape=st.sampled_from([long_rows, wide_rows]),
    how=ways,
    form=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"]),
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    title=st.booleans(),
)
def test_a_text_file_is_read_back_unchanged(table, shape, how, form, delimiter, title) -> None:
    """Shape, encoding, delimiter, spelling and separators leave no trace."""
    if form == "latin-1":
        how = how | {"gap": how["gap"].replace("…", "...")}

    read_back(written(shape(table, how), form, delimiter, title=title), table, "datos.csv")


@settings(max_examples=25, deadline=None)
@given(table=tables(), how=ways)
def test_sections_of_departments_are_read_back_unchanged(table, how) -> None:
    """A row that names the department tells its homonyms apart, with sums or without."""
    rows = wide_rows(table, how | {"naming": "section"})

    read_back(written(rows, "utf-8"), table, "datos.csv")


@settings(max_examples=20, deadline=None)
@given(table=tables(), how=ways)
def test_totals_of_men_and_women_are_read_back_unchanged(table, how) -> None:
    """Below each period the total is the count, never the men or the women."""
    read_back(written(stacked_rows(table, how), "utf-8"), table, "datos.csv")


@settings(max_examples=10, deadline=None)
@given(
    table=tables(), shape=st.sampled_from([long_rows, wide_rows]), how=ways,
    form=st.sampled_from(["xlsx", "ods"]), title=st.booleans(),
)  # fmt: skip
def test_a_workbook_is_read_back_unchanged(table, shape, how, form, title) -> None:
    """So it is with workbooks."""
    read_back(written(shape(table, how), form, title=title), table, f"datos.{form}")


@settings(max_examples=20, deadline=None)
@given(table=tables(monthly=False), how=ways)
def test_the_44_are_read_back_unchanged(table, how) -> None:
    """A table of the new municipalities stays one, whatever the old ones are called."""
    new = {(NEW[unit], period): count for (unit, period), count in table.items()}
    naming = "columns" if how["naming"] in ("columns", "brackets", "district") else "code"
    rows = long_rows(new, how | {"naming": naming})

    read_back(written(rows, "utf-8"), new, "datos.csv")


@settings(max_examples=25, deadline=None)
@given(
    table=tables(monthly=True).map(lambda t: {k: n and n % 7 for k, n in t.items()}),
    style=st.sampled_from(["iso", "dmy", "mdy", "words"]),
    order=st.randoms(use_true_random=False),
)
def test_a_list_of_cases_is_counted(table, style, order) -> None:
    """Each row is one case, never two and never none, in whatever order they stand."""
    rows = list(dated_rows(table, style))
    if not rows:
        return
    order.shuffle(rows)
    heading = ["Fecha", "Departamento", "Municipio", "Nombre de la víctima"]

    result = ingest(written([heading, *rows], "utf-8"), STUDY, name="lista.csv")

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
    result = ingest(written([heading, *rows], "utf-8"), STUDY, name="d.csv")
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
    content = written(rows, "utf-8")

    some = ingest(content, STUDY, name="lista.csv")
    full = ingest(content, STUDY, name="lista.csv", complete="true")

    assert 2 == len(some.table)
    assert 262 * 3 == len(full.table)
    assert 2 == full.table["count"].sum()
    assert ["not_complete"] == [key for key, _ in some.report.warned]
