"""Every fact a bill was worked out on: its value on the day, the register's file and row behind it, and since when it is known."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.days import age_on
from yingjin.basics.language import chosen
from yingjin.basics.money import yuan
from yingjin.basics.prepared import prepared
from yingjin.fusion.formats import value_lists
from yingjin.fusion.models import Row
from yingjin.insight.queries.books import book_of
from yingjin.insight.queries.categories import category_names
from yingjin.insight.queries.provenance import first_upper, learnt_on, said_of, source_of
from yingjin.insight.queries.shapes import BasisRow
from yingjin.insight.queries.sight import INPATIENT, Sight
from yingjin.policy.domain.compiling import Rulebook
from yingjin.registry.models import CategoryHeld
from yingjin.settlement.models import Bill, Enrolment, SettledBill

NO_CATEGORY = gettext_lazy("当天没有登记的身份")
NOT_ENROLLED = gettext_lazy("没有参保记录")


def basis_of(
    sight: Sight, bill: Bill, settled: SettledBill | None, steps: list[dict[str, Any]]
) -> list[BasisRow]:
    """Return the facts behind a bill, from the person to the rulebook."""
    book = book_of(settled.rulebook_version) if settled else None
    rows = [_birth(bill), *_categories(sight, bill), *_derived(steps, book), _enrolment(bill)]
    rows += [*_facility(bill), *_bill_itself(bill)]
    if settled is not None and book is not None:
        rows.append(_version(settled, book, bill.discharged_on))
    return rows


def _from(row: Row | None, fact_zh: str, value_zh: str) -> BasisRow:
    if row is None:
        return BasisRow(fact_zh, value_zh, "", None)
    return BasisRow(fact_zh, value_zh, source_of(row), learnt_on(row.landed_at))


def _birth(bill: Bill) -> BasisRow:
    person = bill.person
    register = person.sources.get("born_on", "")
    behind = next((each.row for each in said_of(person.key) if each.entry.register == register), None)
    if person.born_on is None:
        return _from(behind, _("出生日期"), "")
    age = age_on(person.born_on, bill.discharged_on)
    said = _("{born_on}，出院那天 {age} 岁").format(born_on=person.born_on, age=age)
    return _from(behind, _("出生日期"), said)


def _categories(sight: Sight, bill: Bill) -> Iterator[BasisRow]:
    on = bill.discharged_on
    rows = sorted(_held(sight, bill.person_id, on), key=lambda each: (each.category, each.valid_from))
    for each in rows:
        held_for = _("{begins} 起，到 {ends}") if each.valid_to else _("{begins} 起")
        name = category_names().get(each.category, each.category)
        yield _from(each.row, name, held_for.format(begins=each.valid_from, ends=each.valid_to))
    if not rows:
        yield BasisRow(_("身份"), str(NO_CATEGORY), "", None)


@prepared
def _held(sight: Sight, person: UUID, on: date) -> QuerySet[CategoryHeld]:
    held = sight.categories().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), person=person, valid_from__lte=on
    )
    return held.select_related("row__file").defer("row__payload", "row__reasons")


def _derived(steps: list[dict[str, Any]], book: Rulebook | None) -> Iterator[BasisRow]:
    """Yield the categories that follow from others by the rulebook itself."""
    held = next((step["inputs"]["categories"] for step in steps if step["kind"] == "counted"), [])
    for code in held if book else ():
        category = book.contents.categories.get(code) if book else None
        if category is not None and category.derived is not None:
            derived = chosen(category.text.zh, first_upper(category.text.en))
            yield BasisRow(derived, _("由身份和年龄推算"), chosen(*book.contents.title) if book else "", None)


def _enrolment(bill: Bill) -> BasisRow:
    year = bill.discharged_on.year
    found = next(iter(_enrolments(bill.person_id, year)), None)
    said = _("有") if found else str(NOT_ENROLLED)
    return _from(found.row if found else None, _("{year} 年参保").format(year=year), said)


@prepared
def _enrolments(person: UUID, year: int) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(person=person, year=year).order_by("-row__landed_at", "pk")
    return rows.select_related("row__file").defer("row__payload", "row__reasons")


def _facility(bill: Bill) -> Iterator[BasisRow]:
    row = next(iter(_listed(bill.facility_code)), None)
    words = [
        level_zh(bill.level),
        _("县内") if bill.in_county else _("县外"),
        _("定点") if bill.designated else _("非定点"),
        _("公立") if bill.public else _("非公立"),
    ]
    yield _from(row, bill.facility_name or bill.facility_code, _("，").join(words))
    if bill.level_differs:
        yield _from(
            bill.row,
            _("报来的医院等级"),
            _("{grade}，与机构名单不同，以名单为准").format(grade=grade_zh(bill.level_reported)),
        )


@prepared
def _listed(facility_code: str) -> QuerySet[Row]:
    rows = Row.objects.filter(kind="facility", key=facility_code, current=True, accepted=True).order_by("pk")
    return rows.select_related("file").defer("payload", "reasons")


def level_zh(level: str) -> str:
    """Return what a facility level is called."""
    words = value_lists()["level"].values.get(level)
    return chosen(str(words["zh"]), first_upper(str(words["en"]))) if words else level


def grade_zh(grade: str) -> str:
    """Return what a hospital grade is called."""
    words = value_lists()["hosp_lv"].values.get(grade)
    return chosen(str(words["zh"]), first_upper(str(words["en"]))) if words else grade


def _bill_itself(bill: Bill) -> Iterator[BasisRow]:
    days = str(bill.discharged_on)
    if bill.admitted_on:
        days = _("{begins} 至 {ends}").format(begins=bill.admitted_on, ends=bill.discharged_on)
    yield _from(bill.row, _("住院日期") if bill.setting == INPATIENT else _("门诊日期"), days)
    cost = _("{total} 元，其中目录外 {out} 元").format(
        total=yuan(bill.total_fen), out=yuan(bill.out_of_scope_fen)
    )
    yield _from(bill.row, _("总费用"), cost)


def _version(settled: SettledBill, book: Rulebook, discharged_on: date) -> BasisRow:
    version = settled.rulebook_version
    begun = version.partition("@")[2].partition("+")[0]
    return BasisRow(
        _("规则版本"),
        _("{rulebook} {begun} 版").format(rulebook=chosen(*book.contents.title), begun=begun),
        _("按出院日 {day} 选定").format(day=discharged_on),
        None,
    )
