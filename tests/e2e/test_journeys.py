"""A journey for each role, through the browser as they would go."""

import json
import re

from tests.e2e.desk import AUDITOR, DOCTOR, OFFICER
from tests.e2e.pages import links
from yingjin.console.pages.person import EVENTS_SHOWN


def sign_in(page, desk, username):
    page.goto(f"{desk.address}/login/")
    page.get_by_label("工号").fill(username)
    page.get_by_label("密码").fill(desk.passwords[username])
    page.get_by_role("button", name="登录").click()
    page.wait_for_selector('form.out button:has-text("退出")', state="attached")


def test_a_county_officer_goes_from_a_gap_to_the_last_fen(page, desk):
    sign_in(page, desk, OFFICER)
    page.locator(".due", has_text="应兜尽兜").locator(".big a").click()
    page.locator("table.rows a[data-opens]").first.click()
    page.wait_for_selector("#one-in .facts")
    shortfall = page.locator("#one-in dd.gap b").inner_text()
    page.locator("#one-in dl").get_by_role("link", name="看怎么算的").click()
    assert page.locator("h1").inner_text().endswith("元是怎么分的")
    assert shortfall.removesuffix(" 元") in page.locator("main").inner_text()
    assert "分毫不差" in page.locator(".note.done").inner_text()
    page.locator(".steps .clause").first.click()
    page.wait_for_url("**/rules/#R*")
    assert page.locator("li:target").count() == 1
    page.go_back()
    page.get_by_role("link", name="患者结算单").click()
    assert "您该付" in page.locator(".slip h1").inner_text()
    owed = page.locator(".slip tr", has_text="该付，医院报来")
    assert owed.count() >= 1
    assert shortfall.removesuffix(" 元") in page.locator(".slip").inner_text()


def test_a_county_officer_looks_someone_up_on_another_day(page, desk):
    sign_in(page, desk, OFFICER)
    page.locator(".bar .find").fill("li")
    page.locator(".bar .find").press("Enter")
    page.wait_for_url("**/find/?q=li")
    page.locator("table.rows tbody th a").first.click()
    name = page.locator("h1").inner_text()
    page.locator("#on").fill("2024-06-30")
    page.locator(".when button").click()
    page.wait_for_url("**on=2024-06-30")
    assert page.locator("h1").inner_text() == name
    assert "2024-06-30" in page.locator(".answer").inner_text()


def test_a_household_tells_what_happened_and_all_of_it_when_asked(page, desk):
    sign_in(page, desk, OFFICER)
    page.goto(f"{desk.address}/gaps/?due=covered")
    page.locator("table.rows tbody th a").first.click()
    page.get_by_role("link", name="打开这一家").click()
    page.wait_for_selector("h1:has-text('一家')")
    shown = page.locator("ol.tl li").count()
    assert 0 < shown <= EVENTS_SHOWN
    everything = page.get_by_role("link", name=re.compile("全部 .* 件"))
    if everything.count():
        number = int(re.sub(r"\D", "", everything.inner_text()))
        everything.click()
        page.wait_for_url("**all=1**")
        assert page.locator("ol.tl li").count() == number > shown


def test_a_village_doctor_sees_the_village_and_its_people(page, desk):
    sign_in(page, desk, DOCTOR)  # whose home is the list of the village
    assert page.locator(".crumbs li").count() == 6
    addresses = set(page.locator("table.rows tbody td:nth-child(4)").all_inner_texts())
    assert len(addresses) <= 1
    if page.locator("table.rows tbody th a").count():
        page.locator("table.rows tbody th a").first.click()
        assert "········" in page.locator(".who").inner_text()


def test_an_auditor_reads_the_published_figures_and_a_bill_as_json(page, desk):
    sign_in(page, desk, AUDITOR)
    page.get_by_role("link", name="公布数", exact=True).first.click()
    assert "562" in page.locator(".answer").inner_text()
    page.locator("table.rows tbody th a").first.click()
    assert "对不上" in page.locator(".answer").inner_text()
    visitor = desk.visitor(AUDITOR)
    person = links(visitor.page("/gaps/?due=covered&status=due"), r"^/persons/")[0]
    bill = links(visitor.page(person), r"^/bills/")[0]
    said = json.loads(visitor.page(f"{bill}json/"))
    assert said["steps"]


def test_signing_out_closes_the_door(page, desk):
    sign_in(page, desk, OFFICER)
    page.locator(".bar form.out", has_text="退出").get_by_role("button").click()
    page.wait_for_url("**/login/**")
    page.goto(f"{desk.address}/gaps/")
    assert "/login/" in page.url


def test_the_menu_of_a_narrow_screen_opens_closes_and_leads_on(window):
    page = window(width=360)
    page.goto("/")
    page.locator(".bar summary").click()
    assert page.locator(".bar details a", has_text="公布数").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".bar details a", has_text="公布数").is_hidden()
    page.locator(".bar summary").click()
    page.locator(".bar details a", has_text="查人").click()
    assert page.locator("h1").inner_text() == "查人"


def test_five_failures_lock_the_door_in_plain_words(page, desk):
    password = desk.place.add_user("suo", "auditor", "--region", "520527")
    for left in (4, 3, 2, 1):
        try_to_sign_in(page, desk, "wrong")
        assert f"还可试 {left} 次" in page.locator("[role=alert]").inner_text()
        assert page.get_by_label("工号").input_value() == "suo"
    try_to_sign_in(page, desk, "wrong")
    assert "锁定 15 分钟" in page.locator("[role=alert]").inner_text()
    try_to_sign_in(page, desk, password)
    assert "锁定 15 分钟" in page.locator("[role=alert]").inner_text()


def try_to_sign_in(page, desk, password):
    page.goto(f"{desk.address}/login/")
    page.get_by_label("工号").fill("suo")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_selector("[role=alert]")
