"""The words of the map of reported territory: a sentence for all of it, a line for each unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.pictures.scales import NO_DATA
from territory.text import date, listing, number, say

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    import pandas as pd

#: The actor of a report that names none.
UNNAMED = "ANY"
#: Statuses in the order in which they are told.
ORDER = ("contested", "dominant", "shared_presence", "presence", "presence_unnamed")


def headline(holders: pd.DataFrame, on: datetime.date, *, units: str, lang: str) -> str:
    """Return in a sentence how many units have a status on a day, and on how old reports."""
    known = int((holders["status"] != NO_DATA).sum())
    stale = int(holders["stale"].sum())
    words = {"date": date(on, lang), "units": units, "all": number(len(holders), lang)}
    if not known:
        return say("territory.headline_none", lang, **words)
    key = "headline_one" if known == 1 else "headline"
    sentence = say(f"territory.{key}", lang, known=number(known, lang), **words)
    if not stale:
        return sentence
    rest = "all" if stale == known else "one" if stale == 1 else "some"
    if stale == known == 1:
        rest = "only"
    return f"{sentence}; {say(f'territory.headline_stale_{rest}', lang, stale=number(stale, lang))}"


def status_words(row: pd.Series, names: Mapping[str, str], lang: str, *, most: int = 5) -> str:
    """Return the status of one unit in words, with who is named: at most `most` of them."""
    actors = [names.get(str(actor), str(actor)) for actor in row["actors"] if actor != UNNAMED]
    status = str(row["status"])
    if status == "dominant":
        others = actors[1:]
        words = say("holders.dominant_by", lang, actor=actors[0])
        also = say("territory.also", lang, actors=_named(others, most, lang))
        return f"{words}; {also}" if others else words
    if status in ("presence", "shared_presence"):
        return say("holders.presence_of", lang, actors=_named(actors, most, lang))
    if status == "contested" and actors:
        return say("territory.dispute_of", lang, actors=_named(actors, most, lang))
    return say(f"territory.status_{status}", lang)


def takeaway(holders: pd.DataFrame, lang: str) -> str:
    """Return how many units have each status, and what the rest does not mean."""
    counts = holders["status"].value_counts()
    parts = [
        say("territory.takeaway_part", lang, words=say(f"territory.status_{status}", lang),
            n=number(counts[status], lang))
        for status in ORDER
        if counts.get(status, 0)
    ]  # fmt: skip
    nothing = int(counts.get(NO_DATA, 0))
    rest = say("territory.takeaway_rest", lang, n=number(nothing, lang)) if nothing else ""
    told = "; ".join(parts)
    return " ".join(filter(None, [f"{told[:1].upper()}{told[1:]}." if told else "", rest]))


def tip(row: pd.Series, names: Mapping[str, str], lang: str) -> str:
    """Return one line on a unit: name, status, reports with their best grade, how old."""
    words = status_words(row, names, lang, most=4)
    if row["status"] == NO_DATA:
        return f"{row['name']}: {words}"
    key = "tip_reports_one" if len(row["claims"]) == 1 else "tip_reports"
    n = number(len(row["claims"]), lang)
    reports = say(f"territory.{key}", lang, n=n, grade=row["best_grade"])
    parts = [f"{row['name']}: {words}", reports]
    if row["stale"]:
        parts.append(
            say("holders.stale", lang, date=date(row["last_day"], lang, precision="short"))
        )
    return " · ".join(parts)


def _named(names: list[str], most: int, lang: str) -> str:
    if len(names) <= most:
        return listing(names, lang)
    more = say("territory.and_more", lang, n=number(len(names) - most + 1, lang))
    return f"{', '.join(names[: most - 1])} {more}"
