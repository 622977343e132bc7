"""`territory ingest` as it is typed: settings, decisions that are begun, bad files, nothing half-done."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from territory.checks import check_study
from territory.cli import app
from territory.evidence.ingest import SETTINGS, begun, ingest, questions
from territory.evidence.schema import DataError
from territory.study import Study
from territory.text import LANGUAGES

from .conftest import CASES, CORPUS, arguments, content


def typed(*arguments: object) -> Result:
    """Run a command; bad input is an exception here, and exit code 2 in a shell."""
    return CliRunner().invoke(app, ["ingest", *map(str, arguments)])


def refused(done: Result) -> bool:
    """Tell whether a command ended as a shell would see it end with 2."""
    return isinstance(done.exception, DataError) or done.exit_code == 2


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return where a table would be written."""
    return tmp_path / "counts.csv"


BAD = [
    "locked.xlsx", "old_locked.xls", "locked_ods.ods", "broken_xml.xlsx", "cut_off.xlsx",
    "lying_directory.xlsx", "bomb.xlsx", "far_cell.xlsx", "million_columns.ods",
    "failed_formulas.xlsx", "formulas_never_worked_out.xlsx", "injection.csv",
    "formula_as_count.csv", "words_for_counts.csv", "victims_contradicting_dates.csv",
    "negative.csv", "fraction.csv", "duplicates.csv", "year_out_of_range.csv",
    "year_cell_out_of_range.csv", "empty_sheet.xlsx", "spaces.csv", "only_heading.csv",
    "misspelt.csv", "homonym.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_with_two_and_nothing_is_written(
    name: str, tmp_path: Path, out: Path
) -> None:
    """The message names the file and fits a screen; an older table stays as it was."""
    file = tmp_path / name
    file.write_bytes(content(name))
    out.write_text("older", encoding="utf-8")

    done = typed(file, "--out", out)

    said = done.output + str(done.exception)
    assert refused(done)
    assert name in said
    assert len(said.splitlines()) < 40
    assert "older" == out.read_text(encoding="utf-8")
    assert {file, out} == set(tmp_path.iterdir())


def test_rows_without_a_unit_end_with_two_unless_they_are_left_out_knowingly(out: Path) -> None:
    """Nothing is written before somebody says that rows may be left out."""
    done = typed(CORPUS / "misspelt.csv", "--out", out)
    assert refused(done)
    assert not out.exists()

    done = typed(CORPUS / "misspelt.csv", "--out", out, "--allow-unmatched")
    assert 0 == done.exit_code
    assert 2 == len(out.read_text(encoding="utf-8").splitlines())


def test_the_json_of_a_refusal_is_one_document(out: Path) -> None:
    """A machine reads the report on standard output, a person on the other."""
    done = typed(CORPUS / "misspelt.csv", "--out", out, "--json")

    report = json.loads(done.stdout)
    assert ["Soyapngo", "Jiquilsco"] == [place["text"] for place in report["unmatched"]]
    assert report["faults"]


def test_settings_are_given_one_by_one(out: Path) -> None:
    """Each ``--set`` answers one thing that the file does not say."""
    file = CORPUS / "duplicates.csv"

    assert refused(typed(file, "--out", out))
    done = typed(file, "--out", out, "--set", "duplicates=sum", "--set", "institution=pnc")

    assert 0 == done.exit_code
    assert "pnc" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["duplicates", "=sum", "duplicates=", "colour=red", "name=x",
                                  "limits=1", "duplicates=maybe", "decisions=x"])  # fmt: skip
def test_a_wrong_setting_lists_what_is_allowed(out: Path, text: str) -> None:
    """A setting that is none ends with the list, and never reaches the reader as something else."""
    done = typed(CORPUS / "long_names.csv", "--out", out, "--set", text)

    assert isinstance(done.exception, DataError)
    assert any(word in str(done.exception) for word in ("sum|first", *list(SETTINGS)[:3]))
    assert not out.exists()


def test_decisions_are_begun_with_nothing_decided(tmp_path: Path, out: Path) -> None:
    """The file is read as it is and decides nothing; with the signs taken away it is enough."""
    begun_file = tmp_path / "decisions.toml"
    file = CORPUS / "misspelt.csv"

    assert refused(typed(file, "--out", out, "--begin-decisions", begun_file))
    text = begun_file.read_text(encoding="utf-8")
    assert refused(typed(file, "--out", out, "--decisions", begun_file))
    for code in ("0617", "1108"):
        text = text.replace(f'# value = "{code}"', f'value = "{code}"')
    begun_file.write_text(text, encoding="utf-8")

    assert 0 == typed(file, "--out", out, "--decisions", begun_file).exit_code
    next_month = tmp_path / "next.csv"
    next_month.write_bytes(file.read_bytes().replace(b"2011", b"2012"))
    assert 0 == typed(next_month, "--out", out, "--decisions", begun_file).exit_code


