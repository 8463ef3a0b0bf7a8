"""The closing tables say what was counted, in the words of the county."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from rich.console import Console

from yingjin.basics.errors import BadInput
from yingjin.fusion.actions.tally import KindTally, LandTally, PartTally
from yingjin.jobs.run_county import closing, day_asked, left_out
from yingjin.jobs.run_county.stages import Course, Stage


def said(table) -> str:
    console = Console(width=160)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def part(**counts) -> PartTally:
    return PartTally("insurance", "enrolment", files=2, kinds={"enrolment": KindTally(**counts)})


def test_the_four_dues_are_counted_as_due_done_lacking_to_confirm_and_excepted():
    none = {"done": 0, "open": 0, "unknown": 0, "excepted": 0}
    counts = {"insured": {"done": 61_022, "open": 244, "unknown": 18, "excepted": 5}}
    lines = said(closing.due_table("四应", {due: counts.get(due, none) for due in closing.DUES})).splitlines()
    insured = next(line for line in lines if "应保尽保" in line)
    # 应 61,284 − 已 61,022 ＝ 缺 262，其中待核 18; what is excepted is not due.
    assert insured.replace("│", " ").split() == ["应保尽保", "61,284", "61,022", "262", "18", "5", "99.57"]
    nothing = next(line for line in lines if "应治尽治" in line)
    assert nothing.replace("│", " ").split() == ["应治尽治", "0", "0", "0", "0", "0", "–"]


def test_a_register_is_a_line_with_what_became_of_its_rows():
    tally = LandTally(landing=None, parts=[part(rows=1_915, new=1_900, changed=3, refused=2, withdrawn=7)])
    line = next(line for line in said(closing.register_table(tally)).splitlines() if "参保登记" in line)
    assert line.replace("│", " ").split() == ["参保登记", "收下", "2", "1,915", "1,900", "3", "2", "7", "0"]


def test_every_count_of_a_stage_has_a_word():
    course = Course(folder=None, book=None, county_code="520527", at=None)
    course.stages.append(
        Stage("收登记册", "land", 1.25, 0.5, {"rows": 12_218, "refused": 22, "withdrawn": 0})
    )
    text = said(closing.stage_table(course))
    assert "行 12,218" in text and "拒收 22" in text and "撤回" not in text
    assert "合计" in text and "1.2" in text


def test_the_report_holds_the_stages_and_appears_whole(tmp_path):
    course = Course(folder=None, book=None, county_code="520527", at=None)
    course.stages.append(Stage("按年重放结算", "settle", 2.0, 1.0, {"bills": 5}))
    path = tmp_path / "report.json"
    closing.write_report(course, path)
    report = json.loads(path.read_text())
    assert report["stages"] == [
        {"name": "settle", "seconds": 2.0, "cpu_seconds": 1.0, "counts": {"bills": 5}}
    ]
    assert report["peak_mib"] > 0 and list(tmp_path.iterdir()) == [path]


def test_many_rows_withdrawn_are_warned_of_and_a_few_are_not():
    many, few = part(rows=50, known=50, withdrawn=50), part(rows=99, known=99, withdrawn=1)
    (warning,) = left_out.large_withdrawals([many, few])
    assert "参保登记这次撤回了 50 行，占原有的 50.00%" in warning[0]
    assert not list(left_out.large_withdrawals([part(rows=9, new=9)]))


def test_a_file_refused_whole_is_named_with_its_reason_and_a_file_taken_only_with_what_was_not_read():
    def file(name, status, reason="", marked=""):
        return SimpleNamespace(
            name=name, status=status, reason_zh=reason, reason_en=reason, marked_name=marked, refused=9
        )

    files = [
        file("坏.csv", "refused", "没有表头。"),
        file("好.csv", "landed", "多出的列。"),
        file("净.csv", "landed"),
    ]
    assert [zh for zh, _ in left_out.refused_files(files)] == ["没有收“坏.csv”：没有表头。"]
    assert [zh for zh, _ in left_out.remarks(files)] == ["好.csv：多出的列。"]


def test_a_county_is_settled_by_its_own_rulebook_alone():
    course = Course(folder=None, book=None, county_code="520527", at=None, on=date(2025, 12, 31))
    course.home = "520527"
    assert course.has_law
    course.home = "510525"
    assert not course.has_law


def test_dues_are_found_on_a_day_that_has_been():
    today = date(2026, 1, 2)
    assert day_asked("2026-01-02", today) == today
    for wrong, word in (("2062-01-02", "还没有到"), ("2026-1-2", "不是日期")):
        with pytest.raises(BadInput) as refused:
            day_asked(wrong, today)
        assert word in refused.value.reason_zh
