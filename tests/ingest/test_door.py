"""The door: nothing half-written, nothing personal kept, decisions that are kept for next month."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from territory.evidence.ingest import IngestError, ingest
from territory.evidence.ingest.decisions import SETTINGS, read_decisions
from territory.evidence.outcomes import read_outcomes
from territory.evidence.schema import DataError
from territory.study import Study

from .conftest import CORPUS, content, write_card
from .workbooks import xlsx


def test_a_path_is_read_as_its_content(slv: Study) -> None:
    """A path, a text of a path and the bytes of the file give the same table."""
    path = CORPUS / "wide_years_total.csv"

    tables = [ingest(source, slv).table for source in (path, str(path), path.read_bytes())]

    assert all(table.equals(tables[0]) for table in tables)


def test_a_file_that_is_not_there_is_said(slv: Study, tmp_path: Path) -> None:
    """The message names the file; a folder, a pipe and a device without end are none."""
    os.mkfifo(tmp_path / "pipe")
    for path, words in (
        (tmp_path / "none.csv", "no such file"), (tmp_path, "no ordinary file"),
        (tmp_path / "pipe", "no ordinary file"), (Path("/dev/zero"), "no ordinary file"),
        (tmp_path / ("n" * 300), "cannot be read"),
    ):  # fmt: skip
        with pytest.raises(DataError, match=words):
            ingest(path, slv)


def test_the_table_is_written_whole_and_can_be_read_back(slv: Study, tmp_path: Path) -> None:
    """What is written is a table of outcomes that a study reads, once it has its card."""
    done = ingest(CORPUS / "long_names.csv", slv)
    out = tmp_path / "outcomes.csv"

    done.write(out)

    assert [out] == list(tmp_path.iterdir())
    written = pd.read_csv(out, dtype=str)
    assert ["unit", "period", "outcome", "institution", "count"] == list(written.columns)
    written.assign(quality="published").to_csv(out, index=False)
    write_card(out)
    table, _ = read_outcomes(out, slv.units)
    assert 17 == table["count"].sum()


def test_a_table_that_cannot_be_written_leaves_nothing(slv: Study, tmp_path: Path) -> None:
    """A folder that is not there is said, and an older file stays as it was."""
    done = ingest(CORPUS / "long_names.csv", slv)

    with pytest.raises(DataError, match="--out"):
        done.write(tmp_path / "none" / "out.csv")

    assert [] == list(tmp_path.iterdir())


def test_nothing_is_given_where_a_row_is_not_accounted_for(slv: Study) -> None:
    """The error carries the report, and no table."""
    with pytest.raises(IngestError) as caught:
        ingest(CORPUS / "misspelt.csv", slv)

    report = caught.value.report.as_dict()
    assert not hasattr(caught.value, "table")
    assert 0 == report["rows_written"]
    assert (3, 1) == (report["rows_read"], report["matched"])
    assert {"unit": "0617", "name": "Soyapango, San Salvador", "score": 94} == (
        report["unmatched"][0]["suggestions"][0]
    )


def test_the_report_has_what_the_interface_promises(slv: Study) -> None:
    """The keys that others rely on are there, whatever else is."""
    document = ingest(CORPUS / "wide_title_block.csv", slv).report.as_dict()

    promised = {"rows_read", "rows_written", "matched", "unmatched", "ambiguous", "warnings"}
    assert promised <= document.keys()
    assert (4, 4, 2) == tuple(document[k] for k in ("rows_read", "rows_written", "matched"))
    json.dumps(document, allow_nan=False)


def test_a_file_of_decisions_is_begun_filled_in_and_kept(slv: Study, tmp_path: Path) -> None:
    """The report writes the open places; with their codes the file is read, this month and next."""
    with pytest.raises(IngestError) as caught:
        ingest(CORPUS / "misspelt.csv", slv)
    rows = list(csv.DictReader(io.StringIO(caught.value.report.decisions_csv())))
    kept = tmp_path / "decisions.csv"

    _save(kept, rows)
    with pytest.raises(IngestError):  # an empty value is no decision
        ingest(CORPUS / "misspelt.csv", slv, decisions=kept)
    for row in rows:
        row["value"] = row["offered"].split(" ")[0]
    _save(kept, rows)
    march = ingest(CORPUS / "misspelt.csv", slv, decisions=kept)
    april = content("misspelt.csv").replace(b"2011", b"2012")

    assert 177 == march.table["count"].sum()
    assert {"decision": 2, "name": 1} == dict(march.report.how)
    assert 177 == ingest(april, slv, decisions=kept).table["count"].sum()


def _save(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["kind", "text", "above", "value", "offered"])
        writer.writeheader()
        writer.writerows(rows)


def test_decisions_that_were_not_needed_are_said(slv: Study) -> None:
    """A decision for a place that the file does not have is not lost from sight."""
    report = ingest(CORPUS / "long_names.csv", slv, decisions=CORPUS / "decisions.csv").report

    assert "soyapngo" in report.as_dict()["decisions_unused"]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("place,Soyapngo,,9999", "9999"),
        ("planet,Mars,,0617", "planet|0617"),
        ("setting,colour,,red", "red"),
        ("setting,dash,,maybe", "maybe"),
        ("outcome,Hurto,,=1+1", "=1"),
    ],
)
def test_a_wrong_decision_is_refused(slv: Study, tmp_path: Path, line: str, word: str) -> None:
    """The message names the file, the row and the value."""
    file = tmp_path / "decisions.csv"
    file.write_text(f"kind,text,above,value\n{line}\n", encoding="utf-8")

    with pytest.raises(DataError, match=word) as caught:
        ingest(CORPUS / "long_names.csv", slv, decisions=file)

    assert "decisions.csv, row 2" in str(caught.value)


def test_settings_in_toml_hold_and_those_given_come_first(slv: Study, tmp_path: Path) -> None:
    """A file of decisions keeps settings; what is said at the door goes before them."""
    file = tmp_path / "decisions.toml"
    file.write_text('[settings]\ndash = "zero"\nyear = 2011\ncomplete = true\n', encoding="utf-8")

    assert {"dash": "zero", "year": "2011", "complete": "true"} == (
        read_decisions(file, slv.units).settings
    )
    kept = ingest(CORPUS / "dash_is_zero.csv", slv, decisions=file).table
    said = ingest(CORPUS / "dash_is_zero.csv", slv, decisions=file, dash="missing").table
    assert [1, 3] == [int(table["count"].isna().sum()) for table in (kept, said)]


def test_every_setting_is_known_by_its_form() -> None:
    """A setting that nothing checks would be ignored in silence."""
    assert all(SETTINGS.values())


def test_text_like_a_formula_is_harmless_in_all_that_is_written(slv: Study) -> None:
    """No cell of the table or of the file of decisions begins like a formula."""
    with pytest.raises(IngestError) as caught:
        ingest(CORPUS / "injection.csv", slv)
    done = ingest(CORPUS / "injection.csv", slv, allow_unmatched=True)

    for text in (caught.value.report.decisions_csv(), done.csv()):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert [] == [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_a_harmless_text_is_recognised_when_it_comes_back(slv: Study, tmp_path: Path) -> None:
    """The sign that makes a text harmless does not hide what was decided about it."""
    with pytest.raises(IngestError) as caught:
        ingest(CORPUS / "injection.csv", slv)
    rows = list(csv.DictReader(io.StringIO(caught.value.report.decisions_csv())))
    for row in rows:
        row["value"] = "ignore"
    _save(tmp_path / "decisions.csv", rows)

    done = ingest(CORPUS / "injection.csv", slv, decisions=tmp_path / "decisions.csv")

    assert (3, 2) == (done.report.rows_read, done.report.kinds["ignored"])


def test_a_personal_column_is_named_and_its_cells_are_nowhere(slv: Study) -> None:
    """The report says which columns and how they were known, and holds none of their values."""
    done = ingest(CORPUS / "personal_by_content.csv", slv)

    known = {entry["column"]: entry["known_by"] for entry in done.report.personal}
    assert {"ref": "document", "dato": "name", "contacto": "telephone"} == known
    assert "Inventada" not in repr(done.report) + done.csv()


def test_another_study_needs_no_code(board: Study) -> None:
    """A made-up country with its own levels is read by its own words."""
    text = "Region,Square,2001,2002\nRegion A,Square A1,4,4\nRegion B,square b1,1,s/d\n"

    done = ingest(text.encode(), board, name="board.csv")

    assert [4, 4, 1] == done.table["count"].dropna().tolist()
    assert {"police"} == set(done.table["institution"])
    assert "square" == done.report.level


def test_the_areas_of_chicago_are_read_by_number_and_name() -> None:
    """A second study is read as well, its months and its unlocated victims included."""
    text = "community area;2016-01;2016-02\n8;1;0\nAustin;4;3\nunlocated;1;0\n"

    done = ingest(text.encode(), Study.load("chicago"), name="c.csv")

    assert {"08", "25", "unlocated"} == set(done.table["unit"])
    assert 9 == done.table["count"].sum()


def test_columns_without_end_are_refused_before_they_are_read(slv: Study) -> None:
    """A million columns of text, or of a workbook, cost neither memory nor time."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    text = ("Municipio" + ",2011" * 1_000_000 + "\n").encode()

    with pytest.raises(DataError, match="too big"):
        ingest(text, slv, name="wide.csv")
    for name in ("million_columns.ods", "far_cell.xlsx", "bomb.xlsx"):
        with pytest.raises(DataError, match="too big"):
            ingest(content(name), slv, name=name)

    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (
        after - before < 700 * 1024
    )  # kilobytes; the bomb itself is 410 megabytes while it is made


