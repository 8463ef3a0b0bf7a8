"""Which clauses are in force on a day, for whom."""

from datetime import date

import pytest

from tests.support.tree import ROOT
from yingjin.policy import rulebooks
from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.domain.year import settle_year
from yingjin.policy.errors import AfterRulebook, BeforeRulebook, UnknownLevel
from yingjin.policy.queries import rulebook

TEXT = (ROOT / "rulebooks/hezhang/hezhang.yaml").read_text(encoding="utf-8")
BOOK = rulebook("hezhang")
PERSON = PersonFacts("P1", date(1970, 1, 1))
BILL = BillFacts(
    "b1", "inpatient", "L2", True, True, True, date(2016, 12, 1), date(2016, 12, 31), 1_220_000, 0
)


@pytest.fixture
def ended(tmp_path):
    """The Hezhang rulebook as if it had ended on 1 January 2018."""
    path = tmp_path / "hezhang.yaml"
    path.write_text(TEXT.replace("valid_to:\n", "valid_to: 2018-01-01\n"), encoding="utf-8")
    return rulebooks.load(path)


def test_a_day_before_the_rulebook_is_refused():
    assert BOOK.version_on(date(2016, 1, 1)).label.startswith("hezhang@2016-01-01+")
    with pytest.raises(BeforeRulebook, match="2015-12-31"):
        BOOK.version_on(date(2015, 12, 31))


def test_a_day_after_the_rulebook_is_refused(ended):
    assert ended.version_on(date(2017, 12, 31)).label.startswith("hezhang@2016-10-01+")
    with pytest.raises(AfterRulebook, match="2018-01-01"):
        ended.version_on(date(2018, 1, 1))


def test_a_bill_of_a_day_outside_the_rulebook_is_refused_whole():
    early = BILL._replace(discharged_on=date(2015, 12, 31), admitted_on=None)
    with pytest.raises(BeforeRulebook):
        settle_year(PERSON, [early], BOOK)


def test_a_level_without_a_line_is_refused():
    with pytest.raises(UnknownLevel, match="L9"):
        settle_year(PERSON, [BILL._replace(level="L9")], BOOK)


def test_bills_of_two_years_are_our_own_mistake():
    with pytest.raises(AssertionError, match="two years"):
        settle_year(PERSON, [BILL, BILL._replace(discharged_on=date(2017, 1, 1))], BOOK)


def test_no_bills_have_no_outcomes():
    assert settle_year(PERSON, [], BOOK) == []


def test_an_outcome_names_the_clause_of_each_layer_or_none():
    (outcome,) = settle_year(PERSON, [BILL], BOOK)
    assert outcome.clauses == {"basic": "R10", "critical_illness": "R20", "assistance": None}
    (outcome,) = settle_year(PERSON, [BILL._replace(setting="outpatient")], BOOK)
    assert outcome.clauses == {"basic": None, "critical_illness": None, "assistance": None}
    assert outcome.payments == {"basic": 0, "critical_illness": 0, "assistance": 0}


def test_of_clauses_that_pay_the_same_the_lower_number_is_cited():
    held = tuple(CategoryHeld(key, date(2014, 1, 1)) for key in ("C03", "C04", "C06", "C11"))
    person = PERSON._replace(categories=held)
    (outcome,) = settle_year(person, [BILL._replace(total_fen=20_001)], BOOK)
    assert outcome.clauses == {"basic": "R10", "critical_illness": "R20", "assistance": "R31"}


def test_reasons_are_given_only_when_asked_for():
    (silent,) = settle_year(PERSON, [BILL], BOOK)
    (explained,) = settle_year(PERSON, [BILL], BOOK, explain=True)
    assert silent.steps == ()
    assert [step["kind"] for step in explained.steps] == [
        "in_scope",
        "counted",
        "deductible",
        "rate",
        "rate_above",
        "no_clause",
        "own_payment",
    ]


def test_a_layer_that_takes_another_place_in_the_order_is_paid_there(tmp_path):
    path = tmp_path / "hezhang.yaml"
    order = "order: [basic, critical_illness, assistance]"
    path.write_text(TEXT.replace(order, "order: [basic, assistance, critical_illness]"), encoding="utf-8")
    person = PERSON._replace(categories=(CategoryHeld("C03", date(2014, 1, 1)),))
    bill = BILL._replace(total_fen=3_000_000)
    (first,) = settle_year(person, [bill], BOOK)
    (other,) = settle_year(person, [bill], rulebooks.load(path))
    assert first.payments == {"basic": 2_235_000, "critical_illness": 159_000, "assistance": 606_000}
    assert other.payments == {"basic": 2_235_000, "critical_illness": 0, "assistance": 765_000}
    assert list(other.payments) == ["basic", "assistance", "critical_illness"]


def test_a_supplement_is_held_to_the_highest_rate(tmp_path):
    path = tmp_path / "hezhang.yaml"
    path.write_text(TEXT.replace("adds_bp: 500}", "adds_bp: 5000}"), encoding="utf-8")
    person = PERSON._replace(categories=(CategoryHeld("C06", date(2014, 1, 1)),))
    (outcome,) = settle_year(person, [BILL], rulebooks.load(path), explain=True)
    step = outcome.steps[3]
    assert (step["rate_bp"], step["rate_from"]["most_clause"]) == (10_000, "R14")
    assert outcome.payments["basic"] == 1_200_000
    without_bound = TEXT[: TEXT.index("  - id: R14")] + TEXT[TEXT.index("  - id: R15") :]
    path.write_text(without_bound.replace("adds_bp: 500}", "adds_bp: 5000}"), encoding="utf-8")
    (outcome,) = settle_year(person, [BILL], rulebooks.load(path), explain=True)
    assert outcome.steps[3]["rate_from"]["most_clause"] is None
    assert outcome.payments["basic"] == 1_200_000


def test_a_rulebook_that_asks_for_no_age_needs_no_birthday(tmp_path):
    text = TEXT.replace("aged_min: 80, ", "").replace("{holds: [C03]}, {", "{holds: [C03]}, {")
    path = tmp_path / "hezhang.yaml"
    path.write_text(text, encoding="utf-8")
    book = rulebooks.load(path)
    assert book.versions[0].ages == ()
    assert settle_year(PERSON, [BILL], book) == [
        it._replace(rulebook_version=book.versions[-1].label) for it in settle_year(PERSON, [BILL], BOOK)
    ]


def test_the_readings_in_force_and_those_switched_are_known():
    switched = rulebooks.load("hezhang", {"P09": "relative", "P08": "a"})
    assert switched.switched == {"P09": "relative"}
    assert (switched.readings["P09"], switched.readings["P16"]) == ("relative", "stack")
    assert BOOK.switched == {}
