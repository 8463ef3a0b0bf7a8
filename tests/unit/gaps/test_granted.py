"""An exception granted at the desk: for one due of one person, from a day up to another."""

from datetime import date, timedelta

import pytest

from tests.unit.gaps.test_dues import IN_FORCE, ON, RULES, STROKE, judged, person, states
from yingjin.gaps.domain.dues import EXCEPTED, OPEN, UNKNOWN
from yingjin.gaps.domain.facts import Changed, Confirmed, Evidence, Granted
from yingjin.gaps.domain.words import exception_zh

DAY = timedelta(days=1)


def granted(due: str = "insured", subject: str = "", on: date = ON, until: date = ON + DAY) -> Granted:
    return Granted(due, subject, "insured_elsewhere", on, until, "参保证明")


def test_it_excepts_from_its_first_day_up_to_its_last():
    facts = person(granted=(granted(until=ON + 10 * DAY),))
    state = judged("insured", facts)
    assert (state.status, state.exception.change, state.exception.evidence) == (
        EXCEPTED,
        "insured_elsewhere",
        "参保证明",
    )
    assert exception_zh(state.exception.change, RULES) == "已在外地参保"
    assert judged("insured", facts, ON - DAY).status == OPEN
    assert judged("contracted", facts).status == OPEN


def test_once_it_is_over_the_due_counts_from_its_end():
    state = judged("insured", person(granted=(granted(on=date(2025, 6, 1), until=date(2025, 9, 1)),)))
    assert (state.status, state.since_on) == (OPEN, date(2025, 9, 1))


def test_it_is_of_one_disease_alone():
    heart = Confirmed("heart", date(2023, 4, 12), date(2018, 1, 1))
    facts = person(conditions=(STROKE, heart), granted=(granted("treated", "stroke"),))
    assert states(facts)[("treated", "stroke")] == EXCEPTED
    assert states(facts)[("treated", "heart")] == OPEN


def test_evidence_comes_before_it_and_what_the_register_says_too():
    done = person(own=Evidence(contracts=IN_FORCE), granted=(granted("contracted"),))
    assert judged("contracted", done).status == "done"
    away = person(changes=(Changed("left", date(2025, 3, 1)),), granted=(granted("contracted"),))
    assert judged("contracted", away).exception.change == "left"


@pytest.mark.parametrize(("until", "status"), [(ON + DAY, EXCEPTED), (ON, UNKNOWN)])
def test_it_comes_before_doubt_about_who_somebody_is(until, status):
    doubt = Evidence(enrolled_years=frozenset({2025}))
    facts = person(unlinked=doubt, granted=(granted(on=date(2025, 6, 1), until=until),))
    assert judged("insured", facts).status == status
