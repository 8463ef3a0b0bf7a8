"""Whatever the bills: the money adds up, the order of rows is no matter, and the reasons give the result."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bench.plain_settlement import settle_year_plainly
from tests.support.bills import person_years
from tests.support.replaying import replay_year
from yingjin.jobs.settle.schema import SCHEMA
from yingjin.policy import rulebooks
from yingjin.policy.domain import words
from yingjin.policy.domain.year import replay_order, settle_year
from yingjin.policy.queries import rulebook

BOOK = rulebook("hezhang")
STEPS = Draft202012Validator(SCHEMA["properties"]["steps"])
LAYERS = ("basic", "critical_illness", "assistance")
MANY = settings(max_examples=200)


def supported_readings():
    """A book for every choice of readings that can be chosen."""
    choices = {
        key: each.supported() for key, each in BOOK.contents.parameters.items() if len(each.supported()) > 1
    }
    return st.fixed_dictionaries({key: st.sampled_from(readings) for key, readings in choices.items()})


_books = {}


def under(readings):
    """Return the book under some readings, made once."""
    key = tuple(sorted(readings.items()))
    if key not in _books:
        _books[key] = rulebooks.load("hezhang", readings)
    return _books[key]


def rows(outcomes):
    return [
        (it.bill_id, it.in_scope_fen, it.deductible_fen, *it.payments.values(), it.own_payment_fen)
        for it in outcomes
    ]


@MANY
@given(person_years())
def test_the_rulebook_gives_what_one_plain_function_gives(year):
    person, bills = year
    assert rows(settle_year(person, bills, BOOK)) == settle_year_plainly(person, bills)


@MANY
@given(person_years(), supported_readings())
def test_the_money_adds_up_whatever_the_bills_and_the_readings(year, readings):
    person, bills = year
    by_id = {bill.bill_id: bill for bill in bills}
    for it in settle_year(person, bills, under(readings)):
        bill = by_id[it.bill_id]
        basic, critical, assistance = (it.payments[layer] for layer in LAYERS)
        assert it.in_scope_fen + bill.out_of_scope_fen == bill.total_fen
        assert basic + critical + assistance + it.own_payment_fen == bill.total_fen
        assert min(basic, critical, assistance, it.own_payment_fen, it.deductible_fen) >= 0
        assert it.deductible_fen <= it.in_scope_fen
        assert basic <= it.in_scope_fen - it.deductible_fen
        assert critical <= it.in_scope_fen - basic
        assert assistance <= it.in_scope_fen - basic - critical
        assert it.own_payment_fen >= bill.out_of_scope_fen
        assert all(it.clauses[layer] or it.payments[layer] == 0 for layer in LAYERS)


@MANY
@given(person_years(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(year, chance: random.Random):
    person, bills = year
    shuffled, held = list(bills), list(person.categories)
    chance.shuffle(shuffled)
    chance.shuffle(held)
    again = settle_year(person._replace(categories=tuple(held)), shuffled, BOOK, explain=True)
    assert again == settle_year(person, bills, BOOK, explain=True)


@MANY
@given(person_years())
def test_overlapping_times_of_a_category_are_their_union(year):
    person, bills = year
    doubled = person._replace(categories=person.categories * 2)
    assert settle_year(doubled, bills, BOOK) == settle_year(person, bills, BOOK)


@MANY
@given(person_years(), supported_readings())
def test_replaying_the_reasons_gives_the_row(year, readings):
    person, bills = year
    outcomes = settle_year(person, bills, under(readings), explain=True)
    assert replay_year([it.steps for it in outcomes]) == [
        {
            "in_scope": it.in_scope_fen,
            "deductible": it.deductible_fen,
            "payments": it.payments if it.steps[1]["counted"] else {},
            "own": it.own_payment_fen,
        }
        for it in outcomes
    ]


@MANY
@given(person_years(), supported_readings())
def test_asking_for_reasons_changes_no_amount(year, readings):
    person, bills = year
    book = under(readings)
    explained = settle_year(person, bills, book, explain=True)
    assert [it._replace(steps=()) for it in explained] == settle_year(person, bills, book)


@settings(max_examples=60)
@given(person_years(), supported_readings())
def test_every_step_fits_the_published_schema_and_has_words(year, readings):
    person, bills = year
    book = under(readings)
    for it in settle_year(person, bills, book, explain=True):
        assert not list(STEPS.iter_errors(list(it.steps)))
        for step in it.steps:
            assert words.title(step, book)
            assert words.sentence(step, book).endswith("。")


@MANY
@given(person_years())
def test_a_held_bill_or_one_that_no_layer_pays_changes_no_other(year):
    person, bills = year
    outcomes = {it.bill_id: it for it in settle_year(person, bills, BOOK, explain=True)}
    still = [bill for bill in bills if not bill.moves or not outcomes[bill.bill_id].steps[1]["counted"]]
    others = [bill for bill in bills if bill not in still]
    assert settle_year(person, others, BOOK, explain=True) == [
        outcomes[bill.bill_id] for bill in sorted(others, key=replay_order)
    ]


@MANY
@given(person_years())
def test_the_clause_cited_is_the_first_of_those_that_pay_most(year):
    person, bills = year
    for it in settle_year(person, bills, BOOK, explain=True):
        for step in it.steps:
            if step.get("considered"):
                most = max(each["result_fen"] for each in step["considered"])
                first = next(each for each in step["considered"] if each["result_fen"] == most)
                assert (step["clause"], step["result_fen"]) == (first["clause"], most)
                assert it.clauses[step["layer"]] == step["clause"]
