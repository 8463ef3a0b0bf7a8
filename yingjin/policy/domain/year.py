"""Work out a person's year of bills in replay order, with the reasons when asked for."""

from collections.abc import Iterable
from datetime import date

from yingjin.policy.domain.compiling import Decision, Rulebook, Version
from yingjin.policy.domain.explaining import explain_bill
from yingjin.policy.domain.facts import BillFacts, Outcome, PersonFacts, Step
from yingjin.policy.domain.paying import LayerWork, pay_layers


def replay_order(bill: BillFacts) -> tuple[date, date, str]:
    """Return what bills of a year are sorted by: discharge day, admission day (none first), bill id as text."""
    return bill.discharged_on, bill.admitted_on or date.min, bill.bill_id


def settle_year(
    person: PersonFacts, bills: Iterable[BillFacts], book: Rulebook, explain: bool = False
) -> list[Outcome]:
    """Return what each bill of one person and calendar year of discharge is due, in replay order.

    Accumulators start at nothing and run on through a change of clauses; a held bill reads them and moves none.

    Units: fen. Errors: BeforeRulebook, AfterRulebook, UnknownLevel.
    Source: the rulebook's clauses; P02, P16, P20.
    """
    ordered = sorted(bills, key=replay_order)
    assert not ordered or ordered[0].discharged_on.year == ordered[-1].discharged_on.year, (
        "bills of two years"
    )
    entered_fen, paid_fen = [0] * len(book.layers), [0] * len(book.layers)
    outcomes = []
    for bill in ordered:
        on = book.reference_day(bill.admitted_on, bill.discharged_on)
        version = book.version_on(on)
        decision = version.decide(person, bill, on)
        in_scope_fen = bill.total_fen - bill.out_of_scope_fen
        works = pay_layers(decision.plans, in_scope_fen, entered_fen)
        steps: tuple[Step, ...] = ()
        if explain:
            steps = explain_bill(person, bill, on, version, decision, works, paid_fen)
        outcomes.append(_outcome(bill, in_scope_fen, version, decision, works, steps))
        if bill.moves:
            for work in works:
                entered_fen[work.plan.place] += work.left_fen
                paid_fen[work.plan.place] += work.paid_fen
    return outcomes


def _outcome(
    bill: BillFacts,
    in_scope_fen: int,
    version: Version,
    decision: Decision,
    works: list[LayerWork],
    steps: tuple[Step, ...],
) -> Outcome:
    if decision.gate is not None:
        nothing: dict[str, int] = dict.fromkeys(version.order, 0)
        none: dict[str, str | None] = dict.fromkeys(version.order)
        return Outcome(bill.bill_id, in_scope_fen, 0, nothing, bill.total_fen, none, version.label, steps)
    payments, clauses, deductible_fen, own_fen = {}, {}, 0, bill.total_fen
    for plan, left_fen, base_fen, _, taken, _, paid_fen in works:
        payments[plan.layer] = paid_fen
        clauses[plan.layer] = taken.clause.id if taken else None
        own_fen -= paid_fen
        if plan.deductible_fen:
            deductible_fen += left_fen - base_fen
    return Outcome(
        bill.bill_id, in_scope_fen, deductible_fen, payments, own_fen, clauses, version.label, steps
    )
