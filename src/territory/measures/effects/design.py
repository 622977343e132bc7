"""The layout of an interrupted series: periods, the spans that sum them, and the event's terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.evidence.schema import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from territory.measures.rates import Array

LEAST = {"before": 3, "during": 2, "after": 2}


@dataclass(frozen=True)
class SeriesDesign:
    """When the event acts and how the series may move.

    Parameters
    ----------
    start
        First period under the event.
    end
        Last period under the event; None = it lasts.
    trend
        Whether the rate before follows a straight line (in logarithms), else a level.
    slope
        Whether the event may also change the slope, else only the level.
    harmonics
        Pairs of sine and cosine over the year; 0 for yearly periods.
    """

    start: pd.Period
    end: pd.Period | None = None
    trend: bool = True
    slope: bool = True
    harmonics: int = 2

    @property
    def a_year(self) -> int:
        """Number of periods in a year."""
        return 12 if self.start.freqstr.startswith("M") else 1

    def matrix(self, cells: pd.PeriodIndex) -> pd.DataFrame:
        """Return one row a period: intercept, trend in years, event terms, season."""
        begun = {"start": (cells.asi8 - self.start.ordinal) / self.a_year}
        if self.end is not None:
            begun["end"] = (cells.asi8 - self.end.ordinal - 1) / self.a_year
        columns: dict[str, Array] = {"intercept": np.ones(len(cells))}
        if self.trend:
            columns["trend"] = begun["start"]
        for name, since in begun.items():
            columns[f"level_{name}"] = (since >= 0).astype(float)
            if self.slope:
                columns[f"slope_{name}"] = np.maximum(since, 0)
        for k in range(1, self.harmonics + 1):
            angle = 2 * np.pi * k * np.asarray(cells.month) / 12
            columns[f"sine_{k}"], columns[f"cosine_{k}"] = np.sin(angle), np.cos(angle)
        return pd.DataFrame(columns, index=cells)

    def phase(self, table: pd.DataFrame) -> NDArray[np.str_]:
        """Tell of each span whether it lies before, during or after the event, or across."""
        end = self.end.ordinal if self.end is not None else np.iinfo(np.int64).max
        first, last = (pd.PeriodIndex(table[side]).asi8 for side in ("first", "last"))
        start = self.start.ordinal
        return np.select(
            [last < start, first > end, (first >= start) & (last <= end)],
            ["before", "after", "during"],
            "across",
        )


def cells_of(table: pd.DataFrame, exposure: pd.Series) -> pd.PeriodIndex:
    """Return the periods that the spans cover.

    Raises
    ------
    DataError
        When spans are out of order or share a period, or a period has no exposure.
    """
    first, last = (pd.PeriodIndex(table[side]) for side in ("first", "last"))
    disordered = first[1:].asi8 <= last[:-1].asi8
    if disordered.any():
        raise DataError(Fault("spans_disordered", value=first[1:][disordered][0]))
    ordinals = np.concatenate(
        [np.arange(a, b + 1) for a, b in zip(first.asi8, last.asi8, strict=True)]
    )
    cells = pd.PeriodIndex([pd.Period(ordinal=int(k), freq=first.freqstr) for k in ordinals])
    people = exposure.reindex(cells).to_numpy(dtype=float, na_value=np.nan)
    if not (people > 0).all():
        raise DataError(Fault("period_unexposed", value=cells[~(people > 0)][0]))
    return cells


def members_of(table: pd.DataFrame, cells: pd.PeriodIndex) -> Array:
    """Return spans by cells: 1 where the cell lies in the span."""
    first, last = (pd.PeriodIndex(table[side]).asi8[:, None] for side in ("first", "last"))
    inside: Array = ((cells.asi8 >= first) & (cells.asi8 <= last)).astype(float)
    return inside


def demand_phases(
    table: pd.DataFrame, design: SeriesDesign, *, least: Mapping[str, int] = LEAST
) -> NDArray[np.str_]:
    """Return the phase of each span, or refuse a design that the spans cannot carry.

    Raises
    ------
    DataError
        Too few spans before, during or after, an event outside the series (the message
        names the nearest date that would do) or ending before it starts, a span across
        the start or the end, or a season asked of yearly periods.
    """
    if design.harmonics and design.a_year == 1:
        raise DataError(Fault("no_season", argument="harmonics", value=design.harmonics))
    phase = design.phase(table)
    faults = []
    for position in np.flatnonzero(phase == "across"):
        row = table.iloc[position]
        inside = row["first"] < design.start <= row["last"]
        faults.append(
            Fault(
                "event_inside_span",
                value=design.start if inside else design.end,
                span=_span_text(row),
                near=f"{row['first']}, {row['last'] + 1}"
                if inside
                else f"{row['first'] - 1}, {row['last']}",
            )
        )
    faults += _outside(table, design, least)
    needed = {part: n for part, n in least.items() if part != "after" or design.end is not None}
    for part, n in needed.items() if not faults else ():
        found = int((phase == part).sum())
        if found < n:
            near = _nearest_valid(table, design, part, n)
            faults.append(Fault(f"too_few_{part}", found=found, needed=n, near=near))
    if faults:
        raise DataError(*faults)
    return phase


def _outside(table: pd.DataFrame, design: SeriesDesign, least: Mapping[str, int]) -> list[Fault]:
    """Refuse an event that begins where there is no series, or ends before it begins."""
    first, last = table["first"].min(), table["last"].max()
    if design.end is not None and design.end < design.start:
        return [Fault("event_inverted", start=design.start, end=design.end)]
    if first < design.start <= last:
        return []
    early = design.start <= first
    position = min(least["before"], len(table) - 1) if early else max(-least["during"], -len(table))
    near = f"start = {table['first'].iloc[position]}"
    return [Fault("event_outside", value=design.start, first=first, last=last, near=near)]


def _nearest_valid(table: pd.DataFrame, design: SeriesDesign, part: str, needed: int) -> str:
    """Say which start or end would leave enough spans."""
    if len(table) <= needed:
        return "–"
    if part == "before":
        return f"start = {table['first'].iloc[needed]}"
    if part == "after":
        return f"end = {table['last'].iloc[-needed - 1]}"
    later = table.loc[pd.PeriodIndex(table["first"]) >= design.start, "last"]
    if design.end is not None and len(later) > needed:
        return f"end = {later.iloc[needed - 1]}"
    return f"start = {table['first'].iloc[-needed]}"


def _span_text(row: pd.Series) -> str:
    return str(row["first"]) if row["first"] == row["last"] else f"{row['first']}:{row['last']}"
