"""Names as the county has them: clans of a village, characters of a generation, names with an interpunct."""

from collections.abc import Sequence
from random import Random

from yingjin.jobs.county.assumptions import assumed, names, short_given_names, surnames
from yingjin.jobs.county.people import Household, Person, Village
from yingjin.jobs.county.streams import Draw, stream

YEARS_A_GENERATION = 24
HUSBANDS_FAMILY = ("户主", "之子", "之女", "之父", "之孙子", "之孙女")


def name_people(
    seed: int, persons: Sequence[Person], households: Sequence[Household], villages: Sequence[Village]
) -> None:
    """Give every person an ethnic group, a surname, a name and a phone."""
    namer = Namer(seed, villages)
    for household in households:
        namer.name_household(household, [persons[number] for number in household.members])


class Namer:
    """Name one household after another."""

    def __init__(self, seed: int, villages: Sequence[Village]) -> None:
        self.chance = stream(seed, "names")
        self.rules = assumed()["names"]
        self.clan_shares = assumed()["villages"]["clans"]
        self.surnames = Draw(surnames())
        self.parts = names()
        self.groups = [_groups_of(village) for village in villages]
        self.clans = [[self.surnames.one(self.chance) for _ in self.clan_shares] for _ in villages]
        self.interpunct = assumed()["ethnic"]["interpunct"]

    def name_household(self, household: Household, members: Sequence[Person]) -> None:
        """Name the members: those of the husband's family share a surname."""
        group = self.groups[household.village].one(self.chance)
        family = self.family_name(group, household.village)
        phone = _phone(self.chance)
        keeps_interpunct = group in self.parts["interpunct"] and self.chance.random() < self.interpunct
        for person in members:
            person.village = household.village
            person.ethnic_group = group
            person.phone = (
                phone if self.chance.random() < self.rules["household_phone"] else _phone(self.chance)
            )
            if keeps_interpunct:
                person.name = self.interpunct_name(group, person.sex)
                person.surname = person.name.partition("·")[0]
                continue
            own = person.relation not in HUSBANDS_FAMILY
            person.surname = self.family_name(group, household.village) if own else family
            person.name = person.surname + self.given_name(person)

    def family_name(self, group: str, village: int) -> str:
        """Choose a surname: one of the village's clans, or any."""
        local = self.parts["local_surnames"].get(group)
        if local and self.chance.random() < self.rules["local_surname"]:
            return str(self.chance.choice(local))
        place = self.chance.random()
        for clan, share in zip(self.clans[village], self.clan_shares, strict=True):
            place -= share
            if place < 0:
                return clan
        return self.surnames.one(self.chance)

    def given_name(self, person: Person) -> str:
        """Choose a given name; men often carry their clan's character of the generation."""
        chance = self.chance
        if chance.random() < self.rules["short_given"]:
            return chance.choice(short_given_names(person.sex))
        characters = self.parts[person.sex]
        second = chance.choice(characters)
        if person.sex == "male" and chance.random() < self.rules["generation_character"]:
            generation = person.born_on.year // YEARS_A_GENERATION
            turn = sum(map(ord, person.surname)) * 7 + person.village * 31 + generation * 13
            return str(self.parts["generation"][turn % len(self.parts["generation"])] + second)
        return str(
            second if chance.random() < self.rules["one_character"] else chance.choice(characters) + second
        )

    def interpunct_name(self, group: str, sex: str) -> str:
        """Choose a made-up name with an interpunct."""
        parts = self.parts["interpunct"][group]
        return f"{self.chance.choice(parts['first'])}·{self.chance.choice(parts[sex])}"


def _groups_of(village: Village) -> Draw[str]:
    ethnic = assumed()["ethnic"]
    return Draw(
        {
            group: weight * (ethnic["named_township_factor"] if group in village.township_name else 1)
            for group, weight in ethnic["weights"].items()
        }
    )


def _phone(chance: Random) -> str:
    """Make a number that no network uses: it begins with 100."""
    return f"100{chance.randrange(10**8):08}"
