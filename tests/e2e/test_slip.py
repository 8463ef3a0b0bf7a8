"""The patient's slip is one A5 page, in print as on the screen."""

import re

import pytest

A5_POINTS = (419.5, 595.3)


def printed(page) -> bytes:
    return page.pdf(prefer_css_page_size=True)


@pytest.mark.parametrize("name", ["slip", "slip_large"])
def test_the_slip_prints_on_exactly_one_a5_page(window, pages, name):
    page = window()
    page.goto(pages[name])
    pdf = printed(page)
    sizes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    assert [tuple(round(float(each)) for each in size) for size in sizes] == [tuple(map(round, A5_POINTS))]


def test_the_slip_is_black_on_white_in_the_dark_too(window, pages):
    page = window(scheme="dark")
    page.goto(pages["slip"])
    assert (
        page.locator(".slip").evaluate("box => getComputedStyle(box).backgroundColor") == "rgb(255, 255, 255)"
    )


def test_the_slip_says_what_the_patient_pays_and_adds_up(window, pages):
    page = window()
    page.goto(pages["slip"])
    cells = [fen(text) for text in page.locator(".slip td.n").all_inner_texts()]
    total, *payers, own = cells
    assert total == sum(payers) + own
    assert page.locator(".slip h1").inner_text().replace("\n", "").endswith("元")


def fen(text: str) -> int:
    return round(float(text.replace(",", "")) * 100)


def test_a_printed_page_holds_nothing_that_can_only_be_clicked(window, pages):
    page = window()
    page.goto(pages["gaps"])
    page.emulate_media(media="print")
    for selector in (".bar", ".filters", ".acts", ".pages nav"):
        assert page.locator(selector).first.is_hidden(), selector
