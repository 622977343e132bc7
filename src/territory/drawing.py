"""Pictures of a selection: the words they carry, the maps as data, the file on disk."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from territory import briefing
from territory.evidence import units
from territory.evidence.periods import Window
from territory.evidence.schema import unknown
from territory.pictures.beside import alt_text, numbers
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
from territory.reporting import holders_specs, holders_table, opening_day, with_reported
from territory.wording import about, selection_about

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from territory.briefing import Selection
    from territory.comparing import Comparison
    from territory.multiples import Multiples
    from territory.pictures.figures import Picture
    from territory.pictures.layers import Overlay
    from territory.pictures.webmap import OfflineMap
    from territory.study import Study

__all__ = [
    "FORMATS", "SIZES", "about", "alt_text", "comparison_specs", "format_of", "ground",
    "interactive", "interactive_page", "multiples_page", "numbers", "require_size", "scale",
    "selection_about", "small_multiples", "specs", "still", "write_map",
]  # fmt: skip

FORMATS = (".png", ".svg", ".pdf", ".html")
SIZES = ("slide", "a4", "a4-landscape", "square")


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
        maps = holders_specs(study, selection.on, selection.lang, by=selection.by)
        return maps if selection.by != study.finest else [_with_table(study, maps[0], selection)]
    maps = _specs(study, selection)
    return with_reported(study, selection, maps) if selection.reported else maps


def _with_table(study: Study, spec: MapSpec, selection: Selection) -> MapSpec:
    table = holders_table(study, selection.on or opening_day(study), selection.lang)
    return replace(spec, data=table)


def _specs(study: Study, selection: Selection) -> list[MapSpec]:
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

    require_size(size)
    drawn, under = _on_ground(maps, study, by or study.finest, detail="full")
    return map_figure(drawn, under, size=size)


def small_multiples(
    study: Study, selection: Selection, *, across: str = "year", size: str = "slide"
) -> Picture:
    """Return a page of small maps, one a year of the period or one a group of units.

    Parameters
    ----------
    across
        ``year``, or a level or grouping such as ``department``.

    Raises
    ------
    DataError
        As `territory.multiples.multiples`, and for a size that does not exist.
    """
    from territory.multiples import multiples

    require_size(size)
    return multiples_page(multiples(study, selection, across), study, by=selection.by, size=size)


def multiples_page(
    page: Multiples, study: Study, *, by: str | None = None, size: str = "slide"
) -> Picture:
    """Return small maps as one matplotlib figure."""
    from territory.pictures.figures import multiples_figure

    by = study.finest if set(page.maps[0].rows.index) <= set(study.codes) else by
    drawn, under = _on_ground(page.maps, study, by or study.finest, detail="full")
    return multiples_figure(drawn, under, words=page.words, size=size)


def interactive(
    maps: Sequence[MapSpec],
    study: Study,
    *,
    by: str | None = None,
    overlays: Sequence[Overlay] = (),
) -> OfflineMap:
    """Return maps as layers of one folium map that needs no network."""
    from territory.pictures.webmap import web_map

    drawn, under = _on_ground(maps, study, by or study.finest, detail="web")
    return web_map(drawn, under, overlays=overlays)


def interactive_page(maps: Sequence[MapSpec], study: Study, selection: Selection) -> str:
    """Return a self-contained HTML file of maps, with the study's layers to lay over them."""
    from territory.layering import overlays
    from territory.pictures.webmap import web_page

    drawn, under = _on_ground(maps, study, selection.by, detail="web")
    return web_page(drawn, under, overlays=overlays(study, selection, maps))


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


def require_size(size: str) -> None:
    """Raise `DataError` for a size of paper that does not exist."""
    if size not in SIZES:
        raise unknown("--size", size, SIZES)


def write_map(
    study: Study, selection: Selection, out: Path, *, size: str = "slide", across: str = ""
) -> dict[str, Any]:
    """Draw the map of a selection into a file; its ending says the format.

    Beside a still picture ``NAME.png`` lie ``NAME.alt.txt``, what is seen in words, and
    ``NAME.csv``, the numbers behind it. All are drawn before any is written.

    Parameters
    ----------
    across
        ``year``, a level or a grouping: small maps in place of one (`small_multiples`).

    Returns
    -------
    document
        ``file``, ``bytes``, ``caption``, ``sources``, ``alt`` and ``beside``, as
        ``territory map --json`` prints it.

    Raises
    ------
    DataError
        For an unknown ending or size, a selection without any value, or a place that cannot
        be written to.
    """
    from territory.picturefile import write_map as write

    return write(study, selection, out, size=size, across=across)


_BUILDERS: dict[str, Callable[..., MapSpec]] = {
    "rate": rate_spec,
    "smoothed_rate": smoothed_spec,
    "count": count_spec,
}
