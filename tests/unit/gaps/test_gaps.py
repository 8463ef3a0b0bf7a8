"""What becomes of a gap: opened, changed, closed by evidence, reopened, never deleted."""

from datetime import date

import pytest

from yingjin.gaps.domain.dues import DONE, EXCEPTED, OPEN, UNKNOWN, DueState, Excepted
from yingjin.gaps.domain.gaps import (
    CHANGED,
    CLOSED,
    OPENED,
    REOPENED,
    Known,
    turn,
)
from yingjin.gaps.domain.words import LEFT_BASE, NO_LONGER_DUE, closed_by
from yingjin.gaps.files import due_rules

ON = date(2025, 12, 31)
DUE_BY = date(2025, 3, 2)
LACKING = DueState(
    "insured", "", OPEN, {"year": 2025}, "not_enrolled", "township_insurance", date(2025, 1, 1), DUE_BY
)
DOUBTFUL = LACKING._replace(status=UNKNOWN, reason="confirm_identity", owner="village_doctor")
ENROLLED = DueState("insured", "", DONE, {"year": 2025})
AWAY = Excepted("work_insured", date(2025, 2, 1), "证明", None)
KNOWN = Known(True, False, "not_enrolled", "township_insurance", 0, DUE_BY)


def turned(known: Known | None, state: DueState | None, due: str = "insured", in_base: bool = True):
    return turn(known, state, due=due, in_base=in_base, on=ON, rules=due_rules())


@pytest.mark.parametrize("state", [LACKING, DOUBTFUL])
def test_something_newly_missing_opens_a_gap(state):
    assert turned(None, state) == (OPENED, "")


def test_a_second_look_at_the_same_changes_nothing():
    assert turned(KNOWN, LACKING) is None
    assert turned(None, ENROLLED) is None
    assert turned(KNOWN._replace(open=False), ENROLLED) is None
    assert turned(KNOWN._replace(open=False), None) is None
    assert turned(None, None) is None


@pytest.mark.parametrize(
    "before",
    [
        KNOWN._replace(unknown=True),
        KNOWN._replace(reason="enrolment_lapsed"),
        KNOWN._replace(owner="village_doctor"),
        KNOWN._replace(shortfall_fen=5),
        KNOWN._replace(due_by=date(2025, 5, 1)),
    ],
)
def test_a_gap_that_is_missing_in_another_way_has_changed(before):
    assert turned(before, LACKING) == (CHANGED, "")


def test_evidence_closes_a_gap_and_is_named():
    what, evidence = turned(KNOWN, ENROLLED)
    assert (what, closed_by(evidence, "insured", due_rules())) == (CLOSED, "有 2025 年参保记录")


def test_an_exception_closes_a_gap_and_is_named():
    state = DueState("insured", "", EXCEPTED, {"year": 2025}, exception=AWAY)
    what, evidence = turned(KNOWN, state)
    assert (what, closed_by(evidence, "insured", due_rules())) == (CLOSED, "已参加职工医保")


def test_a_gap_whose_evidence_was_lost_reopens():
    assert turned(KNOWN._replace(open=False), LACKING) == (REOPENED, "")


def test_nothing_is_missing_for_those_outside_the_base():
    assert turned(KNOWN, None, in_base=False) == (CLOSED, LEFT_BASE)


def test_a_condition_taken_out_of_the_register_is_due_no_longer():
    assert turned(KNOWN, None, due="treated") == (CLOSED, NO_LONGER_DUE)


@pytest.mark.parametrize(
    ("year", "result"), [(2024, None), (2025, (CLOSED, NO_LONGER_DUE)), (None, (CLOSED, NO_LONGER_DUE))]
)
def test_a_shortfall_of_an_earlier_year_stays_open_without_evidence(year, result):
    assert turned(KNOWN._replace(year=year), None, due="covered") == result
