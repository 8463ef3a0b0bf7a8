"""Who looked at a person: the events of the audit about a person, the bills and the household."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from yingjin.basics.access import ROBOT, allow
from yingjin.basics.audit import words_of
from yingjin.basics.models import AuditEvent
from yingjin.insight.queries.persons import person_for
from yingjin.insight.queries.places import Place, path_inside_county
from yingjin.insight.queries.sight import Sight, sight_of
from yingjin.registry.models import Membership, Person, User

PAGE_ROWS = 50


@dataclass(frozen=True)
class Look:
    """One event about a person. `kind` and `key` say what was opened; `role` what `username` was called then."""

    at: datetime
    username: str
    display_name: str
    role: str | Promise
    what: str
    kind: str
    key: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class LooksPage:
    """One page of who looked at a person, the newest first; `people` counts the different users of all pages."""

    person_key: UUID
    name: str
    path: list[Place]
    rows: list[Look]
    total: int
    people: int
    page: int
    pages: int


def looks(reader: Any, person_key: UUID | str, page: int = 1, size: int = PAGE_ROWS) -> LooksPage:
    """Return who looked at a person of the reader's scope.

    What would tell of a hidden illness is left out here too: that somebody opened a bill says that there is one.
    Errors: NotAllowed, NotFound, MergedInto.
    """
    allow(reader, "read_audit")
    allow(reader, "read_persons")
    sight = sight_of(reader)
    one = person_for(sight, person_key)
    events = AuditEvent.objects.filter(target__in=list(_targets(sight, one.key))).exclude(role=ROBOT)
    total = events.count()
    pages = max(1, -(-total // size))
    page = min(page, pages)
    shown = list(events.order_by("-number")[(page - 1) * size : page * size])
    users = User.objects.filter(username__in={each.by for each in shown})
    names = dict(users.values_list("username", "display_name"))
    written = words_of(shown)
    return LooksPage(
        person_key=one.key,
        name=one.name,
        path=path_inside_county(one.region_code),
        rows=[_look(each, names, written.get(each.number, {})) for each in shown],
        total=total,
        people=events.order_by().values("by").distinct().count(),
        page=page,
        pages=pages,
    )


def _look(event: AuditEvent, names: dict[str, str], written: dict[str, Any]) -> Look:
    kind, _, key = event.target.partition(":")
    role = dict(User.ROLES).get(event.role, event.role)
    return Look(
        event.at, event.by, names.get(event.by, ""), role, event.what, kind, key, {**event.facts, **written}
    )


def _targets(sight: Sight, person: UUID) -> Iterator[str]:
    """Yield what events about a person point to: the person, whoever became it, bills and households."""
    everybody = _with_absorbed(person)
    for key in everybody:
        yield f"person:{key}"
    for bill in sight.bills_of(everybody).values_list("key", flat=True):
        yield f"bill:{bill}"
    homes = Membership.objects.filter(person__in=everybody).values("household_id")
    for household in sight.households().filter(key__in=homes).values_list("key", flat=True):
        yield f"household:{household}"


def _with_absorbed(person: UUID) -> list[UUID]:
    """Return a person's key and those of everybody who was found to be the same."""
    found, newest = [person], [person]
    while newest:
        newest = list(
            Person.objects.filter(merged_into__in=newest).exclude(key__in=found).values_list("key", flat=True)
        )
        found += newest
    return found
