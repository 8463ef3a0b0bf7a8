"""A trial settlement: what a bill would be, worked out on the person's year so far. Nothing of it is kept.

* QuoteFacts    what is known of the bill
* Quote         what everybody would pay, with the steps
* quote         work it out
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from yingjin.basics import row_security
from yingjin.basics.access import allow
from yingjin.basics.errors import BadInput
from yingjin.basics.language import chosen
from yingjin.basics.money import yuan
from yingjin.insight.domain.sensitive import SENSITIVE_CATEGORIES
from yingjin.insight.queries.books import book, layer_names
from yingjin.insight.queries.shapes import PaidLine
from yingjin.insight.queries.sight import INPATIENT, Sight, found, missing, sight_of
from yingjin.insight.queries.window import PERSON, WindowPerson, window_person
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.facts import BillFacts, Outcome, PersonFacts
from yingjin.policy.domain.facts import CategoryHeld as Held
from yingjin.policy.domain.year import settle_year
from yingjin.registry.models import CategoryHeld, Facility, Person
from yingjin.settlement.actions import facts_of
from yingjin.settlement.domain.states import REPLAYED
from yingjin.settlement.models import Bill

OUTPATIENT = "outpatient"
SETTINGS = (INPATIENT, OUTPATIENT)
COUNTY_DIGITS = 6
LAST_OF_ITS_DAY = "\U0010ffff"  # a bill's id by which it comes after the others of its day


@dataclass(frozen=True)
class QuoteFacts:
    """What is known of a bill before it is one. Units: fen. A window's facility is its own, whatever stands here."""

    setting: str
    discharged_on: date
    total_fen: int
    out_of_scope_fen: int = 0
    admitted_on: date | None = None
    facility_code: str = ""


@dataclass(frozen=True)
class Quote:
    """What a bill would be. `told` is False where the steps would name an illness the reader may not know of."""

    person: WindowPerson
    facts: QuoteFacts
    facility: Facility
    in_county: bool
    outcome: Outcome
    told: bool
    enrolled: bool
    bills_before: int
    lines: Sequence[PaidLine]
    rulebook_title_zh: str
    rulebook_version: str


class BadQuote(BadInput):
    """Facts that cannot be those of one bill."""

    code = "bad_quote"


def quote(reader: Any, person_key: UUID | str, facts: QuoteFacts) -> Quote:
    """Work a bill out on the person's year so far, the bills of every facility counted.

    Errors: NotFound for a person the reader may not see and a facility that is not there; BadQuote; BadInput for
    a day or a level the rulebook does not know.
    """
    allow(reader, "quote")
    sight = sight_of(reader)
    _check(facts)
    person = window_person(reader, facts.discharged_on, person_key)
    facility = _facility(sight, facts)
    one: Person = found(sight.persons(), *PERSON, key=person.person_key)
    in_county = bool(one.region_code) and facility.county_code == one.region_code[:COUNTY_DIGITS]
    asked = BillFacts(
        bill_id=LAST_OF_ITS_DAY,
        setting=facts.setting,
        level=facility.level,
        in_county=in_county,
        designated=facility.designated,
        public=facility.public,
        admitted_on=facts.admitted_on,
        discharged_on=facts.discharged_on,
        total_fen=facts.total_fen,
        out_of_scope_fen=facts.out_of_scope_fen,
        moves=person.enrolled,
    )
    rulebook = book()
    outcome, before = _worked_out(one, asked, rulebook)
    told = _may_be_told(sight, one, facts.discharged_on)
    return Quote(
        person=person,
        facts=facts,
        facility=facility,
        in_county=in_county,
        outcome=outcome if told else outcome._replace(steps=(), clauses=dict.fromkeys(outcome.clauses)),
        told=told,
        enrolled=person.enrolled,
        bills_before=before,
        lines=_lines(outcome, rulebook, asked, told=told),
        rulebook_title_zh=chosen(*rulebook.contents.title),
        rulebook_version=outcome.rulebook_version,
    )


