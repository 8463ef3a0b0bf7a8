"""Put the county together: every fact once, in the order one rests on another."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yingjin.jobs.county.assumptions import Home, assumed, homes, settled_years
from yingjin.jobs.county.bills import number_bills
from yingjin.jobs.county.care import Care, contract, treat
from yingjin.jobs.county.enrolment import enrol
from yingjin.jobs.county.facilities import Facilities, found_facilities
from yingjin.jobs.county.illness import confirm_illnesses
from yingjin.jobs.county.naming import name_people
from yingjin.jobs.county.numbering import number_people
from yingjin.jobs.county.payments import pay_bills
from yingjin.jobs.county.people import Bill, Confirmed, Household, Person, Village
from yingjin.jobs.county.places import choose_villages, settle_households
from yingjin.jobs.county.population import build_population
from yingjin.jobs.county.poverty import Poverty, change_people, let_people_die, register_poor
from yingjin.jobs.county.registers import (
    HEALTH,
    INSURANCE,
    POVERTY,
    Entry,
    Scribe,
    health_entries,
    insurance_entries,
    people_of_one_register,
    poverty_entries,
    recorded_people,
)
from yingjin.jobs.county.stays import Wards, make_bills

NEXT_COUNTY = 1_000_003  # between the seeds of counties made together
PEOPLE_A_COUNTY = 1_000_000  # between their people's keys


@dataclass(slots=True)
class County:
    """Everything that is true of the made-up county, and how its registers write it."""

    seed: int
    home: Home
    last_day: date
    villages: list[Village]
    persons: list[Person]
    households: list[Household]
    confirmed: dict[int, list[Confirmed]]
    poverty: Poverty
    facilities: Facilities
    enrolled: dict[int, set[int]]
    bills: list[Bill]
    recorded: set[int]
    care: Care
    entries: dict[str, list[Entry]]
    household_numbers: dict[int, str]

    def key_of(self, number: int) -> str:
        """Return a person's true key, like nobody else's of the counties made together."""
        return f"P{self.home.position * PEOPLE_A_COUNTY + number:07}"

    def entries_of(self, register: str) -> dict[int, list[Entry]]:
        """Return a register's entries by person; the first is the one that is no duplicate."""
        found: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries[register]:
            found[entry.person].append(entry)
        return found

    def bills_of(self) -> dict[int, list[Bill]]:
        """Return the bills by person."""
        found: dict[int, list[Bill]] = defaultdict(list)
        for bill in self.bills:
            found[bill.person].append(bill)
        return found


def make_county_facts(
    seed: int, people: int, home: Home | None = None, used: set[str] | None = None
) -> County:
    """Make the county of a seed; the same seed and number of people always give the same county.

    `home` says which of the prefecture's, by default the first; `used` takes up the identity numbers given, so that
    no other county gives one again.
    """
    home = home or homes(1)[0][0]
    seed = seed + home.position * NEXT_COUNTY
    first_day: date = assumed()["first_day"]
    last_day: date = assumed()["last_day"]
    villages = choose_villages(seed, people, home)
    persons, households = build_population(seed, people, last_day)
    settle_households(seed, households, villages)
    name_people(seed, persons, households, villages)
    number_people(seed, persons, households, home, set() if used is None else used)
    let_people_die(seed, persons, first_day, last_day)
    confirmed = confirm_illnesses(seed, persons, last_day)
    poverty = register_poor(seed, persons, households, confirmed, last_day)
    change_people(seed, persons, poverty, last_day)
    outsiders = people_of_one_register(seed, persons, poverty)
    facilities = found_facilities(villages, home)
    enrolled = enrol(seed, persons, poverty, settled_years(), outsiders)
    wards = Wards(seed, villages, facilities, confirmed)
    bills = number_bills(seed, make_bills(wards, persons, poverty, enrolled), home)
    pay_bills(seed, persons, poverty.held, bills, home)
    recorded = recorded_people(seed, persons, outsiders)
    care = Care(
        treat(seed, persons, confirmed, villages, facilities, recorded),
        contract(seed, persons, poverty, villages, recorded),
    )
    entries, household_numbers = _write_down(
        seed, persons, households, villages, poverty, enrolled, bills, recorded, home
    )
    return County(
        seed=seed,
        home=home,
        last_day=last_day,
        villages=villages,
        persons=persons,
        households=households,
        confirmed=confirmed,
        poverty=poverty,
        facilities=facilities,
        enrolled=enrolled,
        bills=bills,
        recorded=recorded,
        care=care,
        entries=entries,
        household_numbers=household_numbers,
    )


def _write_down(
    seed: int,
    persons: Sequence[Person],
    households: Sequence[Household],
    villages: Sequence[Village],
    poverty: Poverty,
    enrolled: dict[int, set[int]],
    bills: Sequence[Bill],
    recorded: set[int],
    home: Home,
) -> tuple[dict[str, list[Entry]], dict[int, str]]:
    """Write everybody into the registers they stand in."""
    scribes = {
        register: Scribe(seed, register, persons, households, villages, home)
        for register in (POVERTY, INSURANCE, HEALTH)
    }
    insured = set().union(*enrolled.values(), (bill.person for bill in bills))
    poor, household_numbers = poverty_entries(scribes[POVERTY], poverty)
    entries = {
        POVERTY: poor,
        INSURANCE: insurance_entries(scribes[INSURANCE], insured),
        HEALTH: health_entries(scribes[HEALTH], recorded),
    }
    return entries, household_numbers
