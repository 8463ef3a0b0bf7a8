"""A refund undoes the settlement it names, or says why it cannot."""

import pytest

from tests.support.registers import row
from yingjin.fusion.domain.cancelling import why_not_cancelled
from yingjin.fusion.domain.rows import Facts
from yingjin.fusion.formats import kinds

TITLES = {column.field: column.name for column in kinds()["settlement"].columns}
OPPOSITE = {
    "total_fen": "-1000.00",
    "in_scope_fen": "-900.00",
    "reported_basic_fen": "-600.00",
    "reported_own_payment_fen": "-400.00",
}


def facts(**fields):
    return Facts(row("settlement", **{"register_no": "N1", "bill_no": "S1", **fields}), TITLES)


def refund(**fields):
    return facts(**{"bill_no": "S2", "is_refund": "1", "cancels": "S1", **OPPOSITE, **fields})


def test_the_opposite_of_a_settlement_cancels_it():
    assert why_not_cancelled(refund(), facts(), "") is None


@pytest.mark.parametrize(
    ("one", "other", "by", "code"),
    [
        (refund(), None, "", "unknown_settlement"),
        (refund(), facts(is_refund="1"), "", "cancels_a_refund"),
        (refund(), facts(), "S9", "already_cancelled"),
        (refund(register_no="N2"), facts(), "", "cancelling_differs"),
        (refund(total_fen="-999.99"), facts(), "", "cancelling_differs"),
        (refund(cash_fen="-1.00"), facts(), "", "cancelling_differs"),
    ],
)
def test_what_does_not_undo_it_says_why(one, other, by, code):
    assert why_not_cancelled(one, other, by).code == code
