"""Who has which confirmed illness: as many of each age and sex as assumed, chosen by lot."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from yingjin.jobs.county.assumptions import age_band, assumed, illnesses
from yingjin.jobs.county.people import Confirmed, Person
from yingjin.jobs.county.streams import stream

EARLIEST = date(2012, 1, 1)
CHILDHOOD = "儿童"
CHILD_OLDEST = 12  # clear of the age at which a children's disease is one no longer


def confirm_illnesses(seed: int, persons: Sequence[Person], last_day: date) -> dict[int, list[Confirmed]]:
    """Choose the confirmed illnesses of everybody, by person number."""
    chance = stream(seed, "illnesses")
    groups: dict[tuple[str, int], list[Person]] = defaultdict(list)
    for person in persons:
        groups[person.sex, age_band(person.age_at_end_of(last_day.year))].append(person)
    found: dict[int, list[Confirmed]] = defaultdict(list)
    for place, illness in enumerate(illnesses()):
        for (sex, band), members in sorted(groups.items()):
            if not illness.fits(sex) or illness.held_per_10000[band] == 0:
                continue
            young = last_day.year - CHILD_OLDEST if illness.disease.startswith(CHILDHOOD) else 0
            able = [person for person in members if person.born_on.year >= young] if young else members
            expected = len(able) * illness.held_per_10000[band] / 10_000
            count = int(expected) + (chance.random() < expected % 1)
            for person in chance.sample(able, min(count, len(able))):
                first = max(EARLIEST, person.born_on + timedelta(days=3))
                last = min(last_day, person.died_on or last_day) - timedelta(days=15)
                if first < last:
                    days = (last - first).days
                    found[person.number].append(
                        Confirmed(place, first + timedelta(days=chance.randrange(days)))
                    )
    for disease in assumed()["surely"]["diseases"]:
        _see_that_some_have(disease, persons, found, chance, last_day)
    return dict(found)


def _see_that_some_have(
    disease: str,
    persons: Sequence[Person],
    found: dict[int, list[Confirmed]],
    chance: Random,
    last_day: date,
) -> None:
    """Confirm a disease in more grown-ups until as many of the living have it as there surely are."""
    place = next(place for place, illness in enumerate(illnesses()) if illness.disease == disease)
    living = [number for number in holders(disease, found) if persons[number].died_on is None]
    missing = int(assumed()["surely"]["people"]) - len(living)
    able = [
        person
        for person in persons
        if 20 <= last_day.year - person.born_on.year <= 60
        and person.died_on is None
        and person.number not in found
    ]
    for person in chance.sample(able, max(0, missing)):
        on = last_day - timedelta(days=chance.randrange(200, 1500))
        found[person.number] = [Confirmed(place, on)]


def holders(disease: str, found: Mapping[int, Sequence[Confirmed]]) -> list[int]:
    """List the people with a disease of the special-treatment list, in order of their number."""
    return sorted(
        number
        for number, ones in found.items()
        if any(illnesses()[one.illness].disease == disease for one in ones)
    )


def special(confirmed: Sequence[Confirmed]) -> list[Confirmed]:
    """Keep the illnesses of the special-treatment list."""
    return [one for one in confirmed if illnesses()[one.illness].disease]


def households_with_special(
    persons: Sequence[Person], confirmed: Mapping[int, Sequence[Confirmed]]
) -> set[int]:
    """Name the households in which somebody has an illness of the special-treatment list."""
    return {persons[number].household for number, ones in confirmed.items() if special(ones)}
