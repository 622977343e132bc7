"""Where nothing happened: the estimates of other dates, places or countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.evidence.schema import unknown
from territory.pictures.captions import About, caption
from territory.pictures.figures import axes as parts
from territory.pictures.figures.effect_axes import key, reach, value_axis, when
from territory.pictures.figures.layout import FAMILY, Box, Pen, Picture, text_width
from territory.pictures.scales import ACCENT, MUTED, PAPER
from territory.pictures.spec import require_columns
from territory.text import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_PLACEBO_COLUMNS = ("estimate", "statistic", "real")
# Dots have this diameter in points, or as much less as lets the tallest pile fit.
_LARGEST_DOT, _SMALLEST_DOT = 10.0, 3.0
# More dots than this stand in columns, and only the real one carries words.
_FEW = 60
_FAR, _NEAR = MUTED, "#C9D0D8"


def placebo_figure(
    placebo: pd.DataFrame,
    estimate: float,
    *,
    about: About,
    names: Mapping[str, str] | None = None,
    size: str = "wide",
    title: str = "",
) -> Picture:
    """Draw the estimates where nothing happened as dots, the real one among them.

    Parameters
    ----------
    placebo
        Index ``start`` (dates), ``draw`` (places) or ``unit`` (countries); estimate,
        statistic (how far from no effect, by which dots are ranked) and real. With
        error_before, as a synthetic control has it, the statistic is drawn: how many
        times further from the mix after the event than before.
    estimate
        The real estimate, for the real dot; not drawn where the statistic is.
    names
        Of the rows of the index, where they are no dates.
    about, size, title
        As in `series_figure`.

    Raises
    ------
    DataError
        When a column or the real row is missing, or the size unknown.
    """
    require_columns(placebo, _PLACEBO_COLUMNS, "placebo")
    width, height = parts.chart_size(size)
    kind = str(placebo.index.name or "draw")
    title = title or about.say(f"placebo_title_{kind}")
    dots = _dots(placebo, estimate, names or {}, about)
    note = caption(about, f"placebo_caption_{'error' if kind == 'unit' else 'ratio'}")
    # A strip is not high: dots need room above each other only where they are many.
    height -= 170 if len(dots) <= _FEW else 30
    picture, body = parts.chart_page(about, title=title, note=note, width=width, height=height)
    share = about.say(
        f"placebo_share_{kind}",
        n=about.number(dots["far"].sum()),
        total=about.number(len(dots)),
        share=percent(dots["far"].mean(), about.lang),
    )
    picture.alt = f"{title}. {share}"
    top = picture.paragraph(share, body, parts.LABEL, gid="share") + 8
    top += key(picture, body._replace(y=body.y + top), _placebo_key(kind, about)) + 6
    inner = Box(body.x, body.y + top, body.width, body.height - top)
    _draw_dots(picture, _placebo_axes(picture, inner, dots, kind, about), dots, about)
    return picture


def _dots(
    placebo: pd.DataFrame, estimate: float, names: Mapping[str, str], about: About
) -> pd.DataFrame:
    """Return of each dot where it lies, whether it is as far as the real one, and its words."""
    real = placebo["real"].astype(bool)
    if not real.any():
        raise unknown("placebo.real", "False", ["True"])
    far = placebo["statistic"].abs()
    kind = str(placebo.index.name or "draw")
    labels = [
        when(name, about.lang) if kind == "start" else names.get(str(name), str(name))
        for name in placebo.index
    ]
    if kind == "draw":
        labels = [about.say("placebo_real_draw") if own else "" for own in real]
    values = far if kind == "unit" else placebo["estimate"].where(~real, estimate)
    table = {
        "value": values.to_numpy(float),
        "far": (far >= far[real].iloc[0] * (1 - 1e-9)).to_numpy(),
        "real": real.to_numpy(),
        "name": labels,
    }
    return pd.DataFrame(table).sort_values(["real", "value"], ascending=[False, True])


def _placebo_key(kind: str, about: About) -> list[tuple[str, dict[str, Any]]]:
    return [
        (about.say(f"placebo_real_{kind}"), {"color": ACCENT}),
        (about.say("placebo_far"), {"color": _FAR}),
        (about.say("placebo_near"), {"color": _NEAR}),
    ]


def _placebo_axes(picture: Picture, box: Box, dots: pd.DataFrame, kind: str, about: About) -> Any:
    """Return axes of estimates across, and of points upwards."""
    plot = Box(box.x + 8, box.y, box.width - 16, box.height - 40)
    axes = picture.panel(plot, gid="plot")
    parts.bare(axes)
    limits = reach(dots["value"], measure="rate_ratio")
    value_axis(axes, "x", limits, measure="rate_ratio", about=about)
    axes.set(ylim=(0, plot.height), yticks=[])
    words = about.say(f"placebo_axis_{'error' if kind == 'unit' else 'ratio'}")
    middle = plot.x + plot.width / 2
    picture.write(words, middle, plot.y + plot.height + 21, parts.TICK, ha="center", gid="axis")
    return axes


def _draw_dots(picture: Picture, axes: Any, dots: pd.DataFrame, about: About) -> None:
    """Pile the dots, name the real one above its pile and, where they are few, the far ones."""
    few = len(dots) <= _FEW
    values = dots["value"].clip(*axes.get_xlim()).to_numpy()
    across = _points(axes, values, picture.dpi)
    size, room = _LARGEST_DOT, float(axes.get_ylim()[1]) - 40
    while (piles := _piled(dots, across, size, columns=not few))[1].max() * size > room:
        if size <= _SMALLEST_DOT:
            break
        size -= 0.5
    x, up = piles[0], (piles[1] + 0.6) * size
    # In points, like y: where a dot stands in its column is not its exact value.
    values = axes.transData.inverted().transform([(at * picture.dpi / 72, 0) for at in x])[:, 0]
    shades = np.select([dots["real"], dots["far"]], [ACCENT, _FAR], _NEAR)
    for gid, color in (("near", _NEAR), ("far", _FAR), ("real", ACCENT)):
        own = shades == color
        axes.plot(
            values[own], up[own], "o", color=color, markersize=size - 1, markeredgewidth=0,
            clip_on=False, zorder=4 if gid == "real" else 3, gid=gid,
        )  # fmt: skip
    for place, row in enumerate(dots.to_dict("records")):
        if row["real"] or few:
            tip = f"{row['name']}: {about.number(row['value'], 2)}"
            parts.hit(picture, axes, values[place], up[place], tip)
    _name_real(axes, values[0], dots.iloc[0], about)
    if few:
        named = dots[["name"]].assign(value=values, x=x, y=up + size * 0.6)
        _name_far(axes, named[(dots["far"] & ~dots["real"]).to_numpy()], picture.dpi)


def _points(axes: Any, values: Any, dpi: float) -> NDArray[np.float64]:
    """Return where values lie across the page, in points."""
    pixels = axes.transData.transform([(value, 0) for value in values])[:, 0]
    return np.asarray(pixels * 72 / dpi, dtype=float)


def _piled(
    dots: pd.DataFrame, across: NDArray[np.float64], size: float, *, columns: bool
) -> tuple[Any, Any]:
    """Return where each dot stands across and its level; the real one comes first.

    Few dots keep their exact place; many stand in columns, far ones below.
    """
    if columns:
        column = np.round((across - across[0]) / size)
        order = pd.DataFrame({"column": column, "near": (~dots["far"]).to_numpy()})
        level = order.sort_values("near", kind="stable").groupby("column").cumcount().sort_index()
        own = (column == 0) & (level.to_numpy() <= level[0])
        level = level.where(~own, (level + 1) % (level[0] + 1))  # the real one lies lowest
        return across[0] + column * size, level.to_numpy()
    levels: list[int] = []
    for place, x in enumerate(across):
        near = np.abs(across[:place] - x) < size
        taken = {level for level, close in zip(levels, near, strict=True) if close}
        levels.append(next(level for level in range(place + 1) if level not in taken))
    return across, np.array(levels)


def _name_real(axes: Any, value: float, real: pd.Series, about: About) -> None:
    """Write the real estimate at the top of a rule, on the side with more room."""
    text = f"{real['name']}: {about.number(real['value'], 2)}"
    left = axes.transAxes.inverted().transform(axes.transData.transform((value, 0)))[0] < 0.5
    axes.axvline(value, color=ACCENT, linewidth=1, zorder=2, gid="real-rule")
    axes.annotate(
        text, (value, axes.get_ylim()[1]), xytext=(5 if left else -5, 0),
        textcoords="offset points", ha="left" if left else "right", va="top",
        size=parts.LABEL.size, weight="bold", color=ACCENT, family=FAMILY, parse_math=False,
        zorder=6, gid="value", bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip


def _name_far(axes: Any, named: pd.DataFrame, dpi: float) -> None:
    """Write names above their dots, raised on a thin line where they would touch another."""
    pen = Pen(parts.TICK.size, MUTED)
    first, last = _points(axes, axes.get_xlim(), dpi)
    taken: list[tuple[float, float, float]] = []
    for row in named.to_dict("records"):
        half = text_width(row["name"], pen.size) / 2 + 4
        x = min(max(row["x"], first + half - 8), last - half + 8)
        spots = [row["y"] + step * pen.line for step in range(4)]
        free = [
            y
            for y in spots
            if all(abs(y - v) >= pen.line or abs(x - u) >= half + w for u, v, w in taken)
        ]
        if not free:
            continue
        taken.append((x, free[0], half))
        if free[0] > row["y"]:
            axes.plot([row["value"]] * 2, [row["y"], free[0]], color=_NEAR, linewidth=0.8, zorder=2)
        value = axes.transData.inverted().transform((x * dpi / 72, 0))[0]
        axes.annotate(
            row["name"], (value, free[0]), ha="center", va="bottom", size=pen.size,
            color=pen.color, family=FAMILY, parse_math=False, zorder=5, gid="name",
            annotation_clip=False, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5},
        )  # fmt: skip
