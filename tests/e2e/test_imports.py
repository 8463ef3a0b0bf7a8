"""From the file on an officer's machine to its rows, and back: upload, dry run, landing, history, undoing."""

import csv
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from python_calamine import CalamineWorkbook

from tests.e2e.desk import AUDITOR, OFFICER

AXE = Axe()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SLOW = 60_000


@pytest.fixture(scope="module")
def fewer(desk, tmp_path_factory) -> Path:
    """The enrolment file of 2025 without five people, and with one row that cannot be kept."""
    path = desk.place.inputs / "county" / "registers" / "参保_2025.csv"
    header, *rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    spoilt = [*rows[5]]
    spoilt[header.index("year") if "year" in header else header.index("insu_year")] = "二〇二五"
    target = tmp_path_factory.mktemp("imports") / "参保_2025.csv"
    with open(target, "w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([header, *rows[6:], spoilt])
    return target


def fit_to_read(page) -> None:
    found = AXE.run(page, options={"runOnly": STANDARDS}).response["violations"]
    assert not found, [(each["id"], [node["html"][:160] for node in each["nodes"][:2]]) for each in found]
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_an_officer_sends_a_file_looks_lands_it_and_takes_it_back(window, fewer):
    page = window(OFFICER)
    wrong = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto("/imports/")
    fit_to_read(page)
    page.get_by_label("选文件").set_input_files(fewer)
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_text("现在一行也没有写入").wait_for(timeout=SLOW)
    would = page.locator("tbody tr", has_text="参保登记").locator("td").all_inner_texts()
    assert int(would[-2]) >= 5, "those the file lacks are withdrawn"
    assert "不是年度" in page.get_by_role("region", name="问题表").inner_text()
    fit_to_read(page)
    page.get_by_role("button", name="收下").click()
    page.get_by_role("heading", name="撤销这次导入").wait_for(timeout=SLOW)
    assert "已收下" in page.locator(".answer").inner_text()
    fit_to_read(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载").click()
    copy = CalamineWorkbook.from_filelike(BytesIO(Path(taken.value.path()).read_bytes()))
    assert any("不是年度" in str(cell) for line in copy.get_sheet_by_index(0).to_python() for cell in line)
    page.set_viewport_size({"width": 360, "height": 800})
    fit_to_read(page)
    page.get_by_label("为什么撤销").fill("传错了文件")
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("撤销：传错了文件").wait_for(timeout=SLOW)
    page.goto("/imports/")
    fit_to_read(page)
    assert "已撤销" in page.locator("tbody tr").first.inner_text()
    assert not wrong


def test_nothing_chosen_is_told_beside_the_field(window):
    page = window(OFFICER)
    page.goto("/imports/")
    page.get_by_role("button", name="上传并检查").click()
    assert "没有选文件" in page.locator("#files-err").inner_text()
    fit_to_read(page)


def test_the_same_file_again_says_who_landed_it(window, desk):
    page = window(OFFICER)
    page.goto("/imports/")
    page.get_by_label("选文件").set_input_files(desk.place.inputs / "county" / "registers" / "机构.csv")
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_text("不用再收").wait_for(timeout=SLOW)
    assert page.get_by_role("button", name="收下").count() == 0


def test_the_page_is_the_county_officers_alone(desk):
    status, _ = desk.visitor(AUDITOR).ask("/imports/")
    assert status == 403
    assert "/imports/" not in desk.visitor(AUDITOR).page("/find/")
