"""Identity numbers shaped by GB 11643, made up and unique in the county."""

from collections.abc import Sequence
from random import Random

from yingjin.basics.identity import check_digit
from yingjin.jobs.county.assumptions import Home, assumed
from yingjin.jobs.county.people import Household, Person
from yingjin.jobs.county.streams import stream


def number_people(
    seed: int, persons: Sequence[Person], households: Sequence[Household], home: Home, used: set[str]
) -> None:
    """Give every person an identity number; twins get neighbouring ones. `used` are those of other counties."""
    chance = stream(seed, "identity numbers")
    for household in households:
        before: Person | None = None
        for number in household.members:
            person = persons[number]
            if before is not None and before.born_on == person.born_on:
                person.identity_no = _next_to(before, person.sex, used)
            else:
                person.identity_no = _new(_prefix(person, chance, home), person, chance, used)
            before = person


def _prefix(person: Person, chance: Random, home: Home) -> str:
    rules = assumed()["identity"]
    married_in = person.relation in ("配偶", "之儿媳", "之母")
    if chance.random() < rules["elsewhere_married_in" if married_in else "elsewhere"]:
        return str(chance.choice(rules["elsewhere_prefixes"]))
    new = person.born_on.year >= rules["new_prefix_from"]
    return home.code if new else home.before


def _new(prefix: str, person: Person, chance: Random, used: set[str]) -> str:
    """Choose a free number of the birthday."""
    born = f"{prefix}{person.born_on:%Y%m%d}"
    odd = person.sex == "male"
    while True:
        first17 = f"{born}{chance.randrange(500) * 2 + odd:03}"
        if first17 not in used:
            used.add(first17)
            return first17 + check_digit(first17)


def _next_to(before: Person, sex: str, used: set[str]) -> str:
    """Choose the nearest free number after a twin's."""
    start = int(before.identity_no[14:17])
    odd = sex == "male"
    for step in range(1, 1000):
        sequence = (start + step) % 1000
        first17 = f"{before.identity_no[:14]}{sequence:03}"
        if sequence % 2 == odd and first17 not in used:
            used.add(first17)
            return first17 + check_digit(first17)
    raise AssertionError("a birthday has a thousand numbers")
