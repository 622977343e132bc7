"""What a briefing says and shows, as data: every renderer draws the same `Brief`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory import briefing, citing, drawing
from territory.brief import figures, tables
from territory.brief.parts import Brief, Column, Illustration, Section, Table
from territory.evidence.schema import DataError, Fault
from territory.reporting import has_reports, holders_specs
from territory.text import number, percent, say

if TYPE_CHECKING:
    import pandas as pd

    from territory.briefing import Selection
    from territory.comparing import Comparison
    from territory.study import Study

# What an address needs to reopen the view.
ADDRESS = ("lang", "outcome", "institution", "population", "before", "after", "by")

__all__ = ["ADDRESS", "Brief", "Column", "Illustration", "Section", "Table", "brief"]


def brief(study: Study, selection: Selection) -> Brief:
    """Return the briefing of a selection: its two windows, in its language.

    Raises
    ------
    DataError
        When the windows hold no case at all, or nothing is known about them.
    """
    chosen = selection.renewed(show="change", place="")
    comparison = briefing.comparison(study, chosen)
    above = _above(comparison, chosen)
    whole = comparison.whole.iloc[0]
    if not whole["count_before"] > 0 and not whole["count_after"] > 0:
        raise DataError(Fault("brief_no_data", before=chosen.before, after=chosen.after))
    about = drawing.selection_about(study, chosen)
    lead = comparison.specs(chosen.lang)[-1]
    return Brief(
        lang=chosen.lang,
        study=study,
        selection=chosen,
        kicker=kicker(comparison, chosen.lang),
        headline=headline(comparison, chosen.lang),
        takeaway=f"{lead.title.rstrip('.')}. {lead.takeaway}".strip(),
        sections=sections(comparison, chosen.lang),
        figures=figures.illustrations(comparison, above, chosen),
        tables=tables.tables(comparison, above, chosen.lang),
        sources=study.sources_in(chosen.lang),
        credit=about.credit,
        licence=about.licence,
        caveat=about.caveat,
        address=citing.address("compare", chosen, *ADDRESS),
    )


def _above(comparison: Comparison, selection: Selection) -> Comparison | None:
    """Return the same comparison by the level above the finest, where the study has areas there."""
    levels = comparison.study.file.levels
    if len(levels) < 3 or comparison.by == levels[-2] or comparison.composed:
        return None
    coarser = selection.renewed(by=levels[-2], institution=comparison.institution)
    return briefing.comparison(comparison.study, coarser)


def kicker(comparison: Comparison, lang: str) -> str:
    """Return what the briefing is about: place, outcome, windows."""
    return say(
        "brief.kicker",
        lang,
        place=comparison.place(lang),
        outcome=comparison.study.file.outcome_word(comparison.outcome, "title", lang),
        before=comparison.before.label(lang),
        after=comparison.after.label(lang),
    )


def headline(comparison: Comparison, lang: str) -> str:
    """Return what happened to the whole, in one sentence with its number and interval."""
    row = comparison.whole.iloc[0]
    title = comparison.study.file.outcome_word(comparison.outcome, "title", lang)
    words = {
        "place": comparison.place(lang),
        "outcome": f"{title[:1].lower()}{title[1:]}",
        "before": comparison.before.label(lang),
        "after": comparison.after.label(lang),
    }
    ratio, low, high = (float(row[key]) for key in ("rate_ratio", "ratio_low", "ratio_high"))
    if not ratio > 0:
        return say("brief.headline_none", lang, **words)
    direction = "fell" if high < 1 else "rose" if low > 1 else "same"
    low, high = sorted((low - 1, high - 1), key=abs)
    signed = direction == "same"
    size, near, far = (
        percent(value if signed else abs(value), lang, signed=signed)
        for value in (ratio - 1, low, high)
    )
    return say(f"brief.headline_{direction}", lang, size=size, low=near, high=far, **words)


def sections(comparison: Comparison, lang: str) -> tuple[Section, ...]:
    """Return what can be said, where, what cannot, how good the data are, what was reported."""
    study, said = comparison.study, comparison.sentences(lang)
    found = {
        "what": said["whole"],
        "where": said["groups"],
        "not": " ".join(filter(None, [say("brief.not_cause", lang), said["doubt"]])),
        "data": _data(comparison, lang),
    }
    if has_reports(study):
        spec = holders_specs(study, str(comparison.before.last), lang)[0]
        found["territory"] = f"{spec.title.rstrip('.')}. {say('holders.caution', lang)}"
    titles = {key: say(f"brief.section_{key}", lang) for key in found}
    return tuple(Section(key, titles[key], text) for key, text in found.items() if text)


def _data(comparison: Comparison, lang: str) -> str:
    """Say who counted, over which population, and how much is missing or weak."""
    about = drawing.about(
        comparison.study,
        lang=lang,
        outcome=comparison.outcome,
        institution=comparison.institution,
        series=comparison.series,
        by=comparison.by,
    )
    table: pd.DataFrame = comparison.table
    weak = table["reliability"].isin(["low", "very_low"])
    said = say(
        "brief.data",
        lang,
        institution=about.institution,
        population=about.population,
        n=number(len(table), lang),
        missing=number(int((table["change"] == "no_data").sum()), lang),
        weak=number(int(weak.sum()), lang),
    )
    note = comparison.study.file.outcome_word(comparison.outcome, "note", lang)
    return " ".join(filter(None, [said, note]))
