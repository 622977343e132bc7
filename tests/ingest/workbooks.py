"""Write small workbooks, sound and broken, the way spreadsheet programs do.

Each is a zip archive with a few parts of XML; nothing else is needed to try a reader.
"""
# ruff: noqa: D401 - the docstring of a workbook says what is in it; the corpus shows it

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[object]]


class Error(str):
    """A cell whose formula failed: ``Error("#REF!")``."""

    __slots__ = ()


class Formula(str):
    """A formula that was never worked out."""

    __slots__ = ()


def letters(column: int) -> str:
    """Return the letters of a column, from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def xlsx(
    sheets: dict[str, Rows], *, merged: Sequence[str] = (), hidden: Sequence[str] = ()
) -> bytes:
    """Return an xlsx with these sheets; `merged` ranges (``A2:A4``) are of the first one."""
    names = list(sheets)
    entries = "".join(
        f'<sheet name="{escape(name)}" sheetId="{i}" r:id="rId{i}" '
        f'state="{"hidden" if name in hidden else "visible"}"/>'
        for i, name in enumerate(names, start=1)
    )
    relations = (
        "".join(
            f'<Relationship Id="rId{i}" Type="{_R}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(names) + 1)
        )
        + f'<Relationship Id="rId0" Type="{_R}/styles" Target="styles.xml"/>'
    )
    parts = {
        "[Content_Types].xml": _types(len(names)),
        "_rels/.rels": _relations(
            f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{_M}" xmlns:r="{_R}"><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(relations),
        "xl/styles.xml": _STYLES,
    }
    for i, name in enumerate(names, start=1):
        parts[f"xl/worksheets/sheet{i}.xml"] = _sheet(sheets[name], merged if i == 1 else ())
    return archive(parts)


def ods(sheets: dict[str, Rows]) -> bytes:
    """Return an ods with these sheets."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    return ods_of(tables)


def ods_of(tables: str, manifest: str = "") -> bytes:
    """Return an ods of raw tables in XML."""
    spaces = " ".join(f'xmlns:{key}="{value}"' for key, value in _ODF.items())
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
    return archive(
        {
            "mimetype": _ODS,
            "content.xml": f"<office:document-content {spaces}>{body}</office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODF["manifest"]}">'
            f"{entry}{manifest}</manifest:manifest>",
        }
    )


