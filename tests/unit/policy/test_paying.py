"""What a clause's rate goes on, and which clause a layer takes."""

import pytest

from yingjin.policy.domain.compiling import Candidate, LayerPlan
from yingjin.policy.domain.paying import paid_part, pay_layers


def candidate(rate_bp=6000, **terms):
    return Candidate(None, rate_bp, **terms)


@pytest.mark.parametrize(
    ("threshold", "whole", "stacked", "base", "before", "part"),
    [
        (None, False, False, 700, 9000, 700),
        (500, False, True, 400, 0, 0),
        (500, False, True, 500, 0, 0),
        (500, False, True, 501, 0, 1),
        (500, False, True, 400, 300, 200),
        (500, False, True, 400, 500, 400),
        (500, False, True, 400, 9000, 400),
        (500, False, False, 400, 9000, 0),
        (500, True, True, 500, 0, 0),
        (500, True, True, 501, 0, 501),
        (500, True, True, 400, 300, 400),
        (500, True, False, 400, 300, 0),
        (500, False, True, 0, 9000, 0),
    ],
)
def test_the_part_above_a_threshold(threshold, whole, stacked, base, before, part):
    terms = candidate(threshold_fen=threshold, whole=whole, stacked=stacked)
    assert paid_part(terms, base, before) == part


def plan(place, *candidates, deductible=0):
    return LayerPlan(f"layer{place}", place, deductible, None, candidates)


def test_each_layer_enters_on_what_the_one_before_left():
    works = pay_layers((plan(1, candidate(5000), deductible=100), plan(0, candidate(10000))), 1101, [7, 8])
    assert [(it.left_fen, it.base_fen, it.before_fen, it.paid_fen) for it in works] == [
        (1101, 1001, 8, 501),
        (600, 600, 7, 600),
    ]


def test_the_clause_that_pays_most_is_taken_and_of_equal_ones_the_first():
    low, high, same = candidate(7500), candidate(8000), candidate(8000)
    (work,) = pay_layers((plan(0, low, high, same),), 1000, [0])
    assert work.taken is high
    (work,) = pay_layers((plan(0, low, high),), 1, [0])  # a fen: both round to it
    assert (work.taken, work.paid_fen) == (low, 1)


def test_a_layer_without_a_clause_pays_nothing():
    (work,) = pay_layers((plan(0),), 1000, [0])
    assert (work.taken, work.paid_fen) == (None, 0)
