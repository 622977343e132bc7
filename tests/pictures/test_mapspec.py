"""A map as data: its rows, legend and words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from territory.evidence.periods import Window
from territory.evidence.schema import DataError
from territory.pictures.mapspec import (
    MapSpec,
    change_spec,
    count_spec,
    rate_spec,
    smoothed_spec,
    spread,
    triptych,
)
from territory.text import catalogue

from .conftest import words

if TYPE_CHECKING:
    import pandas as pd


def test_each_square_has_its_class(rate_map: MapSpec) -> None:
    """One square for each class, and one without data."""
    expected = ["zero", "c1", "c1", "c3", "c4", "c5", "c6", "c6", "no_data"]
    assert rate_map.rows["class_"].tolist() == expected


def test_few_cases_are_hatched_but_zero_is_white(rate_map: MapSpec) -> None:
    """A rate on three or four cases is drawn uncertain; that there was none is certain."""
    assert rate_map.rows.index[rate_map.rows["low"]].tolist() == ["A2", "C2"]


def test_the_legend_lists_every_class_and_the_nothings(rate_map: MapSpec) -> None:
    """Classes that no square has are listed too."""
    ids = [item.id for item in rate_map.legend]
    assert ids == [
        "zero", "c1", "c2", "c3", "c4", "c5", "c6", "low", "no_data", "not_applicable",
    ]  # fmt: skip


def test_a_tip_says_name_value_interval_and_reliability(rate_map: MapSpec) -> None:
    """One line, with a decimal comma in Spanish."""
    tip = rate_map.rows.loc["B1", "tip"]
    assert tip == "Casilla B1: 25,0 por 100.000 (12,5–51,0) · homicidios: 25 · fiable"


def test_a_square_without_data_says_so(rate_map: MapSpec) -> None:
    """No number stands where there is none."""
    assert rate_map.rows.loc["C3", "tip"] == "Casilla C3: sin datos"
    assert rate_map.rows.loc["C3", "label"] == "sin datos"


def test_a_rate_too_small_to_print_is_not_zero(rates: pd.DataFrame) -> None:
    """0.04 is written as less than 0.1, in the lowest class."""
    rates.loc["A1", ["count", "rate"]] = [1, 0.04]
    row = rate_spec(rates, Window.parse("2011"), about=words("en")).rows.loc["A1"]
    assert (row["label"], row["class_"]) == ("< 0.1", "c1")


def test_the_title_counts_what_the_map_shows(rate_map: MapSpec) -> None:
    """Two of the eight squares that have data are in the highest class."""
    assert rate_map.title == (
        "En 2011, la tasa de homicidios llegó a 100 o más por 100.000 habitantes en 2 de 8 casillas"
        " con datos"
    )


def test_the_title_counts_all_where_nearly_all_have_data(rates: pd.DataFrame) -> None:
    """With data for every square the title speaks of all nine."""
    rates.loc["C3", ["count", "rate"]] = [1, 5.0]
    spec = rate_spec(rates, Window.parse("2011"), about=words("en"))
    assert spec.title.endswith("in 2 of 9 squares")


def test_the_caption_says_window_denominators_institution_and_limits(rate_map: MapSpec) -> None:
    """All that a reader needs to judge the numbers."""
    for part in ("2011", "Policía", "censo", "Poisson", "No muestra"):
        assert part in rate_map.caption


def test_change_counts_the_firm_ones_in_its_title(change_map: MapSpec) -> None:
    """Two fell and one rose after the correction; the rest is in the takeaway."""
    assert change_map.title == "Homicidios: la tasa bajó en 2 de 8 casillas con datos y subió en 1"
    assert "No se distingue del azar:\u00a02." in change_map.takeaway


def test_the_title_never_counts_to_zero(comparison: pd.DataFrame) -> None:
    """Where nothing rose, or nothing changed, the sentence says so in words."""
    windows = Window.parse("2010"), Window.parse("2012")
    fell = change_spec(comparison.iloc[:3], *windows, about=words("en"))
    none = change_spec(comparison.iloc[1:4], *windows, about=words("en"))
    assert fell.title.endswith("fell in 1 of 3 squares; no firm change in the rest")
    assert none.title == "Homicides: no firm change of the rate in 3 squares"


def test_chance_is_hatched_on_the_map_of_change(change_map: MapSpec) -> None:
    """What cannot be told apart is drawn so."""
    assert change_map.rows.index[change_map.rows["low"]].tolist() == ["A3", "C2"]


def test_the_tip_of_a_change_has_both_rates_ratio_and_interval(change_map: MapSpec) -> None:
    """One line says all of it."""
    tip = change_map.rows.loc["A1", "tip"]
    for part in ("40,0", "20,0", "0,50 (0,30–0,80)", "bajó, firme"):
        assert part in tip


def test_smoothed_rates_say_that_they_are_smoothed(rates: pd.DataFrame) -> None:
    """The crude rate stays beside the smoothed one."""
    spec = smoothed_spec(rates, Window.parse("2011"), about=words("en"))
    assert spec.kind == "smoothed_rate"
    assert "smoothed" in spec.subtitle
    assert "unsmoothed 25.0" in spec.rows.loc["B1", "tip"]


def test_counts_are_whole_and_never_hatched(rates: pd.DataFrame) -> None:
    """A count is not uncertain as a rate is, and its caption warns of its use."""
    spec = count_spec(rates, Window.parse("2011"), about=words("en"))
    assert not spec.rows["low"].any()
    assert spec.rows.loc["C1", "label"] == "100"
    assert "use the rate" in spec.caption


def test_no_map_without_credit(rate_map: MapSpec) -> None:
    """The credit line cannot be left out, nor be blank."""
    with pytest.raises(DataError, match="credit"):
        replace(rate_map, credit="  ")
    with pytest.raises(DataError, match="credit"):
        words(credit="")


def test_a_class_that_the_legend_does_not_know_is_refused(rate_map: MapSpec) -> None:
    """A colour without an explanation is never drawn."""
    with pytest.raises(DataError, match="c99"):
        replace(rate_map, rows=rate_map.rows.assign(class_="c99"))


def test_a_missing_column_is_named(rates: pd.DataFrame) -> None:
    """The message says which one."""
    with pytest.raises(DataError, match="reliability"):
        rate_spec(rates.drop(columns="reliability"), Window.parse("2011"), about=words())


def test_an_unknown_language_is_refused() -> None:
    """Only languages with a catalogue can be drawn."""
    with pytest.raises(DataError, match="lang"):
        words(lang="fr")


def test_a_triptych_heads_its_panels(rate_map: MapSpec, change_map: MapSpec) -> None:
    """Before, after, change."""
    panels = [spec.panel for spec in triptych(rate_map, rate_map, change_map)]
    assert panels == ["Antes, 2011", "Después, 2011", "Cambio"]


def test_groups_spread_over_their_members(comparison: pd.DataFrame) -> None:
    """A map of groups is drawn on the units that belong to them."""
    groups = comparison.iloc[[0, 3]].set_axis(["red", "blue"], axis=0)
    spec = change_spec(groups, Window.parse("2010"), Window.parse("2012"), about=words())
    drawn = spread(spec, {"A1": "red", "A2": "red", "B1": "blue", "C1": "nobody"})
    assert drawn.rows["class_"].to_dict() == {"A1": "fell_firm", "A2": "fell_firm", "B1": "rose"}


def test_every_sentence_is_there_in_both_languages() -> None:
    """The same keys, and the same blanks."""
    keys = [
        {key for key in catalogue(lang) if key.startswith("pictures.")} for lang in ("es", "en")
    ]
    assert keys[0] == keys[1]


def test_every_unit_without_a_row_is_not_applicable(rate_map: MapSpec) -> None:
    """It is neither zero nor missing."""
    assert rate_map.class_of(["A1", "Z9"]).tolist() == ["zero", "not_applicable"]
