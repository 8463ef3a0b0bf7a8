"""Pictures taken in a browser: a page in a language, at each width, packed into few colours."""

import base64
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageColor
from playwright.sync_api import Browser, Page

from pictures.pages import Shot
from yingjin.registry.domain.second_factor import totp_of

COLOURS = 32
# What the sheet's tokens say by colour, light and dark.
MEANING = (
    "#a92c15", "#0a5860", "#28643a", "#7d5000", "#faeae5", "#e2eeed", "#f8eed8", "#e4f0e5", "#2f8084", "#639c98", "#cd7459",
)  # fmt: skip
# A long page is cut: what is below its first two or three screens looks as what is above.
HIGH_MOST = {1440: 1200, 768: 1200, 360: 1400}
LOW = {1440: 900, 768: 900, 360: 740}
TONGUES = {"zh": "zh-hans", "en": "en"}
SETTLED = "() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"


def take(browser: Browser, shot: Shot, place: Any, folder: Path, *, whole: bool = False) -> int:
    """Take all pictures of a page; return their bytes."""
    size = 0
    for language in shot.languages:
        page = window(browser, shot, place, language, width=shot.widths[0])
        page.goto(shot.path.format(**place.found))
        if shot.before:
            BEFORE[shot.before](page, place)
        for width in shot.widths:
            target = folder / f"{shot.name}-{language}-{width}.png"
            target.write_bytes(packed(seen(page, width, whole=whole)))
            size += target.stat().st_size
        page.context.close()
    return size


def window(browser: Browser, shot: Shot, place: Any, language: str, *, width: int) -> Page:
    """Open a window of whoever looks at a page."""
    context = browser.new_context(
        base_url=place.address,
        viewport={"width": width, "height": 900},
        color_scheme=shot.scheme,
        locale="zh-CN" if language == "zh" else "en-GB",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    cookies = {"yingjin_language": TONGUES[language]}
    if shot.who:
        cookies[place.session_cookie] = place.cookies[shot.who]
    context.add_cookies(
        [{"name": name, "value": each, "url": place.address} for name, each in cookies.items()]
    )
    return context.new_page()


def seen(page: Page, width: int, *, whole: bool) -> bytes:
    """Return the page as a picture, as in a window as high as it is: what sticks to the window's foot lies at its end."""
    low = LOW[width]
    page.set_viewport_size({"width": width, "height": low})
    page.wait_for_timeout(150)  # a chart draws itself again after its window's size has settled
    high = int(page.evaluate("() => document.documentElement.scrollHeight"))
    page.set_viewport_size(
        {"width": width, "height": max(low, high if whole else min(high, HIGH_MOST[width]))}
    )
    page.evaluate(SETTLED)
    return page.screenshot()


def packed(picture: bytes) -> bytes:
    """Return a picture in few colours, without dithering: letters stay clean, and the colours that mean something true."""
    full = Image.open(BytesIO(picture)).convert("RGB")
    wide, high = full.size
    band = max(2, high // 200)  # so much of each, below the picture, that none of them is lost to the greys
    taller = Image.new("RGB", (wide, high + band * len(MEANING)))
    taller.paste(full)
    for at, colour in enumerate(MEANING):
        taller.paste(ImageColor.getrgb(colour), (0, high + at * band, wide, high + (at + 1) * band))
    few = taller.quantize(COLOURS, dither=Image.Dither.NONE).crop((0, 0, wide, high))
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def wrong_password(page: Page, place: Any) -> None:
    """Try to sign in with what is not the password."""
    _sign_in(page, "nobody", "wrong")
    page.wait_for_selector("[role=alert]")


def password_of_two_steps(page: Page, place: Any) -> None:
    """Give the right password of somebody who is asked for a code too."""
    _sign_in(page, "xian", place.passwords["xian"])
    page.wait_for_url("**/login/code/**")


def _sign_in(page: Page, username: str, password: str) -> None:
    page.fill("#id_username", username)
    page.fill("#id_password", password)
    page.click("button.go")


def send(page: Page, place: Any) -> None:
    """Send the form as it stands."""
    page.fill("#note", "第二个人写的")
    page.locator(".form button.go").click()
    page.wait_for_selector("[role=alert]")


def open_help(page: Page, place: Any) -> None:
    """Open the help over the page."""
    page.keyboard.press("F1")
    page.wait_for_selector("#help[open] dt")


def open_menu(page: Page, place: Any) -> None:
    """Open the menu of a narrow screen."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator(".bar summary").click()


def reset_password(page: Page, place: Any) -> None:
    """Give somebody a new password, which is shown this once."""
    page.locator("form[action$='/password/'] button").click()
    page.wait_for_load_state()


def renew_secret(page: Page, place: Any) -> None:
    """Give a client a new secret, which is shown this once."""
    page.locator("form[action$='/secret/'] button").first.click()
    page.wait_for_load_state()


def confirm_code(page: Page, place: Any) -> None:
    """Write the code a phone would show. In a place that is kept this can be done once."""
    text = page.locator("ol b.nb").inner_text().replace(" ", "")
    secret = base64.b32decode(text + "=" * (-len(text) % 8))
    now = page.evaluate("() => Math.floor(Date.now() / 1000)")
    page.fill("#code", totp_of(secret).generate(now).decode())
    page.locator("form[action$='/confirm/'] button").click()
    page.wait_for_selector(".codes")


BEFORE: dict[str, Callable[[Page, Any], None]] = {
    each.__name__: each
    for each in (
        wrong_password, password_of_two_steps, send, open_help, open_menu, reset_password, renew_secret, confirm_code,
    )
}  # fmt: skip
