"""The map component: what Python sends to the browser, and what comes back from it.

The browser fetches scripts and shapes once. Each change then carries one class
letter per area, the tips (packed) and the legend: a few kilobytes a panel.
"""

from __future__ import annotations

import base64
import json
import string
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from territory.dashboard.served import package_assets
from territory.evidence.schema import DataError, Fault
from territory.pictures.scales import NOT_APPLICABLE
from territory.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from territory.dashboard.shapes import WebShapes
    from territory.pictures.mapspec import MapSpec
    from territory.pictures.reported_marks import Reported
    from territory.pictures.scales import LegendItem

MOST_PANELS = 3
# The same letters in `assets/paint.js`: a capital is its small letter with low reliability.
LETTERS = string.ascii_lowercase
# The same letters in `assets/marks.js`.
MARK_LETTERS = string.ascii_letters
ABSENT = "."
WORDS = (
    "play", "pause", "whole", "inset", "closer", "farther", "closer_long", "farther_long", "nothing",
)  # fmt: skip

# The one inline script: it finds the cached one, also where the app lives below a base path.
_LOADER = """\
export default async function (component) {
  const { draw } = await import(new URL(component.data.script, document.baseURI).href);
  return draw(component);
}
"""
_component = st.components.v2.component(
    "territory_map", html='<div class="territory-map-host"></div>', js=_LOADER
)


def class_letters(
    spec: MapSpec, shapes: WebShapes, *, members: Mapping[str, str] | None = None
) -> str:
    """Return one letter per row: the class of each, in the order the browser expects.

    Parameters
    ----------
    spec
        The map.
    shapes
        The geometry; without `members` its areas are the rows.
    members
        Row of each area (its department, its group), where rows are coarser.

    Raises
    ------
    DataError
        When the legend has more classes than there are letters.
    """
    if len(spec.legend) > len(LETTERS):
        raise DataError(Fault("legend_too_long", value=len(spec.legend), allowed=len(LETTERS)))
    letters = {item.id: LETTERS[place] for place, item in enumerate(spec.legend)}
    drawn = {
        str(unit): letters[kind].upper() if low else letters[kind]
        for unit, kind, low in zip(
            spec.rows.index, spec.rows["class_"], spec.rows["low"], strict=True
        )
    }
    absent = letters.get(NOT_APPLICABLE, ABSENT)
    return "".join(drawn.get(row, absent) for row in row_codes(shapes, members))


