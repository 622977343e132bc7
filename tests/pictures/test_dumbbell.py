"""Rates before and after: which rows are drawn, in which order, and in which words."""

from __future__ import annotations

import re

import pytest

from territory import charting
from territory.briefing import Selection
from territory.measures.comparison import ranked
from territory.pictures.figures import svg
from territory.study import Study


def named(figure: object) -> list[str]:
    """Return the names of the rows, from the top."""
    axes = [one for one in figure.axes if str(one.get_gid()).startswith("plot:")]  # type: ignore[attr-defined]
    return [label.get_text() for one in axes for label in one.get_yticklabels()]


def test_rows_are_those_that_surely_changed_most(slv: Study) -> None:
    """The ten falls with the lowest upper bound, in that order; then the rises."""
    found = slv.compare("2010:2011", "2012:2013")
    table = found.named("es")
    fell = ranked(table[table["change"].isin(["fell", "fell_firm"])], direction="fell")
    rose = ranked(table[table["change"].isin(["rose", "rose_firm"])], direction="rose")

    assert named(found.dumbbell("es")) == [*fell["name"][:10], *rose["name"][:10]]


def test_where_nothing_changed_the_chart_says_so(slv: Study) -> None:
    """Two years alike: no section of falls or rises, a sentence in their place."""
    found = slv.compare("2010", "2011", by="metropolitan")
    figure = found.dumbbell("en")
    if (found.table["change"].isin(["same", "too_few"])).all():
        assert "Nowhere more than chance would" in figure.alt
    assert named(figure)


@pytest.mark.parametrize(("lang", "word"), [("es", "después"), ("en", "after")])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_every_dot_tells_rate_interval_and_cases(
    slv: Study, lang: str, word: str, size: str
) -> None:
    """Two tips a row; the words for who cannot see it name every area."""
    chosen = Selection.of(slv, lang=lang, show="change")
    figure = charting.dumbbell_figure(slv, chosen, size=size)
    rows = named(figure)

    assert len(figure.tips) == 2 * len(rows)
    assert all(name in figure.alt for name in rows)
    assert word in svg(figure)
    assert re.search(r"100[.,]000", next(iter(figure.tips.values())))
