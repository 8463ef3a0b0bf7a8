"""Link the registers' people into persons, hold the persons, and list whom only people can decide about (D6)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from yingjin.basics import bulk
from yingjin.basics.access import allow
from yingjin.basics.audit import record, recorded_last
from yingjin.fusion.domain.linking import (
    Cluster,
    Linking,
    Member,
    clusters_of,
    field_of,
    keys_of,
    unlinked_pairs,
)
from yingjin.fusion.domain.owners import OWNERS
from yingjin.fusion.models import RegisterPerson, RegisterState, UnlinkedPair
from yingjin.registry.actions.persons import PersonDraft, changed_persons, hold_persons, merge_persons

LINKING = "1"  # raised when people are linked in another way: then all are linked again
Pairs = dict[tuple[int, int, str], str]
PERSONS, LINKED = "persons", "linked"
MEMBER_FIELDS = (
    "id", "register", "number", "name", "name_key", "identity_number", "identity_index", "identity_valid", "sex",
    "born_on", "phone", "region_code", "person_id",
)  # fmt: skip


@dataclass
class LinkTally:
    """What linking found, and how much of it was new."""

    register_persons: int = 0
    persons: int = 0
    linked: int = 0  # persons that more than one register person stands for
    moved: int = 0  # register persons whose person changed
    merged: int = 0
    unlinked: int = 0
    unchanged: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """Return the counts by name."""
        names = ("register_persons", "persons", "linked", "moved", "merged", "unlinked")
        return {name: getattr(self, name) for name in names}


def link(*, by: Any, at: datetime) -> LinkTally:
    """Link everybody anew; write only what differs, in one transaction, and nothing when nobody changed.

    Who is linked to whom is worked out before the transaction begins: nobody else changes the registers' people.
    """
    allow(by, "link")
    read_from = _digest()
    states = RegisterState.objects.filter(register=PERSONS, part=LINKED)
    if states.filter(files_digest=read_from).exists():
        return _as_it_was()
    members = list(_members())
    clusters = clusters_of(members)
    linking = keys_of(clusters)
    drafts = changed_persons(_draft(key, cluster) for key, cluster in linking.keys.items())
    pairs = _pairs(clusters)
    tally = LinkTally(
        len(members), len(clusters), sum(len(each) > 1 for each in clusters), unlinked=len(pairs)
    )
    with recorded_last():
        hold_persons(drafts, by=by, at=at)
        tally.moved = _point(linking)
        tally.merged = merge_persons(sorted(linking.merged.items()), by=by, at=at)
        _list_unlinked(pairs)
        kept = {"files_digest": read_from, "applied_at": at}
        RegisterState.objects.update_or_create(register=PERSONS, part=LINKED, defaults=kept)
        record("registers_linked", target="register:persons", by=by, at=at, **tally.counts)
    return tally


def _digest() -> str:
    """Return a word for the register persons that are linked."""
    states = RegisterState.objects.filter(part=PERSONS).order_by("register")
    facts = [f"{register} {digest}" for register, digest in states.values_list("register", "files_digest")]
    return blake2b("\n".join([LINKING, *facts]).encode(), digest_size=32).hexdigest()


def _as_it_was() -> LinkTally:
    present = RegisterPerson.objects.filter(withdrawn=False).order_by()
    sizes = Counter(present.values_list("person_id", flat=True).iterator(chunk_size=10_000))
    return LinkTally(
        register_persons=sizes.total(),
        persons=len(sizes),
        linked=sum(size > 1 for size in sizes.values()),
        unlinked=UnlinkedPair.objects.count(),
        unchanged=True,
    )


def _members() -> Iterator[Member]:
    present = RegisterPerson.objects.filter(withdrawn=False).values_list(*MEMBER_FIELDS)
    return (Member(*row) for row in present.iterator(chunk_size=5_000))


def _draft(key: UUID, cluster: Cluster) -> PersonDraft:
    """Return what the registers together say of a person, each field from its owner."""
    fields = {name: field_of(cluster, name) for name in OWNERS}
    values: dict[str, Any] = {name: value for name, (value, _) in fields.items()}
    return PersonDraft(key=key, **values, sources={name: register for name, (_, register) in fields.items()})


def _point(linking: Linking) -> int:
    """Let every register person point to its person; one of old keeps pointing to whoever its person went into."""
    moved = [
        (key, member.id)
        for key, cluster in linking.keys.items()
        for member in cluster
        if member.person != key
    ]
    bulk.update(RegisterPerson, ("person",), moved)
    gone = RegisterPerson.objects.filter(withdrawn=True, person__isnull=False).values_list("person_id", "id")
    bulk.update(
        RegisterPerson, ("person",), [(linking.merged[key], pk) for key, pk in gone if key in linking.merged]
    )
    return len(moved)


def _pairs(clusters: Sequence[Cluster]) -> Pairs:
    """Return the pairs left to people, each with the region it is listed in."""
    return {
        (pair.one.id, pair.other.id, pair.why): max(pair.one.region_code, pair.other.region_code, key=len)
        for pair in unlinked_pairs(clusters)
    }


def _list_unlinked(found: Pairs) -> None:
    """Make the list of pairs left to people equal to what was found."""
    held = {
        row[1:4]: row
        for row in UnlinkedPair.objects.values_list("id", "one_id", "other_id", "why", "region_code")
    }
    gone = [row[0] for key, row in held.items() if found.get(key) != row[4]]
    for start in range(0, len(gone), 500):
        UnlinkedPair.objects.filter(id__in=gone[start : start + 500]).delete()
    new = [(*key, region) for key, region in found.items() if key not in held or held[key][4] != region]
    bulk.insert(UnlinkedPair, ("one", "other", "why", "region_code"), new)
