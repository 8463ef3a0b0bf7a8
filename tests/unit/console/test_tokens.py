"""Every colour that stands on another can be read on it: text 4.5 : 1, marks and borders 3 : 1, light and dark."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[3] / "yingjin" / "console" / "static" / "yingjin" / "yingjin.css"
TEXT = [
    (ink, ground)
    for ink in ("ink", "ink-2", "ink-3", "act", "gap", "wait", "done")
    for ground in ("desk", "paper", "well")
]
TEXT += [
    ("on-act", "act"),
    ("paper", "gap"),
    ("gap", "gap-wash"),
    ("wait", "wait-wash"),
    ("done", "done-wash"),
]
TEXT += [("ink", wash) for wash in ("act-wash", "gap-wash", "wait-wash", "done-wash")] + [
    ("act", "act-wash"),
    ("ink-2", "act-wash"),
]
MARKS = [
    (mark, "paper")
    for mark in ("edge", "net-1", "net-2", "net-3", "net-4", "own", "own-2", "act", "gap", "wait", "done")
]
MARKS += [("edge", "desk"), ("act", "desk")]


def tokens(selector: str) -> dict[str, str]:
    """Return the colours a selector's block declares."""
    block = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", CSS.read_text(encoding="utf-8"))
    assert block, selector
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", block[1]))


def luminance(colour: str) -> float:
    """Return WCAG's relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LIGHT, DARK = tokens(":root"), tokens(":root[data-theme=dark]")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read_on_its_ground(theme, ink, ground):
    colours = {"light": LIGHT, "dark": DARK}[theme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_and_borders_can_be_told_from_their_ground(theme, mark, ground):
    colours = {"light": LIGHT, "dark": DARK}[theme]
    assert contrast(colours[mark], colours[ground]) >= 3


def test_the_dark_of_the_system_is_the_dark_that_is_chosen():
    assert tokens(":root:not([data-theme=light])") == DARK


def test_dark_says_every_colour_that_light_says():
    assert LIGHT.keys() == DARK.keys()
