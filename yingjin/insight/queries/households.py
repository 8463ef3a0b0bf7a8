"""One household on any day: who belongs to it, what each of them is due, and the year's bills."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.identity import masked
from yingjin.gaps.domain.dues import DONE, EXCEPTED, LACKING, OPEN, UNKNOWN
from yingjin.gaps.domain.rules import DUES
from yingjin.insight.queries.bill_rows import bill_rows, incomplete_years, year_totals
from yingjin.insight.queries.books import layer_names
from yingjin.insight.queries.events import Happened, events_of, of_household
from yingjin.insight.queries.members import HEAD, belongs, member_rows, memberships_of
from yingjin.insight.queries.places import path_inside_county
from yingjin.insight.queries.provenance import register_zh
from yingjin.insight.queries.shapes import BillRow, DueCount, Event, HouseholdPage, MemberRow
from yingjin.insight.queries.sight import Sight, as_key, found, sight_of
from yingjin.insight.queries.standing import Standing, standings
from yingjin.registry.models import Household, Membership

HOUSEHOLD = ("家庭", "household")
POVERTY = "poverty"


def household(reader: Any, on: date, household_key: UUID | str) -> HouseholdPage:
    """Return one household on a day. Errors: NotFound."""
    allow(reader, "read_persons")
    sight = sight_of(reader)
    home: Household = found(sight.households(), *HOUSEHOLD, key=as_key(household_key, *HOUSEHOLD))
    everybody = memberships_of(sight, home.key)
    here = [each for each in everybody if belongs(each, on)]
    standing = standings(sight, {each.person_id for each in everybody}, on)
    members = member_rows(sight, here, standing, on)
    living = {each.person_key for each in members}
    former = member_rows(sight, [each for each in everybody if each.person_id not in living], standing, on)
    rows = _bills_of(sight, {each.person_id for each in everybody})
    belonged = {each.person_key: each for each in (*members, *former)}
    this_year = [(belonged[key], row) for key, row in rows if row.discharged_on.year == on.year]
    incomplete = {year for _, year in incomplete_years(sight, belonged) if year == on.year}
    return HouseholdPage(
        household_key=str(home.key),
        masked_number=masked(home.number),
        path=path_inside_county(home.region_code),
        on=on,
        head=_head(here or everybody),
        members=members,
        former=former,
        states=due_counts([standing[key] for key in living], sight.dues),
        layers=list(layer_names()),
        bills=this_year,
        years=year_totals([row for _, row in this_year], incomplete),
        register_zh=register_zh(POVERTY),
        events=_events(sight, everybody, rows, belonged),
    )


def due_counts(standing: Collection[Standing], shown: Collection[str] = DUES) -> list[DueCount]:
    """Add up how those of the four dues of some people stand that the reader may see."""
    return [
        _due_count(due, [[state.status for state in each.of(due)] for each in standing])
        for due in DUES
        if due in shown
    ]


def _due_count(due: str, by_person: Sequence[Sequence[str]]) -> DueCount:
    every = [status for statuses in by_person for status in statuses]
    return DueCount(
        due=due,
        done=every.count(DONE),
        open=every.count(OPEN),
        unknown=every.count(UNKNOWN),
        excepted=every.count(EXCEPTED),
        persons_due=sum(any(status != EXCEPTED for status in statuses) for statuses in by_person),
        persons_lacking=sum(not LACKING.isdisjoint(statuses) for statuses in by_person),
    )


def _bills_of(sight: Sight, persons: Collection[UUID]) -> list[tuple[UUID, BillRow]]:
    bills = list(sight.bills_of(persons).order_by("-discharged_on", "-admitted_on", "-bill_id"))
    return [(bill.person_id, row) for bill, row in zip(bills, bill_rows(bills), strict=True)]


def _head(memberships: Sequence[Membership]) -> str:
    """Return the name of the head, or of whoever comes first; nothing when all of it lies outside the scope."""
    head = next((each for each in memberships if each.relation == HEAD), None)
    first = head or next(iter(memberships), None)
    return first.person.name if first else ""


def _events(
    sight: Sight,
    memberships: Sequence[Membership],
    bills: Sequence[tuple[UUID, BillRow]],
    members: dict[UUID, MemberRow],
) -> list[Event]:
    of_person: dict[UUID, list[BillRow]] = {}
    for key, row in bills:
        of_person.setdefault(key, []).append(row)
    happened = [*_joining(memberships), *events_of(sight, members, of_person)]
    happened.sort(key=lambda each: (each.event.on or date.min, each.event.title_zh), reverse=True)
    return of_household(happened, {key: each.name for key, each in members.items()})


def _joining(memberships: Sequence[Membership]) -> list[Happened]:
    said_by = register_zh(POVERTY)
    turns = [(each.person_id, each.valid_from, _("登记到这一户")) for each in memberships]
    turns += [(each.person_id, each.valid_to, _("不再在这一户")) for each in memberships]
    return [
        Happened(key, Event(on, "", title, said_by))
        for key, on, title in dict.fromkeys(turns)
        if on is not None
    ]
