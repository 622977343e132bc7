"""What the documentation site computes while it is built: pictures, help texts, languages."""

from __future__ import annotations

import html
import os
import sys
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File
from typer.main import get_command

sys.path.insert(0, str(Path(__file__).parent))

import gallery

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_SPANISH = "es/"
_GALLERY, _COMMANDS = "gallery.md", "command_line.md"
_HERE = "<!-- made while the site is built -->"


@cache
def drawn() -> tuple[gallery.Shown, ...]:
    """Return the pictures of the gallery, drawn once a process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of third parties; mkdocs would print each of them
        return tuple(gallery.gallery())


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pictures of the gallery to the site."""
    for shown in drawn():
        place = f"pictures/gallery/{shown.kind.name}.webp"
        files.append(File.generated(config, place, content=shown.content))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Fill in what a page leaves open."""
    fill = {_GALLERY: gallery_markdown, _COMMANDS: commands_markdown}.get(page.file.src_uri)
    return markdown.replace(_HERE, fill()) if fill else markdown


def on_post_page(output: str, page: Page, **_: Any) -> str:
    """Say which language a Spanish page is in."""
    if not page.file.src_uri.startswith(_SPANISH):
        return output
    return output.replace('<html lang="en"', '<html lang="es"', 1)


def gallery_markdown() -> str:
    """Return every picture with its words, by section."""
    parts: list[str] = []
    section = ""
    for kind, alt, shape, _ in drawn():
        if kind.section != section:
            section = kind.section
            parts.append(f"## {section}")
        tall = ' class="tall"' if shape == "tall" else ""
        words = html.escape(" ".join(alt.split()), quote=True)
        parts += [
            f"### {kind.title}",
            f'<img src="pictures/gallery/{kind.name}.webp" alt="{words}"{tall} loading="lazy">',
            f"`territory {kind.made}`",
        ]
    return "\n\n".join(parts)


def commands_markdown() -> str:
    """Return the help of every command, as the command line prints it."""
    import click

    from territory.cli import app

    os.environ["TERMINAL_WIDTH"] = "88"
    group: Any = get_command(app)
    parts = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        context = click.Context(command, info_name=f"territory {name}", max_content_width=88)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context).strip()}\n```")
    return "\n\n".join(parts)
