"""Pictures of a selection: the words they carry, the maps as data, the file on disk."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from territory import briefing
from territory.evidence import units
from territory.evidence.periods import Window
from territory.evidence.schema import unknown
from territory.evidence.writing import write_whole
from territory.pictures.captions import About
from territory.pictures.ground import Ground, Inset
from territory.pictures.mapspec import (
    MapSpec,
    change_spec,
    count_spec,
    rate_spec,
    smoothed_spec,
    spread,
    triptych,
)
from territory.pictures.scales import Scale, classes_for, count_classes
from territory.reporting import holders_specs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from territory.briefing import Selection
    from territory.comparing import Comparison
    from territory.pictures.figures import Picture
    from territory.pictures.webmap import OfflineMap
    from territory.study import Study

FORMATS = (".png", ".svg", ".pdf", ".html")
SIZES = ("slide", "a4", "a4-landscape", "square")


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
    )


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


@lru_cache(maxsize=64)
def scale(study: Study, show: str, outcome: str, institution: str, series: str, by: str) -> Scale:
    """Return the class limits of a quantity, fixed over all periods so that maps compare."""
    tables = [
        study.rates(str(year), by=by, outcome=outcome, institution=institution, population=series)
        for year in study.years(outcome, institution)
    ]
    if show == "count":
        return count_classes([value for table in tables for value in table["count"].dropna()])
    values = [value for table in tables for value in table["rate"].dropna()]
    return classes_for(values, outcome=outcome)


def specs(study: Study, selection: Selection) -> list[MapSpec]:
    """Return the maps of a selection as data: one, or before, after and change."""
    if selection.show == "holders":
        return holders_specs(study, selection.on, selection.lang, by=selection.by)
    if selection.show == "change":
        return comparison_specs(briefing.comparison(study, selection), selection.lang)
    chosen = selection
    limits = scale(
        study, chosen.show, chosen.outcome, chosen.institution, chosen.population, chosen.by
    )
    draw = _BUILDERS[selection.show]
    return [
        draw(
            briefing.rates(study, selection),
            Window.parse(selection.period),
            about=selection_about(study, selection),
            scale=limits,
        )
    ]


def comparison_specs(comparison: Comparison, lang: str) -> list[MapSpec]:
    """Return the maps before, after and change of a comparison."""
    study, outcome, institution = comparison.study, comparison.outcome, comparison.institution
    words = about(
        study,
        lang=lang,
        outcome=outcome,
        institution=institution,
        series=comparison.series,
        by=comparison.by,
    )
    limits = scale(study, "rate", outcome, institution, comparison.series, comparison.by)
    sides = [
        rate_spec(
            study.rates(
                window.text,
                by=comparison.by,
                outcome=outcome,
                institution=institution,
                population=comparison.series,
                lang=lang,
            ),
            window,
            about=words,
            scale=limits,
        )
        for window in (comparison.before, comparison.after)
    ]
    change = change_spec(comparison.named(lang), comparison.before, comparison.after, about=words)
    return list(triptych(sides[0], sides[1], change))


def still(
    maps: Sequence[MapSpec], study: Study, *, by: str | None = None, size: str = "slide"
) -> Picture:
    """Return maps side by side as a matplotlib figure, with the study's inset and places.

    Raises
    ------
    DataError
        For a size that does not exist.
    """
    from territory.pictures.figures import map_figure

    if size not in SIZES:
        raise unknown("--size", size, SIZES)
    drawn, under = _on_ground(maps, study, by or study.finest, detail="full")
    return map_figure(drawn, under, size=size)


def interactive(maps: Sequence[MapSpec], study: Study, *, by: str | None = None) -> OfflineMap:
    """Return maps as layers of one folium map that needs no network."""
    from territory.pictures.webmap import web_map

    return web_map(*_on_ground(maps, study, by or study.finest, detail="web"))


@lru_cache(maxsize=16)
def ground(study: Study, level: str, lang: str, detail: str) -> Ground:
    """Return the geography under the maps of a study, made once per level."""
    file = study.file
    shapes = study.shapes(detail=detail)
    outlines = [name for name in file.levels[:-1] if name != level]
    inset = file.entries.get("inset")
    places, context = file.table("places"), file.table("context")
    return Ground(
        shapes[shapes["level"] == level],
        crs=file.entries.get("crs_local"),
        outlines=shapes[shapes["level"].isin(outlines)],
        context=units.read_context(context, label=file.label("context"))[0] if context else None,
        places=units.read_places(places, label=file.label("places"))[0] if places else None,
        inset=Inset(file.word(("inset", "title"), lang), tuple(inset["bbox"])) if inset else None,
    )


def _on_ground(
    maps: Sequence[MapSpec], study: Study, by: str, *, detail: str
) -> tuple[list[MapSpec], Ground]:
    """Return maps and what lies under them: areas of their own, or the units of each group."""
    level = study.finest if by == "unit" else by
    shapes = study.shapes(detail=detail)
    own = shapes[shapes["level"] == level]
    if own.empty or not own.geom_type.str.endswith("Polygon").all():
        maps = [spread(one, study.members(by)) for one in maps]
        level = study.finest
    return list(maps), ground(study, level, maps[0].lang, detail)


def format_of(out: Path) -> str:
    """Return the format that the ending of a file means.

    Raises
    ------
    DataError
        For another ending.
    """
    ending = out.suffix.lower()
    if ending not in FORMATS:
        raise unknown("--out", out.name, [f"*{allowed}" for allowed in FORMATS])
    return ending


def write_map(
    study: Study, selection: Selection, out: Path, *, size: str = "slide"
) -> dict[str, Any]:
    """Draw the map of a selection into a file; its ending says the format.

    Returns
    -------
    document
        ``file``, ``bytes``, ``caption``, ``sources``, as ``territory map --json`` prints it.

    Raises
    ------
    DataError
        For an unknown ending or size, or a place that cannot be written to.
    """
    ending = format_of(out)
    maps = specs(study, selection)
    if ending == ".html":
        from territory.pictures.webmap import web_page

        page = web_page(*_on_ground(maps, study, selection.by, detail="web"))

        def write(target: Path) -> None:
            target.write_text(page, encoding="utf-8")
    else:
        from territory.pictures.figures import save

        figure = still(maps, study, by=selection.by, size=size)

        def write(target: Path) -> None:
            save(figure, target)

    write_whole(out, write)
    return {
        "file": str(out),
        "bytes": out.stat().st_size,
        "caption": " ".join(filter(None, [maps[-1].caption, maps[-1].caveat])),
        "sources": [card.title[selection.lang] for card in study.cards],
    }


_BUILDERS: dict[str, Callable[..., MapSpec]] = {
    "rate": rate_spec,
    "smoothed_rate": smoothed_spec,
    "count": count_spec,
}
