"""The first HTML a browser gets: Streamlit's own page, with our language, style and preloads."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit

from territory.dashboard.served import package_assets

if TYPE_CHECKING:
    from collections.abc import Sequence

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def streamlit_page() -> str:
    """Return the page that the installed Streamlit serves at every address."""
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


@cache
def page(lang: str, geometries: Sequence[str] = ()) -> str:
    """Return the first page in `lang`.

    Streamlit's file stays as it is; three things are added on the way out: the
    language (screen readers need it), the stylesheet (so that nothing flashes
    unstyled and no rerun carries it) and preloads of what every map needs.
    """
    own = package_assets()
    links = [
        f'<link rel="stylesheet" href="./{own["page.css"].path}" />',
        f'<link rel="modulepreload" href="./{own["map.js"].path}" />',
        f'<link rel="icon" type="image/svg+xml" href="./{own["icon.svg"].path}" />',
        *(
            f'<link rel="preload" as="fetch" crossorigin href="./{path}" type="application/json" />'
            for path in geometries
        ),
    ]
    text = streamlit_page().replace('<html lang="en">', f'<html lang="{lang}">', 1)
    text = text.replace("<title>Streamlit</title>", "<title>territory</title>", 1)
    return text.replace("</head>", "  " + "\n    ".join(links) + "\n  </head>", 1)


@cache
def content_policy() -> str:
    """Return the Content-Security-Policy under which the dashboard works, and nothing more.

    Scripts come from this host; ``blob:`` is how Streamlit loads the few lines of
    a component. The one inline script of Streamlit's page is allowed by its hash.
    Styles are written inline by Streamlit's widgets, so they cannot be narrowed.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(streamlit_page())
    )
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' blob: {hashes}".rstrip(),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        # Older browsers do not count a websocket of this host as 'self'.
        "connect-src": "'self' ws://127.0.0.1:* ws://localhost:*",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{rule} {value}" for rule, value in rules.items())