def test_decisions_are_never_written_over(tmp_path: Path, out: Path) -> None:
    """A person's choices are worth more than a suggestion."""
    kept = tmp_path / "decisions.toml"
    kept.write_text("# mine\n", encoding="utf-8")

    done = typed(CORPUS / "misspelt.csv", "--out", out, "--begin-decisions", kept)

    assert isinstance(done.exception, DataError)
    assert "# mine\n" == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['file']}: {case['about']}")
def test_decisions_that_were_begun_are_toml_that_decides_nothing(case, slv: Study) -> None:
    """For every file of the corpus: no value is set but the person's own, in either language."""
    try:
        found = ingest(content(case["file"]), slv, **arguments(case))
        source = found.report
    except DataError as error:
        source = error  # type: ignore[assignment]

    for lang in LANGUAGES:
        entries = tomllib.loads(begun(source, lang=lang))
        assert {} == entries.pop("settings")
        choices = [choice for kind in entries.values() for choice in kind]
        assert not any("value" in choice for choice in choices)
    assert all(question.setting in SETTINGS for question in questions(source))


def test_what_was_decided_before_stays_decided(tmp_path: Path, out: Path) -> None:
    """A file that is begun from another one carries its choices along."""
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(
        '[settings]\ninstitution = "pnc"\n[[place]]\ntext = "Soyapngo"\n'
        'above = "San Salvador"\nvalue = "0617"\n', encoding="utf-8",
    )  # fmt: skip

    typed(CORPUS / "misspelt.csv", "--out", out, "--decisions", first, "--begin-decisions", second)

    entries = tomllib.loads(second.read_text(encoding="utf-8"))
    assert {"institution": "pnc"} == entries["settings"]
    assert {"soyapngo": "0617", "Jiquilsco": None} == {
        place["text"]: place.get("value") for place in entries["place"]
    }


def test_next_month_asks_only_about_what_is_new(tmp_path: Path, out: Path) -> None:
    """Choices, the meaning of a dash included, hold for the next file; one new name is one question."""
    first, second = tmp_path / "enero.csv", tmp_path / "febrero.csv"
    made, open_ones = tmp_path / "made.toml", tmp_path / "open.toml"
    head = "Homicidios {} 2012,,\nDepartamento,Municipio,Casos\n"
    first.write_text(
        head.format("enero") + "San Salvador,Mejicanoz,3\nSan Salvador,No determinado,1\n"
        "Cuscatlan,El Rosario,-\nTOTAL,,4\n", encoding="utf-8",
    )  # fmt: skip
    second.write_text(
        head.format("febrero") + "San Salvador,Mejicanoz,1\nSan Salvador,Soyapngo,6\n"
        "Cuscatlan,El Rosario,-\nTOTAL,,7\n", encoding="utf-8",
    )  # fmt: skip
    assert refused(typed(first, "--out", out, "--begin-decisions", made))
    text = made.read_text(encoding="utf-8").replace('# value = "0608"', 'value = "0608"')
    before, nowhere = text.split('text = "No determinado"')
    nowhere = nowhere.replace('# value = "ignore"', 'value = "ignore"')
    chosen = (before + 'text = "No determinado"' + nowhere).replace(
        '# dash = "zero"', 'dash = "zero"'
    )
    made.write_text(chosen, encoding="utf-8")

    assert 0 == typed(first, "--out", out, "--decisions", made).exit_code
    assert {"0608,2012-01,homicides,iml,3", "0704,2012-01,homicides,iml,0"} == set(
        out.read_text(encoding="utf-8").splitlines()[1:]
    )
    done = typed(second, "--out", out, "--decisions", made, "--begin-decisions", open_ones)

    asked = [
        p["text"] for p in tomllib.loads(open_ones.read_text("utf-8"))["place"] if "value" not in p
    ]
    assert refused(done)
    assert ["Soyapngo"] == asked


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_says_what_every_row_is(out: Path, lang: str) -> None:
    """In words too, the kinds of rows add up to the rows read."""
    file = CORPUS / "second_page.csv"

    words = typed(file, "--out", out, "--lang", lang).stdout.splitlines()
    report = json.loads(typed(file, "--out", out, "--json").stdout)

    kinds = next(line for line in words if line.startswith(("– These rows", "– Estas filas")))
    assert report["rows_read"] == sum(int(n) for n in re.findall(r"\d+", kinds))


def test_the_json_has_what_others_rely_on(out: Path) -> None:
    """The names are fixed; a total that does not add up is named with its row."""
    report = json.loads(typed(CORPUS / "totals_off.csv", "--out", out, "--json").stdout)

    fixed = {"rows_read", "rows_written", "matched", "unmatched", "ambiguous", "warnings"}
    assert fixed <= report.keys()
    assert all(
        f"row {off['row']}" in " ".join(report["warnings"]) for off in report["totals"]["off"][:1]
    )


