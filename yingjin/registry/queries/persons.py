"""What other parts may ask of people and facilities, in bulk. Pages ask `insight`, which applies the reader's scope."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from yingjin.registry.models import CategoryHeld, Facility, Person

Holding = tuple[str, date, date | None]


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """What the facility list says of a place that treats people."""

    code: str
    name: str
    county_code: str
    level: str
    designated: bool
    public: bool


def regions_of_persons() -> dict[UUID, str]:
    """Return everybody's region code."""
    return dict(Person.objects.filter(merged_into__isnull=True).values_list("key", "region_code"))


def deaths() -> dict[UUID, date]:
    """Return the day of death of those who died."""
    return dict(Person.objects.filter(died_on__isnull=False).values_list("key", "died_on"))


def births_and_categories(keys: Sequence[UUID]) -> Mapping[UUID, tuple[date | None, list[Holding]]]:
    """Return the birthday and the dated categories (code, from, to) of some people."""
    held: dict[UUID, list[Holding]] = defaultdict(list)
    rows = CategoryHeld.objects.filter(person__in=keys).values_list(
        "person_id", "category", "valid_from", "valid_to"
    )
    for person, category, valid_from, valid_to in rows:
        held[person].append((category, valid_from, valid_to))
    births = Person.objects.filter(key__in=keys).values_list("key", "born_on")
    return {key: (born_on, sorted(held[key], key=str)) for key, born_on in births}


def facilities() -> dict[str, FacilityFacts]:
    """Return every facility ever listed, by code."""
    fields = ("code", "name", "county_code", "level", "designated", "public")
    return {row[0]: FacilityFacts(*row) for row in Facility.objects.values_list(*fields)}
