"""What the rulebook gives on every bill, and what the payers reported: mostly the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random

from yingjin.basics.progress import track
from yingjin.jobs.county.assumptions import Home, assumed
from yingjin.jobs.county.facilities import level_of
from yingjin.jobs.county.people import (
    CANCELLED,
    CANCELLING,
    COUNTED,
    Bill,
    Held,
    Payments,
    Person,
)
from yingjin.jobs.county.streams import stream
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.domain.year import settle_year
from yingjin.policy.rulebooks import load


def pay_bills(
    seed: int,
    persons: Sequence[Person],
    held: Mapping[int, Sequence[Held]],
    bills: Sequence[Bill],
    home: Home,
) -> None:
    """Work every bill out by the rulebook in the order of its person-year, then report payments."""
    book = load(assumed()["rulebook"])
    years: dict[tuple[int, int], list[Bill]] = defaultdict(list)
    for bill in bills:
        if bill.state not in (CANCELLED, CANCELLING):
            years[bill.person, bill.discharged_on.year].append(bill)
    for (number, _), ones in track(years.items(), "算账 settling", total=len(years)):
        _settle(persons[number], held.get(number, ()), [_facts(bill, home) for bill in ones], ones, book)
    chance = stream(seed, "reports")
    for bill in bills:
        report(bill, chance)
    _cancel_what_was_reported(bills)


def report(bill: Bill, chance: Random) -> None:
    """Report what was computed, or, for a few, less or more."""
    if bill.computed is None:
        bill.reported = _taken_back(bill)
        return
    due = bill.computed
    bill.reported = Payments(due.deductible, due.basic, due.critical_illness, due.assistance)
    if bill.state != COUNTED or due.funds == 0:
        return
    rates, paid = assumed()["reports"], bill.reported
    if due.assistance and chance.random() < rates["assistance_missing"]:
        paid.assistance = 0
    if due.critical_illness and chance.random() < rates["critical_illness_missing"]:
        paid.critical_illness = 0
    if chance.random() < rates["supplement_missing"]:
        paid.basic -= paid.basic // 15
    if chance.random() < rates["deductible_twice"]:
        paid.deductible *= 2
        paid.basic -= min(paid.basic, due.deductible)
    if paid.basic and chance.random() < rates["a_fen_short"]:
        paid.basic -= 1
    if paid == due and chance.random() < rates["more_than_due"]:
        room_fen = bill.total_fen - bill.out_of_scope_fen - paid.funds
        paid.assistance += min(room_fen, 10_000)


def shortfall(bill: Bill) -> dict[str, int]:
    """Return what each payer still owes on a bill, payers that owe nothing left out. Units: fen."""
    assert bill.computed is not None, "a bill that enters no replay is owed nothing"
    owed = {
        "basic": bill.computed.basic - bill.reported.basic,
        "critical_illness": bill.computed.critical_illness - bill.reported.critical_illness,
        "assistance": bill.computed.assistance - bill.reported.assistance,
    }
    return {payer: fen for payer, fen in owed.items() if fen > 0}


def _settle(
    person: Person,
    held: Iterable[Held],
    bill_facts: Sequence[BillFacts],
    bills: Sequence[Bill],
    book: Rulebook,
) -> None:
    facts = PersonFacts(
        person_id=str(person.number),
        born_on=person.born_on,
        categories=tuple(CategoryHeld(one.category, one.valid_from, one.valid_to) for one in held),
    )
    by_number = {bill.number: bill for bill in bills}
    for outcome in settle_year(facts, bill_facts, book):
        by_number[outcome.bill_id].computed = Payments(
            deductible=outcome.deductible_fen,
            basic=outcome.payments["basic"],
            critical_illness=outcome.payments["critical_illness"],
            assistance=outcome.payments["assistance"],
        )


def _facts(bill: Bill, home: Home) -> BillFacts:
    return BillFacts(
        bill_id=bill.number,
        setting="inpatient" if bill.inpatient else "outpatient",
        level=level_of(bill.facility),
        in_county=bill.facility.county_code == home.code,
        designated=bill.facility.designated,
        public=bill.facility.public,
        admitted_on=bill.admitted_on,
        discharged_on=bill.discharged_on,
        total_fen=bill.total_fen,
        out_of_scope_fen=bill.out_of_scope_fen,
        moves=bill.state == COUNTED,
    )


def _taken_back(bill: Bill) -> Payments:
    """Return what a bill had paid before it was cancelled: the basic payment alone, too low, hence cancelled."""
    in_scope_fen = bill.total_fen - bill.out_of_scope_fen
    return Payments(basic=in_scope_fen // 2)


def _cancel_what_was_reported(bills: Sequence[Bill]) -> None:
    reported = {bill.number: bill.reported for bill in bills if bill.state == CANCELLED}
    for bill in bills:
        if bill.state == CANCELLING:
            bill.reported = reported[bill.cancels]
