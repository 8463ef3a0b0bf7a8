"""What is said of each of the four dues: yingjin/insight/domain/due_words.py."""

from datetime import date
from typing import Any

import pytest

from yingjin.gaps.domain.dues import DueState, Excepted
from yingjin.gaps.files import due_rules
from yingjin.insight.domain.due_words import disease_of, item_zh, text_zh, title_zh

RULES = due_rules()
PAID = [["basic", 1_000_00, 400_00]]


def state(due: str, status: str, subject: str = "", **more: Any) -> DueState:
    facts = {
        "year": 2025,
        "last_year": 2024,
        "discharged_on": "2025-03-22",
        "paid": PAID,
        "last_on": "2025-06-30",
    }
    return DueState(due, subject, status, facts, **more)


@pytest.mark.parametrize(
    ("due", "status", "said"),
    [
        ("insured", "done", "已参保"),
        ("insured", "open", "没有参保"),
        ("insured", "unknown", "参保待核"),
        ("contracted", "excepted", "不在应签约之列"),
        ("covered", "open", "2 处没有兜住"),
        ("treated", "open", "2 种病没有救治"),
    ],
)
def test_the_heading_says_how_a_due_stands(due: str, status: str, said: str) -> None:
    items = [state(due, status, "一"), state(due, status, "二"), state(due, "done", "三")]
    assert title_zh(due, status, items, in_base=True) == said


def test_the_heading_says_why_nothing_is_due() -> None:
    assert title_zh("treated", "not_due", [], in_base=True) == "没有名单内的病"
    assert title_zh("covered", "not_due", [], in_base=True) == "今年没有该兜的住院"
    assert title_zh("insured", "not_due", [], in_base=False) == "当天不在应享名单"
    assert title_zh("covered", "not_due", [], in_base=False) == "当天不在应享名单"


def test_the_line_names_whose_task_it_is_once() -> None:
    lacking = [
        state("covered", "open", "一", owner="county_insurance"),
        state("covered", "open", "二", owner="county_insurance"),
        state("covered", "open", "三", owner="county_assistance"),
        state("covered", "done", "四"),
    ]
    assert text_zh("open", lacking, RULES) == "责任 县医保局经办、县医疗救助经办"


def test_the_line_gives_the_evidence() -> None:
    assert text_zh("done", [state("insured", "done")], RULES) == "有 2025 年参保记录"
    several = [state("covered", "done", "一"), state("covered", "done", "二")]
    assert text_zh("done", several, RULES) == "今年 2 次住院，各方实付都不少于应付"
    one = [state("covered", "done", "一")]
    assert text_zh("done", one, RULES) == "2025-03-22 出院：各方实付不少于应付"
    ill = [state("treated", "done", "食管癌"), state("treated", "done", "胃癌")]
    assert text_zh("done", ill, RULES) == "食管癌：2025-06-30 有救治记录，胃癌：2025-06-30 有救治记录"


def test_the_line_is_empty_where_an_exception_says_it_or_nothing_is_due() -> None:
    away = Excepted("left", date(2025, 3, 1), "登记表", None)
    assert text_zh("excepted", [state("contracted", "excepted", exception=away)], RULES) == ""
    assert text_zh("not_due", [], RULES) == ""


def test_one_due_says_what_is_missing_of_which_stay_or_disease() -> None:
    short = state("covered", "open", "一", reason="basic_short", shortfall=(("basic", 600_00),))
    assert item_zh(short, RULES) == "2025-03-22 出院：基本医保少付 600.00 元"
    ill = state("treated", "open", "食管癌", reason="treatment_lapsed")
    assert item_zh(ill, RULES) == "食管癌，上次救治在 2025-06-30，此后一年没有记录"
    assert item_zh(state("insured", "open", reason="enrolment_lapsed"), RULES) == (
        "2024 年已参保，2025 年没有参保记录"
    )


def test_one_due_says_why_it_does_not_bind() -> None:
    away = Excepted("left", date(2025, 3, 1), "登记表", None)
    assert item_zh(state("contracted", "excepted", exception=away), RULES) == "外出，不在村里住"


def test_only_a_treated_due_is_of_a_disease() -> None:
    assert disease_of(state("treated", "open", "食管癌")) == "食管癌"
    assert disease_of(state("covered", "open", "S1")) == ""