def row_codes(shapes: WebShapes, members: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return the codes of the rows: the areas, or the groups they belong to, ascending."""
    if members is None:
        return shapes.units
    return tuple(sorted({members[unit] for unit in shapes.units if unit in members}))


def map_data(
    specs: Sequence[MapSpec],
    shapes: WebShapes,
    *,
    members: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what the component draws of the maps themselves, as it travels.

    Raises
    ------
    DataError
        When there are no maps or more than three.
    """
    if not 1 <= len(specs) <= MOST_PANELS:
        raise DataError(Fault("panels", value=len(specs), allowed=f"1-{MOST_PANELS}"))
    lang = specs[0].lang
    rows = row_codes(shapes, members)
    legends: list[list[dict[str, Any]]] = []
    panels = [
        {
            "title": spec.subtitle if len(specs) == 1 else spec.panel,
            "note": spec.note,
            "classes": class_letters(spec, shapes, members=members),
            "legend": _place(_legend(spec), legends),
        }
        for spec in specs
    ]
    reported = specs[0].reported
    told = [_tips(spec, rows) for spec in specs]
    if reported is not None:
        told.append([reported.tips.get(unit) for unit in shapes.units])
    return {
        "script": package_assets()["map.js"].path,
        "shapes": shapes.asset.path,
        "level": shapes.level,
        "lang": lang,
        "text": {name: say(f"dashboard.map_{name}", lang) for name in WORDS},
        "alt": " ".join([*(spec.alt for spec in specs), *_reported_words(reported)]),
        "panels": panels,
        "legends": legends,
        "tips": _packed(told),
        "reported": reported and _outlines(reported, shapes),
        "rows": members and _groups(shapes, rows, members, names or {}),
    }


def map_view(  # noqa: PLR0913 - all of them by name, and most pages need few
    specs: MapSpec | Sequence[MapSpec],
    shapes: WebShapes,
    *,
    key: str,
    selected: str | None = None,
    inset: tuple[float, float, float, float] | None = None,
    inset_label: str = "",
    members: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    frames: Mapping[str, str] | None = None,
    period: str | None = None,
    height: int = 520,
    on_unit: Callable[[str], None] | None = None,
    on_period: Callable[[str], None] | None = None,
) -> None:
    """Draw one to three maps that move together.

    Parameters
    ----------
    specs
        What each panel shows. Neighbouring panels with the same legend share it.
        One map is headed by its subtitle, several by their ``panel`` and ``note``;
        the page writes title, takeaway and `blocks.picture_caption`.
    shapes
        The geometry that the browser has or fetches.
    key
        Name of this map on the page. The same key keeps the same map across
        reruns: it is repainted, never made anew.
    selected
        Code of the row that is outlined.
    inset, inset_label
        West, south, east and north of the part that one click zooms to, and its name.
    members, names
        For rows coarser than the areas: the row of each area, the name of each row.
    frames, period
        For playing in the browser: `class_letters` of every period, in order, and
        the period on screen. Only the first panel plays.
    height
        Tallest that a panel may be, in pixels.
    on_unit, on_period
        Called before the rerun with the code that was clicked, or the period at
        which playing stopped. Codes and periods that this map does not have are
        dropped: what a browser sends is not to be trusted.
    """
    panels = list(specs) if isinstance(specs, list | tuple) else [cast("MapSpec", specs)]
    data = map_data(panels, shapes, members=members, names=names)
    if inset_label:
        data["text"]["inset"] = inset_label
    view: dict[str, Any] = {
        "selected": selected,
        "inset": inset,
        "frames": frames and {"periods": list(frames), "classes": list(frames.values())},
        "period": period,
        "height": height,
    }
    _component(
        key=key,
        data=data | view,
        on_unit_change=answer(key, "unit", row_codes(shapes, members), on_unit),
        on_period_change=answer(key, "period", tuple(frames or ()), on_period),
    )


def answer(
    key: str, event: str, allowed: Sequence[str], act: Callable[[str], None] | None
) -> Callable[[], None]:
    """Return the callback for an event of the map: it passes on known values, and only those."""
    known = frozenset(allowed)

    def callback() -> None:
        value = st.session_state[key].get(event)
        if act is not None and isinstance(value, str) and value in known:
            act(value)

    return callback


def _legend(spec: MapSpec) -> list[dict[str, Any]]:
    def entry(item: LegendItem) -> dict[str, Any]:
        look = {"color": item.color, "pattern": item.pattern}
        drawn = (
            {"others": item.others, "ground": item.ground}
            if item.others or item.pattern == "dots"
            else {}
        )
        return {"id": item.id, "label": item.label, **look, **drawn}

    return [entry(item) for item in spec.legend]


def _place(legend: list[dict[str, Any]], legends: list[list[dict[str, Any]]]) -> int:
    if legend not in legends:
        legends.append(legend)
    return legends.index(legend)


def _tips(spec: MapSpec, rows: Sequence[str]) -> list[str | None]:
    # The browser has the names, and writes them in bold.
    tips = {
        str(unit): str(tip).removeprefix(str(name)).lstrip(": ·")
        for unit, name, tip in zip(
            spec.rows.index, spec.rows["name"], spec.rows["tip"], strict=True
        )
    }
    return [tips.get(row) for row in rows]


def _groups(
    shapes: WebShapes, rows: Sequence[str], members: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, Any]:
    place = {row: at for at, row in enumerate(rows)}
    return {
        "codes": list(rows),
        "names": [names.get(row, row) for row in rows],
        "member": [place.get(members.get(unit, ""), -1) for unit in shapes.units],
    }


def _reported_words(reported: Reported | None) -> list[str]:
    return [] if reported is None else [reported.title + ".", reported.sentence]


def _outlines(reported: Reported, shapes: WebShapes) -> dict[str, Any]:
    """Return the outlines as they travel: each look once, one letter per area, the keys."""
    looks = list(dict.fromkeys(reported.marks.values()))
    if len(looks) > len(MARK_LETTERS):
        raise DataError(Fault("legend_too_long", value=len(looks), allowed=len(MARK_LETTERS)))
    letter = dict(zip(looks, MARK_LETTERS, strict=False))
    drawn = (reported.marks.get(unit) for unit in shapes.units)
    return {
        "marks": "".join(letter[mark] if mark else ABSENT for mark in drawn),
        "looks": [asdict(look) for look in looks],
        "keys": [asdict(look) | {"label": label} for look, label in reported.keys],
        "title": reported.title,
        "sentence": reported.sentence,
        "caution": reported.caution,
    }


def _packed(tips: Sequence[Sequence[str | None]]) -> str:
    text = json.dumps(tips, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()
