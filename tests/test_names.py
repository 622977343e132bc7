"""Places as people write them become units, or are said to be ambiguous or unknown."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from territory.evidence.gazetteer import Gazetteer
from territory.evidence.ingest import ingest, regrouped
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
        ("San Salvador (0614)", "", "0614", "code"),
        ("(0614) San Salvador", "", "0614", "code"),
        ("SAN SALVADOR - 0614", "", "0614", "code"),
        ("0614,00", "", "0614", "code"),
        ("12 Apopa", "", "0602", "name"),
        ("3.- Apopa", "San Salvador", "0602", "name"),
        ("Soyapango 1/", "", "0617", "name"),
        ("Soyapango (p)*", "", "0617", "name"),
        ("Soyapango¹", "", "0617", "name"),
        ("Apopa (Mpio.)", "", "0602", "name"),
        ("MPIO.APOPA", "", "0602", "name"),
        ("Alcaldía Municipal de Apopa", "", "0602", "name"),
        ("Villa de Apopa", "", "0602", "name"),
        ("Mpio. de Apaneca (Ahuachapán)", "", "0102", "name"),
        ("San J. Villanueva", "", "0514", "name"),
        ("Sta. Rosa de L.", "", "1416", "name"),
        ("S. A. Los Ranchos", "", "0421", "name"),
        ("Ant. Cuscatlán", "", "0501", "name"),
        ("S. Salvador Ctro.", "", "SV10001", "name"),
        ("Municipio de San Salvador Centro", "", "SV10001", "name"),
        ("UsulutÃ¡n", "", "1123", "name"),
        ("Nuevaconcepción", "", "0416", "name"),
        ("Rosario de Mora", "San Salvador", "0611", "name"),
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
        ("San Lorenzo (1)", "", "ambiguous", "homonym", ["0109", "1008"]),
        ("3 - Santo Domingo", "", "ambiguous", "homonym", ["0314", "1005"]),
        ("12) San Rafael", "", "ambiguous", "homonym", ["0431", "1218"]),
        ("Candelaria", "Santa Ana", "unmatched", "other_area", ["0201", "0701"]),
        ("Meanguera", "La Unión", "unmatched", "other_area", ["1410", "1314"]),
        ("Rosario de Mora", "Morazán", "unmatched", "other_area", ["1307", "0611"]),
        ("Ataco", "", "unmatched", "no_such_place", ["0104"]),
        ("San Pedro", "La Paz", "unmatched", "no_such_place", ["0815", "0816", "0808"]),
        ("Villa Delgado", "", "unmatched", "no_such_place", ["0619"]),
        ("S. M.", "San Salvador", "unmatched", "no_such_place", ["0612", "0613", "0616"]),
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
        ("0314", "", "San Antonio del Mont", None),
    ],
)
def test_a_code_is_held_against_the_name_beside_it(names, code, above_code, text, unit) -> None:
    """A code decides between homonyms and bears a misspelling, but not another place's name."""
    match = names.match(text, code=code, above_code=above_code)

    assert unit == match.unit
    if unit is None:
        assert ("ambiguous", "code_and_name") == (match.how, match.why)


@pytest.mark.parametrize(
    ("row", "why", "candidates"),
    [
        ({"text": "Soyapango", "code": "0617", "above": "La Paz"}, "other_area", ["0617"]),
        ({"text": "", "code": "0617", "above": "La Paz"}, "other_area", ["0617"]),
        (
            {"text": "El Rosario", "above": "La Paz", "above_code": "07"},
            "code_and_name",
            ["0704", "0802"],
        ),
    ],
)
def test_a_department_that_contradicts_is_not_passed_over(names, row, why, candidates) -> None:
    """Neither a code nor its name is believed against the department beside it."""
    match = names.match(**row)

    assert (None, why) == (match.unit, match.why)
    assert candidates == [code for code, _ in match.candidates]


def test_a_code_of_nothing_is_said_though_the_name_decides(names: Gazetteer) -> None:
    """The match carries a note; a number in a list is no code."""
    assert "code_unknown" == names.match("Soyapango", code="9999").why
    assert "" == names.match("Soyapango", code="0617").why == names.match("9. Soyapango").why


