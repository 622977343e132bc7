"""What every picture of a selection says about its numbers: names, credit, caveat, licences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.pictures.captions import About
from territory.text import say

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
