"""Calls are counted by caller, in a file every process of the machine shares; nobody takes one that is not there."""

import subprocess
import sys

from tests.support.places import CHECKOUT
from yingjin.api.limits import Limit, Limits

SIX_A_MINUTE = Limit(per_minute=6, burst=3)


def test_a_burst_is_given_at_once_and_comes_back_at_an_even_pace(tmp_path):
    limits = Limits(tmp_path)
    assert [limits.take("a", SIX_A_MINUTE, 1000.0) for _ in range(4)] == [0, 0, 0, 10]
    assert limits.take("a", SIX_A_MINUTE, 1009.0) == 1
    assert [limits.take("a", SIX_A_MINUTE, 1010.0) for _ in range(2)] == [0, 10]
    assert [limits.take("a", SIX_A_MINUTE, 1100.0) for _ in range(4)] == [0, 0, 0, 10]


def test_one_caller_takes_nothing_of_another(tmp_path):
    limits = Limits(tmp_path)
    assert [limits.take(each, SIX_A_MINUTE, 5.0) for each in "aaabbb"] == [0] * 6
    assert limits.take("a", SIX_A_MINUTE, 5.0) > 0


def test_counts_that_are_paid_for_are_left_out(tmp_path):
    limits = Limits(tmp_path)
    limits.take("a", SIX_A_MINUTE, 5.0)
    limits.forget(before=100.0)
    assert [limits.take("a", SIX_A_MINUTE, 5.0) for _ in range(4)] == [0, 0, 0, 10]


def test_processes_share_the_counts_and_take_no_call_twice(tmp_path):
    program = (
        "import sys; from pathlib import Path; from yingjin.api.limits import Limit, Limits\n"
        "limits = Limits(Path(sys.argv[1]))\n"
        "print(sum(limits.take('a', Limit(60, 40), 1000.0) == 0 for _ in range(30)))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    assert sum(int(each.communicate()[0]) for each in running) == 40
