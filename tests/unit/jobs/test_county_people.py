"""The demonstration county's people: as many and as old as the census has them, in households, named and numbered."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from yingjin.basics import identity
from yingjin.jobs.county import naming, numbering, places, population
from yingjin.jobs.county.assumptions import assumed, census, homes
from yingjin.jobs.county.slips import MISTYPED, Pen
from yingjin.jobs.county.streams import Draw, stream, whole_numbers

PEOPLE = 8_000
LAST_DAY = date(2025, 12, 31)
HOME = homes(PEOPLE)[0][0]


@pytest.fixture(scope="module")
def town():
    villages = places.choose_villages(3, PEOPLE, HOME)
    persons, households = population.build_population(3, PEOPLE, LAST_DAY)
    places.settle_households(3, households, villages)
    naming.name_people(3, persons, households, villages)
    numbering.number_people(3, persons, households, HOME, set())
    return villages, persons, households


def test_there_are_exactly_as_many_people_as_asked(town):
    _, persons, households = town
    assert len(persons) == PEOPLE
    assert sorted(number for household in households for number in household.members) == list(range(PEOPLE))


def test_ages_follow_the_census_of_the_county(town):
    _, persons, _ = town
    counted = sum(males + females for *_, males, females in census())
    for age_from, age_to, males, females in census():
        for sex, count in (("male", males), ("female", females)):
            have = sum(
                age_from
                <= (LAST_DAY - person.born_on).days / 365.2425
                <= (200 if age_to is None else age_to) + 1
                for person in persons
                if person.sex == sex
            )
            wanted = count * PEOPLE / counted
            assert abs(have - wanted) <= 4 + wanted * 0.08, (sex, age_from, have, wanted)


def test_households_are_as_large_as_the_census_says(town):
    _, _, households = town
    mean = PEOPLE / len(households)
    single = sum(len(household.members) == 1 for household in households) / len(households)
    assert abs(mean - assumed()["households"]["mean_size"]) < 0.15
    assert abs(single - assumed()["households"]["generations"]["single"]) < 0.04


def test_each_household_has_one_head_and_parents_older_than_children(town):
    _, persons, households = town
    for household in households:
        members = [persons[number] for number in household.members]
        assert sum(member.relation == "户主" for member in members) == 1
        head = next(member for member in members if member.relation == "户主")
        for member in members:
            if member.relation in ("之子", "之女"):
                assert (member.born_on - head.born_on).days > 15 * 365
            if member.relation in ("之父", "之母"):
                assert (head.born_on - member.born_on).days > 14 * 365


def test_identity_numbers_are_valid_unique_and_tell_birthday_and_sex(town):
    _, persons, _ = town
    assert len({person.identity_no for person in persons}) == PEOPLE
    for person in persons:
        assert identity.valid(person.identity_no)
        assert identity.born_on(person.identity_no) == person.born_on
        assert identity.sex(person.identity_no) == person.sex


def test_older_people_carry_the_county_code_in_force_before(town):
    _, persons, _ = town
    prefixes = Counter(person.identity_no[:6] for person in persons)
    assert prefixes["522428"] > prefixes["520527"] > 0
    new_from = assumed()["identity"]["new_prefix_from"]
    assert all(
        person.born_on.year < new_from for person in persons if person.identity_no.startswith("522428")
    )


def test_twins_share_a_birthday_and_have_neighbouring_numbers(town):
    _, persons, households = town
    twins = [
        (persons[one], persons[other])
        for household in households
        for one, other in zip(household.members, household.members[1:], strict=False)
        if persons[one].born_on == persons[other].born_on
    ]
    assert twins
    for one, other in twins:
        apart = (int(other.identity_no[14:17]) - int(one.identity_no[14:17])) % 1000
        assert one.identity_no[:14] == other.identity_no[:14]
        assert apart <= 8


def test_some_names_keep_the_interpunct_and_families_share_a_surname(town):
    _, persons, households = town
    groups = {person.ethnic_group for person in persons if "·" in person.name}
    assert {"彝族", "苗族"} <= groups <= {"彝族", "苗族", "布依族"}
    for household in households[:300]:
        members = [persons[number] for number in household.members]
        heads = {person.surname for person in members if person.relation == "户主" and "·" not in person.name}
        children = {person.surname for person in members if person.relation in ("之子", "之女")}
        assert not heads or children <= heads


def test_villages_are_real_ones_of_the_county_spread_over_its_townships(town):
    villages, _, households = town
    assert all(village.code.startswith("520527") and len(village.code) == 12 for village in villages)
    assert not [village.name for village in villages if village.name.endswith("委员会")]
    assert len(villages) == PEOPLE // assumed()["villages"]["people_each"]
    assert len({village.township_code for village in villages}) == len(villages)
    assert {household.village for household in households} == set(range(len(villages)))


def test_the_same_seed_draws_the_same_and_another_concern_does_not():
    assert stream(5, "a").random() == stream(5, "a").random()
    assert stream(5, "a").random() != stream(5, "b").random()
    assert stream(5, "a").random() != stream(6, "a").random()


def test_a_total_is_shared_out_in_whole_numbers():
    assert whole_numbers([1, 1, 1], 10) == [4, 3, 3]
    assert whole_numbers([2, 0, 1], 7) == [5, 0, 2]
    assert sum(whole_numbers([0.3, 0.9, 4.4, 2.2], 1001)) == 1001


def test_what_has_no_weight_is_never_drawn():
    draw = Draw({"never": 0, "seldom": 1, "often": 9})
    chance = stream(1, "drawing")
    drawn = Counter(draw.one(chance) for _ in range(2000))
    assert drawn["never"] == 0
    assert 120 < drawn["seldom"] < 280


@pytest.mark.parametrize("kind", sorted(MISTYPED))
def test_each_way_to_mistype_gives_another_number(kind):
    pen = Pen(Random(1), assumed()["slips"])
    pen.identity_kinds = Draw({kind: 1})
    number = "522428195710051627"
    wrong = {pen.mistyped(number) for _ in range(200)}
    assert number not in wrong
    assert all(abs(len(one) - 18) <= 1 and one.isascii() for one in wrong)


def test_a_misdated_birthday_is_a_day_and_never_later():
    pen = Pen(Random(2), assumed()["slips"])
    for born_on in (date(1957, 3, 31), date(2000, 2, 29), date(2024, 1, 1), date(1986, 12, 31)):
        days = {pen.misdated(born_on) for _ in range(300)}
        assert max(days) <= born_on
        assert min(days).year >= born_on.year - 2


def test_a_misspelt_name_keeps_most_of_its_characters():
    pen = Pen(Random(3), assumed()["slips"])
    wrong = [pen.misspelt("张丽华") for _ in range(500)]
    assert sum(name != "张丽华" for name in wrong) > 450
    assert {"章丽华", "張麗華", "张华"} <= set(wrong)
    assert all(2 <= len(name) <= 4 for name in wrong)


def test_slips_come_at_the_rates_assumed(town):
    _, persons, _ = town
    rules = assumed()["slips"]
    pen = Pen(Random(4), rules)
    slips = Counter(
        pen.identity(person.identity_no, person.born_on, "522428195710051627")[1] for person in persons * 5
    )
    for kind, rate in (
        ("identity", rules["identity"]),
        ("identity_missing", rules["identity_missing"]),
        ("identity_of_relative", rules["identity_of_relative"]),
    ):
        assert abs(slips[kind] / (PEOPLE * 5) - rate) < rate * 0.4, (kind, slips[kind])
