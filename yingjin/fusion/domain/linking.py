"""
Who is one person across the registers (D6).

* clusters_of      register persons that are one: equal valid numbers and equal names, nothing less
* keys_of          which person each cluster is, so that people keep their key over the years
* unlinked_pairs   register persons that may be one and are left to people
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product, zip_longest
from typing import NamedTuple
from uuid import UUID, uuid5

from yingjin.basics.identity import clean
from yingjin.fusion.domain.owners import OWNERS, REGISTERS

PERSON_KEYS = UUID(
    "6f1d7b3e-0c52-5f0a-9a3f-6b7a1c9d2e40"
)  # the namespace of keys founded by a register's number
SAME_NUMBER, SAME_NAME_VILLAGE = "same_number", "same_name_village"
VILLAGE_DIGITS = 12
SHORTEST_TELLING_NUMBER = 15
# Up to so many on a side every pair is listed; beyond, each once, so that a list stays as long as its people.
LISTED_IN_FULL = 12
PLACE_OF_REGISTER = {register: place for place, register in enumerate(REGISTERS)}


class Member(NamedTuple):
    """One register's person. `name_key` and `number_index` are compared alone; `person` is whom it was linked to."""

    id: int
    register: str
    number: str
    name: str
    name_key: str
    identity_number: str
    number_index: str
    number_valid: bool
    sex: str
    born_on: date | None
    phone: str
    region_code: str
    person: UUID | None

    @property
    def rank(self) -> tuple[int, str]:
        """Return its place in order: the register, then the number as text."""
        return PLACE_OF_REGISTER[self.register], self.number

    @property
    def own_key(self) -> UUID:
        """Return the key of the person this member founds."""
        return uuid5(PERSON_KEYS, f"{self.register}:{self.number}")


Cluster = tuple[Member, ...]  # in order of rank


class Pair(NamedTuple):
    """Two register persons who may be one, the one of higher rank first."""

    one: Member
    other: Member
    why: str


@dataclass(frozen=True, slots=True)
class Linking:
    """Which person each cluster is, and which persons went into which."""

    keys: Mapping[UUID, Cluster]
    merged: Mapping[UUID, UUID]


def clusters_of(members: Iterable[Member]) -> list[Cluster]:
    """Put register persons together whose valid numbers and names are equal; all others stay alone.

    An equal number alone is no proof: it may be another's of the household.
    """
    together: dict[tuple[str, str], list[Member]] = defaultdict(list)
    found: list[list[Member]] = []
    for member in members:
        if member.number_valid and member.name_key:
            together[member.number_index, member.name_key].append(member)
        else:
            found.append([member])
    found += together.values()
    return sorted(
        (tuple(sorted(each, key=lambda one: one.rank)) for each in found), key=lambda one: one[0].rank
    )


def keys_of(clusters: Sequence[Cluster]) -> Linking:
    """Say which person each cluster is: that of its highest member, or a new one founded by it.

    When two clusters were one person, the one with the higher member keeps it, and the other founds its own.
    A person whose members all went elsewhere goes into the one who got the highest of them.
    """
    keys: dict[UUID, Cluster] = {}
    for cluster in clusters:
        wanted = cluster[0].person or cluster[0].own_key
        # A key is founded by a member of its cluster's rank or above, so one's own is never another's.
        keys[wanted if wanted not in keys else cluster[0].own_key] = cluster
    went: dict[UUID, tuple[tuple[int, str], UUID]] = {}
    for key, cluster in keys.items():
        for member in cluster:
            if member.person is not None and member.person not in keys:
                claim = (member.rank, key)
                went[member.person] = min(went.get(member.person, claim), claim)
    return Linking(keys, {gone: key for gone, (_, key) in went.items()})


def field_of(cluster: Cluster, name: str) -> tuple[object, str]:
    """Return a field of a person and the register it comes from: the first in the field's order that has it.

    A valid number comes before one that is not, the whole one before one of 15 digits, a village before a place
    that only holds it. Without any value the field is empty, as of its first register.
    """
    if len(cluster) == 1:
        return getattr(cluster[0], name), cluster[0].register
    order, worse = OWNERS[name], WORSE.get(name, _equally_good)
    having = [member for member in cluster if getattr(member, name)] or list(cluster)
    owner = min(having, key=lambda member: (worse(member), order.index(member.register), member.number))
    return getattr(owner, name), owner.register


