"""The web application: Streamlit's pages, and beside them our files and the data interface."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from territory.dashboard import api, current, results
from territory.dashboard.contents import PAGES
from territory.dashboard.faults import show_fault
from territory.dashboard.page_shell import content_policy, page
from territory.dashboard.served import by_path, package_assets
from territory.evidence.schema import DataError
from territory.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from territory.dashboard.shapes import WebShapes

SCRIPT = Path(__file__).parent / "script" / "visit.py"


def dashboard_app(script: Path = SCRIPT, **options: Any) -> st.App:
    """Return the dashboard as an ASGI application; the options are those of `app_options`."""
    return st.App(script, **app_options(**options))


def app_options(
    *,
    shapes: Callable[[], WebShapes] = current.shapes,
    warm: Callable[[], None] = results.warm,
    base_path: str | None = None,
) -> dict[str, Any]:
    """Return what is added to Streamlit: routes, headers, preloading and the handling of faults.

    ``app.py`` writes ``st.App(...)`` out, since ``streamlit run`` looks for these words.

    Parameters
    ----------
    shapes
        Returns the geometry to serve. Called once, before the first visitor.
    warm
        Computes what the first visitor will ask for. Called once, after `shapes`.
    base_path
        Path below which the app lives; by default what Streamlit was told.
    """
    files = by_path(package_assets().values())
    geometries: list[str] = []

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncGenerator[None, None]:
        # Where the study is wrong, or cannot answer it, the page says so; the server still starts.
        with suppress(DataError):
            asset = shapes().asset
            files[asset.path] = asset
            geometries.append(asset.path)
            await anyio.to_thread.run_sync(warm)
        yield

    def asset(request: Request) -> Response:
        found = files.get(request.url.path.removeprefix(prefix).lstrip("/"))
        return found.answer(request) if found else PlainTextResponse("Not found", status_code=404)

    def first_page(request: Request) -> Response:
        lang = request.query_params.get("lang", "")
        lang = lang if lang in LANGUAGES else current.first_language()
        headers = {"Cache-Control": "no-cache"}
        return HTMLResponse(page(lang, tuple(geometries)), headers=headers)

    if base_path is None:
        base_path = str(st.get_option("server.baseUrlPath") or "")
    prefix = f"/{base_path.strip('/')}".rstrip("/")
    addresses = ("/", *(f"/{entry.path}" for entry in PAGES if entry.path))
    routes = [
        Route("/assets/{path:path}", asset),
        *api.ROUTES,
        *(Route(address, first_page) for address in addresses),
    ]
    return {
        "routes": list(_below(prefix, routes)),
        "middleware": [Middleware(SecurityHeaders)],
        "lifespan": lifespan,
        "on_script_error": show_fault,
    }


def _below(prefix: str, routes: Iterable[Route]) -> Iterable[Route]:
    # Streamlit puts its own routes below server.baseUrlPath, but not those it is given.
    return (Route(prefix + route.path, route.endpoint) for route in routes)


class SecurityHeaders:
    """Add the headers that keep the page from loading or leaking anything elsewhere.

    Plain ASGI rather than Starlette's base class: it must not touch websockets
    or buffer downloads.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        fixed = {
            "Content-Security-Policy": content_policy(),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "X-Frame-Options": "SAMEORIGIN",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        self.headers = [(key.lower().encode(), value.encode()) for key, value in fixed.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers when the answer starts."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present: list[Any] = message.get("headers", [])
                taken = {name for name, _ in self.headers}
                kept = [pair for pair in present if pair[0].lower() not in taken]
                message = {**message, "headers": [*kept, *self.headers]}
            await send(message)

        await self.app(scope, receive, send if scope["type"] != "http" else send_with_headers)
