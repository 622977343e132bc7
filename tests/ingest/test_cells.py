"""Single cells: counts, periods and days as people write them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.evidence.ingest.counts import read_count
from territory.evidence.ingest.dates import read_day, read_days, read_month, read_span
from territory.evidence.ingest.spoken import month_of, part_of_year
from territory.evidence.ingest.workbook import CellError


@pytest.mark.parametrize(
    ("cell", "value", "kind"),
    [
        (12, 12, "number"),
        (12.0, 12, "number"),
        ("12", 12, "number"),
        (" 12 ", 12, "number"),
        ("+12", 12, "number"),
        ("1,234", 1234, "number"),
        ("1.234", 1234, "number"),
        ("1.234.567", 1_234_567, "number"),
        ("1 234", 1234, "number"),
        ("1\u00a0234", 1234, "number"),
        ("1'234", 1234, "number"),
        ("1.234,00", 1234, "number"),
        ("12,0", 12, "number"),
        ("12*", 12, "number"),
        ("12 (p)", 12, "number"),
        ("12 p", 12, "number"),
        ("12¹", 12, "number"),
        ("12 ²³", 12, "number"),
        ("12 1/", 12, "number"),
        ("12 (a)", 12, "number"),
        ("1.234*", 1234, "number"),
        ("3\u200b", 3, "number"),
        ("'12", 12, "number"),
        ("１２", 12, "number"),
        (None, None, "blank"),
        ("-", None, "dash"),
        ("—", None, "dash"),
        ("...", None, "dash"),
        ("s/d", None, "missing"),
        ("S.D.", None, "missing"),
        ("N/D", None, "missing"),
        ("sin datos", None, "missing"),
        (-3, None, "negative"),
        ("−3", None, "negative"),
        (1.5, None, "fraction"),
        ("0.5", None, "fraction"),
        ("0,234", None, "fraction"),
        ("1.23", None, "fraction"),
        (True, None, "not_count"),
        (datetime.date(2012, 1, 2), None, "not_count"),
        ("12 casos", None, "not_count"),
        ("12-15", None, "not_count"),
        ("12 (1)", None, "not_count"),
        ("1½", None, "not_count"),
        ("*", None, "not_count"),
        ("1.23.456", None, "not_count"),
        ("=1+1", None, "not_count"),
        ("#REF!", None, "formula"),
        ("#¡DIV/0!", None, "formula"),
        (CellError("#N/A"), None, "formula"),
        (22_223_333, None, "huge"),
        (float("nan"), None, "not_count"),
    ],
)
def test_a_cell_is_read_as_a_count(cell, value, kind) -> None:
    """A whole number, one of three nothings, or a fault; never a guess."""
    count = read_count(cell)

    assert (value, kind) == (count.value, count.kind)


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [("1.234", ",", 1234), ("1.234", ".", None), ("1,234", ".", 1234), ("95.000", ".", 95)],
)
def test_a_decimal_sign_that_is_said_decides(text, decimal, value) -> None:
    """Where a person says what the point is, it is that."""
    assert value == read_count(text, decimal=decimal).value


@given(st.integers(0, 9_999_999))
def test_every_count_is_read_in_every_form(n: int) -> None:
    """Plain, with commas, points or spaces, as a float: the same number."""
    forms = [n, float(n), str(n), f"{n:,}", f"{n:,}".replace(",", "."), f"{n:,}".replace(",", " ")]

    assert {n} == {read_count(form).value for form in forms}


@given(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.booleans(), st.none()))
def test_no_cell_makes_the_readers_fall(cell) -> None:
    """Whatever stands in a cell, it is read or refused, and a count is never negative."""
    count = read_count(cell)
    read_span(cell)
    read_day(cell)
    read_month(cell)

    assert count.value is None or 0 <= count.value <= 10_000_000


@pytest.mark.parametrize(
    ("cell", "year", "month"),
    [
        (2011, 2011, None),
        ("2011", 2011, None),
        ("Año 2011", 2011, None),
        ("2011*", 2011, None),
        ("2011¹", 2011, None),
        ("2011 2/", 2011, None),
        (201103, 2011, 3),
        ("2011-03", 2011, 3),
        ("03/2011", 2011, 3),
        ("mar-11", 2011, 3),
        ("Marzo de 2011", 2011, 3),
        ("SETIEMBRE", None, 9),
        ("Dec 98", 1998, 12),
        (datetime.date(2011, 3, 1), 2011, 3),
    ],
)
def test_a_heading_is_read_as_a_period(cell, year, month) -> None:
    """Years, months, and months of a year."""
    span = read_span(cell)

    assert span is not None
    assert (year, month) == (span.year, span.month)


@pytest.mark.parametrize(
    "cell",
    ["-2011", "\u22122011", "2011-2012", "enero-marzo", "I Trimestre 2011", "Q1 2011", "1899", 2101, "2011-13", "Apopa", "", None, True, 5],
)  # fmt: skip
def test_what_is_no_single_period_is_none(cell) -> None:
    """Two years, several months, a quarter, a year out of range."""
    assert read_span(cell) is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2012-03-09", (2012, 3, 9)),
        ("2012/3/9", (2012, 3, 9)),
        ("2012-03-09T22:15:00", (2012, 3, 9)),
        ("2012-03-09 22:15", (2012, 3, 9)),
        ("20120309", (2012, 3, 9)),
        ("31/12/2012", (2012, 12, 31)),
        ("12/31/2012", (2012, 12, 31)),
        ("31-12-12", (2012, 12, 31)),
        ("31.12.2012", (2012, 12, 31)),
        ("9 de marzo de 2012", (2012, 3, 9)),
        ("viernes 9 de marzo de 2012", (2012, 3, 9)),
        ("March 9, 2012", (2012, 3, 9)),
        ("9-mar-12", (2012, 3, 9)),
        ("marzo 2012", (2012, 3, None)),
        (40977, (2012, 3, 9)),
        (datetime.date(2012, 3, 9), (2012, 3, 9)),
    ],
)
def test_a_cell_is_read_as_a_day(cell, day) -> None:
    """In figures, in words, as a spreadsheet counts days."""
    found = read_day(cell)

    assert found is not None
    assert day == (found.year, found.month, found.day)


@pytest.mark.parametrize(
    "cell", ["31/02/2012", "2012-13-01", "ayer", "2012", "12", 12, True, "", None, "99/99/9999"]
)
def test_what_is_no_day_is_none(cell) -> None:
    """Days that do not exist are not moved to some that do."""
    assert read_day(cell) is None


@pytest.mark.parametrize(
    ("cells", "order", "months", "contradicted"),
    [
        (["03/04/2012", "13/04/2012"], None, [4, 4], False),
        (["03/04/2012", "04/13/2012"], None, [3, 4], False),
        (["03/04/2012", "13/04/2012", "04/13/2012"], None, [4, 4, 4], True),
        (["03/04/2012", "13/04/2012", "04/13/2012"], "mdy", [3, 4, 4], False),
        (["03/04/2012"], None, [4], False),
        (["05/05/2012", "13/04/2012", "04/13/2012"], None, [5, 4, 4], False),
    ],
)
def test_days_above_twelve_show_the_order_of_a_column(cells, order, months, contradicted) -> None:
    """One proof decides for all; two that contradict each other leave what may be both in doubt."""
    days = read_days(cells, order=order)

    assert months == [day.month for day in days.days if day]
    assert contradicted == days.contradicted


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)))
def test_a_day_is_the_same_in_every_form(day: datetime.date) -> None:
    """ISO, day first and serial number give the day that was written."""
    serial = (day - datetime.date(1899, 12, 30)).days
    forms = [day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%y}", day, serial]
    found = read_days(forms, order="dmy").days

    assert {(day.year, day.month, day.day)} == {(d.year, d.month, d.day) for d in found if d}
    assert None not in found or serial < 18_264


@pytest.mark.parametrize(
    ("text", "is_part"),
    [
        ("Homicidios del 1 de enero al 30 de junio de 2013", True),
        ("Ene-Jun 2013", True),
        ("2013 (enero a junio)", True),
        ("Acumulado a marzo 2013", True),
        ("Datos al 30/06/2013", True),
        ("Primer semestre 2013", True),
        ("julio a diciembre de 2013", True),
        ("January to June 2013", True),
        ("Enero a diciembre de 2013", False),
        ("enero 2013 - diciembre 2013", False),
        ("Cifras al 31 de diciembre de 2013", False),
        ("Actualizado al 15 de enero de 2014", False),
        ("San Salvador, 15 de marzo de 2013", False),
        ("Homicidios enero 2013", False),
        ("Homicidios 2013", False),
    ],
)
def test_a_text_may_speak_of_a_part_of_a_year(text: str, is_part: bool) -> None:
    """More than a month and less than a year, of the year that is counted."""
    assert is_part == part_of_year(text, [2013])


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("Homicidios enero 2013", 1),
        ("HOMICIDIOS SETIEMBRE", 9),
        ("homicidios_mar_2013.csv", 3),
        ("Homicidios enero 2012", None),
        ("San Salvador, 15 de marzo de 2013", None),
        ("enero y febrero de 2013", None),
        ("Homicidios en el mar", None),
        ("Homicidios 2013", None),
    ],
)
def test_a_text_may_be_about_one_month(text: str, month: int | None) -> None:
    """One month of the year; not the day of a letter, and no word that only looks like one."""
    assert month == month_of(text, 2013)
