"""The command line as others rely on it: JSON forms, exit codes, nothing half-written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def territory(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "territory", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


def document(*arguments: object) -> dict:
    """Run a command with ``--json`` and return what it printed."""
    result = territory(*arguments, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_rates_of_the_nation_in_2011() -> None:
    """4,371 homicides, 70.07 per 100,000, exact interval 68.0 to 72.2."""
    found = document("rates", "slv", "--period", "2011", "--by", "nation")
    row = found["rows"][0]

    assert {
        "study": "slv",
        "period": "2011",
        "by": "nation",
        "outcome": "homicides",
        "institution": "iml",
        "population_series": "digestyc",
    } == {key: value for key, value in found.items() if key != "rows"}
    assert (row["unit"], row["name"], row["count"]) == ("SV", "El Salvador", 4371)
    assert row["person_years"] == pytest.approx(6_237_637)
    assert (70.07, 68.0, 72.2) == (
        round(row["rate"], 2),
        round(row["low"], 1),
        round(row["high"], 1),
    )


def test_smoothed_rates_have_their_own_interval() -> None:
    """With ``--smoothed`` every row has three more entries."""
    row = document("rates", "slv", "--period", "2011", "--smoothed")["rows"][0]

    assert row["smoothed_low"] <= row["smoothed_rate"] <= row["smoothed_high"]


def test_comparison_of_the_nation() -> None:
    """8,375 to 5,107, rate ratio about 0.600."""
    found = document(
        "compare", "slv", "--before", "2010:2011", "--after", "2012:2013", "--by", "nation"
    )
    row = found["rows"][0]

    assert ("2010:2011", "2012:2013") == (found["before"], found["after"])
    assert (8375, 5107) == (row["count_before"], row["count_after"])
    assert row["rate_ratio"] == pytest.approx(0.600, abs=0.001)
    assert row["ratio_low"] < row["rate_ratio"] < row["ratio_high"]


def test_missing_values_are_null(board_copy: Path) -> None:
    """A square without a report is null, not zero and not NaN."""
    found = document("rates", board_copy, "--period", "2004", "--by", "square")
    row = next(row for row in found["rows"] if row["unit"] == "C3")

    assert (None, None) == (row["count"], row["rate"])


def test_studies_and_check() -> None:
    """The shipped study is listed, and all its checks hold."""
    listed = document("studies")
    checked = document("check", "slv")

    assert "slv" in [entry["study"] for entry in listed]
    assert {"study", "title", "units", "periods", "outcomes", "sources"} == set(listed[0])
    assert checked["ok"]
    assert {"check", "ok", "value", "expected", "note"} == set(checked["checks"][0])


def test_a_check_that_fails_exits_with_one(board_copy: Path) -> None:
    """An altered file is a failed check."""
    with (board_copy / "outcomes.csv").open("a", encoding="utf-8") as file:
        file.write("A1,2005,homicides,police,4,published\n")

    result = territory("check", board_copy, "--json")

    assert result.returncode == 1
    assert not json.loads(result.stdout)["ok"]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "html"])
def test_a_map_is_written_in_each_format(ending: str, tmp_path: Path) -> None:
    """The ending of the file says the format; the answer says what it shows."""
    out = tmp_path / f"map.{ending}"
    found = document("map", "slv", "--show", "rate", "--period", "2011", "--out", out)
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "html": b"<!DOCTYPE"}[ending]

    assert out.read_bytes().lower().startswith(start.lower())
    assert found["bytes"] == out.stat().st_size
    assert found["caption"]
    assert found["sources"]
    beside = [] if ending == "html" else ["map.alt.txt", "map.csv"]
    assert sorted([out.name, *beside]) == sorted(file.name for file in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rates", "atlantis"], ["atlantis", "slv"]),
        (["rates", "slv", "--outcome", "homicide"], ["homicide", "homicides"]),
        (["rates", "slv", "--period", "1999"], ["1999", "2008", "2018"]),
        (["rates", "slv", "--by", "village"], ["village", "municipality"]),
        (["rates", "slv", "--institution", "fgr"], ["fgr", "iml"]),
        (["rates", "slv", "--period", "2012-03"], ["2012-03", "2012"]),
        (["compare", "slv", "--before", "2010:2012", "--after", "2012:2013"], ["overlap"]),
        (["compare", "slv", "--before", "2011:2010"], ["--before", "2011:2010"]),
        (["map", "slv", "--out", "map.bmp"], ["map.bmp", "*.png"]),
        (["map", "slv", "--out", "nowhere/map.png"], ["nowhere"]),
        (["map", "slv", "--show", "heat", "--out", "map.png"], ["heat", "rate"]),
        (["map", "slv", "--size", "a0", "--out", "map.png"], ["a0", "slide"]),
        (["dashboard", "atlantis"], ["atlantis"]),
        (["rates", "slv", "--colour", "red"], ["--colour"]),
        (["frobnicate"], ["frobnicate"]),
    ],
)
def test_bad_input_exits_with_two_and_writes_nothing(arguments, words, tmp_path: Path) -> None:
    """One message on standard error, nothing on standard output, nothing on disk."""
    result = territory(*arguments, cwd=tmp_path)

    assert result.returncode == 2
    assert [word for word in words if word not in result.stderr] == []
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert [] == list(tmp_path.iterdir())


def test_a_spreadsheet_becomes_the_table_of_counts(tmp_path: Path) -> None:
    """The report says what was read, matched and written; the CSV has the columns of the table."""
    messy = tmp_path / "police.csv"
    messy.write_text("Municipio;Departamento;2011;2012\nSoyapango;San Salvador;173;80\n")
    out = tmp_path / "counts.csv"
    found = document(
        "ingest", messy, "--institution", "pnc", "--outcome", "homicides", "--out", out
    )

    assert {"rows_read", "rows_written", "matched", "unmatched", "ambiguous", "warnings"} <= set(
        found
    )
    assert out.read_text().splitlines() == [
        "unit,period,outcome,institution,count",
        "0617,2011,homicides,pnc,173",
        "0617,2012,homicides,pnc,80",
    ]


def test_a_row_that_is_not_accounted_for_stops_the_ingest(tmp_path: Path) -> None:
    """An unknown place is reported with a suggestion; nothing is written; exit code 2."""
    messy = tmp_path / "police.csv"
    messy.write_text("Municipio;Departamento;2011\nSoyapingo;San Salvador;173\n")
    out = tmp_path / "counts.csv"
    result = territory(
        "ingest", messy, "--institution", "pnc", "--outcome", "homicides", "--out", out, "--json"
    )

    assert result.returncode == 2
    assert "Soyapango" in json.dumps(json.loads(result.stdout)["unmatched"], ensure_ascii=False)
    assert not out.exists()


def test_holders_and_effects_as_json() -> None:
    """Nineteen municipalities with a status on 15 August 2018; an effect with its placebo."""
    held = document("holders", "slv", "--on", "2018-08-15")
    effect = document("effects", "slv", "--event", "free_municipalities")

    assert {"on", "carry_years", "rows"} == set(held)
    assert sum(row["status"] != "no_data" for row in held["rows"]) == 19
    assert effect["low"] < 1 < effect["high"]


@pytest.mark.parametrize(
    "command",
    ["studies", "check", "rates", "compare", "holders", "effects", "map", "ingest", "dashboard"],
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    """``--help`` shows how the command is used."""
    result = territory(command, "--help")

    assert result.returncode == 0
    assert f"territory {command}" in result.stdout.split("Example", 1)[1]
