"""Study: the one object a user holds. Each method is a few lines over public functions."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory import comparing, effecting, rating
from territory.evidence.periods import Window
from territory.evidence.schema import DataError, unknown
from territory.evidence.tables import Tables
from territory.measures import holders as holding
from territory.measures import panel as panels
from territory.measures import reported, windows
from territory.measures.peers import peers
from territory.text import say

if TYPE_CHECKING:
    import datetime

    from territory.measures.effects import Effect


@dataclass(frozen=True, eq=False, repr=False)
class Study(Tables):
    """A place: what is known about it, and what follows from that.

    Load one with `Study.load`. A study is never changed; `select` returns a
    narrower one. The tables are attributes (see `territory.evidence.tables.Tables`).
    """

    # Measuring ---------------------------------------------------------------------

    def holders(
        self,
        on: str,
        *,
        by: str | None = None,
        carry_years: float | None = None,
        dominant_share: float | None = None,
    ) -> pd.DataFrame:
        """Return who is reported to hold or be present in each unit on a day, and since when.

        Parameters
        ----------
        on
            A day: ``2018-08-15``.
        by
            A level; the finest where nothing is said. Levels are never mixed.
        carry_years, dominant_share
            How long a report counts after its end, and the least share that is
            dominance; the study file's where nothing is said.

        Returns
        -------
        frame
            Index ``unit``; ``name``, then the columns of `territory.measures.holders.holders`.

        Raises
        ------
        DataError
            When `on` is no day, or `by` no level.
        """
        level = self.finest if by in (None, "unit") else str(by)
        if level not in self.file.levels:
            raise unknown("--by", level, self.file.levels)
        rule = {"carry_years": carry_years, "dominant_share": dominant_share}
        chosen = {key: value for key, value in rule.items() if value is not None}
        own = self.file.entries.get("territory", {})
        codes = self.units.index[self.units["level"] == level]
        frame = holding.holders(
            self.claims,
            codes,
            on=on,
            actors=self.actors,
            **{key: own[key] for key in rule if key in own} | chosen,
        )
        frame.insert(0, "name", self.units["name"].reindex(codes))
        return frame

    def grouping(self, by: str) -> pd.Series:
        """Return the group of each finest unit (missing where it belongs to none).

        ``status`` and ``holder`` take a day: ``status@2018-08-15``; ``intervention``
        says which of the study's interventions name the unit.

        Raises
        ------
        DataError
            When the study has no such grouping, or the day is none.
        """
        word, _, day = by.partition("@")
        if not self._from_territory(word):
            return super().grouping(by)
        known = super().grouping("unit").index
        if word == "intervention":
            kinds = self.file.entries["grouping"]["intervention"]["kinds"]
            return reported.intervention_groups(
                self.interventions, self.codes, kinds=kinds
            ).reindex(known)
        frame = self.holders(day or str(Window.parse(self.file.defaults["before"]).last))
        found = frame["status"] if word == "status" else reported.holder_groups(frame)
        return found.reindex(known)

    def group_names(self, by: str, groups: pd.Index, lang: str = "en") -> list[str]:
        """Return how groups are called in `lang`."""
        word = by.partition("@")[0]
        if word == "intervention" or not self._from_territory(word):
            return super().group_names(by, groups, lang)
        called = {status: say(f"holders.status_{status}", lang) for status in holding.STATUSES}
        called |= {str(actor): str(name) for actor, name in self.actors[f"name_{lang}"].items()}
        return [called.get(str(group), str(group)) for group in groups]

    def dated(self, by: str, day: datetime.date) -> str:
        """Return a grouping with the day it needs, where it needs one and has none."""
        needs_one = by in ("status", "holder") and self._from_territory(by)
        return f"{by}@{day}" if needs_one else by

    def _from_territory(self, word: str) -> bool:
        """Tell whether a grouping follows from reports and interventions, not from a table."""
        told = word in ("status", "holder", "intervention") and word in self.groupings
        return told and word not in set(self.groups["grouping"])

    def cells(
        self, window: Window, *, outcome: str, institution: str, population: str
    ) -> pd.DataFrame:
        """Return counts and person-years of every unit in every period of a window."""
        return panels.panel(
            self.outcomes,
            self.population,
            outcome=outcome,
            institution=institution,
            series=population,
            window=window,
        )

    def totals(
        self, window: Window, *, by: str, outcome: str, institution: str, population: str
    ) -> pd.DataFrame:
        """Return counts and person-years in a window, summed by group."""
        table = self.cells(window, outcome=outcome, institution=institution, population=population)
        groups = self.grouping(by)
        order = pd.Index(groups.dropna().unique(), name="unit")
        return panels.totals(table, groups).reindex(order)

    def rates(
        self,
        period: str,
        *,
        by: str | None = None,
        outcome: str | None = None,
        institution: str | None = None,
        population: str | None = None,
        smoothed: bool = False,
        prior: str | None = None,
        lang: str = "en",
    ) -> pd.DataFrame:
        """Return counts and rates per 100,000 person-years with exact 95 % intervals.

        Parameters
        ----------
        period
            A window inside the series: ``2011`` or ``2010:2011``.
        by
            A word of `groupings`; the finest unit where nothing is said.
        outcome, institution, population
            What is counted, by whom, over which population series.
        smoothed
            Add empirical-Bayes rates, drawn toward the mean of an area above.
        prior
            Level of that area; the study file's where nothing is said. With few units
            in it, intervals are too narrow (see `territory.measures.rates`).
        lang
            Language of the names of groups.

        Returns
        -------
        frame
            Index ``unit``; columns ``name``, ``count``, ``person_years``, ``rate``,
            ``low``, ``high``, ``reliability`` and, if `smoothed`,
            ``smoothed_rate``, ``smoothed_low``, ``smoothed_high``.

        Raises
        ------
        DataError
            For a word that the study does not know, or a window outside it.
        """
        what, who = self.counted(outcome, institution)
        window = self.window(period, outcome=what, institution=who, argument="--period")
        return rating.rates(
            self,
            window,
            by=self.dated(by or self.finest, window.last),
            counted=(what, who),
            series=self.series_named(population),
            smoothed=smoothed,
            prior=prior,
            lang=lang,
        )

    def compare(
        self,
        before: str,
        after: str,
        *,
        by: str | None = None,
        outcome: str | None = None,
        institution: str | None = None,
        population: str | None = None,
        scaled: bool = False,
    ) -> comparing.Comparison:
        """Compare two windows: rate difference, rate ratio, exact interval, p and q per group.

        Windows of the whole place may begin and end on any day: where they cut a period
        of the table of counts they are composed from published totals.

        Parameters
        ----------
        before, after
            Two windows that share no day.
        by, outcome, institution, population
            As in `rates`. Territory (``status``, ``holder``) is taken as reported on
            the last day before.
        scaled
            Widen intervals and p by the over-dispersion inside the windows.

        Raises
        ------
        DataError
            As `rates`; also for windows that overlap or stand in the wrong order, and
            for two windows that no single institution can answer.
        """
        spans = (
            Window.parse(before, argument="--before"),
            Window.parse(after, argument="--after"),
        )
        comparing.demand_order(*spans)
        series = self.series_named(population)
        grouped = self.dated(by or self.finest, spans[0].last)
        try:
            what, who = self.counted(outcome, institution)
            for window, argument in zip(spans, ("--before", "--after"), strict=True):
                self.window(window.text, outcome=what, institution=who, argument=argument)
        except DataError:
            if not self.published(grouped, outcome):
                raise
            return comparing.compose(
                self,
                *spans,
                by=grouped,
                outcome=outcome or self.outcome,
                institution=institution,
                series=series,
            )
        return comparing.compare(
            self, *spans, by=grouped, counted=(what, who), series=series, scaled=scaled
        )

    def published(self, by: str, outcome: str | None) -> bool:
        """Tell whether there are published totals of an outcome for a grouping: the whole only."""
        of_whole = by in ("total", self.file.levels[0])
        return of_whole and (outcome or self.outcome) in set(self.observations["outcome"])

    def effects(
        self, event: str, *, design: str | None = None, unconfirmed: bool = False
    ) -> Effect:
        """Estimate what an event changed, by one of the designs of the study file.

        Placebo dates or places, and the same estimate under other choices, come with it.

        Parameters
        ----------
        event, design, unconfirmed
            As `territory.effecting.effect`.

        Raises
        ------
        DataError
            For an event or design without an entry; for data that cannot answer it.
        """
        return effecting.effect(self, event, design=design, unconfirmed=unconfirmed)

    def people(self, window: Window, series: str) -> float:
        """Return the person-years of the whole place in a window of any days."""
        people = self.population["population"].xs(series, level="series")
        whole = people[people.index.get_level_values("unit").isin(self.codes)]
        by_year = whole.groupby(level="year").sum()
        total = 0.0
        for year in window.years:
            share = window.days_in(year) / (366 if calendar.isleap(year) else 365)
            total += float(by_year.get(year, float("nan"))) * share
        return total

    def series(
        self,
        *,
        by: str = "total",
        outcome: str | None = None,
        institution: str | None = None,
        population: str | None = None,
    ) -> pd.DataFrame:
        """Return counts and rates year by year, over the whole years of the series.

        Parameters
        ----------
        by, outcome, institution, population
            As in `rates`.

        Returns
        -------
        frame
            Index ``unit, period``; the columns of `rates`.
        """
        what, who = self.counted(outcome, institution)
        return rating.series(self, by=by, counted=(what, who), series=self.series_named(population))

    def similar(self, unit: str, *, before: str | None = None, n: int = 10) -> pd.Index:
        """Return the finest units most like one in population and in smoothed rate `before`."""
        window = before or self.default_window("before", self.outcome, self.institution)
        table = self.rates(window, by=self.finest, smoothed=True)
        return peers(table["person_years"], table["smoothed_rate"], unit, n=n)

    def window_count(
        self, window: str, *, institution: str | None = None, outcome: str | None = None
    ) -> windows.WindowCount:
        """Return how many were counted in the whole place between two dates, and from which rows.

        Works for windows that the yearly series cannot answer, as long as published
        totals add up to them.
        """
        rows = self.observations[self.observations["outcome"] == (outcome or self.outcome)]
        return windows.window_count(rows, Window.parse(window), institution=institution)
