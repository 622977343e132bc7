"""Layers of a study that a reader may lay over an interactive map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.measures.holders import GRADES
from territory.pictures.layers import Overlay, interventions_layer, reported_layer
from territory.reporting import has_reports, opening_day, with_reported
from territory.text import say
from territory.wording import intervention_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.briefing import Selection
    from territory.pictures.mapspec import MapSpec
    from territory.study import Study


def overlays(study: Study, selection: Selection, maps: Sequence[MapSpec]) -> list[Overlay]:
    """Return the layers of reported territory and of interventions that a study has.

    The day of the reports is that of `reporting.with_reported`, or that which the study opens
    on where nothing is reported by then; a map of reports needs no second drawing of them. Interventions that are not confirmed are left out.
    """
    lang, found = selection.lang, []
    if selection.show != "holders" and has_reports(study):
        found.append(_reported(study, selection, maps))
    known = study.interventions
    placed = known[known["unit"].isin(study.codes) & known["confidence"].isin(GRADES)]
    if len(placed):
        credit = _credit(study, "interventions", lang)
        titles = {str(k): intervention_title(study, str(k), lang) for k in placed["kind"].unique()}
        found.append(interventions_layer(placed, titles=titles, lang=lang, credit=credit))
    return found


def _reported(study: Study, selection: Selection, maps: Sequence[MapSpec]) -> Overlay:
    """Return the outlines of the map's own day, or of the study's where nobody reported by then."""
    lang, credit = selection.lang, _credit(study, "claims", selection.lang)
    marked = with_reported(study, selection, maps[-1:])[0].reported
    assert marked is not None  # noqa: S101 - `with_reported` sets it
    if marked.marks:
        shown = selection.reported == "yes"
        return reported_layer(marked, shown=shown, lang=lang, credit=credit)
    other = selection.renewed(show="rate", period=opening_day(study))
    marked = with_reported(study, other, maps[-1:])[0].reported
    assert marked is not None  # noqa: S101 - as above
    note = say("pictures.layer_other_day", lang)
    return reported_layer(marked, shown=False, lang=lang, credit=credit, note=note)


def _credit(study: Study, table: str, lang: str) -> str:
    """Return the credit on the card of a table."""
    named = study.file.entries["tables"].get(table)
    return "; ".join(card.credit[lang] for card in study.cards if card.file == named)
