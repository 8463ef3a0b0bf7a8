"""Gaps worked on in a browser: by a county officer, a second one at the same time, and a village doctor."""

import re
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import COUNTY, Desk

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SOON = (date.today() + timedelta(days=20)).isoformat()
ROWS = "table.rows tbody tr"


@pytest.fixture(scope="module")
def second(desk: Desk) -> str:
    """Another officer of the county, signed in for the same work."""
    if "erhao" not in desk.passwords:
        desk.passwords["erhao"] = desk.place.add_user("erhao", "county_officer", "--region", COUNTY)
    return "erhao"


@pytest.fixture(scope="module")
def second_state(desk: Desk, second: str) -> dict:
    return desk.visitor(second).state()


def opened(page: Page, number: int, due: str = "insured") -> Page:
    """Open one gap of a due beside the list."""
    page.goto(f"/gaps/?due={due}")
    page.locator("a.what").nth(number).click()
    page.wait_for_selector("#work")
    return page


def test_ticked_gaps_are_assigned_together_and_taken_back_together(window):
    page = window()
    page.goto("/gaps/?due=contracted")
    for number in (0, 2):
        page.locator(f"{ROWS} input[type=checkbox]").nth(number).check()
    expect(page.locator("#bulk output")).to_have_text("2")
    page.locator("#bulk button[value=assign]").click()
    page.select_option("#assign", "role:township_officer")
    page.get_by_role("button", name="指派 2 处").click()
    page.wait_for_selector("#undo")
    assert page.locator(ROWS, has_text="→ 乡镇工作人员").count() == 2
    page.locator("#undo button").click()
    page.wait_for_selector("[role=status]")
    assert page.locator(ROWS, has_text="→ 乡镇工作人员").count() == 0


def test_the_keys_tick_a_range_open_the_form_and_explain_themselves(window):
    page = window()
    page.goto("/gaps/")
    page.locator(ROWS).first.focus()
    for key in ("x", "j", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    expect(page.locator("#bulk output")).to_have_text("4")
    page.keyboard.press("x")
    expect(page.locator("#bulk output")).to_have_text("3")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(ROWS).nth(1).focus()
    page.keyboard.press("e")
    expect(page.locator("#assign")).to_be_focused()


def test_of_two_officers_the_second_is_told_and_what_was_typed_is_there(window, browser, desk, second_state):
    first = opened(window(), 0)
    context = browser.new_context(base_url=desk.address, storage_state=second_state)
    other = opened(context.new_page(), 0)
    first.fill("#due_on", SOON)
    first.fill("#note", "先约好了")
    first.get_by_role("button", name="保存办理").click()
    first.wait_for_selector("#undo")
    other.select_option("#assign", "role:village_doctor")
    other.fill("#note", "第二个人写的")
    with other.expect_response("**/gaps/act/") as answer:
        other.get_by_role("button", name="保存办理").click()
    assert answer.value.status == 409
    assert "先约好了" in other.locator("main").inner_text()
    assert other.input_value("#note") == "第二个人写的"
    assert other.input_value("#assign") == "role:village_doctor"
    other.locator(".form button.go").click()
    other.wait_for_selector("#undo")
    history = other.locator("#one-in .tl").inner_text()
    assert "先约好了" in history and "第二个人写的" in history
    context.close()


def test_an_exception_shows_at_once_with_its_paper_and_waits_for_the_recount(window):
    page = opened(window(), 1)
    page.get_by_role("link", name="除外…").click()
    page.select_option("#reason", "insured_elsewhere")
    page.fill("#until_on", SOON)
    page.fill("#words", "在贵阳参保")
    page.get_by_role("button", name="除外 1 处").click()
    expect(page.locator("#paper-e")).to_contain_text("凭据文件")
    assert (page.input_value("#until_on"), page.input_value("#words")) == (SOON, "在贵阳参保")
    page.set_input_files("#paper", {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="除外 1 处").click()
    page.wait_for_selector("#granted")
    assert "待重算" in page.locator("#granted").inner_text()
    assert page.locator(ROWS, has_text="已除外，待重算").count() == 1
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("证明.pdf")).click()
    assert download.value.path().read_bytes() == PDF


def test_a_letter_is_written_printed_and_answered(window):
    page = window()
    page.goto("/gaps/?due=insured")
    page.locator(f"{ROWS} input[type=checkbox]").nth(3).check()
    page.locator("#bulk button[value=letter]").click()
    page.select_option("#department", "insurance_bureau")
    page.fill("#reason", "请核实参保情况，能补的补上")
    page.fill("#reply_by", SOON)
    page.locator(".form button.go").click()
    page.wait_for_url("**/letters/*/")
    with page.expect_download() as paper:
        page.get_by_role("link", name="下载 PDF").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF-")
    with page.expect_download() as book:
        page.get_by_role("link", name="下载名单 XLSX").click()
    content = book.value.path().read_bytes()
    texts = ZipFile(BytesIO(content)).read("xl/sharedStrings.xml").decode()
    assert "········" in texts and not re.search(r"\d{17}[\dX]", texts)
    page.fill("#replied_on", date.today().isoformat())
    page.fill("#reply", "已补登")
    page.get_by_role("button", name="登记答复").click()
    expect(page.locator("main")).to_contain_text("已补登")
    page.goto("/gaps/week/")
    expect(page.locator("main")).to_contain_text("复函")


def test_a_village_doctor_notes_what_was_done_and_neither_assigns_nor_excepts(window):
    page = window("cunyi")
    page.goto("/gaps/")
    page.locator("a.what").first.click()
    page.wait_for_selector("#work")
    assert page.locator("#assign, #bulk button[value=except]").count() == 0
    page.fill("#note", "上门两次，人在外地")
    page.get_by_role("button", name="保存办理").click()
    page.wait_for_selector("#undo")
    assert "上门两次，人在外地" in page.locator("#one-in .tl").inner_text()
    assert page.request.get("/letters/").status == 403
    assert page.request.get("/held/").status == 403


def test_a_held_bill_is_released_by_two_people_and_not_by_one(window, browser, desk, second_state):
    page = window()
    page.goto("/held/?kind=waiting")
    bill = page.locator(".held > li").first
    bill.locator("textarea").fill("参保记录已补登")
    bill.get_by_role("button", name="提出计入").click()
    page.wait_for_url("**/held/")
    assert page.get_by_role("button", name="确认计入").count() == 0
    assert page.get_by_role("button", name="撤回我的提议").count() == 1
    context = browser.new_context(base_url=desk.address, storage_state=second_state)
    other = context.new_page()
    other.goto("/held/")
    other.get_by_role("button", name="确认计入").click()
    expect(other.locator("[role=status]")).to_contain_text("已确认")
    context.close()