def test_the_worker_is_bounded_by_itself() -> None:
    """A workbook that grows without bound ends its own process, and no other."""
    worker = Path(ingest.__code__.co_filename).with_name("worker.py")
    # As many cells as nothing else would refuse: the memory alone ends it.
    limits = [str(10**12), str(10**6), str(512 * 2**20), "500"]

    done = subprocess.run(
        [sys.executable, "-I", str(worker), "xlsx", *limits],
        input=content("far_cell.xlsx"), capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode != 0
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2 * 2**20


def test_strings_without_end_are_refused(slv: Study) -> None:
    """A cell of twenty megabytes is read, and no message repeats it."""
    rows = [["Municipio", 2011], ["A" * 20_000_000, 1], ["Apopa", 2]]

    with pytest.raises(DataError) as caught:
        ingest(xlsx({"H": rows}), slv, name="long.xlsx")

    assert len(str(caught.value)) < 2000


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_end_in_a_message(slv: Study, seed: int) -> None:
    """Whatever bytes of a workbook are spoiled, there is a table or one clear message."""
    names = ("merged_departments.xlsx", "table_in_ods.ods", "old_program.xls", "latin1.csv")
    spoiled = bytearray(content(names[seed % 4]))
    for i in range(12):
        spoiled[(seed * 7919 + i * 104_729) % len(spoiled)] ^= (seed * 31 + i * 17) % 255 + 1

    message, table = "", pd.DataFrame()
    try:
        table = ingest(bytes(spoiled), slv, name=names[seed % 4]).table
    except DataError as error:
        message = error.render("es")

    assert bool(message) == table.empty


def test_nothing_is_left_behind(slv: Study, tmp_path: Path, monkeypatch) -> None:
    """Reading writes no file, neither here nor where temporary files go."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    ingest(content("merged_departments.xlsx"), slv, name="a.xlsx")

    assert [] == os.listdir(tmp_path)  # noqa: PTH208 - a name is all that is wanted
