"""The four dues, judged: what is due on a day, what is done, what is missing and why."""

from datetime import date, timedelta

import pytest

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
from yingjin.gaps.files import due_rules

RULES = due_rules()
ON = date(2025, 12, 31)
POOR = (Held("C02", date(2014, 12, 1), None),)
LISTED = date(2018, 1, 1)
STROKE = Confirmed("stroke", date(2023, 4, 12), LISTED)
ENROLLED = frozenset({2025})
IN_FORCE = (Contracted(date(2025, 1, 1), date(2026, 1, 1)),)


def person(**facts: object) -> PersonDay:
    """A living registered poor person with nothing else known."""
    return PersonDay(person="p", **{"categories": POOR, **facts})


def judged(due: str, facts: PersonDay, on: date = ON) -> DueState:
    """The one state of a due."""
    (state,) = [state for state in dues_on(facts, on, RULES) if state.due == due]
    return state


def states(facts: PersonDay, on: date = ON) -> dict[tuple[str, str], str]:
    """Every due with its status."""
    return {(state.due, state.subject): state.status for state in dues_on(facts, on, RULES)}


# The base


@pytest.mark.parametrize("category", ["C02", "C03", "C04", "C15", "C16", "C17"])
def test_these_categories_are_the_base(category):
    facts = PersonDay(person="p", categories=(Held(category, date(2020, 1, 1), None),))
    assert entered_base_on(facts, ON, RULES) == date(2020, 1, 1)


@pytest.mark.parametrize("category", ["C01", "C05", "C06", "C07", "C08", "C11", "C14", "C18"])
def test_no_other_category_makes_anything_due(category):
    assert (
        dues_on(PersonDay(person="p", categories=(Held(category, date(2020, 1, 1), None),)), ON, RULES) == []
    )


def test_a_category_holds_from_its_first_day_up_to_its_end():
    facts = PersonDay(person="p", categories=(Held("C04", date(2025, 3, 1), date(2025, 7, 1)),))
    held = [on for on in days(2025) if entered_base_on(facts, on, RULES)]
    assert (held[0], held[-1]) == (date(2025, 3, 1), date(2025, 6, 30))


def test_the_dead_are_never_in_the_base():
    facts = person(died_on=date(2025, 6, 1))
    assert dues_on(facts, date(2025, 5, 31), RULES)
    assert dues_on(facts, date(2025, 6, 1), RULES) == []
    assert dues_on(facts, ON, RULES) == []


def test_categories_that_touch_are_one_time_in_the_base():
    held = (Held("C04", date(2024, 1, 1), date(2025, 1, 1)), Held("C15", date(2025, 1, 1), None))
    assert entered_base_on(PersonDay("p", categories=held), ON, RULES) == date(2024, 1, 1)


def days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range(365)]


# Insured


def test_somebody_enrolled_this_year_is_insured():
    state = judged("insured", person(own=Evidence(enrolled_years=ENROLLED)))
    assert (state.status, state.facts, state.due_by, state.owner) == (DONE, {"year": 2025}, None, "")


def test_an_enrolment_of_another_year_is_no_evidence():
    state = judged("insured", person(own=Evidence(enrolled_years=frozenset({2024}))))
    assert (state.status, state.reason) == (OPEN, "enrolment_lapsed")
    assert state.facts == {"year": 2025, "last_year": 2024}


def test_somebody_never_enrolled_lacks_it_since_new_year():
    state = judged("insured", person())
    assert (state.status, state.reason, state.owner) == (OPEN, "not_enrolled", "township_insurance")
    assert state.since_on == date(2025, 1, 1)
    assert state.due_by == date(2025, 1, 1) + timedelta(days=RULES.reason("insured", "not_enrolled").days)


def test_somebody_new_in_the_base_lacks_it_since_that_day():
    facts = PersonDay("p", categories=(Held("C16", date(2025, 5, 9), None),))
    assert judged("insured", facts).since_on == date(2025, 5, 9)


def test_an_enrolment_of_somebody_who_may_be_the_same_leaves_it_to_be_confirmed():
    state = judged("insured", person(unlinked=Evidence(enrolled_years=ENROLLED)))
    assert (state.status, state.reason, state.owner) == (UNKNOWN, "confirm_identity", "village_doctor")


