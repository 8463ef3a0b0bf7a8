"""Who is in the poverty register: households, dated categories, and what happened to people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from yingjin.jobs.county.assumptions import assumed, by_age, illnesses
from yingjin.jobs.county.illness import holders, households_with_special, special
from yingjin.jobs.county.people import Change, Confirmed, Held, Household, Person
from yingjin.jobs.county.streams import Draw, stream

LIFTED, MARGINAL = "lifted", "marginal"
PROGRAMME = date(2014, 1, 1)  # nobody is registered before
TRANSITION = date(2021, 1, 1)  # the low-income population took the place of the registered poor (R72)
MONITORING = date(2020, 3, 1)  # first monitored households


@dataclass(slots=True)
class Poverty:
    """The poverty register as it truly is, by household and person number."""

    kind_of: dict[int, str] = field(default_factory=dict)
    since: dict[int, date] = field(default_factory=dict)
    held: dict[int, list[Held]] = field(default_factory=dict)
    changes: dict[int, list[Change]] = field(default_factory=dict)

    def lists(self, person: Person) -> bool:
        """Say whether a person stands in the register."""
        return person.household in self.kind_of


def let_people_die(seed: int, persons: Sequence[Person], first_day: date, last_day: date) -> None:
    """Set the day of death of those who die between the first and the last day."""
    chance = stream(seed, "deaths")
    rates = assumed()["changes"]["death"]
    days = (last_day - first_day).days
    for person in persons:
        yearly = by_age(rates, last_day.year - person.born_on.year)
        if chance.random() < yearly * days / 365:
            died_on = first_day + timedelta(days=chance.randrange(10, days - 10))
            if died_on > person.born_on:
                person.died_on = died_on


def register_poor(
    seed: int,
    persons: Sequence[Person],
    households: Sequence[Household],
    confirmed: Mapping[int, Sequence[Confirmed]],
    last_day: date,
) -> Poverty:
    """Choose the households of the register and date their categories."""
    poverty = Poverty()
    register = Register(seed, poverty, confirmed, last_day)
    ill = households_with_special(persons, confirmed)
    surely = {
        next(
            persons[number].household for number in holders(disease, confirmed) if not persons[number].died_on
        )
        for disease in assumed()["surely"]["diseases"]
    }
    for household in households:
        members = [persons[number] for number in household.members]
        chosen = register.takes_in(household, household.number in ill)
        if chosen or household.number in surely:
            register.date_household(household.number, members)
    return poverty


class Register:
    """Date one household after another."""

    def __init__(
        self, seed: int, poverty: Poverty, confirmed: Mapping[int, Sequence[Confirmed]], last_day: date
    ) -> None:
        self.chance = stream(seed, "poverty register")
        self.rules = assumed()["poverty"]
        self.identified = Draw(self.rules["identified"])
        self.poverty = poverty
        self.confirmed = confirmed
        self.last_day = last_day

    def takes_in(self, household: Household, ill: bool) -> bool:
        """Decide by lot whether a household is registered; more likely where somebody is gravely ill."""
        share = self.rules["in_register_ill" if ill else "in_register"]
        return bool(household.members) and self.chance.random() < share

    def date_household(self, number: int, members: Sequence[Person]) -> None:
        """Date the categories the household shares, then each member's own."""
        marginal = self.chance.random() < self.rules["marginal"]
        self.poverty.kind_of[number] = MARGINAL if marginal else LIFTED
        shared = self.marginal() if marginal else self.lifted()
        self.poverty.since[number] = shared[0].valid_from
        dibao = self.rules["dibao_marginal" if marginal else "dibao_lifted"]
        destitute = self.is_destitute(members)
        if not destitute and self.chance.random() < dibao:
            shared += self.dibao()
        for person in members:
            own = [
                Held(one.category, max(one.valid_from, person.born_on), one.valid_to)
                for one in shared
                if one.valid_to is None or person.born_on < one.valid_to
            ]
            if destitute:
                own.append(self.open_from("C03", date(2014, 7, 1), date(2023, 6, 30)))
            self.poverty.held[person.number] = self.with_low_income_population(
                own + self.personal(person, marginal)
            )

    def lifted(self) -> list[Held]:
        """Date a household registered poor between 2014 and 2018, lifted by 2020 and kept."""
        chance, rules = self.chance, self.rules
        year = self.identified.one(chance)
        since = date(year, chance.randrange(3, 13), chance.randrange(1, 29))
        shared = [Held("C02", since)]
        if chance.random() < rules["low_income"]:
            shared.append(self.open_from("C11", since, date(2025, 6, 30)))
        if chance.random() < rules["unstable"]:
            shared.append(self.monitored("C15", rules["unstable_removed"]))
        return shared

    def marginal(self) -> list[Held]:
        """Date a household at the margin."""
        return [self.monitored("C16", self.rules["marginal_removed"])]

    def monitored(self, category: str, removed_share: float) -> Held:
        """Date a monitored household whose risk may have been removed since."""
        since = self.day(MONITORING, date(2025, 3, 31))
        until = since + timedelta(days=self.chance.randrange(300, 900))
        removed = until < self.last_day and self.chance.random() < removed_share
        return Held(category, since, until if removed else None)

    def dibao(self) -> list[Held]:
        """Date a household's Dibao: some ended, some of those granted again."""
        since = self.day(PROGRAMME, date(2025, 9, 30))
        until = since + timedelta(days=self.chance.randrange(180, 1800))
        if until >= self.last_day or self.chance.random() >= self.rules["dibao_ended"]:
            return [Held("C04", since)]
        again = until + timedelta(days=self.chance.randrange(60, 700))
        if again >= self.last_day or self.chance.random() >= self.rules["dibao_again"]:
            return [Held("C04", since, until)]
        return [Held("C04", since, until), Held("C04", again)]

    def is_destitute(self, members: Sequence[Person]) -> bool:
        """Decide whether an old person living alone is supported as destitute."""
        old_and_alone = len(members) == 1 and self.last_day.year - members[0].born_on.year >= 60
        return old_and_alone and self.chance.random() < self.rules["destitute_single_60"]

    def personal(self, person: Person, marginal: bool) -> list[Held]:
        """Date what a person holds for themself."""
        chance, rules = self.chance, self.rules
        age = self.last_day.year - person.born_on.year
        found = []
        if person.sex == "male" and age >= 55 and chance.random() < rules["veteran"]:
            found.append(self.open_from("C05", PROGRAMME, date(2022, 12, 31)))
        if chance.random() < by_age(rules["disabled"], age):
            first = max(PROGRAMME, person.born_on + timedelta(days=200))
            found.append(self.open_from("C06", first, date(2025, 10, 31)))
        for category, share in (("C09", rules["disaster"]), ("C10", rules["own_cost_unbearable"])):
            if chance.random() < share:
                since = self.day(date(2016, 6, 1), date(2025, 8, 31))
                found.append(Held(category, since, since + timedelta(days=730)))
        found += self.from_illness(person, marginal)
        return [one for one in found if person.born_on <= one.valid_from < self.last_day]

    def from_illness(self, person: Person, marginal: bool) -> list[Held]:
        """Date what rests on a confirmed illness."""
        chance, rules = self.chance, self.rules
        confirmed = self.confirmed.get(person.number, ())
        found = {}
        for one in special(confirmed):
            disease = illnesses()[one.illness].disease
            if disease == "重性精神疾病" and chance.random() < rules["mentally_ill"]:
                found["C07"] = one.on + timedelta(days=60)
            if disease == "终末期肾病":
                found["C14"] = one.on + timedelta(days=30)
            if not marginal and chance.random() < rules["seriously_ill"]:
                found["C08"] = max(one.on + timedelta(days=45), date(2016, 1, 1))
        if len(confirmed) > len(special(confirmed)) and chance.random() < rules["chronic_certificate"]:
            found["C18"] = min(one.on for one in confirmed) + timedelta(days=90)
        return [
            Held(category, max(since, PROGRAMME))
            for category, since in sorted(found.items())
            if since < self.last_day
        ]

    def with_low_income_population(self, held: list[Held]) -> list[Held]:
        """Add C17 from 2021 for those supported, on Dibao or monitored then or later."""
        starts = [
            max(TRANSITION, one.valid_from)
            for one in held
            if one.category in ("C03", "C04", "C15", "C16")
            and (one.valid_to is None or one.valid_to > TRANSITION)
        ]
        recognised = starts and self.chance.random() < self.rules["low_income_population"]
        return [*held, Held("C17", min(starts))] if recognised else held

    def open_from(self, category: str, first: date, last: date) -> Held:
        """Date a category held from some day on."""
        return Held(category, self.day(first, max(first, last)))

    def day(self, first: date, last: date) -> date:
        """Choose a day between two, both included."""
        return first + timedelta(days=self.chance.randrange((last - first).days + 1))


