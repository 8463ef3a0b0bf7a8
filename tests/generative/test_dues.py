"""Whatever is known of a person, the dues keep their promises."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from yingjin.gaps.domain.dues import DONE, EXCEPTED, OPEN, UNKNOWN, DueState, dues_on, entered_base_on
from yingjin.gaps.domain.facts import (
    Changed,
    Confirmed,
    Contracted,
    Evidence,
    Held,
    Paid,
    PersonDay,
    Stay,
    Treated,
)
from yingjin.gaps.domain.rules import DUES
from yingjin.gaps.domain.words import closes_with_zh, done_zh, due_zh, lacks_zh
from yingjin.gaps.files import due_rules

RULES = due_rules()
EDGES = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 30), date(2025, 12, 31), date(2026, 1, 1)]
days = st.one_of(st.sampled_from(EDGES), st.dates(date(2023, 1, 1), date(2027, 1, 1)))
maybe_day = st.none() | days
diseases = st.sampled_from(["脑卒中", "胃癌"])
amounts = st.integers(0, 3)


def spans(kind, *first):
    """An interval that lasts at least a day, or has no end."""
    return st.builds(
        lambda values, since, length: kind(
            *values, since, None if length is None else since + timedelta(length)
        ),
        st.tuples(*first),
        days,
        st.none() | st.integers(1, 900),
    )


evidence = st.builds(
    Evidence,
    st.frozensets(st.sampled_from([2023, 2024, 2025, 2026])),
    st.lists(st.builds(Treated, diseases, days, st.booleans()), max_size=3).map(tuple),
    st.lists(spans(Contracted), max_size=2).map(tuple),
)
changes = st.builds(
    Changed,
    st.sampled_from(["died", "left", "returned", "work_insured", "refused"]),
    days,
    st.sampled_from(["", *DUES]),
)
stays = st.lists(
    st.builds(
        lambda on, basic, assistance: (on, (Paid("basic", *basic), Paid("assistance", *assistance))),
        days,
        st.tuples(amounts, amounts),
        st.tuples(amounts, amounts),
    ),
    max_size=3,
).map(lambda each: tuple(Stay(f"B{number}", on, paid) for number, (on, paid) in enumerate(each)))
people = st.builds(
    PersonDay,
    person=st.just(UUID(int=1)),
    died_on=maybe_day,
    categories=st.lists(
        spans(Held, st.sampled_from(["C02", "C04", "C07", "C11"])), min_size=1, max_size=3
    ).map(tuple),
    conditions=st.lists(st.builds(Confirmed, diseases, days, st.just(date(2019, 1, 1))), max_size=2).map(
        tuple
    ),
    own=evidence,
    unlinked=evidence,
    unlinked_conditions=st.lists(
        st.builds(Confirmed, diseases, days, st.just(date(2019, 1, 1))), max_size=1
    ).map(tuple),
    stays=stays,
    changes=st.lists(changes, max_size=4).map(tuple),
)


def by_key(states: list[DueState]) -> dict[tuple[str, str], DueState]:
    return {(state.due, state.subject): state for state in states}


@given(facts=people, on=days)
def test_each_due_is_judged_once_and_only_in_the_base(facts, on):
    states = dues_on(facts, on, RULES)
    assert len(by_key(states)) == len(states)
    assert bool(states) == (entered_base_on(facts, on, RULES) is not None)
    if facts.died_on is not None and facts.died_on <= on:
        assert states == []
    if states:
        assert [state.due for state in states].count("insured") == 1
        assert [state.due for state in states].count("contracted") == 1


@given(facts=people, on=days)
def test_only_what_is_lacking_has_owner_deadline_and_reason(facts, on):
    for state in dues_on(facts, on, RULES):
        known = (state.reason, state.owner, state.since_on, state.due_by)
        assert all(known) if state.status in (OPEN, UNKNOWN) else not any(known)
        assert (state.status == EXCEPTED) == (state.exception is not None)
        if state.lacking:
            assert state.since_on <= on and state.since_on < state.due_by
        if state.due == "covered":
            assert (state.shortfall_fen == 0) == (state.status == DONE)
        else:
            assert state.shortfall_fen == 0


@given(facts=people, more=evidence, on=days)
def test_more_evidence_of_ones_own_never_opens_anything(facts, more, on):
    own = Evidence(
        facts.own.enrolled_years | more.enrolled_years,
        facts.own.treated + more.treated,
        facts.own.contracts + more.contracts,
    )
    before, after = by_key(dues_on(facts, on, RULES)), by_key(dues_on(replace(facts, own=own), on, RULES))
    for key, state in before.items():
        if key in after:
            assert after[key].status in (DONE, state.status)
        else:
            assert state.reason == "confirm_condition"
    assert after.keys() <= before.keys()


@given(facts=people, on=days)
def test_doubt_only_ever_turns_open_into_unknown(facts, on):
    facts = replace(facts, unlinked_conditions=())
    sure = by_key(dues_on(replace(facts, unlinked=Evidence()), on, RULES))
    for key, state in by_key(dues_on(facts, on, RULES)).items():
        assert (sure[key].status, state.status) in {
            (DONE, DONE),
            (EXCEPTED, EXCEPTED),
            (OPEN, OPEN),
            (OPEN, UNKNOWN),
        }


@given(facts=people, on=days, chance=st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_known_does_not_matter(facts, on, chance):
    def mixed(each: tuple) -> tuple:
        return tuple(chance.sample(each, len(each)))

    shuffled = replace(
        facts,
        categories=mixed(facts.categories),
        conditions=mixed(facts.conditions),
        own=replace(facts.own, treated=mixed(facts.own.treated), contracts=mixed(facts.own.contracts)),
        stays=mixed(facts.stays),
    )
    statuses = {key: (state.status, state.due_by) for key, state in by_key(dues_on(facts, on, RULES)).items()}
    again = {key: (state.status, state.due_by) for key, state in by_key(dues_on(shuffled, on, RULES)).items()}
    assert statuses == again


@given(facts=people, on=days)
def test_every_state_can_be_said_in_words(facts, on):
    for state in dues_on(facts, on, RULES):
        said = [due_zh(state.due, state.facts, RULES, on=on, disease="胃癌")]
        if state.status == DONE:
            said.append(done_zh(state.due, state.facts, RULES))
        if state.lacking:
            words = {"short_fen": state.shortfall_fen, "disease": "胃癌"}
            said.append(lacks_zh(state.due, state.reason, state.facts, RULES, **words))
            said.append(closes_with_zh(state.due, state.reason, state.facts, RULES))
        assert all(said) and not any("空" in each or "{" in each for each in said), said
