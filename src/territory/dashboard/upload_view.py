"""The part of the Data page about a visitor's own file: choose, report, decide, show, leave."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import streamlit as st

from territory.adopting import Adopted
from territory.dashboard import blocks, current, upload, upload_report, upload_settings, visitor
from territory.evidence.ingest import (
    IGNORE,
    VISITOR_LIMITS,
    Ingested,
    begun,
    questions,
)
from territory.evidence.ingest.report import rows_text
from territory.evidence.schema import DataError
from territory.evidence.vocabulary import fold
from territory.evidence.writing import archive
from territory.saving import saved_name, saved_study
from territory.text import number, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.dashboard.upload import Upload
    from territory.evidence.ingest import Report
    from territory.evidence.ingest.report import Place

_MOST_PLACES = 25


def section(lang: str) -> None:
    """Write the whole part; without a file it is a heading, a sentence and a place to drop one."""
    limits = VISITOR_LIMITS
    deck = say(
        "upload.deck",
        lang,
        units=current.shared().file.word(("level", current.shared().finest, "one"), lang),
        bytes=f"{limits.file // 2**20} MB",
        cells=number(limits.cells, lang),
        columns=number(limits.columns, lang),
    )
    with st.container(key=f"own_file_{lang}"):
        blocks.section(say("upload.title", lang), deck)
        widget = f"own_file_{st.session_state.get('own_uploader', 0)}"
        st.file_uploader(
            say("upload.label", lang), key=widget, on_change=upload.take, args=(widget,)
        )
        dropped = upload.here()
        if dropped is not None:
            _report(dropped, lang)


def shared(page: str) -> bool:
    """Tell whether a page shows the shared study, whatever file a visitor has added."""
    return bool(_not_here(page))


def _not_here(page: str) -> str:
    """Return why the visitor's file has no place on a page, as a key; nothing where it has one.

    Effects are of the study's own events and series; the overview is about the whole place;
    what came before and after needs two years.
    """
    own = visitor.own()
    if page == "effects":
        return "not_here"
    if page == "overview" and own is not None and not own.adopted.whole:
        return "not_whole"
    if page in ("compare", "briefing") and own is not None and own.adopted.years < 2:
        return "one_year"
    return ""


def banner(lang: str, page: str) -> None:
    """Say above every page that this visitor sees a study of their own, and how to leave it."""
    own = visitor.own()
    if own is None:
        return
    study = current.shared()
    words = say(
        f"upload.{_not_here(page) or 'banner'}",
        lang,
        title=study.title(lang),
        name=own.name,
        n=number(own.adopted.units, lang),
        all=number(len(study.codes), lang),
        units=study.file.word(("level", study.finest, "many"), lang),
        years=own.adopted.years,
    )
    with st.container(key="own_banner", horizontal=True, vertical_alignment="center"):
        blocks.paragraph(words)
        st.button(say("upload.leave", lang), key="own_leave", on_click=upload.leave)


def _report(dropped: Upload, lang: str) -> None:
    """Write what became of the rows, what is open, and what can be done with it."""
    if dropped.problem is not None:
        blocks.fault(dropped.problem.render(lang), lang)
        if not dropped.content:
            return
    with st.spinner(say("upload.reading", lang)):
        found = dropped.read()
    blocks.section(say("upload.report", lang, name=dropped.label))
    report = dropped.report
    if report is None:
        assert isinstance(found, DataError)  # noqa: S101 - whatever is no report is an error
        blocks.fault(found.render(lang), lang)
        upload_settings.ask(dropped, questions(found), lang)
        return
    upload_report.report(report, lang)
    _places(dropped, report, lang)
    upload_settings.ask(dropped, questions(report), lang)
    if isinstance(found, Ingested):
        upload_report.preview(found, lang)
    _ways_on(dropped, found, lang)


def _places(dropped: Upload, report: Report, lang: str) -> None:
    """Offer every open place and word, and those decided, so that a decision can be changed."""
    places = report.unmatched + report.ambiguous
    made = dropped.decisions.choices
    if not (places or report.words or made or dropped.leave_out):
        return
    blocks.section(say("upload.open", lang), say("upload.open_note", lang))
    still = {("place", fold(place.text), fold(place.above)) for place in places}
    for kind, text, above in [key for key in made if key not in still]:
        _box(dropped, (kind, text, above), say("upload.decided", lang, text=text), [], lang)
    for (kind, text), rows in list(report.words.items())[:_MOST_PLACES]:
        words = say(f"upload.word_{kind}", lang, text=text, rows=rows_text(rows))
        _box(dropped, (kind, text, ""), words, [], lang)
    for place in places[:_MOST_PLACES]:
        offered = [str(entry["unit"]) for entry in place.candidates]
        _box(dropped, ("place", place.text, place.above), _asked(place, lang), offered, lang)
    if len(places) > _MOST_PLACES:
        blocks.paragraph(say("upload.open_more", lang, n=len(places) - _MOST_PLACES))
    if places or dropped.leave_out:
        st.session_state["own_leave_out"] = dropped.leave_out
        st.checkbox(
            say("upload.all_out", lang), key="own_leave_out", on_change=_left_out, args=(dropped,)
        )


def _asked(place: Place, lang: str) -> str:
    said = {
        "text": place.text or "–",
        "rows": rows_text(place.rows),
        "why": say(f"ingest.why_{place.why}", lang),
    }
    words = (
        say("upload.place", lang, above=place.above, **said)
        if place.above
        else say("upload.place_alone", lang, **said)
    )
    near = "; ".join(str(entry["name"]) for entry in place.candidates[:3])
    return f"{words}. {say('upload.near', lang, names=near)}" if near else words


def _box(
    dropped: Upload, what: tuple[str, str, str], words: str, offered: list[str], lang: str
) -> None:
    """Draw one decision as a select box: what was offered, to leave out, then everything."""
    kind, text, above = what
    digest = hashlib.sha256("\n".join((kind, fold(text), fold(above))).encode()).hexdigest()
    key = f"own_decide_{digest[:16]}"
    options, named = _options(kind, text, lang)
    st.session_state[key] = dropped.decisions.choices.get((kind, fold(text), fold(above)), "")
    st.selectbox(
        upload.plain(words),
        list(dict.fromkeys(["", *offered, *options])),
        key=key,
        format_func=named,
        on_change=_decided,
        args=(dropped, what, key),
    )


def _options(kind: str, text: str, lang: str) -> tuple[list[str], Callable[[str], str]]:
    """Return what a text may be, and how each is called."""
    study = current.shared()
    said = {"": say("upload.undecided", lang)}
    if kind in ("place", "area"):
        said[IGNORE] = say("upload.ignore", lang)
        codes = sorted(study.codes, key=lambda code: study.full_name(code).casefold())
        return [IGNORE, *codes], lambda code: said.get(code) or f"{study.full_name(code)} ({code})"
    known = list(study.pairs.index.unique(kind))
    code = "_".join(fold(text).split())
    code = code if re.fullmatch("[a-z][a-z0-9_]*", code) else "other"
    said[code] = say("upload.new", lang, code=code)
    titles = {
        "outcome": lambda code: study.file.outcome_word(code, "title", lang),
        "institution": lambda code: study.file.word(("institution", code, "title"), lang),
    }
    return [*known, code], lambda code: said.get(code) or titles[kind](code)


def _decided(dropped: Upload, what: tuple[str, str, str], key: str) -> None:
    dropped.decide(*what, st.session_state[key])


def _left_out(dropped: Upload) -> None:
    dropped.leave_out = bool(st.session_state["own_leave_out"])


def _ways_on(dropped: Upload, found: Ingested | DataError, lang: str) -> None:
    """Offer the pages, the whole study, the table, and the decisions."""
    stem = "".join(c if c.isalnum() else "_" for c in dropped.label.rpartition(".")[0]) or "file"
    own = dropped.adopted(found) if isinstance(found, Ingested) else None
    decisions = begun(
        found.report if isinstance(found, Ingested) else found, lang=lang, chosen=dropped.decisions
    )
    if isinstance(own, DataError):
        blocks.fault(own.render(lang), lang)
        blocks.caption(say("upload.failed", lang))
    with st.container(horizontal=True, key="own_ways", vertical_alignment="center"):
        if isinstance(own, Adopted):
            st.button(
                say("upload.use", lang),
                key="own_use",
                on_click=upload.use,
                type="primary",
                disabled=visitor.own() is not None,
            )
            name = saved_name(own)
            _download("study", f"{name}.zip", "application/zip", lang,
                      lambda: archive(saved_study(own, decisions=decisions), folder=name))  # fmt: skip
        if isinstance(found, Ingested):
            table = found.csv().encode("utf-8-sig")
            _download("table", f"{stem}_counts.csv", "text/csv", lang, table)
        made = f"{stem}_decisions.toml"
        _download("decisions", made, "application/toml", lang, decisions.encode())
    if isinstance(own, Adopted):
        blocks.caption(say("upload.use_note", lang), say("upload.save_note", lang))
    blocks.caption(say("upload.decisions_note", lang))


def _download(
    what: str, name: str, mime: str, lang: str, content: bytes | Callable[[], bytes]
) -> None:
    """Draw one download; what is called rather than given is made when asked for."""
    st.download_button(
        say(f"upload.download_{what}", lang),
        content,
        file_name=name,
        mime=mime,
        on_click="ignore",
        type="tertiary",
        key=f"own_download_{what}",
    )
