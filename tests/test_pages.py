"""Every page as a person would use it, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from territory.dashboard.contents import PAGES
from territory.text import LANGUAGES

SCRIPT = Path(__file__).parents[1] / "src" / "territory" / "dashboard" / "script" / "visit.py"
NAMES = [entry.name for entry in PAGES]


def opened(page: str, **choices: str) -> AppTest:
    """Open a page of the dashboard with choices in its address."""
    path = next(entry.path for entry in PAGES if entry.name == page)
    app = AppTest.from_file(str(SCRIPT), default_timeout=90)
    for name, value in choices.items():
        app.query_params[name] = value
    # Pages are functions here, and AppTest switches by file only.
    app._page_hash = calc_hash(path) if path else ""
    return app.run()


def words(app: AppTest) -> str:
    """Return everything that the page wrote."""
    return " ".join(block.value for block in app.get("html"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", NAMES)
def test_a_page_opens_with_a_headline_and_no_fault(page: str, lang: str) -> None:
    """Each page writes its sentence, in the language of the address."""
    app = opened(page, lang=lang)

    assert not app.exception
    assert "<h1>" in words(app)
    assert "t-fault" not in words(app)


def test_the_overview_says_what_sixty_percent_is_of() -> None:
    """70.1 with its denominator, and three percentages with their windows."""
    text = words(opened("overview", lang="en"))

    for part in ("70.1", "70.07", "6,237,637", "4,371", "about 60%", "−59.3%", "−52.4%", "−40.8%"):
        assert part in text


def test_a_step_of_the_slider_changes_the_map_and_the_address() -> None:
    """The year of the slider is the year of the headline and of the address."""
    app = opened("map", lang="en")
    app.select_slider(key="choose_period").set_value(2015).run()

    assert "In 2015" in words(app)
    assert app.query_params["period"] == "2015"


@pytest.mark.parametrize(
    ("outcome", "institution"), [("extortion", "fgr"), ("homicides_firearm", "iml")]
)
def test_another_outcome_brings_its_own_institution(outcome: str, institution: str) -> None:
    """The institution follows the outcome; nothing is asked of one that did not count it."""
    app = opened("map", lang="en", institution="pnc")
    app.selectbox(key="choose_outcome").set_value(outcome).run()

    assert not app.exception
    assert app.selectbox(key="choose_institution").value == institution


def test_the_windows_of_a_comparison_can_be_chosen() -> None:
    """Both ends of a window move; the sentence follows."""
    app = opened("compare", lang="en")
    app.select_slider(key="choose_after").set_value((2014, 2015)).run()

    assert not app.exception
    assert "2014–2015" in words(app)
    assert app.query_params["after"] == "2014:2015"


def test_overlapping_windows_are_refused_and_the_page_stays_usable() -> None:
    """The same message as on the command line; the sliders are still there."""
    app = opened("compare", lang="en", before="2010:2012", after="2012:2013")

    assert "overlap" in words(app)
    app.select_slider(key="choose_before").set_value((2010, 2011)).run()
    assert "overlap" not in words(app)


def test_a_place_without_a_population_says_so() -> None:
    """A count is shown, a rate is not made up."""
    assert "without a population figure" in words(opened("place", lang="en", place="0428"))


def test_no_data_is_said_on_the_map() -> None:
    """Firearm homicides of 2018 are missing everywhere, and the page says so."""
    text = words(opened("map", lang="en", outcome="homicides_firearm", period="2018"))

    assert "262" in text.split("t-deck")[1].split("</p>")[0]


@pytest.mark.parametrize("page", NAMES)
def test_rubbish_in_the_address_opens_the_default_view(page: str) -> None:
    """What the study does not know is dropped."""
    rubbish = {
        "outcome": "<script>",
        "period": "abc",
        "by": "x" * 500,
        "place": "9999",
        "lang": "?",
    }
    app = opened(page, **rubbish)

    assert not app.exception
    assert "t-fault" not in words(app)
    assert "<script>" not in words(app)


@pytest.mark.parametrize("page", ["map", "compare"])
def test_departments_can_be_drawn(page: str) -> None:
    """The same page by department."""
    app = opened(page, lang="en", by="department")

    assert not app.exception
    assert "of 14 departments" in words(app)


def test_the_checks_run_when_asked() -> None:
    """The Data page runs all checks on request."""
    app = opened("data", lang="en")
    app.button(key="run_checks").click().run()

    assert "checks hold" in words(app)


@pytest.mark.parametrize("page", ["map", "compare"])
def test_reported_territory_is_off_until_it_is_asked_for(page: str) -> None:
    """The switch writes the address; its caution is on the page through the map's own block."""
    app = opened(page, lang="en")
    switch = app.checkbox(key="choose_reported")
    assert not switch.value
    switch.check().run()

    assert not app.exception
    assert app.query_params["reported"] == "yes"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ({"by": "galaxy"}, "municipality_2024, status, holder"),
        ({"period": "2030"}, "The nearest window inside it is 2018"),
        ({"outcome": "kidnappings"}, "homicides_firearm, homicides_women"),
    ],
)
def test_what_an_address_asks_in_vain_is_said(address: dict[str, str], message: str) -> None:
    """The usual view, and above it what was left out and what is allowed."""
    app = opened("map", lang="en", **address)
    text = words(app)

    assert not app.exception
    assert "Part of the address was left out" in text
    assert message in text
    assert "of 262 municipalities" in text


def test_windows_in_the_wrong_order_come_with_the_right_one() -> None:
    """The nearest valid choice is in the message, in the language of the page."""
    text = words(opened("compare", lang="es", before="2012:2013", after="2011"))

    assert "Intercámbielas: antes 2011, después 2012:2013" in text
