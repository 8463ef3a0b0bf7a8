"""Who is one person: clusters, keys, owners of fields, and pairs left to people."""

import sys
from itertools import count

import pytest

from tests.support.registers import OTHER_VILLAGE, VILLAGE, identity_no
from yingjin.basics.identity import valid
from yingjin.basics.names import same_name_key
from yingjin.fusion.domain.linking import (
    LISTED_IN_FULL,
    SAME_NAME_VILLAGE,
    SAME_NUMBER,
    Member,
    clusters_of,
    field_of,
    keys_of,
    unlinked_pairs,
)

ids = count(1)
ID, OTHER_ID = identity_no(1), identity_no(3)


def member(where, name="王小明", identity=ID, *, region=VILLAGE, person=None, sex="", born_on=None, phone=""):
    register, number = {"P": "poverty", "I": "insurance", "H": "health"}[where[0]], where
    return Member(
        next(ids), register, number, name, same_name_key(name), identity, identity, valid(identity), sex, born_on,
        phone, region, person,
    )  # fmt: skip


def together(*members):
    return [tuple(each.number for each in cluster) for cluster in clusters_of(members)]


def pairs(*members):
    return [(pair.one.number, pair.other.number, pair.why) for pair in unlinked_pairs(clusters_of(members))]


def test_equal_valid_numbers_and_names_are_together_in_order_of_register_and_number():
    assert together(member("H1"), member("I2"), member("P1"), member("I1")) == [("P1", "I1", "I2", "H1")]


def test_neither_number_nor_name_alone_puts_together():
    assert together(member("P1"), member("I1", "李四")) == [("P1",), ("I1",)]
    assert together(member("P1"), member("I1", identity=OTHER_ID)) == [("P1",), ("I1",)]


def test_a_number_that_is_not_valid_puts_nobody_together():
    assert together(member("P1", identity="123"), member("I1", identity="123")) == [("P1",), ("I1",)]
    assert together(member("P1", identity=""), member("I1", identity="")) == [("P1",), ("I1",)]


def test_people_without_a_name_stay_alone():
    assert together(member("P1", ""), member("I1", "")) == [("P1",), ("I1",)]


def linked(*members):
    linking = keys_of(clusters_of(members))
    return {each.number: key for key, cluster in linking.keys.items() for each in cluster}, linking.merged


def test_a_new_person_is_founded_by_its_highest_member():
    poor, insured = member("P1"), member("I1")
    keys, merged = linked(insured, poor)
    assert keys == {"P1": poor.own_key, "I1": poor.own_key}
    assert merged == {}


def test_a_person_known_before_keeps_the_key():
    key = member("I9").own_key
    keys, _ = linked(member("I1", person=key), member("H1"))
    assert set(keys.values()) == {key}


def test_a_person_whose_members_all_went_is_merged_into_who_got_them():
    insured = member("I1")
    keys, merged = linked(member("P1"), insured._replace(person=insured.own_key))
    assert merged == {insured.own_key: keys["P1"]}


def test_a_person_torn_in_two_goes_with_its_highest_member():
    old = member("I0").own_key
    keys, merged = linked(
        member("P1", "甲"), member("I1", "甲", person=old), member("P2", "乙"), member("H1", "乙", person=old)
    )
    assert merged == {old: keys["P1"]}


def test_the_part_without_the_founder_founds_its_own_person():
    poor = member("P1")
    insured = member("I1", "李四", person=poor.own_key)
    keys, merged = linked(poor._replace(person=poor.own_key), insured)
    assert keys == {"P1": poor.own_key, "I1": insured.own_key}
    assert merged == {}


def test_a_field_comes_from_the_first_register_in_its_order_that_has_it():
    cluster = clusters_of(
        [member("P1", "王小明"), member("I1", "王 小 明", sex="male"), member("H1", phone="139")]
    )[0]
    assert field_of(cluster, "name") == ("王小明", "poverty")
    assert field_of(cluster, "sex") == ("male", "insurance")
    assert field_of(cluster, "phone") == ("139", "health")
    assert field_of(cluster, "born_on") == (None, "insurance")


def test_a_village_comes_before_a_place_that_only_holds_it():
    cluster = clusters_of([member("P1", region="520527"), member("I1", region=OTHER_VILLAGE)])[0]
    assert field_of(cluster, "region_code") == (OTHER_VILLAGE, "insurance")


