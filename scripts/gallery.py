"""Draw every kind of picture for the documentation: `python scripts/gallery.py FOLDER`."""

from __future__ import annotations

import io
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from territory import Study, charting, drawing, reporting
from territory.briefing import Selection
from territory.pictures.figures import image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from territory.effecting import StudyEffect as Effect
    from territory.pictures.figures import Picture

# Wide enough for a screen; the program itself writes print resolution.
WIDEST = 1400


class Kind(NamedTuple):
    """One kind of picture.

    Parameters
    ----------
    section, name, title
        Where it stands, the name of its file, and what it is.
    made
        The command that makes it, after ``territory``.
    draw
        Draws it for El Salvador.
    """

    section: str
    name: str
    title: str
    made: str
    draw: Callable[[Study], Picture]


class Shown(NamedTuple):
    """A picture that was drawn: its kind, its words, whether it is tall or wide, its WebP."""

    kind: Kind
    alt: str
    shape: str
    content: bytes


def _map(size: str = "slide", **given: str) -> Callable[[Study], Picture]:
    def draw(study: Study) -> Picture:
        chosen = Selection.of(study, **given)
        return drawing.still(drawing.specs(study, chosen), study, by=chosen.by, size=size)

    return draw


def _multiples(across: str, size: str, **given: str) -> Callable[[Study], Picture]:
    def draw(study: Study) -> Picture:
        chosen = Selection.of(study, **given)
        return drawing.small_multiples(study, chosen, across=across, size=size)

    return draw


def _chart(name: str, **given: str) -> Callable[[Study], Picture]:
    return lambda study: getattr(charting, name)(study, Selection.of(study, **given))


@cache
def _found(study: Study, event: str, design: str) -> Effect:
    return study.effects(event, design=design)


def _effect(name: str, event: str, design: str) -> Callable[[Study], Picture]:
    return lambda study: _found(study, event, design).figure("en", name=name)


def _timeline(study: Study) -> Picture:
    return reporting.timeline_figure(study, Selection.of(study, lang="en"))


_MAPS, _CHARTS, _EFFECTS = "Still maps", "Charts", "Effects of an event"
_TRUCE = {"before": "2010:2011", "after": "2012:2013"}
_WINDOWS = "--before 2010:2011 --after 2012:2013"
KINDS = (
    Kind(_MAPS, "rate_slide", "Rate, slide 16:9",
         "map slv --show rate --period 2011 --out rate.png",
         _map(lang="en", show="rate", period="2011")),
    Kind(_MAPS, "rate_reported", "Rate with outlines of reported territory",
         "map slv --show rate --period 2018 --reported --out rate.png",
         _map(lang="en", show="rate", period="2018", reported="yes")),
    Kind(_MAPS, "smoothed_a4", "Smoothed rate, A4 upright, in Spanish",
         "map slv --show smoothed_rate --period 2015 --lang es --size a4 --out smoothed.pdf",
         _map(size="a4", lang="es", show="smoothed_rate", period="2015")),
    Kind(_MAPS, "count_a4_landscape", "Cases, A4 across",
         "map slv --show count --period 2015 --size a4-landscape --out count.pdf",
         _map(size="a4-landscape", lang="en", show="count", period="2015")),
    Kind(_MAPS, "department_square", "Rate by department, square, in Spanish",
         "map slv --by department --period 2013 --lang es --size square --out square.png",
         _map(size="square", lang="es", show="rate", period="2013", by="department")),
    Kind(_MAPS, "change_slide", "Before, after, change",
         f"map slv --show change {_WINDOWS} --out change.png",
         _map(lang="en", show="change", **_TRUCE)),
    Kind(_MAPS, "years_slide", "Small maps by year",
         "map slv --show rate --period 2008:2018 --multiples year --out years.png",
         _multiples("year", "slide", lang="en", show="rate", period="2008:2018")),
    Kind(_MAPS, "departments_a4", "Small maps by department, A4 upright, in Spanish",
         "map slv --period 2011 --multiples department --lang es --size a4 --out departments.pdf",
         _multiples("department", "a4", lang="es", show="rate", period="2011")),
    Kind(_MAPS, "holders_slide", "Reported territory on a day",
         "map slv --show holders --on 2018-08-15 --out holders.png",
         _map(lang="en", show="holders", on="2018-08-15")),
    Kind(_CHARTS, "series", "The whole place over time",
         "chart slv --show series --out series.svg", _chart("national_figure", lang="en")),
    Kind(_CHARTS, "place", "One place beside its surroundings and places like it, in Spanish",
         "chart slv --show place --place 0614 --lang es --out place.svg",
         _chart("place_figure", lang="es", place="0614")),
    Kind(_CHARTS, "dumbbell", "Rates before and after, the surest changes",
         f"chart slv --show dumbbell {_WINDOWS} --out dumbbell.svg",
         _chart("dumbbell_figure", lang="en", show="change", **_TRUCE)),
    Kind(_CHARTS, "forest", "Ratios with intervals",
         f"chart slv --show forest {_WINDOWS} --out forest.svg",
         _chart("forest_figure", lang="en", **_TRUCE)),
    Kind(_CHARTS, "timeline", "Events, initiatives and evidence on one axis",
         "chart slv --show timeline --out timeline.svg", _timeline),
    Kind(_EFFECTS, "counterfactual", "Counted, and expected without the event",
         "chart slv --show counterfactual --event truce --design its --out expected.svg",
         _effect("counterfactual", "truce", "its")),
    Kind(_EFFECTS, "averted", "Cases fewer, by what is assumed",
         "chart slv --show averted --event truce --design its --out averted.svg",
         _effect("averted", "truce", "its")),
    Kind(_EFFECTS, "placebo", "The same design where nothing happened",
         "chart slv --show placebo --event truce --design its --out placebo.svg",
         _effect("placebo", "truce", "its")),
    Kind(_EFFECTS, "specification", "The same estimate under other choices",
         "chart slv --show specification --event truce --design its --out choices.svg",
         _effect("specification", "truce", "its")),
    Kind(_EFFECTS, "event_study", "Treated places before and after their start",
         "chart slv --show event_study --event free_municipalities --out study.svg",
         _effect("event_study", "free_municipalities", "panel")),
    Kind(_EFFECTS, "synthetic", "A country against a mix of others",
         "chart slv --show counterfactual --event truce --design synthetic --out mix.svg",
         _effect("counterfactual", "truce", "synthetic")),
    Kind(_EFFECTS, "strip", "Each country in the place of the one studied",
         "chart slv --show placebo --event truce --design synthetic --out strip.svg",
         _effect("placebo", "truce", "synthetic")),
)  # fmt: skip


def gallery() -> Iterator[Shown]:
    """Draw each kind of picture in turn."""
    study = Study.load("slv")
    for kind in KINDS:
        figure = kind.draw(study)
        width, height = figure.size_points
        shape = "tall" if height > width else "wide"
        yield Shown(kind, figure.alt or figure.heading, shape, _webp(image(figure, "png")))


def _webp(png: bytes) -> bytes:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.thumbnail((WIDEST, WIDEST * 2), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def main(folder: Path) -> None:
    """Write the pictures, and their alternative texts beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for shown in gallery():
        file = folder / f"{shown.kind.name}.webp"
        file.write_bytes(shown.content)
        file.with_suffix(".txt").write_text(shown.alt + "\n", encoding="utf-8")
        print(f"{file}  {len(shown.content):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
