from datetime import date

from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.domain.words import sentence
from yingjin.policy.domain.year import settle_year
from yingjin.policy.rulebooks import load


def test_somebody_whose_birthday_no_register_knows_reaches_no_age():
    day = date(2025, 4, 10)
    bill = BillFacts("S1", "inpatient", "L2", True, True, True, day, day, 2_000_000, 0)
    person = PersonFacts("P1", None, (CategoryHeld("C02", date(2014, 1, 1)),))
    book = load("hezhang")
    (outcome,) = settle_year(person, [bill], book, explain=True)
    assert outcome.clauses["basic"] == "R10"
    assert "不知道年龄" in sentence(outcome.steps[1], book)
