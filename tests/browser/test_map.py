"""The map component in a real browser: it draws once, repaints, answers, and keeps quiet."""

import re

AREAS = "path[data-unit]"
ONE = ".st-key-one"
THREE = ".st-key-three"


def status(page, name):
    """Return one word of the status line that the page writes."""
    text = page.locator(".t-text").first.inner_text()
    return re.search(rf"{name}=(\S*)", text)[1]


def wait_for(page, name, value):
    """Wait until the status line says so."""
    page.wait_for_function(
        "([word]) => document.querySelector('.t-text')?.innerText.includes(word)",
        arg=[f"{name}={value}"],
    )


def opened(open_page, component, **options):
    """Open the component's page and wait until both maps are drawn."""
    page, traffic = open_page(component, **options)
    page.locator(f"{THREE} {AREAS}").nth(3 * 262 - 1).wait_for(state="attached")
    return page, traffic


def looks(page, root=ONE):
    """Return the fill of every area of a map."""
    return page.locator(f"{root} {AREAS}").evaluate_all(
        "paths => paths.map(path => path.getAttribute('fill'))"
    )


def mark_map(page):
    """Leave a mark on the first map's element, to tell whether it is still the same."""
    page.locator(f"{ONE} .canvas").evaluate("node => { node.dataset.mark = 'same' }")


def test_every_municipality_is_drawn_and_no_request_leaves_the_machine(open_page, component):
    """One map has 262 areas, three have 786, nothing failed, no other host was asked."""
    page, traffic = opened(open_page, component)
    assert page.locator(f"{ONE} {AREAS}").count() == 262
    assert page.locator(f"{THREE} {AREAS}").count() == 786
    assert traffic.elsewhere == []
    assert traffic.faults == []
    assert sum("/geometry/" in request for request in traffic.requests) == 1


def test_a_slider_step_changes_colours_on_the_same_map(open_page, component):
    """The next year repaints the areas within 50 kB and makes no second map."""
    page, traffic = opened(open_page, component)
    before = looks(page)
    mark_map(page)
    traffic.forget()
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, "year", "2012")
    page.wait_for_function(
        "() => document.querySelector('.st-key-one .stBidiComponent [data-testid]')"
        ".shadowRoot.querySelector('h3').innerText.includes('2012')"
    )
    assert looks(page) != before
    assert page.locator(f"{ONE} .canvas[data-mark=same]").count() == 1
    assert page.locator(f"{ONE} .leaflet-map-pane").count() == 1
    assert sum(traffic.received) <= 50_000, traffic.received
    assert not [request for request in traffic.requests if "/geometry/" in request]


def test_hover_shows_name_value_interval_and_reliability(open_page, component):
    """The tip of an area has its name, its rate with interval, and how sure it is."""
    page, _ = opened(open_page, component)
    page.locator(f"{ONE} [data-unit='0210']").hover()
    tip = page.locator(f"{ONE} .tip")
    tip.wait_for()
    text = tip.inner_text()
    assert "Santa Ana" in text
    assert re.search(r"\d+,\d por 100\.000 .*\(\d+,\d–\d+,\d\)", text)
    assert "homicidios" in text.lower()
    assert "fiable" in text


def test_a_click_selects_one_unit_on_every_panel(open_page, component):
    """A click sends the code of the area; the page outlines it in all panels."""
    page, _ = opened(open_page, component)
    page.locator(f"{ONE} [data-unit='0210']").click()
    wait_for(page, "unit", "0210")
    page.wait_for_timeout(300)
    outlined = page.locator("path[stroke='#70284A'][fill='none']")
    assert outlined.count() == 4


