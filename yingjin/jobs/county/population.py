"""People by the census pyramid, put together into households of one to three generations."""

from datetime import date, timedelta
from random import Random

from yingjin.jobs.county.assumptions import assumed, census
from yingjin.jobs.county.people import Household, Person
from yingjin.jobs.county.streams import Draw, stream, whole_numbers

OLDEST = 104
MALE, FEMALE = "male", "female"
OTHER_SEX = {MALE: FEMALE, FEMALE: MALE}
SON_OR_DAUGHTER = {MALE: "之子", FEMALE: "之女"}
GRANDCHILD = {MALE: "之孙子", FEMALE: "之孙女"}
PARENT = {MALE: "之父", FEMALE: "之母"}


class Pool:
    """People not yet in a household, counted by sex and age in years."""

    def __init__(self, people: int, chance: Random) -> None:
        self.chance = chance
        self.left = {MALE: [0] * (OLDEST + 1), FEMALE: [0] * (OLDEST + 1)}
        cells = [
            (sex, age, weight)
            for age_from, age_to, males, females in census()
            for sex, counted in ((MALE, males), (FEMALE, females))
            for age, weight in _single_years(age_from, age_to, counted)
        ]
        for (sex, age, _), count in zip(
            cells, whole_numbers([cell[2] for cell in cells], people), strict=True
        ):
            self.left[sex][age] += count

    def take(self, sex: str, youngest: int, oldest: int) -> int | None:
        """Take somebody of a sex and age range out; give the age, or None when nobody is left."""
        counts = self.left[sex]
        youngest, oldest = max(youngest, 0), min(oldest, OLDEST)
        total = sum(counts[youngest : oldest + 1])
        if total == 0:
            return None
        place = self.chance.randrange(total)
        for age in range(youngest, oldest + 1):
            place -= counts[age]
            if place < 0:
                counts[age] -= 1
                return age
        raise AssertionError("a place below the total lies in one of the ages")

    def take_any(self, youngest: int, oldest: int) -> tuple[str, int] | None:
        """Take somebody of either sex, as many of each as are left."""
        males = sum(self.left[MALE][max(youngest, 0) : oldest + 1])
        females = sum(self.left[FEMALE][max(youngest, 0) : oldest + 1])
        if males + females == 0:
            return None
        sex = MALE if self.chance.randrange(males + females) < males else FEMALE
        age = self.take(sex, youngest, oldest)
        assert age is not None, "somebody of this sex and age was counted"
        return sex, age

    def rest(self) -> list[tuple[str, int]]:
        """List everybody still here."""
        return [
            (sex, age)
            for sex, counts in self.left.items()
            for age, count in enumerate(counts)
            for _ in range(count)
        ]