def test_an_unlinked_enrolment_of_another_year_confirms_nothing():
    assert judged("insured", person(unlinked=Evidence(enrolled_years=frozenset({2024})))).status == OPEN


# Treated


def test_a_disease_not_confirmed_or_not_yet_listed_makes_no_due():
    later = Confirmed("stroke", ON + timedelta(days=1), LISTED)
    unlisted = Confirmed("kidney_cancer", date(2019, 5, 1), date(2026, 1, 1))
    assert ("treated", "stroke") not in states(person(conditions=(later, unlisted)))
    assert ("treated", "kidney_cancer") not in states(person(conditions=(later, unlisted)))


def test_each_disease_is_one_due_however_often_it_was_confirmed():
    again = Confirmed("stroke", date(2025, 2, 1), LISTED)
    cancer = Confirmed("lung_cancer", date(2025, 3, 1), LISTED)
    found = [
        state
        for state in dues_on(person(conditions=(again, cancer, STROKE)), ON, RULES)
        if state.due == "treated"
    ]
    assert [state.subject for state in found] == ["lung_cancer", "stroke"]
    assert found[1].facts["confirmed_on"] == "2023-04-12"


@pytest.mark.parametrize(
    ("days_before", "status"), [(0, DONE), (364, DONE), (365, OPEN), (366, OPEN), (-1, OPEN)]
)
def test_a_treatment_counts_for_365_days_the_day_itself_included(days_before, status):
    treated = Treated("stroke", ON - timedelta(days=days_before))
    assert judged("treated", person(conditions=(STROKE,), own=Evidence(treated=(treated,)))).status == status


def test_a_stay_with_the_disease_is_evidence_as_well():
    stay = Treated("stroke", date(2025, 10, 3), by_stay=True)
    state = judged("treated", person(conditions=(STROKE,), own=Evidence(treated=(stay,))))
    assert (state.status, state.facts["last_on"], state.facts["by_stay"]) == (DONE, "2025-10-03", True)


def test_a_treatment_of_another_disease_is_no_evidence():
    treated = (Treated("lung_cancer", ON),)
    state = judged("treated", person(conditions=(STROKE,), own=Evidence(treated=treated)))
    assert (state.status, state.reason, state.since_on) == (OPEN, "never_treated", date(2023, 4, 12))


def test_a_treatment_run_out_is_missing_since_the_day_it_ran_out():
    treated = (Treated("stroke", date(2024, 6, 1)), Treated("stroke", date(2023, 5, 1)))
    state = judged("treated", person(conditions=(STROKE,), own=Evidence(treated=treated)))
    assert (state.reason, state.since_on) == ("treatment_lapsed", date(2025, 6, 1))
    assert state.facts["last_on"] == "2024-06-01"


def test_a_treatment_of_somebody_who_may_be_the_same_leaves_it_to_be_confirmed():
    treated = Evidence(treated=(Treated("stroke", date(2025, 10, 3)),))
    assert judged("treated", person(conditions=(STROKE,), unlinked=treated)).status == UNKNOWN


def test_a_condition_of_somebody_who_may_be_the_same_is_to_be_confirmed():
    doubtful = person(unlinked_conditions=(STROKE,))
    state = judged("treated", doubtful)
    assert (state.status, state.reason, state.owner) == (UNKNOWN, "confirm_condition", "village_doctor")
    assert state.since_on == date(2023, 4, 12)


def test_a_doubtful_condition_that_is_treated_known_or_refused_asks_nothing():
    treated = Evidence(treated=(Treated("stroke", ON),))
    refused = (Changed("refused", date(2025, 3, 2), "treated"),)
    for facts in (
        person(unlinked_conditions=(STROKE,), unlinked=treated),
        person(unlinked_conditions=(STROKE,), own=treated),
        person(unlinked_conditions=(STROKE,), changes=refused),
        person(unlinked_conditions=(STROKE._replace(confirmed_on=date(2026, 1, 1)),)),
    ):
        assert not any(due == "treated" for due, _ in states(facts))
    known = person(conditions=(STROKE,), unlinked_conditions=(STROKE,))
    assert judged("treated", known).reason == "never_treated"


