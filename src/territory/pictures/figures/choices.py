"""One estimate under other choices: how far the answer depends on who asks it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from territory.pictures.captions import About, caption
from territory.pictures.figures import axes as parts
from territory.pictures.figures.effect_axes import (
    between,
    key,
    no_effect,
    reach,
    value_axis,
    with_interval,
)
from territory.pictures.figures.layout import Box, Pen, Picture, text_width
from territory.pictures.scales import ACCENT, MUTED, RULE, WASH
from territory.pictures.spec import require_columns
from territory.text import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERS = ("estimate", "low", "high", "p_value", "base", "refused")
_DATED = re.compile(r"\d{4}(-\d{2}){0,2}")
_DIGITS = {"rate_ratio": 2, "rate_difference": 1}
_MARK_ROW, _INDENT = 16.5, 10.0


class Mark(NamedTuple):
    """A row below the estimates: the head of a choice, or one value of it."""

    choice: str
    value: str
    text: str
    answered: bool


def specification_figure(
    sensitivity: pd.DataFrame,
    *,
    about: About,
    names: Mapping[str, str] | None = None,
    measure: str = "rate_ratio",
    size: str = "wide",
    title: str = "",
) -> Picture:
    """Draw the estimate under every combination of choices, and below it which ones they were.

    Parameters
    ----------
    sensitivity
        One row a combination: a column a choice, estimate and, where they are known,
        low, high, base (the one that is reported) and refused (why the data could not
        answer it). A choice that never varies is not shown.
    names
        Of choices and of their values, where they are not dates or windows.
    measure
        ``rate_ratio`` or ``rate_difference``.
    about, size, title
        As in `series_figure`; the height follows the number of choices.

    Raises
    ------
    DataError
        When a column is missing, or the size or measure unknown.
    """
    require_columns(sensitivity, ("estimate",), "sensitivity")
    no_effect(measure)  # refuses an unknown one
    width, height = parts.chart_size(size)
    sensitivity = _completed(sensitivity)
    known = sensitivity[sensitivity["estimate"].notna()].sort_values("estimate", kind="stable")
    known = known.reset_index(drop=True)
    marks = _marks(sensitivity, names or {}, about)
    title = title or about.say(f"choices_title_{measure.removeprefix('rate_')}")
    bare = known["low"].isna().all()
    note = caption(about, "choices_caption_bare" if bare else "choices_caption")
    height = height * 0.78 + len(marks) * _MARK_ROW
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    words = _answered(known, len(sensitivity), about, _DIGITS[measure])
    picture.alt = f"{title}. {words}"
    top = picture.paragraph(words, body, parts.LABEL, gid="share") + 6
    top += (
        key(picture, body._replace(y=body.y + top), _choices_key(known, about, _DIGITS[measure]))
        + 8
    )
    longest = max((text_width(mark.text, parts.TICK.size) for mark in marks), default=0.0)
    left = min(max(longest + _INDENT + 12, 40), width * 0.4)
    rows = Box(body.x + left, 0, body.width - left, len(marks) * _MARK_ROW)
    rows = rows._replace(y=body.y + body.height - rows.height)
    upper = Box(rows.x, body.y + top, rows.width, rows.y - body.y - top - 10)
    _draw_estimates(picture, upper, known, marks, measure=measure, about=about)
    _draw_marks(picture, rows, known, marks, left=body.x, about=about)
    return picture


def _completed(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return the table with intervals and base, which some designs do not have."""
    columns = sensitivity.columns.union(["low", "high", "base"], sort=False)
    table = sensitivity.reindex(columns=columns)
    return table.assign(base=table["base"].eq(True))


def _marks(sensitivity: pd.DataFrame, names: Mapping[str, str], about: About) -> list[Mark]:
    """Return a head for each choice that varies, and a row for each of its values."""
    rows = []
    for choice in [str(name) for name in sensitivity if name not in _NUMBERS]:
        values = sorted({str(value) for value in sensitivity[choice]})
        if len(values) < 2:
            continue
        rows.append(Mark(choice, "", names.get(choice) or _choice(choice, about), answered=True))
        for value in values:
            own = sensitivity.loc[sensitivity[choice].astype(str) == value, "estimate"]
            text = names.get(value) or _value_text(value, about)
            rows.append(Mark(choice, value, text, answered=bool(own.notna().any())))
    return rows


def _choice(name: str, about: About) -> str:
    known = f"pictures.choice_{name}" in catalogue(about.lang)
    return about.say(f"choice_{name}") if known else name


