"""When a clause applies."""

import pytest

from yingjin.policy.domain.conditions import ALWAYS, Condition, Situation

IT = Situation(frozenset({"C02", "C06"}), frozenset({80}), "inpatient", "L2", True, True, False)


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (ALWAYS, True),
        (Condition(holds=("C06", "C09")), True),
        (Condition(holds=("C09",)), False),
        (Condition(aged_min=80), True),
        (Condition(aged_min=65), False),
        (Condition(setting=("inpatient",)), True),
        (Condition(setting=("outpatient",)), False),
        (Condition(level=("L1", "L2")), True),
        (Condition(level=("L4",)), False),
        (Condition(in_county=True), True),
        (Condition(in_county=False), False),
        (Condition(designated=False), False),
        (Condition(public=False), True),
        (Condition(public=True), False),
        (Condition(holds=("C02",), public=True), False),
        (Condition(any_of=(Condition(holds=("C09",)), Condition(level=("L2",)))), True),
        (Condition(any_of=(Condition(holds=("C09",)), Condition(level=("L1",)))), False),
        (Condition(all_of=(Condition(holds=("C02",)), Condition(holds=("C06",)))), True),
        (Condition(all_of=(Condition(holds=("C02",)), Condition(holds=("C09",)))), False),
    ],
)
def test_all_that_is_stated_must_be_so(condition, met):
    assert condition.met(IT) is met


def test_a_condition_knows_every_age_and_category_it_asks_for():
    condition = Condition(
        holds=("C01",),
        any_of=(Condition(aged_min=80), Condition(holds=("C02",), aged_min=65)),
        all_of=(Condition(holds=("C03",)),),
    )
    assert condition.ages() == {80, 65}
    assert condition.categories() == {"C01", "C02", "C03"}
