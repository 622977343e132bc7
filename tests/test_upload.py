"""A visitor's own file: read, decided about, shown to them alone, and never to anybody else."""

from __future__ import annotations

import csv
import io
import re
import tomllib

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from territory import briefing
from territory.adopting import OWN, adopted, called
from territory.dashboard import current, upload, visitor
from territory.dashboard.contents import PAGES
from territory.evidence.ingest import VISITOR_LIMITS, IngestError, begun, ingest
from territory.evidence.schema import DataError
from territory.study import Study
from territory.text import LANGUAGES

from .ingest.conftest import CORPUS, content
from .test_pages import NAMES, opened, words

# One homicide in every municipality of San Salvador in 2011, and a thousand in the capital.
MARK = 987_654


def own_years(name: str = "police.csv") -> tuple[str, bytes]:
    """Return a file whose numbers nobody else has."""
    rows = [f"06{n:02d};{MARK if n == 14 else 1};{5 if n == 14 else 2}" for n in range(1, 20)]
    return name, "\n".join(["Código;2011;2012", *rows]).encode()


def drop(app: AppTest, name: str, body: bytes) -> AppTest:
    """Drop a file on the Data page."""
    app.file_uploader[0].set_value((name, body, "application/octet-stream"))
    return app.run()


def go(app: AppTest, page: str) -> AppTest:
    """Go to another page of the same visit."""
    path = next(entry.path for entry in PAGES if entry.name == page)
    app._page_hash = calc_hash(path) if path else ""
    return app.run()


def shown(app: AppTest) -> AppTest:
    """Drop the file with the mark and show it on every page."""
    drop(app, *own_years())
    return app.button(key="own_use").click().run()


def test_a_file_is_reported_and_its_open_places_can_be_decided() -> None:
    """Two misspelt places are offered their suggestions; decided, the table is there."""
    app = drop(opened("data", lang="en"), "misspelt.csv", content("misspelt.csv"))
    boxes = [box for box in app.selectbox if str(box.key).startswith("own_decide_")]

    assert ["", ""] == [box.value for box in boxes]
    assert "Soyapango, San Salvador (0617)" == boxes[0].options[1]
    assert not [button for button in app.button if button.key == "own_use"]

    boxes[0].set_value("0617").run()
    boxes = [box for box in app.selectbox if str(box.key).startswith("own_decide_")]
    next(box for box in boxes if not box.value).set_value("1108").run()

    assert not app.exception
    assert app.button(key="own_use")
    assert "The first rows of the table" in words(app)


def test_what_the_file_does_not_say_can_be_said() -> None:
    """A place twice in a year is a question; its answer stays in sight and can be taken back."""
    app = drop(opened("data", lang="es"), "duplicates.csv", content("duplicates.csv"))
    app.selectbox(key="own_set_duplicates").set_value("sum").run()

    assert app.button(key="own_use")
    assert "sum" == app.selectbox(key="own_set_duplicates").value

    app.selectbox(key="own_set_duplicates").set_value("").run()
    assert not [button for button in app.button if button.key == "own_use"]


@pytest.mark.parametrize("page", NAMES)
def test_every_page_shows_the_file_to_its_visitor_and_to_nobody_else(page: str) -> None:
    """Two visits at once: one sees its own series, named as such; the other never does."""
    mine = shown(opened("data", lang="en"))
    go(mine, page)
    other = opened(page, lang="en", institution=OWN, outcome="homicides")

    assert not mine.exception
    assert "t-fault" not in words(mine)
    assert "Own file: police.csv" in words(mine) or page in ("overview", "territory", "effects")
    assert "our own file police.csv" in words(mine)
    assert not other.exception
    assert "t-fault" not in words(other)
    for secret in ("police.csv", "Own file:", f"{MARK:,}", str(MARK)):
        assert secret not in words(other)


def test_the_same_selection_gives_each_visit_its_own_numbers() -> None:
    """Shared results neither hold a visitor's numbers nor answer for them."""
    other = opened("overview", lang="en")
    mine = go(shown(opened("data", lang="en")), "place")
    mine.query_params["place"] = "0614"
    mine.run()

    assert f"{MARK:,}" in words(mine)
    assert f"{MARK:,}" not in words(go(other, "overview"))


def test_leaving_shows_the_shared_study_again() -> None:
    """The button above every page forgets the file and its series."""
    app = go(shown(opened("data", lang="en")), "map")
    app.button(key="own_leave").click().run()

    assert "police.csv" not in words(app)
    assert "own" not in str(dict(app.query_params))
    assert "police.csv" not in words(go(app, "data"))


def test_an_address_of_a_visitor_opens_for_everybody() -> None:
    """What only one visitor has falls back to the default view for another."""
    app = opened("map", lang="en", institution=OWN, outcome="homicides", period="2011")

    assert "t-fault" not in words(app)
    assert "iml" == app.selectbox(key="choose_institution").value


