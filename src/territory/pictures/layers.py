"""Layers that a reader may lay over an interactive map: outlines and points of units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.pictures.reported_marks import Mark
from territory.pictures.scales import INK
from territory.text import date, listing, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from territory.pictures.reported_marks import Reported


@dataclass(frozen=True, eq=False)
class Overlay:
    """One layer: which unit has which mark, and the words that belong to it.

    Parameters
    ----------
    id
        Of the layer, unique in a file.
    title
        Words of its switch.
    marks
        Look of each unit that has any, by unit; as outlines, or as points.
    tips
        What is said of each of these units.
    keys
        Looks with their meaning, for the legend.
    note
        What the layer does not mean, and its source.
    points
        Marks are points in the units, not outlines.
    shown
        Whether it is there when the file is opened.
    """

    id: str
    title: str
    marks: Mapping[str, Mark]
    tips: Mapping[str, str]
    keys: tuple[tuple[Mark, str], ...]
    note: str
    points: bool = False
    shown: bool = False


def reported_layer(
    reported: Reported, *, shown: bool, lang: str, credit: str, note: str = ""
) -> Overlay:
    """Return the outlines of reported territory as a layer."""
    source = say("pictures.source", lang, credit=credit)
    return Overlay(
        "reported",
        reported.title,
        reported.marks,
        reported.tips,
        reported.keys,
        " ".join(filter(None, [note, reported.sentence, reported.caution, source])),
        shown=shown,
    )


def interventions_layer(
    interventions: pd.DataFrame, *, titles: Mapping[str, str], lang: str, credit: str
) -> Overlay:
    """Return the units in which an intervention is reported, as points.

    Parameters
    ----------
    interventions
        Columns ``unit``, ``kind``, ``start_earliest``, ``date_precision``.
    titles
        How each kind is called.
    lang
        Language of the words.
    credit
        Their sources.
    """
    mark = Mark("solid", (INK,))
    tips = {
        str(unit): listing([_intervention(row, titles, lang) for _, row in own.iterrows()], lang)
        for unit, own in interventions.sort_values("start_earliest").groupby("unit")
    }
    title = say("pictures.layer_interventions", lang)
    note = say("pictures.layer_interventions_note", lang, credit=credit)
    return Overlay(
        "interventions", title, dict.fromkeys(tips, mark), tips, ((mark, title),), note, points=True
    )


def _intervention(row: pd.Series, titles: Mapping[str, str], lang: str) -> str:
    known = row["date_precision"] if row["date_precision"] in ("day", "month", "year") else "year"
    when = date(row["start_earliest"], lang, precision="short" if known == "day" else known)
    return f"{titles[row['kind']]} ({when})"
