"""Reported territory of a study: its days, the reports on a unit, violence beside it, its pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.evidence.periods import Window
from territory.evidence.schema import DataError, Fault
from territory.measures import holders as holding
from territory.measures import reported
from territory.pictures.holders_spec import holders_spec
from territory.pictures.reported_marks import reported_marks
from territory.text import number, say
from territory.wording import intervention_title

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from territory.briefing import Selection
    from territory.pictures.figures import Picture
    from territory.pictures.mapspec import MapSpec
    from territory.study import Study


def rule(study: Study) -> dict[str, Any]:
    """Return how the study makes a status of reports: ``carry_years`` and ``dominant_share``."""
    own = study.file.entries.get("territory", {})
    return {
        "carry_years": own.get("carry_years", 3),
        "dominant_share": own.get("dominant_share", holding.DOMINANT_SHARE),
    }


def has_reports(study: Study) -> bool:
    """Tell whether there is any report that can make a status on some day."""
    return bool(len(study.claims)) and bool(days(study))


def days(study: Study) -> list[datetime.date]:
    """Return the days on which some status may change."""
    return reported.change_days(study.claims, carry_years=rule(study)["carry_years"])


def opening_day(study: Study) -> str:
    """Return the day that a page opens on: the study file's, or that with most reports in force.

    There must be reports (`has_reports`).
    """
    own = study.file.entries.get("territory", {}).get("on")
    if own:
        return str(own)
    stops = days(study)
    fresh = {
        day: holding.evidence(study.claims, on=day, carry_years=0)["unit"].nunique()
        for day in stops
    }
    return str(max(fresh, key=lambda day: (fresh[day], day)))


def holders_specs(
    study: Study, on: str = "", lang: str = "en", *, by: str | None = None
) -> list[MapSpec]:
    """Return the map of reported status on a day, as data.

    Parameters
    ----------
    on
        A day; empty: the one that the study opens on.
    by
        A level; the finest where nothing is said.

    Raises
    ------
    DataError
        When the study has no reports, `on` is no day or `by` no level.
    """
    if not has_reports(study):
        raise DataError(Fault("no_reports", argument="--show holders", study=study.name))
    day = holding.day_of(on or opening_day(study))
    level = study.finest if by in (None, "unit") else str(by)
    spec = holders_spec(
        study.holders(str(day), by=level),
        day,
        actors=study.actors,
        lang=lang,
        units=study.file.word(("level", level, "many"), lang, default=level),
        credit=_credit(study, lang),
        caption=rule_words(study, lang),
    )
    return [spec]


def with_reported(study: Study, selection: Selection, maps: Sequence[MapSpec]) -> list[MapSpec]:
    """Return maps with the outlines of reported territory over them.

    The day is the last of the period; for a comparison the last before. Units are always
    those of the finest level, whatever areas the maps show: levels are never mixed.

    Raises
    ------
    DataError
        When the study has no reports.
    """
    if not has_reports(study):
        raise DataError(Fault("no_reports", argument="--reported", study=study.name))
    lang = selection.lang
    window = selection.before if selection.show == "change" else selection.period
    day = Window.parse(window).last
    found = reported_marks(
        study.holders(str(day)),
        day,
        actors=study.actors,
        lang=lang,
        units=study.file.word(("level", study.finest, "many"), lang, default=study.finest),
    )
    return [
        replace(one, reported=found, credit=_joined_credit(one.credit, _credit(study, lang)))
        for one in maps
    ]


def actor_names(study: Study, lang: str) -> dict[str, str]:
    """Return how actors are called, by code."""
    return {str(code): str(name) for code, name in study.actors[f"name_{lang}"].items()}


def rule_words(study: Study, lang: str) -> str:
    """Return in words how reports make a status."""
    years = rule(study)["carry_years"]
    key = "holders.rule" if years else "territory.rule_in_force"
    return say(key, lang, years=number(years, lang))


def holders_table(study: Study, on: str, lang: str) -> pd.DataFrame:
    """Return the status of every unit on a day for a file, the caution in every row.

    Returns
    -------
    frame
        Index ``unit``; the columns of `Study.holders` with lists as text, then ``sources``
        and ``caution``.
    """
    frame = study.holders(on)
    sources = study.claims["source"]
    told = [" | ".join(dict.fromkeys(sources[list(claims)])) for claims in frame["claims"]]
    table = frame.assign(sources=told, caution=say("holders.caution", lang))
    for column in ("actors", "claims"):
        table[column] = [";".join(cell) for cell in frame[column]]
    return table


def unit_claims(study: Study, unit: str, on: str) -> pd.DataFrame:
    """Return every report on a unit, of all dates, and what it is worth on a day.

    Returns
    -------
    frame
        The rows of `Study.claims` about the unit or a part of it; ``worth``: ``counts``,
        ``stale`` (ended and still counted), ``replaced``, ``past``, ``future``, ``detail``
        (dated text only), ``figure`` (no kind that makes a status), ``doubt`` (grade D).
        Those that count come first; then the newest, the strongest, the largest.
    """
    day = pd.Timestamp(holding.day_of(on))
    own = study.claims[study.claims["unit"] == unit]
    kept = holding.evidence(own, on=on, **rule(study))
    end = own["end"].fillna(day)
    worth = pd.Series("past", index=own.index)
    carried = holding.carried(end, rule(study)["carry_years"])
    worth = worth.mask((end < day) & (carried >= day), "replaced")
    worth = worth.mask(own["start"].fillna(own["end"]) > day, "future")
    worth.loc[kept.index] = kept["stale"].map({True: "stale", False: "counts"})
    worth = worth.mask(~own["grade"].isin(holding.GRADES), "doubt")
    worth = worth.mask(~own["kind"].isin(holding.KINDS), "figure")
    worth = worth.mask(~own["whole_unit"] | (own["display_tier"] != "map"), "detail")
    keys = pd.DataFrame(
        {
            "order": worth.map({"counts": 0, "stale": 1}).fillna(2),
            "newest": own["start"].fillna(own["end"]),
            "weak": own["kind"] == "presence",
            "value": own["value"].astype(float),
        }
    )
    keys = keys.sort_values(
        ["order", "newest", "weak", "value"], ascending=[True, False, True, False], kind="stable"
    )
    return own.assign(worth=worth).reindex(keys.index)


def year_beside(study: Study, selection: Selection, on: str) -> str:
    """Return the whole year of the series that is nearest to a day."""
    years = study.years(selection.outcome, selection.institution)
    wanted = holding.day_of(on).year
    return str(min(years, key=lambda year: abs(year - wanted)))


def timeline(study: Study, lang: str) -> pd.DataFrame:
    """Return events, initiatives and interventions in lanes, for a chart.

    Events that carry tracks lie in the lane of these; others in that of their kind.
    Interventions are one row for each kind: from the first to the last start in a unit of
    the finest level, those not confirmed left out.

    Returns
    -------
    frame
        Columns ``lane``, ``tracks`` (text, may be empty), ``start``, ``end`` (may be
        missing), ``date_precision``, ``rank``, ``title``.
    """
    rows = [
        {
            "lane": event["tracks"] if isinstance(event["tracks"], str) else event["kind"],
            "tracks": event["tracks"] if isinstance(event["tracks"], str) else "",
            "start": event["start"],
            "end": event["end"],
            "date_precision": event.get("date_precision", "day"),
            "rank": event["rank"],
            "title": event[f"title_{lang}"],
        }
        for event in study.events.to_dict("records")
    ]
    return pd.DataFrame(
        [*rows, *_interventions(study, lang)],
        columns=["lane", "tracks", "start", "end", "date_precision", "rank", "title"],
    )


def _interventions(study: Study, lang: str) -> list[dict[str, Any]]:
    if study.interventions.empty:
        return []
    known = study.interventions
    known = known[known["unit"].isin(study.codes) & known["confidence"].isin(holding.GRADES)]
    units = study.file.word(("level", study.finest, "many"), lang)
    found = []
    for kind, part in known.groupby("kind"):
        title = intervention_title(study, str(kind), lang)
        n = number(part["unit"].nunique(), lang)
        found.append(
            {
                "lane": "interventions",
                "tracks": "",
                "start": part["start_earliest"].min(),
                "end": part["start_latest"].max(),
                "date_precision": "range",
                "rank": 1,
                "title": say("territory.timeline_units", lang, title=title, n=n, units=units),
            }
        )
    return sorted(found, key=lambda row: row["start"])


def evidence_by_day(study: Study) -> pd.DataFrame:
    """Return how many units have a status from each day on, and on ended reports alone.

    Returns
    -------
    frame
        Index ``day``; ``known``, ``stale``.
    """
    stops = days(study) if len(study.claims) else []
    found = [reported.coverage(study.holders(str(day))) for day in stops]
    rows = [{"known": one.known, "stale": one.stale} for one in found]
    return pd.DataFrame(rows, index=pd.DatetimeIndex(stops, name="day"), columns=["known", "stale"])


def timeline_figure(study: Study, selection: Selection, *, size: str = "wide") -> Picture:
    """Return the timeline of a study: events and interventions by track, and the evidence."""
    from territory.drawing import selection_about
    from territory.pictures.figures.timeline import timeline_figure as draw

    said = selection_about(study, selection)
    caution = say("holders.caution", selection.lang)
    about = replace(said, credit=_credit(study, selection.lang), caveat=caution)
    return draw(timeline(study, selection.lang), evidence_by_day(study), about=about, size=size)


def _joined_credit(*lines: str) -> str:
    """Return credit lines as one, each source said once."""
    return "; ".join(dict.fromkeys(part for line in lines for part in line.split("; ")))


def _credit(study: Study, lang: str) -> str:
    own = study.file.word(("territory", "credit"), lang, default="")
    return own or study.file.word(("credit",), lang, default="")
