"""Worked bills as tables, run against every evaluator of the same clauses."""

from datetime import date
from functools import cache

import pytest

from bench.plain_settlement import settle_year_plainly
from yingjin.basics.money import parse_yuan, plain_yuan
from yingjin.policy import rulebooks
from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.domain.year import settle_year

RESULTS = ("in scope", "D", "B", "M", "MA", "O")
DEFAULTS = {
    "born": "1970-01-01",
    "categories": "",
    "setting": "inpatient",
    "level": "L2",
    "in county": "yes",
    "designated": "yes",
    "public": "yes",
    "admitted": "",
    "discharged": "2017-04-10",
    "X": "0",
    "moves": "yes",
}


@cache
def book_under(*readings):
    """Return the Hezhang rulebook, read once for each choice of readings."""
    return rulebooks.load("hezhang", dict(readings))


def by_rulebook(person, bills, readings):
    book = book_under(*(readings or {}).items())
    return [_amounts(it) for it in settle_year(person, bills, book)]


def by_rulebook_with_reasons(person, bills, readings):
    book = book_under(*(readings or {}).items())
    return [_amounts(it) for it in settle_year(person, bills, book, explain=True)]


def by_plain_function(person, bills, readings):
    return settle_year_plainly(person, bills)


def _amounts(outcome):
    payments = (outcome.payments[layer] for layer in ("basic", "critical_illness", "assistance"))
    return outcome.bill_id, outcome.in_scope_fen, outcome.deductible_fen, *payments, outcome.own_payment_fen


@pytest.fixture(params=[by_rulebook, by_rulebook_with_reasons, by_plain_function], ids=lambda it: it.__name__)
def spec(request):
    """Work out a table of bills: one line a bill, each of its own person, or all of one `person` and year.

    Columns may be left out; what is left out has its usual value. Columns named in RESULTS are expected amounts.
    The plain function knows the default readings only, so tables under another reading pass it by.
    """

    def run(table, readings=None, person=None):
        if readings and request.param is by_plain_function:
            return
        lines = list(_lines(table))
        bills = [_bill(line) for line in lines]
        if person is None:
            people = [_person(line) for line in lines]
            found = [request.param(one, [bill], readings)[0] for one, bill in zip(people, bills, strict=True)]
        else:
            found = request.param(_person(person), bills, readings)
        _compare(lines, found)

    return run


def _lines(table):
    head, *rows = [line for line in table.strip().splitlines() if line.strip()]
    names = [name.strip() for name in head.split("|")]
    for row in rows:
        yield DEFAULTS | dict(zip(names, (cell.strip() for cell in row.split("|")), strict=True))


def _person(line):
    """Return the person; a category may say since when: C04@2017-05-01, and till when: C04@2014-01-01/2017-05-01."""
    line = DEFAULTS | line
    held = []
    for word in line["categories"].split():
        category, _, time = word.partition("@")
        start, _, end = (time or "2014-01-01").partition("/")
        held.append(
            CategoryHeld(category, date.fromisoformat(start), date.fromisoformat(end) if end else None)
        )
    return PersonFacts("P1", date.fromisoformat(line["born"]), tuple(held))


def _bill(line):
    discharged_on = date.fromisoformat(line["discharged"])
    return BillFacts(
        line["id"],
        line["setting"],
        line["level"],
        line["in county"] == "yes",
        line["designated"] == "yes",
        line["public"] == "yes",
        date.fromisoformat(line["admitted"]) if line["admitted"] else discharged_on,
        discharged_on,
        parse_yuan(line["T"]),
        parse_yuan(line["X"]),
        line["moves"] == "yes",
    )


def _compare(lines, found):
    """Compare what the table states, bill by bill; what it leaves out may be anything."""
    by_id = {bill_id: dict(zip(RESULTS, amounts, strict=True)) for bill_id, *amounts in found}
    assert len(by_id) == len(lines)
    expected = {line["id"]: {name: line[name] for name in RESULTS if name in line} for line in lines}
    actual = {
        bill_id: {name: plain_yuan(by_id[bill_id][name]) for name in row} for bill_id, row in expected.items()
    }
    assert actual == {
        bill_id: {name: plain_yuan(parse_yuan(text)) for name, text in row.items()}
        for bill_id, row in expected.items()
    }