def change_people(seed: int, persons: Sequence[Person], poverty: Poverty, last_day: date) -> None:
    """Write down what happened to the registered: deaths, leaving and coming back, insurance at work, refusals."""
    chance = stream(seed, "changes")
    for person in persons:
        if not poverty.lists(person):
            continue
        found = _leaving(person, chance, last_day) or _staying(person, chance, last_day)
        kept = [one for one in found if person.lives_on(one.on)]
        if person.died_on:
            kept.append(Change("死亡", person.died_on))
        if kept:
            poverty.changes[person.number] = sorted(kept, key=lambda one: one.on)


def _leaving(person: Person, chance: Random, last_day: date) -> list[Change]:
    rules = assumed()["changes"]
    age = last_day.year - person.born_on.year
    if not 16 <= age <= 59 or chance.random() >= rules["left"]:
        return []
    left_on = date(2023, 2, 1) + timedelta(days=chance.randrange(1000))
    back_on = left_on + timedelta(days=chance.randrange(90, 700))
    found = [Change("外出", left_on)]
    if back_on < last_day and chance.random() < rules["came_back"]:
        found.append(Change("返回", back_on))
    return found


def _staying(person: Person, chance: Random, last_day: date) -> list[Change]:
    """Choose what keeps somebody from a due. Both are dated in the last year, so that they hold on the last day."""
    rules = assumed()["changes"]
    age = last_day.year - person.born_on.year
    on = date(last_day.year, 1, 5) + timedelta(days=chance.randrange(300))
    if 20 <= age <= 59 and chance.random() < rules["work_insured"]:
        return [Change("职工参保", on)]
    if age >= 18 and chance.random() < rules["refused"]:
        return [Change("拒绝", on, Draw(rules["refused_due"]).one(chance))]
    return []
