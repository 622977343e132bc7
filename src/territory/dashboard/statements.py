"""A report on a unit in words: what, who, when, how sure, what it is worth on a day, its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.dashboard.blocks import Entry
from territory.text import catalogue, date, listing, number, percent, say

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Worths of reports that make the status of the day.
COUNTED = ("counts", "stale")
#: So many earlier and later reports are listed; a file has them all.
MOST = 40
_PRECISION = {"day": "short", "month": "month", "year": "year", "range": "short"}


def entry(claim: pd.Series, names: Mapping[str, str], lang: str) -> Entry:
    """Return one report as a statement of a list."""
    who = listing([names.get(actor, actor) for actor in claim["actors"]], lang)
    known, kind = f"holders.kind_{claim['kind']}", str(claim["kind"])
    what = say(known, lang) if known in catalogue(lang) else kind.replace("_", " ")
    what = f"{what[:1].upper()}{what[1:]}: {who}{_amount(claim, lang)}"
    grade = say("territory.claim_grade", lang, grade=claim["grade"])
    worth = say(f"territory.claim_{claim['worth']}", lang)
    place = claim.get("place")
    about = [say("territory.claims_about", lang, place=place)] if isinstance(place, str) else []
    note = claim.get(f"note_{lang}")
    # Notes on less than a unit come close to single people: they stay in the table.
    notes = [note] if isinstance(note, str) and claim["worth"] != "detail" else []
    source = say("territory.claim_source", lang, source=str(claim["source"]).rstrip("."))
    return Entry(
        what,
        " · ".join([when(claim, lang), grade, *about, worth, *notes]),
        source,
        faint=claim["worth"] not in COUNTED,
    )


def when(claim: pd.Series, lang: str) -> str:
    """Return the days for which a report speaks, to the precision that is known."""
    precision = _PRECISION.get(str(claim["date_precision"]), "short")
    start, end = (
        "" if pd.isna(claim[side]) else date(claim[side].date(), lang, precision=precision)
        for side in ("start", "end")
    )
    if start and end:
        return start if start == end else say("territory.from_to", lang, start=start, end=end)
    if start or end:
        key = "since" if start else "until"
        return say(f"territory.{key}", lang, start=start, end=end)
    return say("territory.undated", lang)


def _amount(claim: Any, lang: str) -> str:
    """Return a share of the ground below one, or a figure; nothing where a report has neither."""
    value = claim["value"]
    if pd.isna(value) or value == 1:
        return ""
    if value < 1:
        share = percent(value, lang, digits=1 if value < 0.1 else 0)
        return f" ({say('territory.claims_value', lang, percent=share)})"
    return f" ({number(value, lang)})"