def test_the_whole_number_comes_before_one_of_fifteen_digits():
    short = ID[:6] + ID[8:17]
    insured = member("I1")._replace(identity_number=short)
    cluster = clusters_of([member("P1"), insured])[0]
    assert field_of(cluster, "identity_number") == (ID, "poverty")


def test_somebody_alone_is_as_the_register_says():
    assert field_of((member("H1", identity=""),), "identity_number") == ("", "health")


def test_the_same_number_under_another_name_is_listed_within_a_register_too():
    assert pairs(member("I1"), member("I2", "李四"), member("P1", "赵六", region=OTHER_VILLAGE)) == [
        ("P1", "I1", SAME_NUMBER),
        ("P1", "I2", SAME_NUMBER),
        ("I1", "I2", SAME_NUMBER),
    ]


def test_the_same_number_that_is_not_valid_is_listed_when_it_is_long_enough_to_tell():
    wrong = ID[:17] + "Y"
    far = {"region": OTHER_VILLAGE}
    assert pairs(member("P1", identity=wrong), member("I1", identity=wrong, **far)) == [
        ("P1", "I1", SAME_NUMBER)
    ]
    assert pairs(member("P1", identity="无"), member("I1", identity="无", **far)) == []


def test_name_and_village_without_the_number_is_listed_between_registers():
    assert pairs(member("P1"), member("I1", identity=OTHER_ID)) == [("P1", "I1", SAME_NAME_VILLAGE)]
    assert pairs(member("P1"), member("I1", identity="")) == [("P1", "I1", SAME_NAME_VILLAGE)]


def test_a_place_that_is_no_village_lists_nobody():
    assert pairs(member("P1", region="520527102"), member("I1", identity="", region="520527102")) == []


def test_two_numbers_of_one_register_are_two_people():
    assert pairs(member("P1"), member("P2", identity=OTHER_ID)) == []


def test_whoever_is_linked_already_is_not_offered_to_a_namesake():
    linked_pair = [member("P1"), member("I1")]
    assert pairs(*linked_pair, member("P2", identity=OTHER_ID)) == []
    assert pairs(*linked_pair, member("H1", identity="")) == [
        ("P1", "H1", SAME_NAME_VILLAGE),
        ("I1", "H1", SAME_NAME_VILLAGE),
    ]


def test_whoever_has_no_valid_number_may_be_anybody_of_the_name():
    found = pairs(member("P1"), member("I1"), member("P2", identity=ID[:17] + "Y"))
    assert found == [("P1", "P2", SAME_NAME_VILLAGE), ("P2", "I1", SAME_NAME_VILLAGE)]


def crowd(size, *, valid_numbers=False):
    numbers = [identity_no(place % 1000, f"19{60 + place // 1000}0501") for place in range(2 * size)]
    if not valid_numbers:
        numbers = [""] * len(numbers)
    poor = [member(f"P{place:06}", identity=numbers[place]) for place in range(size - 3)]
    insured = [member(f"I{place:06}", identity=numbers[size + place]) for place in range(size)]
    return poor + insured


@pytest.mark.parametrize("valid_numbers", [True, False])
def test_a_crowd_of_namesakes_lists_everybody_and_not_each_with_each(valid_numbers):
    members = crowd(LISTED_IN_FULL + 1, valid_numbers=valid_numbers)
    found = pairs(*members)
    assert len(found) < 3 * len(members)
    assert {number for one, other, _ in found for number in (one, other)} == {each.number for each in members}


def test_a_crowd_under_one_number_lists_everybody_and_not_each_with_each():
    same = [member(f"I{place:06}", f"名{place}", region=OTHER_VILLAGE) for place in range(50)]
    found = pairs(*same)
    assert len(found) < 2 * len(same)
    assert len({number for one, other, _ in found for number in (one, other)}) == len(same)


def test_a_crowd_under_one_number_and_name_is_one_person():
    assert pairs(*[member(f"I{place:06}") for place in range(20)]) == []


def test_two_thousand_namesakes_take_no_more_steps_than_other_people():
    namesakes = crowd(2_000)
    others = [each._replace(name_key=f"名{place}") for place, each in enumerate(namesakes)]
    few, many = (
        steps_of(lambda members=members: list(unlinked_pairs(clusters_of(members))))
        for members in (others, namesakes)
    )
    assert len(others) < many < 10 * few


def steps_of(work):
    """Return how many lines some work runs: what it costs, whatever else the machine does."""
    steps = 0

    def step(_frame, _event, _argument):
        nonlocal steps
        steps += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        work()
    finally:
        sys.settrace(before)
    return steps
