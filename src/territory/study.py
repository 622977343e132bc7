"""Study: the one object a user holds. Each method is a few lines over public functions."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from territory import comparing, rating
from territory.evidence.periods import Window
from territory.evidence.tables import Tables
from territory.measures import panel as panels
from territory.measures import windows
from territory.measures.peers import peers


@dataclass(frozen=True, eq=False)
class Study(Tables):
    """A place: what is known about it, and what follows from that.

    Load one with `Study.load`. A study is never changed; `select` returns a
    narrower one. The tables are attributes (see `territory.evidence.tables.Tables`).
    """

    # Measuring ---------------------------------------------------------------------

    def totals(
        self, window: Window, *, by: str, outcome: str, institution: str, population: str
    ) -> pd.DataFrame:
        """Return counts and person-years in a window, summed by group."""
        table = panels.panel(
            self.outcomes,
            self.population,
            outcome=outcome,
            institution=institution,
            series=population,
            window=window,
        )
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
            by=by or self.finest,
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
        lang: str = "en",
    ) -> comparing.Comparison:
        """Compare two windows: rate difference, rate ratio, exact interval, p and q per group.

        Parameters
        ----------
        before, after
            Two windows that share no day.
        by, outcome, institution, population, lang
            As in `rates`.

        Raises
        ------
        DataError
            As `rates`; also for windows that overlap or stand in the wrong order.
        """
        what, who = self.counted(outcome, institution)
        spans = [
            self.window(text, outcome=what, institution=who, argument=argument)
            for text, argument in ((before, "--before"), (after, "--after"))
        ]
        return comparing.compare(
            self,
            *spans,
            by=by or self.finest,
            counted=(what, who),
            series=self.series_named(population),
        )

    def series(
        self,
        *,
        by: str = "total",
        outcome: str | None = None,
        institution: str | None = None,
        population: str | None = None,
    ) -> pd.DataFrame:
        """Return counts and rates period by period, over the whole series.

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

    def window_count(self, window: str, *, institution: str | None = None) -> windows.WindowCount:
        """Return how many were counted in the whole place between two dates, and from which rows.

        Works for windows that the yearly series cannot answer, as long as published
        totals add up to them.
        """
        rows = self.observations[self.observations["outcome"] == self.outcome]
        return windows.window_count(rows, Window.parse(window), institution=institution)
