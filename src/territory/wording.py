"""What every picture of a selection says about its numbers: names, credit, caveat, licences."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from territory.pictures.captions import WHOLE, About
from territory.text import number, say

if TYPE_CHECKING:
    from territory.briefing import Selection
    from territory.study import Study


def about(
    study: Study, *, lang: str, outcome: str, institution: str, series: str, by: str | None = None
) -> About:
    """Return what every picture of these numbers says about them."""
    file = study.file
    level = study.finest if by in (None, "unit") else str(by)
    notes = [file.word(("caveat",), lang, default=""), file.outcome_word(outcome, "note", lang)]
    if part := part_of(study, outcome, institution):
        notes.append(say("summary.part_only", lang, part=part_named(study, part, lang)))
    return About(
        lang=lang,
        outcome=file.outcome_word(outcome, "title", lang),
        cases=file.outcome_word(outcome, "unit", lang) or outcome,
        units=file.word(("level", level, "many"), lang, default=level),
        institution=file.word(("institution", institution, "title"), lang, default=institution),
        population=file.word(("series", series, "title"), lang, default=series),
        credit=file.word(("credit",), lang, default=""),
        caveat=" ".join(filter(None, notes)),
        licence=licences(study, lang),
    )


@lru_cache(maxsize=64)
def part_of(study: Study, outcome: str, institution: str) -> int:
    """Return how many of the finest units a series counts, where it is about a part; otherwise 0."""
    counts = study.outcomes["count"].xs((outcome, institution), level=("outcome", "institution"))
    units = counts.dropna().index.unique("unit")
    n = int(study.codes.isin(units).sum())
    return n if n < WHOLE * len(study.codes) else 0


def part_named(study: Study, n: int, lang: str) -> str:
    """Say of how many units something is told: ``4 of 262 municipalities of El Salvador``."""
    units = study.file.word(("level", study.finest, "many"), lang, default=study.finest)
    every = number(len(study.codes), lang)
    return say(
        "summary.part", lang, n=number(n, lang), all=every, units=units, place=study.title(lang)
    )


def intervention_title(study: Study, kind: str, lang: str) -> str:
    """Return how the study file calls a kind of interventions; else its code in plain words."""
    plain = kind.replace("_", " ").capitalize()
    return study.file.word(("intervention", kind, "title"), lang, default=plain)


def licences(study: Study, lang: str) -> str:
    """Return under which licences the figures and what is drawn are, as their cards say."""
    cards, named = {card.file: card for card in study.cards}, study.file.entries["tables"]
    unstated, found = say("names.not_stated", lang), []
    for table in ("outcomes", "population", "geometry"):
        if card := cards.get(named.get(table)):
            licence = card.licence.replace("not stated", unstated)
            found.append(say(f"pictures.licence_{table}", lang, licence=licence))
    if card := cards.get(named.get("places")):
        found.append(card.credit[lang])
    return say("pictures.licences", lang, licences="; ".join(found)) if found else ""


def selection_about(study: Study, selection: Selection) -> About:
    """Return what pictures of a selection say about their numbers."""
    return about(
        study,
        lang=selection.lang,
        outcome=selection.outcome,
        institution=selection.institution,
        series=selection.population,
        by=selection.by,
    )
