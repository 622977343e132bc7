"""A selection: three doors make the same one; what an address says is not trusted."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

from territory import briefing, documents
from territory.briefing import Selection
from territory.documents import csv_text, plain
from territory.evidence.schema import DataError
from territory.study import Study


def test_nothing_given_is_the_study_file_s_default(board: Study) -> None:
    """Defaults come from the study file."""
    chosen = Selection.of(board)

    assert ("homicides", "police", "census", "2004", "square") == (
        chosen.outcome,
        chosen.institution,
        chosen.population,
        chosen.period,
        chosen.by,
    )


def test_a_selection_is_never_changed(board: Study) -> None:
    """A renewed selection is another one."""
    chosen = Selection.of(board)
    other = chosen.renewed(period="2001")

    assert ("2004", "2001") == (chosen.period, other.period)
    with pytest.raises(FrozenInstanceError):
        chosen.period = "2001"


@pytest.mark.parametrize(
    "given",
    [
        {"outcome": "<script>alert(1)</script>"},
        {"period": "2999", "by": "galaxy"},
        {"lang": "xx", "show": "everything"},
        {"place": "0000000000" * 20, "before": "2004:2001"},
        {"institution": "court"},
        {"nonsense": "1"},
    ],
)
def test_rubbish_in_an_address_opens_the_default_view(board: Study, given) -> None:
    """What the study does not know falls back, entry by entry."""
    chosen, _ = Selection.lenient(board, given)

    assert chosen == Selection.of(board)


def test_good_entries_beside_rubbish_are_kept(board: Study) -> None:
    """One wrong entry does not spoil the others, and is reported."""
    chosen, errors = Selection.lenient(board, {"period": "2001", "by": "galaxy", "place": "B2"})

    assert ("2001", "square", "B2") == (chosen.period, chosen.by, chosen.place)
    assert ["galaxy"] == [str(error.faults[0].values["value"]) for error in errors]


def test_a_window_outside_an_outcome_s_series_falls_back_to_its_last_period(slv: Study) -> None:
    """The default year of homicides is used only where the outcome has it."""
    assert Selection.of(slv, outcome="extortion").period == "2011"


@pytest.mark.parametrize(
    "given", [{"lang": "fr"}, {"show": "heat"}, {"by": "village"}, {"place": "Nowhere"}]
)
def test_the_command_line_s_door_is_strict(board: Study, given) -> None:
    """`of` refuses what `lenient` drops."""
    with pytest.raises(DataError):
        Selection.of(board, **given)


def test_documents_are_json_without_nan(board: Study) -> None:
    """Missing and infinite values are null in every document."""
    chosen = Selection.of(board, period="2004")
    written = [
        documents.rates_document(board, chosen),
        documents.comparison_document(board, chosen),
        documents.study_document(board),
    ]

    for document in written:
        assert "NaN" not in json.dumps(document, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(float("inf"), None), (float("nan"), None), (pd.NA, None), (3, 3), ("a", "a"), (2.5, 2.5)],
)
def test_a_cell_is_plain_json(value, expected) -> None:
    """Only what JSON knows comes out."""
    assert plain(value) == expected


def test_text_that_looks_like_a_formula_is_made_harmless_in_csv() -> None:
    """A spreadsheet shows the text and computes nothing; negative numbers stay numbers."""
    table = pd.DataFrame(
        {"name": ["=1+1", "+cmd", "-2", "@x", "plain", "\t=1"], "change": [-1.5, 2, 3, 4, 5, 6]}
    ).rename_axis("unit")
    rows = list(csv.reader(io.StringIO(csv_text(table))))

    assert ["'=1+1", "'+cmd", "'-2", "'@x", "plain", "'\t'=1"] == [row[1] for row in rows[1:]]
    assert rows[1][2] == "-1.5"


def test_every_denominator_gives_its_own_rate(slv: Study) -> None:
    """The rate of 2011 runs from 69.9 to 72.2 by population series; the default gives 70.07."""
    table = briefing.denominators(slv, Selection.of(slv, period="2011"))

    assert table.loc["digestyc", "rate"] == pytest.approx(70.07, abs=0.01)
    assert table["rate"].min() == pytest.approx(69.9, abs=0.05)
    assert len(table) >= 5


def test_the_versions_of_sixty_percent_are_computed(slv: Study) -> None:
    """About −59, −52 and −41 percent, each with its own windows and one institution."""
    found = briefing.headlines(slv, "en")

    assert [-59.3, -52.4, -40.8] == [round(100 * headline.change, 1) for headline in found]
    assert all(len(headline.before.institutions) == 1 for headline in found)
