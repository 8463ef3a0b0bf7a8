"""Stays and visits: as many as the bulletins say, with their cost, place and main diagnosis."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from math import exp
from random import Random

from yingjin.jobs.county.assumptions import (
    AGE_BANDS,
    age_band,
    assumed,
    bulletin,
    by_age,
    illnesses,
    settled_years,
)
from yingjin.jobs.county.facilities import Facilities
from yingjin.jobs.county.people import (
    HELD_DEAD,
    HELD_NOT_ENROLLED,
    Bill,
    Confirmed,
    Facility,
    Person,
    Village,
)
from yingjin.jobs.county.poverty import Poverty
from yingjin.jobs.county.streams import Draw, stream

FEN = 100


class Wards:
    """Make stays and visits, one at a time."""

    def __init__(
        self,
        seed: int,
        villages: Sequence[Village],
        facilities: Facilities,
        confirmed: Mapping[int, Sequence[Confirmed]],
    ) -> None:
        self.chance = stream(seed, "stays")
        self.rules = assumed()["stays"]
        self.visit_rules = assumed()["visits"]
        self.first_day: date = assumed()["first_day"]
        self.last_day: date = assumed()["last_day"]
        self.villages, self.facilities, self.confirmed = villages, facilities, confirmed
        self.levels = Draw(self.rules["level_share"])
        self.visit_types = Draw(self.visit_rules["med_types"])
        self.mean_fen = {
            (year, level): mean for year in settled_years() for level, mean in _level_means_fen(year).items()
        }
        self.diagnoses = {
            (sex, band): Draw(
                (place, illness.stay_weight[band] if illness.fits(sex) else 0)
                for place, illness in enumerate(illnesses())
            )
            for sex in ("male", "female")
            for band in range(len(AGE_BANDS))
        }
        self.plain = [
            place
            for place, illness in enumerate(illnesses())
            if not illness.disease and illness.sex == "any" and all(illness.stay_weight)
        ]

    def stay(self, person: Person, discharged_on: date, diagnosis: int | None = None) -> Bill:
        """Make one stay that ends on a day."""
        chance = self.chance
        level = self.levels.one(chance)
        township = self.villages[person.village].township_code
        facility = self.facilities.one(level, township, chance)
        days = max(1, round(chance.expovariate(1 / self.rules["level_days"][level])))
        admitted_on = max(person.born_on, discharged_on - timedelta(days=min(days, 90)))
        place = self.diagnosis(person, admitted_on) if diagnosis is None else diagnosis
        total_fen = self.cost_fen(discharged_on.year, level)
        code = illnesses()[place].code
        return Bill(
            person=person.number,
            facility=facility,
            med_type=self.kind_of_stay(code, facility),
            inpatient=True,
            admitted_on=admitted_on,
            discharged_on=discharged_on,
            total_fen=total_fen,
            out_of_scope_fen=self.out_of_scope_fen(total_fen, level),
            diagnosis=code,
            hosp_lv=facility.hosp_lv,
        )

    def visit(self, person: Person, on: date) -> Bill:
        """Make one outpatient visit."""
        chance = self.chance
        sigma = self.visit_rules["cost_sigma"]
        mean_fen = self.visit_rules["cost_mean_yuan"] * FEN
        total_fen = max(50, round(chance.lognormvariate(0, sigma) * mean_fen / exp(sigma**2 / 2)))
        level = "L1" if chance.random() < self.visit_rules["level_1"] else "L2"
        facility = self.facilities.one(level, self.villages[person.village].township_code, chance)
        return Bill(
            person=person.number,
            facility=facility,
            med_type=self.visit_types.one(chance),
            inpatient=False,
            admitted_on=on,
            discharged_on=on,
            total_fen=total_fen,
            out_of_scope_fen=self.out_of_scope_fen(total_fen, level),
            diagnosis=illnesses()[self.diagnosis(person, on)].code,
            hosp_lv=facility.hosp_lv,
        )

    def diagnosis(self, person: Person, on: date) -> int:
        """Choose the main diagnosis: one's own confirmed illness, or what people of that age come with."""
        own = [one.illness for one in self.confirmed.get(person.number, ()) if one.on <= on]
        if own and self.chance.random() < self.rules["own_condition"]:
            return self.chance.choice(own)
        age = on.year - person.born_on.year
        return self.diagnoses[person.sex, age_band(age)].one(self.chance)

    def kind_of_stay(self, code: str, facility: Facility) -> str:
        """Choose the kind of care of a stay."""
        if code.startswith("O"):
            return "52"
        if code.startswith(("S", "T")):
            return "22"
        if (
            facility.county_code != self.facilities.home.code
            and self.chance.random() < self.rules["transfer"]
        ):
            return "23"
        return "24" if self.chance.random() < self.rules["from_emergency"] else "21"

    def cost_fen(self, year: int, level: str) -> int:
        """Choose a stay's cost: lognormal around the level's mean of the year."""
        sigma = self.rules["cost_sigma"]
        cost = self.chance.lognormvariate(0, sigma) * self.mean_fen[year, level] / exp(sigma**2 / 2)
        least, most = self.rules["cost_least_yuan"] * FEN, self.rules["cost_most_yuan"] * FEN
        return int(min(max(cost, least), most))

    def out_of_scope_fen(self, total_fen: int, level: str) -> int:
        """Choose how much of the cost lies outside the catalogue."""
        draw = self.chance.random()
        if draw < self.rules["wholly_out_of_scope"]:
            return total_fen
        if draw < self.rules["no_out_of_scope"]:
            return 0
        mean = self.rules["out_of_scope_mean"][level] / (1 - self.rules["no_out_of_scope"])
        return round(total_fen * min(0.95, self.chance.expovariate(1 / mean)))


