"""The Hezhang clauses as one plain Python function: what the rulebook's evaluator is measured and checked against.

It shares no code with the evaluator and reads no rulebook; its numbers are the law's of 2016 and our readings. Only
the default readings are in it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

REDUCED_FROM = date(2016, 10, 1)
RATES = {"L1": 8500, "L2": 7500, "L3": 6500, "L4": 5500}


def settle_year_plainly(person: Any, bills: Iterable[Any]) -> list[tuple[str, int, int, int, int, int, int]]:
    """Return bill id, in scope, deductible, the three payments and own payment of each bill, in replay order."""
    rows = []
    own_of_year = rest_of_year = 0
    born_on = person.born_on
    categories = person.categories
    for bill in sorted(bills, key=lambda it: (it.discharged_on, it.admitted_on or date.min, it.bill_id)):
        on = bill.discharged_on
        in_scope = bill.total_fen - bill.out_of_scope_fen
        level = bill.level
        if bill.setting != "inpatient" or not (bill.public if level == "L4" else bill.designated):
            rows.append((bill.bill_id, in_scope, 0, 0, 0, 0, bill.total_fen))
            continue
        held = {c for c, start, end in categories if start <= on and (end is None or on < end)}
        old = False
        if "C02" in held or "C03" in held:
            age = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
            old = age >= 80
        rate = RATES[level]
        if old and bill.in_county and bill.designated:
            rate = 10000
        elif old and not bill.in_county and bill.public:
            rate = min(10000, rate + 1000)
        elif bill.designated and not held.isdisjoint(("C06", "C08", "C09", "C10")):
            rate = min(10000, rate + 500)
        deductible = min(20000, in_scope)
        basic = ((in_scope - deductible) * rate + 5000) // 10000

        own = in_scope - basic
        threshold = 500000
        if on >= REDUCED_FROM and not held.isdisjoint(("C04", "C05", "C06", "C07")):
            threshold = 300000
        above = min(own, max(0, own_of_year + own - threshold))
        critical = (above * 6000 + 5000) // 10000

        rest = own - critical
        assistance = 0
        if "C03" in held or "C05" in held:
            assistance = rest
        else:
            if "C04" in held:
                assistance = (rest * 7000 + 5000) // 10000
            if "C11" in held:
                above = min(rest, max(0, rest_of_year + rest - 300000))
                assistance = max(assistance, (above * 5000 + 5000) // 10000)
        if bill.moves:
            own_of_year += own
            rest_of_year += rest
        paid = basic + critical + assistance
        rows.append((bill.bill_id, in_scope, deductible, basic, critical, assistance, bill.total_fen - paid))
    return rows
