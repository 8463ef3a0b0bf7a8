"""The patient's slip: what one bill comes to, who pays what, and whom to ask."""

from datetime import date
from typing import Any

from yingjin.basics.errors import Conflict
from yingjin.basics.money import yuan
from yingjin.insight.queries import BillPage
from yingjin.insight.queries.shapes import PaidLine
from yingjin.settlement.domain.states import COUNTED

INPATIENT = "inpatient"


class NoSlip(Conflict):
    """A bill that was never worked out has no slip."""

    code = "no_slip"


def slip(page: BillPage, *, large: bool) -> dict[str, Any]:
    """Return the data of the slip of a bill.

    Errors: NoSlip when nothing was worked out.
    """
    if not page.replay_version:
        raise NoSlip(
            f"这张账单没有结算单：{page.state_zh}。",
            f"This bill has no slip: it was not worked out ({page.state}).",
            bill=page.bill_key,
        )
    short = {line.layer: missing(line) for line in page.lines} if page.state == COUNTED else {}
    stay = page.setting == INPATIENT and page.admitted_on is not None
    return {
        "title": page.bill_id,
        "made_on": (page.replayed_at.date() if page.replayed_at else page.discharged_on).isoformat(),
        "large": large,
        "name": page.name,
        "facility": page.facility_zh,
        "inpatient": page.setting == INPATIENT,
        "admitted_on": page.admitted_on.isoformat() if stay and page.admitted_on else "",
        "discharged_on": page.discharged_on.isoformat(),
        "days": days_between(page.admitted_on, page.discharged_on) if stay else 0,
        "total": yuan(page.total_fen),
        "lines": [
            {
                "layer": line.layer,
                "label": line.label_zh,
                "amount": yuan(line.amount_fen),
                "reported": yuan(line.reported_fen or 0) if short.get(line.layer) else "",
            }
            for line in page.lines
        ],
        "own": yuan(page.own_payment_fen),
        "own_nothing": page.own_payment_fen == 0,
        "out_of_scope": yuan(page.out_of_scope_fen) if page.out_of_scope_fen else "",
        "own_in_scope": yuan(page.own_in_scope_fen) if page.own_in_scope_fen else "",
        "short": yuan(sum(short.values())) if any(short.values()) else "",
        "not_counted": "" if page.state == COUNTED else page.state_zh,
        "doctor": page.doctor_zh,
        "number": page.bill_id,
        "rulebook": page.rulebook_title_zh,
    }


def missing(line: PaidLine) -> int:
    """Return how much less a payer was reported to pay than it should."""
    return 0 if line.reported_fen is None else max(0, line.amount_fen - line.reported_fen)


def days_between(admitted_on: date | None, discharged_on: date) -> int:
    """Return how many days a stay lasted."""
    return (discharged_on - admitted_on).days if admitted_on else 0