def make_bills(
    wards: Wards, persons: Sequence[Person], poverty: Poverty, enrolled: Mapping[int, set[int]]
) -> list[Bill]:
    """Make every stay and visit of two years: those of the insured, and a few of the dead and the not insured."""
    bills: list[Bill] = []
    for year, insured in sorted(enrolled.items()):
        rate_of = stay_rate(persons, poverty, insured, year)
        for number in sorted(insured):
            bills += _year_of(wards, persons[number], year, rate_of(persons[number]))
        bills += _held(wards, persons, poverty, insured, year, len(bills))
    _end_on_last_day(wards, persons, enrolled, bills)
    return bills


def stay_rate(
    persons: Sequence[Person], poverty: Poverty, insured: set[int], year: int
) -> Callable[[Person], float]:
    """Return each person's stays a year; their mean over the insured is the bulletin's."""
    rules = assumed()["stays"]

    def factor(person: Person) -> float:
        poor = rules["poor_factor"] if poverty.lists(person) else 1.0
        return float(by_age(rules["age_factor"], year - person.born_on.year)) * poor

    mean = sum(factor(persons[number]) for number in insured) / max(1, len(insured))
    national = bulletin("residents_discharges")[year] / bulletin("residents_insured")[year]
    return lambda person: national * factor(person) / mean


def _year_of(wards: Wards, person: Person, year: int, rate: float) -> list[Bill]:
    chance, rules = wards.chance, wards.rules
    first = max(date(year, 1, 1), person.born_on + timedelta(days=1))
    last = min(date(year, 12, 31), wards.last_day, person.died_on or wards.last_day)
    days = (last - first).days
    if days < 1:
        return []
    bills = []
    for _ in range(_poisson(chance, rate)):
        on = first + timedelta(days=chance.randrange(days + 1))
        bill = wards.stay(person, on)
        if chance.random() < rules["new_year"] and person.born_on.year < year and last.month == 12:
            bill.discharged_on = date(year, 1, 1) + timedelta(days=chance.randrange(8))
            bill.admitted_on = date(year - 1, 12, 20) + timedelta(days=chance.randrange(12))
        bills.append(bill)
        if chance.random() < rules["same_day_pair"]:
            bills.append(wards.stay(person, bill.discharged_on))
    for _ in range(_poisson(chance, wards.visit_rules["per_person_year"])):
        same_day = bills and chance.random() < wards.visit_rules["with_a_stay"]
        on = bills[-1].discharged_on if same_day else first + timedelta(days=chance.randrange(days + 1))
        bills.append(wards.visit(person, on))
    return bills


def _held(
    wards: Wards, persons: Sequence[Person], poverty: Poverty, insured: set[int], year: int, count: int
) -> list[Bill]:
    """Make stays that ought not to be: after the recorded death, and of people not insured that year."""
    chance, rules = wards.chance, wards.rules
    last = min(date(year, 12, 31), wards.last_day)
    bills = []
    dead = [
        (persons[number], on)
        for number, changes in sorted(poverty.changes.items())
        for on in [change.on for change in changes if change.what == "死亡"]
        if number in insured and on.year == year and on < last - timedelta(days=5)
    ]
    wanted = min(len(dead), max(1, round(count * rules["held_dead"])))
    for person, died_on in chance.sample(dead, wanted):
        on = min(last, died_on + timedelta(days=chance.randrange(2, 60)))
        bills.append(_held_stay(wards, person, on, HELD_DEAD))
    missing = [
        person
        for person in persons
        if person.number not in insured and person.born_on.year < year and person.lives_on(last)
    ]
    wanted = min(len(missing), max(1, round(count * rules["held_not_enrolled"])))
    for person in chance.sample(missing, wanted):
        on = date(year, 1, 2) + timedelta(days=chance.randrange(360))
        bills.append(_held_stay(wards, person, on, HELD_NOT_ENROLLED))
    return bills


def _held_stay(wards: Wards, person: Person, on: date, state: str) -> Bill:
    """Make a stay to be held; never for a special disease, so that it proves no treatment."""
    bill = wards.stay(person, on, wards.chance.choice(wards.plain))
    bill.state = state
    return bill


def _end_on_last_day(
    wards: Wards, persons: Sequence[Person], enrolled: Mapping[int, set[int]], bills: list[Bill]
) -> None:
    """See that somebody is discharged on the last day: it is the day the dues are found on."""
    last = wards.last_day
    if any(bill.discharged_on == last and bill.state == "counted" and bill.inpatient for bill in bills):
        return
    alive = [number for number in sorted(enrolled[last.year]) if persons[number].lives_on(last)]
    bills.append(wards.stay(persons[wards.chance.choice(alive)], last))


def _level_means_fen(year: int) -> dict[str, float]:
    """Return each level's mean cost, such that over the levels' shares the bulletin's mean comes out."""
    rules = assumed()["stays"]
    ratio = rules["level_cost_ratio"]
    mean_ratio = sum(share * ratio[level] for level, share in rules["level_share"].items())
    per_stay = bulletin("residents_cost_per_stay")[year] * FEN
    return {level: per_stay * ratio[level] / mean_ratio for level in ratio}


def _poisson(chance: Random, mean: float) -> int:
    limit, product, count = exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