@pytest.mark.parametrize(
    ("text", "area", "unit"),
    [
        ("San Salvador", "06", "0614"),
        ("Departamento de San Salvador", "06", None),
        ("San Salvador (depto.)", "06", None),
        ("MUNICIPIO DE SAN SALVADOR", None, "0614"),
        ("San Salvador (municipio)", None, "0614"),
        ("Ciudad de San Salvador", None, "0614"),
        ("San Salvador Centro", "SV10001", "SV10001"),
    ],
)
def test_the_word_before_a_name_tells_a_department_from_its_capital(
    names: Gazetteer, text, area, unit
) -> None:
    """A department is no municipality of its name, and the municipality no department."""
    assert (area, unit) == (names.area(text), names.match(text).unit)


def test_capitals_called_municipalities_are_no_totals_of_their_departments(slv: Study) -> None:
    """Every count is written; an area without a place of its own in the file is in doubt."""
    rows = "municipio,2011\nMUNICIPIO DE SAN SALVADOR,5\nMUNICIPIO DE SANTA ANA,7\n"
    found = ingest(rows.encode(), slv, name="own.csv", outcome="homicides")
    assert [("0210", 7), ("0614", 5)] == list(
        found.table[["unit", "count"]].itertuples(index=False, name=None)
    )

    more = "municipio,2011\nSoyapango,5\nDepartamento de La Unión,7\n"
    with pytest.raises(DataError, match="La Unión"):
        ingest(more.encode(), slv, name="own.csv", outcome="homicides")


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in split if not unicodedata.combining(letter))


FORMS = {
    "capitals": lambda name: _plain(name).upper(),
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "doubled spaces": lambda name: f"  {name.replace(' ', '   ')} ",
    "hard spaces": lambda name: name.replace(" ", "\N{NO-BREAK SPACE}"),
    "soft hyphen": lambda name: f"{name[:3]}\N{SOFT HYPHEN}{name[3:]}",
    "hyphens": lambda name: name.replace(" ", "-"),
    "no spaces": lambda name: name.replace(" ", ""),
    "read as Latin-1": lambda name: name.encode().decode("latin-1"),
    "read twice as Latin-1": lambda name: (
        name.encode().decode("latin-1").encode().decode("latin-1")
    ),
    "San": lambda name: name.replace("San ", "S. ").replace("Santa ", "Sta. "),
    "Sn": lambda name: name.replace("San ", "SN ").replace("Santo ", "STO "),
    "short": lambda name: (
        name.replace("Francisco", "Fco.").replace("Antonio", "Ant.").replace("Nueva", "Nva.")
    ),
    "cut": lambda name: name.replace("Concepción", "Concep.").replace("Juan", "J."),
    "quoted": lambda name: f"“{name}”",
    "footnote": lambda name: f"{name} 2/",
    "asterisk": lambda name: f"{name}*",
    "in brackets": lambda name: f"{name} (a)",
    "list": lambda name: f"7. {name}",
    "kind": lambda name: f"MUNICIPIO DE {name.upper()}",
    "kind behind": lambda name: f"{name} (Mpio.)",
    "without articles": lambda name: loose(fold(name)),
    "article behind": lambda name: re.sub(r"^(El|La|Los|Las) (.*)", r"\2, \1", name),
}


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_a_name_means_another_place(slv: Study, names: Gazetteer, form: str) -> None:
    """In its department each of the 262 is found; without it, it is found or ambiguous."""
    label, parent = slv.units["name"], slv.units["parent"]

    for unit in slv.codes:
        text = FORMS[form](label[unit])
        inside = names.match(text, above=label[parent[unit]])
        assert unit == inside.unit, (text, inside)
        bare = names.match(text)
        assert bare.unit == unit or unit in dict(bare.candidates), (text, bare)
        assert bare.unit in (unit, None), (text, bare)