def _equally_good(_: Member) -> int:
    return 0


def _number_is_worse(member: Member) -> int:
    return 2 if not member.number_valid else int(len(clean(member.identity_number)) != 18)


def _place_is_coarser(member: Member) -> int:
    return VILLAGE_DIGITS - len(member.region_code)


WORSE: Mapping[str, Callable[[Member], int]] = {
    "identity_number": _number_is_worse,
    "region_code": _place_is_coarser,
}


def unlinked_pairs(clusters: Sequence[Cluster]) -> Iterator[Pair]:
    """Yield the pairs left to people: the same number under other names, or name and village without the number."""
    cluster_of = {member.id: place for place, cluster in enumerate(clusters) for member in cluster}
    yield from _same_number(clusters, cluster_of)
    yield from _same_name_and_village(clusters)


def _same_number(clusters: Sequence[Cluster], cluster_of: Mapping[int, int]) -> Iterator[Pair]:
    """Pair members of one number in different clusters. A number that is not valid counts when it is long enough."""
    by_number: dict[str, list[Member]] = defaultdict(list)
    for cluster in clusters:
        for member in cluster:
            if member.number_valid or len(clean(member.identity_number)) >= SHORTEST_TELLING_NUMBER:
                by_number[member.number_index].append(member)
    for members in by_number.values():
        if len(members) == 1:
            continue
        if len(members) > LISTED_IN_FULL:
            first = members[0]
            other = next((each for each in members if cluster_of[each.id] != cluster_of[first.id]), first)
            pairs = [(first, each) for each in members] + [(other, each) for each in members]
        else:
            pairs = list(combinations(members, 2))
        listed = {
            _pair(one, two, SAME_NUMBER) for one, two in pairs if cluster_of[one.id] != cluster_of[two.id]
        }
        yield from sorted(listed, key=lambda pair: (pair.one.rank, pair.other.rank))


def _same_name_and_village(clusters: Sequence[Cluster]) -> Iterator[Pair]:
    """Pair members of one name in one village, where each may be the one the other lacks.

    Two valid numbers of one register are two people by that register, so nobody is paired with somebody whose own
    register has the first already; but whoever has no valid number may be anybody of that name.
    """
    by_place: dict[tuple[str, str], list[tuple[Member, frozenset[str]]]] = defaultdict(list)
    for cluster in clusters:
        here = frozenset(member.register for member in cluster)
        for member in cluster:
            if len(member.region_code) == VILLAGE_DIGITS and member.name_key:
                by_place[member.name_key, member.region_code].append((member, here))
    for place in by_place.values():
        if len(place) > 1:
            listed = {*_between_registers(place), *_without_number([member for member, _ in place])}
            yield from sorted(listed, key=lambda pair: (pair.one.rank, pair.other.rank))


def _between_registers(place: Sequence[tuple[Member, frozenset[str]]]) -> Iterator[Pair]:
    """Pair members of two registers neither of whose persons has the other's register."""
    for left, right in combinations(REGISTERS, 2):
        ones = [member for member, here in place if member.register == left and right not in here]
        others = [member for member, here in place if member.register == right and left not in here]
        yield from _each_with_each(ones, others)


def _without_number(members: Sequence[Member]) -> Iterator[Pair]:
    """Pair whoever has no valid number with everybody else of the place, in a crowd with one of them."""
    doubtful = [member for member in members if not member.number_valid]
    others = members if len(members) <= LISTED_IN_FULL else members[:2]
    for one in doubtful:
        for other in others:
            if other is not one:
                yield _pair(one, other, SAME_NAME_VILLAGE)


def _each_with_each(ones: Sequence[Member], others: Sequence[Member]) -> Iterator[Pair]:
    """Pair all of one side with all of the other; in a crowd each with one."""
    if not ones or not others:
        return
    crowd = max(len(ones), len(others)) > LISTED_IN_FULL
    pairs = zip_longest(ones, others) if crowd else product(ones, others)
    for one, other in pairs:
        yield _pair(one or ones[0], other or others[0], SAME_NAME_VILLAGE)


def _pair(one: Member, other: Member, why: str) -> Pair:
    return Pair(one, other, why) if one.rank < other.rank else Pair(other, one, why)
