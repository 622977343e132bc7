"""What a visitor's file does not say, as select boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from territory.dashboard import blocks, current
from territory.evidence.ingest import SETTINGS
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from territory.dashboard.upload import Upload
    from territory.evidence.ingest import Question


def ask(dropped: Upload, asked: Sequence[Question], lang: str) -> None:
    """Offer what the file does not say; a setting that was answered stays in sight."""
    file, made = current.shared().file, dropped.decisions.settings
    pairs = current.shared().pairs.index
    outcomes = list(pairs.unique("outcome"))
    institutions = list(pairs.unique("institution"))
    blocks.section(say("upload.ask", lang), say("upload.ask_note", lang))
    columns = st.columns(3)
    with columns[0]:
        _choice(dropped, "outcome", outcomes, lang,
                lambda code: file.outcome_word(code, "title", lang))  # fmt: skip
    with columns[1]:
        _choice(dropped, "institution", institutions, lang,
                lambda code: file.word(("institution", code, "title"), lang))  # fmt: skip
    with columns[2]:
        years = sorted(current.shared().population.index.unique("year"), reverse=True)
        _choice(dropped, "year", [str(year) for year in years], lang, str)
    others = {
        question.setting: question.answers
        for question in asked
        if question.setting not in ("outcome", "institution", "year")
    }
    answered = [name for name in made if name not in ("outcome", "institution", "year")]
    others |= {name: (made[name],) for name in answered if name not in others}
    for position, (setting, answers) in enumerate(sorted(others.items())):
        if position % 3 == 0:
            columns = st.columns(3)
        with columns[position % 3]:
            options = list(dict.fromkeys([*answers, *_further(setting)]))
            _choice(dropped, setting, options, lang, lambda code: _answer(code, lang))


def _further(setting: str) -> list[str]:
    """Return every answer of a setting that has a few, so that an answered one can be changed."""
    form = SETTINGS[setting]
    return form.split("|") if "[" not in form and "." not in form else []


def _answer(code: str, lang: str) -> str:
    known = (
        "zero",
        "missing",
        "point",
        "comma",
        "dmy",
        "mdy",
        "drop",
        "sum",
        "first",
        "true",
        "false",
    )
    return say(f"upload.answer_{code}", lang) if code in known else code


def _choice(
    dropped: Upload, setting: str, options: list[str], lang: str, called: Callable[[str], str]
) -> None:
    """Draw one setting as a select box."""
    key = f"own_set_{setting}"
    st.session_state[key] = dropped.decisions.settings.get(setting, "")
    st.selectbox(
        _setting_title(setting, lang),
        list(dict.fromkeys(["", *options, st.session_state[key]])),
        key=key,
        format_func=lambda code: called(code) if code else say("upload.as_file", lang),
        on_change=_settled,
        args=(dropped, setting, key),
    )


def _setting_title(setting: str, lang: str) -> str:
    if setting in ("outcome", "institution", "year"):
        return say(f"upload.{setting}", lang)
    named = ("sheet", "blank", "dash", "decimal", "date_order", "undated", "duplicates",
             "complete", "cases", "count_column")  # fmt: skip
    if setting in named:
        return say(f"upload.set_{setting}", lang)
    return say("upload.set_other", lang, role=setting.removesuffix("_column"))


def _settled(dropped: Upload, setting: str, key: str) -> None:
    dropped.settle(setting, st.session_state[key])
