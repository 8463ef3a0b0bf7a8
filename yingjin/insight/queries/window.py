"""What a hospital's window sees: the bills of its facility, and of a patient no more than settling asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from yingjin.basics.access import allow
from yingjin.basics.identity import masked
from yingjin.insight.queries.bill_rows import bill_rows
from yingjin.insight.queries.categories import held_by, names_of
from yingjin.insight.queries.members import age_of
from yingjin.insight.queries.places import path_inside_county
from yingjin.insight.queries.shapes import BillRow, Place
from yingjin.insight.queries.sight import as_key, found, missing, sight_of
from yingjin.registry.models import Facility, Person
from yingjin.settlement.models import Enrolment

PERSON = ("人", "person")


@dataclass(frozen=True)
class WindowPerson:
    """A patient on a day: who it is, by what he or she is paid for, and whether insured that year."""

    person_key: UUID
    name: str
    sex: str
    age_years: int | None
    masked_number: str
    path: Sequence[Place]
    on: date
    categories: Sequence[str]
    enrolled: bool
    died_on: date | None
    bills_here: Sequence[BillRow]


@dataclass(frozen=True)
class WindowPage:
    """One page of a facility's bills, each with whose it is."""

    facility: Facility
    rows: Sequence[tuple[UUID, str, BillRow]]
    total: int
    page: int
    pages: int


def window(reader: Any, page: int = 1, size: int = 30) -> WindowPage:
    """Return the bills of the reader's facility, the last discharged first. Errors: NotFound for a facility not there."""
    allow(reader, "read_window")
    sight = sight_of(reader)
    facility = Facility.objects.filter(code=sight.scope.facility_code).first()
    if facility is None:
        raise missing("机构", "facility")
    bills = sight.seen_among(sight.bills())
    total = bills.count()
    pages = max(1, -(-total // size))
    page = min(page, pages)
    ordered = bills.select_related("person").order_by("-discharged_on", "bill_id")
    shown = list(ordered[(page - 1) * size : page * size])
    rows = [
        (bill.person_id, bill.person.name, row) for bill, row in zip(shown, bill_rows(shown), strict=True)
    ]
    return WindowPage(facility, rows, total, page, pages)


def window_person(reader: Any, on: date, person_key: UUID | str) -> WindowPerson:
    """Return a patient as a settlement needs it. Errors: NotFound for who has no bill here and was not shown here."""
    allow(reader, "quote")
    sight = sight_of(reader)
    one: Person = found(sight.persons(), *PERSON, key=as_key(person_key, *PERSON))
    bills = list(sight.bills_of([one.key]).order_by("-discharged_on", "bill_id"))
    return WindowPerson(
        person_key=one.key,
        name=one.name,
        sex=one.sex,
        age_years=age_of(one, on),
        masked_number=masked(one.identity_number),
        path=path_inside_county(one.region_code),
        on=on,
        categories=names_of(held_by(sight, [one.key], on)[one.key]),
        enrolled=Enrolment.objects.filter(person=one, year=on.year).exists(),
        died_on=one.died_on,
        bills_here=bill_rows(bills),
    )
