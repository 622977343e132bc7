"""Files made to do harm, or made by programs that care little: a message, and nothing lost."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from territory.evidence.ingest import IngestError, ingest
from territory.evidence.schema import DataError
from territory.study import Study

from .conftest import CORPUS, content
from .workbooks import Error, archive, ods_of, xlsx

FAILED = [["Municipio", 2011], ["Apopa", Error("#REF!")], ["Mejicanos", 5]]
HEAD = (
    '<table:table-row><table:table-cell office:value-type="string"><text:p>Municipio</text:p>'
    '</table:table-cell><table:table-cell office:value-type="float" office:value="2011"/>'
    "</table:table-row>"
)


def changed(book: bytes, change) -> bytes:
    """Return an archive whose parts, by name, were changed."""
    with zipfile.ZipFile(io.BytesIO(book)) as old:
        return archive(change({name: old.read(name) for name in old.namelist()}))


def in_sheet(old: str, new: str):
    """Return a change of the first sheet."""
    part = "xl/worksheets/sheet1.xml"
    return lambda parts: parts | {part: re.sub(old, new, parts[part].decode()).encode()}


def ods_row(cells: str, repeated: str = "") -> bytes:
    """Return an ods with one row of Apopa and other cells below its heading."""
    place = '<table:table-cell office:value-type="string"><text:p>Apopa</text:p></table:table-cell>'
    row = f"<table:table-row {repeated}>{place}{cells}</table:table-row>"
    return ods_of(f'<table:table table:name="H">{HEAD}{row}</table:table>')


SILENT = {
    "no_references.xlsx": changed(xlsx({"H": FAILED}), in_sheet(r' r="[A-Z]*\d+"', "")),
    "small_letters.xlsx": changed(xlsx({"H": FAILED}), in_sheet(r'r="B(\d)"', r'r="b\1"')),
    "apostrophe.xlsx": xlsx({"O'Higgins & <2011>": FAILED}),
    "part_in_capitals.xlsx": changed(
        xlsx({"H": FAILED}),
        lambda parts: {name.replace("sheet1", "SHEET1"): part for name, part in parts.items()},
    ),
    "never_worked_out.ods": ods_row('<table:table-cell table:formula="of:=1+1"/>'),
    "repeated_error.ods": ods_row(
        '<table:table-cell office:value-type="string" calcext:value-type="error"/>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_a_failed_formula_is_never_no_data(slv: Study, name: str) -> None:
    """However a program writes its cells, an error in a count is found and said."""
    with pytest.raises(IngestError) as caught:
        ingest(SILENT[name], slv, name=name)

    assert ["ingest_formula"] == [fault.key for fault in caught.value.faults]


def test_many_failed_formulas_beside_the_table_hide_none_in_it(slv: Study) -> None:
    """Errors of a column that is not read do not use up a limit."""
    rows = [["Municipio", 2011, "Nota"], *[["Apopa", None, Error("#N/A")]] * 10_001]

    with pytest.raises(IngestError) as caught:
        ingest(xlsx({"H": [*rows, ["Mejicanos", Error("#REF!"), None]]}), slv, duplicates="first")

    assert "ingest_formula" in [fault.key for fault in caught.value.faults]


LARGE = {
    "rows_repeated.ods": ods_row(
        '<table:table-cell office:value-type="float" office:value="1"/>',
        'table:number-rows-repeated="1000000000"',
    ),
    "columns_repeated.ods": ods_row(
        '<table:table-cell office:value-type="float" office:value="1" '
        'table:number-columns-repeated="1000000000"/>'
    ),
    "long_string_shared.xlsx": changed(
        xlsx({"H": [["Municipio", 2011], *[["x", 1]] * 60_000]}),
        lambda parts: (
            in_sheet('t="inlineStr"><is><t xml:space="preserve">x</t></is>', 't="s"><v>0</v>')(
                parts
            )
            | {"xl/sharedStrings.xml": "<sst><si><t>" + "ñ" * 32_000 + "</t></si></sst>"}
        ),
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_little_that_becomes_much_is_refused_at_once(slv: Study, name: str) -> None:
    """Cells said to be repeated, and one text in many cells, cost neither time nor memory."""
    began = time.monotonic()

    with pytest.raises(DataError) as caught:
        ingest(LARGE[name], slv, name=name)

    assert len(str(caught.value)) < 2500
    assert time.monotonic() - began < 40


def test_a_workbook_of_sheets_without_end_is_refused(slv: Study) -> None:
    """Each sheet would be looked through for a table."""
    rows = [["Municipio", 2011], ["Apopa", 1]]
    book = xlsx({f"H{number}": rows for number in range(501)})

    with pytest.raises(DataError, match=r"sheets\.xlsx: the workbook has 501 sheets"):
        ingest(book, slv, name="sheets.xlsx")


def test_cells_merged_over_each_other_are_refused(slv: Study) -> None:
    """Ten thousand merged cells over the same ground would be gone through one by one."""
    rows = [["Municipio", 2011], *[["Apopa", 1]] * 2_000]

    with pytest.raises(DataError, match="merged cells overlap"):
        ingest(xlsx({"H": rows}, merged=["A1:B2000"] * 10_000), slv, name="merged.xlsx")


def test_a_repeated_empty_rest_is_no_table_that_is_too_big(slv: Study) -> None:
    """Programs fill a sheet to its end with one repeated empty row: that is nothing."""
    rest = '<table:table-row table:number-rows-repeated="1048500"><table:table-cell/></table:table-row>'
    row = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>Apopa</text:p>'
        '</table:table-cell><table:table-cell office:value-type="float" office:value="9"/>'
        "</table:table-row>"
    )
    book = ods_of(f'<table:table table:name="H">{HEAD}{row}{rest}</table:table>')

    assert [9] == ingest(book, slv, name="rest.ods").table["count"].tolist()


@pytest.mark.parametrize(
    ("start", "key"),
    [
        ("<html><table>", "ingest_web_page"),
        ("\n <BODY><table>", "ingest_web_page"),
        ("<!-- made by a system -->\n<table>", "ingest_web_page"),
        ("<div><table>", "ingest_web_page"),
        ("MIME-Version: 1.0\n\n<html>", "ingest_web_page"),
        ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
         "ingest_web_page"),
        ('{"rows": []}', "ingest_not_a_spreadsheet"),
        ('[ {"municipio": "Apopa"}]', "ingest_not_a_spreadsheet"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_web_page_called_a_spreadsheet_is_known(
    slv: Study, start: str, key: str, encoding: str
) -> None:
    """What ministries' systems write and call xls is named as what it is."""
    text = f"{start}<tr><td>Municipio</td><td>2011</td></tr>"

    with pytest.raises(DataError) as caught:
        ingest(text.encode(encoding), slv, name="counts.xls")

    assert [key] == [fault.key for fault in caught.value.faults]


