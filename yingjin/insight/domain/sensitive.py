"""Which bills readers without the right to sensitive diseases may not see, so that none can be worked out.

* BillSeen        what the question needs of a bill
* hidden_bills    the bills to leave out of every list and every sum
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from yingjin.basics.days import Interval

# Mental illness: the category itself says what its holder has.
SENSITIVE_CATEGORIES = frozenset({"C07"})


class BillSeen(NamedTuple):
    """A bill of one person as far as hiding goes. `moves` says whether later bills of its year rest on it."""

    key: UUID
    bill_id: str
    discharged_on: date
    admitted_on: date | None
    sensitive: bool
    moves: bool
    cancels: str = ""


def hidden_bills(bills: Iterable[BillSeen], categories: Iterable[tuple[str, date, date | None]]) -> set[UUID]:
    """Return the bills of one person that plain readers may not see.

    Hidden are bills of a sensitive disease; those of days on which a sensitive category is held, because the clause
    that pays may name it; those that cancel a hidden one; and those worked out in the same year after a hidden bill
    that counts, because their accumulators would tell of it. Errors: none. Source: R96.
    """
    held = [
        Interval(since, until) for category, since, until in categories if category in SENSITIVE_CATEGORIES
    ]
    ordered = sorted(bills, key=replay_order)
    hidden: set[UUID] = set()
    hidden_ids: set[str] = set()
    years: set[int] = set()  # in which a hidden bill counts
    for bill in ordered:
        own = bill.sensitive or any(one.holds(bill.discharged_on) for one in held)
        if own or bill.discharged_on.year in years:
            hidden.add(bill.key)
            hidden_ids.add(bill.bill_id)
        if own and bill.moves:
            years.add(bill.discharged_on.year)
    return hidden | {bill.key for bill in ordered if bill.cancels in hidden_ids}


def replay_order(bill: BillSeen) -> tuple[date, date, str]:
    """Order bills as a year is replayed: by discharge day, admission day (none first), bill id (D4)."""
    return (bill.discharged_on, bill.admitted_on or date.min, bill.bill_id)
