"""The timeline: lanes by track or kind, words that touch nothing, dates no finer than known."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from territory.evidence.schema import DataError
from territory.pictures.figures import svg
from territory.pictures.figures.layout import Picture
from territory.pictures.figures.timeline import timeline_figure
from territory.pictures.figures.timeline_lanes import lanes_of

from .conftest import words
from .test_maps import artists

SIZES = ("wide", "narrow")


def event(lane: str, start: str, title: str, **more: object) -> dict[str, object]:
    """Return one event."""
    row = {
        "lane": lane, "tracks": lane if lane[0].isdigit() else "", "start": pd.Timestamp(start),
        "end": pd.NaT, "date_precision": "day", "rank": 1, "title": title,
    }  # fmt: skip
    return row | more


@pytest.fixture
def items() -> pd.DataFrame:
    """Eight events, several on nearly the same day, one before the axis, one near its end."""
    return pd.DataFrame(
        [
            event("truce", "2012-03-08", "Empieza la tregua"),
            event("truce", "2012-03-14", "La prensa revela la negociación"),
            event("truce", "2012-07-13", "Entrega de armas", rank=3),
            event("data", "2004-01-01", "Mucho antes", rank=3),
            event("2;3", "2013-01-01", "Fundación", date_precision="year"),
            event(
                "interventions", "2013-01-22", "Municipios libres de violencia: 9 municipios",
                end=pd.Timestamp("2013-07-23"), date_precision="range",
            ),
            event("odd_kind", "2013-05-01", "Otra cosa", date_precision="month"),
            event("security", "2015-11-20", "Un hecho con un nombre bastante largo al final"),
        ]
    )  # fmt: skip


@pytest.fixture
def evidence() -> pd.DataFrame:
    """How many units have a status: one, then five of which two rest on ended reports."""
    days = pd.DatetimeIndex(["2013-01-01", "2014-06-01"], name="day")
    return pd.DataFrame({"known": [1, 5], "stale": [0, 2]}, index=days)


def drawn(items: pd.DataFrame, evidence: pd.DataFrame | None = None, size: str = "wide") -> Picture:
    """Return the timeline in Spanish."""
    return timeline_figure(items, evidence, about=words("es"), size=size)


@pytest.mark.parametrize("size", SIZES)
def test_no_words_touch_and_none_leave_the_page(
    items: pd.DataFrame, evidence: pd.DataFrame, size: str
) -> None:
    """Names of events, lanes, dates, key and small print, at both sizes."""
    figure = drawn(items, evidence, size)
    kinds = ("event", "lane", "when", "key", "most", "caption", "title")
    boxes = [text.get_window_extent() for kind in kinds for text in artists(figure, kind)]

    for place, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[place + 1 :])
        assert figure.bbox.x0 <= one.x0
        assert one.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= one.y0
        assert one.y1 <= figure.bbox.y1


@pytest.mark.parametrize("size", SIZES)
def test_lanes_stand_in_order_tracks_first(items: pd.DataFrame, size: str) -> None:
    """Tracks, interventions, then kinds; a kind without a name of ours is still shown."""
    lanes = " ".join(text.get_text() for text in artists(drawn(items, size=size), "lane"))

    assert lanes == "Pistas 2 y 3 Intervenciones en lugares Tregua Seguridad Odd kind"


def test_lesser_events_are_marks_with_a_tip_and_old_ones_are_left_out(items: pd.DataFrame) -> None:
    """Rank 3 has no words; it does not stretch the axis either."""
    figure = drawn(items)
    written = [text.get_text() for text in artists(figure, "event")]

    assert "Entrega de armas" not in written
    assert any(tip.startswith("Entrega de armas, 13 jul 2012") for tip in figure.tips.values())
    assert not any("Mucho antes" in tip for tip in figure.tips.values())


def test_dates_are_no_finer_than_what_is_known(items: pd.DataFrame) -> None:
    """A year is a year and a bar over it, a month a month, a range has both ends."""
    lanes = lanes_of(items, "es", 0, 1e6)
    found = {item.text: item for lane in lanes for item in lane.items}

    assert found["Fundación"].when == "2013"
    assert found["Fundación"].last - found["Fundación"].first == pytest.approx(365, abs=1)
    assert found["Otra cosa"].when == "may 2013"
    assert found["Municipios libres de violencia: 9 municipios"].when == "ene–jul 2013"
    assert found["Empieza la tregua"].first == found["Empieza la tregua"].last


def test_the_evidence_is_drawn_as_steps(items: pd.DataFrame, evidence: pd.DataFrame) -> None:
    """Five units at most, three of them on reports in force."""
    figure = drawn(items, evidence)
    tops = {
        name: artists(figure, name)[0].get_paths()[0].get_extents().y1
        for name in ("known", "fresh")
    }

    assert tops == {"known": 5, "fresh": 3}
    assert [text.get_text() for text in artists(figure, "most")] == ["5 casillas"]


@pytest.mark.parametrize("size", SIZES)
def test_the_page_gets_one_whole_svg_with_words_for_each_mark(
    items: pd.DataFrame, evidence: pd.DataFrame, size: str
) -> None:
    """Title and description for screen readers, credit and caveat in the small print."""
    figure = drawn(items, evidence, size)
    text = svg(figure)
    small = " ".join(line.get_text() for line in artists(figure, "caption"))

    assert ET.fromstring(text).get("aria-label")  # noqa: S314
    assert figure.alt.startswith("8 hechos")
    assert "Datos inventados" in small
    assert "Nada de esto ocurrió." in small
    assert len(text) < 60_000


def test_a_study_without_events_or_reports_has_an_empty_timeline() -> None:
    """Nothing to show is no fault."""
    nothing = pd.DataFrame(
        columns=["lane", "tracks", "start", "end", "date_precision", "rank", "title"]
    )

    assert artists(drawn(nothing), "event") == []


def test_wrong_sizes_and_columns_are_refused(items: pd.DataFrame) -> None:
    """The message names what is wrong."""
    with pytest.raises(DataError, match="wide"):
        drawn(items, size="poster")
    with pytest.raises(DataError, match="tracks"):
        drawn(items.drop(columns="tracks"))