class Builder:
    """Put people into households."""

    def __init__(self, seed: int, people: int, last_day: date) -> None:
        self.chance = stream(seed, "population")
        self.rules = assumed()["households"]
        self.last_day = last_day
        self.pool = Pool(people, self.chance)
        self.persons: list[Person] = []
        self.households: list[Household] = []
        self.children = Draw(self.rules["children"])

    def add(self, household: Household, sex: str, age: int, relation: str, twin_of: Person | None) -> Person:
        """Add somebody to a household. A twin shares the birthday."""
        born_on = twin_of.born_on if twin_of else self.birthday(age)
        person = Person(len(self.persons), sex, born_on, household.number, relation)
        self.persons.append(person)
        household.members.append(person.number)
        return person

    def birthday(self, age: int) -> date:
        """Choose a day so that the age is reached on the last day or before."""
        years_ago = self.last_day - timedelta(days=round(age * 365.2425))
        day = years_ago - timedelta(days=self.chance.randrange(365))
        return min(day, self.last_day - timedelta(days=20))

    def begin(self) -> Household:
        """Begin a household."""
        household = Household(len(self.households))
        self.households.append(household)
        return household

    def single(self) -> bool:
        """Make a household of one."""
        found = self.pool.take_any(18, OLDEST)
        if found:
            self.add(self.begin(), *found, "户主", None)
        return found is not None

    def couple(self) -> bool:
        """Make a household of a couple."""
        return self.parents(self.begin_lazily(), 22, OLDEST, relation="户主") is not None

    def begin_lazily(self) -> Household:
        """Prepare a household that is counted only once somebody is in it."""
        return Household(len(self.households))

    def parents(self, household: Household, youngest: int, oldest: int, relation: str) -> int | None:
        """Add a man and, mostly, his wife (or a lone parent); give the mother's age, or the father's less 2."""
        husband = self.pool.take(MALE, youngest, oldest)
        wife_range = (husband - 8, husband + 2) if husband is not None else (youngest, oldest)
        alone = husband is not None and self.chance.random() < self.rules["lone_parent"]
        wife = None if alone else self.pool.take(FEMALE, max(18, wife_range[0]), wife_range[1])
        if husband is None and wife is None:
            return None
        if household.number == len(self.households):
            self.households.append(household)
        if husband is not None:
            self.add(household, MALE, husband, relation, None)
        if wife is not None:
            role = relation if husband is None else {"户主": "配偶"}.get(relation, "之儿媳")
            self.add(household, FEMALE, wife, role, None)
        return wife if wife is not None else (husband or 20) - 2

    def family(self) -> bool:
        """Make a household of parents and children."""
        household = self.begin_lazily()
        mother_age = self.parents(household, 20, 60, "户主")
        if mother_age is None:
            return False
        self.add_children(household, mother_age, SON_OR_DAUGHTER)
        return True

    def three(self) -> bool:
        """Make a household of three generations, the middle one heading it."""
        household = self.begin_lazily()
        mother_age = self.parents(household, 21, 52, "户主")
        if mother_age is None:
            return False
        both = self.chance.random() < self.rules["grandparents_both"]
        older = max(self.age_of(self.persons[number]) for number in household.members)
        first = self.pool.take_any(older + 18, older + 40)
        if first:
            self.add(household, *first, PARENT[first[0]], None)
            other_sex = OTHER_SEX[first[0]]
            youngest = max(older + 17, first[1] - 6)
            second = self.pool.take(other_sex, youngest, first[1] + 6) if both else None
            if second is not None:
                self.add(household, other_sex, second, PARENT[other_sex], None)
        self.add_children(household, mother_age, SON_OR_DAUGHTER)
        return True

    def add_children(self, household: Household, mother_age: int, words: dict[str, str]) -> None:
        """Add children younger than their mother by 18 to 42 years, some of them twins."""
        before: Person | None = None
        for _ in range(self.children.one(self.chance)):
            twin = before is not None and self.chance.random() < self.rules["twins"]
            if twin and before is not None:
                sex = self.chance.choice((MALE, FEMALE))
                age = (self.last_day - before.born_on).days // 365
                if self.pool.take(sex, age, age) is not None:
                    before = self.add(household, sex, age, words[sex], before)
                    continue
            found = self.pool.take_any(max(0, mother_age - 42), min(22, mother_age - 18))
            if found is None:
                return
            before = self.add(household, *found, words[found[0]], None)

    def place_rest(self) -> None:
        """Find a place for everybody left: grown-ups alone, children with people who may be their grandparents."""
        rest = self.pool.rest()
        self.chance.shuffle(rest)
        elders = [person for person in self.persons if 45 <= self.age_of(person) <= 80]
        for sex, age in rest:
            if age >= 18:
                self.add(self.begin(), sex, age, "户主", None)
                continue
            elder = self.chance.choice(elders)
            apart = self.age_of(elder) - age
            word = (
                GRANDCHILD[sex]
                if apart >= 43
                else SON_OR_DAUGHTER[sex]
                if 18 <= apart <= 42 and elder.relation in ("户主", "配偶")
                else "其他"
            )
            self.add(self.households[elder.household], sex, age, word, None)

    def age_of(self, person: Person) -> int:
        """Return the age reached in the last day's year."""
        return self.last_day.year - person.born_on.year


def build_population(seed: int, people: int, last_day: date) -> tuple[list[Person], list[Household]]:
    """Build the people and their households; exactly `people` persons, their ages by the census."""
    builder = Builder(seed, people, last_day)
    shares = builder.rules["generations"]
    households = round(people / builder.rules["mean_size"])
    makers = (
        ("three", builder.three),
        ("family", builder.family),
        ("couple", builder.couple),
        ("single", builder.single),
    )
    for kind, make in makers:
        for _ in range(round(households * shares[kind])):
            if not make():
                break
    builder.place_rest()
    assert len(builder.persons) == people, "everybody of the pyramid stands in a household"
    return builder.persons, builder.households


def _single_years(age_from: int, age_to: int | None, counted: int) -> list[tuple[int, float]]:
    if age_to is not None:
        years = age_to - age_from + 1
        return [(age, counted / years) for age in range(age_from, age_to + 1)]
    falling = [0.8 ** (age - age_from) for age in range(age_from, OLDEST + 1)]
    return [(age_from + step, counted * weight / sum(falling)) for step, weight in enumerate(falling)]
