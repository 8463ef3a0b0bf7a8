"""The four dues as they truly stand on the last day, by the county's facts alone: no register, no linking."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from yingjin.jobs.county.assumptions import illnesses
from yingjin.jobs.county.care import treated_diseases
from yingjin.jobs.county.county import County
from yingjin.jobs.county.payments import shortfall
from yingjin.jobs.county.people import COUNTED, Bill, Change

BASE = frozenset({"C02", "C03", "C04", "C15", "C16", "C17"})
DONE, OPEN, EXCEPTED = "done", "open", "excepted"


class TrueDue(NamedTuple):
    """One due of one person: `subject` is the disease or the bill, else blank. Units: fen, by payer."""

    person: str
    due: str
    subject: str
    status: str
    shortfall: Mapping[str, int]


def true_dues(county: County) -> Iterator[TrueDue]:
    """Yield every due of everybody in the base on the last day, with how it truly stands."""
    on = county.last_day
    bills_of = county.bills_of()
    for number in sorted(county.poverty.held):
        person = county.persons[number]
        holds = any(one.category in BASE and one.holds(on) for one in county.poverty.held[number])
        if not (holds and person.lives_on(on)):
            continue
        changes = county.poverty.changes.get(number, ())
        key = county.key_of(number)
        insured = number in county.enrolled[on.year]
        yield _due(key, "insured", "", insured, work_insured(changes, on) or refused(changes, "保", on))
        treated = treated_diseases(number, county.care.treatments, bills_of, on)
        for disease in sorted(confirmed_diseases(county, number, on)):
            yield _due(key, "treated", disease, disease in treated, refused(changes, "治", on))
        contracted = any(one.holds(on) for one in county.care.contracts.get(number, ()))
        yield _due(key, "contracted", "", contracted, away(changes, on) or refused(changes, "签", on))
        for bill in covered_bills(bills_of.get(number, ()), on):
            owed = shortfall(bill)
            yield _due(key, "covered", bill.number, not owed, refused(changes, "兜", on), owed)


def confirmed_diseases(county: County, number: int, on: date) -> set[str]:
    """Name the special diseases of a person that the health register knows of."""
    if number not in county.recorded:
        return set()
    found = {illnesses()[one.illness].disease for one in county.confirmed.get(number, ()) if one.on <= on}
    return found - {""}


def covered_bills(bills: Sequence[Bill], on: date) -> list[Bill]:
    """Return the stays of the year so far on which the rulebook pays; held and cancelled ones open no due."""
    return [
        bill
        for bill in bills
        if bill.inpatient
        and bill.state == COUNTED
        and bill.computed is not None
        and bill.computed.funds > 0
        and date(on.year, 1, 1) <= bill.discharged_on <= on
    ]


def work_insured(changes: Sequence[Change], on: date) -> bool:
    """Say whether a person is insured at work; no end is known."""
    return any(change.what == "职工参保" and change.on <= on for change in changes)


def away(changes: Sequence[Change], on: date) -> bool:
    """Say whether a person left and has not come back."""
    moves = [change for change in changes if change.what in ("外出", "返回") and change.on <= on]
    return bool(moves) and max(moves, key=lambda change: change.on).what == "外出"


def refused(changes: Sequence[Change], due: str, on: date) -> bool:
    """Say whether a person refused a due this year; it is asked anew every year."""
    return any(
        change.what == "拒绝" and change.due == due and change.on <= on and change.on.year == on.year
        for change in changes
    )


def _due(
    person: str,
    due: str,
    subject: str,
    done: bool,
    excepted: bool,
    owed: Mapping[str, int] | None = None,
) -> TrueDue:
    """Give a due its status: what is done is done, whatever would have excepted it."""
    status = DONE if done else EXCEPTED if excepted else OPEN
    return TrueDue(person, due, subject, status, dict(owed or {}))
