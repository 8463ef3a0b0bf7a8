"""How several dues stand together: yingjin/insight/domain/standing.py."""

from itertools import combinations

from yingjin.insight.domain.standing import WORST_FIRST, worst


def test_the_worst_of_any_two_is_the_one_named_first() -> None:
    for one, other in combinations(WORST_FIRST, 2):
        assert worst([one, other]) == worst([other, one]) == one


def test_nothing_at_all_is_not_due() -> None:
    assert worst([]) == "not_due"