@pytest.mark.parametrize("text", ["sep=;", "sep=;\rMunicipio;2011\rApopa;3\r", "sep=;\n\n"])
def test_a_line_that_names_the_delimiter_may_be_all_there_is(slv: Study, text: str) -> None:
    """With other ends of line, or with nothing below it, it is read or refused."""
    said, counts = "", []
    try:
        counts = ingest(text.encode(), slv, name="sep.csv").table["count"].tolist()
    except DataError as error:
        said = str(error)

    assert counts == [3] or said.startswith("sep.csv")


def test_more_strangers_than_a_country_has_places_end_the_search(slv: Study) -> None:
    """A file about something else is refused before each of its words is looked for."""
    rows = "".join(f"Nowhere {i},1\n" for i in range(200_000))
    began = time.monotonic()

    with pytest.raises(DataError, match=r"strangers\.csv: more than"):
        ingest(f"Municipio,2011\n{rows}".encode(), slv, name="strangers.csv")

    assert time.monotonic() - began < 60


def test_a_place_many_times_over_is_said_shortly(slv: Study) -> None:
    """Neither the message nor the document repeats every row."""
    text = "Municipio,2011\n" + "Apopa,1\n" * 5_000

    with pytest.raises(IngestError) as caught:
        ingest(text.encode(), slv, name="again.csv")

    assert len(str(caught.value)) < 600
    assert len(repr(caught.value.report.as_dict())) < 5_000


def run(*arguments: object, at: Path) -> subprocess.Popen[bytes]:
    """Start the command line in a folder."""
    command = [sys.executable, "-m", "territory", *map(str, arguments)]
    return subprocess.Popen(command, cwd=at, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_end_in_the_middle_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    """No table, no part of one, no process that goes on, no traceback."""
    rows = [["Municipio", 2011], *[["Apopa", 1]] * 150_000]
    (tmp_path / "long.xlsx").write_bytes(xlsx({"H": rows}))
    process = run("ingest", "long.xlsx", "--out", "out.csv", at=tmp_path)
    worker = _worker_of(process)

    process.send_signal(number)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 128 + number
    assert b"Traceback" not in said
    assert ["long.xlsx"] == [path.name for path in tmp_path.iterdir()]
    assert worker is None or _has_ended(worker)


def _worker_of(process: subprocess.Popen[bytes]) -> str | None:
    """Wait until the workbook is being opened, and return the number of the process that does."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if children.exists() and (found := children.read_text().split()):
            return found[0]
        time.sleep(0.01)
    return None


def _has_ended(number: str) -> bool:
    """Tell whether a process is gone, or only waits to be taken off the list."""
    state = Path(f"/proc/{number}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_the_file_that_is_read_is_never_written_over(tmp_path: Path) -> None:
    """Whichever way the same file is named, it stays as it was."""
    source = tmp_path / "counts.csv"
    source.write_bytes((CORPUS / "long_names.csv").read_bytes())
    (tmp_path / "link.csv").symlink_to(source)

    for out in ("counts.csv", "link.csv", "../" + tmp_path.name + "/counts.csv"):
        process = run("ingest", "counts.csv", "--out", out, at=tmp_path)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 2
        assert b"would be lost" in said
    assert (CORPUS / "long_names.csv").read_bytes() == source.read_bytes()


def test_a_table_is_written_into_plain_files_alone(slv: Study, tmp_path: Path) -> None:
    """A folder, a pipe, a loop of links or a device is refused; a link is followed."""
    done = ingest(CORPUS / "long_names.csv", slv)
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for out in (tmp_path, tmp_path / "pipe.csv", tmp_path / "loop.csv", Path("/dev/null")):
        with pytest.raises(DataError, match="--out"):
            done.write(out)
    (tmp_path / "link.csv").symlink_to(tmp_path / "kept.csv")
    done.write(tmp_path / "link.csv")

    assert (tmp_path / "link.csv").is_symlink()
    assert done.csv() == (tmp_path / "kept.csv").read_text(encoding="utf-8")
    assert Path("/dev/null").is_char_device()


def test_who_may_read_a_table_is_for_its_owner_to_say(slv: Study, tmp_path: Path) -> None:
    """A person whose files are private gets private files."""
    done = ingest(content("long_names.csv"), slv, name="long_names.csv")
    before = os.umask(0o077)
    try:
        done.write(tmp_path / "private.csv")
    finally:
        os.umask(before)

    assert 0o600 == (tmp_path / "private.csv").stat().st_mode & 0o777
