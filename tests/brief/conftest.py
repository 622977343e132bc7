"""One briefing of each study for all tests of a worker: making one takes seconds."""

from __future__ import annotations

from functools import cache

import pytest

from territory.brief import Brief, brief
from territory.briefing import Selection
from territory.study import Study


@cache
def made(name: str, lang: str) -> Brief:
    """Return the briefing of a study's default windows."""
    study = Study.load(name)
    return brief(study, Selection.of(study, lang=lang, show="change"))


@pytest.fixture(params=[("slv", "es"), ("chicago", "en")], ids="-".join)
def briefed(request: pytest.FixtureRequest) -> Brief:
    """Return a briefing of El Salvador in Spanish, or one of Chicago in English."""
    return made(*request.param)


@pytest.fixture
def salvadoran() -> Brief:
    """Return a briefing of El Salvador in Spanish."""
    return made("slv", "es")
