"""A map as data: units, classes, legend and words, for any renderer.

The dashboard, the folium file and the still picture draw the same `MapSpec`,
so none of them decides what a colour means.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from territory.evidence.schema import DataError, Fault, unknown
from territory.pictures.captions import require_credit
from territory.pictures.scales import NOT_APPLICABLE, LegendItem
from territory.text import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from territory.pictures.reported_marks import Reported

ROW_COLUMNS = ("name", "class_", "label", "tip", "low")


@dataclass(frozen=True, eq=False)
class MapSpec:
    """One map: which unit has which class, and everything that is said about it.

    Parameters
    ----------
    kind
        ``rate``, ``smoothed_rate``, ``count``, ``change`` or ``holders``.
    lang
        Language of the words.
    title, takeaway, subtitle
        A sentence; what else to see; the quantity with its unit and window.
    rows
        Index ``unit``; columns name, class_ (id of a legend item), label (value as
        printed), tip (one line: name, value, interval, reliability), low (hatched).
    legend
        Every class, also unused ones, then the nothings.
    caption, credit, caveat
        Window, denominators, institution, interval and what is not shown; sources
        and licences; a warning.
    panel, note
        Heading and second line when several maps stand side by side.
    reported
        Outlines of reported territory over the fills, where they are asked for.
    licence
        Of the figures and of what is drawn, in words.
    data
        The table of numbers that the rows were made from, index ``unit``.

    Raises
    ------
    DataError
        When there is no credit line, a column is missing, or a class is not in the legend.
    """

    kind: str
    lang: str
    title: str
    takeaway: str
    subtitle: str
    rows: pd.DataFrame
    legend: tuple[LegendItem, ...]
    caption: str
    credit: str
    caveat: str = ""
    panel: str = ""
    note: str = ""
    reported: Reported | None = None
    licence: str = ""
    data: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        require_credit(self.credit)
        if self.lang not in LANGUAGES:
            raise unknown("lang", self.lang, LANGUAGES)
        require_columns(self.rows, ROW_COLUMNS, "rows")
        strange = set(self.rows["class_"]) - {item.id for item in self.legend}
        if strange:
            raise unknown("rows.class_", min(strange), [item.id for item in self.legend])

    @property
    def colors(self) -> dict[str, str]:
        """Colour of each legend item."""
        return {item.id: item.color for item in self.legend}

    @property
    def alt(self) -> str:
        """What the picture says, for who cannot see it."""
        return " ".join(text for text in (self.title, self.takeaway, self.subtitle) if text)

    def class_of(self, units: Sequence[str]) -> pd.Series:
        """Return the class of each unit; one without a row is ``not_applicable``."""
        return self.rows["class_"].reindex(list(units)).fillna(NOT_APPLICABLE)

    def low_of(self, units: Sequence[str]) -> pd.Series:
        """Tell for each unit whether it is drawn hatched."""
        return self.rows["low"].reindex(list(units), fill_value=False).astype(bool)


def triptych(before: MapSpec, after: MapSpec, change: MapSpec) -> tuple[MapSpec, ...]:
    """Return the three maps with their headings: before, after, change."""

    def headed(spec: MapSpec, name: str) -> MapSpec:
        heading = say(f"pictures.panel_{name}", spec.lang)
        return replace(spec, panel=f"{heading}, {spec.panel}")

    return headed(before, "before"), headed(after, "after"), change


def require_columns(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    """Raise `DataError` when a frame lacks a column that a picture needs."""
    missing = [column for column in columns if column not in frame]
    if missing:
        found = ", ".join(map(str, frame.columns)) or "–"
        raise DataError(
            Fault("missing_columns", file=name, columns=", ".join(missing), found=found)
        )


def spread(spec: MapSpec, members: Mapping[str, str]) -> MapSpec:
    """Return the map of groups drawn on their members: each unit has its group's row.

    Parameters
    ----------
    members
        Group of each unit, by unit; units of groups without a row are left out.
    """
    known = {unit: group for unit, group in members.items() if group in spec.rows.index}
    rows = spec.rows.loc[list(known.values())].set_axis(list(known), axis=0)
    return replace(spec, rows=rows.rename_axis("unit"))
