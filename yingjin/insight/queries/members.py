"""Who lives in which household on a day, and how the dues of each stand."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yingjin.basics.days import age_on
from yingjin.basics.prepared import prepared
from yingjin.gaps.domain.rules import DUES
from yingjin.insight.queries.categories import held_by, names_of
from yingjin.insight.queries.shapes import MemberRow
from yingjin.insight.queries.sight import Sight
from yingjin.insight.queries.standing import Standing
from yingjin.registry.models import Membership, Person

HEAD = "户主"


def homes_of(sight: Sight, keys: Collection[UUID], on: date) -> dict[UUID, UUID]:
    """Return the household of some people of the scope on a day, the one joined last where there are two."""
    homes = dict(_homes(keys, on))
    seen = set(_seen_households(sight, set(homes.values())))
    return {person: home for person, home in homes.items() if home in seen}


@prepared
def _homes(keys: Collection[UUID], on: date) -> QuerySet[Any]:
    rows = Membership.objects.filter(in_force(on), person__in=keys).order_by("valid_from", "pk")
    return rows.values_list("person_id", "household_id")


@prepared
def _seen_households(sight: Sight, keys: Collection[UUID]) -> QuerySet[Any]:
    return sight.households().filter(pk__in=keys).values_list("pk", flat=True)


def in_force(on: date) -> Q:
    """Return the condition of a membership on a day; one without a first day has always held."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def memberships_of(sight: Sight, household: UUID) -> list[Membership]:
    """Return everybody of the scope who belongs or belonged to a household: its head first, then by birth.

    The caller has taken the household from the reader's sight.
    """
    rows = _memberships(household)
    seen = set(_seen_persons(sight, [each.person_id for each in rows]))
    return sorted((each for each in rows if each.person_id in seen), key=_place)


@prepared
def _memberships(household: UUID) -> QuerySet[Any]:
    return Membership.objects.filter(household=household).select_related("person")


@prepared
def _seen_persons(sight: Sight, keys: Collection[UUID]) -> QuerySet[Any]:
    return sight.persons_of(keys).values_list("pk", flat=True)


def _place(membership: Membership) -> tuple[object, ...]:
    born_on = membership.person.born_on or date.max
    return membership.relation != HEAD, born_on, membership.person.pinyin, str(membership.person_id)


def belongs(membership: Membership, on: date) -> bool:
    """Say whether a membership holds on a day and its person is alive then."""
    begun = membership.valid_from is None or membership.valid_from <= on
    lasts = membership.valid_to is None or on < membership.valid_to
    return begun and lasts and (membership.person.died_on is None or on < membership.person.died_on)


def member_rows(
    sight: Sight, memberships: Sequence[Membership], standing: dict[UUID, Standing], on: date
) -> list[MemberRow]:
    """Return the rows of some members; a person who belonged twice is there once, as last registered."""
    last = {each.person_id: each for each in sorted(memberships, key=lambda it: it.valid_from or date.min)}
    held = held_by(sight, last.keys(), on)
    kept = [each for each in memberships if last[each.person_id] is each]
    return [member_row(each, standing[each.person_id], names_of(held[each.person_id])) for each in kept]


def member_row(membership: Membership, standing: Standing, categories: Iterable[str]) -> MemberRow:
    """Return one member with how each of the four dues stands."""
    person = membership.person
    return MemberRow(
        person_key=person.key,
        name=person.name,
        relation_zh=membership.relation,
        sex=person.sex,
        age_years=age_of(person, standing.on),
        valid_from=membership.valid_from,
        valid_to=membership.valid_to,
        categories=list(categories),
        states=standing.statuses(),
        in_time={due: standing.in_time(due) for due in DUES},
        died_on=person.died_on,
    )


def age_of(person: Person, on: date) -> int | None:
    """Return somebody's age on a day, or at death; None before birth and when the birthday is not known."""
    return age_then(person.born_on, person.died_on, on)


def age_then(born_on: date | None, died_on: date | None, on: date) -> int | None:
    """Return the age on a day, or at death, of who was born on one; None before birth, and when that is not known."""
    if born_on is None:
        return None
    age = age_on(born_on, min(on, died_on or on))
    return age if age >= 0 else None
