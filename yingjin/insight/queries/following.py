"""
Lists read on from a place: each row once, however many rows come in before it meanwhile.

* find_after     people found, in the order of Find
* gaps_after     dues of a found day, by the day they are due
* bills_of       the bills of one person
* gap_of_number  the key of a gap that is known by its number
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from yingjin.basics.access import allow
from yingjin.gaps.models import Due, Gap
from yingjin.insight.domain.gap_ids import gap_id
from yingjin.insight.domain.searching import read_search
from yingjin.insight.domain.tallies import LACKING, LATE
from yingjin.insight.queries.bill_rows import bill_rows
from yingjin.insight.queries.find import _matching, _places, found_rows
from yingjin.insight.queries.findings import found_place
from yingjin.insight.queries.gap_rows import gap_row, places_of_dues
from yingjin.insight.queries.gap_work import subject_of, works_on
from yingjin.insight.queries.gaps import _checked, _filtered
from yingjin.insight.queries.persons import PERSON, person_for
from yingjin.insight.queries.shapes import BillRow, GapRow, GapsWanted
from yingjin.insight.queries.sight import found, missing, sight_of


class Part(NamedTuple):
    """Some rows of a list, and the place the rest comes after; None when there is no more."""

    rows: Sequence[Any]
    after: list[Any] | None


def find_after(
    reader: Any, on: date, text: str, village_code: str, after: Sequence[Any] | None, size: int
) -> Part:
    """Return the people found that come after a place of the list. Errors: NotFound for a village outside the scope."""
    allow(reader, "find")
    sight = sight_of(reader)
    search = read_search(text)
    narrowed = sight.narrowed(village_code) if village_code else sight
    matches, _ = _matching(narrowed, search, _places(sight, search), whole=bool(village_code))
    rows = matches.rows
    if after is not None:
        rows = rows.filter(_beyond(("pinyin", "key"), after))
    people = list(rows.order_by("pinyin", "key")[: size + 1])
    shown = people[:size]
    last = [shown[-1].pinyin, str(shown[-1].key)] if len(people) > size else None
    return Part(found_rows(sight, shown, on), last)


def gaps_after(reader: Any, on: date, wanted: GapsWanted, after: Sequence[Any] | None, size: int) -> Part:
    """Return the dues a reader asks for that come after a place of the list; `wanted` has no order of its own here.

    What is lacking comes by the day it is due, anything else by person. Errors: as `gaps`.
    """
    allow(reader, "read_gaps")
    wanted = _checked(wanted, reader)
    order = (
        ("due_by", "person_id", "due", "pk")
        if wanted.status in (LACKING, LATE)
        else ("person_id", "due", "pk")
    )
    rows: QuerySet[Due] = _filtered(found_place(reader, on, wanted.region_code), wanted)
    if after is not None:
        rows = rows.filter(_beyond(order, after))
    dues = list(rows.order_by(*order).select_related("person")[: size + 1])
    shown = dues[:size]
    last = [str(getattr(shown[-1], field)) for field in order] if len(dues) > size else None
    named, works = places_of_dues(shown), works_on(shown)
    listed: list[GapRow] = [gap_row(due, named, on, works.get(subject_of(due))) for due in shown]
    return Part(listed, last)


def bills_of(reader: Any, person_key: UUID | str) -> list[BillRow]:
    """Return the bills of a person that the reader may see, the last discharged first. Errors: NotFound; MergedInto."""
    allow(reader, "read_bills")
    sight = sight_of(reader)
    if sight.scope.facility_code:
        one = found(sight.persons(), *PERSON, key=person_key)
    else:
        one = person_for(sight, person_key)
    return bill_rows(list(sight.bills_of([one.key]).order_by("-discharged_on", "-admitted_on", "-bill_id")))


def gap_of_number(number: int) -> str:
    """Return the key of a gap by its number; who may see it is asked where it is opened. Errors: NotFound."""
    one = Gap.objects.filter(pk=number).first()
    if one is None:
        raise missing("缺口", "gap")
    return gap_id(one.person_id, one.due, one.subject)


def _beyond(order: Sequence[str], after: Sequence[Any]) -> Q:
    """Return the condition of what comes after a place, compared field by field."""
    beyond, same = Q(), Q()
    for field, value in zip(order, after, strict=True):
        beyond |= same & Q(**{f"{field}__gt": value})
        same &= Q(**{field: value})
    return beyond
