"""Held bills: which wait for a decision, what was proposed, what was decided."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from yingjin.basics.access import allow
from yingjin.insight.queries.bill_rows import SHOWN_STATES
from yingjin.insight.queries.shapes import HeldPage, HeldRow
from yingjin.insight.queries.sight import Sight, missing, sight_of
from yingjin.registry.queries.workers import names_of
from yingjin.settlement.domain.states import CONFIRMED, COUNTED, HELD, PROPOSED
from yingjin.settlement.models import Bill, HeldDecision

SIZE = 30
WAITING, OFFERED, DECIDED = "waiting", "proposed", "decided"
KINDS = (OFFERED, WAITING, DECIDED)
LIVE = (PROPOSED, CONFIRMED)


def held_bills(reader: Any, kind: str, page: int = 1) -> HeldPage:
    """Return held bills of one kind a page at a time: proposed, waiting for anybody, or decided."""
    allow(reader, "decide_held_bill")
    sight = sight_of(reader)
    lists = {each: _bills(sight, each) for each in KINDS}
    counts = {each: rows.count() for each, rows in lists.items()}
    pages = max(1, -(-counts[kind] // SIZE))
    page = max(1, min(page, pages))
    rows = lists[kind].select_related("person").order_by("-discharged_on", "bill_id")
    return HeldPage(kind, counts, counts[kind], page, pages, _rows(rows[(page - 1) * SIZE : page * SIZE]))


def held_bill(reader: Any, key: Any) -> HeldRow:
    """Return one bill with its decision. Errors: NotFound, the same for what is not there and for what may not be seen."""
    allow(reader, "decide_held_bill")
    sight = sight_of(reader)
    rows = [bill for kind in KINDS for bill in _bills(sight, kind).filter(pk=key).select_related("person")]
    if not rows:
        raise missing("账单", "bill")
    return _rows(rows[:1])[0]


def bill_of_decision(reader: Any, decision: int) -> HeldRow:
    """Return the bill a decision is about. Errors: NotFound."""
    one = HeldDecision.objects.filter(pk=decision).values_list("bill_id", flat=True).first()
    return held_bill(reader, one)


def _bills(sight: Sight, kind: str) -> QuerySet[Bill]:
    seen = sight.bills()
    if kind == DECIDED:
        return sight.seen_among(seen.filter(pk__in=_decided(CONFIRMED)))
    held = sight.seen_among(seen.exclude(state=COUNTED).filter(state__in=HELD))
    offered = Q(pk__in=_decided(PROPOSED))
    return held.filter(offered) if kind == OFFERED else held.exclude(offered)


def _decided(state: str) -> QuerySet[Any]:
    return HeldDecision.objects.filter(state=state).values("bill")


def _rows(bills: Sequence[Bill]) -> list[HeldRow]:
    decisions = {
        each.bill_id: each for each in HeldDecision.objects.filter(bill__in=list(bills), state__in=LIVE)
    }
    names = names_of({name for each in decisions.values() for name in (each.proposed_by, each.decided_by)})
    return [_row(bill, decisions.get(bill.pk), names) for bill in bills]


def _row(bill: Bill, decision: HeldDecision | None, names: dict[str, str]) -> HeldRow:
    facts: dict[str, Any] = {}
    if decision is not None:
        facts = {
            "decision": decision.pk,
            "verdict": decision.verdict,
            "state": decision.state,
            "reason": decision.reason,
            "proposed_by": names.get(decision.proposed_by, decision.proposed_by),
            "mine": decision.proposed_by,
            "proposed_at": decision.proposed_at,
            "decided_by": names.get(decision.decided_by, decision.decided_by),
            "decided_at": decision.decided_at,
        }
    return HeldRow(
        bill_key=bill.pk,
        bill_id=bill.bill_id,
        person_key=bill.person_id,
        name=bill.person.name,
        facility=bill.facility_name,
        discharged_on=bill.discharged_on,
        total_fen=bill.total_fen,
        why=str(SHOWN_STATES[decision.held_as if decision else bill.state][1]),
        **facts,
    )
