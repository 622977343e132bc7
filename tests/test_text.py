"""Both languages say the same things, and form numbers in their own way."""

from __future__ import annotations

import datetime
import math
import re
from pathlib import Path

import pandas as pd
import pytest

from territory.text import LANGUAGES, blanks, catalogue, date, listing, number, percent

SOURCE = Path(__file__).parents[1] / "src" / "territory"


def test_both_languages_have_the_same_sentences() -> None:
    """No sentence exists in one language only."""
    assert catalogue("es").keys() == catalogue("en").keys()


@pytest.mark.parametrize("key", sorted(catalogue("en")))
def test_a_sentence_has_the_same_blanks_in_both_languages(key: str) -> None:
    """What is filled in English is filled in Spanish."""
    assert blanks(catalogue("en")[key]) == blanks(catalogue("es")[key])


def test_every_sentence_that_is_said_exists() -> None:
    """Keys written out in the code are in the catalogue."""
    said = set()
    for file in SOURCE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        said |= set(re.findall(r'\bsay\(\s*"([a-z_]+\.[a-z_0-9]+)"', text))
        said |= {f"errors.{key}" for key in re.findall(r'Fault\(\s*"([a-z_0-9]+)"', text)}

    assert set() == said - catalogue("en").keys()


@pytest.mark.parametrize(
    ("value", "digits", "es", "en"),
    [
        (70.07461, 1, "70,1", "70.1"),
        (4371, 0, "4.371", "4,371"),
        (100000, 0, "100.000", "100,000"),
        (-0.4, 0, "0", "0"),
        (-12.345, 1, "−12,3", "−12.3"),
        (None, 1, "–", "–"),
        (float("nan"), 1, "–", "–"),
        (pd.NA, 0, "–", "–"),
        (math.inf, 1, "∞", "∞"),
    ],
)
def test_numbers_are_formed_by_language(value, digits, es, en) -> None:
    """Comma or point, true minus, a dash for what is missing, never minus zero."""
    assert (es, en) == (number(value, "es", digits=digits), number(value, "en", digits=digits))


def test_percentages_have_a_space_in_spanish() -> None:
    """Spanish sets a space before the sign, English none."""
    assert "−60\u00a0%" == percent(-0.597, "es")
    assert "+8%" == percent(0.08, "en", signed=True)
    assert "–" == percent(None, "es")


def test_dates_are_written_to_the_precision_that_is_known() -> None:
    """A month that is known is not given a day."""
    day = datetime.date(2012, 3, 9)

    assert "9 de marzo de 2012" == date(day, "es")
    assert "mar 2012" == date(day, "es", precision="month")
    assert "2012" == date(day, "en", precision="year")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lists_end_with_and(lang: str) -> None:
    """Words are joined as a person would."""
    joined = listing(["a", "b", "c"], lang)

    assert joined == {"es": "a, b y c", "en": "a, b and c"}[lang]
    assert listing(["a"], lang) == "a"
