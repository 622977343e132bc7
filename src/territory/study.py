"""Study: the one object a user holds. Each method is a few lines over public functions."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory import comparing, composing, effecting, notebook, rating
from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.measures import panel as panels
from territory.measures import windows
from territory.measures.peers import peers
from territory.reports import Reports

if TYPE_CHECKING:
    from territory.effecting import StudyEffect


@dataclass(frozen=True, eq=False, repr=False)
class Study(Reports):
    """A place: what is known about it, and what follows from that.

    Load one with `Study.load`. A study is never changed; `select` returns a
    narrower one. The tables are attributes (see `territory.evidence.tables.Tables`).
    """

    # Measuring ---------------------------------------------------------------------

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
        if self.observations.empty:
            comparing.demand_periods(self, *self.counted(outcome, institution))
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
            return composing.compose(
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
    ) -> StudyEffect:
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

    def _repr_html_(self) -> str:
        return notebook.study_html(self)
