"""Pictures as files: png, svg and pdf that are the same every time, and SVG for a page."""

from __future__ import annotations

import io
import re
import threading
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import matplotlib as mpl

from territory.evidence.schema import DataError, Fault
from territory.pictures.figures.layout import FAMILY
from territory.pictures.figures.letters import font_faces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.pictures.figures.layout import Picture

#: Fonts of an SVG: what the reader's system has; matplotlib's own at the end.
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
# Settings that matplotlib only has globally: text stays text, fonts are embedded, ids are fixed.
_SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "territory", "pdf.fonttype": 42}
_LOCK = threading.RLock()


def save(figure: Picture, path: str | Path) -> Path:
    """Write a picture; the ending says the format. The same picture gives the same bytes.

    Parameters
    ----------
    figure
        From this package.
    path
        Ends in .png, .svg or .pdf.

    Raises
    ------
    DataError
        For another ending.
    """
    target = Path(path)
    kind = target.suffix.lower().lstrip(".")
    if kind not in _METADATA:
        allowed = ", ".join(f".{name}" for name in _METADATA)
        raise DataError(
            Fault("unknown_ending", argument="path", value=target.name, allowed=allowed)
        )
    target.write_bytes(image(figure, kind))
    return target


def image(figure: Picture, kind: str = "png") -> bytes:
    """Return a picture as the bytes of a png, svg or pdf file."""
    buffer = io.BytesIO()
    words = {
        "title": figure.heading,
        "alt": figure.alt,
        "credit": figure.credit,
        "rights": figure.rights,
    }
    metadata = {
        key: value.format(**words) or None if value else None
        for key, value in _METADATA[kind].items()
    }
    with _LOCK, mpl.rc_context(_SETTINGS):
        figure.savefig(buffer, format=kind, metadata=metadata)
    content = buffer.getvalue()
    if kind == "svg":
        return _described(_shorter(content.decode()), figure).encode()
    return content


def _described(text: str, figure: Picture) -> str:
    """Give an SVG its description for readers of screens, and the letters that it uses."""
    start = text.index("<svg")
    end = text.index(">", start)
    text = text.replace(f"'{FAMILY}'", f"'{FAMILY}', system-ui, sans-serif")
    first = f"\n <desc>{escape(figure.alt)}</desc>\n <style>{font_faces(text)}</style>"
    root = text[start:end] + f' role="img" aria-label="{escape(figure.heading)}"'
    # The title that matplotlib writes stays the first child, as browsers expect it.
    after = text.index("</title>") + len("</title>") if "</title>" in text else end + 1
    return text[:start] + root + text[end:after] + first + text[after:]


def svg(figure: Picture) -> str:
    """Return a chart as SVG for a page: as wide as its place, with words for every point.

    The text stays text, in the reader's system font; hovering a point shows its
    value. There is no XML prologue, and ids that nothing refers to are gone, so
    that several charts can stand in one page.
    """
    # Python's reader fetches nothing; the document was made a line above.
    root = ET.fromstring(_system_fonts(image(figure, "svg").decode()))  # noqa: S314
    # A style element would hold for the whole page; the title comes back with the description.
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rpartition("}")[2] in {"metadata", "style", "title"}:
                parent.remove(child)
    _tooltips(root, figure.tips)
    _drop_ids(root)
    width, height = figure.size_points
    root.attrib = {
        "viewBox": f"0 0 {width:g} {height:g}",
        "width": "100%",
        "role": "img",
        "aria-label": figure.heading,
        "style": f"max-width:{width:g}px;height:auto;display:block;stroke-linejoin:round",
    }
    for place, (tag, text) in enumerate((("title", figure.heading), ("desc", figure.alt))):
        child = ET.Element(f"{{{_SVG}}}{tag}")
        child.text = text
        root.insert(place, child)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    return re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode"))


def _tooltips(root: Any, tips: Mapping[str, str]) -> None:
    """Give each artist with a tip its words, as its first child."""
    for element in root.iter(f"{{{_SVG}}}g"):
        tip = tips.get(element.get("id", ""))
        if tip:
            title = ET.Element(f"{{{_SVG}}}title")
            title.text = tip
            element.insert(0, title)


def _drop_ids(root: Any) -> None:
    used = set(re.findall(r"#([\w.:-]+)", ET.tostring(root, encoding="unicode")))
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)


def _system_fonts(text: str) -> str:
    return re.sub(r"(font(?:-family)?: [^;\"]*?)'DejaVu Sans'[^;\"]*", rf"\g<1>{FONTS}", text)


def _shorter(text: str) -> str:
    """Keep two decimals of the coordinates of paths: a hundredth of a point."""
    return re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d{2})\d+", r"\1", path[0]), text)


_METADATA: dict[str, dict[str, str | None]] = {
    "png": {
        "Title": "{title}", "Description": "{alt}", "Source": "{credit}",
        "Copyright": "{rights}", "Software": None,
    },
    "svg": {
        "Title": "{title}", "Description": "{alt}", "Source": "{credit}", "Rights": "{rights}",
        "Date": None, "Creator": "territory",
    },
    "pdf": {
        "Title": "{title}", "Subject": "{alt}", "Keywords": "{credit} {rights}",
        "Creator": "territory", "CreationDate": None,
    },
}  # fmt: skip
