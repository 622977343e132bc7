"""What the map component is sent, and what it may answer; no browser needed."""

import base64
import json
import tomllib
import zlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from territory.dashboard import mapview
from territory.dashboard.launch import settings
from territory.dashboard.mapview import answer, class_letters, map_data
from territory.dashboard.served import Asset, short_hash
from territory.dashboard.shapes import WebShapes
from territory.evidence.schema import DataError
from territory.pictures.mapspec import MapSpec
from territory.pictures.reported_marks import Mark, Reported
from territory.pictures.scales import LegendItem

LEGEND = (
    LegendItem("zero", "0", "#FFFFFF"),
    LegendItem("some", "1 y más", "#70284A"),
    LegendItem("no_data", "sin datos", "#FFFFFF", "dotted"),
    LegendItem("not_applicable", "fuera de la selección", "#F5F7FA"),
)


@pytest.fixture
def shapes():
    """Return three areas, given out of order, and an outline that is no area."""
    return WebShapes("square", ("A1", "A2", "B1"), ("Uno", "Dos", "Tres"), Asset("a", b"", b"", ""))


@pytest.fixture
def spec():
    """Return a map of two of the three areas, one of them hatched."""
    rows = pd.DataFrame(
        {
            "name": ["Uno", "Tres"],
            "class_": ["some", "zero"],
            "label": ["7,0", "0,0"],
            "tip": ["Uno: 7,0 por 100.000 (2,8–14,4) · poco fiable", "Tres: 0,0 por 100.000"],
            "low": [True, False],
        },
        index=pd.Index(["A1", "B1"], name="unit"),
    )
    return MapSpec("rate", "es", "Título", "Bajada", "Tasa", rows, LEGEND, "Pie", "Fuente")


def test_letters_follow_the_order_of_the_areas(spec, shapes):
    """Capital for low reliability; an area without a row is outside the selection."""
    assert class_letters(spec, shapes) == "Bda"


def test_coarser_rows_are_sent_once_with_the_row_of_each_area(spec, shapes):
    """Three areas in two groups need two letters, and say which group each area is in."""
    spec.rows.index = ["A", "B"]
    data = map_data(
        [spec], shapes, members={"A1": "A", "A2": "A", "B1": "B"}, names={"A": "Grupo A"}
    )
    assert data["panels"][0]["classes"] == "Ba"
    assert data["rows"] == {"codes": ["A", "B"], "names": ["Grupo A", "B"], "member": [0, 0, 1]}


def test_tips_travel_packed_and_without_the_name(spec, shapes):
    """The browser has the names: a tip holds value, interval and reliability."""
    packed = map_data([spec], shapes)["tips"]
    tips = json.loads(zlib.decompress(base64.b64decode(packed)))
    assert tips == [["7,0 por 100.000 (2,8–14,4) · poco fiable", None, "0,0 por 100.000"]]


def test_panels_with_the_same_legend_share_it(spec, shapes):
    """Three panels with one legend send it once."""
    data = map_data([spec, spec, spec], shapes)
    assert [panel["legend"] for panel in data["panels"]] == [0, 0, 0]
    assert len(data["legends"]) == 1


def test_four_panels_are_refused(spec, shapes):
    """More than three maps side by side cannot be read."""
    with pytest.raises(DataError, match="4"):
        map_data([spec] * 4, shapes)


@pytest.mark.parametrize("sent", ["ZZ", "<script>", 7, None, ["A1"]])
def test_what_the_map_does_not_have_is_dropped(monkeypatch, sent):
    """A browser may send anything; only codes of this map reach the page."""
    heard = []
    state = {"map": {"unit": sent}}
    monkeypatch.setattr(mapview, "st", SimpleNamespace(session_state=state))
    answer("map", "unit", ["A1", "B1"], heard.append)()
    assert heard == []


def test_a_known_code_reaches_the_page(monkeypatch):
    """A click on an area calls the page with its code."""
    heard = []
    state = {"map": {"unit": "B1"}}
    monkeypatch.setattr(mapview, "st", SimpleNamespace(session_state=state))
    answer("map", "unit", ["A1", "B1"], heard.append)()
    assert heard == ["B1"]


def test_areas_are_read_in_the_order_that_the_browser_uses(tmp_path):
    """Areas of the level are sorted by code; lines and other levels are outlines."""
    ring = [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    features = [
        {
            "id": code,
            "properties": {"level": level, "name": f"N {code}"},
            "geometry": {"type": kind, "coordinates": ring},
        }
        for code, level, kind in [
            ("02", "square", "Polygon"),
            ("01", "square", "Polygon"),
            ("X", "row", "Polygon"),
            ("Y", "square", "MultiLineString"),
        ]
    ]
    file = tmp_path / "web.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    read = WebShapes.read(file, study="nine", level="square")
    assert read.units == ("01", "02")
    assert read.names == ("N 01", "N 02")
    assert read.asset.path == f"assets/geometry/nine.{short_hash(file.read_bytes())}.json"


def test_the_checkout_and_the_package_run_with_the_same_settings():
    """`streamlit run app.py` reads a copy of the settings that the package carries."""
    copy = Path(__file__).parents[1] / ".streamlit" / "config.toml"
    options = tomllib.loads(copy.read_text(encoding="utf-8"))
    flat = {
        f"{part}.{key}": value for part, table in options.items() for key, value in table.items()
    }
    assert flat == settings()
    assert flat["browser.gatherUsageStats"] is False
    assert flat["server.address"] == "127.0.0.1"


@pytest.fixture
def outlined(spec):
    """Return the map with outlines of two areas, one of them absent from the rows."""
    one, two = Mark("solid", ("#4477AA",)), Mark("broken", ("#EE6677", "#AAAAAA"))
    reported = Reported(
        title="Territorio reportado",
        marks={"A2": one, "B1": two},
        tips={"A2": "Predominio reportado de Uno", "B1": "Presencia reportada"},
        keys=((one, "Uno"), (two, "presencia")),
        sentence="2 de 3 áreas tienen un estado reportado.",
        caution="No es un mapa de control.",
    )
    return replace(spec, reported=reported)


def test_outlines_travel_as_one_letter_an_area(outlined, shapes):
    """Looks once, a letter for each area, a dot where nothing was reported; keys with words."""
    sent = map_data([outlined], shapes)["reported"]
    assert sent["marks"] == ".ab"
    assert [look["line"] for look in sent["looks"]] == ["solid", "broken"]
    assert [key["label"] for key in sent["keys"]] == ["Uno", "presencia"]
    assert sent["caution"] == "No es un mapa de control."


def test_the_words_of_outlines_follow_those_of_the_maps(outlined, shapes):
    """The last list of tips says what was reported of each area, for any number of panels."""
    data = map_data([outlined, outlined], shapes)
    tips = json.loads(zlib.decompress(base64.b64decode(data["tips"])))
    assert len(tips) == 3
    assert tips[-1] == [None, "Predominio reportado de Uno", "Presencia reportada"]
    assert "2 de 3 áreas" in data["alt"]


def test_without_outlines_nothing_of_them_travels(spec, shapes):
    """Off by default."""
    data = map_data([spec], shapes)
    assert data["reported"] is None
