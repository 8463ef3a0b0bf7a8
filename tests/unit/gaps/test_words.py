"""What is due, there and missing reads as one plain sentence."""

from datetime import date

import pytest

from yingjin.gaps.domain.dues import DONE
from yingjin.gaps.domain.words import closes_with_zh, done_zh, due_zh, evidence_zh, exception_zh, lacks_zh
from yingjin.gaps.files import due_rules

RULES = due_rules()
ON = date(2025, 12, 31)


@pytest.mark.parametrize(
    ("due", "reason", "facts", "sentence"),
    [
        ("insured", "not_enrolled", {"year": 2025, "last_year": 2024}, "医保登记册没有 2025 年参保记录"),
        (
            "insured",
            "enrolment_lapsed",
            {"year": 2025, "last_year": 2024},
            "2024 年已参保，2025 年没有参保记录",
        ),
        ("treated", "never_treated", {"confirmed_on": "2025-11-20"}, "食管癌，2025-11-20 确诊，没有救治记录"),
        (
            "contracted",
            "contract_ended",
            {"ended_on": "2025-10-25"},
            "家庭医生签约 2025-10-25 到期，没有续签",
        ),
        ("covered", "critical_illness_short", {"paid": []}, "大病保险少付 1,824.60 元"),
    ],
)
def test_what_is_missing_reads_as_a_sentence(due, reason, facts, sentence):
    assert lacks_zh(due, reason, facts, RULES, short_fen=182460, disease="食管癌") == sentence


def test_a_disease_nobody_may_name_is_not_named():
    assert lacks_zh("treated", "never_treated", {}, RULES) == "这种病，空 确诊，没有救治记录"


def test_what_is_due_names_year_disease_or_amount():
    assert due_zh("insured", {"year": 2025}, RULES, on=ON) == "在应保应签名单内，2025 年应参保"
    assert due_zh("treated", {"confirmed_on": "2025-11-20"}, RULES, on=ON, disease="食管癌").startswith(
        "食管癌在"
    )
    paid = {"discharged_on": "2025-03-01", "paid": [["basic", 100_000, 0], ["assistance", 50, 0]]}
    assert due_zh("covered", paid, RULES, on=ON) == "2025-03-01 出院的这次住院，按规则应付 1,000.50 元"


def test_what_closes_a_gap_names_the_evidence():
    assert closes_with_zh("insured", "not_enrolled", {"year": 2025}, RULES) == "2025 年参保记录"
    assert done_zh("treated", {"last_on": "2025-10-03", "by_stay": False}, RULES) == "2025-10-03 有救治记录"
    assert (
        done_zh("treated", {"last_on": "2025-10-03", "by_stay": True}, RULES)
        == "2025-10-03 有以此病为主诊断的住院"
    )
    assert evidence_zh("insured", DONE, {"year": 2025}, "", RULES) == "有 2025 年参保记录"
    assert exception_zh("refused", RULES) == "本人拒绝，已说明"


def test_every_reason_has_its_sentence_without_a_gap_in_it():
    facts = {
        "year": 2025,
        "last_year": 2024,
        "confirmed_on": "2025-01-01",
        "last_on": "2025-01-01",
        "ended_on": "2025-01-01",
    }
    for due, rule in RULES.dues.items():
        for reason in rule.reasons:
            assert "空" not in lacks_zh(due, reason, facts, RULES, short_fen=1, disease="胃癌"), (due, reason)
