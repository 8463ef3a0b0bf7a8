"""One bill: how each yuan was divided, by which clause, from which facts, and whether that still holds."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.language import chosen
from yingjin.basics.prepared import prepared
from yingjin.care.files import disease_list
from yingjin.insight.domain.money_text import with_yuan
from yingjin.insight.queries.bill_basis import basis_of, level_zh
from yingjin.insight.queries.bill_rows import (
    SHOWN_STATES,
    bill_rows,
    computed,
    incomplete_years,
    reported,
)
from yingjin.insight.queries.books import book, book_of, layer_names
from yingjin.insight.queries.places import path_inside_county
from yingjin.insight.queries.reworking import same_now
from yingjin.insight.queries.shapes import BillPage, BillRow, PaidLine
from yingjin.insight.queries.sight import Sight, as_key, missing, sight_of
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.terms import Clause
from yingjin.policy.domain.year import replay_order
from yingjin.settlement.actions import facts_of
from yingjin.settlement.models import Bill, Explanation, SettledBill

BILL = ("账单", "bill")
Steps = list[dict[str, Any]]


def bill(reader: Any, bill_key: UUID | str) -> BillPage:
    """Return one bill with every step. Errors: NotFound, also for a bill that would tell of a hidden illness."""
    allow(reader, "read_bills")
    sight = sight_of(reader)
    one = _bill_for(sight, bill_key)
    settled = next(iter(_settled(one.key)), None)
    told = not sight.wordless(one.person_id, one.discharged_on)
    steps = _steps_of(settled) if told else []
    rulebook = (book_of(settled.rulebook_version) if settled else None) or book()
    of_year = _year_of(sight, one)
    own_fen = settled.own_fen if settled else one.reported_own_fen
    state, state_zh = SHOWN_STATES[one.state]
    lines = _lines(one, settled, steps, rulebook)
    before = [row.bill_key for row in of_year].index(str(one.key))
    return BillPage(
        bill_key=str(one.key),
        bill_id=one.bill_id,
        person_key=one.person_id,
        name=one.person.name,
        path=path_inside_county(one.region_code),
        facility_zh=one.facility_name,
        level_zh=level_zh(one.level),
        setting=one.setting,
        in_county=one.in_county,
        designated=one.designated,
        public=one.public,
        admitted_on=one.admitted_on,
        discharged_on=one.discharged_on,
        diagnosis_zh=_diagnosis_zh(one),
        total_fen=one.total_fen,
        out_of_scope_fen=one.out_of_scope_fen,
        in_scope_fen=one.total_fen - one.out_of_scope_fen,
        deductible_fen=settled.deductible_fen if settled else 0,
        lines=lines,
        own_payment_fen=own_fen,
        own_in_scope_fen=own_fen - one.out_of_scope_fen,
        own_reported_fen=one.reported_own_fen,
        state=state,
        state_zh=str(state_zh),
        incomplete_year=(one.person_id, one.discharged_on.year) in incomplete_years(sight, [one.person_id]),
        steps=steps,
        rulebook_version=settled.rulebook_version if settled else "",
        rulebook_title_zh=chosen(*rulebook.contents.title),
        basis=[] if sight.scope.facility_code else basis_of(sight, one, settled, steps),
        replay_version=settled.replay.version if settled else 0,
        replayed_at=settled.replay.replayed_at if settled else None,
        same_as_stored=settled is not None and (not told or same_now(settled, steps)),
        year_before=sum(row.state == "counted" for row in of_year[:before]),
        bills_of_year=of_year,
        doctor_zh=_doctor_zh(sight, one),
        as_json=_as_json(one, settled, steps, lines, state),
    )


def _bill_for(sight: Sight, key: UUID | str) -> Bill:
    one: Bill | None = next(iter(_bills(sight, as_key(key, *BILL))), None)
    if one is None or one.key in sight.hidden_bills_of([one.person_id]):
        raise missing(*BILL)
    return one


@prepared
def _bills(sight: Sight, key: UUID) -> QuerySet[Bill]:
    rows = sight.bills().filter(key=key).defer("person__identity_number", "person__phone")
    if sight.scope.facility_code:
        # The registers' files are the county's: a window sees none of them.
        return rows.select_related("person")
    return rows.select_related("person", "row__file").defer("row__payload", "row__reasons")


@prepared
def _settled(bill: UUID) -> QuerySet[SettledBill]:
    rows = SettledBill.objects.filter(bill=bill, replay__latest=True).order_by("pk")
    return rows.select_related("replay", "bill__person")


def _steps_of(settled: SettledBill | None) -> Steps:
    explained = next(iter(_explained([settled.pk])), None) if settled else None
    return list(explained.steps) if explained else []


@prepared
def _explained(settled: Collection[int]) -> QuerySet[Explanation]:
    return Explanation.objects.filter(settled__in=settled)


def _year_of(sight: Sight, one: Bill) -> list[BillRow]:
    """Return the bills of the person-year in replay order, as far as the reader may see them."""
    year, hidden = one.discharged_on.year, sight.hidden_bills_of([one.person_id])
    there = _discharged(sight, one.person_id, date(year, 1, 1), date(year, 12, 31))
    rows = [each for each in there if each.key not in hidden]
    return bill_rows(sorted(rows, key=lambda each: replay_order(facts_of(each))))


@prepared
def _discharged(sight: Sight, person: UUID, first: date, last: date) -> QuerySet[Bill]:
    return sight.bills().filter(person=person, discharged_on__range=(first, last)).defer("diagnosis")


def _lines(one: Bill, settled: SettledBill | None, steps: Steps, rulebook: Rulebook) -> list[PaidLine]:
    """Return every layer in the order in which they pay, those that pay nothing as well."""
    paid, said = computed(settled) if settled else reported(one), reported(one)
    labels = {each.layer: each.label_zh for each in layer_names()}
    taken = {step["layer"]: step for step in steps if "considered" in step}
    order = [*taken, *(each for each in labels if each not in taken)]
    return [
        PaidLine(
            layer=layer,
            label_zh=labels[layer],
            amount_fen=paid[layer],
            rate_bp=taken.get(layer, {}).get("rate_bp"),
            clause_id=taken.get(layer, {}).get("clause") or "",
            clause_zh=_clause_zh(taken.get(layer, {}).get("clause"), rulebook, one),
            reported_fen=said[layer],
        )
        for layer in order
    ]


def _clause_zh(clause_id: str | None, rulebook: Rulebook, one: Bill) -> str:
    if clause_id is None:
        return ""
    on = rulebook.reference_day(one.admitted_on, one.discharged_on)
    found = next((each for each in rulebook.contents.clauses if _in_force(each, clause_id, on)), None)
    return chosen(*found.title) if found else clause_id


def _in_force(clause: Clause, clause_id: str, on: Any) -> bool:
    return clause.id == clause_id and clause.valid.holds(on)


def _diagnosis_zh(one: Bill) -> str | None:
    if not one.diagnosis:
        return None
    name = disease_list().name_of(one.diagnosis)
    if not name:
        return str(one.diagnosis)
    return _("{name}（{code}）").format(name=name, code=one.diagnosis)


def _doctor_zh(sight: Sight, one: Bill) -> str:
    """Return the family doctor by the contract in force on the discharge day: whom the patient may ask."""
    on = one.discharged_on
    newest = next(iter(_signed(sight, one.person_id, on)), None)
    return _("家庭医生 {name}").format(name=newest.doctor) if newest else ""


@prepared
def _signed(sight: Sight, person: UUID, on: date) -> QuerySet[Any]:
    signed = sight.contracts().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), person=person, valid_from__lte=on
    )
    return signed.order_by("-valid_from", "-pk")


def _as_json(
    one: Bill, settled: SettledBill | None, steps: Steps, lines: Sequence[PaidLine], state: str
) -> dict[str, Any]:
    """Return the stored row with every step, amounts in yuan as text; no name and no identity number."""
    row = {
        "bill_id": one.bill_id,
        "key": str(one.key),
        "person": str(one.person_id),
        "state": state,
        "setting": one.setting,
        "level": one.level,
        "in_county": one.in_county,
        "designated": one.designated,
        "public": one.public,
        "admitted_on": one.admitted_on.isoformat() if one.admitted_on else None,
        "discharged_on": one.discharged_on.isoformat(),
        "total_fen": one.total_fen,
        "out_of_scope_fen": one.out_of_scope_fen,
        "reported_fen": {**reported(one), "own_payment": one.reported_own_fen},
        "settled": None,
        "steps": steps,
    }
    if settled is not None:
        row["settled"] = {
            "in_scope_fen": settled.in_scope_fen,
            "deductible_fen": settled.deductible_fen,
            "payments_fen": {line.layer: line.amount_fen for line in lines},
            "clauses": {line.layer: line.clause_id or None for line in lines},
            "own_payment_fen": settled.own_fen,
            "held": settled.held,
            "rulebook_version": settled.rulebook_version,
            "replay_version": settled.replay.version,
            "replayed_at": settled.replay.replayed_at.isoformat(),
        }
    result: dict[str, Any] = with_yuan(row)
    return result
