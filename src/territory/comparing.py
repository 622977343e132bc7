"""Comparison: two windows of one study side by side, as numbers, sentences and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory import notebook
from territory.evidence.schema import DataError, Fault
from territory.measures.comparison import comparison
from territory.measures.dispersion import dispersion
from territory.pictures.captions import WHOLE
from territory.text import number, percent, say
from territory.wording import part_named

if TYPE_CHECKING:
    from territory.evidence.periods import Window
    from territory.measures.windows import WindowCount
    from territory.study import Study

_TERRITORY = ("status", "holder", "border", "intervention")
_CHANGES = ("fell_firm", "fell", "same", "rose", "rose_firm", "too_few", "no_data")

# A leap day moves the share of a month of the year by less than this.
_SEASON = 0.01


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """What changed between two windows, per group.

    Parameters
    ----------
    table
        Index ``unit``; ``name``, then the columns of
        `territory.measures.comparison.comparison`.
    whole
        The same for the study as a whole, one row; for part of it where `part` says so.
    study, before, after, by, outcome, institution, series
        What was compared.
    phi
        Over-dispersion of the counts inside the two windows, all groups pooled;
        missing where the windows have one period each.
    scaled
        Whether intervals and p are widened by it.
    part
        Of how many of the finest units `whole` is the sum, where too many others have no
        data for it to be about the whole place; otherwise 0.
    composed
        How the two counts were put together, where they come from published totals
        and not from the table of counts.
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
    phi: float = float("nan")
    scaled: bool = False
    part: int = 0
    composed: tuple[WindowCount, WindowCount] | None = None

    def named(self, lang: str) -> pd.DataFrame:
        """Return the table with the names of groups in `lang`."""
        return self.table.assign(name=self.study.group_names(self.by, self.table.index, lang))

    def place(self, lang: str) -> str:
        """Return what `whole` is about: the study's place, or how many of its units."""
        return part_named(self.study, self.part, lang) if self.part else self.study.title(lang)

    def summary(self, lang: str = "en") -> str:
        """Return what can be said in sentences: numbers, interval, what was detectable, caveat."""
        return " ".join(filter(None, self.sentences(lang).values()))

    def sentences(self, lang: str = "en") -> dict[str, str]:
        """Return the parts of the summary: ``whole``, ``groups``, ``doubt``, ``caveat``.

        A part that does not apply is empty.
        """
        return {
            "whole": self._whole_sentence(lang),
            "groups": self._groups_sentence(lang),
            "doubt": self._doubt_sentence(lang),
            "caveat": self.study.file.word(("caveat",), lang, default=""),
        }

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

    def forest(self, lang: str = "en", *, size: str = "wide") -> Any:
        """Return the ratio of each group with its interval, and of the whole, as a figure."""
        from territory.charting import forest

        return forest(self, lang, size=size)

    def dumbbell(self, lang: str = "en", *, size: str = "wide") -> Any:
        """Return the rates before and after of the groups that surely changed most, as a figure."""
        from territory.charting import dumbbell

        return dumbbell(self, lang, size=size)

    def specs(self, lang: str) -> list[Any]:
        """Return three maps as data: before, after, change."""
        from territory.drawing import comparison_specs

        return comparison_specs(self, lang)

    def _whole_sentence(self, lang: str) -> str:
        row = self.whole.iloc[0]
        values = {
            "outcome": self.study.file.outcome_word(self.outcome, "title", lang),
            "place": self.place(lang),
            "before": self.before.label(lang),
            "after": self.after.label(lang),
            "count_before": number(row["count_before"], lang),
            "count_after": number(row["count_after"], lang),
        }
        if pd.isna(row["rate_ratio"]) or row["rate_ratio"] == 0:
            return say("summary.whole_no_ratio", lang, **values)
        return say(
            "summary.whole",
            lang,
            **values,
            rate_before=number(row["rate_before"], lang, digits=1),
            rate_after=number(row["rate_after"], lang, digits=1),
            ratio=number(row["rate_ratio"], lang, digits=2),
            low=number(row["ratio_low"], lang, digits=2),
            high=number(row["ratio_high"], lang, digits=2),
            change=percent(row["rate_ratio"] - 1, lang, signed=True),
        )

    def _groups_sentence(self, lang: str) -> str:
        if len(self.table) < 2:
            return ""
        counts = self.table["change"].value_counts()
        n = {kind: int(counts.get(kind, 0)) for kind in _CHANGES}
        n["fell"] += n["fell_firm"]
        n["rose"] += n["rose_firm"]
        # A halving that would have been seen four times in five needs a detectable ratio above it.
        blind = int((~(self.table["detectable_fall"] >= 0.5)).sum())
        said = say("summary.groups", lang, n=len(self.table), groups=self._groups(lang), **n)
        return f"{said} {say('summary.blind', lang, blind=blind)}" if blind else said

    def _doubt_sentence(self, lang: str) -> str:
        """Say what the intervals do not know of: other months of the year, more than chance."""
        seasons = zip(self.before.season(), self.after.season(), strict=True)
        apart = max(abs(one - other) for one, other in seasons)
        said = [say("summary.season", lang)] if apart > _SEASON else []
        if self.phi > 1:
            key = "summary.scaled" if self.scaled else "summary.unscaled"
            said.append(say(key, lang, phi=number(self.phi, lang, digits=1)))
        return " ".join(said)

    def _groups(self, lang: str) -> str:
        word = self.by.partition("@")[0]
        level = self.study.finest if word == "unit" else word
        file = self.study.file
        if many := file.word(("level", level, "many"), lang, default=""):
            return many
        told = say(f"territory.by_{word}", lang) if word in _TERRITORY else level
        title = file.word(("grouping", level, "title"), lang, default=told)
        return say("summary.of_grouping", lang, title=f"{title[:1].lower()}{title[1:]}")

    def _repr_html_(self) -> str:
        return notebook.comparison_html(self)

    def __repr__(self) -> str:
        what = f"{self.outcome} ({self.institution}), {self.before.text} against {self.after.text}"
        return f"<Comparison {self.study.name}: {what}, {len(self.table)} × {self.by}>"


