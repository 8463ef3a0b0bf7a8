"""The bill that docs/algorithms/settlement.md works by hand comes out so."""

from datetime import date

from tests.support.tree import ROOT
from yingjin.policy.domain import words
from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.domain.year import settle_year
from yingjin.policy.queries import rulebook

PAGE = (ROOT / "docs/algorithms/settlement.md").read_text(encoding="utf-8")
PERSON = PersonFacts(
    "P1", date(1970, 1, 1), tuple(CategoryHeld(key, date(2014, 1, 1)) for key in ("C02", "C06", "C11"))
)
FIRST = BillFacts(
    "1", "inpatient", "L2", True, True, True, date(2017, 2, 1), date(2017, 2, 20), 840_000, 20_000
)
SECOND = BillFacts(
    "2", "inpatient", "L3", False, True, True, date(2017, 9, 1), date(2017, 9, 12), 2_093_555, 73_550
)


def test_every_sum_on_the_page_is_the_evaluators():
    first, second = settle_year(PERSON, [SECOND, FIRST], rulebook("hezhang"), explain=True)
    for outcome in (first, second):
        for step in outcome.steps:
            if step["kind"] not in ("counted", "deductible"):
                assert f" {words.formula(step).replace(chr(0xA0), ' ')} |" in PAGE
    assert (first.clauses, second.clauses) == (
        {"basic": "R13", "critical_illness": "R20", "assistance": "R33"},
        {"basic": "R13", "critical_illness": "R21", "assistance": "R33"},
    )
    assert (first.own_payment_fen, second.own_payment_fen) == (200_000, 293_550)
