"""The board: a made-up country of nine squares, as files, that can be checked with a pencil.

Three regions (rows A, B, C) of three squares each, four years, two outcomes, two
actors. Every square has 1,000 people, so a count of 1 is a rate of 100 per 100,000.

    A1 A2 A3      2001  2002  2003  2004   (homicides, police)
    B1 B2 B3      A: 4  4  2  2 in A1, nothing elsewhere in the row
    C1 C2 C3      B: 1 everywhere in every year
                  C: C1 6 6 0 0, C2 0 0 3 3, C3 has no data in 2004
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from territory.study import Study

CELLS = [f"{row}{column}" for row in "ABC" for column in "123"]
YEARS = (2001, 2002, 2003, 2004)
COUNTS = {
    "A1": (4, 4, 2, 2),
    "A2": (0, 0, 0, 0),
    "A3": (0, 0, 0, 0),
    "B1": (1, 1, 1, 1),
    "B2": (1, 1, 1, 1),
    "B3": (1, 1, 1, 1),
    "C1": (6, 6, 0, 0),
    "C2": (0, 0, 3, 3),
    "C3": (2, 2, 2, None),
}

STUDY_FILE = """
study = "board"
title = { es = "El Tablero", en = "The Board" }
levels = ["country", "region", "square"]
credit = { es = "Datos inventados", en = "Made-up data" }
caveat = { es = "Nada de esto ocurrió.", en = "None of this happened." }
[tables]
units = "units.csv"
groups = "groups.csv"
geometry = "units.geojson"
outcomes = "outcomes.csv"
population = "population.csv"
events = "events.csv"
observations = "observations.csv"
published = "published.csv"
[defaults]
outcome = "homicides"
institution = "police"
population = "census"
period = "2004"
before = "2001:2002"
after = "2003:2004"
prior = "region"
[[outcome]]
id = "homicides"
title = { es = "Homicidios", en = "Homicides" }
unit = { es = "homicidios", en = "homicides" }
[[outcome]]
id = "robbery"
title = { es = "Robos", en = "Robbery" }
unit = { es = "robos", en = "robberies" }
[institution.police]
title = { es = "Policía", en = "Police" }
short = { es = "policía", en = "police" }
[series.census]
title = { es = "censo", en = "census" }
[level.square]
one = { es = "casilla", en = "square" }
many = { es = "casillas", en = "squares" }
[level.region]
one = { es = "región", en = "region" }
many = { es = "regiones", en = "regions" }
[grouping.holder]
title = { es = "Grupo", en = "Group" }
groups.red = { es = "rojos", en = "reds" }
groups.blue = { es = "azules", en = "blues" }
"""


def _rows(heading: str, rows: list[str]) -> str:
    return "\n".join([heading, *rows]) + "\n"


def _tables() -> dict[str, str]:
    units = ["X,The Board,,country,,", *(f"{r},Region {r},X,region,," for r in "ABC")]
    units += [f"{c},Square {c},{c[0]},square,," for c in CELLS]
    outcomes = [
        f"{cell},{year},homicides,police,{'' if count is None else count},"
        + ("no report" if count is None else "published")
        for cell in CELLS
        for year, count in zip(YEARS, COUNTS[cell], strict=True)
    ]
    outcomes += [f"{c},{y},robbery,court,{i},published" for y in YEARS for i, c in enumerate(CELLS)]
    return {
        "units.csv": _rows("unit,name,parent,level,valid_from,valid_to", units),
        "groups.csv": _rows(
            "unit,grouping,group",
            [f"{c},holder,red" for c in ("A1", "B1", "C1")]
            + [f"{c},holder,blue" for c in ("A3", "B3", "C3")],
        ),
        "outcomes.csv": _rows("unit,period,outcome,institution,count,quality", outcomes),
        "population.csv": _rows(
            "unit,year,series,population,method",
            [f"{c},{y},census,1000,counted" for c in CELLS for y in YEARS],
        ),
        "events.csv": _rows(
            "event,start,end,date_precision,scope,units,kind,tracks,rank,title_es,title_en,source",
            ["pact,2003-01-01,2004-12-31,day,national,,truce,1;2,1,Pacto,Pact,made up"],
        ),
        "observations.csv": _rows(
            "observation,unit,start,end,outcome,institution,count,rate,quality,source,note",
            [
                "o1,X,2001-01-01,2001-12-31,homicides,police,15,,published,made up,",
                "o2,X,2001-01-01,2001-03-31,homicides,police,5,,quoted,made up,",
            ],
        ),
        "published.csv": _rows(
            "check,measure,unit,period,outcome,institution,value,tolerance,source,note",
            [
                "whole,count,X,2001,homicides,police,15,0,made up,",
                "region,count,A,2003,homicides,police,2,0,made up,",
                "empty,zero_units,X,2001,homicides,police,3,0,made up,",
            ],
        ),
        "units.geojson": json.dumps(_shapes()),
    }


def _shapes() -> dict[str, object]:
    def box(
        code: str, level: str, west: int, south: int, east: int, north: int
    ) -> dict[str, object]:
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        properties = {"unit": code, "level": level}
        return {"type": "Feature", "id": code, "properties": properties, "geometry": geometry}

    features = [box("X", "country", 0, 0, 3, 3)]
    features += [box(r, "region", 0, 2 - i, 3, 3 - i) for i, r in enumerate("ABC")]
    features += [
        box(f"{r}{c}", "square", c - 1, 2 - i, c, 3 - i)
        for i, r in enumerate("ABC")
        for c in (1, 2, 3)
    ]
    return {"type": "FeatureCollection", "features": features}


def write_card(file: Path) -> None:
    """Write the source card of a data file as it lies there now."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    file.with_name(file.name + ".toml").write_text(
        f'title = "{file.stem} of the board"\npublisher = "nobody"\nurl = "none"\n'
        f'licence = "CC0"\nyears = "2001-2004"\nsha256 = "{digest}"\nprocessing = "made up"\n'
        'credit = { es = "inventado", en = "made up" }\n',
        encoding="utf-8",
    )


@pytest.fixture(scope="session")
def board_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the board's files. Copy it before changing anything."""
    folder = tmp_path_factory.mktemp("board")
    (folder / "study.toml").write_text(STUDY_FILE, encoding="utf-8")
    for name, text in _tables().items():
        file = folder / name
        file.write_text(text, encoding="utf-8")
        write_card(file)
    return folder


@pytest.fixture
def board_copy(board_folder: Path, tmp_path: Path) -> Path:
    """Return a copy of the board's files that a test may spoil."""
    return Path(shutil.copytree(board_folder, tmp_path / "board"))


@pytest.fixture(scope="session")
def board(board_folder: Path) -> Study:
    """Return the board as a study."""
    return Study.load(board_folder)


@pytest.fixture(scope="session")
def slv() -> Study:
    """Return El Salvador, as shipped."""
    return Study.load("slv")
