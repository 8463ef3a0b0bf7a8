"""Say why: every step of a bill with its clause, inputs, rate, accumulators and rounding.

Read in order the steps give the bill's row again; docs/generated/explain.schema.json says what each holds.
"""

from datetime import date
from typing import Any

from yingjin.basics.days import age_on
from yingjin.basics.money import share
from yingjin.policy.domain.compiling import Candidate, Decision, Version
from yingjin.policy.domain.facts import BillFacts, PersonFacts, Step
from yingjin.policy.domain.paying import LayerWork, paid_part
from yingjin.policy.domain.terms import Clause


def explain_bill(
    person: PersonFacts,
    bill: BillFacts,
    on: date,
    version: Version,
    decision: Decision,
    works: list[LayerWork],
    paid_before_fen: list[int],
) -> tuple[Step, ...]:
    """Return the steps of one bill, in order. Units: fen, bp.

    `paid_before_fen` is what each layer paid earlier in the year: shown, but no clause asks for it.
    """
    steps = [_in_scope(bill), _counted(person, bill, on, version, decision)]
    for work in works:
        if work.plan.deductible_clause is not None:
            steps.append(_deductible(work, work.plan.deductible_clause, version))
        steps.append(_layer(work, bill.moves, paid_before_fen[work.plan.place], version))
    steps.append(_own_payment(bill, works))
    return tuple(steps)


def _step(kind: str, inputs: dict[str, Any], result_fen: int | None, **more: Any) -> Step:
    return {
        "kind": kind,
        "clause": None,
        "clause_from": None,
        "citation": None,
        "readings": {},
        "inputs": inputs,
        "result_fen": result_fen,
    } | more


def _in_scope(bill: BillFacts) -> Step:
    inputs = {"total_fen": bill.total_fen, "out_of_scope_fen": bill.out_of_scope_fen}
    return _step("in_scope", inputs, bill.total_fen - bill.out_of_scope_fen)


def _counted(person: PersonFacts, bill: BillFacts, on: date, version: Version, decision: Decision) -> Step:
    gate = decision.gate
    inputs = {
        "reference_day": on.isoformat(),
        "age_years": age_on(person.born_on, on) if person.born_on else None,
        "categories": list(decision.held),
        "setting": bill.setting,
        "level": bill.level,
        "in_county": bill.in_county,
        "designated": bill.designated,
        "public": bill.public,
        "moves": bill.moves,
    }
    return _step(
        "counted",
        inputs,
        None,
        readings=version.readings_of_gate(gate),
        counted=gate is None,
        gate=gate.id if gate else None,
        why_zh=gate.text.zh if gate else None,
        why_en=gate.text.en if gate else None,
    )


def _deductible(work: LayerWork, clause: Clause, version: Version) -> Step:
    inputs = {"left_fen": work.left_fen, "deductible_fen": work.plan.deductible_fen}
    return _step(
        "deductible",
        inputs,
        work.left_fen - work.base_fen,
        layer=work.plan.layer,
        **_cited(clause),
        readings=version.deductible_readings[clause.id],
    )


def _layer(work: LayerWork, moves: bool, paid_before_fen: int, version: Version) -> Step:
    """Return the step of one layer: its kind says how the part was found, and so how to replay it."""
    taken = work.taken
    entered = version.accumulator_of[work.plan.layer]
    step = _step(
        _kind(taken),
        {"left_fen": work.left_fen, "base_fen": work.base_fen},
        work.paid_fen,
        layer=work.plan.layer,
        rate_bp=taken.rate_bp if taken else None,
        considered=[_considered(each, work) for each in work.plan.candidates],
        accumulators=[_moved(f"paid_{work.plan.layer}", paid_before_fen, work.paid_fen, moves)],
        rounding=None,
    )
    if entered is not None:
        step["accumulators"].insert(0, _moved(entered, work.before_fen, work.left_fen, moves))
    if taken is None:
        return step
    step |= _cited(taken.clause)
    step["readings"] = version.readings[taken.clause.id]
    step["rounding"] = {"mode": "half_up", "exact_fen_x10000": work.part_fen * taken.rate_bp}
    if taken.rate_from is not None:
        step["rate_from"] = taken.rate_from
    if taken.threshold_fen is not None:
        step["inputs"] |= {
            "stacked_before_fen": work.before_fen if taken.stacked else 0,
            "threshold_fen": taken.threshold_fen,
            "part_fen": work.part_fen,
        }
    return step


def _cited(clause: Clause) -> dict[str, str]:
    """Return how a step cites a clause: its number, the first day of its wording, where it stands."""
    return {
        "clause": clause.id,
        "clause_from": clause.valid.valid_from.isoformat(),
        "citation": clause.citation.zh,
    }


def _kind(taken: Candidate | None) -> str:
    """Name what the clause does: nothing, a rate on the base, on the part above, or on the whole once above."""
    if taken is None:
        return "no_clause"
    if taken.threshold_fen is None:
        return "rate"
    return "rate_of_whole" if taken.whole else "rate_above"


def _considered(candidate: Candidate, work: LayerWork) -> dict[str, Any]:
    part_fen = paid_part(candidate, work.base_fen, work.before_fen)
    return {
        "clause": candidate.clause.id,
        "clause_from": candidate.clause.valid.valid_from.isoformat(),
        "rate_bp": candidate.rate_bp,
        "threshold_fen": candidate.threshold_fen,
        "result_fen": share(part_fen, candidate.rate_bp),
    }


def _moved(name: str, before_fen: int, own_fen: int, moves: bool) -> dict[str, Any]:
    return {
        "name": name,
        "before_fen": before_fen,
        "after_fen": before_fen + own_fen if moves else before_fen,
    }


def _own_payment(bill: BillFacts, works: list[LayerWork]) -> Step:
    payments = {work.plan.layer: work.paid_fen for work in works}
    own_fen = bill.total_fen - sum(payments.values())
    inputs = {
        "total_fen": bill.total_fen,
        "payments_fen": payments,
        "in_scope_own_fen": own_fen - bill.out_of_scope_fen,
        "out_of_scope_fen": bill.out_of_scope_fen,
    }
    return _step("own_payment", inputs, own_fen)
