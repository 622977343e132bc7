"""Where a briefing comes from, and what is in its folder."""

from __future__ import annotations

import platform
import shlex
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from territory.evidence.studyfile import shipped
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.brief.parts import Brief

_LIBRARIES = (
    "geopandas", "matplotlib", "numpy", "pandas", "pypdf", "python-pptx", "reportlab",
    "scipy", "shapely", "xlsxwriter",
)  # fmt: skip
_OPTIONS = ("before", "after", "by", "outcome", "institution", "population", "lang")


def command(found: Brief) -> str:
    """Return the command that makes the briefing again."""
    study = found.study
    name = study.name if study.name in shipped() else study.file.path.name
    entries = found.selection.as_dict()
    options = [f"--{key}={entries[key]}" for key in _OPTIONS if key in entries]
    return shlex.join(["territory", "brief", name, *options, "--out=briefing"])


def record(found: Brief, files: Mapping[str, str]) -> dict[str, Any]:
    """Return sources with digests, versions, the selection, the command, and digests of files.

    Parameters
    ----------
    files
        Digest of each file of the folder, by its name.
    """
    return {
        "made_by": "territory",
        "versions": {"python": platform.python_version()} | dict(_versions()),
        "study": found.study.name,
        "selection": found.selection.as_dict(),
        "command": command(found),
        "address": found.address,
        "sources": [
            {
                "file": card.file,
                "title": card.title[found.lang],
                "publisher": card.publisher,
                "url": list(card.url),
                "licence": card.licence,
                "years": card.years,
                "sha256": card.sha256,
            }
            for card in found.study.cards
        ],
        "files": dict(files),
    }


def readme(found: Brief) -> str:
    """Return what is in the folder, how to read it, and under which terms."""
    lang = found.lang
    parts = [
        f"# {found.headline}",
        found.kicker,
        *(f"## {section.heading}\n\n{section.text}" for section in found.sections),
        f"## {say('brief.readme_files', lang)}\n\n{say('brief.readme_list', lang).strip()}",
        f"## {say('brief.readme_reading', lang)}\n\n{say('brief.readme_how', lang)}",
        f"## {say('brief.readme_terms', lang)}\n\n{found.credit}. {found.licence}",
        found.caveat,
        f"## {say('brief.readme_again', lang)}\n\n```\n{command(found)}\n```\n\n"
        + say("brief.reopen", lang, address=found.address)
        + f"\n{say('brief.reopen_how', lang, study=found.study.name)}",
    ]
    return "\n\n".join(parts) + "\n"


def _versions() -> list[tuple[str, str]]:
    found = []
    for name in ("territory", *_LIBRARIES):
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found
