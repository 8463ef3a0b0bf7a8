"""Who stands in which register, under which number, and how the register writes them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yingjin.jobs.county.assumptions import Home, assumed
from yingjin.jobs.county.people import Household, Person, Village
from yingjin.jobs.county.places import other_village
from yingjin.jobs.county.poverty import Poverty
from yingjin.jobs.county.slips import Pen
from yingjin.jobs.county.streams import stream

POVERTY, INSURANCE, HEALTH = "poverty", "insurance", "health"


@dataclass(slots=True)
class Entry:
    """One person as one register writes them. `slips` names the kinds of slip in it."""

    number: str
    person: int
    name: str
    identity_no: str
    sex: str
    born_on: date
    village: int
    slips: tuple[str, ...]
    duplicate: bool = False


class Scribe:
    """Write the entries of one register."""

    def __init__(
        self,
        seed: int,
        register: str,
        persons: Sequence[Person],
        households: Sequence[Household],
        villages: Sequence[Village],
        home: Home,
    ) -> None:
        self.home = home
        self.chance = stream(seed, f"register {register}")
        self.rules = assumed()["slips"]
        self.pen = Pen(self.chance, self.rules)
        self.persons, self.households, self.villages = persons, households, villages

    def entry(self, person: Person, number: str, moved_to: int | None, duplicate: bool = False) -> Entry:
        """Write one person down. `moved_to` is the village where the register has them, if another."""
        factor = self.rules["duplicate_factor"] if duplicate else 1
        relative = self.relative_of(person)
        identity_no, identity_slip = self.pen.identity(person.identity_no, person.born_on, relative, factor)
        name, name_slip = self.pen.name(person.name)
        born_on, birth_slip = self.pen.birthday(person.born_on)
        sex, sex_slip = person.sex, ""
        if self.chance.random() < self.rules["sex"]:
            sex, sex_slip = ("female" if sex == "male" else "male"), "sex"
        moved = moved_to is not None and moved_to != person.village
        slips = (identity_slip, name_slip, birth_slip, sex_slip, "village" if moved else "")
        return Entry(
            number=number,
            person=person.number,
            name=name,
            identity_no=identity_no,
            sex=sex,
            born_on=born_on,
            village=person.village if moved_to is None else moved_to,
            slips=tuple(slip for slip in slips if slip),
            duplicate=duplicate,
        )

    def relative_of(self, person: Person) -> str:
        """Return the identity number of somebody else of the household, or blank."""
        members = self.households[person.household].members
        if len(members) < 2:
            return ""
        other = members[0] if members[0] != person.number else members[1]
        return self.persons[other].identity_no

    def moves_to(self, village: int) -> int | None:
        """Decide by lot whether the register has a person or household in another village, and which."""
        if self.chance.random() >= self.rules["village"]:
            return None
        return other_village(self.chance, self.villages, village, self.rules["village_near"])

    def repeats(self, register: str) -> bool:
        """Decide by lot whether a person is registered twice."""
        return self.chance.random() < float(assumed()["registers"]["duplicate"][register])


def poverty_entries(scribe: Scribe, poverty: Poverty) -> tuple[list[Entry], dict[int, str]]:
    """Write the poverty register, household by household; give the entries and the household numbers."""
    persons, county = scribe.persons, scribe.home.code
    in_register = sorted(poverty.kind_of, key=lambda number: (scribe.households[number].village, number))
    numbers: dict[int, str] = {}
    entries: list[Entry] = []
    for position, household_number in enumerate(in_register, 1):
        household = scribe.households[household_number]
        numbers[household_number] = f"{county}{position:09}"
        moved_to = scribe.moves_to(household.village)
        for place, number in enumerate(household.members, 1):
            person = persons[number]
            own = f"{numbers[household_number]}{place:02}"
            entries.append(scribe.entry(person, own, moved_to))
            if scribe.repeats(POVERTY):
                again = f"{numbers[household_number]}{place + 50:02}"
                entries.append(scribe.entry(person, again, moved_to, duplicate=True))
    return entries, numbers


def insurance_entries(scribe: Scribe, insured: Iterable[int]) -> list[Entry]:
    """Write the insurance register; numbers are given in an order that says nothing."""
    order = sorted(insured)
    scribe.chance.shuffle(order)
    entries: list[Entry] = []
    for number in order:
        for duplicate in (False, True):
            if duplicate and not scribe.repeats(INSURANCE):
                continue
            person = scribe.persons[number]
            psn_no = f"52{scribe.home.code}05{len(entries) + 1:010}"
            entries.append(scribe.entry(person, psn_no, scribe.moves_to(person.village), duplicate))
    return entries


def health_entries(scribe: Scribe, recorded: Iterable[int]) -> list[Entry]:
    """Write the health register, village by village, the records of a village in an order that says nothing."""
    by_village: dict[int, list[tuple[Person, int | None, bool]]] = defaultdict(list)
    for number in sorted(recorded):
        person = scribe.persons[number]
        for duplicate in (False, True):
            if duplicate and not scribe.repeats(HEALTH):
                continue
            moved_to = scribe.moves_to(person.village)
            village = person.village if moved_to is None else moved_to
            by_village[village].append((person, moved_to, duplicate))
    entries: list[Entry] = []
    for village in sorted(by_village):
        ones = by_village[village]
        scribe.chance.shuffle(ones)
        for position, (person, moved_to, duplicate) in enumerate(ones, 1):
            record = f"{scribe.villages[village].code}-{position:05}"
            entries.append(scribe.entry(person, record, moved_to, duplicate))
    return entries


def recorded_people(seed: int, persons: Sequence[Person], outsiders: set[int]) -> set[int]:
    """Choose the people who have a health record."""
    chance = stream(seed, "health records")
    share = assumed()["registers"]["record"]
    return {person.number for person in persons if chance.random() < share and person.number not in outsiders}


def people_of_one_register(seed: int, persons: Sequence[Person], poverty: Poverty) -> set[int]:
    """Choose the registered poor who stand in no other register; at least one where anybody is registered."""
    chance = stream(seed, "one register only")
    poor = [person.number for person in persons if poverty.lists(person)]
    count = max(1, round(len(poor) * assumed()["registers"]["one_register_only"]))
    return set(chance.sample(poor, min(count, len(poor))))
