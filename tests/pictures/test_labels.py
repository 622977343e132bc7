"""Names on maps: none leaves the frame or covers another, the inset, the scale bar."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.pictures.figures import FORMATS, map_figure
from territory.pictures.ground import Ground
from territory.pictures.mapspec import MapSpec, triptych

if TYPE_CHECKING:
    import geopandas as gpd

NAMED = {"town", "country", "inset-title", "scale-label"}


def boxes(figure, number: int) -> list:
    """Return what lies on one map: names, scale bar and inset, each with its box in pixels."""
    axes = next(axes for axes in figure.axes if axes.get_gid() == f"map:{number}")
    found = [
        (text.get_text(), text.get_window_extent())
        for text in axes.texts
        if text.get_gid() in NAMED
    ]
    found += [
        ("bar", line.get_window_extent()) for line in axes.lines if line.get_gid() == "scale-bar"
    ]
    insets = [other for other in figure.axes if other.get_gid() == "inset"]
    return found + [("inset", other.bbox) for other in insets if axes.bbox.overlaps(other.bbox)]


def collisions(figure, maps: int) -> list[str]:
    """Return every pair that overlaps, and what is not inside its map."""
    found = []
    for number in range(maps):
        frame = next(axes for axes in figure.axes if axes.get_gid() == f"map:{number}").bbox
        known = boxes(figure, number)
        for name, box in known:
            if not (frame.x0 - 1 <= box.x0 and box.x1 <= frame.x1 + 1):
                found.append(f"{name} leaves map {number}")
            if not (frame.y0 - 1 <= box.y0 and box.y1 <= frame.y1 + 1):
                found.append(f"{name} leaves map {number}")
        for (one, a), (two, b) in combinations(known, 2):
            # Boxes of text have room above and below the letters.
            if {one, two} != {"bar"} and a.shrunk(0.98, 0.8).overlaps(b.shrunk(0.98, 0.8)):
                found.append(f"{one} covers {two} on map {number}")
    return found


@pytest.fixture
def crowd(shapes: gpd.GeoDataFrame) -> Ground:
    """Return the squares with nine towns, most of them nearly in one place."""
    lon = [0.14, 0.143, 0.146, 0.149, 0.152, 0.155, 0.158, 0.02, 0.28]
    places = pd.DataFrame(
        {
            "name": [f"San Nicolás del {n}" for n in range(9)],
            "lon": lon,
            "lat": [0.15, 0.151, 0.149, 0.152, 0.148, 0.15, 0.151, 0.28, 0.02],
            "rank": range(9),
        }
    )
    return Ground(shapes.iloc[:9], outlines=shapes.iloc[9:], places=places)


@pytest.mark.parametrize("size", FORMATS)
def test_crowded_names_are_moved_and_tied_to_their_dots(
    rate_map: MapSpec, crowd: Ground, size: str
) -> None:
    """Nothing is covered; who has no room beside the dot has a line to it."""
    figure = map_figure(rate_map, crowd, size=size)
    assert [] == collisions(figure, 1)
    axes = next(axes for axes in figure.axes if axes.get_gid() == "map:0")
    if FORMATS[size].width > 550:
        assert [line for line in axes.lines if line.get_gid() == "town-leader"]


@pytest.mark.parametrize("size", FORMATS)
@pytest.mark.parametrize("maps", [1, 3])
def test_nothing_covers_anything(
    rate_map: MapSpec, change_map: MapSpec, board: Ground, size: str, maps: int
) -> None:
    """With an inset, a neighbour and a scale bar, alone and three side by side."""
    specs = [rate_map] if maps == 1 else triptych(rate_map, rate_map, change_map)
    assert [] == collisions(map_figure(specs, board, size=size), maps)


@pytest.mark.parametrize("size", FORMATS)
@pytest.mark.parametrize(("name", "lang"), [("slv", "es"), ("slv", "en"), ("chicago", "en")])
def test_nothing_covers_anything_in_the_shipped_studies(name: str, lang: str, size: str) -> None:
    """The real places at every size; each map has its scale bar."""
    from territory import drawing
    from territory.briefing import Selection
    from territory.study import Study

    study = Study.load(name)
    for show, maps in (("rate", 1), ("change", 3)):
        selection = Selection.of(study, show=show, lang=lang)
        figure = drawing.still(drawing.specs(study, selection), study, size=size)
        assert [] == collisions(figure, maps)
        bars = figure.findobj(lambda artist: artist.get_gid() == "scale-bar")
        assert len(bars) == maps
