"""The words of a picture: what it counts, from where, and what it does not show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from territory import text
from territory.evidence.schema import DataError, Fault, unknown
from territory.pictures.scales import LOW, NO_DATA, ZERO, Scale
from territory.text import LANGUAGES, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Callable


#: From this share of the units on, what is said of a series is said of the whole place.
WHOLE = 0.9


class Labelled(Protocol):
    """A window that can name itself."""

    def label(self, lang: str) -> str:
        """Return the window in words."""
        ...


@dataclass(frozen=True)
class About:
    """What every picture of one selection says about its numbers.

    Parameters
    ----------
    lang
        Language of all other words here, and of the picture.
    outcome
        What was counted, as a heading: ``Homicidios``.
    cases
        The same inside a sentence: ``homicidios``.
    units
        The areas, several: ``municipios``.
    institution, population
        Who counted, and the population series that rates are divided by.
    credit
        Sources and licences. Without it nothing is drawn.
    caveat
        What must be said beside the numbers.
    level
        Of the intervals, as a fraction.
    licence
        Of the figures and of what is drawn, in words.

    Raises
    ------
    DataError
        When the credit is empty or the language unknown.
    """

    lang: str
    outcome: str
    cases: str
    units: str
    institution: str
    population: str
    credit: str
    caveat: str = ""
    level: float = 0.95
    licence: str = ""

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise unknown("lang", self.lang, LANGUAGES)
        require_credit(self.credit)

    def say(self, key: str, **values: object) -> str:
        """Return a sentence of this room with the words of this selection."""
        words = {
            "outcome": self.outcome,
            "cases": self.cases,
            "units": self.units,
            "institution": self.institution,
            "population": self.population,
            "level": percent(self.level, self.lang),
        }
        return say(f"pictures.{key}", self.lang, **(words | values))

    def number(self, value: object, digits: int = 0) -> str:
        """Write a number in the language of the picture."""
        return number(value, self.lang, digits=digits)

    def span(self, low: object, high: object, digits: int = 1) -> str:
        """Write an interval."""
        return text.span(low, high, self.lang, digits=digits)


def require_credit(credit: str) -> None:
    """Raise `DataError` when a picture has no credit line."""
    if not credit.strip():
        raise DataError(Fault("no_credit"))


def caption(about: About, key: str, **values: object) -> str:
    """Return window, denominators, institution, interval method and what is not shown."""
    return " ".join([about.say(key, **values), about.say("does_not_show")])


def rate_text(value: float, about: About, scale: Scale) -> str:
    """Write a value as its class sees it; above zero but printed as zero says so."""
    if math.isnan(value):
        return about.say("no_data")
    text = about.number(value, scale.digits)
    if value > 0 and round(value, scale.digits) == 0:
        return f"< {about.number(10**-scale.digits, scale.digits)}"
    return text


def rate_tip(row: pd.Series, about: About) -> str:
    """Return one line on a unit: name, rate, interval, cases, reliability."""
    if pd.isna(row["rate"]):
        return about.say("tip_no_data", name=row["name"])
    return about.say("tip_rate", **_rate_values(row, about))


def smoothed_tip(row: pd.Series, about: About) -> str:
    """Return one line on a unit: smoothed rate and interval, then the crude one."""
    if pd.isna(row["smoothed_rate"]):
        return about.say("tip_no_data", name=row["name"])
    smoothed = about.number(row["smoothed_rate"], 1)
    span = about.span(row["smoothed_low"], row["smoothed_high"])
    values = _rate_values(row, about)
    return about.say("tip_smoothed", smoothed=smoothed, smoothed_span=span, **values)


def count_tip(row: pd.Series, about: About) -> str:
    """Return one line on a unit: name and count."""
    if pd.isna(row["count"]):
        return about.say("tip_no_data", name=row["name"])
    return about.say("tip_count", name=row["name"], count=about.number(row["count"]))


def change_tip(row: pd.Series, about: About) -> str:
    """Return one line on a unit: both rates, ratio and interval, cases, what can be said."""
    if row["change"] == NO_DATA:
        return about.say("tip_no_data", name=row["name"])
    return about.say(
        "tip_change",
        name=row["name"],
        before=about.number(row["rate_before"], 1),
        after=about.number(row["rate_after"], 1),
        ratio=about.number(row["rate_ratio"], 2),
        span=about.span(row["ratio_low"], row["ratio_high"], 2),
        count_before=about.number(row["count_before"]),
        count_after=about.number(row["count_after"]),
        change=about.say(f"change_{row['change']}"),
        reliability=about.say(f"reliability_{row['reliability']}"),
    )


def tips(frame: pd.DataFrame, about: About, tip: Callable[[pd.Series, About], str]) -> list[str]:
    """Return the tip of every row."""
    return [tip(row, about) for _, row in frame.iterrows()]


def rate_sentence(kind: str, classes: pd.Series, *, scale: Scale, about: About, window: str) -> str:
    """Return the headline of a map: how many units reach the highest limit that any reaches."""
    reached = [
        (limit, int(classes.isin(scale.ids[place:]).sum()))
        for place, limit in enumerate(scale.limits, start=1)
    ]
    reached = [(limit, units) for limit, units in reached if units]
    if not reached:
        return about.say("title_plain", window=window)
    limit, units = reached[-1]
    digits = len(f"{limit:g}".partition(".")[2])
    return about.say(
        f"title_{kind}",
        n=about.number(units),
        limit=about.number(limit, digits),
        window=window,
        **_among(classes, about),
    )


def rate_takeaway(classes: pd.Series, low: pd.Series, about: About) -> str:
    """Return how many units have no case, too few for a sound rate, or no data."""
    some = {ZERO: (classes == ZERO), LOW: low & (classes != ZERO), NO_DATA: classes == NO_DATA}
    parts = [
        about.say(f"takeaway_{name}", n=about.number(units.sum()))
        for name, units in some.items()
        if units.any()
    ]
    return " ".join(parts)


def change_sentence(changes: pd.Series, about: About) -> str:
    """Return the headline of a change: the firm count, after the false-discovery rule."""
    counts = changes.value_counts()
    fell, rose = (int(counts.get(name, 0)) for name in ("fell_firm", "rose_firm"))
    key = {(True, True): "both", (True, False): "fell", (False, True): "rose"}.get(
        (fell > 0, rose > 0), "none"
    )
    return about.say(
        f"title_change_{key}",
        fell=about.number(fell),
        rose=about.number(rose),
        **_among(changes, about),
    )


def _among(classes: pd.Series, about: About) -> dict[str, str]:
    """Say among how many units something is counted: those with data, where many have none."""
    known = int((classes != NO_DATA).sum())
    if known >= WHOLE * len(classes):
        return {"total": about.number(len(classes))}
    return {"total": about.number(known), "units": about.say("units_known")}


def change_takeaway(changes: pd.Series, about: About) -> str:
    """Return the rest of the units: weaker changes, chance, too few, no data."""
    counts = changes.value_counts()
    names = ("fell", "rose", "same", "too_few", NO_DATA)
    parts = [
        about.say(f"takeaway_{name}", n=about.number(counts[name]))
        for name in names
        if counts.get(name, 0)
    ]
    return " ".join([about.say("takeaway_firm", total=about.number(len(changes))), *parts])


def _rate_values(row: pd.Series, about: About) -> dict[str, str]:
    return {
        "name": str(row["name"]),
        "rate": about.number(row["rate"], 1),
        "span": about.span(row["low"], row["high"]),
        "count": about.number(row["count"]),
        "reliability": about.say(f"reliability_{row['reliability']}"),
    }
