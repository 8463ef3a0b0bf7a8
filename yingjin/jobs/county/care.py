"""Treatments of the special diseases, and family-doctor contracts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from yingjin.jobs.county.assumptions import assumed, illnesses, names
from yingjin.jobs.county.facilities import Facilities
from yingjin.jobs.county.illness import special
from yingjin.jobs.county.naming import Namer
from yingjin.jobs.county.people import COUNTED, Bill, Confirmed, Contract, Person, Treatment, Village
from yingjin.jobs.county.poverty import Poverty
from yingjin.jobs.county.streams import stream

WINDOW_DAYS = 365
CLEAR_DAYS = 5  # no treatment is dated nearer than this to the edge of the window


@dataclass(slots=True)
class Care:
    """What the health register knows of care, by person number."""

    treatments: dict[int, list[Treatment]] = field(default_factory=dict)
    contracts: dict[int, list[Contract]] = field(default_factory=dict)


def treat(
    seed: int,
    persons: Sequence[Person],
    confirmed: Mapping[int, Sequence[Confirmed]],
    villages: Sequence[Village],
    facilities: Facilities,
    recorded: Iterable[int],
) -> dict[int, list[Treatment]]:
    """Treat most of the special diseases of people with a health record within the year, a few long before."""
    chance = stream(seed, "treatments")
    rules, last_day = assumed()["care"], assumed()["last_day"]
    found: dict[int, list[Treatment]] = {}
    for number in sorted(set(recorded).intersection(confirmed)):
        person = persons[number]
        centre = facilities.centre_of[villages[person.village].township_code]
        ones = []
        for one in special(confirmed[number]):
            if chance.random() < rules["treated_special"]:
                days_ago = chance.randrange(1, WINDOW_DAYS - CLEAR_DAYS)
            elif chance.random() < rules["treated_late"]:
                days_ago = chance.randrange(WINDOW_DAYS + CLEAR_DAYS, 2 * WINDOW_DAYS)
            else:
                continue
            on = last_day - timedelta(days=days_ago)
            if on > one.on and person.lives_on(on):
                kind = chance.choice(("门诊", "门诊", "入户", "住院"))
                ones.append(Treatment(one.illness, on, kind, centre))
        if ones:
            found[number] = ones
    return found


def contract(
    seed: int,
    persons: Sequence[Person],
    poverty: Poverty,
    villages: Sequence[Village],
    recorded: Iterable[int],
) -> dict[int, list[Contract]]:
    """Contract the people with a health record: most of the registered, some of the others.

    Some of those who moved away keep a contract in force; those who refused have none.
    """
    chance = stream(seed, "contracts")
    rules, last_year = assumed()["care"], assumed()["last_day"].year
    doctors = village_doctors(seed, villages)
    teams = names()["teams"]
    found: dict[int, list[Contract]] = {}
    for number in sorted(recorded):
        person = persons[number]
        poor = poverty.lists(person)
        refused = any(change.due == "签" for change in poverty.changes.get(number, ()))
        village = villages[person.village]
        doctor, team = doctors[person.village], f"{village.township_name}{teams[person.village % len(teams)]}"
        in_force = chance.random() < rules["contract_poor" if poor else "contract_other"] and not refused
        lapsed = poor and chance.random() < rules["contract_lapsed"]
        ones = []
        begins = date(last_year, 1, 1) + timedelta(days=chance.choice((0, 0, 0, 31, 59, 90)))
        if (poor and in_force) or lapsed:
            ones.append(Contract(doctor, team, begins.replace(year=last_year - 1), begins))
        if in_force:
            open_ended = chance.random() < rules["open_ended"]
            ones.append(
                Contract(doctor, team, begins, None if open_ended else begins.replace(year=last_year + 1))
            )
        ones = [one for one in ones if one.valid_from > person.born_on and person.lives_on(one.valid_from)]
        if ones:
            found[number] = ones
    return found


def village_doctors(seed: int, villages: Sequence[Village]) -> list[str]:
    """Name the doctor of each village; they are made up like everybody else."""
    namer = Namer(seed, villages)
    namer.chance = stream(seed, "village doctors")
    doctors = []
    for place in range(len(villages)):
        sex = namer.chance.choice(("male", "female"))
        doctor = Person(-1, sex, date(1978, 1, 1), -1, "户主", village=place)
        doctor.surname = namer.family_name("汉族", place)
        doctors.append(doctor.surname + namer.given_name(doctor))
    return doctors


def treated_diseases(
    number: int,
    treatments: Mapping[int, Sequence[Treatment]],
    bills_of: Mapping[int, Sequence[Bill]],
    on: date,
) -> set[str]:
    """Name the special diseases for which a person was treated, or in hospital, in the 365 days to a day."""
    first = on - timedelta(days=WINDOW_DAYS - 1)
    diseases = {illness.code: illness.disease for illness in illnesses()}
    found = {illnesses()[one.illness].disease for one in treatments.get(number, ()) if first <= one.on <= on}
    for bill in bills_of.get(number, ()):
        if bill.inpatient and bill.state == COUNTED and first <= bill.discharged_on <= on:
            found.add(diseases[bill.diagnosis])
    return found - {""}
