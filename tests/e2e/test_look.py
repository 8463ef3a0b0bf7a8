"""Every page can be read by everybody: no violation for axe, nothing sideways, nothing clipped, nothing blocked."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.desk import OFFICER
from tests.e2e.pages import NAMES

AXE = Axe()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [("light", 1440), ("light", 360), ("dark", 1440), ("dark", 360)]
# WCAG 1.4.12, by a sheet the policy lets a script adopt.
SPACE_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# Boxes that hide what does not fit and whose words do not fit; what is hidden on purpose (.hide) is one pixel wide.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter((box) => {
  const style = getComputedStyle(box), hides = (way) => way === "hidden" || way === "clip";
  if (box.clientWidth <= 1 || !box.textContent.trim() || box.closest("svg, .hide, thead")) return false;
  return (hides(style.overflowX) && box.scrollWidth > box.clientWidth + 1) || (hides(style.overflowY) && box.scrollHeight > box.clientHeight + 1);
}).map((box) => box.outerHTML.slice(0, 160))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"


def violations(page) -> list[str]:
    found = AXE.run(page, options={"runOnly": STANDARDS}).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
    ]


@pytest.fixture(scope="module")
def reader(browser, desk, states):
    """One window for all pages: a page is loaded once and looked at in every way."""
    context = browser.new_context(
        base_url=desk.address, storage_state=states[OFFICER], locale="zh-CN", reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def look(page, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_light_or_dark_wide_or_narrow(reader, pages, name):
    reader.goto(pages[name])
    found = {}
    for scheme, width in LOOKS:
        look(reader, scheme, width)
        found[scheme, width] = violations(reader)
    assert found == dict.fromkeys(LOOKS, [])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_goes_sideways_and_wide_text_spacing_clips_nothing(reader, pages, name):
    reader.goto(pages[name])
    look(reader, "light", 320)
    assert reader.evaluate(SIDEWAYS) <= 0
    reader.evaluate(SPACE_OUT)
    for width in (360, 1440):
        look(reader, "light", width)
        assert reader.evaluate(CLIPPED) == []
        assert reader.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_axe_finds_nothing_at_the_door(browser, desk, scheme, width):
    context = browser.new_context(
        base_url=desk.address, viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN"
    )
    page = context.new_page()
    page.goto("/login/")
    assert violations(page) == []
    page.fill("#id_username", f"nobody-{scheme}-{width}")
    page.fill("#id_password", "wrong")
    page.click("button.go")
    page.wait_for_selector("[role=alert]")
    assert violations(page) == []
    context.close()


def test_the_policy_blocks_nothing_on_any_page(window, pages):
    page = window()
    said = []
    page.on(
        "console",
        lambda message: (
            said.append(f"{page.url}: {message.text}") if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    for name, path in pages.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if name == "nothing_here":
            said = [each for each in said if "404" not in each]
    assert said == []


def test_the_chart_is_drawn_and_its_tooltip_breaks_no_rule(window):
    page = window()
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("/")
    box = page.locator(".canvas canvas").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.wait_for_timeout(300)
    drawn = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((each) => each)"
    assert page.locator(".canvas canvas").first.evaluate(drawn)
    assert said == []


def test_without_a_script_every_page_still_says_all(browser, desk, states, pages):
    context = browser.new_context(
        base_url=desk.address, storage_state=states["xian"], java_script_enabled=False
    )
    page = context.new_page()
    for path in (pages["overview"], pages["gaps"], pages["bill"]):
        page.goto(path)
        assert page.locator("h1").count() == 1
        assert page.locator("[data-action=print]:visible").count() == 0
    page.goto(pages["overview"])
    page.get_by_text("看数字").click()
    assert page.locator("#t-money").is_visible()
    context.close()


def test_light_and_dark_are_switched_and_remembered(window):
    page = window()
    page.goto("/rules/")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click("[data-action=theme]")
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark
