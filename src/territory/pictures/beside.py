"""What goes with a map for whoever cannot see it, or wants the numbers: words and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.evidence.schema import DataError, Fault
from territory.pictures.scales import NO_DATA, NOT_APPLICABLE
from territory.text import listing, number, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.pictures.spec import MapSpec

# Column that a kind of map shows, and its decimals.
_SHOWN = {"rate": ("rate", 1), "smoothed_rate": ("smoothed_rate", 1), "count": ("count", 0)}
_NOTHING = (NO_DATA, NOT_APPLICABLE)


def alt_text(maps: Sequence[MapSpec], *, title: str = "", subtitle: str = "") -> str:
    """Return what is seen: headline, quantity and window, areas in each class, extremes, the rest.

    Parameters
    ----------
    maps
        As they stand in the picture; the last one, which says most, is told in full.
    title, subtitle
        In place of the last map's own.
    """
    lead = maps[-1]
    words = {
        "title": (title or lead.title).rstrip("."),
        "subtitle": (subtitle or lead.subtitle).rstrip("."),
        "n": number(len(maps), lead.lang),
        "panels": listing([spec.panel for spec in maps], lead.lang),
    }
    key = "alt_one" if len(maps) == 1 else "alt_several"
    parts = [say(f"pictures.{key}", lead.lang, **words)]
    if len(maps) == 1 or lead.kind == "change":
        parts += [_classes(lead), _extremes(lead), lead.takeaway]
    return " ".join(part for part in parts if part)


def numbers(maps: Sequence[MapSpec]) -> pd.DataFrame:
    """Return the numbers behind maps: one row for each area, with the sources in every row.

    Returns
    -------
    frame
        Index ``unit``; the columns of the table that was drawn, then ``class`` (in words),
        ``window``, ``source``, ``licence`` and ``caveat``. Several maps follow each other, told
        apart by ``panel``; a map of change has both windows in its own columns.
    """
    lead = maps[-1]
    chosen = [lead] if lead.kind == "change" else list(maps)
    tables = [_table(spec) for spec in chosen]
    if len(tables) > 1:
        for table, spec in zip(tables, chosen, strict=True):
            table.insert(0, "panel", spec.panel)
    return pd.concat(tables).rename_axis("unit")


def require_values(maps: Sequence[MapSpec]) -> None:
    """Raise `DataError` when no area of any map has a value."""
    if all(spec.rows["class_"].isin(_NOTHING).all() for spec in maps):
        raise DataError(Fault("nothing_to_draw", value=maps[-1].subtitle, n=len(maps[-1].rows)))


def _table(spec: MapSpec) -> pd.DataFrame:
    labels = {item.id: item.label for item in spec.legend}
    data = spec.rows[["name", "label"]] if spec.data is None else spec.data
    table = data.copy()
    table["class"] = spec.rows["class_"].reindex(table.index).map(labels)
    return table.assign(
        window=spec.subtitle, source=spec.credit, licence=spec.licence, caveat=spec.caveat
    )


def _classes(spec: MapSpec) -> str:
    """Return how many areas each class has, empty ones left out."""
    counts = spec.rows["class_"].value_counts()
    told = [
        f"{item.label}: {number(counts[item.id], spec.lang)}"
        for item in spec.legend
        if item.label and counts.get(item.id, 0)
    ]
    return say("pictures.alt_classes", spec.lang, classes="; ".join(told))


def _extremes(spec: MapSpec) -> str:
    """Return the highest and the lowest area, of those with a sound value where there are any."""
    if spec.data is None:
        return ""
    if spec.kind == "change":
        return _strongest(spec, spec.data)
    if spec.kind not in _SHOWN:
        return ""
    column, digits = _SHOWN[spec.kind]
    sound = pd.Series(spec.kind == "rate", index=spec.data.index)
    if spec.kind == "rate":
        sound = spec.data["reliability"] == "good"
    key = "alt_reliable" if sound.sum() > 1 else "alt_extremes"
    known = spec.data[sound] if sound.sum() > 1 else spec.data
    values = known[column].astype(float).dropna()
    if len(values) < 2 or values.max() == values.min():
        return ""
    words = {
        side: f"{known['name'][unit]} ({number(values[unit], spec.lang, digits=digits)})"
        for side, unit in (("highest", str(values.idxmax())), ("lowest", str(values.idxmin())))
    }
    return say(f"pictures.{key}", spec.lang, **words)


def _strongest(spec: MapSpec, table: pd.DataFrame) -> str:
    """Return the firm fall and rise whose interval lies farthest from no change."""
    found = []
    for change, bound in (("fell_firm", "ratio_high"), ("rose_firm", "ratio_low")):
        bounds = table.loc[table["change"] == change, bound].astype(float).dropna()
        if len(bounds):
            unit = str(bounds.idxmin() if change == "fell_firm" else bounds.idxmax())
            low, high = (
                number(table[side][unit], spec.lang, digits=2)
                for side in ("ratio_low", "ratio_high")
            )
            words = {"name": table["name"][unit], "span": f"{low}–{high}"}
            words["ratio"] = number(table["rate_ratio"][unit], spec.lang, digits=2)
            found.append(say(f"pictures.alt_{change}", spec.lang, **words))
    return " ".join(found)
