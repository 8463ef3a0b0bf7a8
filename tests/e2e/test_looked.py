"""A number in full, from the person's page to the auditor who sees that somebody looked."""

import re

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.desk import AUDITOR, DOCTOR, OFFICER
from tests.e2e.test_look import violations

NUMBER = re.compile(r"\b\d{17}[\dX]\b")


@pytest.mark.parametrize("width", [1440, 360])
def test_an_officer_sees_a_number_for_a_reason_and_the_auditor_sees_who_looked(window, pages, width):
    officer, person = window(OFFICER, width=width), pages["person"].split("?")[0]
    officer.goto(person)
    assert not NUMBER.search(officer.content())
    officer.get_by_role("link", name="查看号码").click()
    officer.get_by_role("button", name="记下并查看").click()
    expect(officer.get_by_role("alert")).to_contain_text("没有选为什么看")
    assert violations(officer) == []
    officer.get_by_label("别的事").check()
    officer.get_by_label("办什么事").fill("核对慢病卡")
    officer.get_by_role("button", name="记下并查看").click()
    shown = officer.locator("p.big").inner_text()
    assert NUMBER.fullmatch(shown)
    assert violations(officer) == []

    officer.get_by_role("link", name="看完了").click()
    expect(officer.get_by_role("heading", level=1)).to_be_visible()
    expect(officer.locator("body")).not_to_contain_text(shown)
    try:  # the browser has kept nothing: it would have to ask, and send the form, again
        officer.go_back()
    except Error as refused:
        assert "ERR_CACHE_MISS" in str(refused)
    expect(officer.locator("body")).not_to_contain_text(shown)

    auditor = window(AUDITOR, width=width)
    auditor.goto(person)
    assert auditor.get_by_role("link", name="查看号码").count() == 0
    auditor.get_by_role("link", name="谁看过").click()
    row = auditor.get_by_role("row").filter(has_text="看了号码").first
    expect(row).to_contain_text(OFFICER)
    expect(row).to_contain_text("别的事（写明）：核对慢病卡")


def test_a_village_doctor_sees_no_who_looked(window, pages):
    doctor = window(DOCTOR)
    assert doctor.goto(pages["who_looked"]).status in (403, 404)
