"""Work a stored year out again now, so that a page can say whether what is stored still holds."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yingjin.basics import row_security
from yingjin.basics.prepared import prepared
from yingjin.insight.queries.books import book_of
from yingjin.policy.domain.facts import CategoryHeld as Held
from yingjin.policy.domain.facts import Outcome, PersonFacts
from yingjin.policy.domain.refusals import AfterRulebook, BeforeRulebook, UnknownLevel
from yingjin.policy.domain.year import settle_year
from yingjin.registry.models import CategoryHeld
from yingjin.settlement.actions import facts_of
from yingjin.settlement.domain.states import REPLAYED
from yingjin.settlement.models import Bill, SettledBill


def same_now(settled: SettledBill, steps: Sequence[dict[str, Any]]) -> bool:
    """Say whether working a bill's whole year out now, from all facts and the rulebook as shipped, gives what is stored.

    The reader need not see all those facts: the answer is one word.
    """
    outcome = _outcome_now(settled.bill, settled.rulebook_version)
    if outcome is None:
        return False
    stored = (
        settled.in_scope_fen,
        settled.deductible_fen,
        settled.own_fen,
        settled.rulebook_version,
        {layer: getattr(settled, f"{layer}_fen") for layer in outcome.payments},
    )
    now = (
        outcome.in_scope_fen,
        outcome.deductible_fen,
        outcome.own_payment_fen,
        outcome.rulebook_version,
        outcome.payments,
    )
    return stored == now and json.loads(json.dumps(outcome.steps)) == list(steps)


def _outcome_now(bill: Bill, version: str) -> Outcome | None:
    book = book_of(version)
    if book is None:
        return None
    with row_security.widened():  # every bill of the year counts, whoever treated
        held = _held(bill.person_id)
        year = bill.discharged_on.year
        bills = [facts_of(each) for each in _of_year(bill.person_id, date(year, 1, 1), date(year, 12, 31))]
    person = PersonFacts(str(bill.person_id), bill.person.born_on, tuple(Held(*each) for each in held))
    try:
        outcomes = settle_year(person, bills, book, explain=True)
    except (BeforeRulebook, AfterRulebook, UnknownLevel):
        return None  # the rulebook as it is now has no answer, which is a difference too
    return next((each for each in outcomes if each.bill_id == bill.bill_id), None)


@prepared
def _held(person: UUID) -> QuerySet[Any]:
    return CategoryHeld.objects.filter(person=person).values_list("category", "valid_from", "valid_to")


@prepared
def _of_year(person: UUID, first: date, last: date) -> QuerySet[Bill]:
    replayed = Bill.objects.filter(person=person, discharged_on__range=(first, last), state__in=REPLAYED)
    return replayed.defer("diagnosis")
