"""Who is insured in which year."""

from collections.abc import Sequence
from datetime import date

from yingjin.jobs.county.assumptions import assumed
from yingjin.jobs.county.people import Person
from yingjin.jobs.county.poverty import Poverty
from yingjin.jobs.county.streams import stream


def enrol(
    seed: int, persons: Sequence[Person], poverty: Poverty, years: Sequence[int], outsiders: set[int]
) -> dict[int, set[int]]:
    """Choose the person numbers insured in each year; outsiders stand in the poverty register alone."""
    chance = stream(seed, "enrolment")
    rules = assumed()["registers"]
    enrolled: dict[int, set[int]] = {year: set() for year in years}
    for person in persons:
        missing = 1 - rules["enrolled_poor" if poverty.lists(person) else "enrolled_other"]
        never = chance.random() < missing * rules["never_enrolled"] or person.number in outsiders
        for year in years:
            once = chance.random() < missing * (1 - rules["never_enrolled"])
            if not (never or once) and _may_enrol(person, poverty, year):
                enrolled[year].add(person.number)
    return enrolled


def _may_enrol(person: Person, poverty: Poverty, year: int) -> bool:
    if person.born_on.year > year or (person.died_on and person.died_on < date(year, 1, 1)):
        return False
    for change in poverty.changes.get(person.number, ()):
        elsewhere = change.what == "职工参保" or (change.what == "拒绝" and change.due == "保")
        if elsewhere and change.on.year <= year:
            return False
    return True