def test_a_sensitive_disease_makes_a_sensitive_due():
    condition = STROKE._replace(disease="hiv", sensitive=True)
    assert judged("treated", person(conditions=(condition,))).sensitive
    assert not judged("treated", person(conditions=(STROKE,))).sensitive
    later = STROKE._replace(confirmed_on=date(2025, 2, 1), sensitive=True)
    assert judged("treated", person(conditions=(STROKE, later))).sensitive


# Contracted


def test_a_contract_counts_up_to_its_end():
    facts = person(own=Evidence(contracts=(Contracted(date(2025, 3, 1), date(2025, 7, 1)),)))
    held = [on for on in days(2025) if judged("contracted", facts, on).status == DONE]
    assert (held[0], held[-1]) == (date(2025, 3, 1), date(2025, 6, 30))


def test_the_newest_of_several_contracts_is_the_evidence_and_may_be_open_ended():
    contracts = (Contracted(date(2025, 6, 1), None), *IN_FORCE)
    state = judged("contracted", person(own=Evidence(contracts=contracts)))
    assert state.facts == {"valid_from": "2025-06-01", "valid_to": None}
    state = judged("contracted", person(own=Evidence(contracts=IN_FORCE)))
    assert state.facts == {"valid_from": "2025-01-01", "valid_to": "2026-01-01"}


def test_a_contract_that_ended_is_missing_since_its_end():
    ended = (Contracted(date(2023, 1, 1), date(2024, 1, 1)), Contracted(date(2024, 1, 1), date(2025, 10, 25)))
    state = judged("contracted", person(own=Evidence(contracts=ended)))
    assert (state.status, state.reason, state.since_on) == (OPEN, "contract_ended", date(2025, 10, 25))
    assert state.facts == {"ended_on": "2025-10-25"}


def test_somebody_without_any_contract_lacks_it_since_the_base():
    state = judged("contracted", person())
    assert (state.reason, state.since_on) == ("never_contracted", date(2025, 1, 1))


def test_a_contract_of_somebody_who_may_be_the_same_leaves_it_to_be_confirmed():
    assert judged("contracted", person(unlinked=Evidence(contracts=IN_FORCE))).status == UNKNOWN


# Covered


def stay(*paid: tuple[str, int, int], on: date = date(2025, 3, 1), **more: object) -> Stay:
    return Stay("B1", on, tuple(Paid(*each) for each in paid), **more)


def test_a_stay_every_payer_paid_is_covered():
    state = judged("covered", person(stays=(stay(("basic", 500, 500), ("assistance", 0, 10)),)))
    assert (state.status, state.subject, state.shortfall_fen) == (DONE, "B1", 0)


def test_one_payer_short_by_a_fen_leaves_a_gap_that_is_its_own_task():
    state = judged("covered", person(stays=(stay(("basic", 500, 600), ("critical_illness", 300, 299)),)))
    assert (state.status, state.reason, state.owner) == (
        OPEN,
        "critical_illness_short",
        "critical_illness_insurer",
    )
    assert (state.shortfall, state.shortfall_fen) == ((("critical_illness", 1),), 1)
    assert state.since_on == date(2025, 3, 1)


def test_more_paid_by_one_payer_does_not_make_up_for_another():
    assert (
        judged("covered", person(stays=(stay(("basic", 100, 900), ("assistance", 50, 0)),))).shortfall_fen
        == 50
    )


def test_several_payers_short_are_one_task():
    state = judged("covered", person(stays=(stay(("basic", 500, 0), ("assistance", 300, 0)),)))
    assert (state.reason, state.shortfall_fen) == ("several_short", 800)


def test_a_stay_the_rulebook_does_not_pay_opens_no_due():
    assert ("covered", "B1") not in states(person(stays=(stay(("basic", 0, 0)),)))


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
)
def test_only_stays_of_this_year_so_far_are_looked_at(on, due):
    found = states(person(stays=(stay(("basic", 500, 0), on=on),)), date(2025, 6, 30))
    assert (("covered", "B1") in found) == due


def test_a_shortfall_is_never_to_be_confirmed():
    facts = person(stays=(stay(("basic", 500, 0)),), unlinked=Evidence(ENROLLED, (), IN_FORCE))
    assert judged("covered", facts).status == OPEN


