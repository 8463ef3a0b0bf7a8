"""What other parts may ask of bills, in bulk. Pages ask `insight`, which applies the reader's scope."""

from datetime import date

from django.db.models import Max
from django.db.models.functions import ExtractYear

from yingjin.settlement.domain.states import COUNTED, REPLAYED
from yingjin.settlement.models import Bill


def last_discharge_day() -> date | None:
    """Return the last discharge day of a counted bill: the day the data speak of by default."""
    return Bill.objects.filter(state=COUNTED).aggregate(last=Max("discharged_on"))["last"]


def replay_batches(size: int) -> int:
    """Return into how many batches of person-years the replay falls, for its progress."""
    years = (
        Bill.objects.filter(state__in=REPLAYED).values("person", year=ExtractYear("discharged_on")).distinct()
    )
    return -(-years.count() // size) + 1
