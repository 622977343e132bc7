"""Pictures of effects: true lengths, honest gaps, every number beside what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from territory.evidence.schema import DataError
from territory.pictures.figures import (
    averted_figure,
    counterfactual_figure,
    event_study_figure,
    placebo_figure,
    specification_figure,
    svg,
)
from territory.pictures.figures.axes import CHART_SIZES, days
from territory.pictures.figures.effect_axes import between, even_ticks, ratio_ticks

from .conftest import words
from .test_maps import artists, texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.pictures.captions import About
    from territory.pictures.figures import Picture

SVG = "{http://www.w3.org/2000/svg}"
EVENT = {"event_label": "Tregua", "start": "2012-03", "end": "2012-11"}


@pytest.fixture
def series() -> pd.DataFrame:
    """Return two years, three months of which only the sum is known, and a gap before the last."""
    spans = [("2010-01", "2010-12"), ("2011-01", "2011-12"), ("2012-03", "2012-03"),
             ("2012-04", "2012-06"), ("2012-07", "2012-07"), ("2012-12", "2012-12")]  # fmt: skip
    first, last = (pd.PeriodIndex(ends, freq="M") for ends in zip(*spans, strict=True))
    years = np.array([b.end_time.dayofyear - a.start_time.dayofyear + 1 for a, b in zip(first, last, strict=True)]) / 366  # fmt: skip
    table = pd.DataFrame({"first": first, "last": last, "phase": "before"})
    table["observed"] = np.array([60.0, 70, 40, 35, 30, 45]) * 60 * years
    table["expected"] = 65.0 * 60 * years
    table["low"], table["high"] = table["expected"] * 0.8, table["expected"] * 1.25
    table["person_years"] = 6_000_000 * years
    return table.rename_axis("span")


@pytest.fixture
def mix() -> pd.DataFrame:
    """Return rates of six years against a mix of other countries, banded in the last two."""
    return pd.DataFrame(
        {
            "observed": [60.0, 65, 63, 70, 42, 41],
            "expected": [61.0, 64, 64, 68, 65, 63],
            "low": [None, None, None, None, 55.0, 53],
            "high": [None, None, None, None, 75.0, 73],
            "phase": ["before"] * 4 + ["during"] * 2,
        },
        index=pd.Index(range(2008, 2014), name="period"),
    ).astype({"low": float, "high": float})


@pytest.fixture
def terms() -> pd.DataFrame:
    """Return the terms of a panel: all, a partly treated first year, two more, one cohort."""
    names = ["all", "since_0_partial", "since_1", "since_2", "first_2015"]
    estimate = np.array([0.7, 0.86, 0.78, 0.6, 0.7])
    table = pd.DataFrame({"estimate": estimate, "low": estimate * 0.8, "high": estimate * 1.2})
    return table.assign(observed=70.0, expected=100.0).set_axis(pd.Index(names, name="term"))


@pytest.fixture
def leads() -> pd.DataFrame:
    """Return two years before."""
    table = pd.DataFrame({"estimate": [0.9, 1.02], "low": [0.8, 0.9], "high": [1.0, 1.2]})
    return table.set_axis(pd.Index([-2, -1], name="since"))


@pytest.fixture
def dates() -> pd.DataFrame:
    """Return five dates, one of them real and one further from no effect."""
    return pd.DataFrame(
        {
            "estimate": [0.9, 0.4, 0.42, 0.3, 1.5],
            "statistic": [-0.5, -7.8, -8.2, -2.0, 1.1],
            "real": [False, True, False, False, False],
        },
        index=pd.PeriodIndex(
            ["2011-01", "2012-03", "2012-04", "2013-01", "2014-01"], freq="M", name="start"
        ),
    )


@pytest.fixture
def draws() -> pd.DataFrame:
    """Return five hundred draws of places, the first of them real."""
    logs = np.random.default_rng(1).normal(0, 0.2, 500)
    table = pd.DataFrame({"estimate": np.exp(logs), "statistic": logs / 0.1, "real": False})
    table.loc[0] = [0.7, np.log(0.7) / 0.1, True]
    return table.rename_axis("draw")


@pytest.fixture
def sensitivity() -> pd.DataFrame:
    """Return four combinations, one of them reported and one refused."""
    return pd.DataFrame(
        {
            "institution": ["iml", "iml", "iml", "pnc"],
            "window": ["2008:2014", "2010:2014", "2008:2014", "2008:2014"],
            "start": ["2012-03", "2012-03", "2012-04", "2012-03"],
            "population": "census",
            "estimate": [0.4, 0.35, 0.5, np.nan],
            "low": [0.3, 0.25, 0.4, np.nan],
            "high": [0.5, 0.5, 0.7, np.nan],
            "p_value": [0.01, 0.01, 0.02, np.nan],
            "base": [True, False, False, False],
            "refused": ["", "", "", "May lies inside a span."],
        }
    )


@pytest.fixture
def averted() -> pd.DataFrame:
    """Return one number that holds, one that may be none, one in excess, one without interval."""
    return pd.DataFrame(
        {
            "expected": [9290.0, 5838.0, 5270.0, 8462.0],
            "observed": 5770.0,
            "averted": [3520.0, 68.0, -500.0, 2692.0],
            "low": [1777.0, -614.0, -900.0, np.nan],
            "high": [5664.0, 1519.0, -100.0, np.nan],
        },
        index=pd.Index(["level", "trend", "last_year", "synthetic"], name="counterfactual"),
    )


@pytest.fixture
def draw(series, mix, terms, leads, dates, draws, sensitivity, averted) -> Callable[..., list]:
    """Return all pictures at one size in one language."""

    def pictures(about: About, size: str) -> list[Picture]:
        same = {"about": about, "size": size}
        return [
            counterfactual_figure(series, **EVENT, **same),
            counterfactual_figure(mix, event_label="Tregua", start=2012, **same),
            event_study_figure(terms, leads=leads, **same),
            placebo_figure(dates, 0.4, **same),
            placebo_figure(draws, 0.7, **same),
            specification_figure(sensitivity, **same),
            averted_figure(averted, **same),
        ]

    return pictures


@pytest.mark.parametrize("size", CHART_SIZES)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_picture_says_its_sources_and_what_it_shows(draw, size: str, lang: str) -> None:
    """Credit, caveat, title, words for who cannot see it, tips; nothing runs off the page."""
    for figure in draw(words(lang), size):
        small = " ".join(text.get_text() for text in artists(figure, "caption"))
        assert "Datos inventados" in small
        assert "Nada de esto ocurrió." in small
        assert figure.heading in figure.alt
        assert figure.tips
        assert "{" not in "".join([*texts(figure), figure.alt, *figure.tips.values()])
        for text in figure.findobj(lambda artist: hasattr(artist, "get_fontsize")):
            box = text.get_window_extent()
            outside = not text.get_text() or not text.get_visible() or not box.width
            assert outside or (box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1), text


@pytest.mark.parametrize("size", CHART_SIZES)
def test_words_of_one_picture_do_not_touch(draw, size: str) -> None:
    """Titles, keys, names and values stand apart."""
    named = {"title", "share", "key", "side", "axis", "name", "difference", "value", "caption"}
    for figure in draw(words(), size):
        found = [t for t in figure.findobj(lambda a: a.get_gid() in named) if t.get_text()]
        boxes = [text.get_tightbbox() for text in found]
        for place, box in enumerate(boxes):
            touched = [found[n].get_text() for n in range(place) if box.overlaps(boxes[n])]
            assert not touched, (found[place].get_text(), touched)


def test_the_page_form_is_light(draw) -> None:
    """At most 60 kB, with a title and a description."""
    for figure in draw(words(), "wide"):
        text = svg(figure)
        root = ET.fromstring(text)  # noqa: S314 - our own text
        assert len(text.encode()) < 60_000
        assert [root[0].text, root[1].text] == [figure.heading, figure.alt]
        tips = [title.text for title in root.iter(f"{SVG}title")][1:]
        assert sorted(tips) == sorted(figure.tips.values())


def test_a_picture_without_credit_is_not_drawn(series: pd.DataFrame) -> None:
    """There are no words to draw it with."""
    with pytest.raises(DataError, match="credit"):
        counterfactual_figure(series, about=words(credit=" "), **EVENT)


def test_a_span_is_as_long_as_its_months(series: pd.DataFrame) -> None:
    """Three months of one sum are one line of three months, at their common rate."""
    figure = counterfactual_figure(series, about=words(), **EVENT)
    lines = [path.vertices for path in artists(figure, "spans")[0].get_paths()]
    assert len(lines) == 6
    assert lines[3][:, 0] == pytest.approx([days("2012-04")[0], days("2012-06")[1]])
    assert lines[3][:, 1] == pytest.approx([35, 35])


def test_unobserved_months_stay_empty(series: pd.DataFrame) -> None:
    """Neither line nor band crosses two gaps; a span without a count has no line."""
    series.loc[4, "observed"] = np.nan
    figure = counterfactual_figure(series, about=words(), **EVENT)
    for gid in ("observed", "expected"):
        x = artists(figure, gid)[0].get_xdata()
        assert np.isnan(x).sum() == 2  # January and February, August to November
    assert len(artists(figure, "spans")[0].get_paths()) == 5
    band = artists(figure, "interval")[0].get_paths()
    august = (days("2012-08")[0] + days("2012-11")[1]) / 2
    assert not any(p.get_extents().x0 < august < p.get_extents().x1 for p in band)


def test_the_band_begins_with_the_event(series: pd.DataFrame, mix: pd.DataFrame) -> None:
    """Before it, what was expected is only the fit."""
    for path, event in ((series, EVENT), (mix, {"event_label": "Tregua", "start": 2012})):
        figure = counterfactual_figure(path, about=words(), **event)
        edges = [part.get_extents().x0 for part in artists(figure, "interval")[0].get_paths()]
        assert min(edges) == pytest.approx(days(event["start"])[0])
        wash = artists(figure, "event-span")[0].get_window_extent()
        assert wash.width > 0


def test_counts_can_be_drawn_a_day(series: pd.DataFrame, mix: pd.DataFrame) -> None:
    """Thirty days of April to June; rates have no counts to divide."""
    figure = counterfactual_figure(series, about=words("en"), quantity="day", **EVENT)
    lines = [path.vertices for path in artists(figure, "spans")[0].get_paths()]
    assert lines[3][0, 1] == pytest.approx(series["observed"][3] / 91)
    assert "Homicides a day" in figure.heading
    assert any(" a day" in tip and "Apr–Jun 2012" in tip for tip in figure.tips.values())
    with pytest.raises(DataError, match="quantity"):
        counterfactual_figure(mix, about=words(), event_label="", start=2012, quantity="day")


def test_both_designs_name_their_counterfactual(series: pd.DataFrame, mix: pd.DataFrame) -> None:
    """The course before; the mix of other countries, whose band is no confidence interval."""
    first = counterfactual_figure(series, about=words("en"), **EVENT)
    second = counterfactual_figure(mix, about=words("en"), event_label="Truce", start=2012)
    third = counterfactual_figure(
        series.drop(columns=["first", "last"]).set_axis(range(2010, 2016)),
        about=words("en"), event_label="Plan", start=2013,
    )  # fmt: skip
    found = [" ".join(texts(figure)).replace("\n", " ") for figure in (first, second, third)]
    assert "expected from the course before" in found[0]
    assert "mix of other countries" in found[1]
    assert "not a confidence interval" in found[1]
    assert "Truce, from 2012" in found[1]
    assert "expected from untreated places" in found[2]
    assert "41.5 on average, against 64.0 expected" in second.alt


def test_leads_stand_left_and_say_what_they_should_be(
    terms: pd.DataFrame, leads: pd.DataFrame
) -> None:
    """Two grey years before, three after, the partly treated one hollow; other rows left out."""
    figure = event_study_figure(terms, leads=leads, about=words())
    dots = artists(figure, "estimate")
    assert [float(dot.get_xdata()[0]) for dot in dots] == [-2, -1, 0, 1, 2]
    assert len({dot.get_color() for dot in dots[:2]} & {dot.get_color() for dot in dots[2:]}) == 0
    assert [d.get_markerfacecolor() == d.get_color() for d in dots] == [True, True, False, True, True]  # fmt: skip
    assert "antes: debería ser 1" in texts(figure)
    axes = next(axes for axes in figure.axes if axes.get_gid() == "plot")
    assert axes.get_yscale() == "log"
    assert "Punto hueco" in " ".join(texts(figure))
    assert "año −2: 0,90 (0,80–1,00)" in figure.alt


def test_two_first_years_stand_side_by_side(terms: pd.DataFrame) -> None:
    """Cohorts of which some were treated for most of their first year, some for little of it."""
    both = pd.concat([terms, terms.loc[["since_1"]].set_axis(["since_0"])])
    figure = event_study_figure(both, about=words())
    assert [float(dot.get_xdata()[0]) for dot in artists(figure, "estimate")] == [-0.2, 0.2, 1, 2]
    assert not artists(figure, "before")


def test_far_dots_are_those_that_the_share_counts(dates: pd.DataFrame) -> None:
    """By statistic, not by size: 0.30 with little behind it is nearer than 0.42."""
    figure = placebo_figure(dates, 0.4, about=words("en"))
    far, near, real = (artists(figure, gid)[0].get_xdata() for gid in ("far", "near", "real"))
    assert far == pytest.approx([0.42])
    assert near == pytest.approx([0.3, 0.9, 1.5])
    assert real == pytest.approx([0.4])
    assert "Of 5 dates, 2 (40%)" in figure.alt
    assert "Apr 2012" in texts(figure)
    assert "Mar 2012: 0.40" in texts(figure)


def test_many_dots_stand_in_columns_and_all_are_there(draws: pd.DataFrame) -> None:
    """Five hundred, none on another, the real one lowest in its own."""
    figure = placebo_figure(draws, 0.7, about=words())
    parts = [artists(figure, gid)[0] for gid in ("far", "near", "real")]
    places = {
        (round(float(np.log(x)), 4), float(y))
        for dots in parts
        for x, y in zip(*dots.get_data(), strict=True)
    }
    assert len(places) == 500
    assert parts[2].get_ydata()[0] == min(y for _, y in places)
    assert list(figure.tips.values()) == ["los lugares tratados: 0,70"]


def test_a_synthetic_control_is_ranked_by_its_errors() -> None:
    """What is drawn is the departure after over before; names come from the page."""
    table = pd.DataFrame(
        {
            "estimate": [5.0, -22.0, 0.5],
            "error_before": [0.3, 5.5, 1.0],
            "statistic": [17.0, 4.0, 0.6],
            "real": [False, True, False],
        },
        index=pd.Index(["BBB", "AAA", "CCC"], name="unit"),
    )
    figure = placebo_figure(table, -22.0, about=words(), names={"AAA": "El Tablero"})
    assert artists(figure, "real")[0].get_xdata() == pytest.approx([4.0])
    assert {"El Tablero: 4,00", "BBB"} <= set(texts(figure))
    with pytest.raises(DataError, match=r"placebo\.real"):
        placebo_figure(table.assign(real=False), -22.0, about=words())


def test_specifications_are_ordered_and_say_which_choice_was_made(
    sensitivity: pd.DataFrame,
) -> None:
    """The reported one in accent, a mark a choice, the refused one counted and not drawn."""
    figure = specification_figure(sensitivity, about=words("en"), names={"pnc": "Police"})
    dots = artists(figure, "estimate")
    assert [float(dot.get_ydata()[0]) for dot in dots] == [0.35, 0.4, 0.5]
    assert dots[1].get_color() != dots[0].get_color() == dots[2].get_color()
    marks = [m.get_xdata().tolist() for m in artists(figure, "mark:window:2008:2014")]
    assert sorted(place for places in marks for place in places) == [1, 2]
    found = texts(figure)
    assert {"Institution", "Police", "2008–2014", "2010–2014", "Mar 2012"} <= set(found)
    assert "Population" not in found  # it does not vary
    assert "the data cannot answer it" in found
    assert "Another 1 of 4 could not be answered" in figure.alt
    assert "0.50 (0.40–0.70) · iml, 2008–2014, Apr 2012" in figure.tips.values()


def test_differences_have_a_plain_axis_around_zero(sensitivity: pd.DataFrame) -> None:
    """As for a synthetic control; an unknown measure is named."""
    table = sensitivity.assign(estimate=[-22.0, -20, -25, np.nan], low=np.nan, high=np.nan)
    figure = specification_figure(table, about=words(), measure="rate_difference")
    axes = next(axes for axes in figure.axes if axes.get_gid() == "plot")
    assert axes.get_yscale() == "linear"
    assert axes.get_ylim()[1] > 0
    with pytest.raises(DataError, match="rate_difference"):
        specification_figure(sensitivity, about=words(), measure="odds")


def test_a_mix_without_each_donor_has_neither_interval_nor_base() -> None:
    """One row a donor, named, under the word for leaving it out."""
    table = pd.DataFrame({"choice": "without", "value": ["BRA", "COL"], "estimate": [-20.0, -25.0]})
    figure = specification_figure(table, about=words("en"), measure="rate_difference")
    assert {"Without", "BRA", "COL"} <= set(texts(figure))
    assert "interval" not in " ".join(texts(figure))
    assert "the one reported" not in " ".join(texts(figure))
    assert sorted(figure.tips.values()) == ["−20.0 · BRA", "−25.0 · COL"]


def test_nothing_answered_is_said(sensitivity: pd.DataFrame) -> None:
    """Only the refusals are left."""
    figure = specification_figure(sensitivity.iloc[3:], about=words("en"))
    assert "Another 1 of 1 could not be answered" in figure.alt


def test_each_difference_is_named_by_its_counterfactual(averted: pd.DataFrame) -> None:
    """Fewer, fewer or more, more, and without an interval; on the side of zero where it belongs."""
    figure = averted_figure(averted, about=words("en"))
    assert [text.get_text() for text in artists(figure, "difference")] == [
        "3,520 fewer (1,777 to 5,664)",
        "68 fewer (from 614 more to 1,519 fewer)",
        "500 more (100 to 900)",
        "2,692 fewer, no interval",
    ]
    assert "If the mean rate before had gone on" in texts(figure)
    assert [float(dot.get_xdata()[0]) for dot in artists(figure, "estimate")] == [3520, 68, -500, 2692]  # fmt: skip
    assert len(artists(figure, "interval")) == 3
    assert "counted while it lasted: 5,770" in " ".join(texts(figure))
    with pytest.raises(DataError, match="trend_season"):
        averted_figure(averted.rename(index={"level": "hope"}), about=words())


def test_missing_columns_and_terms_are_named(terms: pd.DataFrame, mix: pd.DataFrame) -> None:
    """The message says which."""
    with pytest.raises(DataError, match="expected"):
        counterfactual_figure(mix.drop(columns="expected"), about=words(), **EVENT)
    with pytest.raises(DataError, match="since_0"):
        event_study_figure(terms.loc[["all"]], about=words())
    with pytest.raises(DataError, match="narrow"):
        averted_figure(pd.DataFrame(columns=["expected", "observed", "averted", "low", "high"]), about=words(), size="huge")  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2008-01", "2008-12", "2008"),
        ("2008-01", "2009-12", "2008–2009"),
        ("2012-09", "2012-11", "sept–nov 2012"),
        ("2012-03", "2012-03", "mar 2012"),
        ("2012-12", "2013-02", "dic 2012–feb 2013"),
        (2012, 2013, "2012–2013"),
    ],
)
def test_spans_are_written_short(first: object, last: object, text: str) -> None:
    """Whole years as years, a common year once."""
    assert between(first, last, "es") == text


def test_ticks_are_round_and_apart() -> None:
    """On a logarithmic and on a plain axis."""
    assert ratio_ticks(0.3, 1.1, length=300, apart=36) == [0.3, 0.4, 0.5, 0.6, 0.75, 1]
    assert even_ticks(-700, 1600, most=6) == [-500, 0, 500, 1000, 1500]
