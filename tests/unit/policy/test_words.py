"""Each step in plain Chinese, with its sum."""

from datetime import date

import pytest

from tests.support.tree import ROOT
from yingjin.policy import rulebooks
from yingjin.policy.domain import words
from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.domain.year import settle_year
from yingjin.policy.queries import rulebook

BOOK = rulebook("hezhang")
SPACE = "\u00a0"
BILL = BillFacts(
    "b1", "inpatient", "L2", True, True, True, date(2024, 11, 1), date(2024, 11, 11), 2_843_652, 121_240
)


def steps(*bills, held=("C06",), book=BOOK, born=date(1970, 1, 1)):
    """Return the last bill's steps by kind, of a person with these categories."""
    person = PersonFacts("P1", born, tuple(CategoryHeld(key, date(2014, 1, 1)) for key in held))
    outcome = settle_year(person, list(bills) or [BILL], book, explain=True)[-1]
    return {f"{step['kind']} {step.get('layer', '')}".strip(): step for step in outcome.steps}


def test_the_sum_stands_as_people_write_it():
    its = steps()
    assert words.formula(its["in_scope"]) == "28,436.52 − 1,212.40 ＝ 27,224.12"
    assert words.formula(its["rate basic"]) == f"（27,224.12 − 200.00）× 80{SPACE}% ＝ 21,619.30"
    assert (
        words.formula(its["rate_above critical_illness"])
        == f"（5,604.82 − 3,000.00）× 60{SPACE}% ＝ 1,562.89"
    )
    assert words.formula(its["no_clause assistance"]) == "0.00"
    assert words.formula(its["own_payment"]) == "目录内 4,041.93 ＋ 目录外 1,212.40 ＝ 5,254.33"
    assert words.formula(its["deductible basic"]) == "27,224.12 ≥ 200.00，减 200.00"
    assert words.formula(its["counted"]) == ""


def test_the_operands_are_data_with_the_result_last():
    tokens = words.operands(steps()["rate basic"])
    assert [token["fen"] for token in tokens if "fen" in token] == [2_722_412, 20_000, 2_161_930]
    assert [token["bp"] for token in tokens if "bp" in token] == [8000]
    assert tokens[-1] == {"fen": 2_161_930, "result": True}


def test_a_later_bill_shows_what_it_is_stacked_on():
    first = BILL._replace(
        bill_id="a", discharged_on=date(2024, 1, 5), admitted_on=None, total_fen=483_200, out_of_scope_fen=0
    )
    its = steps(first, BILL)
    above = its["rate_above critical_illness"]
    assert words.formula(above) == f"（1,126.40 ＋ 5,604.82 − 3,000.00）× 60{SPACE}% ＝ 2,238.73"
    assert "按年累计" in words.sentence(above, BOOK)
    assert words.accumulators(above, BOOK) == [
        ("今年基本医保付后的目录内自付", 112_640, 673_122),
        ("今年大病保险已付", 0, 223_873),
    ]
    assert words.readings(above) == "读法 P01、P02、P12、P13、P14、P15、P16、P17"
    third = BILL._replace(bill_id="c", discharged_on=date(2024, 12, 1), total_fen=200_000, out_of_scope_fen=0)
    assert (
        words.formula(steps(first, BILL, third)["rate_above critical_illness"])
        == f"560.00 × 60{SPACE}% ＝ 336.00"
    )


def test_a_threshold_not_passed_is_said_with_both_numbers():
    its = steps(BILL._replace(total_fen=500_000, out_of_scope_fen=0), held=())
    step = its["rate_above critical_illness"]
    assert words.title(step, BOOK) == "大病保险不付"
    assert words.formula(step) == "1,400.00 ≤ 5,000.00，付 0.00"
    assert "1,400.00 元，没有超过 5,000.00 元" in words.sentence(step, BOOK)


def test_titles_name_the_layer_and_the_rate():
    its = steps()
    assert words.title(its["rate basic"], BOOK) == f"基本医保付 80{SPACE}%"
    assert words.title(its["no_clause assistance"], BOOK) == "医疗救助不付"
    assert [
        words.title(its[kind], BOOK) for kind in ("in_scope", "counted", "deductible basic", "own_payment")
    ] == ["先分出目录外的费用", "看这张单据该不该付", "减起付线", "本人付"]


