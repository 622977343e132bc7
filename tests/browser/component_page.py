"""A page that shows the map component alone, with made-up rates on the real shapes."""

import os
from pathlib import Path

import pandas as pd
import streamlit as st

from territory.dashboard import blocks
from territory.dashboard.chartview import chart_view
from territory.dashboard.mapview import class_letters, map_view
from territory.dashboard.shapes import WebShapes
from territory.evidence.periods import Window
from territory.measures.rates import crude_rate
from territory.pictures.captions import About
from territory.pictures.mapspec import MapSpec, rate_spec

PERIODS = [str(year) for year in range(2008, 2019)]
INSET = (-89.34, 13.6, -89.02, 13.84)
ABOUT = About(
    lang="es",
    outcome="Homicidios",
    cases="homicidios",
    units="municipios",
    institution="IML",
    population="DIGESTYC",
    credit="datos inventados",
)


@st.cache_resource
def shapes() -> WebShapes:
    """Return the shapes that the server of this test serves."""
    return WebShapes.read(
        Path(os.environ["TERRITORY_TEST_SHAPES"]), study="test", level="municipality"
    )


@st.cache_resource
def spec(period: str) -> MapSpec:
    """Return a map of made-up rates: they wander with the year, and one area has no data."""
    codes = shapes().units
    count = pd.Series(
        [float((int(code) * 7 + int(period) * 13) % 61) for code in codes], index=list(codes)
    )
    people = pd.Series([20_000.0 + 900 * (int(code) % 97) for code in codes], index=list(codes))
    count[codes[3]] = float("nan")
    rates = crude_rate(count, people)
    frame = rates.assign(name=list(shapes().names), count=count, person_years=people)
    frame["reliability"] = [
        "none" if pd.isna(n) else "very_low" if n < 5 else "low" if n < 20 else "good"
        for n in count
    ]
    frame.index.name = "unit"
    return rate_spec(frame, Window.parse(period), about=ABOUT)


@st.cache_data
def frames() -> dict[str, str]:
    """Return the classes of every period."""
    return {period: class_letters(spec(period), shapes()) for period in PERIODS}


def main() -> None:
    """Write the page: a slider, one map that plays, and three maps side by side."""
    st.set_page_config(layout="wide")
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.session_state.setdefault("unit", "")
    st.session_state.setdefault("year", "2011")
    year = st.select_slider("Año", PERIODS, key="year")
    unit = st.session_state["unit"]
    blocks.paragraph(f"runs={st.session_state['runs']} unit={unit} year={year}")

    def choose(code: str) -> None:
        st.session_state["unit"] = code

    def stop(period: str) -> None:
        st.session_state["year"] = period

    map_view(
        spec(year),
        shapes(),
        key="one",
        selected=unit or None,
        inset=INSET,
        inset_label="San Salvador metropolitano",
        frames=frames(),
        period=year,
        on_unit=choose,
        on_period=stop,
    )
    blocks.picture_caption(spec(year))
    map_view(
        [spec("2010"), spec(year), spec("2013")],
        shapes(),
        key="three",
        selected=unit or None,
        inset=INSET,
        inset_label="San Salvador metropolitano",
        on_unit=choose,
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>{}</title></svg>'
    chart_view(svg.format("wide"), svg.format("narrow"), key="chart")


if __name__ == "__main__":
    main()