def test_a_misspelled_name_is_offered_first_and_never_taken(slv: Study, names: Gazetteer) -> None:
    """Two letters changed round, one left out, one put in: in its department, all 262."""
    label, parent = slv.units["name"], slv.units["parent"]

    taken: list[str] = []
    for unit in slv.codes:
        name = label[unit]
        middle = len(name) // 2
        for text in (
            name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :],
            name[:middle] + name[middle + 1 :],
            f"{name[:middle]}w{name[middle:]}",
        ):
            match = names.match(text, above=label[parent[unit]])
            first = match.candidates[0][0] if match.candidates else match.unit
            assert unit == first, (text, match)
            same = fold(text).replace(" ", "") == fold(name).replace(" ", "")
            taken += [text] if match.unit and not same else []
    # An alias, an abbreviation and an article: these are names of the place.
    assert ["Jucapa", "Monte Sn Juan", "San Luis el Carmen"] == sorted(taken)


def test_each_code_contradicts_the_name_of_every_other_place(slv: Study, names: Gazetteer) -> None:
    """A complaint names both, also where the name is misspelled; no code is believed alone."""
    label = slv.units["name"]
    codes = sorted(slv.codes)

    for unit, other in zip(codes, codes[97:] + codes[:97], strict=True):
        if label[unit] != label[other]:
            for text in (label[other], label[other] + "z"):
                match = names.match(text, code=unit)
                assert match.unit is None, (unit, text)
                assert {unit, other} <= set(dict(match.candidates)), (unit, text, match)


def test_sums_are_kept_from_the_old_division_to_the_new(slv: Study) -> None:
    """Every outcome, institution and period of the shipped table, in every department."""
    key = ["period", "outcome", "institution"]
    old = slv.outcomes.reset_index()[["unit", *key, "count"]]
    new = regrouped(old, slv.groups, "municipality_2024")
    parent = slv.units["parent"]

    assert 44 == new["unit"].nunique()
    sums = [
        table.assign(area=table["unit"].map(parent)).groupby(["area", *key])["count"].sum()
        for table in (old, new)
    ]
    assert 1540 == len(sums[0])
    assert sums[0].sort_index().equals(sums[1].sort_index())


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


def test_a_number_that_belongs_to_a_name_stays_there() -> None:
    """A place called 25 de Mayo is itself though 25 is a code; before another name it is one."""
    units = pd.DataFrame(
        {
            "name": ["Land", "25 de Mayo", "Junio"],
            "parent": [None, "L", "L"],
            "level": ["land", "place", "place"],
        },
        index=["L", "24", "25"],
    )
    groups = pd.DataFrame(columns=["unit", "grouping", "group"])
    names = Gazetteer(units, groups, None, levels=["land", "place"])

    assert ("24", "name") == (names.match("25 de mayo").unit, names.match("25 de mayo").how)
    assert ("25", "code") == (names.match("25 Junio").unit, names.match("25 Junio").how)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("OHARE", "76"), ("O’Hare", "76"), ("Mc Kinley Park", "59"), ("The Loop", "32"),
        ("Lakeview", "06"), ("W. Garfield Pk.", "26"), ("Washington Hts", "73"),
        ("Auburn-Gresham", "71"), ("32. Loop", "32"), ("Montclaire", None), ("Garfield Park", None),
    ],
)  # fmt: skip
def test_the_same_rules_read_another_study(text: str, unit: str | None) -> None:
    """Chicago's areas as its residents write them; what is no name of one is offered."""
    match = gazetteer(Study.load("chicago")).match(text)

    assert unit == match.unit
    assert unit or {"18", "26", "27"} & set(dict(match.candidates))


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
        ("INSTITUCIÃ“N", "institucion", "institucion"),
        ("SÃO JOÃO", "sao joao", "sao joao"),
        ("Apo\N{SOFT HYPHEN}pa\N{ZERO WIDTH SPACE}", "apopa", "apopa"),
    ],
)
def test_names_are_folded(text: str, folded: str, bare: str) -> None:
    """Case, accents, signs and spaces go; loosely, articles go too."""
    assert (folded, bare) == (fold(text), loose(fold(text)))
