"""The tables of one study, read and checked, and the words by which to choose from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from territory.evidence import loading, names, sources, units
from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault, unknown

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas
    import pandas as pd

    from territory.evidence.sources import SourceCard
    from territory.evidence.studyfile import StudyFile


@dataclass(frozen=True, eq=False)
class Tables:
    """What is known about a place: areas, counts, populations and events, each with its source.

    Never changed; `select` returns a narrower copy.

    Parameters
    ----------
    file
        The study file.
    units, groups, outcomes, population, events, observations, actors, claims,
    interventions, comparators
        The tables, as the readers in `territory.evidence` return them.
    cards
        One source card per table.
    outcome, institution, population_series
        What methods use where nothing is said: an outcome, the institution that
        counted it, a population series.
    """

    file: StudyFile
    units: pd.DataFrame
    groups: pd.DataFrame
    outcomes: pd.DataFrame
    population: pd.DataFrame
    events: pd.DataFrame
    observations: pd.DataFrame
    actors: pd.DataFrame
    claims: pd.DataFrame
    interventions: pd.DataFrame
    comparators: pd.DataFrame
    cards: tuple[SourceCard, ...]
    outcome: str
    institution: str
    population_series: str

    @classmethod
    def load(cls, study: str | Path = "slv") -> Self:
        """Read a shipped study by its name, or any by the path of its study file.

        Raises
        ------
        DataError
            With every fault of the first table that has any.
        """
        return cls(**loading.tables(study))

    # What there is -----------------------------------------------------------------

    @property
    def name(self) -> str:
        """Short name of the study."""
        return self.file.name

    def title(self, lang: str = "en") -> str:
        """Return the name of the place."""
        return self.file.title(lang)

    @property
    def sources(self) -> pd.DataFrame:
        """One row per data file: title, publisher, licence, years, address, what was done."""
        return self.sources_in("en")

    def sources_in(self, lang: str) -> pd.DataFrame:
        """Return `sources` in a language."""
        return sources.listed(self.cards, lang)

    @property
    def whole(self) -> str:
        """Code of the unit that is the whole place."""
        return str(self.units.index[self.units["level"] == self.file.levels[0]][0])

    @property
    def finest(self) -> str:
        """Name of the finest level."""
        return self.file.levels[-1]

    @property
    def first_by(self) -> str:
        """Level at which pages open, and commands answer when none is named."""
        return str(self.file.entries.get("default_by", self.finest))

    @cached_property
    def codes(self) -> pd.Index:
        """Codes of the finest units, in the order of the table."""
        return self.units.index[self.units["level"] == self.finest]

    @cached_property
    def groupings(self) -> tuple[str, ...]:
        """Every word that ``by`` takes: total, unit, the levels, the study's groupings."""
        own = list(self.groups["grouping"].unique())
        own += ["status", "holder"] if len(self.claims) else []
        told = self.file.entries.get("grouping", {})
        own += ["border"] if len(self.claims) and "border" in told else []
        own += ["intervention"] if len(self.interventions) else []
        return tuple(dict.fromkeys(["total", "unit", *self.file.levels, *own]))

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Outcomes with the institutions that count them: first and last period of each."""
        index = self.outcomes.index.to_frame(index=False)
        return index.groupby(["outcome", "institution"], sort=False)["period"].agg(["min", "max"])

    def span(self, outcome: str, institution: str) -> tuple[pd.Period, pd.Period]:
        """Return the first and last period in which an institution counted an outcome."""
        pair = (outcome, institution)
        return self.pairs["min"][pair], self.pairs["max"][pair]

    def years(self, outcome: str, institution: str) -> list[int]:
        """Return the whole calendar years of a series; one that is counted in part is left out."""
        first, last = self.span(outcome, institution)
        begins_late = first.start_time.day_of_year > 1
        ends_early = last.end_time.month < 12
        return list(range(first.year + begins_late, last.year + 1 - ends_early))

    @property
    def series_names(self) -> tuple[str, ...]:
        """Population series that cover the finest units."""
        finest = self.population.index.get_level_values("unit").isin(self.codes)
        return tuple(self.population.index[finest].get_level_values("series").unique())

    def shapes(self, *, detail: str = "full") -> geopandas.GeoDataFrame:
        """Return the shapes of all units (``full``), or the light ones for pages (``web``)."""
        name = "geometry_web" if detail == "web" and self.file.table("geometry_web") else "geometry"
        shapes = loading.shapes(self.file, name)
        shapes = shapes[shapes.index.isin(self.units.index)]
        return units.joined_at_date_line(shapes) if detail == "web" else shapes

    # Choosing ----------------------------------------------------------------------

    def select(
        self,
        *,
        within: str | None = None,
        outcome: str | None = None,
        institution: str | None = None,
        population: str | None = None,
    ) -> Self:
        """Return a narrower study: only the units of one area, or other defaults.

        Parameters
        ----------
        within
            Code or name of an area, for example a department.
        outcome, institution, population
            New defaults.
        """
        what, who = self.counted(outcome, institution)
        study = replace(
            self, outcome=what, institution=who, population_series=self.series_named(population)
        )
        if within is None:
            return study
        area = self.unit(within, argument="within")
        inside = self.units.index.isin([area, *units.below(area, self.units)])
        kept = self.units[inside].copy()
        kept.loc[area, "parent"] = None
        counts = self.outcomes[self.outcomes.index.get_level_values("unit").isin(kept.index)]
        groups = self.groups[self.groups["unit"].isin(kept.index)]
        return replace(study, units=kept, outcomes=counts, groups=groups)

    def counted(self, outcome: str | None, institution: str | None) -> tuple[str, str]:
        """Return an outcome and an institution that counts it.

        Raises
        ------
        DataError
            When there is no such outcome, or that institution does not count it.
        """
        what = outcome or self.outcome
        known = self.pairs.index.get_level_values("outcome").unique()
        if what not in known:
            raise unknown("--outcome", what, known)
        who = list(self.pairs.loc[what].index)
        if institution is None:
            return what, self.institution if self.institution in who else who[0]
        if institution not in who:
            raise unknown(f"--institution ({what})", institution, who)
        return what, institution

    def window(self, text: str, *, outcome: str, institution: str, argument: str) -> Window:
        """Read a window and hold it against the series that it is asked of.

        Raises
        ------
        DataError
            When it is no window, lies outside the series, or cuts a period.
        """
        window = Window.parse(text, argument=argument)
        first, last = self.span(outcome, institution)
        if window.first < first.start_time.date() or window.last > last.end_time.date():
            raise DataError(
                Fault(
                    "window_outside",
                    argument=argument,
                    value=window.text,
                    outcome=f"{outcome} ({institution})",
                    first=first,
                    last=last,
                    fix=window.inside(Window.parse(str(first)), Window.parse(str(last))).text,
                )
            )
        window.periods(first.freqstr[0])
        return window

    def default_window(self, name: str, outcome: str, institution: str) -> str:
        """Return the study's own ``period``, ``before`` or ``after``, cut to what was counted."""
        first, last = self.span(outcome, institution)
        text = self.file.defaults[name]
        window = Window.parse(text)
        inside = first.start_time.date() <= window.first and window.last <= last.end_time.date()
        return text if inside else str(last)

    def unit(self, text: str, *, argument: str = "unit") -> str:
        """Return the code of a unit given by code, by name, or by name and area above.

        Raises
        ------
        DataError
            When there is none, or several of that name.
        """
        return names.find_unit(text, self.units, levels=self.file.levels, argument=argument)

    def full_name(self, unit: str) -> str:
        """Return the name of a unit with the area above it: ``La Libertad, La Libertad``."""
        return names.full_name(unit, self.units)

    def area_name(self, area: str, beside: str, lang: str) -> str:
        """Return the name of an area, with its level where the unit `beside` it has the same."""
        name = str(self.units["name"][area])
        if name != self.units["name"][beside]:
            return name
        level = str(self.units["level"][area])
        return f"{name} ({self.file.word(('level', level, 'one'), lang)})"

    def grouping(self, by: str) -> pd.Series:
        """Return the group of each finest unit (missing where it belongs to none).

        Raises
        ------
        DataError
            When the study has no such grouping.
        """
        if by not in self.groupings:
            raise unknown("--by", by, self.groupings)
        return units.membership(by, self.units, self.groups, levels=self.file.levels)

    def members(self, by: str) -> dict[str, str]:
        """Return the group of each finest unit that belongs to one."""
        return {str(unit): str(group) for unit, group in self.grouping(by).dropna().items()}

    def group_names(self, by: str, groups: pd.Index, lang: str = "en") -> list[str]:
        """Return how groups are called in `lang`."""
        names = self.units["name"]

        def called(group: str) -> str:
            if by == "total":
                return self.title(lang)
            own = self.file.word(("grouping", by, "groups", group), lang, default="")
            return own or str(names.get(group, group))

        return [called(str(group)) for group in groups]

    def series_named(self, population: str | None) -> str:
        """Return a population series that covers the finest units, or the default."""
        if population is None:
            return self.population_series
        if population not in self.series_names:
            raise unknown("--population", population, self.series_names)
        return population

    def __repr__(self) -> str:
        first, last = self.pairs["min"].min(), self.pairs["max"].max()
        return f"<Study {self.name}: {len(self.codes)} × {self.finest}, {first} to {last}>"
