"""Charts: lines, bands, labels that touch nothing, and words for every point."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.pictures.figures import Line, forest_figure, place_figure, save, series_figure, svg
from territory.pictures.figures.axes import CHART_SIZES, rate_ticks

from .conftest import words
from .test_maps import artists

if TYPE_CHECKING:
    from pathlib import Path

YEARS = pd.period_range("2008", "2018", freq="Y-DEC", name="period")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def series() -> pd.DataFrame:
    """Eleven years with a peak in 2015."""
    rate = np.array([52.0, 71, 64, 70.07, 41, 39.6, 60.9, 103, 81, 60, 50.4])
    return pd.DataFrame(
        {"rate": rate, "low": rate - 2, "high": rate + 2, "count": rate * 60}, index=YEARS
    )


@pytest.fixture
def events() -> pd.DataFrame:
    """Five events close together, and one before the series."""
    return pd.DataFrame(
        {
            "start": ["2004-01-01", "2012-03-08", "2013-01-22", "2014-05-26", "2015-07-16", "2018-11-01"],
            "title_es": ["Antes", "Tregua", "Municipios libres de violencia", "Fin", "Plan", "Otra"],
            "title_en": ["Before", "Truce", "Municipalities free of violence", "End", "Plan", "More"],
        }
    )  # fmt: skip


@pytest.mark.parametrize("size", CHART_SIZES)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_words_of_events_touch_nothing(
    series: pd.DataFrame, events: pd.DataFrame, size: str, lang: str
) -> None:
    """Not each other, not the line, not a chosen value, not another event's rule."""
    figure = series_figure(series, about=words(lang), events=events, labels=[2011, 2015], size=size)
    labels = [text.get_window_extent() for text in artists(figure, "event")]
    values = [text.get_window_extent() for text in artists(figure, "value")]
    assert len(labels) == 5
    for place, label in enumerate(labels):
        assert not any(label.overlaps(other) for other in labels[place + 1 :] + values)
        assert label.x0 >= 0
        assert label.x1 <= figure.bbox.x1
    axes = next(axes for axes in figure.axes if axes.get_gid() == "plot")
    top = axes.bbox.y1
    assert all(label.y0 >= top for label in labels)
    for rule in artists(figure, "event-rule"):
        (x, low), (_, high) = axes.transData.transform(np.column_stack(rule.get_data()))
        crossed = [b for b in labels if b.x0 < x < b.x1 and b.y0 < high and b.y1 > low]
        assert not crossed


def test_an_event_outside_the_series_is_left_out(
    series: pd.DataFrame, events: pd.DataFrame
) -> None:
    """2004 has no place on an axis from 2008."""
    figure = series_figure(series, about=words(), events=events)
    written = [text.get_text() for text in artists(figure, "event")]
    assert not any("Antes" in text for text in written)


def test_chosen_years_carry_their_value_in_the_language(series: pd.DataFrame) -> None:
    """70.07 is written 70,1 in Spanish and 70.1 in English."""
    for lang, value in (("es", "70,1"), ("en", "70.1")):
        figure = series_figure(series, about=words(lang), labels=[2011])
        assert [text.get_text() for text in artists(figure, "value")] == [value]


def test_a_series_is_drawn_with_its_interval(series: pd.DataFrame) -> None:
    """The line has every year, the band lies around it."""
    figure = series_figure(series, about=words())
    line, band = artists(figure, "rate")[0], artists(figure, "interval")[0]
    assert line.get_ydata() == pytest.approx(series["rate"].to_numpy())
    assert band.get_paths()[0].get_extents().y1 == pytest.approx(105)


def test_a_year_without_data_breaks_the_line(series: pd.DataFrame) -> None:
    """A gap is a gap: nothing is drawn or said there."""
    series.loc["2013"] = np.nan
    figure = series_figure(series, about=words())
    assert len(figure.tips) == 10
    assert np.isnan(artists(figure, "rate")[0].get_ydata()).sum() == 1


