"""Places as people write them become units, or are said to be ambiguous or unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from territory.evidence.gazetteer import Gazetteer
from territory.evidence.names import find_unit, full_name, gazetteer, read_aliases
from territory.evidence.schema import DataError
from territory.evidence.vocabulary import fold, loose
from territory.study import Study

from .conftest import write_card


@pytest.fixture(scope="module")
def names(slv: Study) -> Gazetteer:
    """Return El Salvador's names."""
    return gazetteer(slv)


@pytest.mark.parametrize(
    ("text", "above", "unit", "how"),
    [
        ("0614", "", "0614", "code"),
        ("614", "", "0614", "code"),
        ("614.0", "", "0614", "code"),
        ("SV1014", "", "0614", "code"),
        ("sv1014", "", "0614", "code"),
        ("010203", "", "0103", "code"),
        ("10203", "", "0103", "code"),
        ("SV10001", "", "SV10001", "code"),
        ("0614 San Salvador", "", "0614", "code"),
        ("SOYAPANGO", "", "0617", "name"),
        ("  soyapango ", "San Salvador", "0617", "name"),
        ("S. Pedro Perulapán", "", "0710", "name"),
        ("Sn. Pedro Perulapan", "Cuscatlan", "0710", "name"),
        ("Nva. Concepción", "", "0416", "name"),
        ("Sta. Tecla", "La Libertad", "0511", "name"),
        ("Municipio de Apopa", "", "0602", "name"),
        ("Distrito de Soyapango", "", "0617", "name"),
        ("San Luis Carmen", "", "0429", "name"),
        ("El Rosario", "La Paz", "0802", "name"),
        ("El Rosario", "08", "0802", "name"),
        ("El Rosario", "Depto. de Morazán", "1307", "name"),
        ("El Carmen", "Cuscatlán Sur", "0703", "name"),
        ("San Lorenzo (Ahuachapán)", "", "0109", "name"),
        ("San Vicente - San Lorenzo", "", "1008", "name"),
        ("Rosario de Mora", "", "0611", "name"),
        ("San Salvador Centro", "", "SV10001", "name"),
        ("Cdad. Delgado", "", "0619", "alias"),
        ("Opico", "", "0515", "alias"),
        ("Nueva San Salvador", "", "0511", "alias"),
        ("Santo Domingo", "Sonsonate", "0314", "alias"),
    ],
)
def test_a_place_is_found(names: Gazetteer, text: str, above: str, unit: str, how: str) -> None:
    """Codes first, then names inside their department, then aliases."""
    match = names.match(text, above=above)

    assert (unit, how) == (match.unit, match.how)


@pytest.mark.parametrize(
    ("text", "above", "how", "why", "candidates"),
    [
        ("El Rosario", "", "ambiguous", "homonym", ["0704", "0802", "1307"]),
        ("Rosario", "", "ambiguous", "homonym", ["0704", "0802", "1307"]),
        ("Santo Domingo", "", "ambiguous", "homonym", ["0314", "1005"]),
        ("San Rafael", "", "ambiguous", "homonym", ["0431", "1218"]),
        ("Soyapango", "La Paz", "unmatched", "other_area", ["0617"]),
        ("Soyapango", "La Pas", "unmatched", "above_unknown", ["0617", "0607"]),
        ("Soyapngo", "", "unmatched", "no_such_place", ["0617"]),
        ("xyz", "", "unmatched", "no_such_place", []),
        ("9999", "", "unmatched", "no_such_place", []),
        ("", "", "unmatched", "empty", []),
        ("—", "La Paz", "unmatched", "empty", []),
    ],
)
def test_what_is_in_doubt_is_not_guessed(names, text, above, how, why, candidates) -> None:
    """Homonyms are ambiguous; near misses are unmatched, with suggestions that are not taken."""
    match = names.match(text, above=above)

    assert match.unit is None
    assert (how, why) == (match.how, match.why)
    assert candidates == [code for code, _ in match.candidates]


