"""Hold the dated facts of people: households, categories, changes; and the facility list (D5)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.derived import SyncTally, sync
from yingjin.registry.domain.changes import DIED
from yingjin.registry.models import CategoryHeld, Facility, Household, Membership, Person, PersonChange


@transaction.atomic
def hold_facilities(drafts: Iterable[Mapping[str, Any]], *, by: Any, at: datetime) -> SyncTally:
    """Make the facility table equal the list; one that left the list stays, marked withdrawn."""
    allow(by, "hold")
    listed = list(drafts)
    fields = ("name", "county_code", "level", "designated", "public", "withdrawn")
    tally = sync(Facility, listed, match=("code",), compare=fields, remove=False)
    left = Facility.objects.exclude(code__in=[each["code"] for each in listed]).filter(withdrawn=False)
    tally.removed = left.update(withdrawn=True)
    return _recorded("facilities_held", tally, by, at)


@transaction.atomic
def hold_households(
    households: Iterable[Mapping[str, Any]],
    memberships: Iterable[Mapping[str, Any]],
    *,
    by: Any,
    at: datetime,
) -> SyncTally:
    """Make households and who belongs to them equal the poverty register."""
    allow(by, "hold")
    homes = sync(Household, households, match=("number",), compare=("region_code",), remove=False)
    tally = sync(
        Membership,
        memberships,
        match=("person_id", "household_id", "row_id"),
        compare=("relation", "valid_from", "valid_to"),
    )
    tally.added, tally.changed = tally.added + homes.added, tally.changed + homes.changed
    return _recorded("households_held", tally, by, at)


def hold_categories(drafts: Iterable[Mapping[str, Any]], *, by: Any, at: datetime) -> SyncTally:
    """Make the dated categories equal the poverty register's sheet."""
    allow(by, "hold")
    fields = ("category", "valid_from", "valid_to", "basis")
    return sync(
        CategoryHeld,
        drafts,
        match=("person_id", "row_id"),
        compare=fields,
        told=lambda tally: _recorded("categories_held", tally, by, at),
    )


@transaction.atomic
def hold_changes(drafts: Iterable[Mapping[str, Any]], *, by: Any, at: datetime) -> SyncTally:
    """Make the changes of persons equal the poverty register's sheet, and with them each person's day of death."""
    allow(by, "hold")
    changes = list(drafts)
    fields = ("what", "on", "due", "evidence")
    tally = sync(PersonChange, changes, match=("person_id", "row_id"), compare=fields)
    _hold_deaths(_first_deaths(changes))
    return _recorded("changes_held", tally, by, at)


def _first_deaths(changes: Iterable[Mapping[str, Any]]) -> dict[UUID, date]:
    died: dict[UUID, date] = {}
    for change in changes:
        if change["what"] == DIED:
            died[change["person_id"]] = min(change["on"], died.get(change["person_id"], date.max))
    return died


def _hold_deaths(died: Mapping[UUID, date]) -> None:
    held = dict(Person.objects.filter(died_on__isnull=False).values_list("key", "died_on"))
    differing = [key for key in held.keys() | died.keys() if held.get(key) != died.get(key)]
    drafts = [Person(key=key, died_on=died.get(key)) for key in differing]
    Person.objects.bulk_update(drafts, ["died_on"], batch_size=500)


def _recorded(what: str, tally: SyncTally, by: Any, at: datetime) -> SyncTally:
    if tally.written:
        counts = {"added": tally.added, "changed": tally.changed, "removed": tally.removed}
        record(what, target="registry", by=by, at=at, **counts)
    return tally