def test_what_is_left_out_knowingly_is_counted(out: Path) -> None:
    """Not only rows are named that are left out, but the cases in them."""
    done = typed(CORPUS / "misspelt.csv", "--out", out, "--allow-unmatched", "--json")

    counts = json.loads(done.stdout)["counts"]
    assert 0 < counts["left_out"] == counts["read"] - counts["written"]
    assert any(f"{counts['left_out']} of {counts['read']}" in line
               for line in json.loads(done.stdout)["warnings"])  # fmt: skip


def test_chicago_is_read_by_number_and_by_name(tmp_path: Path, out: Path) -> None:
    """Numbers of areas come as 25 or 25.0, names as people write them; a sum of the city is dropped."""
    numbers, names = tmp_path / "numbers.csv", tmp_path / "names.csv"
    numbers.write_text("Community Area,Jan 2012,Feb-12\n1.0,3,4\n25.0,10,9\n", encoding="utf-8")
    names.write_text(
        "Community area,2015,2016,Total\nAUSTIN,45,88,133\nThe Loop,1,0,1\n"
        "Mc Kinley Park,2,0,2\nCitywide total,48,88,136\n", encoding="utf-8",
    )  # fmt: skip
    read = {}
    for file in (numbers, names):
        done = typed(file, "--study", "chicago", "--out", out)
        assert 0 == done.exit_code, done.output
        rows = [line.split(",") for line in out.read_text(encoding="utf-8").splitlines()[1:]]
        read |= {(row[0], row[1]): int(row[-1]) for row in rows}

    assert {
        ("01", "2012-01"): 3, ("01", "2012-02"): 4, ("25", "2012-01"): 10, ("25", "2012-02"): 9,
        ("25", "2015"): 45, ("25", "2016"): 88, ("32", "2015"): 1, ("32", "2016"): 0,
        ("59", "2015"): 2, ("59", "2016"): 0,
    } == read  # fmt: skip


def test_a_case_without_a_place_may_be_unlocated(tmp_path: Path, out: Path) -> None:
    """Where a study keeps cases without a place, that is offered for a row that names none."""
    file, made = tmp_path / "cases.csv", tmp_path / "made.toml"
    file.write_text(
        "Date,Primary Type,Community Area\n01/25/2016,HOMICIDE,32\n02/03/2016,HOMICIDE,\n",
        encoding="utf-8",
    )
    assert refused(typed(file, "--study", "chicago", "--out", out, "--begin-decisions", made))
    text = made.read_text(encoding="utf-8")
    made.write_text(text.replace('# value = "unlocated"', 'value = "unlocated"'), encoding="utf-8")

    assert 0 == typed(file, "--study", "chicago", "--out", out, "--decisions", made).exit_code
    assert "unlocated,2016-02" in out.read_text(encoding="utf-8")


def test_a_spreadsheet_becomes_a_whole_study(tmp_path: Path, out: Path) -> None:
    """Its counts, the study's tables, cards and decisions in a new folder that passes its checks."""
    file, folder = tmp_path / "misspelt.csv", tmp_path / "mine"
    file.write_bytes(content("misspelt.csv"))
    options = ("--out", out, "--allow-unmatched", "--institution", "pnc", "--as-study", folder)
    done = typed(file, *options)

    assert 0 == done.exit_code
    assert all(check.ok for check in check_study(folder, lang="en"))
    assert "own_file" in Study.load(folder).outcomes.index.unique("institution")
    decided = tomllib.loads((folder / "decisions.toml").read_text(encoding="utf-8"))
    assert "pnc" == decided["settings"]["institution"]

    before = sorted(folder.rglob("*"))
    again = typed(file, *options)
    assert refused(again)
    assert before == sorted(folder.rglob("*"))


def test_no_study_is_begun_where_the_file_is_refused(tmp_path: Path, out: Path) -> None:
    """Neither the table nor the folder is there; a coarser level is said before both."""
    for name, text in (("bad.csv", "Municipio,2011\nNowhere,1\n"),
                       ("coarse.csv", "Departamento,2011\nSan Salvador,7\n")):  # fmt: skip
        (tmp_path / name).write_text(text)
        done = typed(tmp_path / name, "--out", out, "--as-study", tmp_path / "mine")

        assert refused(done)
        assert not out.exists()
        assert not (tmp_path / "mine").exists()


def test_the_table_may_stand_inside_the_new_study(tmp_path: Path) -> None:
    """The folder is made first, so that it does not take the table away."""
    file, folder = tmp_path / "a.csv", tmp_path / "mine"
    file.write_text("C\u00f3digo,2011\n0614,7\n", encoding="utf-8")
    folder.mkdir()
    done = typed(file, "--out", folder / "counts.csv", "--as-study", folder)

    assert 0 == done.exit_code
    assert (folder / "counts.csv").is_file()
    assert (folder / "study.toml").is_file()
