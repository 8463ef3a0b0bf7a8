from datetime import date
from types import SimpleNamespace

import pytest

from yingjin.console.templatetags import yingjin as words

ON = date(2025, 12, 31)


def test_unknown_is_said_and_zero_is_zero():
    assert (words.yuan(None), words.yuan(0), words.count(None), words.count(0)) == ("空", "0.00", "空", "0")


def test_money_has_two_decimals_and_a_real_minus():
    assert words.yuan(-2843652) == "−28,436.52"


def test_a_day_within_the_year_is_short_and_another_is_whole():
    assert words.day_in(date(2025, 11, 16), ON) == "11-16"
    assert words.day_in(date(2024, 11, 16), ON) == "2024-11-16"


def test_patients_read_months_and_days():
    assert words.day_zh(date(2025, 11, 1)).replace("\u00a0", " ") == "11 月 1 日"


def test_what_is_not_whole_is_never_a_hundred_per_cent():
    assert words.percent(99_999, 100_000).startswith("99.99")
    assert words.percent(3, 3).startswith("100.00")
    assert words.percent(0, 0) == "–"


@pytest.mark.parametrize(
    ("status", "in_time", "char"),
    [
        ("done", False, "已"),
        ("open", False, "缺"),
        ("open", True, "待"),
        ("unknown", False, "待"),
        ("excepted", False, "免"),
        ("not_due", False, "免"),
    ],
)
def test_each_state_has_one_character_and_says_itself_in_full(status, in_time, char):
    shown = words.stamp(status, in_time)
    assert f">{char}<" in shown and 'class="hide"' in shown


def test_a_due_with_one_late_item_is_late_and_with_none_is_in_time():
    def item(due_by):
        return SimpleNamespace(status="open", due_by=due_by)

    early, late = date(2026, 1, 5), date(2025, 12, 1)
    assert words.state_mark(SimpleNamespace(status="open", items=[item(early)]), ON).char == "待"
    assert words.state_mark(SimpleNamespace(status="open", items=[item(early), item(late)]), ON).char == "缺"


def test_a_deadline_says_late_today_or_left():
    assert "逾期 27 天" in words.deadline(27)
    assert "今天" in words.deadline(0)
    assert words.deadline(-2) == "还有 2 天"
    assert "无期限" in words.deadline(None)


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("结构彝族苗族乡", "结构乡"),
        ("松林坡白族彝族苗族乡", "松林坡乡"),
        ("威奢乡", "威奢乡"),
        ("双河街道", "双河街道"),
        ("新民布依族镇", "新民镇"),
    ],
)
def test_a_township_is_short_in_lists(full, short):
    assert words.short_place(full) == short


def test_an_expression_is_written_as_people_write_it():
    assert words.sum_words("2497.86/2775.27*100 = 90.01") == "2497.86 ÷ 2775.27 × 100 ＝ 90.01"
    assert words.sum_words("1+2 <= 4") == "1 ＋ 2 ≤ 4"
