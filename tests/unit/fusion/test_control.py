"""The closing row of a settlement file agrees with the rows above it, or says where it does not."""

import pytest

from yingjin.fusion.domain.control import ControlTotals

MONEY = {"total": 2, "paid": 3}


def totals(*rows):
    added = ControlTotals("合计", id_at=0, count_at=1, money_at=MONEY)
    kept = [added.add(number, cells) for number, cells in enumerate(rows, start=2)]
    return added, kept


def test_rows_that_add_up_agree():
    added, kept = totals(
        ["S1", "N1", "10.50", "-3"], ["S2", "N1", "0.05", ""], ["合计", "2", "10.55", "-3.00"]
    )
    assert kept == [True, True, False]
    assert added.disagreement() is None


def test_a_column_blank_throughout_may_be_blank_in_the_closing_row():
    assert totals(["S1", "N1", "1", ""], ["合计", "1", "1.00", ""])[0].disagreement() is None


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["S1", "N1", "1", "1"]], "control_row_missing"),
        ([["合计", "0", "", ""], ["S1", "N1", "1", "1"]], "control_row_not_last"),
        ([["S1", "N1", "1", "1"], ["合计", "1", "1", "1"], ["合计", "1", "1", "1"]], "control_row_not_last"),
        ([["S1", "N1", "1", "1"], ["合计", "2", "1", "1"]], "control_count_differs"),
        ([["S1", "N1", "1", "1"], ["合计", "", "1", "1"]], "control_count_differs"),
        ([["S1", "N1", "1", "1"], ["合计"]], "control_count_differs"),
        ([["S1", "N1", "1", "1"], ["合计", "1", "1.01", "1"]], "control_sum_differs"),
        ([["S1", "N1", "1", "1"], ["合计", "1", "1", ""]], "control_sum_differs"),
        ([["S1", "N1", "1", "1"], ["合计", "1", "1"]], "control_sum_differs"),
        ([["S1", "N1", "1", "1"], ["合计", "1", "一元", "1"]], "control_sum_differs"),
        ([["S1", "N1", "一元", "1"], ["合计", "1", "1", "1"]], "control_sum_differs"),
        ([["S1"], ["合计", "1", "1", "1"]], "control_sum_differs"),
    ],
)
def test_what_does_not_agree_is_named(rows, code):
    found = totals(*rows)[0].disagreement()
    assert found is not None and found.code == code


def test_a_row_with_two_unreadable_amounts_is_named_once():
    added, _ = totals(["S1", "N1", "x", "y"], ["S2", "N1", "z", "1"], ["合计", "2", "9", "1"])
    assert added.unreadable == [2, 3]
    assert "第 2、3 行" in str(added.disagreement().facts["unread_zh"])


def test_a_sum_below_zero_agrees_with_its_sign():
    assert totals(["S1", "N1", "-0.05", ""], ["合计", "1", "-0.05", ""])[0].disagreement() is None
    assert totals(["S1", "N1", "-0.05", ""], ["合计", "1", "0.05", ""])[0].disagreement() is not None
