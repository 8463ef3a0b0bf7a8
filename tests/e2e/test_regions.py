"""Down from the county to a person and back by the breadcrumb; outlines, help, saved filters and notices in a browser."""

import re

import pytest

from tests.e2e.desk import OFFICER, known_to
from tests.e2e.test_look import SIDEWAYS, violations

NUMBER = re.compile(r"[\d,]+")


def crumbs(page) -> list[str]:
    return page.locator(".crumbs li").all_inner_texts()


def first_opening(page, selector: str):
    return page.locator(f"{selector} tbody tr th a").first


def test_an_officer_goes_down_to_a_list_and_a_person_and_back_by_the_breadcrumb(window):
    page = window()
    page.goto("/")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="地方").click()
    assert crumbs(page) == ["贵州省", "毕节市", "赫章县"]
    way = []
    for digits in (9, 12):
        name = first_opening(page, "table.wide-figures").inner_text()
        first_opening(page, "table.wide-figures").click()
        page.wait_for_url(re.compile(rf"/regions/\d{{{digits}}}/\?on="))
        way.append((page.url, page.locator("h1").inner_text()))
        assert name.rstrip("乡镇村社区街道")[:2] in page.locator("h1").inner_text()
    assert len(crumbs(page)) == 5
    village = page.locator("h1").inner_text()
    listed = int(NUMBER.search(page.locator(".btn.go").inner_text())[0].replace(",", ""))
    page.locator(".btn.go").click()
    page.wait_for_url("**/gaps/**")
    assert int(page.locator("#answer b").first.inner_text().replace(",", "")) == listed
    page.locator(".crumbs").get_by_role("link", name=village).click()
    assert page.url == way[1][0]
    page.locator("table.people tbody th a").first.click()
    page.wait_for_url("**/persons/**")
    assert crumbs(page)[:5] == ["贵州省", "毕节市", "赫章县", *[name for _, name in way]]
    for url, name in reversed(way):
        page.locator(".crumbs").get_by_role("link", name=name, exact=True).click()
        assert page.url == url and page.locator("h1").inner_text() == name
    page.locator(".crumbs").get_by_role("link", name="赫章县").click()
    assert page.locator("h1").inner_text() == "赫章县"


def test_every_figure_of_a_region_opens_a_list_as_long(window):
    page = window()
    page.goto("/regions/")
    links = page.locator("table.wide-figures tbody tr").first.locator("td.n a")
    asked = [(link.get_attribute("href"), int(link.inner_text().replace(",", ""))) for link in links.all()]
    assert len(asked) >= 8
    for url, number in asked:
        page.goto(url)
        assert int(page.locator("#answer b").first.inner_text().replace(",", "")) == number, url


@pytest.fixture(scope="module")
def others(desk) -> dict[str, dict]:
    """A reader of the prefecture, signed in."""
    states = {}
    for username, role, region in (("shi", "prefecture_reader", "5205"),):
        desk.passwords[username] = desk.place.add_user(username, role, "--region", region)
        states[username] = desk.visitor(username).state()
    return states


@pytest.fixture
def as_other(browser, desk, others):
    """Open a window as somebody beside the usual ones."""
    contexts = []

    def open_window(username: str, width: int = 1440):
        context = browser.new_context(
            base_url=desk.address,
            storage_state=others[username],
            viewport={"width": width, "height": 900},
            locale="zh-CN",
        )
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


def test_a_reader_of_the_prefecture_sees_counties_drawn_with_the_figures_of_the_table_and_nobody(as_other):
    page = as_other("shi")
    page.goto("/regions/")
    table = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts()
        for row in page.locator("table.wide-figures tbody tr").all()
    }
    drawn = page.locator("svg.outline path title").all_text_contents()
    assert len(table) == len(drawn) == 8
    total = table["赫章县"][14]
    assert any(title.startswith("赫章县") and title.endswith(f" {total}") for title in drawn)
    assert sum(title.endswith("没有数据") for title in drawn) == 7
    assert page.locator("svg.outline text", has_text=f"缺 {total}").count() == 1
    assert page.locator("table.wide-figures td.n a").count() == 0
    first_opening(page, "table.wide-figures").click()
    assert page.locator("h1").inner_text() == "赫章县"
    assert "它在上一级里的位置" in page.locator("main").inner_text()
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) <= 0
        assert violations(page) == []


