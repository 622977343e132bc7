"""A timeline: events and interventions in lanes by track or kind, and the evidence beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.pictures.figures import axes as parts
from territory.pictures.figures.layout import FAMILY, Box, Pen, Picture, wrap
from territory.pictures.figures.timeline_lanes import (
    NAMED,
    TEXT,
    Item,
    Lane,
    lanes_of,
    packed,
)
from territory.pictures.scales import ACCENT, INK, MUTED, RULE, faded
from territory.pictures.spec import require_columns
from territory.text import number, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.pictures.captions import About

_COLUMNS = ("lane", "tracks", "start", "end", "date_precision", "rank", "title")
#: Width in points: across the page, or on a phone.
WIDTHS = {"wide": 1240.0, "narrow": 360.0}
_FRESH, _STALE = "#5F6B7A", "#C5CBD2"
_ROW, _LANE_GAP, _LABELS, _EVIDENCE = 17.0, 9.0, 150.0, 70.0
_SMALL, _HEAD = Pen(11, MUTED), Pen(11.5, weight="bold")


def timeline_figure(
    items: pd.DataFrame,
    evidence: pd.DataFrame | None = None,
    *,
    about: About,
    size: str = "wide",
    title: str = "",
) -> Picture:
    """Draw events and interventions by track, on one time axis with the evidence.

    Parameters
    ----------
    items
        Columns ``lane`` (tracks like ``2;3``, a kind of event, or ``interventions``),
        ``tracks``, ``start``, ``end`` (may be missing), ``date_precision``, ``rank``,
        ``title``. Those of rank 1 and 2 are named and set the span of the axis.
    evidence
        Index ``day``; ``known`` and ``stale`` units from that day on. None or no rows:
        no such lane.
    about
        Credit, caveat, language.
    size
        ``wide``, or ``narrow``: a list for a phone, each row with its place in time.

    Returns
    -------
    picture
        As high as its rows need.

    Raises
    ------
    DataError
        When a column is missing or the size unknown.
    """
    require_columns(items, _COLUMNS, "items")
    parts.chart_size(size)
    first, last = _span(items, evidence)
    lanes = lanes_of(items, about.lang, first, last)
    title = title or say("territory.timeline", about.lang)
    keys = ["timeline_tracks"] if (items["tracks"] != "").any() else []
    keys += ["timeline_bars"] if size == "wide" else []
    note = " ".join(say(f"territory.{key}", about.lang) for key in keys)
    draw = _wide if size == "wide" else _narrow
    picture, body = draw(
        lanes, (first, last), about, title=title, note=note, more=_room(evidence, size)
    )
    if evidence is not None and len(evidence):
        _evidence(picture, body, evidence, (first, last), about)
    picture.alt = say(
        "territory.timeline_alt",
        about.lang,
        n=number(len(items), about.lang),
        first=pd.Timestamp(items["start"].min()).year if len(items) else "–",
        last=pd.Timestamp(items["start"].max()).year if len(items) else "–",
    )
    return picture


def _room(evidence: pd.DataFrame | None, size: str) -> float:
    """Return the height of the lane of evidence, its words and its years."""
    if evidence is None or evidence.empty:
        return 0.0
    return _EVIDENCE + (36 if size == "wide" else 92)


def _span(items: pd.DataFrame, evidence: pd.DataFrame | None) -> tuple[float, float]:
    """Return the first day of the first year and the last day of the last one."""
    told = items[items["rank"] <= NAMED]
    days = [*told["start"].dropna(), *told["end"].dropna()]
    days += [] if evidence is None else list(evidence.index)
    days = days or [pd.Timestamp("2000-01-01")]
    first, last = min(days), max(days)
    return parts.days(first.year)[0], parts.days(last.year)[1]


def _wide(
    lanes: Sequence[Lane],
    span: tuple[float, float],
    about: About,
    *,
    title: str,
    note: str,
    more: float,
) -> tuple[Picture, Box]:
    """Draw lanes across the page; return the box that is left beneath them."""
    width = WIDTHS["wide"]
    wide = width - 8 - _LABELS
    scale = wide / (span[1] - span[0])
    rows_of = [packed(lane.items, span[0], scale, wide) for lane in lanes]
    titles = [wrap(lane.title, _LABELS - 12, _HEAD) for lane in lanes]
    tops = [
        max(len(rows) * _ROW, len(lines) * _HEAD.line)
        for rows, lines in zip(rows_of, titles, strict=True)
    ]
    tall = sum(high + _LANE_GAP for high in tops)
    height = tall + more + 24 + 70
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    plot = Box(body.x + _LABELS, body.y, wide, tall + 4)
    axes = _axes(picture, plot, span, foot=not more)
    y = 4.0
    for rows, lines, high in zip(rows_of, titles, tops, strict=True):
        for place, line in enumerate(lines):
            picture.write(line, body.x, body.y + y + place * _HEAD.line, _HEAD, gid="lane")
        for place, row in enumerate(rows):
            for item, left in row:
                _mark(picture, axes, item, y + (place + 0.5) * _ROW, plot, left=left)
        y += high + _LANE_GAP
        axes.axhline(y - _LANE_GAP / 2, color=RULE, linewidth=0.8, zorder=0)
    return picture, Box(plot.x, plot.y + plot.height, wide, more)


def _axes(picture: Picture, box: Box, span: tuple[float, float], *, foot: bool) -> Any:
    """Return axes in days across and points down, with a faint rule at each year."""
    axes = picture.panel(box, gid="plot")
    axes.set(xlim=span, ylim=(box.height, 0), yticks=[])
    parts.bare(axes)
    axes.grid(visible=False)
    years = _years(span)
    for year in years:
        axes.axvline(parts.days(year)[0], color=RULE, linewidth=0.8, zorder=0)
    if foot:
        parts.year_ticks(axes, pd.Index(years), room=box.width)
    else:
        axes.set_xticks([])
    return axes


def _years(span: tuple[float, float]) -> list[int]:
    first, last = (pd.Timestamp(day, unit="D").year for day in span)
    return list(range(first, last + 1))


def _mark(picture: Picture, axes: Any, item: Item, y: float, plot: Box, *, left: bool) -> None:
    gid = f"item-{len(picture.tips)}"
    picture.tips[gid] = item.tip
    color = ACCENT if item.named else MUTED
    if item.last > item.first:
        axes.plot(
            [item.first, item.last], [y, y], color=faded(color, 0.25), linewidth=6,
            solid_capstyle="butt", gid=gid, zorder=2,
        )  # fmt: skip
    else:
        axes.plot(
            [item.first], [y], "o", color=color, markersize=6 if item.named else 4, gid=gid,
            zorder=3, clip_on=False,
        )  # fmt: skip
    if not item.named:
        return
    start, end = axes.get_xlim()
    point = (end - start) / plot.width
    axes.text(
        item.first - 8 * point if left else item.last + 8 * point, y, item.text,
        size=TEXT.size, color=INK, family=FAMILY, va="center_baseline",
        ha="right" if left else "left", parse_math=False, gid="event", zorder=4,
    )  # fmt: skip


def _narrow(
    lanes: Sequence[Lane],
    span: tuple[float, float],
    about: About,
    *,
    title: str,
    note: str,
    more: float,
) -> tuple[Picture, Box]:
    """List what is named, lane by lane, each with its date; return what is left beneath."""
    width = WIDTHS["narrow"]
    inner, dates = width - 8, 96.0
    rows: list[tuple[str, Item | None, list[str]]] = []
    for lane in lanes:
        told = [item for item in lane.items if item.named]
        rows += [(lane.title, None, [lane.title])] if told else []
        rows += [("", item, wrap(item.text, inner - dates, TEXT)) for item in told]
    tall = sum(
        max(len(lines), len(_when(item, dates))) * TEXT.line + (4 if item else 10)
        for _, item, lines in rows
    )
    height = tall + more + 24 + 100
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    y = body.y
    for heading, item, lines in rows:
        if item is None:
            y += 6
            picture.write(heading, body.x, y, _HEAD, gid="lane")
            y += _HEAD.line + 4
            continue
        when = _when(item, dates)
        for place, line in enumerate(when):
            picture.write(line, body.x, y + place * TEXT.line, _SMALL, gid="when")
        for place, line in enumerate(lines):
            picture.write(line, body.x + dates, y + place * TEXT.line, TEXT, gid="event")
        y += max(len(lines), len(when)) * TEXT.line + 4
    return picture, Box(body.x, y + 6, inner, more)


def _when(item: Item | None, width: float) -> list[str]:
    if item is None:
        return []
    lines = wrap(item.when, width - 6, _SMALL)
    # Where two dates do not fit beside each other they may part at their dash.
    return lines if len(lines) == 1 else wrap(item.when.replace("–", "– "), width - 6, _SMALL)


def _evidence(
    picture: Picture,
    box: Box,
    evidence: pd.DataFrame,
    span: tuple[float, float],
    about: About,
) -> None:
    """Draw how many units have a status, and on how old reports, as steps over time."""
    beside = box.x > _LABELS
    y = _evidence_words(picture, box, about.lang, beside=beside)
    top = box.y + 10 if beside else y + 12
    plot = Box(box.x, top, box.width, _EVIDENCE)
    axes = picture.panel(plot, gid="evidence")
    days = np.array([parts.day_number(day) for day in [*evidence.index]] + [span[1]])
    in_force = evidence["known"] - evidence["stale"]
    known, fresh = (np.append(one, one.iloc[-1]) for one in (evidence["known"], in_force))
    axes.set(xlim=span, ylim=(0, max(int(known.max()) * 1.3, 1)), yticks=[])
    parts.bare(axes)
    axes.grid(visible=False)
    axes.fill_between(days, known, step="post", color=_STALE, linewidth=0, gid="known")
    axes.fill_between(days, fresh, step="post", color=_FRESH, linewidth=0, gid="fresh")
    most = int(known.argmax())
    axes.text(
        days[most], known[most] * 1.05, f"{number(known[most], about.lang)} {about.units}",
        size=_SMALL.size, color=MUTED, family=FAMILY, va="bottom", parse_math=False, gid="most",
        ha="left" if days[most] < sum(span) / 2 else "right",
    )  # fmt: skip
    for year in _years(span):
        axes.axvline(parts.days(year)[0], color=RULE, linewidth=0.8, zorder=0)
    parts.year_ticks(axes, pd.Index(_years(span)), room=plot.width)


def _evidence_words(picture: Picture, box: Box, lang: str, *, beside: bool) -> float:
    """Name the lane and its two colours; return where the words end."""
    heading = say("territory.evidence_lane", lang)
    x, y = (4.0, box.y + 12) if beside else (box.x, box.y)
    room = _LABELS - 12 if beside else box.width
    for line in wrap(heading, room, _HEAD):
        picture.write(line, x, y, _HEAD, gid="lane")
        y += _HEAD.line
    for name, color in (("evidence_fresh", _FRESH), ("evidence_stale", _STALE)):
        picture.sheet.plot(
            [x, x + 12], [y + 8, y + 8], color=color, linewidth=7, solid_capstyle="butt"
        )
        picture.write(say(f"territory.{name}", lang), x + 17, y, _SMALL, gid="key")
        y += _SMALL.line
    return y
