"""What other parts may ask of people and facilities, in bulk. Pages ask `insight`, which applies the reader's scope."""

from collections import Counter, defaultdict
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


def open_any() -> None:
    """Open what is hidden of a few people, to see that the keys of this place fit. Errors: as `unseal` has it."""
    for person in Person.objects.order_by()[:20]:
        str(person.name)


def regions_and_births() -> tuple[dict[UUID, str], dict[UUID, date | None]]:
    """Return everybody's region code and birthday."""
    rows = list(Person.objects.filter(merged_into__isnull=True).values_list("key", "region_code", "born_on"))
    return {key: region for key, region, _ in rows}, {key: born_on for key, _, born_on in rows}


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


def people_by_region(digits: int) -> Counter[str]:
    """Count people by the first digits of their region's code; who lives nowhere known so exactly is left out."""
    counted: Counter[str] = Counter()
    for code in Person.objects.filter(merged_into__isnull=True).values_list("region_code", flat=True):
        if len(code) >= digits:
            counted[code[:digits]] += 1
    return counted
