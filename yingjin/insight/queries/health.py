"""What the health register and the insurer know of one person: conditions, contracts, enrolments."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yingjin.basics.days import Interval
from yingjin.basics.language import chosen
from yingjin.basics.prepared import prepared
from yingjin.care.models import Treatment
from yingjin.fusion.formats import value_lists
from yingjin.fusion.models import RegisterState
from yingjin.gaps.domain.rules import TREATED
from yingjin.insight.queries.categories import disease_name
from yingjin.insight.queries.provenance import first_upper, register_zh
from yingjin.insight.queries.shapes import ConditionRow, ContractRow, EnrolmentRow
from yingjin.insight.queries.sight import INPATIENT, Sight
from yingjin.insight.queries.standing import Standing
from yingjin.registry.domain.changes import WORK_INSURED
from yingjin.registry.models import Person, PersonChange
from yingjin.settlement.domain.states import REPLAYED
from yingjin.settlement.models import Bill, Enrolment

INSURANCE, HEALTH = "insurance", "health"


def condition_rows(
    sight: Sight, key: UUID, standing: Standing, treatments: Sequence[Treatment], bills: Sequence[Bill]
) -> list[ConditionRow]:
    """Return the conditions of one person, the newest first, with how the treatment of each stands."""
    rows = sorted(_conditions(sight, key), key=lambda each: each.icd_code)
    newest = sorted(rows, key=lambda each: each.confirmed_on, reverse=True)
    status = {each.subject: each.status for each in standing.of(TREATED)}
    return [
        ConditionRow(
            name_zh=disease_name(each.name) or each.icd_code,
            icd=each.icd_code,
            confirmed_on=each.confirmed_on,
            special=bool(each.disease),
            register_zh=register_zh(each.row.register),
            treated_zh=_last_treated(each.disease, each.icd_code, treatments, bills, standing.on),
            status=status.get(each.disease, "not_due"),
        )
        for each in newest
    ]


@prepared
def _conditions(sight: Sight, key: UUID) -> QuerySet[Any]:
    return sight.conditions().filter(person=key).select_related("row").defer("row__payload", "row__reasons")


def _last_treated(
    disease: str, icd: str, treatments: Sequence[Treatment], bills: Sequence[Bill], on: date
) -> str:
    """Say when and how a condition was last treated by a day; nothing when it never was."""
    known = [
        (each.treated_on, treatment_zh(each.what), each.facility_name)
        for each in treatments
        if each.treated_on <= on and (each.disease == disease if disease else each.icd_code == icd)
    ]
    known += [
        (each.discharged_on, _("住院"), each.facility_name)
        for each in bills
        if each.setting == INPATIENT and each.state in REPLAYED and each.discharged_on <= on
        if (each.disease == disease if disease else each.diagnosis == icd)
    ]
    if not known:
        return ""
    day, what, where = max(known)
    said = _("{day} {what}，{where}") if where else _("{day} {what}")
    return said.format(day=day, what=what, where=where)


def treatment_zh(kind: str) -> str:
    """Say in which way somebody was treated, as the health register names it."""
    words = value_lists()["treatment_kind"].values.get(kind)
    name = chosen(str(words["zh"]), first_upper(str(words["en"]))) if words else kind
    return _("{kind}救治").format(kind=name) if name else _("救治")


def contract_rows(sight: Sight, key: UUID, on: date) -> list[ContractRow]:
    """Return the family-doctor contracts of one person, the newest first."""
    return [
        ContractRow(
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            doctor=each.doctor,
            facility_zh=each.team,
            register_zh=register_zh(each.row.register),
            in_force=Interval(each.valid_from, each.valid_to).holds(on),
        )
        for each in _contracts(sight, key)
    ]


@prepared
def _contracts(sight: Sight, key: UUID) -> QuerySet[Any]:
    rows = sight.contracts().filter(person=key).order_by("-valid_from", "-pk")
    return rows.select_related("row").defer("row__payload", "row__reasons")


def enrolment_rows(person: Person, changes: Sequence[PersonChange]) -> list[EnrolmentRow]:
    """Return for each landed year of somebody's life whether there is an enrolment, the newest first.

    The caller has taken the person from the reader's sight.
    """
    landed = _landed_years()
    enrolled = set(_enrolled_years(person.key))
    born = person.born_on.year if person.born_on else 0
    died = person.died_on.year if person.died_on else date.max.year
    asked = {int(part) for part in landed if part.isdigit() and born <= int(part) <= died}
    years = sorted(enrolled | asked, reverse=True)
    at_work = min((each.on for each in changes if each.what == WORK_INSURED), default=None)
    return [
        EnrolmentRow(
            year=year,
            enrolled=year in enrolled,
            kind_zh=_("{day} 起参加职工医保").format(day=at_work) if at_work and at_work.year <= year else "",
            register_zh=register_zh(INSURANCE),
        )
        for year in years
    ]


@prepared
def _landed_years() -> QuerySet[Any]:
    return RegisterState.objects.filter(register=INSURANCE).exclude(part="").values_list("part", flat=True)


@prepared
def _enrolled_years(person: UUID) -> QuerySet[Any]:
    return Enrolment.objects.filter(person=person).values_list("year", flat=True)
