"""Small multiples: a map a year or a group, one legend, one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from territory import drawing
from territory.briefing import Selection
from territory.evidence.schema import DataError
from territory.multiples import choices, multiples
from territory.pictures.figures import FORMATS
from territory.study import Study

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def slv() -> Study:
    """Return the shipped study of El Salvador."""
    return Study.load("slv")


def selected(study: Study, **given: str) -> Selection:
    """Return rates of four years in Spanish, or what is asked for."""
    return Selection.of(study, **({"show": "rate", "period": "2010:2013", "lang": "es"} | given))


def test_years_share_their_classes_and_name_the_whole(slv: Study) -> None:
    """A map a year, one legend, the rate of the whole place under each year."""
    page = multiples(slv, selected(slv))
    assert [spec.panel for spec in page.maps] == ["2010", "2011", "2012", "2013"]
    assert len({spec.legend for spec in page.maps}) == 1
    assert page.maps[1].note == "total: 70,1"
    assert "2010–2013" in page.subtitle
    assert "262 municipios" in page.title


def test_departments_show_their_own_units_alone(slv: Study) -> None:
    """Every unit is in one map; the note is the rate of the group with its interval."""
    page = multiples(slv, selected(slv, period="2011"), "department")
    assert len(page.maps) == 14
    assert sum(len(spec.rows) for spec in page.maps) == 262
    assert page.maps[2].panel == "Sonsonate"
    assert page.maps[2].note == "105,2 (96,2–114,8)"


@pytest.mark.parametrize("size", FORMATS)
@pytest.mark.parametrize("across", ["year", "department"])
def test_a_page_of_small_maps(slv: Study, size: str, across: str) -> None:
    """A legend, a scale bar, and nothing beyond the page at any size."""
    figure = drawing.small_multiples(slv, selected(slv), across=across, size=size)
    panels = [axes for axes in figure.axes if str(axes.get_gid()).startswith("map:")]
    assert len(panels) == (4 if across == "year" else 14)
    scales = {
        round((axes.get_xlim()[1] - axes.get_xlim()[0]) / axes.bbox.width, 3) for axes in panels
    }
    assert len(scales) == 1
    for gid in ("legend-title", "scale-bar", "title", "credit", "licence", "caveat"):
        assert figure.findobj(lambda artist, gid=gid: artist.get_gid() == gid), gid
    for text in figure.findobj(lambda artist: hasattr(artist, "get_fontsize")):
        if not text.get_text():
            continue
        box = text.get_window_extent()
        assert box.x1 <= figure.bbox.x1, text.get_text()
        assert box.y0 >= figure.bbox.y0, text.get_text()


def test_chicago_has_years_and_no_groups() -> None:
    """What a study has no groups for is said with what there is."""
    chicago = Study.load("chicago")
    assert choices(chicago) == ["year"]
    page = multiples(chicago, selected(chicago, period="2015:2017", lang="en"))
    assert len(page.maps) == 3
    with pytest.raises(DataError, match="year"):
        multiples(chicago, selected(chicago, period="2016"), "department")


def test_what_makes_no_page_is_refused(slv: Study, tmp_path: Path) -> None:
    """One year, a change, an unknown division, a web page: nothing is written."""
    out = tmp_path / "map.png"
    for given, across in (
        ({"period": "2011"}, "year"),
        ({"show": "change"}, "year"),
        ({}, "river"),
    ):
        with pytest.raises(DataError):
            drawing.write_map(slv, selected(slv, **given), out, across=across)
    with pytest.raises(DataError):
        drawing.write_map(slv, selected(slv), tmp_path / "map.html", across="year")
    assert [] == list(tmp_path.iterdir())


def test_numbers_of_all_years_lie_beside(slv: Study, tmp_path: Path) -> None:
    """One row for each unit and year."""
    drawing.write_map(slv, selected(slv), tmp_path / "map.png", across="year")
    lines = (tmp_path / "map.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 4 * 262 + 1
    assert lines[0].startswith("unit,panel,name")
