"""How to cite a view: the program, what was chosen, the sources with their licences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from territory.evidence.periods import Window
from territory.text import say
from territory.wording import selection_about

if TYPE_CHECKING:
    from territory.briefing import Selection
    from territory.study import Study


def citation(study: Study, selection: Selection, address: str, *, window: str = "") -> str:
    """Return the citation of a view in words, and as BibTeX.

    Parameters
    ----------
    address
        Path and query on a dashboard that reopen the view.
    window
        What the view covers, in words; the selection's own window where nothing is said.
    """
    lang = selection.lang
    about = selection_about(study, selection)
    window = window or windows(selection)
    words = {
        "year": _released()[1],
        "version": _released()[0],
        "place": study.title(lang),
        "outcome": about.outcome,
        "window": window,
        "institution": about.institution,
        "population": about.population,
        "address": address,
    }
    sources = [
        say("brief.cite_source", lang, **{str(name): value for name, value in row.items()})
        for row in study.sources_in(lang)[["title", "publisher", "years", "licence"]].to_dict(
            "records"
        )
    ]
    parts = [
        say("brief.cite", lang, **words),
        say("brief.cite_sources", lang),
        *sources,
        bibtex(study, selection, address, window=window),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def bibtex(study: Study, selection: Selection, address: str, *, window: str) -> str:
    """Return the entry of a view for BibTeX; arguments as in `citation`."""
    about = selection_about(study, selection)
    key = re.sub(r"[^a-z0-9]+", "_", f"territory_{study.name}_{window}".lower())
    entries = {
        "author": "{The territory developers}",
        "title": f"{study.title(selection.lang)}: {about.outcome}, {window}",
        "year": _released()[1],
        "note": f"territory {_released()[0]}, {address}; {about.credit}",
    }
    lines = [f"  {name} = {{{_plain(value)}}}," for name, value in entries.items()]
    return "\n".join([f"@misc{{{key.strip('_')},", *lines, "}"])


def address(page: str, selection: Selection, *names: str) -> str:
    """Return path and query that reopen a page with these entries of a selection."""
    entries = selection.as_dict()
    kept = {name: entries[name] for name in names if name in entries}
    return f"/{page}?{urlencode(kept, safe=':')}"


def windows(selection: Selection) -> str:
    """Return the window of a selection, or both where it compares two, as a reader writes them."""
    lang = selection.lang
    if selection.show != "change":
        return Window.parse(selection.period).label(lang)
    before, after = (Window.parse(text).label(lang) for text in (selection.before, selection.after))
    return say("brief.against", lang, before=before, after=after)


def _plain(value: str) -> str:
    """Return a text without what BibTeX takes for its own, but for braces around an author."""
    return re.sub(r"([&%$#_])", r"\\\1", value)


def _released() -> tuple[str, str]:
    """Return the version of the program and its year."""
    from territory import __released__, __version__

    return __version__, __released__