def _check(facts: QuoteFacts) -> None:
    """See that the facts can be those of one bill. Errors: BadQuote with the field."""
    if facts.setting not in SETTINGS:
        raise BadQuote(
            f"就诊类型“{facts.setting}”不认识。选住院或门诊。",
            f"Setting “{facts.setting}” is not known. Choose inpatient or outpatient.",
            field="setting",
        )
    if facts.total_fen <= 0:
        raise BadQuote(
            f"总费用 {yuan(facts.total_fen)} 不是一笔费用。写大于 0 的金额。",
            f"A total of {yuan(facts.total_fen)} is no cost. Write an amount above 0.",
            field="total",
        )
    if not 0 <= facts.out_of_scope_fen <= facts.total_fen:
        raise BadQuote(
            f"目录外 {yuan(facts.out_of_scope_fen)} 比总费用 {yuan(facts.total_fen)} 还多，或小于 0。核对后改一个。",
            f"Out of scope {yuan(facts.out_of_scope_fen)} is more than the total {yuan(facts.total_fen)}, or below 0. "
            "Correct one of them.",
            field="out_of_scope",
        )
    if facts.setting == INPATIENT and facts.admitted_on is None:
        raise BadQuote("住院要写入院日期。", "A stay needs its admission day.", field="admitted_on")
    if facts.admitted_on is not None and facts.admitted_on > facts.discharged_on:
        raise BadQuote(
            f"入院 {facts.admitted_on} 晚于出院 {facts.discharged_on}。改正其中一个。",
            f"Admission {facts.admitted_on} is after discharge {facts.discharged_on}. Correct one of them.",
            field="admitted_on",
        )


def _facility(sight: Sight, facts: QuoteFacts) -> Facility:
    code = sight.scope.facility_code or facts.facility_code
    facility = Facility.objects.filter(code=code, withdrawn=False).first()
    if facility is None:
        raise missing("机构", "facility")
    return facility


def _worked_out(person: Person, asked: BillFacts, rulebook: Rulebook) -> tuple[Outcome, int]:
    """Return what comes out, and how many counted bills of the year it was worked out after."""
    with row_security.widened():  # every bill of the year counts, whoever treated
        held = list(
            CategoryHeld.objects.filter(person=person).values_list("category", "valid_from", "valid_to")
        )
        bills = list(
            Bill.objects.filter(
                person=person,
                state__in=REPLAYED,
                discharged_on__year=asked.discharged_on.year,
                discharged_on__lte=asked.discharged_on,
            )
        )
    facts = PersonFacts(str(person.key), person.born_on, tuple(Held(*each) for each in held))
    outcomes = settle_year(facts, [*(facts_of(bill) for bill in bills), asked], rulebook, explain=True)
    outcome = next(each for each in outcomes if each.bill_id == asked.bill_id)
    return outcome, sum(facts_of(bill).moves for bill in bills)


def _may_be_told(sight: Sight, person: Person, on: date) -> bool:
    """Say whether the steps may be shown: at a window unless a category names an illness; elsewhere unless a bill does."""
    if sight.scope.sees_sensitive:
        return True
    if sight.scope.facility_code:
        return not sight.wordless(person.key, on)
    with row_security.widened():
        hidden = sight.hidden_bills_of([person.key])
        named = CategoryHeld.objects.filter(person=person, category__in=SENSITIVE_CATEGORIES).exists()
        return not named and not Bill.objects.filter(pk__in=hidden, discharged_on__year=on.year).exists()


def _lines(outcome: Outcome, rulebook: Rulebook, asked: BillFacts, *, told: bool) -> list[PaidLine]:
    """Return every layer in the order in which they pay, those that pay nothing as well."""
    labels = {each.layer: each.label_zh for each in layer_names()}
    taken = {step["layer"]: step for step in outcome.steps if "considered" in step}
    on = rulebook.reference_day(asked.admitted_on, asked.discharged_on)
    titles = {each.id: chosen(*each.title) for each in rulebook.contents.clauses if each.valid.holds(on)}
    return [
        PaidLine(
            layer=layer,
            label_zh=labels[layer],
            amount_fen=outcome.payments[layer],
            rate_bp=taken.get(layer, {}).get("rate_bp") if told else None,
            clause_id=(outcome.clauses[layer] or "") if told else "",
            clause_zh=titles.get(outcome.clauses[layer] or "", "") if told else "",
            reported_fen=None,
        )
        for layer in [*taken, *(each for each in labels if each not in taken)]
    ]
