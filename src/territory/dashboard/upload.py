"""A file that a visitor drops on the page: read, reported, decided about, and shown to them alone.

The file is kept in this visitor's session and nowhere else. What it says never reaches the
page as HTML or Markdown: blocks escape it, and labels of widgets are made plain.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from territory.adopting import adopted, called
from territory.dashboard import address, current, visitor
from territory.dashboard.visitor import OwnStudy
from territory.evidence.ingest import VISITOR_LIMITS, Decisions, Ingested, IngestError, ingest
from territory.evidence.schema import DataError, Fault
from territory.evidence.vocabulary import fold

if TYPE_CHECKING:
    from territory.adopting import Adopted
    from territory.evidence.ingest import Report

_KEY = "own_upload"
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!~:|$<>&^=\"'/@])")
# One file is opened at a time: the bound on memory is for the machine, not for each visitor.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(eq=False)
class Upload:
    """A visitor's file, what they decided about it, and what was read.

    Parameters
    ----------
    name, content
        As it was dropped.
    decisions
        Settings and choices of the visitor.
    leave_out
        Whether rows whose place is not decided are left out.
    """

    name: str
    content: bytes = field(repr=False)
    decisions: Decisions = field(default_factory=Decisions)
    leave_out: bool = False
    problem: DataError | None = None
    _read: tuple[Any, Ingested | DataError] | None = field(default=None, repr=False)
    _adopted: tuple[Ingested, Adopted | DataError] | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """How the file is called on the page."""
        return called(self.name)

    def read(self) -> Ingested | DataError:
        """Return what the file says under these decisions, or why it says nothing yet."""
        made = self.decisions
        key = (tuple(made.settings.items()), tuple(made.choices.items()), self.leave_out)
        if self._read is None or self._read[0] != key:
            self._read = (key, self._ingest())
        return self._read[1]

    @property
    def report(self) -> Report | None:
        """What became of every row, as far as the file could be read."""
        found = self.read()
        return found.report if isinstance(found, Ingested | IngestError) else None

    def adopted(self, found: Ingested) -> Adopted | DataError:
        """Return the study with what the file says, or why it cannot stand in it."""
        if self._adopted is None or self._adopted[0] is not found:
            self._adopted = (found, self._adopt(found))
        return self._adopted[1]

    def _adopt(self, found: Ingested) -> Adopted | DataError:
        try:
            return adopted(current.shared(), found, name=self.name, content=self.content)
        except DataError as error:
            return error

    def _ingest(self) -> Ingested | DataError:
        made = Decisions("", dict(self.decisions.settings), dict(self.decisions.choices))
        try:
            with _ONE_AT_A_TIME:
                return ingest(
                    self.content,
                    current.shared(),
                    decisions=made,
                    allow_unmatched=self.leave_out,
                    name=self.label,
                    limits=VISITOR_LIMITS,
                )
        except DataError as error:
            return error

    def decide(self, kind: str, text: str, above: str, value: str) -> None:
        """Keep or, where `value` is empty, forget a decision about a text of the file."""
        key = (kind, fold(text), fold(above))
        self.decisions.choices.pop(key, None)
        if value:
            self.decisions.choices[key] = value

    def settle(self, setting: str, value: str) -> None:
        """Keep or, where `value` is empty, forget a setting."""
        self.decisions.settings.pop(setting, None)
        if value:
            self.decisions.settings[setting] = value


def here() -> Upload | None:
    """Return the file that this visitor dropped, or None."""
    found = st.session_state.get(_KEY)
    return found if isinstance(found, Upload) else None


def take(widget: str) -> None:
    """Take the file that the uploader `widget` holds now; without one, forget the last."""
    dropped = st.session_state.get(widget)
    if dropped is None:
        st.session_state.pop(_KEY, None)
        return
    size = dropped.size
    if size > VISITOR_LIMITS.file:
        upload = Upload(dropped.name, b"")
        found = f"{size / 2**20:,.0f} MB"
        upload.problem = DataError(
            Fault("ingest_too_big", file=upload.label, found=found, **VISITOR_LIMITS.words())
        )
    else:
        upload = Upload(dropped.name, dropped.getvalue())
    st.session_state[_KEY] = upload


def use() -> None:
    """Show the file to this visitor on every page, as a series beside those of the study."""
    upload = here()
    if upload is None or not isinstance(found := upload.read(), Ingested):
        return
    own = upload.adopted(found)
    if isinstance(own, DataError):
        return
    visitor.enter(OwnStudy(own, upload.label))
    address.put(outcome=own.outcome, institution=own.institution, period="", before="", after="")


def leave() -> None:
    """Show the shared study again, and forget the file."""
    visitor.leave()
    st.session_state.pop(_KEY, None)
    st.session_state["own_uploader"] = st.session_state.get("own_uploader", 0) + 1
    address.put(institution="", period="", before="", after="")


def plain(text: str) -> str:
    """Return a text that Markdown, which labels of widgets are read as, leaves as it is."""
    return _MARKS.sub(r"\\\1", text)
