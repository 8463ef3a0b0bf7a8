"""What is due, there and missing reads as one plain sentence."""

from datetime import date
from string import Formatter

import pytest

from yingjin.gaps.domain.dues import DONE, EXCEPTED
from yingjin.gaps.domain.words import (
    closed_by,
    closes_with_zh,
    closing,
    done_zh,
    due_zh,
    exception_zh,
    lacks_zh,
)
from yingjin.gaps.files import due_rules

RULES = due_rules()
ENGLISH = due_rules(english=True)
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


@pytest.mark.parametrize(
    ("due", "status", "facts", "change", "zh", "en"),
    [
        ("insured", DONE, {"year": 2025, "last_year": 2024}, "", "有 2025 年参保记录", "Enrolment record of 2025"),
        (
            "treated", DONE, {"last_on": "2025-10-03", "by_stay": True}, "",
            "2025-10-03 有以此病为主诊断的住院", "A stay with this main diagnosis of 2025-10-03",
        ),
        (
            "treated", DONE, {"last_on": "2025-10-03", "by_stay": False}, "",
            "2025-10-03 有救治记录", "A treatment record of 2025-10-03",
        ),
        ("contracted", EXCEPTED, {}, "left", "外出，不在村里住", "Away, not living in the village"),
        ("covered", DONE, {"paid": [["basic", 1, 1]]}, "", "各方实付不少于应付", "Every payer has paid what is due"),
    ],
)  # fmt: skip
def test_what_closed_a_gap_is_stored_in_no_language_and_said_in_both(due, status, facts, change, zh, en):
    stored = closing(status, facts, change)
    assert stored.isascii() and len(stored) <= 200
    assert (closed_by(stored, due, RULES), closed_by(stored, due, ENGLISH)) == (zh, en)


def test_what_was_stored_as_a_sentence_is_still_said():
    assert closed_by("有 2024 年参保记录", "insured", ENGLISH) == "有 2024 年参保记录"


def test_every_sentence_has_the_same_words_in_both_languages():
    for due, rule in RULES.dues.items():
        other = ENGLISH.dues[due]
        pairs = [(rule.due_zh, other.due_zh), (rule.done_zh, other.done_zh)]
        for code, reason in rule.reasons.items():
            said = other.reasons[code]
            pairs += [(reason.lacks_zh, said.lacks_zh), (reason.closes_with_zh, said.closes_with_zh)]
        for zh, en in pairs:
            assert words_in(zh) == words_in(en), (zh, en)
            assert not any("\u4e00" <= char <= "\u9fff" for char in en), en


def words_in(text: str) -> set[str | None]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