def test_pan_and_zoom_send_nothing_and_move_all_panels(open_page, component):
    """Dragging and zooming cause no rerun, and the three panels keep one view."""
    page, traffic = opened(open_page, component)
    runs = status(page, "runs")
    page.locator(THREE).scroll_into_view_if_needed()
    box = page.locator(f"{THREE} .canvas").first.bounding_box()
    page.locator(f"{THREE} button.inset").click()
    page.wait_for_timeout(200)
    traffic.forget()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 130, steps=5)
    page.mouse.up()
    page.locator(f"{THREE} button.closer").click()
    page.wait_for_timeout(600)
    paths = [
        page.locator(f"{THREE} .canvas").nth(at).locator("[data-unit='0614']").bounding_box()
        for at in range(3)
    ]
    frames = [page.locator(f"{THREE} .canvas").nth(at).bounding_box() for at in range(3)]
    places = [path["x"] - frame["x"] for path, frame in zip(paths, frames, strict=True)]
    assert max(places) - min(places) < 1.5
    assert paths[0]["width"] > 20
    assert traffic.sent == []
    assert status(page, "runs") == runs


def test_playing_needs_no_server_until_it_is_paused(open_page, component):
    """Play shows the next years in the browser; Pause tells the server where it stopped."""
    page, traffic = opened(open_page, component)
    before = looks(page)
    traffic.forget()
    button = page.locator(f"{ONE} button.play")
    assert button.inner_text() == "Reproducir"
    button.click()
    page.locator(f"{ONE} .year", has_text="2013").wait_for(timeout=5_000)
    assert traffic.sent == []
    assert looks(page) != before
    assert button.inner_text() == "Pausa"
    button.click()
    wait_for(page, "year", "2013")
    assert button.inner_text() == "Reproducir"


def test_the_keyboard_reaches_and_chooses_an_area(open_page, component):
    """Arrow keys walk from area to area, the tip follows, Enter chooses."""
    page, _ = opened(open_page, component)
    page.locator(f"{ONE} {AREAS}").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    label = page.locator(f"{ONE} {AREAS}[tabindex='0']").get_attribute("aria-label")
    code = page.locator(f"{ONE} {AREAS}[tabindex='0']").get_attribute("data-unit")
    assert "por 100.000" in label
    page.keyboard.press("Enter")
    wait_for(page, "unit", code)


def test_low_reliability_is_hatched_and_no_data_is_dotted(open_page, component):
    """Few cases are drawn with a pattern, a missing count with a dotted white area."""
    page, _ = opened(open_page, component)
    low = page.locator(f"{ONE} {AREAS}[data-low=true]").first
    assert low.get_attribute("fill").startswith("url(#hatch-")
    nothing = page.locator(f"{ONE} {AREAS}[data-class=no_data]").first
    assert nothing.get_attribute("stroke-dasharray") == "0 4"
    assert nothing.get_attribute("fill") == "#FFFFFF"
    assert page.locator(f"{ONE} .legend li").count() == 10


def test_a_phone_stacks_the_panels_and_nothing_scrolls_sideways(open_page, component):
    """At 390 px the three panels stand below each other inside the page."""
    page, _ = opened(open_page, component, width=390, height=844, has_touch=True)
    boxes = [page.locator(f"{THREE} .canvas").nth(at).bounding_box() for at in range(3)]
    assert boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    inside = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert inside <= 390


def test_a_chart_is_drawn_in_the_width_of_its_place(open_page, component):
    """The wide drawing stands on a wide page, the narrow one on a phone."""
    page, _ = opened(open_page, component)
    assert page.locator(".st-key-chart .wide svg").is_visible()
    assert page.locator(".st-key-chart .narrow svg").is_hidden()
    phone, _ = opened(open_page, component, width=390, height=844)
    assert phone.locator(".st-key-chart .narrow svg").is_visible()
    assert phone.locator(".st-key-chart .wide svg").is_hidden()


def test_leaving_and_coming_back_draws_one_map_again(open_page, dashboard):
    """Moving between pages takes the map away cleanly, and no second one is left behind."""
    page, traffic = open_page(f"{dashboard}/map")
    page.locator(AREAS).nth(261).wait_for(state="attached")
    page.locator(".st-key-links").get_by_text("Datos", exact=True).click()
    page.locator(".st-key-here_data").wait_for()
    page.locator(AREAS).first.wait_for(state="detached")
    page.locator(".st-key-links").get_by_text("Mapa", exact=True).click()
    page.locator(AREAS).nth(261).wait_for(state="attached")
    assert page.locator(".leaflet-map-pane").count() == 1
    assert traffic.faults == []
