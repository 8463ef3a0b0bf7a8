from datetime import date

import pytest

from yingjin.settlement.domain.states import decided_state, state_of

DAY = date(2025, 5, 20)


def state(**facts):
    usual = {
        "cancels": "",
        "cancelled": False,
        "discharged_on": DAY,
        "died_on": None,
        "enrolled_years": {2025},
        "in_force_from": date(2016, 1, 1),
    }
    return state_of(**{**usual, **facts})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "counted"),
        ({"cancels": "S1"}, "cancelling"),
        ({"cancelled": True}, "cancelled"),
        ({"cancelled": True, "died_on": date(2025, 1, 1)}, "cancelled"),
        ({"discharged_on": date(2015, 12, 31)}, "before_rulebook"),
        ({"died_on": date(2025, 5, 19)}, "held_dead"),
        ({"died_on": DAY}, "counted"),
        ({"enrolled_years": {2024}}, "held_not_enrolled"),
        ({"enrolled_years": ()}, "held_not_enrolled"),
        ({"enrolled_years": (), "died_on": date(2025, 1, 1)}, "held_dead"),
    ],
)
def test_a_bill_counts_unless_it_was_taken_back_or_its_person_could_not_have_had_it(facts, expected):
    assert state(**facts) == expected


@pytest.mark.parametrize(
    ("state", "verdict", "expected"),
    [
        ("held_dead", "release", "counted"),
        ("held_not_enrolled", "release", "counted"),
        ("held_dead", "reject", "rejected"),
        ("counted", "reject", "rejected"),
        ("counted", "release", "counted"),
        ("cancelled", "release", "cancelled"),
        ("cancelled", "reject", "cancelled"),
        ("before_rulebook", "release", "before_rulebook"),
        ("held_dead", "", "held_dead"),
    ],
)
def test_a_decision_is_about_what_is_held_or_would_count(state, verdict, expected):
    assert decided_state(state, verdict) == expected
