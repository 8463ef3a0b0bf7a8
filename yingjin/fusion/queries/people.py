"""Whom a register's number means, and who may be one with whom."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from yingjin.basics.access import Scope, within
from yingjin.basics.identity import masked
from yingjin.fusion.models import RegisterPerson, UnlinkedPair


@dataclass(frozen=True, slots=True)
class UnlinkedPerson:
    """One side of a pair that people must decide; the identity number masked."""

    register: str
    number: str
    name: str
    masked_number: str
    region_code: str
    person: UUID | None


def persons_of(register: str) -> dict[str, UUID]:
    """Return the person behind each of a register's numbers, those withdrawn with them."""
    rows = RegisterPerson.objects.filter(register=register, person__isnull=False)
    return dict(rows.values_list("number", "person_id").iterator(chunk_size=10_000))


def unlinked_for(scope: Scope) -> Iterator[tuple[UnlinkedPerson, UnlinkedPerson, str]]:
    """Yield the pairs a reader may see, and why each is listed: same_number or same_name_village."""
    pairs = within(UnlinkedPair.objects.select_related("one", "other"), scope)
    for pair in pairs.order_by("region_code", "one__person__pinyin", "id").iterator(chunk_size=2_000):
        yield _side(pair.one), _side(pair.other), pair.why


def unlinked_persons() -> dict[UUID, set[tuple[str, str]]]:
    """Return, for each person in a listed pair, the register of the other side and why."""
    found: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    pairs = UnlinkedPair.objects.values_list(
        "one__person_id", "one__register", "other__person_id", "other__register", "why"
    )
    for one, register_of_one, other, register_of_other, why in pairs.iterator(chunk_size=5_000):
        found[one].add((register_of_other, why))
        found[other].add((register_of_one, why))
    return dict(found)


def disagreements_for(scope: Scope) -> Iterator[tuple[str, str, str, dict[str, list[str]]]]:
    """Yield register, number, region and what differs of the people on whom a register disagrees with itself.

    Values are the newest first. Identity numbers are masked, each with a mark that tells them apart.
    """
    rows = within(RegisterPerson.objects.filter(withdrawn=False, disagrees=True), scope)
    fields = ("register", "number", "region_code", "disagreements")
    for register, number, region, differing in rows.order_by("register", "number").values_list(*fields):
        shown = {
            name: [masked(value) if name == "identity_number" else value for value in values]
            for name, values in differing.items()
        }
        yield register, number, region, shown


def _side(one: RegisterPerson) -> UnlinkedPerson:
    return UnlinkedPerson(
        register=one.register,
        number=one.number,
        name=one.name,
        masked_number=masked(one.identity_number),
        region_code=one.region_code,
        person=one.person_id,
    )
