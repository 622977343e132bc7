"""Every file of the corpus gives its table, or its complaint, and accounts for every row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from territory.evidence.ingest import Ingested, IngestError, Report, ingest
from territory.evidence.schema import DataError
from territory.study import Study
from territory.text import LANGUAGES

from .conftest import CASES, CORPUS, arguments, content, lines
from .workbooks import CASES as WORKBOOKS

# Cells of personal columns in the corpus; none may come out of the door.
PERSONAL = ("Inventad", "Persona", "01234567", "01234568", "01234569", "2222-3333", "7777-3333")


def run(case: dict[str, Any], study: Study) -> tuple[Ingested | DataError, Report | None]:
    """Return what comes of a case, and the report if it got as far as one."""
    try:
        done = ingest(content(case["file"]), study, **arguments(case))
    except IngestError as error:
        return error, error.report
    except DataError as error:
        return error, None
    return done, done.report


def named(case: dict[str, Any]) -> str:
    """Return the name of a case."""
    return f"{case['file']}: {case['about']}"


@pytest.fixture(scope="module", params=CASES, ids=named)
def tried(request: pytest.FixtureRequest, slv: Study) -> tuple[dict[str, Any], Any, Report | None]:
    """Return a case, what came of it, and its report."""
    return request.param, *run(request.param, slv)


def test_a_file_gives_its_table_or_its_complaint(tried) -> None:
    """What the corpus says of a file is what comes out, to the last cell."""
    case, result, _ = tried

    if "table" in case:
        assert isinstance(result, Ingested), str(result)
        assert case["table"].split("\n")[:-1] == lines(result.table)
    else:
        assert isinstance(result, DataError)
        assert case["complaint"] == [fault.key for fault in result.faults]


def test_what_was_assumed_is_said(tried) -> None:
    """Notes that a case names are in its report, and what is open has its suggestions."""
    case, _, report = tried
    if report is None:
        assert not {"notes", "offered", "personal"} & case.keys()
        return

    said = [key for key, _ in report.assumed + report.warned]
    places = report.unmatched + report.ambiguous
    offered = {
        place.text or place.above: [one["unit"] for one in place.candidates] for place in places
    }
    assert [] == [key for key in case.get("notes", []) if key not in said]
    assert case.get("offered", {}) == offered
    assert case.get("personal", []) == [entry["column"] for entry in report.personal]


def test_every_row_is_of_one_kind(tried) -> None:
    """The kinds add up to the rows read, and what was read is written or left out."""
    _, result, report = tried
    if report is None:
        return
    document = report.as_dict()

    assert document["rows_read"] == sum(document["rows_by_kind"].values())
    assert document["matched"] == sum(document["matched_how"].values())
    counts = document["counts"]
    assert counts["read"] == counts["written"] + counts["left_out"]
    if isinstance(result, Ingested):
        assert len(result.table) == document["rows_written"]
        assert int(result.table["count"].sum()) == counts["written"]


def test_the_table_has_five_columns_and_known_units(tried, slv: Study) -> None:
    """Units are the study's, each key occurs once, counts are whole or missing."""
    _, result, _ = tried
    if not isinstance(result, Ingested):
        return
    table = result.table

    assert ["unit", "period", "outcome", "institution", "count"] == list(table.columns)
    assert "Int64" == str(table["count"].dtype)
    assert table["unit"].isin(slv.units.index).all()
    assert not table.duplicated(["unit", "period", "outcome", "institution"]).any()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_is_words_and_json(tried, lang: str) -> None:
    """Both languages can say every finding, and nothing personal is in any of them."""
    _, result, report = tried
    texts = [result.render(lang)] if isinstance(result, DataError) else [result.csv()]
    if report is not None:
        document = json.dumps(report.as_dict(lang), ensure_ascii=False, allow_nan=False)
        texts += [document, report.render(lang), report.decisions_csv()]

    assert [] == [word for word in PERSONAL for text in texts if word in text]
    assert all(text.strip() for text in texts)


def test_the_corpus_is_whole() -> None:
    """Each file is a case, and there are at least sixty."""
    files = {path.name for path in CORPUS.iterdir()} | WORKBOOKS.keys()
    used = {case["file"] for case in CASES} | {case.get("decisions") for case in CASES}

    assert files == used - {None}
    assert len(files) >= 60