def test_what_became_of_a_code_is_found_and_the_table_is_taken_away(window):
    page = window()
    page.goto("/regions/changes/")
    page.get_by_label("代码、地名或拼音").fill("hezhang")
    page.get_by_role("button", name="查去向").click()
    page.get_by_role("link", name="522428").first.click()
    assert "改为 520527" in page.locator(".answer").inner_text()
    page.locator("ol.tl").get_by_role("link", name="520527").click()
    assert "522428" in page.locator("ol.tl").first.inner_text()
    page.locator("select[name=year]").select_option("2011")
    page.get_by_role("button", name="看这些").click()
    rows = int(NUMBER.search(page.locator("#h-all").inner_text())[0])
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == rows + 1 and all(line.startswith("2011,") for line in lines[1:])


def test_help_opens_over_the_page_by_button_and_key_and_as_a_page_without_a_script(
    window, browser, desk, states
):
    page = window()
    page.goto("/gaps/")
    page.get_by_role("link", name="这一页的说明").click()
    page.wait_for_selector("#help[open] dt")
    said = page.locator("#help .answer").inner_text()
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()
    page.keyboard.press("F1")
    page.wait_for_selector("#help[open]")
    page.get_by_role("button", name="关上").click()
    page.locator(".bar .find").fill("?")
    assert not page.locator("#help").is_visible()
    context = browser.new_context(
        base_url=desk.address, storage_state=states[OFFICER], java_script_enabled=False
    )
    plain = context.new_page()
    plain.goto("/gaps/")
    plain.get_by_role("link", name="这一页的说明").click()
    assert plain.locator("main .answer").inner_text() == said
    context.close()


def test_a_filter_is_kept_opened_renamed_and_deleted(window):
    page = window()
    page.goto("/gaps/")
    page.check("#due-insured", force=True)
    page.wait_for_url("**due=insured**")
    listed = page.locator("#answer b").first.inner_text()
    page.get_by_role("link", name="存下筛选").click()
    page.get_by_label("名字").first.fill("没参保的 13912345678")
    page.get_by_role("button", name="存下筛选").click()
    assert "证件号或电话" in page.get_by_role("alert").inner_text()
    page.get_by_label("名字").first.fill("没参保的")
    page.get_by_role("button", name="存下筛选").click()
    page.wait_for_url(re.compile(r"/gaps/\?due=insured"))
    assert page.locator("#answer b").first.inner_text() == listed
    page.goto("/gaps/")
    page.locator(".saved").get_by_role("link", name="没参保的").click()
    assert page.is_checked("#due-insured")
    page.get_by_role("link", name="我的筛选").click()
    page.get_by_label("名字").fill("参保缺口")
    page.get_by_role("button", name="改 没参保的").click()
    page.get_by_role("link", name="打开 参保缺口").wait_for()
    page.get_by_role("button", name="删除 参保缺口").click()
    page.get_by_text("还没有。").wait_for()


def test_an_export_that_is_done_is_told_until_it_is_read(window, desk):
    page = window()
    page.goto("/notices/")
    told = page.locator(".notices li").count()
    done = """
import django; django.setup()
from django.utils import timezone
from yingjin.basics.work import DONE, Job
now = timezone.now()
Job.objects.create(kind="export", lane="desk", by="xian", asked_at=now, ended_at=now, state=DONE)
print("1")
"""
    assert known_to(desk.place, done) == 1
    page.goto("/notices/")
    assert page.locator(".notices li").count() == told + 1
    page.goto("/rules/")
    assert int(page.locator(".bell .number").inner_text()) >= 1
    page.locator(".bell").click()
    page.get_by_role("button", name="全部记为看过").click()
    page.get_by_text("都看过了").wait_for()
    assert page.locator(".bell .number").count() == 0
