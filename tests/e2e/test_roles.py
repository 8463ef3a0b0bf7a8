"""From signing in to done, once as each role whose work no other journey shows: each begins at its own home."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import COUNTY, PASSWORD, Desk, known_to
from tests.e2e.test_look import violations

# The hospital with the most bills, and one of its patients' whole number, as the card at the window shows it.
AT_A_WINDOW = """
import json, django; django.setup()
from django.db.models import Count
from yingjin.settlement.models import Bill
best = Bill.objects.values("facility_code").annotate(n=Count("pk")).order_by("-n", "facility_code")[0]["facility_code"]
bills = Bill.objects.filter(facility_code=best, person__merged_into=None, state="counted").select_related("person")
person = next(each.person for each in bills if len(each.person.identity_number) == 18)
print(json.dumps([best, person.identity_number, person.name]))
"""


@pytest.fixture(scope="module")
def window_of(desk: Desk) -> list[str]:
    return known_to(desk.place, AT_A_WINDOW)


def sign_in(page: Page, desk: Desk, role: str, *place: str) -> Page:
    """Add somebody of a role and sign in; the page is then the role's home."""
    username = f"jl-{role.replace('_', '-')}"
    page.goto(f"{desk.address}/login/")
    page.get_by_label("工号").fill(username)
    page.get_by_label("密码").fill(desk.place.add_user(username, role, *place))
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda address: "/login/" not in address)
    return page


def test_a_first_password_is_changed_before_anything_else_opens(page, desk):
    said = desk.place.do("add-user", "jl-first", "--role", "township_officer", "--region", desk.village[:9])
    first, own = PASSWORD.search(said)[0], "山清水秀-2026-春"
    page.goto(f"{desk.address}/login/")
    page.get_by_label("工号").fill("jl-first")
    page.get_by_label("密码").fill(first)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/account/password/")
    assert violations(page) == []
    page.goto(f"{desk.address}/gaps/")
    assert page.url.endswith("/account/password/")
    page.get_by_label("给您的密码").fill(first)
    page.locator("#new").fill(first)
    page.locator("#again").fill(first)
    page.get_by_role("button", name="改密码").click()
    expect(page.locator("#new-e")).to_contain_text("和现在的一样")
    assert violations(page) == []
    page.get_by_label("给您的密码").fill(first)
    page.locator("#new").fill(own)
    page.locator("#again").fill(own)
    page.get_by_role("button", name="改密码").click()
    page.wait_for_url(re.compile("/gaps/"))


def test_a_township_officer_gives_a_gap_to_the_village_doctor(page, desk):
    sign_in(page, desk, "township_officer", "--region", desk.village[:9])
    assert "/gaps/" in page.url
    page.locator("a.what").first.click()
    page.wait_for_selector("#work")
    page.select_option("#assign", "role:village_doctor")
    page.fill("#note", "请本周上门")
    page.get_by_role("button", name="保存办理").click()
    page.wait_for_selector("#undo")
    assert "请本周上门" in page.locator("#one-in .tl").inner_text()


def test_a_prefecture_reader_compares_places_and_reaches_nobody(page, desk):
    sign_in(page, desk, "prefecture_reader", "--region", COUNTY[:4])
    expect(page.locator("h1")).to_contain_text("总览")
    assert page.locator("a[href^='/persons/'], a[href^='/gaps/']").count() == 0
    for path in ("/find/?q=li", "/gaps/", "/imports/", "/users/"):
        assert page.request.get(f"{desk.address}{path}").status == 403, path


def test_a_cashier_reads_a_card_and_says_what_the_patient_pays(page, desk, window_of):
    facility, number, name = window_of
    sign_in(page, desk, "cashier", "--facility", facility)
    page.fill("#number", number)
    page.get_by_role("button", name="找到这个人").click()
    expect(page.locator("h1")).to_contain_text(name)
    facts = page.locator("section.stack")
    assert number not in facts.inner_text() and "Place(" not in facts.inner_text()
    page.fill("#admitted_on", "2025-12-01")
    page.fill("#discharged_on", "2025-12-08")
    page.fill("#total", "1000.00")
    page.get_by_role("button", name="试算").click()
    expect(page.locator(".answer")).to_contain_text("病人付")
    assert re.fullmatch(r"[\d,]+\.\d\d\s元", page.locator(".owe").inner_text())


def test_an_insurance_officer_opens_a_bill_and_sees_own_dues_alone(page, desk):
    sign_in(page, desk, "insurance_officer", "--region", COUNTY)
    assert "/gaps/" in page.url
    page.goto(f"{desk.address}/gaps/?due=covered")
    page.locator("table.rows tbody th a").first.click()
    page.locator("a[href^='/bills/']").first.click()
    assert page.locator("h1").inner_text().endswith("元是怎么分的")
    page.goto(f"{desk.address}/gaps/")
    assert not {"治", "签"} & set(page.locator("table.rows tbody td:first-child .st").all_inner_texts())


def test_an_auditor_begins_at_the_checks_and_changes_nothing(page, desk):
    sign_in(page, desk, "auditor", "--region", COUNTY)
    assert "/checks/" in page.url
    page.goto(f"{desk.address}/gaps/")
    page.locator("a.what").first.click()
    page.wait_for_selector("#one-in .facts")
    assert page.locator("#work form, #bulk").count() == 0


def test_an_administrator_sets_up_a_second_factor_before_anything_else(page, desk):
    sign_in(page, desk, "administrator", "--region", COUNTY)
    assert "/account/second-factor/" in page.url
    page.goto(f"{desk.address}/users/")
    assert "/account/second-factor/" in page.url
    assert page.request.get(f"{desk.address}/gaps/").url.endswith("/account/second-factor/")