@pytest.mark.parametrize("size", CHART_SIZES)
def test_every_chart_carries_credit_and_caveat(
    series: pd.DataFrame, comparison: pd.DataFrame, size: str
) -> None:
    """In the small print, at both sizes."""
    windows = Window.parse("2010"), Window.parse("2012")
    figures = [
        series_figure(series, about=words(), size=size),
        place_figure(Line("Ñuble", series), about=words(), size=size),
        forest_figure(comparison, *windows, about=words(), size=size),
    ]
    for figure in figures:
        small = " ".join(text.get_text() for text in artists(figure, "caption"))
        assert "Fuentes: Datos inventados" in small
        assert "Nada de esto ocurrió." in small


def test_the_page_form_is_light_and_says_what_it_shows(
    series: pd.DataFrame, events: pd.DataFrame
) -> None:
    """No prologue, a role, a title and a description, at most 30 kB, no foreign address."""
    figure = series_figure(series, about=words(), events=events)
    text = svg(figure)
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert text.startswith("<svg")
    assert len(text.encode()) < 30_000
    assert root.get("role") == "img"
    assert root.get("width") == "100%"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == figure.heading
    assert "103,0 (2015)" in root[1].text
    assert "<style" not in text
    assert "system-ui, -apple-system" in text


def test_every_point_has_its_words(series: pd.DataFrame) -> None:
    """Hovering says value, interval, window and count."""
    text = svg(series_figure(series, about=words("en")))
    root = ET.fromstring(text)  # noqa: S314 - our own text
    tips = [title.text for title in root.iter(f"{SVG}title")][1:]
    assert len(tips) == len(series)
    assert tips[3] == "2011: 70.1 per 100,000 (68.1–72.1) · homicides: 4,204"


def test_names_from_a_file_are_escaped_in_a_page(series: pd.DataFrame) -> None:
    """A place may be called anything."""
    text = svg(place_figure(Line("<script>alert(1)</script>", series), about=words()))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_a_place_stands_against_its_peers(series: pd.DataFrame) -> None:
    """Line and band of the place, two lines and the middle half of similar places."""
    similar = pd.DataFrame({f"p{i}": series["rate"] + 5 * i for i in range(10)})
    figure = place_figure(
        Line("Ñuble", series),
        about=words(),
        department=Line("Región A", series * 1.1),
        nation=Line("El Tablero", series * 0.9),
        similar=similar,
    )
    assert len(artists(figure, "line")) == 2
    assert artists(figure, "similar")
    names = [figure.findobj(lambda a, n=n: a.get_gid() == f"line-name:{n}") for n in (
        "Ñuble", "Región A", "El Tablero", "lugares parecidos")]  # fmt: skip
    boxes = [found[0].get_window_extent() for found in names]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_forest_is_sorted_by_the_bound_nearest_to_one(comparison: pd.DataFrame) -> None:
    """The firmest fall first, the firmest rise last; no row without a ratio."""
    windows = Window.parse("2010"), Window.parse("2012")
    figure = forest_figure(comparison, *windows, about=words(), whole=comparison.iloc[2])
    axes = next(axes for axes in figure.axes if axes.get_gid() == "plot")
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[:3] == ["Casilla A3", "Casilla C3", "Casilla A1"]
    assert names[-1] == "Casilla B2"
    assert "Casilla C1" not in names
    assert axes.get_xscale() == "log"
    assert "0,40 (0,20–0,70)" in [text.get_text() for text in artists(figure, "ratio")]


def test_charts_are_the_same_every_time(series: pd.DataFrame, tmp_path: Path) -> None:
    """Also as SVG for a page."""
    first, second = (series_figure(series, about=words()) for _ in range(2))
    assert svg(first) == svg(second)
    files = [save(figure, tmp_path / f"{n}.pdf") for n, figure in enumerate((first, second))]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("highest", [0.0, 0.3, 4.0, 97.0, 103.0, 2400.0])
def test_ticks_are_few_and_reach_the_highest_value(highest: float) -> None:
    """From zero, in round steps."""
    ticks = rate_ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 8


def test_a_chart_names_a_missing_column_and_an_unknown_size(series: pd.DataFrame) -> None:
    """The message says which."""
    with pytest.raises(DataError, match="high"):
        series_figure(series.drop(columns="high"), about=words())
    with pytest.raises(DataError, match="narrow"):
        series_figure(series, about=words(), size="huge")
