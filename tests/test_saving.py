"""A study saved with a visitor's file: whole, checked, and without the file itself."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from territory.adopting import OWN, Adopted, adopted
from territory.checks import check_study
from territory.evidence.ingest import ingest
from territory.evidence.writing import archive, write_folder
from territory.saving import saved_name, saved_study
from territory.study import Study

# A name that is hostile to TOML, CSV and HTML at once.
NAME = '=police "2" <b>.csv'
PART = (
    "Municipio;Departamento;2011;2012\nSoyapango;San Salvador;120;60\nApopa;San Salvador;97;s/d\n"
)


def read(study: Study, text: str, name: str = NAME) -> Adopted:
    """Return a study with the counts of a text."""
    body = text.encode()
    return adopted(study, ingest(body, study, name=name), name=name, content=body)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Adopted, Path]:
    """Return a file about two places, and the folder that it was saved in."""
    own = read(Study.load("slv"), PART)
    folder = tmp_path_factory.mktemp("saved") / saved_name(own)
    write_folder(saved_study(own, decisions="# nothing to decide\n"), folder)
    return own, folder


def test_a_saved_study_passes_every_check(saved: tuple[Adopted, Path]) -> None:
    """Cards, digests, sums and the published figures of the study hold."""
    failed = [check for check in check_study(saved[1], lang="en") if not check.ok]

    assert [] == failed


def test_what_was_shown_is_what_was_saved(saved: tuple[Adopted, Path]) -> None:
    """The same counts, no data where there was none, and the words of the series."""
    own, folder = saved
    study = Study.load(folder)

    assert own.study.outcomes.equals(study.outcomes)
    assert 120 == study.rates("2011", institution=OWN)["count"]["0617"]
    assert study.rates("2012", institution=OWN)["count"].isna()["0602"]
    assert f"El Salvador, con {NAME}" == study.title("es")
    assert f"Own file: {NAME}" == study.file.word(("institution", OWN, "title"), "en")


def test_a_part_of_the_place_is_not_what_a_saved_study_opens_on(
    saved: tuple[Adopted, Path], slv: Study
) -> None:
    """Two municipalities are no nation: the study's own series stays the default."""
    assert slv.file.defaults == Study.load(saved[1]).file.defaults


def test_the_whole_place_is_what_a_saved_study_opens_on(slv: Study, tmp_path: Path) -> None:
    """With every municipality and two years, pages open on the file's own series and years."""
    lines = "\n".join(f"{code},1,2" for code in slv.codes)
    write_folder(saved_study(read(slv, f"Código,2012,2013\n{lines}\n")), tmp_path / "mine")
    defaults = Study.load(tmp_path / "mine").file.defaults

    assert (OWN, "2012:2012", "2013:2013") == tuple(
        defaults[name] for name in ("institution", "before", "after")
    )


def test_the_card_says_where_the_rows_come_from(saved: tuple[Adopted, Path]) -> None:
    """The card of the counts names the file, its digest and how many rows it added."""
    own, folder = saved
    card = next(card for card in Study.load(folder).cards if card.file == "tables/outcomes.csv")

    assert NAME in card.credit["en"]
    assert own.card.sha256 in card.processing["es"]
    assert "4 rows of counts" in card.processing["en"]


def test_the_file_itself_is_not_saved(slv: Study) -> None:
    """A list of victims may name people; a saved study holds counts alone."""
    text = "Municipio,Departamento,Fecha,Nombre\n" + "\n".join(
        f"Apopa,San Salvador,{year}-{month:02d}-03,Fulana Secreta"
        for year in (2011, 2012)
        for month in range(1, 13)
    )
    files = saved_study(read(slv, text, "victims.csv"))

    assert not any(b"Secreta" in content or b"Fulana" in content for content in files.values())


def test_the_zip_unpacks_into_one_folder(saved: tuple[Adopted, Path]) -> None:
    """No path leads out of it, whatever folders the study has, and the bytes are the same twice."""
    own, folder = saved
    packed = archive(saved_study(own), folder=saved_name(own))
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()

    assert packed == archive(saved_study(own), folder=saved_name(own))
    assert {folder.name} == {name.split("/")[0] for name in names}
    assert not [name for name in names if ".." in name.split("/")]
    assert f"{folder.name}/study.toml" in names
