"""The pictures of a briefing: the change on the map, the course over time, the surest areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory import charting, drawing
from territory.brief.parts import Illustration
from territory.reporting import has_reports

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from territory.briefing import Selection
    from territory.comparing import Comparison
    from territory.pictures.figures import Picture
    from territory.pictures.spec import MapSpec
    from territory.study import Study

#: Rows of the surest falls, and of the surest rises: a slide has room for no more.
ROWS = 6


def illustrations(
    comparison: Comparison, above: Comparison | None, selection: Selection
) -> tuple[Illustration, ...]:
    """Return the pictures of a comparison, in the order in which they are read.

    Parameters
    ----------
    above
        The same comparison by the larger areas, where the study has them.
    """
    study, lang = comparison.study, selection.lang
    found = [_map("change", study, comparison.specs(lang), selection)]
    course = study.series(
        by="total",
        outcome=comparison.outcome,
        institution=comparison.institution,
        population=comparison.series,
    )
    counted = selection.renewed(institution=comparison.institution)
    found.append(_chart("series", charting.national_figure(study, counted), course))
    if len(comparison.table) > 1:
        table = comparison.named(lang)
        found.append(_chart("surest", charting.dumbbell(comparison, lang, most=ROWS), table))
    if above is not None:
        found.append(_chart("regions", charting.forest(above, lang), above.named(lang)))
    day = str(comparison.before.last)
    if has_reports(study) and (study.holders(day)["status"] != "no_data").any():
        reported = selection.renewed(show="holders", on=day, by=study.finest)
        found.append(_map("reported", study, drawing.specs(study, reported), reported))
    return tuple(found)


def _map(name: str, study: Study, maps: Sequence[MapSpec], selection: Selection) -> Illustration:
    picture = drawing.still(maps, study, by=selection.by)
    lead = maps[-1]
    return Illustration(
        name,
        lead.title,
        picture.alt or drawing.alt_text(maps),
        " ".join(filter(None, [lead.caption, lead.caveat, lead.credit])),
        picture,
        drawing.numbers(maps),
    )


def _chart(name: str, picture: Picture, numbers: pd.DataFrame) -> Illustration:
    return Illustration(name, picture.heading, picture.alt, picture.credit, picture, numbers)
