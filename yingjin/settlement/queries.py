"""What other parts may ask of bills, in bulk. Pages ask `insight`, which applies the reader's scope."""

from collections import Counter
from datetime import date

from django.db.models import Count, F, Max, Sum
from django.db.models.functions import ExtractYear

from yingjin.settlement.domain.states import COUNTED, REPLAYED
from yingjin.settlement.models import Bill, SettledBill


def last_discharge_day() -> date | None:
    """Return the last discharge day of a counted bill: the day the data speak of by default.

    A bill with a mistyped year is held, its person not being enrolled then: it must not set the day.
    """
    return Bill.objects.filter(state=COUNTED).aggregate(last=Max("discharged_on"))["last"]


def bills_by_facility() -> Counter[str]:
    """Count the bills of each facility by its code."""
    rows = Bill.objects.values_list("facility_code").annotate(bills=Count("pk")).order_by()
    return Counter(dict(rows))


def replay_batches(size: int) -> int:
    """Return into how many batches of person-years the replay falls, for its progress."""
    years = (
        Bill.objects.filter(state__in=REPLAYED).values("person", year=ExtractYear("discharged_on")).distinct()
    )
    return -(-years.count() // size) + 1


def money_of_year(on: date) -> dict[str, int]:
    """Return the money of the counted bills discharged in the year of a day, up to it. Units: fen."""
    rows = SettledBill.objects.filter(
        replay__latest=True, held=False, bill__discharged_on__year=on.year, bill__discharged_on__lte=on
    )
    sums = rows.aggregate(
        total=Sum("bill__total_fen"),
        basic=Sum("basic_fen"),
        critical_illness=Sum("critical_illness_fen"),
        assistance=Sum("assistance_fen"),
        own=Sum("own_fen"),
        own_out_of_scope=Sum(F("bill__total_fen") - F("in_scope_fen")),
    )
    money = {name: int(value or 0) for name, value in sums.items()}
    money["own_in_scope"] = money.pop("own") - money["own_out_of_scope"]
    return money
