"""Still maps, judged by their artists: never by their pixels."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from matplotlib.colors import to_hex
from shapely import box

from territory.evidence.schema import DataError
from territory.pictures.figures import FORMATS, image, map_figure, save
from territory.pictures.figures.frames import Extent, Frame
from territory.pictures.ground import Ground, Inset, ground
from territory.pictures.mapspec import MapSpec, triptych

from .conftest import CELLS

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


def artists(figure, gid: str) -> list:
    """Return the artists of that name."""
    return figure.findobj(lambda artist: artist.get_gid() == gid)


def texts(figure) -> list[str]:
    """Return every line that is written on the figure."""
    return [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_fontsize"))]


@pytest.mark.parametrize("size", FORMATS)
def test_each_unit_has_the_colour_of_its_class(rate_map: MapSpec, board: Ground, size: str) -> None:
    """In every size, in the order of the shapes."""
    drawn = artists(map_figure(rate_map, board, size=size), "units")[0]
    colors = [to_hex(color).upper() for color in drawn.get_facecolors()]
    assert colors == [rate_map.colors[name] for name in rate_map.rows.loc[CELLS, "class_"]]


def test_low_reliability_is_hatched(rate_map: MapSpec, board: Ground) -> None:
    """Two squares rest on few cases."""
    hatched = artists(map_figure(rate_map, board), "low")[0]
    assert hatched.get_hatch()
    assert len(hatched.get_paths()) == 2


def test_no_data_has_a_dotted_outline_and_no_colour(rate_map: MapSpec, board: Ground) -> None:
    """Nothing is known of one square."""
    dotted = artists(map_figure(rate_map, board), "no_data")[0]
    assert len(dotted.get_paths()) == 1
    assert to_hex(dotted.get_facecolors()[0]) == "#ffffff"
    assert dotted.get_linestyles()[0][1] is not None


def test_the_legend_is_complete(rate_map: MapSpec, board: Ground) -> None:
    """Every item has its swatch in its colour, and its words."""
    figure = map_figure(rate_map, board)
    for item in rate_map.legend:
        swatch = artists(figure, f"swatch:{item.id}")[0]
        assert to_hex(swatch.get_facecolor()).upper() == item.color
        words = " ".join(text.get_text() for text in artists(figure, f"legend:{item.id}"))
        assert words == item.label


@pytest.mark.parametrize("size", FORMATS)
def test_title_takeaway_credit_and_caveat_are_written(
    change_map: MapSpec, board: Ground, size: str
) -> None:
    """Whatever the size, nothing of it is cut."""
    figure = map_figure(change_map, board, size=size)
    for gid in ("title", "takeaway", "subtitle", "caption", "caveat", "credit"):
        written = " ".join(text.get_text() for text in artists(figure, gid))
        said = {"credit": f"Fuentes: {change_map.credit}"}.get(gid) or getattr(change_map, gid)
        assert written == said


@pytest.mark.parametrize("size", FORMATS)
def test_nothing_is_written_beyond_the_page(
    rate_map: MapSpec, change_map: MapSpec, board: Ground, size: str
) -> None:
    """Every line of text of a triptych lies on the paper."""
    figure = map_figure(triptych(rate_map, rate_map, change_map), board, size=size)
    page = figure.bbox
    for text in figure.findobj(lambda a: hasattr(a, "get_fontsize")):
        if text.get_text():
            box = text.get_window_extent()
            assert box.x0 >= page.x0, text.get_text()
            assert box.x1 <= page.x1, text.get_text()
            assert box.y0 >= page.y0, text.get_text()


def test_a_triptych_has_three_maps_and_two_legends(
    rate_map: MapSpec, change_map: MapSpec, board: Ground
) -> None:
    """Before and after share theirs."""
    figure = map_figure(triptych(rate_map, rate_map, change_map), board)
    panels = [axes.get_gid() for axes in figure.axes if str(axes.get_gid()).startswith("map:")]
    assert panels == ["map:0", "map:1", "map:2"]
    assert len(artists(figure, "legend-title")) == 2
    assert [text.get_text() for text in artists(figure, "panel")] == [
        "Antes, 2011", "Después, 2011", "Cambio",
    ]  # fmt: skip


def test_the_map_has_its_furniture(rate_map: MapSpec, board: Ground) -> None:
    """Inset with its title and leader, scale bar in kilometres, places with their accents."""
    figure = map_figure(rate_map, board)
    assert [axes for axes in figure.axes if axes.get_gid() == "inset"]
    assert [text.get_text() for text in artists(figure, "inset-title")] == ["Centro"]
    assert artists(figure, "leader")
    assert artists(figure, "scale-label")[0].get_text().endswith("km")
    assert {text.get_text() for text in artists(figure, "town")} == {"Ávila", "Ñuble"}


def test_no_inset_where_no_unit_is_so_small(rate_map: MapSpec, board: Ground) -> None:
    """An inset smaller than every unit would show nothing."""
    tiny = replace(board, inset=Inset("Centro", (0.11, 0.11, 0.12, 0.12)))
    figure = map_figure(rate_map, tiny)
    assert not [axes for axes in figure.axes if axes.get_gid() == "inset"]


def test_the_scale_bar_is_as_long_as_it_says(rate_map: MapSpec, board: Ground) -> None:
    """Its length in metres of the projected system is the number on it."""
    figure = map_figure(rate_map, board)
    ends = artists(figure, "scale-bar")[0].get_xdata()
    label = artists(figure, "scale-label")[0].get_text()
    assert ends[1] - ends[0] == pytest.approx(1000 * float(label.split()[0]))


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_map_gives_the_same_bytes(
    rate_map: MapSpec, board: Ground, tmp_path: Path, ending: str
) -> None:
    """No date, no random name."""
    first = save(map_figure(rate_map, board), tmp_path / f"one.{ending}").read_bytes()
    second = save(map_figure(rate_map, board), tmp_path / f"two.{ending}").read_bytes()
    assert first == second
    assert len(first) > 1000


def test_an_svg_keeps_its_accents_as_text(rate_map: MapSpec, board: Ground) -> None:
    """Words are words, not outlines of letters."""
    text = image(map_figure(rate_map, board), "svg").decode()
    assert ">Ñuble<" in text
    assert "system-ui" in text


def test_a_pdf_embeds_its_font(rate_map: MapSpec, board: Ground) -> None:
    """As TrueType, so that text can be selected."""
    content = image(map_figure(rate_map, board), "pdf")
    assert b"DejaVuSans" in content
    assert b"/FontFile2" in content


def test_several_threads_may_draw_at_once(rate_map: MapSpec, board: Ground) -> None:
    """All get the same picture as one alone."""
    alone, found = image(map_figure(rate_map, board)), []

    def draw() -> None:
        found.append(image(map_figure(rate_map, board)))

    threads = [threading.Thread(target=draw) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 3


def test_a_unit_without_a_row_is_drawn_as_outside(rate_map: MapSpec, board: Ground) -> None:
    """It keeps its place on the map, in the quiet fill."""
    partial = replace(rate_map, rows=rate_map.rows.drop("B2"))
    drawn = artists(map_figure(partial, board), "units")[0]
    assert to_hex(drawn.get_facecolors()[CELLS.index("B2")]) == "#f5f7fa"


def test_an_unknown_size_or_ending_is_refused(
    rate_map: MapSpec, board: Ground, tmp_path: Path
) -> None:
    """The message lists what is allowed."""
    with pytest.raises(DataError, match="slide"):
        map_figure(rate_map, board, size="poster")
    with pytest.raises(DataError, match=r"\.png"):
        save(map_figure(rate_map, board), tmp_path / "map.gif")
    assert not list(tmp_path.iterdir())


def test_four_maps_are_refused(rate_map: MapSpec, board: Ground) -> None:
    """One to three fit a page."""
    with pytest.raises(DataError, match="specs"):
        map_figure([rate_map] * 4, board)


def test_shapes_of_a_study_are_sorted_into_units_and_outlines(
    rate_map: MapSpec, shapes: gpd.GeoDataFrame
) -> None:
    """The level of the rows is drawn; coarser ones become lines."""
    base = ground(shapes, rate_map.rows.index, outlines=["country"])
    assert base.units == CELLS
    assert base.outlines is not None
    assert base.outlines.index.tolist() == ["X"]


def test_shapes_of_another_level_are_refused(rate_map: MapSpec, shapes: gpd.GeoDataFrame) -> None:
    """None of the shapes is a unit of the map."""
    with pytest.raises(DataError, match="A1"):
        ground(shapes.iloc[9:], rate_map.rows.index)


def test_shapes_need_a_system_and_a_geometry(shapes: gpd.GeoDataFrame) -> None:
    """Both faults are named."""
    with pytest.raises(DataError, match="coordinate system"):
        Ground(shapes.set_crs(None, allow_override=True))
    empty = shapes.copy()
    empty.loc["B2", "geometry"] = None
    with pytest.raises(DataError, match="B2"):
        Ground(empty)


def test_furniture_never_lies_on_land_or_on_other_furniture() -> None:
    """A corner that is taken, or covered by land, is not free."""
    frame = Frame(Extent(0, 0, 100, 100), box(0, 0, 100, 40))
    first, second, third = (frame.take(20, 20) for _ in range(3))
    assert first is not None
    assert second is not None
    assert first.bottom >= 40
    assert not first.overlaps(second)
    assert third is None
