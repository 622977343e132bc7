"""What belongs to one visitor alone: a study with a file of their own, and what follows from it.

Everything else in the dashboard is shared by all visitors. Nothing of a visitor is ever
put into a shared cache: what is computed from their file is kept in their own session and
goes with it.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from territory.adopting import Adopted
    from territory.study import Study

P = ParamSpec("P")
R = TypeVar("R")

_SHARED_RESULTS = 256
_OWN_RESULTS = 48
_KEY = "own_study"


@dataclass(eq=False)
class OwnStudy:
    """A study that only one visitor sees.

    Parameters
    ----------
    adopted
        The shared study with the series of the visitor's file.
    name
        How the file is called on the pages.
    """

    adopted: Adopted
    name: str
    _kept: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict, repr=False)

    @property
    def study(self) -> Study:
        """What this visitor sees."""
        return self.adopted.study

    def keep(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Return what was computed for `key`; the oldest results make room."""
        if key not in self._kept:
            self._kept[key] = compute()
            if len(self._kept) > _OWN_RESULTS:
                self._kept.popitem(last=False)
        return self._kept[key]


# Set for what runs outside of a page, such as a download that is made when asked for, and for
# what shows the shared study to everybody (None).
_bound: ContextVar[tuple[OwnStudy | None] | None] = ContextVar("own_study", default=None)


def own() -> OwnStudy | None:
    """Return the study of this visitor, or None where they see the shared one."""
    if (carried := _bound.get()) is not None:
        return carried[0]
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    found = st.session_state.get(_KEY)
    return found if isinstance(found, OwnStudy) else None


def enter(found: OwnStudy) -> None:
    """Show this visitor a study of their own, on every page, until they leave it."""
    st.session_state[_KEY] = found


def leave() -> None:
    """Show this visitor the shared study again, and forget their own."""
    st.session_state.pop(_KEY, None)


def bound(function: Callable[[], R]) -> Callable[[], R]:
    """Return `function` for a later call outside of the page: it sees this visitor's study."""
    found = own()

    def call() -> R:
        token = _bound.set((found,))
        try:
            return function()
        finally:
            _bound.reset(token)

    return call


@contextmanager
def of_all(*, shared: bool) -> Iterator[None]:
    """Show the shared study inside, where `shared` says so, whatever file a visitor has added."""
    token = _bound.set((None,)) if shared else None
    try:
        yield
    finally:
        if token is not None:
            _bound.reset(token)


class Kept(Generic[P, R]):
    """A function of the shown study whose results are kept: shared ones for all, own ones apart."""

    def __init__(self, function: Callable[P, R]) -> None:
        self._function = function
        self._shared = lru_cache(maxsize=_SHARED_RESULTS)(function)
        self.__doc__ = function.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Return the result for the study that this visitor sees."""
        found = own()
        if found is None:
            return self._shared(*args, **kwargs)  # type: ignore[arg-type]
        key = (self._function, args, tuple(sorted(kwargs.items())))
        return found.keep(key, lambda: self._function(*args, **kwargs))  # type: ignore[no-any-return]

    def cache_clear(self) -> None:
        """Forget the shared results."""
        self._shared.cache_clear()