def test_a_sensitive_stay_makes_a_sensitive_due():
    assert judged("covered", person(stays=(stay(("basic", 500, 0), sensitive=True),))).sensitive


# Exceptions


def test_somebody_insured_at_work_need_not_be_insured_again():
    facts = person(changes=(Changed("work_insured", date(2025, 8, 1), evidence="职工参保证明"),))
    state = judged("insured", facts)
    assert (state.status, state.exception.evidence, state.exception.until) == (EXCEPTED, "职工参保证明", None)
    assert judged("insured", facts, date(2025, 7, 31)).status == OPEN
    assert judged("insured", facts, date(2031, 5, 1)).status == EXCEPTED
    assert judged("contracted", facts).status == OPEN


def test_evidence_counts_before_an_exception_and_an_exception_before_a_doubt():
    change = (Changed("work_insured", date(2025, 8, 1)),)
    both = person(changes=change, own=Evidence(enrolled_years=ENROLLED))
    assert judged("insured", both).status == DONE
    doubtful = person(changes=change, unlinked=Evidence(enrolled_years=ENROLLED))
    assert judged("insured", doubtful).status == EXCEPTED


def test_somebody_away_need_not_be_contracted_until_back():
    away = (
        Changed("left", date(2025, 2, 20), evidence="外出务工登记表"),
        Changed("returned", date(2025, 9, 1)),
    )
    facts = person(changes=away)
    excepted = [on for on in days(2025) if judged("contracted", facts, on).status == EXCEPTED]
    assert (excepted[0], excepted[-1]) == (date(2025, 2, 20), date(2025, 8, 31))
    assert judged("contracted", facts).since_on == date(2025, 9, 1)
    assert judged("contracted", facts, date(2025, 6, 1)).exception.until == date(2025, 9, 1)


def test_somebody_away_again_is_excepted_again_with_no_end_known():
    away = (
        Changed("left", date(2023, 1, 1)),
        Changed("returned", date(2023, 6, 1)),
        Changed("left", date(2025, 2, 20)),
    )
    assert judged("contracted", person(changes=away)).exception.until is None
    assert judged("contracted", person(changes=away), date(2024, 1, 1)).status == OPEN


def test_leaving_and_coming_back_on_one_day_excepts_nothing():
    day = (Changed("left", date(2025, 2, 20)), Changed("returned", date(2025, 2, 20)))
    assert judged("contracted", person(changes=day), date(2025, 2, 20)).status == OPEN


@pytest.mark.parametrize("due", ["insured", "treated", "contracted", "covered"])
def test_a_refusal_excepts_the_due_it_names_until_the_year_ends(due):
    facts = person(
        conditions=(STROKE,),
        stays=(stay(("basic", 500, 0)),),
        changes=(Changed("refused", date(2025, 3, 2), due, "拒绝告知书"),),
    )
    excepted = {name for (name, _), status in states(facts).items() if status == EXCEPTED}
    assert excepted == {due}
    state = judged(due, facts)
    assert state.exception == ("refused", date(2025, 3, 2), "拒绝告知书", date(2026, 1, 1))
    assert all(status == OPEN for (_, _), status in states(facts, date(2026, 1, 1)).items())


def test_after_a_refused_year_a_gap_counts_from_new_year():
    facts = person(changes=(Changed("refused", date(2024, 3, 2), "contracted"),))
    assert judged("contracted", facts).since_on == date(2025, 1, 1)


def test_a_death_in_the_list_of_changes_is_no_exception():
    assert judged("insured", person(changes=(Changed("died", date(2025, 3, 2)),))).status == OPEN


def test_an_excepted_due_is_nobodys_task():
    state = judged("contracted", person(changes=(Changed("left", date(2025, 2, 20)),)))
    assert (state.reason, state.owner, state.since_on, state.due_by, state.lacking) == (
        "",
        "",
        None,
        None,
        False,
    )


def test_dues_come_in_the_order_of_the_four():
    facts = person(conditions=(STROKE,), stays=(stay(("basic", 500, 0)),))
    assert [state.due for state in dues_on(facts, ON, RULES)] == [
        "insured",
        "treated",
        "contracted",
        "covered",
    ]
