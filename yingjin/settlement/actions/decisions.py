"""Decide about a held bill: one person proposes with a reason, a second confirms or declines."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.work.asking import ask
from yingjin.settlement.domain.states import (
    CONFIRMED,
    DECLINED,
    HELD,
    PROPOSED,
    REJECT,
    RELEASE,
    WITHDRAWN,
    decided_state,
)
from yingjin.settlement.errors import DecisionGone, NoReason, NotHeld, SamePerson
from yingjin.settlement.models import Bill, HeldDecision

REASON_MOST = 500
REPLAY_PERSON = "replay_person"


@transaction.atomic
def propose_decision(*, bill: UUID, verdict: str, reason: str, by: Any, at: datetime) -> HeldDecision:
    """Propose to release a held bill or to reject it, with a reason; nothing changes until somebody else confirms.

    Errors: NotAllowed, NotHeld, NoReason. Whether the bill may be seen is the caller's to check.
    """
    allow(by, "decide_held_bill")
    assert verdict in (RELEASE, REJECT), verdict
    reason = reason.strip()
    if not 2 <= len(reason) <= REASON_MOST:
        raise NoReason(
            f"写明理由，2 到 {REASON_MOST} 个字，现在是 {len(reason)} 个。",
            f"Give a reason of 2 to {REASON_MOST} characters; this has {len(reason)}.",
        )
    held = Bill.objects.select_for_update().filter(pk=bill, state__in=HELD).first()
    if held is None or held.decisions.filter(state__in=(PROPOSED, CONFIRMED)).exists():
        raise NotHeld(
            "这张账单已经不在暂不计之列，或者有人已提出处理。重新打开名单再看。",
            "This bill is held no longer, or somebody proposed a decision already. Open the list again.",
        )
    decision = HeldDecision.objects.create(
        bill=held, verdict=verdict, held_as=held.state, reason=reason, state=PROPOSED,
        proposed_by=by.username, proposed_at=at,
    )  # fmt: skip
    record("held_bill_proposed", target=f"bill:{bill}", by=by, at=at, verdict=verdict)
    return decision


@transaction.atomic
def confirm_decision(*, decision: int, by: Any, at: datetime) -> HeldDecision:
    """Confirm what another person proposed: the bill counts or stays out, and its person's years are worked out again.

    Errors: NotAllowed, DecisionGone, SamePerson, NotHeld.
    """
    allow(by, "decide_held_bill")
    waiting = _waiting(decision)
    if waiting.proposed_by == by.username:
        raise SamePerson
    bill = Bill.objects.select_for_update().get(pk=waiting.bill_id)
    if bill.state not in HELD:
        raise NotHeld(
            "提出以后登记册改了，这张账单已经不用处理。请提出的人撤回。",
            "The registers have changed since, and the bill is held no longer. The proposal can be withdrawn.",
        )
    _decide(waiting, CONFIRMED, by, at)
    bill.state = decided_state(bill.state, waiting.verdict)
    bill.save(update_fields=["state"])
    ask(REPLAY_PERSON, by=by, at=at, lane="county", about=f"bill:{bill.pk}", person=str(bill.person_id))
    record("held_bill_confirmed", target=f"bill:{bill.pk}", by=by, at=at, verdict=waiting.verdict)
    return waiting


@transaction.atomic
def decline_decision(*, decision: int, by: Any, at: datetime) -> HeldDecision:
    """Decline what another person proposed: the bill stays held. Errors: NotAllowed, DecisionGone, SamePerson."""
    allow(by, "decide_held_bill")
    waiting = _waiting(decision)
    if waiting.proposed_by == by.username:
        raise SamePerson
    _decide(waiting, DECLINED, by, at)
    record("held_bill_declined", target=f"bill:{waiting.bill_id}", by=by, at=at, verdict=waiting.verdict)
    return waiting


@transaction.atomic
def withdraw_decision(*, decision: int, by: Any, at: datetime) -> HeldDecision:
    """Take back one's own proposal before anybody confirmed it. Errors: NotAllowed, DecisionGone."""
    allow(by, "decide_held_bill")
    waiting = _waiting(decision)
    if waiting.proposed_by != by.username:
        raise DecisionGone(
            f"这是 {waiting.proposed_by} 提出的，只能由本人撤回。您可以不同意。",
            f"{waiting.proposed_by} proposed this and alone can withdraw it. You may decline.",
        )
    _decide(waiting, WITHDRAWN, by, at)
    record("held_bill_withdrawn", target=f"bill:{waiting.bill_id}", by=by, at=at, verdict=waiting.verdict)
    return waiting


def _waiting(decision: int) -> HeldDecision:
    """Return a decision that waits for its second person, locked. Errors: DecisionGone."""
    found = HeldDecision.objects.select_for_update().filter(pk=decision).first()
    if found is None or found.state != PROPOSED:
        who = found.decided_by if found else ""
        raise DecisionGone(
            f"这件事已经由 {who} 办了。重新打开名单再看。" if who else "没有这件事。重新打开名单再看。",
            f"{who} has decided this already. Open the list again." if who else "There is no such proposal.",
        )
    return found


def _decide(waiting: HeldDecision, state: str, by: Any, at: datetime) -> None:
    waiting.state, waiting.decided_by, waiting.decided_at = state, by.username, at
    waiting.save(update_fields=["state", "decided_by", "decided_at"])