def test_sentences_say_why():
    its = steps()
    assert words.sentence(its["in_scope"], BOOK) == "总费用减去目录外费用，剩下的是目录内费用。"
    assert words.sentence(its["deductible basic"], BOOK) == "起付线 200.00 元由本人付，以上的部分才报销。"
    assert words.sentence(its["own_payment"], BOOK) == "目录内各方付完剩下的，加上目录外的费用。"
    plain = words.sentence(steps(held=())["rate basic"], BOOK)
    assert plain == "先减起付线，其余按医疗机构级别报销。"
    assert words.sentence(its["counted"], BOOK) == (
        "二级（县级）医疗机构（县内、定点、公立）住院。2024-11-11 这天 54 岁，重度残疾人、大病保险起付标准降低的特殊人群。"
    )
    basic = words.sentence(its["rate basic"], BOOK)
    assert f"同级 75{SPACE}%，加 5 个百分点。" in basic
    assert "也符合“第一张网·分级报销”" in basic
    assert words.sentence(its["no_clause assistance"], BOOK) == "这个人当天的身份不在医疗救助的范围里。"
    assert "没有登记的身份" in words.sentence(steps(held=())["counted"], BOOK)
    assert "暂不入账" in words.sentence(steps(BILL._replace(moves=False))["counted"], BOOK)


def test_a_bill_that_no_layer_pays_says_so_and_why():
    its = steps(BILL._replace(designated=False))
    assert words.sentence(its["counted"], BOOK).startswith("不是定点医疗机构")
    assert words.sentence(its["own_payment"], BOOK) == "三张网都不付，总费用全由本人付。"
    assert words.formula(its["own_payment"]) == "28,436.52 ＝ 28,436.52"


def test_a_bill_below_the_deductible_says_so():
    its = steps(BILL._replace(total_fen=15_000, out_of_scope_fen=0))
    assert words.formula(its["deductible basic"]) == "150.00 ＜ 200.00，减 150.00"
    assert "不到这个数" in words.sentence(its["deductible basic"], BOOK)
    assert words.title(its["rate basic"], BOOK) == "基本医保不付"
    assert words.formula(its["rate basic"]) == f"0.00 × 75{SPACE}% ＝ 0.00"


def test_a_rate_on_all_that_is_left_needs_no_brackets():
    its = steps(held=("C03",))
    assert words.formula(its["rate assistance"]) == f"5,782.41 × 100{SPACE}% ＝ 5,782.41"


def test_other_readings_have_other_words():
    relative = rulebooks.load("hezhang", {"P09": "relative", "P14": "whole"})
    its = steps(book=relative)
    assert "105%" in words.sentence(its["rate basic"], relative)
    assert "加 3.75 个百分点" in words.sentence(its["rate basic"], relative)
    whole = its["rate_of_whole critical_illness"]
    assert "超过以后全部算" in words.sentence(whole, relative)
    assert words.formula(whole) == f"5,942.63 × 60{SPACE}% ＝ 3,565.58"


def test_a_step_is_worded_by_the_clause_as_it_stood_on_the_bills_day(tmp_path):
    text = (ROOT / "rulebooks/hezhang/hezhang.yaml").read_text(encoding="utf-8")
    start = text.index("  - id: R10\n")
    clause = text[start : text.index("\n\n", start) + 1]
    later = clause.replace("2016-01-01", "2020-01-01", 1).replace("先减起付线", "从 2020 年起先减起付线")
    path = tmp_path / "hezhang.yaml"
    path.write_text(
        text.replace(clause, clause.replace("valid_to:\n", "valid_to: 2020-01-01\n") + "\n" + later),
        encoding="utf-8",
    )
    book = rulebooks.load(path)
    early = BILL._replace(discharged_on=date(2019, 12, 31))
    assert words.sentence(steps(early, book=book, held=())["rate basic"], book).startswith("先减起付线")
    assert words.sentence(steps(book=book, held=())["rate basic"], book).startswith("从 2020 年起")


def test_a_rate_held_to_its_bound_says_so(tmp_path):
    text = (ROOT / "rulebooks/hezhang/hezhang.yaml").read_text(encoding="utf-8")
    path = tmp_path / "hezhang.yaml"
    path.write_text(text.replace("adds_bp: 500}", "adds_bp: 5000}"), encoding="utf-8")
    book = rulebooks.load(path)
    assert f"最多 100{SPACE}%" in words.sentence(steps(book=book)["rate basic"], book)


@pytest.mark.parametrize(
    ("rate_bp", "text"), [(8000, "80"), (7875, "78.75"), (10, "0.1"), (10_000, "100"), (0, "0")]
)
def test_rates_are_written_without_idle_zeros(rate_bp, text):
    assert words.percent(rate_bp) == f"{text}{SPACE}%"


def test_a_step_that_rests_on_no_reading_names_none():
    assert words.readings({"readings": []}) == words.readings({"readings": []}, english=True) == ""
