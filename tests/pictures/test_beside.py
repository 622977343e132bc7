"""What lies beside a picture: words that say what is seen, and the numbers behind it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from PIL import Image

from territory import drawing
from territory.briefing import Selection
from territory.documents import csv_text
from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.pictures.beside import alt_text, numbers, require_values
from territory.pictures.figures import image, map_figure
from territory.pictures.mapspec import MapSpec, rate_spec, triptych
from territory.study import Study

from .conftest import CELLS, words

if TYPE_CHECKING:
    from pathlib import Path

    from territory.pictures.ground import Ground


@pytest.fixture(scope="module")
def slv() -> Study:
    """Return the shipped study of El Salvador."""
    return Study.load("slv")


def test_alt_text_says_what_is_seen(rate_map: MapSpec) -> None:
    """Headline, quantity with its window, areas in each class, the extremes, the rest."""
    said = alt_text([rate_map])
    assert rate_map.title in said
    assert rate_map.subtitle in said
    assert "0: 1; menos de 10: 2;" in said
    assert "sin datos: 1" in said
    assert "el máximo es Casilla C1 (100,0) y el mínimo Casilla A3 (9,9)" in said
    assert said.endswith(rate_map.takeaway)


def test_alt_text_of_a_change_names_the_firmest(rate_map: MapSpec, change_map: MapSpec) -> None:
    """Three maps are named; the fall whose interval is farthest from 1 is told with it."""
    said = alt_text(triptych(rate_map, rate_map, change_map))
    assert said.startswith("3 mapas: Antes, 2011, Después, 2011 y Cambio.")
    assert "La baja más firme: Casilla C3 (razón 0,40, 0,20–0,70)." in said
    assert "El alza más firme: Casilla B2 (razón 2,00, 1,40–2,90)." in said


def test_numbers_have_their_sources_in_every_row(rate_map: MapSpec) -> None:
    """The table that was drawn, its class in words, window, source and caveat."""
    table = numbers([rate_map])
    assert table.index.tolist() == CELLS
    assert table.loc["A3", "rate"] == 9.95
    assert table.loc["C3", "class"] == "sin datos"
    assert set(table["source"]) == {rate_map.credit}
    assert set(table["caveat"]) == {rate_map.caveat}


def test_numbers_stay_a_table_and_harmless(rates: pd.DataFrame) -> None:
    """Every line has as many cells, and no name becomes a formula."""
    about = words(credit="=cmd()", caveat='uno, "dos"\ntres')
    spec = rate_spec(rates.assign(name="=1+1"), Window.parse("2011"), about=about)
    lines = list(csv.reader(io.StringIO(csv_text(numbers([spec])))))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) == len(CELLS) + 1
    assert lines[1][lines[0].index("name")] == "'=1+1"
    assert lines[1][lines[0].index("source")] == "'=cmd()"


def test_maps_without_any_value_are_refused(rates: pd.DataFrame, rate_map: MapSpec) -> None:
    """One value anywhere is enough."""
    none = rate_spec(rates.assign(rate=None), Window.parse("2011"), about=words())
    with pytest.raises(DataError, match="9"):
        require_values([none])
    require_values([none, rate_map])


def test_files_carry_title_words_source_and_licence(rate_map: MapSpec, board: Ground) -> None:
    """In the picture itself: text of a png, title and description of an svg, letters embedded."""
    figure = map_figure(replace(rate_map, licence="Licencias: CC0 1.0"), board)
    told = Image.open(io.BytesIO(image(figure))).text
    assert told["Title"] == rate_map.title
    assert told["Description"] == figure.alt
    assert told["Source"] == rate_map.credit
    assert told["Copyright"] == "Licencias: CC0 1.0"
    drawn = image(figure, "svg").decode()
    assert f"<title>{rate_map.title}</title>" in drawn
    assert f"<desc>{figure.alt}</desc>" in drawn
    assert drawn.count("@font-face{font-family:'DejaVu Sans'") == 3
    assert drawn == image(figure, "svg").decode()


def test_a_still_map_leaves_its_words_and_numbers(slv: Study, tmp_path: Path) -> None:
    """Three files with one name; the document names them."""
    out = tmp_path / "tasa.png"
    selection = Selection.of(slv, show="rate", period="2011", lang="es")
    document = drawing.write_map(slv, selection, out)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["tasa.alt.txt", "tasa.csv", "tasa.png"]
    assert (tmp_path / "tasa.alt.txt").read_text(encoding="utf-8").strip() == document["alt"]
    table = pd.read_csv(tmp_path / "tasa.csv", dtype={"unit": str}, encoding="utf-8-sig")
    assert len(table) == 262
    assert table["licence"].str.contains("GeoNames").all()
    assert document["beside"] == [str(tmp_path / "tasa.alt.txt"), str(tmp_path / "tasa.csv")]


def test_nothing_is_written_where_a_neighbour_cannot_be(slv: Study, tmp_path: Path) -> None:
    """A folder stands where the numbers would go."""
    (tmp_path / "tasa.csv").mkdir()
    with pytest.raises(DataError, match=r"tasa\.csv"):
        drawing.write_map(slv, Selection.of(slv, lang="es"), tmp_path / "tasa.png")
    assert [file.name for file in tmp_path.iterdir()] == ["tasa.csv"]


def test_a_selection_without_data_writes_nothing(
    slv: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All values missing: said, in place of an empty map."""
    selection = Selection.of(slv, show="rate", period="2011", lang="es")
    spec = drawing.specs(slv, selection)[0]
    empty = replace(spec, rows=spec.rows.assign(class_="no_data"))
    monkeypatch.setattr(drawing, "specs", lambda *_: [empty])
    for ending in ("png", "html"):
        with pytest.raises(DataError, match="262"):
            drawing.write_map(slv, selection, tmp_path / f"map.{ending}")
    assert [] == list(tmp_path.iterdir())


def test_reports_have_their_table(slv: Study) -> None:
    """A map of reported territory has the status of each unit and its caution as numbers."""
    selection = Selection.of(slv, show="holders", on="2018-08-15", lang="en")
    table = drawing.numbers(drawing.specs(slv, selection))
    assert {"status", "caution", "class"} <= set(table.columns)
    assert len(table) == 262
