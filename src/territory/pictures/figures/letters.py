"""Letters inside an SVG: the part of the font that a picture uses, so that it looks alike anywhere."""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from html import unescape
from typing import Literal

from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontProperties, findfont

from territory.pictures.figures.layout import FAMILY


def font_faces(text: str) -> str:
    """Return style rules that hold the letters of each style that an SVG uses."""
    letters: dict[tuple[str, str], set[str]] = {}
    for look, words in re.findall(r'<text style="([^"]*)"[^>]*>([^<]*)</text>', text):
        style = "italic" if re.search(r"\b(?:italic|oblique)\b", look) else "normal"
        weight = "700" if re.search(r"\b(?:bold|700)\b", look) else "400"
        letters.setdefault((style, weight), set()).update(unescape(words))
    return "".join(
        f"@font-face{{font-family:'{FAMILY}';font-style:{style};font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{_subset(style, weight, ''.join(sorted(used)))})}}"
        for (style, weight), used in sorted(letters.items())
    )


@lru_cache(maxsize=32)
def _subset(style: str, weight: str, letters: str) -> str:
    slant: Literal["normal", "italic"] = "italic" if style == "italic" else "normal"
    asked = FontProperties(family=FAMILY, style=slant, weight=int(weight))
    # A fixed date makes the same letters the same bytes.
    font = TTFont(findfont(asked), recalcTimestamp=False)
    options = subset.Options(layout_features=["kern"], hinting=False, notdef_outline=True)
    options.drop_tables += ["FFTM"]
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    return base64.b64encode(buffer.getvalue()).decode()
