"""A small read-only data interface: the same JSON as the command line, for anybody's programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from territory import documents
from territory.briefing import Selection
from territory.dashboard import current
from territory.evidence.schema import DataError, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

_RATES = ("period", "by", "outcome", "institution", "population", "smoothed")
_COMPARE = ("before", "after", "by", "outcome", "institution", "population")


def choices(request: Request, allowed: tuple[str, ...]) -> Selection:
    """Return the selection that an address makes.

    Raises
    ------
    DataError
        When the address holds a choice that this question does not have, or a
        value that the study does not know.
    """
    given = dict(request.query_params)
    for name, value in given.items():
        if name not in allowed:
            raise unknown(f"?{name}", value, [f"?{choice}=" for choice in allowed])
    if given.pop("smoothed", "").lower() in {"1", "true", "yes"}:
        given["show"] = "smoothed_rate"
    return Selection.of(current.study(), **given)


def answered(question: Callable[[Request], Any]) -> Callable[[Request], Response]:
    """Return the endpoint of a question: its answer as JSON, or what was wrong with it."""

    def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(question(request))
        except DataError as error:
            spanish = request.headers.get("accept-language", "").startswith("es")
            text = error.render("es" if spanish else "en")
            return JSONResponse({"error": text}, status_code=400)

    return endpoint


def studies(_request: Request) -> list[dict[str, Any]]:
    """Answer ``/api/studies``."""
    return [documents.study_document(current.study())]


def rates(request: Request) -> dict[str, Any]:
    """Answer ``/api/rates?period=2011&by=municipality``."""
    return documents.rates_document(current.study(), choices(request, _RATES))


def compare(request: Request) -> dict[str, Any]:
    """Answer ``/api/compare?before=2010:2011&after=2012:2013&by=nation``."""
    return documents.comparison_document(current.study(), choices(request, _COMPARE))


def health(_request: Request) -> Response:
    """Answer ``/healthz``: the study is readable."""
    try:
        study = current.study()
    except DataError as error:
        return JSONResponse({"ok": False, "error": str(error)}, status_code=503)
    return JSONResponse({"ok": True, "study": study.name})


# These are plain functions: Starlette runs them in a thread, so that a slow answer stops no page.
ROUTES = (
    Route("/healthz", health),
    Route("/api/studies", answered(studies)),
    Route("/api/rates", answered(rates)),
    Route("/api/compare", answered(compare)),
)
