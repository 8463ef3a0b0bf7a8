"""In English, which is longer: nothing goes sideways, axe finds nothing, and the switch is reached by every hand."""

import pytest

from tests.e2e.desk import OFFICER
from tests.e2e.pages import NAMES
from tests.e2e.test_look import LOOKS, SIDEWAYS, look, violations

TARGET = 44  # pixels a finger needs


@pytest.fixture(scope="module")
def english(browser, desk, states):
    """One window of a reader of English for all pages."""
    context = browser.new_context(
        base_url=desk.address, storage_state=states[OFFICER], locale="en-GB", reduced_motion="reduce"
    )
    context.add_cookies([{"name": "yingjin_language", "value": "en", "url": desk.address}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_no_page_in_english_goes_sideways(english, pages, name):
    english.goto(pages[name])
    for width in (320, 360, 768, 1440):
        look(english, "light", width)
        assert english.evaluate(SIDEWAYS) <= 0, width


@pytest.mark.parametrize("name", ["overview", "gap_chosen", "person", "bill", "slip", "rules", "figures"])
def test_axe_finds_nothing_in_english(english, pages, name):
    english.goto(pages[name])
    found = {}
    for scheme, width in LOOKS:
        look(english, scheme, width)
        found[scheme, width] = violations(english)
    assert found == dict.fromkeys(LOOKS, [])


def test_the_switch_keeps_filters_that_changed_without_a_new_page(window):
    page = window()
    page.goto("/gaps/")
    page.check("#due-insured", force=True)
    page.wait_for_url("**due=insured**")
    asked = page.url
    page.locator(".bar .tongue:visible button").press("Enter")
    page.wait_for_selector("html[lang=en]")
    assert page.url == asked
    assert page.is_checked("#due-insured")


def test_a_finger_and_a_keyboard_reach_the_switch_on_a_phone(window):
    page = window(width=360)
    page.goto("/find/?q=li")
    page.locator(".bar summary").press("Enter")
    switch = page.locator(".bar details .tongue button")
    box = switch.bounding_box()
    assert box and box["height"] >= TARGET
    for _ in range(20):
        page.keyboard.press("Tab")
        if switch.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/find/?q=li")


def test_the_switch_at_the_door_is_large_enough_and_keeps_where_to_go(browser, desk):
    context = browser.new_context(base_url=desk.address, viewport={"width": 360, "height": 900})
    page = context.new_page()
    page.goto("/login/?next=/rules/")
    switch = page.locator(".tongue button")
    box = switch.bounding_box()
    assert box and box["height"] >= TARGET
    switch.click()
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/login/?next=/rules/")
    assert page.locator("input[name=next]").last.input_value() == "/rules/"
    assert violations(page) == []
    context.close()


def test_the_chart_speaks_english(english, pages):
    english.goto(pages["overview"])
    canvas = english.locator("[data-chart] .canvas")
    assert canvas.get_attribute("data-tip") == "{value} × 10,000 yuan, {share} of the total cost"
    assert english.locator("[data-chart] canvas").count() == 1