def _value_text(value: str, about: About) -> str:
    """Write a window or a period in the language; leave other values as they are."""
    first, _, last = value.partition(":")
    if not all(_DATED.fullmatch(end) for end in (first, last or first)):
        return value
    return between(first, last or first, about.lang)


def _answered(known: pd.DataFrame, total: int, about: About, digits: int) -> str:
    """Say how many combinations were answered, between what, and how many were not."""
    counts = {"n": about.number(len(known)), "total": about.number(total)}
    estimate = known["estimate"]
    ends = {
        "low": about.number(estimate.min(), digits),
        "high": about.number(estimate.max(), digits),
    }
    words = [about.say("choices_answered", **counts, **ends)] if len(known) else []
    if len(known) < total:
        counts["n"] = about.number(total - len(known))
        words.append(about.say("choices_refused", **counts))
    return " ".join(words)


def _choices_key(
    known: pd.DataFrame, about: About, digits: int
) -> list[tuple[str, dict[str, Any]]]:
    others = (about.say("choices_others"), {"color": MUTED})
    base = known[known["base"]]
    if base.empty:
        return [others]
    row = base.iloc[0]
    return [
        (about.say("choices_base", estimate=with_interval(row, about, digits)), {"color": ACCENT}),
        others,
    ]


def _draw_estimates(
    picture: Picture,
    box: Box,
    known: pd.DataFrame,
    marks: list[Mark],
    *,
    measure: str,
    about: About,
) -> None:
    axes = picture.panel(box, gid="plot")
    parts.bare(axes)
    limits = reach(pd.concat([known[n] for n in ("estimate", "low", "high")]), measure=measure)
    value_axis(axes, "y", limits, measure=measure, about=about, apart=26)
    axes.set(xlim=(-0.7, len(known) - 0.3), xticks=[])
    size = _mark_size(box, known)
    _wash_base(axes, known)
    for place, (_, row) in enumerate(known.iterrows()):
        color = ACCENT if row["base"] else MUTED
        axes.plot(
            [place] * 2, [row["low"], row["high"]], color=color, linewidth=min(1.8, size / 3),
            solid_capstyle="butt", zorder=3, gid="interval",
        )  # fmt: skip
        axes.plot(
            place, row["estimate"], "o", color=color, markersize=size, zorder=4, gid="estimate"
        )
        chosen = [mark.text for mark in marks if str(row.get(mark.choice)) == mark.value]
        tip = f"{with_interval(row, about, _DIGITS[measure])} · {', '.join(chosen)}"
        parts.hit(picture, axes, place, row["estimate"], tip)


def _draw_marks(
    picture: Picture, box: Box, known: pd.DataFrame, marks: list[Mark], *, left: float, about: About
) -> None:
    """Draw a mark where a combination made a choice; say of a value that none was answered."""
    if not marks:
        return
    axes = picture.panel(box, gid="choices")
    axes.set_axis_off()
    axes.set_zorder(-2)  # words lie over the column of the base
    axes.set(xlim=(-0.7, len(known) - 0.3), ylim=(box.height, 0))
    _wash_base(axes, known)
    size = _mark_size(box, known)
    for number, mark in enumerate(marks):
        y = (number + 0.5) * _MARK_ROW
        head = not mark.value
        pen = Pen(parts.TICK.size, MUTED, weight="bold" if head else "normal")
        x = left if head else left + _INDENT
        picture.write(mark.text, x, box.y + y - pen.line / 2, pen, gid="choice")
        if head:
            top = box.y + y - _MARK_ROW / 2
            picture.sheet.plot([left, box.x + box.width], [top, top], color=RULE, linewidth=0.8)
            continue
        if not mark.answered:
            words = about.say("choices_unanswered")
            picture.write(words, box.x, box.y + y - pen.line / 2, pen, gid="unanswered")
            continue
        own = known[known[mark.choice].astype(str) == mark.value]
        for base, color in ((False, MUTED), (True, ACCENT)):
            places = own.index[own["base"] == base]
            axes.plot(
                places, [y] * len(places), "s", color=color, markersize=size * 0.8,
                markeredgewidth=0, gid=f"mark:{mark.choice}:{mark.value}",
            )  # fmt: skip


def _mark_size(box: Box, known: pd.DataFrame) -> float:
    return float(min(7.5, box.width / max(len(known), 1) * 0.75))


def _wash_base(axes: Any, known: pd.DataFrame) -> None:
    """Lay a light column under the combination that is reported."""
    for place in known.index[known["base"]]:
        axes.axvspan(place - 0.5, place + 0.5, color=WASH, linewidth=0, zorder=0, gid="base")