def test_text_of_a_file_never_becomes_markup() -> None:
    """Names of files and places are escaped in HTML, and plain in the labels of widgets."""
    evil = "<img src=x onerror=alert(1)>"
    body = f"Departamento,Municipio,2011\nSan Salvador,{evil},1\n,![a](http://x.y/z) :red[b],2\n"
    app = drop(opened("data", lang="en"), f"{evil}.csv", body.encode())

    labels = " ".join(box.label for box in app.selectbox)
    assert not app.exception
    assert "&lt;img" in words(app)
    assert "<img" not in words(app)
    assert not re.search(r"(?<!\\)[\[\]<$`*]", labels)


def test_a_download_sees_the_study_of_its_visitor(slv: Study) -> None:
    """What is made when asked for runs outside of the page, and still knows whose page it was."""
    body = b"C\xc3\xb3digo,2011\n0614,7\n"
    found = adopted(slv, ingest(body, slv, name="a.csv"), name="a.csv", content=body)
    own = visitor.OwnStudy(found, "a.csv")
    token = visitor._bound.set((own,))
    later = visitor.bound(current.study)
    visitor._bound.reset(token)

    assert current.study() is current.shared()
    assert own.study is later()
    assert current.study() is current.shared()


def test_downloads_are_the_tidy_table_and_the_decisions(slv: Study) -> None:
    """Both hold what was decided; text like a formula is harmless in the table."""
    made = upload.Upload("injection.csv", content("injection.csv"), leave_out=True)
    made.settle("institution", "pnc")
    made.decide("place", "@SUM(A1)", "", "ignore")
    found = made.read()

    assert not isinstance(found, DataError)
    cells = [cell for row in csv.reader(io.StringIO(found.csv())) for cell in row]
    assert [] == [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    kept = tomllib.loads(begun(found.report, lang="es", chosen=made.decisions))
    assert {"institution": "pnc"} == kept["settings"]
    assert {"ignore"} == {one.get("value", "ignore") for one in kept["place"]}


BAD = [
    "locked.xlsx", "broken_xml.xlsx", "cut_off.xlsx", "bomb.xlsx", "million_columns.ods",
    "far_cell.xlsx", "empty_sheet.xlsx", "failed_formulas.xlsx", "negative.csv", "fraction.csv",
    "duplicates.csv", "year_out_of_range.csv", "injection.csv", "paper.csv", "page.xls",
    "spaces.csv", "old_locked.xls", "lying_directory.xlsx", "words_for_counts.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_explained(name: str) -> None:
    """No table, and sentences in both languages that name the file."""
    found = upload.Upload(name, content(name)).read()

    assert isinstance(found, DataError)
    assert all(name in found.render(lang) for lang in LANGUAGES)


@pytest.mark.parametrize("name", ["locked.xlsx", "bomb.xlsx", "injection.csv"])
def test_the_page_stays_when_a_file_is_bad(name: str) -> None:
    """No fault of ours and no table to use; the sources still stand below."""
    app = drop(opened("data", lang="es"), name, content(name))
    text = words(app)

    assert not app.exception
    assert not [button for button in app.button if button.key == "own_use"]
    assert name in text
    assert "Fuentes" in text


def test_a_file_beyond_the_limits_is_refused_before_it_is_kept() -> None:
    """Size, cells and columns each have a limit, and the message says it."""
    size = b"a" * (VISITOR_LIMITS.file + 1)
    cells = ("Municipio,2011\n" + "Apopa,1\n" * (VISITOR_LIMITS.cells // 2 + 1)).encode()
    columns = ("Municipio" + ",2011" * VISITOR_LIMITS.columns + "\n").encode()

    for body in (cells, columns):
        made = upload.Upload("big.csv", body)
        found = made.read()
        assert isinstance(found, DataError)
        assert ["ingest_too_big"] == [fault.key for fault in found.faults]
        assert "10 MB" in str(found)
    with pytest.raises(DataError, match="too big"):
        ingest(size, Study.load("slv"), name="big.csv", limits=VISITOR_LIMITS)


# Adopting ---------------------------------------------------------------------------------


def read(study: Study, text: str) -> Study:
    """Return a study with the counts of a text."""
    body = text.encode()
    return adopted(study, ingest(body, study, name="a.csv"), name="a.csv", content=body).study


def test_a_file_about_the_whole_place_is_what_the_pages_open_on(slv: Study) -> None:
    """With nearly every unit and two years its sums are the nation's; a part never is."""
    lines = [f"{code},1,2" for code in slv.codes]
    for kept, whole in ((lines, True), (lines[:200], False)):
        body = "\n".join(["Código,2012,2013", *kept]).encode()
        found = adopted(slv, ingest(body, slv, name="a.csv"), name="a.csv", content=body)

        assert whole is found.whole
        assert len(kept) == found.units
        assert (OWN if whole else "iml") == found.study.institution
        assert ("2012:2012", "2013:2013") == tuple(
            found.study.file.defaults[name] for name in ("before", "after")
        )


def test_what_is_said_of_a_part_names_the_part(slv: Study) -> None:
    """Two municipalities are never called El Salvador, and no rate of the nation stands beside."""
    new = read(slv, "Código,2011,2012\n0614,200,100\n0617,90,80\n0602,4,s/d\n")
    found = new.compare("2011", "2012", institution=OWN)

    assert 2 == found.part
    assert (290, 180) == tuple(found.whole.iloc[0][["count_before", "count_after"]])
    assert "Homicides in 2 of 262 municipalities of El Salvador: 290" in found.summary("en")
    assert "fell in 1 of 2 municipalities with data" in found.specs("en")[-1].title
    assert "counts 3 of 262 municipalities" in found.specs("en")[-1].caveat
    assert 0 == slv.compare("2011", "2012").part


def test_a_part_has_no_whole_on_the_page_of_a_place() -> None:
    """Beside a place stand no department and no nation of which the file knows a part."""
    app = go(shown(opened("data", lang="en")), "place")
    text = words(app)

    assert "rate of the whole" not in text
    assert "rate of the whole" in words(opened("place", lang="en"))


def test_one_year_leaves_the_pages_of_two_windows_to_the_study() -> None:
    """A file with one year cannot be compared with itself: the page says so and stays."""
    app = drop(opened("data", lang="en"), "one.csv", "Código;2011\n0614;7\n".encode())
    app.button(key="own_use").click().run()
    for page in ("compare", "briefing"):
        text = words(go(app, page))
        assert "has counts for one year" in text
        assert "t-fault" not in text
        assert "own_file" not in text


def test_the_series_of_the_study_stay_as_they_are(slv: Study) -> None:
    """The file stands beside them under an institution of its own, with its card and credit."""
    new = read(slv, "Código,2011\n0614,7\n")

    assert slv.outcomes.equals(new.outcomes.drop(OWN, level="institution"))
    assert 7 == new.rates("2011", by="nation", institution=OWN)["count"].iloc[0]
    assert 4371 == new.rates("2011", by="nation", institution="iml")["count"].iloc[0]
    assert "a.csv" == new.cards[0].file
    assert "own file “a.csv”, unchecked" in new.file.word(("credit",), "en")
    assert "unchecked" not in slv.file.word(("credit",), "en")
    assert len(new.shapes(detail="web")) == len(slv.shapes(detail="web"))


def test_months_become_years_where_all_twelve_are_there(slv: Study) -> None:
    """Eleven months are no year: the year has no data, and is not a smaller number."""
    months = ",".join(f"2011-{m:02d}" for m in range(1, 13))
    text = f"Código,{months}\n0614{',1' * 12}\n0617{',1' * 11},s/d\n"
    new = read(slv, text)

    table = new.rates("2011", institution=OWN)["count"]
    assert 12 == table["0614"]
    assert table.isna()["0617"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Departamento,2011\nSan Salvador,7\n", "own_level"),
        ("Código,2011-01\n0614,7\n", "own_no_year"),
        ("Código,2011\n0614,s/d\n", "own_no_year"),
        ("Código,1950\n0614,7\n", "own_no_people"),
    ],
)
def test_what_pages_cannot_show_is_said(slv: Study, text: str, key: str) -> None:
    """A coarser level, no whole year, a year without population: the message says what to do."""
    with pytest.raises(DataError) as caught:
        read(slv, text)

    assert [key] == [fault.key for fault in caught.value.faults]


def test_years_cannot_be_shown_in_a_study_of_months() -> None:
    """A year is never divided into months."""
    chicago = Study.load("chicago")

    with pytest.raises(DataError) as caught:
        read(chicago, "community area,2016\nAustin,4\n")

    assert ["own_years"] == [fault.key for fault in caught.value.faults]


def test_a_new_outcome_and_two_institutions_are_series_of_their_own(slv: Study) -> None:
    """Each institution of the file stays apart, and each is named after the file."""
    text = "Código,Año,Institución,Víctimas\n0614,2011,PNC,5\n0614,2011,IML,6\n"
    new = read(slv, text)

    assert {f"{OWN}_pnc", f"{OWN}_iml"} <= set(new.pairs.loc["homicides"].index)
    title = new.file.word(("institution", f"{OWN}_pnc", "title"), "en")
    assert "Own file: a.csv (PNC)" == title
    chosen = briefing.Selection.of(new, outcome="homicides", institution=f"{OWN}_pnc")
    assert 5 == briefing.rates(new, chosen)["count"].sum()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/b\\c.csv", "c.csv"),
        ("two\nlines\x00.csv", "two lines .csv"),
        ("x" * 80 + ".csv", "x" * 47 + "…"),
    ],
)
def test_a_file_is_called_by_a_short_printable_name(name: str, expected: str) -> None:
    """No path, no line ends, not too long for a legend."""
    assert expected == called(name)


def test_the_corpus_can_be_dropped_whole() -> None:
    """Whatever the file, dropping it ends in a report or a message, and never in a fault of ours."""
    for path in sorted(CORPUS.iterdir())[:40]:
        made = upload.Upload(path.name, path.read_bytes())
        found = made.read()
        assert isinstance(found, IngestError) == (
            isinstance(found, DataError) and made.report is not None
        )
