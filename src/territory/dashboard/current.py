"""The study that a page shows: one for every visitor, loaded once and never changed.

A visitor who adds a file sees a study of their own instead (`territory.dashboard.visitor`).
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from territory.dashboard import visitor
from territory.dashboard.shapes import WebShapes
from territory.study import Study
from territory.text import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

# What the launcher was told. The page script runs in the same process but cannot be handed
# arguments, so they travel by the environment; `streamlit run app.py` may set them too.
STUDY = "TERRITORY_STUDY"
LANG = "TERRITORY_LANG"


def study() -> Study:
    """Return what this visitor sees: their own study, or the shared one."""
    own = visitor.own()
    return shared() if own is None else own.study


@cache
def shared() -> Study:
    """Return the study that was asked for, or El Salvador.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    return Study.load(os.environ.get(STUDY, "slv"))


@cache
def shapes() -> WebShapes:
    """Return the light geometry of the study; a file of a visitor brings no other."""
    return WebShapes.read(_geometry(), study=shared().name, level=shared().finest)


def first_language() -> str:
    """Return the language in which the dashboard opens."""
    lang = os.environ.get(LANG, LANGUAGES[0])
    return lang if lang in LANGUAGES else LANGUAGES[0]


def _geometry() -> Path:
    file = shared().file
    path = file.table("geometry_web") or file.table("geometry")
    assert path is not None  # noqa: S101 - the study file requires a geometry
    return path
