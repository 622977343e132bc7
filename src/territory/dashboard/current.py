"""The study that this dashboard shows: loaded once, shared by every visitor, never changed."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from territory.dashboard.shapes import WebShapes
from territory.study import Study
from territory.text import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

# What the launcher was told. The page script runs in the same process but cannot be handed
# arguments, so they travel by the environment; `streamlit run app.py` may set them too.
STUDY = "TERRITORY_STUDY"
LANG = "TERRITORY_LANG"


@cache
def study() -> Study:
    """Return the study that was asked for, or El Salvador.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    return Study.load(os.environ.get(STUDY, "slv"))


@cache
def shapes() -> WebShapes:
    """Return the light geometry of the study."""
    return WebShapes.read(_geometry(), study=study().name, level=study().finest)


def first_language() -> str:
    """Return the language in which the dashboard opens."""
    lang = os.environ.get(LANG, LANGUAGES[0])
    return lang if lang in LANGUAGES else LANGUAGES[0]


def _geometry() -> Path:
    file = study().file
    path = file.table("geometry_web") or file.table("geometry")
    assert path is not None  # noqa: S101 - the study file requires a geometry
    return path
