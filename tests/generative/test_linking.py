"""Linking holds whatever registers bring: a partition, stable keys, no order that matters."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.registers import OTHER_VILLAGE, VILLAGE, identity_no
from yingjin.basics.identity import valid
from yingjin.fusion.domain.linking import Member, clusters_of, keys_of, unlinked_pairs
from yingjin.fusion.domain.owners import OWNERS, REGISTERS

NUMBERS = [identity_no(1), identity_no(3), identity_no(5), identity_no(1)[:17] + "Y", "123", ""]
NAMES = ["王小明", "李四", "赵六", ""]
REGIONS = [VILLAGE, OTHER_VILLAGE, "520527"]

said = st.tuples(st.sampled_from(NAMES), st.sampled_from(NUMBERS), st.sampled_from(REGIONS))
who = st.tuples(st.sampled_from(REGISTERS), st.integers(0, 6).map(str))
states = st.dictionaries(who, said, max_size=14)


def members_of(state, persons=()):
    known = dict(persons)
    return [
        Member(
            id=REGISTERS.index(register) * 100 + int(number), register=register, number=number, name=name,
            name_key=name, identity_number=identity, number_index=identity, number_valid=valid(identity), sex="",
            born_on=None, phone="", region_code=region, person=known.get((register, number)),
        )
        for (register, number), (name, identity, region) in state.items()
    ]  # fmt: skip


def linked(state, persons=()):
    linking = keys_of(clusters_of(members_of(state, persons)))
    now = {(each.register, each.number): key for key, cluster in linking.keys.items() for each in cluster}
    return now, linking.merged


@given(states)
def test_everybody_is_in_exactly_one_cluster(state):
    clusters = clusters_of(members_of(state))
    ids = [member.id for cluster in clusters for member in cluster]
    assert sorted(ids) == sorted(member.id for member in members_of(state))


@given(states)
def test_members_of_one_cluster_share_a_valid_number_and_a_name(state):
    for cluster in clusters_of(members_of(state)):
        if len(cluster) > 1:
            assert len({(member.number_index, member.name_key) for member in cluster}) == 1
            assert all(member.number_valid and member.name_key for member in cluster)


@given(states, st.randoms())
def test_the_order_of_the_registers_people_does_not_matter(state, chance):
    shuffled = list(state.items())
    chance.shuffle(shuffled)
    assert linked(dict(shuffled)) == linked(state)
    pairs, again = (
        sorted(
            (pair.one.id, pair.other.id, pair.why) for pair in unlinked_pairs(clusters_of(members_of(each)))
        )
        for each in (state, dict(shuffled))
    )
    assert pairs == again


@given(states)
def test_linking_again_changes_nobody_and_merges_nobody(state):
    once, _ = linked(state)
    assert linked(state, once) == (once, {})


@given(st.lists(states, min_size=2, max_size=5))
def test_over_the_years_no_two_clusters_are_one_person_and_nobody_is_merged_who_is_there(years):
    persons = {}
    for state in years:
        clusters = clusters_of(members_of(state, persons))
        now, merged = linked(state, persons)
        assert len(set(now.values())) == len(clusters)
        assert not set(merged) & set(now.values())
        assert set(merged.values()) <= set(now.values())
        persons |= now


@given(states, states)
def test_going_there_and_back_gives_the_first_persons(first, second):
    persons, _ = linked(first)
    between, _ = linked(second, persons)
    back, _ = linked(first, persons | between)
    partition = {}
    for member, key in back.items():
        partition.setdefault(key, set()).add(member)
    first_partition = {}
    for member, key in persons.items():
        first_partition.setdefault(key, set()).add(member)
    assert sorted(map(sorted, partition.values())) == sorted(map(sorted, first_partition.values()))


@given(states)
def test_a_pair_left_to_people_is_never_one_person_and_stands_once(state):
    clusters = clusters_of(members_of(state))
    of = {member.id: place for place, cluster in enumerate(clusters) for member in cluster}
    pairs = [(pair.one.id, pair.other.id, pair.why) for pair in unlinked_pairs(clusters)]
    assert len(pairs) == len(set(pairs))
    assert all(of[one] != of[other] for one, other, _ in pairs)
    assert all(pair.one.rank < pair.other.rank for pair in unlinked_pairs(clusters))


@given(states)
def test_whoever_shares_a_valid_number_with_another_person_is_in_a_pair(state):
    clusters = clusters_of(members_of(state))
    listed = {member.id for pair in unlinked_pairs(clusters) for member in (pair.one, pair.other)}
    by_number = {}
    for place, cluster in enumerate(clusters):
        for member in cluster:
            if member.number_valid:
                by_number.setdefault(member.number_index, {}).setdefault(place, []).append(member.id)
    for places in by_number.values():
        if len(places) > 1:
            assert {member for members in places.values() for member in members} <= listed


def test_every_field_has_an_owner_in_every_register():
    assert all(set(order) == set(REGISTERS) for order in OWNERS.values())
