"""The notebooks carry nothing of a machine, and say what is in a study; nbmake runs them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from territory import notebook
from territory.study import Study

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_carries_no_outputs(file: Path) -> None:
    """No output, no count of runs, no version or path of a machine."""
    book = json.loads(file.read_text(encoding="utf-8"))
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]

    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert all(cell["metadata"] == {} for cell in book["cells"])
    assert book["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_cells_are_short(file: Path) -> None:
    """A cell fits on a screen, but for the table that a notebook writes itself."""
    book = json.loads(file.read_text(encoding="utf-8"))

    assert max(len(cell["source"]) for cell in book["cells"]) <= 30


def test_a_study_says_what_is_in_it(slv: Study) -> None:
    """Units, outcomes with who counted them, spans, groupings, claims, licences and first calls."""
    page = slv._repr_html_()

    for words in (
        "262 municipalities", "14 departments", "2008–2018", "homicides", "Forensic institute (IML)",
        "municipality_2024", "digestyc_filled", "Claims of reported presence", "CC0 1.0",
        "slv.compare(&quot;2010:2011&quot;, &quot;2012:2013&quot;, by=&quot;municipality&quot;)",
    ):  # fmt: skip
        assert words in page
    assert "262 municipios" in notebook.study_html(slv, "es")


def test_the_calls_that_a_study_offers_work(slv: Study) -> None:
    """What stands under "first calls to try" can be typed (effects, which take long, are left out)."""
    from html import unescape

    page = unescape(slv._repr_html_())
    lines = page.partition("<pre>")[2].partition("</pre>")[0].splitlines()

    assert len(lines) == 5
    for line in lines:
        if ".effects(" not in line:
            eval(line, {"slv": slv})  # noqa: S307 - the program's own words


def test_a_display_takes_the_colours_of_its_notebook(slv: Study) -> None:
    """Text and ground are never set, so that the tables read in light and in dark."""
    page = slv._repr_html_()

    assert "background: none" in page
    assert "color: " not in page.replace("border-color: ", "")


def test_names_in_a_display_are_escaped(board: Study) -> None:
    """A name with markup in it is shown, not run."""
    wild = board.units.assign(name="<script>alert(1)</script>")
    study = replace(board, units=wild)

    page = study.compare("2001:2002", "2003:2004", by="square")._repr_html_()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_comparison_shows_its_surest_change_first(slv: Study) -> None:
    """Sorted by the end of the interval nearest to no change; sentence, caveat and source with it."""
    truce = slv.compare("2010:2011", "2012:2013", by="department")
    page = truce._repr_html_()
    surest = truce.named("en").sort_values("ratio_high")["name"].head(3)

    places = [page.index(f">{name}<") for name in surest]
    assert places == sorted(places)
    for words in ("rate ratio 0.60", "does not prove", "Source: IML and PNC"):
        assert words in page
    assert "primero la baja más segura" in notebook.comparison_html(truce, "es")


def test_a_rise_is_ranked_by_its_lower_end(slv: Study) -> None:
    """After 2013 the rate rose, and the surest rise stands first."""
    rise = slv.compare("2012:2013", "2014:2015", by="department")

    assert "the surest rise first" in rise._repr_html_()


def test_text_displays_are_one_line(slv: Study) -> None:
    """In a console a study and a comparison name themselves, without their tables."""
    whole = slv.compare("2010:2011", "2012:2013", by="nation")

    assert repr(slv) == "<Study slv: 262 × municipality, 2008 to 2018>"
    assert repr(whole) == (
        "<Comparison slv: homicides (iml), 2010:2011 against 2012:2013, 1 × nation>"
    )


def test_an_effect_shows_its_notes(slv: Study) -> None:
    """The estimate never stands without what must be said with it."""
    found = slv.effects("free_municipalities")
    page = notebook.effect_html(found)

    assert all(note.render()[:40] in page for note in found.notes)


def test_rates_stay_a_plain_frame(slv: Study) -> None:
    """Nothing of our own stands between a user and pandas."""
    import pandas as pd

    assert type(slv.rates("2011", by="department")) is pd.DataFrame


def test_a_picture_shows_itself_at_its_size(slv: Study) -> None:
    """The picture of a notebook is that of a file, and tells how wide it is meant to be."""
    content, size = slv.compare("2010:2011", "2012:2013", by="department").forest()._repr_png_()

    assert content.startswith(b"\x89PNG")
    assert 600 < size["width"] < 1400
