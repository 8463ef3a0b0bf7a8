"""Whose name begins like what was typed in letters: by full pinyin, or by the first letters of the syllables (D9).

* sounding    of a reader's people; those of a county by its own range of an index, whatever other counties hold
* both        who is of the scope and fits some other condition
* Matches     how many fit, and the keys of some of them in the order of their pinyin
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from yingjin.basics.prepared import counted, prepared
from yingjin.insight.domain.searching import from_prefix
from yingjin.insight.queries.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from yingjin.insight.queries.sight import Sight
from yingjin.registry.models import Person

IN_ORDER = ("pinyin", "key")


class Matches(NamedTuple):
    """Who fits: how many, the keys of those from one place up to another in the order of their pinyin, and the query."""

    total: int
    keys: Callable[[int, int], list[UUID]]
    rows: QuerySet[Person]


def of_rows(rows: QuerySet[Person]) -> Matches:
    """Return the people of a query."""
    in_order = rows.order_by(*IN_ORDER).values_list("key", flat=True)
    return Matches(rows.count(), lambda first, end: list(in_order[first:end]), rows)


def sounding(sight: Sight, letters: str) -> Matches:
    """Return who of the scope has a name that begins with these letters, its pinyin or its syllables' first letters."""
    low, high = between = from_prefix(letters)
    fitting = Q(pinyin__gte=low, pinyin__lt=high) | Q(initials__gte=low, initials__lt=high)
    if len(sight.scope.region_prefix) != COUNTY_DIGITS or sight.desk or sight.scope.facility_code:
        return of_rows(both(sight, fitting))
    rows = _of_county(sight).filter(fitting)
    by_pinyin, by_letters = _by_pinyin(sight, between), _by_letters(sight, between)
    if not by_letters:
        return Matches(by_pinyin, partial(_sounding, sight, between), rows)
    if not by_pinyin:
        return Matches(by_letters, partial(_lettered, sight, between), rows)
    return Matches(by_pinyin + by_letters, partial(_either, sight, between), rows)


def both(sight: Sight, fitting: Q) -> QuerySet[Person]:
    """Return who is of the scope and fits, looked up first by whichever is the narrower of the two.

    Neither database knows how many people begin with a letter, or live in a county: so the order is told by nesting.
    """
    people = sight.persons()
    if len(sight.scope.region_prefix) >= TOWNSHIP_DIGITS:
        return Person.objects.filter(fitting, pk__in=people.values("pk"))
    return people.filter(pk__in=Person.objects.filter(fitting).values("pk"))


def _of_county(sight: Sight) -> QuerySet[Person]:
    return sight.persons().filter(county_code=sight.scope.region_prefix)


@counted
def _by_pinyin(sight: Sight, between: Collection[str]) -> QuerySet[Any]:
    low, high = between
    return _of_county(sight).filter(pinyin__gte=low, pinyin__lt=high).values_list("key")


@counted
def _by_letters(sight: Sight, between: Collection[str]) -> QuerySet[Any]:
    """Those found by the first letters alone."""
    return _lettered_alone(sight, between).values_list("key")


@prepared
def _sounding(sight: Sight, between: Collection[str], first: int, end: int) -> QuerySet[Any]:
    low, high = between
    rows = _of_county(sight).filter(pinyin__gte=low, pinyin__lt=high)
    return rows.order_by(*IN_ORDER).values_list("key", flat=True)[first:end]


@prepared
def _lettered(sight: Sight, between: Collection[str], first: int, end: int) -> QuerySet[Any]:
    rows = _lettered_alone(sight, between)
    return rows.order_by(*IN_ORDER).values_list("key", flat=True)[first:end]


@prepared
def _either(sight: Sight, between: Collection[str], first: int, end: int) -> QuerySet[Any]:
    low, high = between
    fitting = Q(pinyin__gte=low, pinyin__lt=high) | Q(initials__gte=low, initials__lt=high)
    rows = _of_county(sight).filter(fitting)
    return rows.order_by(*IN_ORDER).values_list("key", flat=True)[first:end]


def _lettered_alone(sight: Sight, between: Collection[str]) -> QuerySet[Person]:
    low, high = between
    lettered = _of_county(sight).filter(initials__gte=low, initials__lt=high)
    return lettered.filter(Q(pinyin__lt=low) | Q(pinyin__gte=high))
