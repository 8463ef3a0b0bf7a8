"""Number the bills, cancel some of them, and settle some of those again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from yingjin.jobs.county.assumptions import Home, assumed
from yingjin.jobs.county.people import CANCELLED, CANCELLING, COUNTED, Bill
from yingjin.jobs.county.streams import stream

BILLS_A_COUNTY = 1_000_000


def number_bills(seed: int, bills: Sequence[Bill], home: Home) -> list[Bill]:
    """Give every bill its setl_id by day of settlement, after cancelling some; return them in that order.

    A cancelled bill gets a cancelling one, and mostly a third that settles the stay again.
    """
    chance = stream(seed, "settlement numbers")
    rules = assumed()["stays"]
    last_day: date = assumed()["last_day"]
    dated: list[tuple[date, Bill]] = []
    cancelling: list[tuple[Bill, Bill]] = []
    for bill in bills:
        dated.append((bill.discharged_on, bill))
        may = bill.state == COUNTED and bill.inpatient and bill.discharged_on < last_day - timedelta(days=40)
        if may and chance.random() < rules["cancelled"]:
            later = bill.discharged_on + timedelta(days=chance.randrange(1, 30))
            if chance.random() < rules["settled_again"]:
                dated.append((later, replace(bill)))
            bill.state = CANCELLED
            back = replace(bill, state=CANCELLING)
            dated.append((later, back))
            cancelling.append((bill, back))
    dated.sort(key=lambda pair: pair[0])
    assert len(dated) < BILLS_A_COUNTY, "the next county's numbers begin there"
    for position, (on, bill) in enumerate(dated, home.position * BILLS_A_COUNTY + 1):
        bill.number = f"{on:%Y%m%d}{position:07}"
    for bill, back in cancelling:
        back.cancels = bill.number
    _disagree_on_grade(seed, [bill for _, bill in dated])
    return [bill for _, bill in dated]


def settled_on(bill: Bill) -> date:
    """Return the day a bill was settled, which its number begins with."""
    return date(int(bill.number[:4]), int(bill.number[4:6]), int(bill.number[6:8]))


def _disagree_on_grade(seed: int, bills: Sequence[Bill]) -> None:
    """Let some bills carry a hospital grade that the facility list does not bear out."""
    chance = stream(seed, "hospital grades")
    share = assumed()["stays"]["level_disagrees"]
    for bill in bills:
        if chance.random() < share:
            bill.hosp_lv = "02" if bill.hosp_lv in ("05", "06", "07", "08", "11") else "08"
