"""What reports make of a study: who is said to hold which unit, and groupings that follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from territory.evidence.periods import Window
from territory.evidence.schema import unknown
from territory.evidence.tables import Tables
from territory.measures import holders, reported
from territory.measures.meeting import Neighbours
from territory.text import number, say

if TYPE_CHECKING:
    import datetime

    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Reports(Tables):
    """The tables of a study with what follows from its reports about territory."""

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
        frame = holders.holders(
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

        ``status``, ``holder`` and ``border`` take a day: ``status@2018-08-15``;
        ``border`` says where the unit lies to borders between the grounds of actors;
        ``intervention`` says which of the study's interventions name the unit.

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
        return (self.meeting(found) if word == "border" else found).reindex(known)

    def meeting(self, held: pd.Series, *, near_km: float | None = None) -> pd.Series:
        """Return where each finest unit lies to the borders between grounds of actors.

        Arguments as in `territory.measures.Neighbours.groups`; without `near_km`
        the distance of the study file.
        """
        near = self.near_km if near_km is None else near_km
        return self.neighbours.groups(held, near_km=near, parents=self.parents)

    @property
    def near_km(self) -> float:
        """How far from a unit a border between grounds of actors is near: the study file's."""
        return float(self.file.entries["grouping"]["border"].get("near_km", 1))

    @cached_property
    def neighbours(self) -> Neighbours:
        """The finest units and the lines along which they meet."""
        shapes = self.shapes(detail="web")
        crs = self.file.entries.get("crs_local") or str(shapes.estimate_utm_crs())
        return Neighbours.of(shapes[shapes.index.isin(self.codes)], crs=crs)

    @property
    def parents(self) -> dict[str, str]:
        """The actor that each actor is a part of, where it is one."""
        above = self.actors["parent"].dropna()
        return {str(actor): str(parent) for actor, parent in above.items()}

    def group_names(self, by: str, groups: pd.Index, lang: str = "en") -> list[str]:
        """Return how groups are called in `lang`."""
        word = by.partition("@")[0]
        if word == "intervention" or not self._from_territory(word):
            return super().group_names(by, groups, lang)
        if word == "border":
            near = number(self.near_km, lang, digits=0 if self.near_km % 1 == 0 else 1)
            return [say(f"territory.border_{group}", lang, near=near) for group in groups]
        called = {status: say(f"holders.status_{status}", lang) for status in holders.STATUSES}
        called |= {str(actor): str(name) for actor, name in self.actors[f"name_{lang}"].items()}
        return [called.get(str(group), str(group)) for group in groups]

    def dated(self, by: str, day: datetime.date) -> str:
        """Return a grouping with the day it needs, where it needs one and has none."""
        needs_one = by in ("status", "holder", "border") and self._from_territory(by)
        return f"{by}@{day}" if needs_one else by

    def _from_territory(self, word: str) -> bool:
        """Tell whether a grouping follows from reports and interventions, not from a table."""
        told = word in ("status", "holder", "border", "intervention") and word in self.groupings
        return told and word not in set(self.groups["grouping"])
