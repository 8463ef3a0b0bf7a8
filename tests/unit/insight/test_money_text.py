"""Amounts as text: yingjin/insight/domain/money_text.py."""

from yingjin.insight.domain.money_text import with_yuan


def test_amounts_at_any_depth_become_text_and_lose_their_unit() -> None:
    steps = [
        {"kind": "rate", "result_fen": 2_161_930, "inputs": {"left_fen": 5, "payments_fen": {"basic": -100}}}
    ]
    assert with_yuan({"total_fen": None, "steps": steps}) == {
        "total": None,
        "steps": [
            {"kind": "rate", "result": "21619.30", "inputs": {"left": "0.05", "payments": {"basic": "-1.00"}}}
        ],
    }


def test_what_is_no_amount_stays_as_it_is() -> None:
    step = {
        "rate_bp": 8000,
        "rounding": {"exact_fen_x10000": 216_192_960_000},
        "moves": True,
        "ids": ("R10",),
    }
    assert with_yuan(step) == {**step, "ids": ["R10"]}
