"""Comparison: two windows of one study side by side, as numbers, sentences and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from territory.evidence.schema import DataError, Fault
from territory.measures.comparison import comparison
from territory.text import number, percent, say

if TYPE_CHECKING:
    import pandas as pd

    from territory.evidence.periods import Window
    from territory.study import Study


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed between two windows, per group.

    Parameters
    ----------
    table
        Index ``unit``; the columns of `territory.measures.comparison.comparison`
        after ``name``.
    whole
        The same for the study as a whole, one row.
    study, before, after, by, outcome, institution, series
        What was compared.
    """

    table: pd.DataFrame
    whole: pd.DataFrame
    study: Study
    before: Window
    after: Window
    by: str
    outcome: str
    institution: str
    series: str

    def named(self, lang: str) -> pd.DataFrame:
        """Return the table with the names of groups in `lang`."""
        return self.table.assign(name=self.study.group_names(self.by, self.table.index, lang))

    def summary(self, lang: str = "en") -> str:
        """Return what can be said in sentences: numbers, interval, caveat."""
        return " ".join(
            filter(
                None, [self._whole_sentence(lang), self._groups_sentence(lang), self._caveat(lang)]
            )
        )

    def map(self, lang: str = "en") -> Any:
        """Return the map of changes as an interactive folium map."""
        from territory.drawing import interactive

        return interactive(self.specs(lang)[-1:], self.study, by=self.by)

    def explore(self, lang: str = "en") -> Any:
        """Return before, after and change as layers of one interactive folium map."""
        from territory.drawing import interactive

        return interactive(self.specs(lang), self.study, by=self.by)

    def figure(self, lang: str = "en", *, size: str = "slide") -> Any:
        """Return before, after and change side by side as a matplotlib figure."""
        from territory.drawing import still

        return still(self.specs(lang), self.study, by=self.by, size=size)

    def specs(self, lang: str) -> list[Any]:
        """Return three maps as data: before, after, change."""
        from territory.drawing import comparison_specs

        return comparison_specs(self, lang)

    def _whole_sentence(self, lang: str) -> str:
        row = self.whole.iloc[0]
        values = {
            "outcome": self.study.file.outcome_word(self.outcome, "title", lang),
            "place": self.study.title(lang),
            "before": self.before.label(lang),
            "after": self.after.label(lang),
            "count_before": number(row["count_before"], lang),
            "count_after": number(row["count_after"], lang),
            "rate_before": number(row["rate_before"], lang, digits=1),
            "rate_after": number(row["rate_after"], lang, digits=1),
            "ratio": number(row["rate_ratio"], lang, digits=2),
            "low": number(row["ratio_low"], lang, digits=2),
            "high": number(row["ratio_high"], lang, digits=2),
            "change": percent(row["rate_ratio"] - 1, lang, signed=True),
        }
        key = "whole_no_ratio" if row["change"] == "no_data" or not row["rate_ratio"] else "whole"
        return say(f"summary.{key}", lang, **values)

    def _groups_sentence(self, lang: str) -> str:
        if len(self.table) < 2:
            return ""
        counts = self.table["change"].value_counts()
        n = {
            kind: int(counts.get(kind, 0))
            for kind in ("fell_firm", "fell", "same", "rose", "rose_firm", "too_few", "no_data")
        }
        n["fell"] += n["fell_firm"]
        n["rose"] += n["rose_firm"]
        groups = self.study.file.word(("level", self._level, "many"), lang, default=self.by)
        return say("summary.groups", lang, n=len(self.table), groups=groups, **n)

    def _caveat(self, lang: str) -> str:
        return self.study.file.word(("caveat",), lang, default="")

    @property
    def _level(self) -> str:
        return self.study.finest if self.by == "unit" else self.by

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.summary())}</p>{self.table.head(20).round(3).to_html()}"


def compare(
    study: Study,
    before: Window,
    after: Window,
    *,
    by: str,
    counted: tuple[str, str],
    series: str,
) -> Comparison:
    """Compare two windows of a study.

    Raises
    ------
    DataError
        For windows that share a day, or an after that comes first.
    """
    if before.overlaps(after):
        raise DataError(Fault("overlapping_windows", before=before.text, after=after.text))
    if before.first > after.first:
        raise DataError(Fault("after_before", before=before.text, after=after.text))
    outcome, institution = counted

    def table(grouping: str) -> pd.DataFrame:
        sums = [
            study.totals(
                window, by=grouping, outcome=outcome, institution=institution, population=series
            )
            for window in (before, after)
        ]
        rows = comparison(*sums)
        rows.insert(0, "name", study.group_names(grouping, rows.index))
        return rows

    whole = table("total")
    return Comparison(
        table=whole if by == "total" else table(by),
        whole=whole,
        study=study,
        before=before,
        after=after,
        by=by,
        outcome=outcome,
        institution=institution,
        series=series,
    )