def archive(parts: dict[str, str | bytes]) -> bytes:
    """Return a zip archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return stream.getvalue()


# --- Named cases ---------------------------------------------------------------------------------


def merged_departments() -> bytes:
    """A department merged over its municipalities, a title merged over everything."""
    rows = [
        ["HOMICIDIOS 2011-2012", None, None, None],
        ["Departamento", "Municipio", 2011, 2012],
        ["La Paz", "El Rosario", 1, 2],
        [None, "Zacatecoluca", 10, 12],
        ["Morazán", "El Rosario", 3, None],
        [None, "Sociedad", 4, 5],
    ]
    return xlsx({"Hoja1": rows}, merged=["A1:D1", "A3:A4", "A5:A6"])


def merged_years_above_months() -> bytes:
    """Two lines of heading: years merged above months, far from the corner of the sheet."""
    rows: list[list[object]] = [[None] * 7 for _ in range(3)]
    rows += [
        [None, None, "Municipio", 2011, None, 2012, None],
        [None, None, None, "Enero", "Febrero", "Enero", "Febrero"],
        [None, None, "Apopa", 9, 8, 4, 2],
        [None, None, "Mejicanos", 5, 4, 2, 1],
    ]
    return xlsx({"Datos": rows}, merged=["C4:C5", "D4:E4", "F4:G4"])


def merged_count() -> bytes:
    """A count merged over two municipalities: it belongs to the first, the second has none."""
    rows = [["Municipio", 2011], ["Apopa", 90], ["Mejicanos", None], ["Ilopango", 7]]
    return xlsx({"Hoja1": rows}, merged=["B2:B3"])


def real_dates() -> bytes:
    """A list of victims with true dates, and one written as text."""
    rows = [
        ["Fecha", "Municipio", "Edad"],
        [datetime.date(2012, 3, 9), "Apopa", 20],
        [datetime.date(2012, 3, 14), "Apopa", 31],
        ["15/04/2012", "Apopa", 40],
    ]
    return xlsx({"Hoja1": rows})


def month_dates_as_headings() -> bytes:
    """Months as true dates in the heading, as a spreadsheet makes of ``ene-12``."""
    days = [datetime.date(2012, month, 1) for month in (1, 2, 3)]
    return xlsx({"Hoja1": [["Municipio", *days], ["Apopa", 9, 8, 4], ["Mejicanos", 5, 4, 2]]})


def numbers_as_text() -> bytes:
    """Codes and counts stored as text, some codes as numbers without their zero."""
    rows = [["Código", "2011"], ["0614", "95"], [617, "1,080"], ["'1401", " 2 "]]
    return xlsx({"Hoja1": rows})


def failed_formulas() -> bytes:
    """A count whose formula failed."""
    return xlsx({"Hoja1": [["Municipio", 2011], ["Apopa", Error("#REF!")], ["Mejicanos", 5]]})


def formulas_never_worked_out() -> bytes:
    """Counts that are formulas without a value, as some programs write them."""
    return xlsx(
        {"Hoja1": [["Municipio", 2011], ["Apopa", Formula("SUM(C2:D2)")], ["Mejicanos", 5]]}
    )


def true_and_false() -> bytes:
    """A truth value among the counts."""
    return xlsx({"Hoja1": [["Municipio", 2011], ["Apopa", True], ["Mejicanos", 5]]})


def date_among_counts() -> bytes:
    """A count that a spreadsheet took for a date."""
    rows = [["Municipio", 2011], ["Apopa", datetime.date(2011, 2, 1)], ["Mejicanos", 5]]
    return xlsx({"Hoja1": rows})


def fraction_from_a_point() -> bytes:
    """1.234 as a number: a thousand that a spreadsheet of another country took for a fraction."""
    return xlsx({"Hoja1": [["Municipio", 2011], ["San Salvador", 1.234], ["Apopa", 90]]})


def hidden_sheet() -> bytes:
    """A hidden sheet with other figures beside the visible one."""
    rows = [["Municipio", 2011], ["Apopa", 90]]
    other = [["Municipio", 2011], ["Apopa", 1]]
    return xlsx({"Final": rows, "borrador": other}, hidden=["borrador"])


def notes_beside_the_table() -> bytes:
    """A sheet of remarks beside the sheet of figures."""
    rows = [["Municipio", 2011], ["Apopa", 90]]
    return xlsx({"Notas": [["Cifras preliminares"], ["sujetas a cambios"]], "Datos": rows})


def sheet_for_each_year() -> bytes:
    """One sheet a year, its name the year."""
    first = [["Municipio", "Homicidios"], ["Apopa", 90], ["Mejicanos", 50]]
    second = [["Municipio", "Homicidios"], ["Apopa", 40], ["Mejicanos", 22]]
    return xlsx({"2011": first, "2012": second})


def sheet_for_each_month() -> bytes:
    """One sheet a month; the year stands in the title of each."""

    def rows(month: str, n: int) -> Rows:
        return [[f"Homicidios de {month} de 2012", None], ["Municipio", "Casos"], ["Apopa", n]]

    return xlsx({"Enero": rows("enero", 9), "Febrero": rows("febrero", 8)})


def two_tables() -> bytes:
    """Two sheets of figures whose names say no period."""
    rows = [["Municipio", 2011], ["Apopa", 90]]
    return xlsx({"PNC": rows, "IML": rows})


def empty_sheet() -> bytes:
    """A workbook with nothing in it."""
    return xlsx({"Hoja1": []})


def far_cell() -> bytes:
    """A small file whose second cell is the last one that a sheet can have."""
    body = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return _with_sheet(body)


def million_columns() -> bytes:
    """A row that claims a million columns."""
    cells = '<table:table-cell table:number-columns-repeated="1000000" office:value-type="float" office:value="3"/>'
    return ods_of(
        f'<table:table table:name="H"><table:table-row>{cells}</table:table-row></table:table>'
    )


def bomb() -> bytes:
    """A few hundred kilobytes that unpack to 410 megabytes."""
    return archive({"xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": b" " * (410 * 2**20)})


def lying_directory() -> bytes:
    """An archive whose directory says that a part is smaller than it is."""
    content = bytearray(archive({"xl/workbook.xml": b"a" * 100_000}))
    true, said = (100_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    directory = content.rindex(b"PK\x01\x02")
    at = content.index(true, directory)
    content[at : at + 4] = said
    return bytes(content)


def cut_off() -> bytes:
    """A workbook of which the second half is missing."""
    content = merged_departments()
    return content[: len(content) // 2]


def broken_xml() -> bytes:
    """A workbook whose sheet is no XML."""
    return _with_sheet("<row><c r='A1'")


def document() -> bytes:
    """A text document, which is a zip archive too."""
    return archive({"word/document.xml": "<document/>", "[Content_Types].xml": "<Types/>"})


def table_in_ods() -> bytes:
    """A long table in ods, with a true date and a missing count."""
    rows = [
        ["Municipio", "Año", "Casos"], ["Apopa", 2011, 90], ["Apopa", 2012, None], ["Perquín", 2011, 1],
    ]  # fmt: skip
    return ods({"Hoja1": rows})


def failed_formula_in_ods() -> bytes:
    """A count in ods whose formula failed."""
    return ods({"Hoja1": [["Municipio", 2011], ["Apopa", Error("#DIV/0!")], ["Mejicanos", 5]]})


def locked_ods() -> bytes:
    """An ods whose parts are said to be encrypted."""
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    return ods_of("", entry)


CASES: dict[str, Callable[[], bytes]] = {
    f"{make.__name__}{ending}": make
    for ending, makes in {
        ".xlsx": (
            merged_departments, merged_years_above_months, merged_count, real_dates,
            month_dates_as_headings, numbers_as_text, failed_formulas, formulas_never_worked_out,
            true_and_false, date_among_counts, fraction_from_a_point, hidden_sheet,
            notes_beside_the_table, sheet_for_each_year, sheet_for_each_month, two_tables,
            empty_sheet, far_cell, bomb, lying_directory, cut_off, broken_xml, document,
        ),
        ".ods": (million_columns, table_in_ods, failed_formula_in_ods, locked_ods),
    }.items()
    for make in makes
}  # fmt: skip


# --- Parts ---------------------------------------------------------------------------------------

_M = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
# The second style shows a number as a date.
_STYLES = (
    f'<styleSheet xmlns="{_M}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {"workbook": "sheet.main", "styles": "styles"}
    parts |= {f"worksheets/sheet{i}": "worksheet" for i in range(1, sheets + 1)}
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{own}+xml"/>'
        for part, own in parts.items()
    )
    default = (
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    return f'<Types xmlns="{_P}/content-types">{default}{overrides}</Types>'


def _relations(entries: str) -> str:
    return f'<Relationships xmlns="{_P}/relationships">{entries}</Relationships>'


def _sheet(rows: Rows, merged: Sequence[str]) -> str:
    body = "".join(
        f'<row r="{r}">{"".join(_cell(value, f"{letters(c)}{r}") for c, value in enumerate(row))}</row>'
        for r, row in enumerate(rows, start=1)
    )
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    end = f'<mergeCells count="{len(merged)}">{ranges}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{_M}"><sheetData>{body}</sheetData>{end}</worksheet>'


def _with_sheet(body: str) -> bytes:
    content = xlsx({"H": []})
    parts: dict[str, str | bytes] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts |= {name: book.read(name) for name in book.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{_M}"><sheetData>{body}</sheetData></worksheet>'
    )
    return archive(parts)


def _cell(value: object, at: str) -> str:  # noqa: PLR0911 - one line for each kind
    if value is None:
        return ""
    if isinstance(value, Error):
        return f'<c r="{at}" t="e"><f>1/0</f><v>{value}</v></c>'
    if isinstance(value, Formula):
        return f'<c r="{at}"><f>{value}</f><v/></c>'
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime.date):
        days = (value - datetime.date(1899, 12, 30)).days
        return f'<c r="{at}" s="1"><v>{days}</v></c>'
    if isinstance(value, str):
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{at}"><v>{value}</v></c>'


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, Error):
        return (
            '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
            f'office:string-value="" calcext:value-type="error"><text:p>{value}</text:p></table:table-cell>'
        )
    if isinstance(value, datetime.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
