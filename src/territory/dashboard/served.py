"""Files the browser asks for: each with a hash in its address, packed once, cached for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

OWN = Path(__file__).parent / "assets"
_LEAFLET = ("leaflet.js", "leaflet.css")
_MEDIA = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
# An address that holds a hash never changes its content: a year, the longest that caches honour.
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it travels.

    Parameters
    ----------
    path
        Its address below the root of the app, without a leading slash.
    body, packed
        The content, and the same content packed with gzip.
    media_type
        What the browser is told it is.
    """

    path: str
    body: bytes
    packed: bytes
    media_type: str

    @classmethod
    def of(cls, path: str, body: bytes) -> Asset:
        """Pack `body` for the address `path`; the ending says what it is."""
        return cls(path, body, gzip.compress(body, 9, mtime=0), _MEDIA[Path(path).suffix])

    def answer(self, request: Request) -> Response:
        """Return the response to a request for this file."""
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.packed, media_type=self.media_type, headers=headers)
        return Response(self.body, media_type=self.media_type, headers=headers)


def short_hash(*bodies: bytes) -> str:
    """Return ten hexadecimal digits that change with any of the contents."""
    digest = hashlib.sha256()
    for body in bodies:
        digest.update(hashlib.sha256(body).digest())
    return digest.hexdigest()[:10]


@cache
def package_assets() -> Mapping[str, Asset]:
    """Return the package's own scripts and styles, and Leaflet's, by their plain names.

    All lie in one folder named by the hash of all of them, so that the scripts
    may import each other by relative names and none of them can be stale.
    """
    from xstatic.pkg import leaflet

    files = {file.name: file.read_bytes() for file in sorted(OWN.iterdir()) if file.is_file()}
    leaflet_folder = Path(leaflet.BASE_DIR)
    files |= {f"leaflet/{name}": (leaflet_folder / name).read_bytes() for name in _LEAFLET}
    folder = f"assets/{short_hash(*files.values())}"
    return {name: Asset.of(f"{folder}/{name}", body) for name, body in files.items()}


def by_path(assets: Iterable[Asset]) -> dict[str, Asset]:
    """Return assets by their address, as the route looks them up."""
    return {asset.path: asset for asset in assets}
