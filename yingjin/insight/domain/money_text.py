"""Amounts as other programs read them: yuan in text, so that none of them ever counts in floating point."""

from typing import Any

from yingjin.basics.money import plain_yuan

MARK = "_fen"


def with_yuan(value: Any) -> Any:
    """Return JSON with every amount written in yuan as text: {"paid_fen": 2843652} becomes {"paid": "28436.52"}.

    A mapping under such a name has amounts for values. Units: fen. Errors: none; None stays None.
    """
    if isinstance(value, dict):
        return {
            key.removesuffix(MARK): _amount(each) if key.endswith(MARK) else with_yuan(each)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [with_yuan(each) for each in value]
    return value


def _amount(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _amount(each) for key, each in value.items()}
    return None if value is None else plain_yuan(value)