def compare(
    study: Study,
    before: Window,
    after: Window,
    *,
    by: str,
    counted: tuple[str, str],
    series: str,
    scaled: bool = False,
) -> Comparison:
    """Compare two windows of whole periods of a study's table of counts.

    Raises
    ------
    DataError
        For windows that share a day, or an after that comes first; for `scaled`
        where no window has two periods.
    """
    demand_order(before, after)
    outcome, institution = counted
    sums = {
        grouping: [
            study.totals(
                window, by=grouping, outcome=outcome, institution=institution, population=series
            )
            for window in (before, after)
        ]
        for grouping in dict.fromkeys(["total", study.finest, by])
    }
    shared, units = _shared(sums[study.finest])
    part = units if units < WHOLE * len(study.codes) else 0
    if part:
        sums["total"] = shared
    phi = _dispersion(study, (before, after), by=by, counted=counted, series=series, need=scaled)
    widen = phi if scaled else 1.0

    def table(grouping: str) -> pd.DataFrame:
        first, second = sums[grouping]
        rows = comparison(first, second, phi=widen, whole=(sums["total"][0], sums["total"][1]))
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
        phi=phi,
        scaled=scaled,
        part=part,
    )


def _shared(units: list[pd.DataFrame]) -> tuple[list[pd.DataFrame], int]:
    """Return the sums of the units that have data in both windows, and how many they are."""
    sides = [side[["count", "person_years"]] for side in units]
    known = pd.concat(sides, axis=1).notna().all(axis=1)
    total = pd.Index(["total"], name="unit")
    sums = [side[known].sum(min_count=1).to_frame().T.set_axis(total) for side in sides]
    return sums, int(known.sum())


def demand_periods(study: Study, outcome: str, institution: str) -> None:
    """Raise `DataError` for a series of one period, which nothing can be held against."""
    first, last = study.span(outcome, institution)
    if first == last:
        what = f"{outcome} ({institution})"
        raise DataError(Fault("nothing_to_compare", outcome=what, value=first))


def demand_order(before: Window, after: Window) -> None:
    """Raise `DataError` for windows that share a day, or an after that comes first."""
    first, second = sorted((before, after), key=lambda window: (window.first, window.last))
    if before.overlaps(after):
        first, second = first.apart(second)
        key = "overlapping_windows"
    elif before.first > after.first:
        key = "after_before"
    else:
        return
    fix = {"fix_before": first.text, "fix_after": second.text}
    raise DataError(Fault(key, before=before.text, after=after.text, **fix))


def _dispersion(
    study: Study,
    spans: tuple[Window, Window],
    *,
    by: str,
    counted: tuple[str, str],
    series: str,
    need: bool,
) -> float:
    """Return the pooled over-dispersion inside the windows; missing where it cannot be told."""
    cells = [
        study.cells(window, outcome=counted[0], institution=counted[1], population=series)
        for window in spans
    ]
    try:
        found = dispersion(pd.concat(cells), spans, groups=study.grouping(by))
    except DataError:
        if need:
            raise
        return float("nan")
    return float(found["phi"]["all"])