@pytest.mark.parametrize(
    ("code", "above_code", "text", "unit"),
    [
        ("14", "6", "", "0614"),
        ("14", "06", "San Salvador", "0614"),
        ("1", "14", "", "1401"),
        ("0617", "", "SOYAPANGO", "0617"),
        ("0617", "", "Soyapngo", "0617"),
        ("9999", "", "Soyapango", "0617"),
        ("0704", "", "El Rosario", "0704"),
        ("0305", "", "Izalco", None),
        ("0617", "", "Puesto de salud", None),
    ],
)
def test_a_code_is_held_against_the_name_beside_it(names, code, above_code, text, unit) -> None:
    """A code decides between homonyms and bears a misspelling, but not another place's name."""
    match = names.match(text, code=code, above_code=above_code)

    assert unit == match.unit
    if unit is None:
        assert ("ambiguous", "code_and_name") == (match.how, match.why)


def test_every_unit_is_found_by_its_name_and_department(slv: Study, names: Gazetteer) -> None:
    """All 262, in capitals without accents, and the 44 as well."""
    label = slv.units["name"]
    every = slv.units[slv.units["level"].isin(["municipality", "municipality_2024"])]

    found = {
        unit: names.match(fold(label[unit]).upper(), above=label[parent]).unit
        for unit, parent in every["parent"].items()
    }

    assert [] == [unit for unit, match in found.items() if unit != match]


def test_no_name_without_its_department_means_another_unit(slv: Study, names: Gazetteer) -> None:
    """A bare name is its unit, or ambiguous; and exactly the shared names are ambiguous."""
    label = slv.units["name"]
    found = {unit: names.match(label[unit]) for unit in slv.codes}

    assert [] == [unit for unit, match in found.items() if match.unit not in (unit, None)]
    unsure = {label[unit] for unit, match in found.items() if match.unit is None}
    shared = set(label[slv.codes][label[slv.codes].duplicated()])
    # Two official names are also in use for another place.
    assert shared | {"San Rafael", "Santo Domingo"} == unsure


def test_every_alias_is_found_in_its_department(slv: Study, names: Gazetteer) -> None:
    """Each row of the table of aliases leads to its unit."""
    table, _ = read_aliases(slv.file.table("aliases"), slv.units)

    for unit, alias, _ in table[["unit", "alias", "kind"]].itertuples(index=False):
        above = slv.units["name"][slv.units["parent"][unit]]
        assert unit == names.match(alias, above=above).unit, alias


def test_a_study_without_aliases_has_names(board: Study) -> None:
    """The board has no table of aliases, and its squares are found all the same."""
    names = gazetteer(board)

    assert "B2" == names.match("square b2").unit
    assert "B2" == names.match("SQUARE B2", above="Region B").unit
    assert "other_area" == names.match("Square B2", above="Region A").why


def test_unlocated_cases_have_a_unit_where_a_study_has_one() -> None:
    """Chicago counts what it cannot place; its areas are found by number and by name."""
    names = gazetteer(Study.load("chicago"))

    assert "08" == names.match("8").unit == names.match("near n side").unit
    assert "unlocated" == names.match("unlocated").unit


@pytest.mark.parametrize(
    ("line", "word"),
    [("0614,Capital,nickname", "nickname"), ("9999,Nowhere,name", "9999"), ("0614,,name", "alias")],
)
def test_a_spoiled_table_of_aliases_is_refused(slv: Study, tmp_path: Path, line, word) -> None:
    """The message names the cell."""
    file = tmp_path / "aliases.csv"
    file.write_text(f"unit,alias,kind\n{line}\n", encoding="utf-8")
    write_card(file)

    with pytest.raises(DataError, match=word):
        read_aliases(file, slv.units)


def test_find_unit_takes_codes_names_and_areas(slv: Study) -> None:
    """Case and accents do not matter; a shared name needs the area above."""
    levels = slv.file.levels

    assert "1316" == find_unit("perquin", slv.units, levels=levels)
    assert "0509" == find_unit("La Libertad, La Libertad", slv.units, levels=levels)
    assert "Perquín, Morazán" == full_name("1316", slv.units)
    with pytest.raises(DataError, match="more than one unit"):
        find_unit("El Rosario", slv.units, levels=levels)


@pytest.mark.parametrize(
    ("text", "folded", "bare"),
    [
        ("  SAN LUÍS  de la Reina. ", "san luis de la reina", "san luis reina"),
        ("Ñuñoa_2", "nunoa 2", "nunoa 2"),
        ("O'Hare", "o hare", "o hare"),
        ("—", "", ""),
    ],
)
def test_names_are_folded(text: str, folded: str, bare: str) -> None:
    """Case, accents, signs and spaces go; loosely, articles go too."""
    assert (folded, bare) == (fold(text), loose(fold(text)))
