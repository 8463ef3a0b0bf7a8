"""Hold people, households, facilities and what is known of them, as the registers together have it (D5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import blake2b
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from yingjin.basics import bulk
from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.sealing import digest_key
from yingjin.registry.domain.pinyin import read_person
from yingjin.registry.files import surname_readings
from yingjin.registry.models import COUNTY_DIGITS, Person

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """What the registers together say of one person. `sources` names the register behind each field."""

    key: UUID
    name: str
    sex: str
    born_on: date | None
    identity_number: str
    phone: str
    region_code: str
    sources: Mapping[str, str]

    def digest(self) -> str:
        """Return a short hash that changes when anything here does; without the key nobody can try guesses on it."""
        parts = [str(getattr(self, each.name)) for each in fields(self) if each.name != "sources"]
        parts += [f"{name}={self.sources[name]}" for name in sorted(self.sources)]
        return blake2b("\x1f".join(parts).encode(), digest_size=16, key=digest_key()).hexdigest()


def digest_of(person: Person) -> str:
    """Return the hash of a person as held, for when the key of hashes has changed."""
    names = [each.name for each in fields(PersonDraft)]
    return PersonDraft(**{name: getattr(person, name) for name in names}).digest()


@dataclass
class HoldTally:
    """How many were new, changed and left as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@transaction.atomic
def hold_persons(drafts: Iterable[PersonDraft], *, by: Any, at: datetime) -> HoldTally:
    """Add the new people and change those whose registers now say otherwise; write nothing for the rest."""
    allow(by, "hold")
    held = dict(Person.objects.values_list("key", "digest"))
    merged = set(Person.objects.filter(merged_into__isnull=False).values_list("key", flat=True))
    tally = HoldTally()
    waiting = iter(drafts)
    while batch := list(islice(waiting, BATCH)):
        new = [draft for draft in batch if draft.key not in held]
        known = [draft for draft in batch if draft.key in held]
        differing = [each for each in known if held[each.key] != each.digest() or each.key in merged]
        tally.added += bulk.insert(Person, (*_FIELDS, "key"), map(_values, new))
        tally.changed += bulk.update(Person, _FIELDS, map(_values, differing))
        tally.unchanged += len(known) - len(differing)
    if tally.added or tally.changed:
        record("persons_held", target="persons", by=by, at=at, added=tally.added, changed=tally.changed)
    return tally


def changed_persons(drafts: Iterable[PersonDraft]) -> Iterable[PersonDraft]:
    """Return the drafts that differ from who is held, so that little is left to do once the database is written to.

    Where nobody is held yet they stay unread: then all are new.
    """
    held = dict(Person.objects.values_list("key", "digest"))
    if not held:
        return drafts
    merged = set(Person.objects.filter(merged_into__isnull=False).values_list("key", flat=True))
    return [each for each in drafts if held.get(each.key) != each.digest() or each.key in merged]


_FIELDS = (
    "name",
    "pinyin",
    "initials",
    "sex",
    "born_on",
    "identity_number",
    "identity_index",
    "identity_last4",
    "phone",
    "region_code",
    "county_code",
    "sources",
    "merged_into",
    "digest",
)


def _values(draft: PersonDraft) -> tuple[Any, ...]:
    """Return what is kept of a person in the order of the fields, and last the key; nobody held is merged."""
    reading = read_person(draft.name, surname_readings())
    return (
        draft.name,
        reading.full[:160],
        reading.initials[:32],
        draft.sex,
        draft.born_on,
        draft.identity_number,
        draft.identity_number,
        draft.identity_number[-4:].upper(),
        draft.phone,
        draft.region_code,
        draft.region_code[:COUNTY_DIGITS],
        dict(draft.sources),
        None,
        draft.digest(),
        draft.key,
    )


@transaction.atomic
def merge_persons(pairs: Iterable[tuple[UUID, UUID]], *, by: Any, at: datetime) -> int:
    """Mark each first person as gone into the second; their rows already point to the second.

    It can be undone: when the rows part again, `hold_persons` with the first key brings that person back.
    """
    allow(by, "hold")
    gone = [Person(key=one, merged_into_id=other) for one, other in pairs]
    Person.objects.bulk_update(gone, ["merged_into"], batch_size=500)
    if gone:
        record("persons_merged", target="persons", by=by, at=at, count=len(gone))
    return len(gone)


def household_key(number: str) -> UUID:
    """Return the key of the household with a register's number."""
    return uuid5(NAMESPACE_URL, f"yingjin:household:{number}")
