"""A console without data says why it is empty and what to do next, and can be read by everybody too."""

import pytest

from tests.e2e.desk import Visitor
from tests.e2e.test_look import SIDEWAYS, violations


@pytest.fixture(scope="module")
def bare(new_place):
    """A console into which nothing was landed, and its officer's cookies."""
    place = new_place()
    password = place.add_user("xian", "county_officer", "--region", "520527")
    visitor = Visitor(place.serve())
    visitor.sign_in("xian", password)
    return visitor


@pytest.mark.parametrize("path", ["/", "/gaps/", "/find/", "/find/?q=li", "/quality/refused/"])
def test_before_anything_is_landed_a_page_says_what_to_do(bare, path):
    text = bare.page(path)
    assert "yingjin run-county" in text or "这张清单是空的" in text
    assert "暂无数据" not in text


def test_a_list_of_a_day_nobody_looked_at_is_refused_in_words(bare):
    status, text = bare.ask("/exports/new/?list=gaps")
    assert status == 404 and "没有名单可以导出" in text


@pytest.mark.parametrize("path", ["/rules/", "/figures/"])
def test_rules_and_published_figures_need_no_data(bare, path):
    assert "还没有登记册" not in bare.page(path)


def test_empty_pages_can_be_read_by_everybody(bare, browser):
    context = browser.new_context(base_url=bare.address, storage_state=bare.state(), locale="zh-CN")
    page = context.new_page()
    for path in ("/", "/gaps/", "/find/", "/quality/files/"):
        for width in (1440, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)
            assert violations(page) == [], path
            assert page.evaluate(SIDEWAYS) <= 0, path
    context.close()
