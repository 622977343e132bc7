"""Maps as data, made from frames of rates and comparisons: one builder for each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.pictures import captions
from territory.pictures.scales import (
    NO_DATA,
    RATE_CLASSES,
    ZERO,
    Scale,
    change_items,
    classify,
    count_classes,
    nothing_items,
    scale_items,
)
from territory.pictures.spec import MapSpec, require_columns, spread, triptych

if TYPE_CHECKING:
    from territory.pictures.captions import About, Labelled

__all__ = [
    "MapSpec",
    "change_spec",
    "count_spec",
    "rate_spec",
    "smoothed_spec",
    "spread",
    "triptych",
]

_RATE_COLUMNS = ("name", "count", "rate", "low", "high", "reliability")
_SMOOTHED_COLUMNS = ("smoothed_rate", "smoothed_low", "smoothed_high")
_CHANGE_COLUMNS = (
    "name", "count_before", "count_after", "rate_before", "rate_after", "rate_ratio",
    "ratio_low", "ratio_high", "change", "reliability",
)  # fmt: skip


def rate_spec(
    rates: pd.DataFrame,
    window: Labelled,
    *,
    about: About,
    scale: Scale = RATE_CLASSES,
    title: str = "",
    takeaway: str = "",
) -> MapSpec:
    """Return the map of crude rates per 100,000 person-years.

    Parameters
    ----------
    rates
        Index ``unit``; name, count, rate, low, high, reliability.
    window
        The span of time, which can name itself.
    about
        Outcome, institution, denominators, credit.
    scale
        Limits fixed over all periods (`scales.classes_for`).
    title, takeaway
        Written from the numbers when empty.

    Raises
    ------
    DataError
        When a column is missing.
    """
    require_columns(rates, _RATE_COLUMNS, "rates")
    rows = _rows(rates, rates["rate"], scale, about)
    rows = rows.assign(tip=captions.tips(rates, about, captions.rate_tip), low=_few(rates, rows))
    return _spec("rate", rows, scale, window, about, rates, title=title, takeaway=takeaway)


def smoothed_spec(
    rates: pd.DataFrame,
    window: Labelled,
    *,
    about: About,
    scale: Scale = RATE_CLASSES,
    title: str = "",
    takeaway: str = "",
) -> MapSpec:
    """Return the map of rates drawn towards their group where cases are few.

    Arguments as in `rate_spec`, with smoothed_rate, smoothed_low and
    smoothed_high among the columns.
    """
    require_columns(rates, (*_RATE_COLUMNS, *_SMOOTHED_COLUMNS), "rates")
    rows = _rows(rates, rates["smoothed_rate"], scale, about)
    rows = rows.assign(
        tip=captions.tips(rates, about, captions.smoothed_tip), low=_few(rates, rows)
    )
    return _spec("smoothed_rate", rows, scale, window, about, rates, title=title, takeaway=takeaway)


def count_spec(
    rates: pd.DataFrame,
    window: Labelled,
    *,
    about: About,
    scale: Scale | None = None,
    title: str = "",
    takeaway: str = "",
) -> MapSpec:
    """Return the map of counts.

    Arguments as in `rate_spec`; only name and count are needed. Without a scale
    the limits come from this frame alone, and do not compare with other periods.
    """
    require_columns(rates, ("name", "count"), "rates")
    counts = rates["count"].astype(float)
    scale = scale or count_classes(counts)
    rows = _rows(rates, counts, scale, about)
    rows = rows.assign(tip=captions.tips(rates, about, captions.count_tip), low=False)
    return _spec("count", rows, scale, window, about, rates, title=title, takeaway=takeaway)


def change_spec(
    comparison: pd.DataFrame,
    before: Labelled,
    after: Labelled,
    *,
    about: About,
    title: str = "",
    takeaway: str = "",
) -> MapSpec:
    """Return the map of change between two windows.

    Parameters
    ----------
    comparison
        Index ``unit``; name, counts, rates, rate_ratio, ratio_low, ratio_high,
        change, reliability.
    before, after
        The two windows, which can name themselves.
    about, title, takeaway
        As in `rate_spec`.

    Raises
    ------
    DataError
        When a column is missing or a change is not one of `scales.CHANGE_CLASSES`.
    """
    require_columns(comparison, _CHANGE_COLUMNS, "comparison")
    spans = {"before": before.label(about.lang), "after": after.label(about.lang)}
    changes = comparison["change"].astype(str)
    legend = change_items(about.lang)
    uncertain = [item.id for item in legend if item.pattern == "hatch"]
    rows = pd.DataFrame(
        {
            "name": comparison["name"].astype(str),
            "class_": changes,
            "label": [about.number(ratio, 2) for ratio in comparison["rate_ratio"]],
            "tip": captions.tips(comparison, about, captions.change_tip),
            "low": changes.isin(uncertain),
        },
        index=comparison.index,
    )
    return MapSpec(
        kind="change",
        lang=about.lang,
        title=title or captions.change_sentence(changes, about),
        takeaway=takeaway or captions.change_takeaway(changes, about),
        subtitle=about.say("subtitle_change", **spans),
        rows=rows,
        legend=(*legend, nothing_items(about.lang, low=False)[-1]),
        caption=captions.caption(about, "caption_change", **spans),
        credit=about.credit,
        caveat=about.caveat,
        panel=about.say("panel_change"),
        licence=about.licence,
        data=comparison,
    )


def _spec(
    kind: str,
    rows: pd.DataFrame,
    scale: Scale,
    window: Labelled,
    about: About,
    data: pd.DataFrame,
    *,
    title: str,
    takeaway: str,
) -> MapSpec:
    """Return the map of one window, with the words of its kind."""
    label = window.label(about.lang)
    words = kind.removesuffix("_rate")
    hatched = kind != "count"
    return MapSpec(
        kind=kind,
        lang=about.lang,
        title=title
        or captions.rate_sentence(kind, rows["class_"], scale=scale, about=about, window=label),
        takeaway=takeaway or captions.rate_takeaway(rows["class_"], rows["low"], about),
        subtitle=about.say(f"subtitle_{words}", window=label),
        rows=rows,
        legend=(*scale_items(scale, about.lang), *nothing_items(about.lang, low=hatched)),
        caption=captions.caption(about, f"caption_{words}", window=label),
        credit=about.credit,
        caveat=about.caveat,
        panel=label,
        licence=about.licence,
        data=data,
    )


def _few(rates: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    # Few cases make a rate uncertain; that there was none is said by white alone.
    few = rates["reliability"].isin(["low", "very_low"])
    return few & ~rows["class_"].isin([ZERO, NO_DATA])


def _rows(frame: pd.DataFrame, column: pd.Series, scale: Scale, about: About) -> pd.DataFrame:
    values = column.astype(float)
    return pd.DataFrame(
        {
            "name": frame["name"].astype(str),
            "class_": classify(values, scale),
            "label": [captions.rate_text(value, about, scale) for value in values],
        },
        index=frame.index,
    )
