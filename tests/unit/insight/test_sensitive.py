"""Which bills a reader without the right to sensitive diseases may not see."""

from datetime import date
from uuid import UUID

from yingjin.insight.domain.sensitive import BillSeen, hidden_bills


def bill(
    number: int, on: date, *, sensitive: bool = False, moves: bool = True, cancels: str = ""
) -> BillSeen:
    return BillSeen(UUID(int=number), f"B{number}", on, on, sensitive, moves, cancels)


def hidden(*bills: BillSeen, categories: tuple[tuple[str, date, date | None], ...] = ()) -> set[int]:
    return {key.int for key in hidden_bills(bills, categories)}


MARCH, JUNE, SEPTEMBER, NEXT_MARCH = (
    date(2025, 3, 1),
    date(2025, 6, 1),
    date(2025, 9, 1),
    date(2026, 3, 1),
)


def test_nothing_is_hidden_of_somebody_without_a_sensitive_disease():
    assert hidden(bill(1, MARCH), bill(2, JUNE), categories=(("C04", MARCH, None),)) == set()


def test_a_sensitive_bill_is_hidden_and_so_is_what_rests_on_it_that_year():
    bills = (bill(1, MARCH), bill(3, SEPTEMBER), bill(2, JUNE, sensitive=True), bill(4, NEXT_MARCH))
    assert hidden(*bills) == {2, 3}


def test_a_held_sensitive_bill_hides_itself_alone():
    assert hidden(bill(1, MARCH, sensitive=True, moves=False), bill(2, JUNE)) == {1}


def test_a_bill_of_a_day_on_which_mental_illness_is_registered_is_hidden():
    held = (("C07", JUNE, SEPTEMBER),)
    assert hidden(bill(1, MARCH), categories=held) == set()
    assert hidden(bill(2, JUNE), categories=held) == {2}
    assert hidden(bill(3, SEPTEMBER), categories=held) == set()


def test_what_cancels_a_hidden_bill_is_hidden():
    bills = (bill(1, MARCH, sensitive=True, moves=False), bill(2, JUNE, moves=False, cancels="B1"))
    assert hidden(*bills, bill(3, JUNE, moves=False, cancels="B9")) == {1, 2}


def test_bills_of_one_day_are_taken_in_replay_order():
    first = BillSeen(UUID(int=1), "B1", JUNE, None, True, True)
    second = BillSeen(UUID(int=2), "B2", JUNE, MARCH, False, True)
    assert hidden(second, first) == {1, 2}
    earlier = second._replace(bill_id="B0", admitted_on=None)
    assert hidden(earlier, first) == {1}
