"""One person on any day: what is due and done, with dates, registers, bills and the household."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.errors import NotFound
from yingjin.basics.identity import masked
from yingjin.basics.prepared import prepared
from yingjin.gaps.domain.dues import LACKING
from yingjin.insight.queries.bill_rows import bill_rows, incomplete_years, year_totals
from yingjin.insight.queries.books import layer_names
from yingjin.insight.queries.categories import spans_of
from yingjin.insight.queries.due_states import due_states
from yingjin.insight.queries.events import events_of
from yingjin.insight.queries.health import condition_rows, contract_rows, enrolment_rows
from yingjin.insight.queries.members import age_of, belongs, homes_of, member_rows, memberships_of
from yingjin.insight.queries.places import path_inside_county
from yingjin.insight.queries.provenance import fields_of, said_of
from yingjin.insight.queries.shapes import PersonPage
from yingjin.insight.queries.sight import Sight, as_key, missing, sight_of
from yingjin.insight.queries.standing import standings
from yingjin.registry.domain.changes import LEFT, RETURNED
from yingjin.registry.models import Person, PersonChange

PERSON = ("人", "person")


class MergedInto(NotFound):
    """The person is another one, whose key is in `data["person_key"]`: the page redirects there."""

    code = "merged_into"


def person(reader: Any, on: date, person_key: UUID | str) -> PersonPage:
    """Return one person on a day. Errors: NotFound; MergedInto with the key of who it is now."""
    allow(reader, "read_persons")
    sight = sight_of(reader)
    one = person_for(sight, person_key)
    homes = homes_of(sight, [one.key], on)
    home = next(iter(_households(sight, homes[one.key])), None) if one.key in homes else None
    memberships = memberships_of(sight, home.key) if home else []
    living = [each for each in memberships if belongs(each, on)]
    standing = standings(sight, {one.key, *(each.person_id for each in living)}, on)
    own = standing[one.key]
    hidden = sight.hidden_bills_of([one.key])
    bills = [each for each in _bills(sight, one.key) if each.key not in hidden]
    rows = bill_rows(bills)
    treatments = _treatments(sight, one.key)
    changes = _changes(one.key)
    incomplete = {year for _, year in incomplete_years(sight, [one.key])}
    states = due_states(own)
    return PersonPage(
        person_key=one.key,
        name=one.name,
        sex=one.sex,
        age_years=age_of(one, on),
        born_on=one.born_on,
        died_on=one.died_on,
        moved_zh=moved_zh(changes, on),
        masked_number=masked(one.identity_number),
        path=path_inside_county(one.region_code),
        on=on,
        in_base=own.in_base,
        categories=spans_of(sight, one.key),
        states=states,
        lacking=sum(item.status in LACKING for state in states for item in state.items),
        layers=list(layer_names()),
        bills=rows,
        years=year_totals(rows, incomplete),
        conditions=condition_rows(sight, one.key, own, treatments, bills),
        contracts=contract_rows(sight, one.key, on),
        enrolments=enrolment_rows(one, changes),
        household_key=str(home.key) if home else None,
        household_number=masked(home.number) if home else "",
        members=member_rows(sight, living, standing, on),
        fields=fields_of(one, said_of(one.key)),
        events=[each.event for each in events_of(sight, [one.key], {one.key: rows})],
    )


def person_for(sight: Sight, key: UUID | str) -> Person:
    """Return a person of the scope. Errors: NotFound; MergedInto with the key of who it is now."""
    asked = as_key(key, *PERSON)
    kept = _kept_under(asked)
    one: Person | None = next(iter(_person(sight, kept)), None)
    if one is None:
        raise missing(*PERSON)
    if kept == asked:
        return one
    raise MergedInto(
        "这个人已并入另一份档案。请打开那一份。",
        "This person is now kept under another key. Open that one.",
        person_key=str(kept),
    )


def _kept_under(key: UUID) -> UUID:
    """Return the key of whom a person became by merging, however many times; the key itself when never merged."""
    passed: set[UUID] = set()
    while key not in passed:
        passed.add(key)
        key = next(iter(_merged_into(key)), None) or key
    return key


@prepared
def _person(sight: Sight, key: UUID) -> QuerySet[Any]:
    return sight.persons().filter(key=key)


@prepared
def _merged_into(key: UUID) -> QuerySet[Any]:
    return Person.objects.filter(key=key).values_list("merged_into", flat=True)


@prepared
def _households(sight: Sight, key: UUID) -> QuerySet[Any]:
    return sight.households().filter(key=key)


@prepared
def _bills(sight: Sight, person: UUID) -> QuerySet[Any]:
    rows = sight.bills().filter(person=person)
    return rows.order_by("-discharged_on", "-admitted_on", "-bill_id")


@prepared
def _treatments(sight: Sight, person: UUID) -> QuerySet[Any]:
    return sight.treatments().filter(person=person)


@prepared
def _changes(person: UUID) -> QuerySet[Any]:
    return PersonChange.objects.filter(person=person).order_by("on", "pk")


def moved_zh(changes: Sequence[PersonChange], on: date) -> str:
    """Say since when somebody is away on a day; nothing for somebody who is here."""
    moves = [each for each in changes if each.what in (LEFT, RETURNED) and each.on <= on]
    last = max(moves, key=lambda each: (each.on, each.what == RETURNED), default=None)
    return _("外出，{day} 起").format(day=last.on) if last and last.what == LEFT else ""
