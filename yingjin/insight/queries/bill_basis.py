"""Every fact a bill was worked out on: its value on the day, the register's file and row behind it, and since when it is known."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from yingjin.basics.days import age_on
from yingjin.basics.money import yuan
from yingjin.fusion.formats import value_lists
from yingjin.fusion.models import Row
from yingjin.insight.queries.books import book_of
from yingjin.insight.queries.categories import category_names
from yingjin.insight.queries.provenance import learnt_on, said_of, source_of
from yingjin.insight.queries.shapes import BasisRow
from yingjin.insight.queries.sight import INPATIENT, Sight
from yingjin.policy.domain.compiling import Rulebook
from yingjin.registry.models import CategoryHeld
from yingjin.settlement.models import Bill, Enrolment, SettledBill

NO_CATEGORY_ZH = "当天没有登记的身份"
NOT_ENROLLED_ZH = "没有参保记录"


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
        return _from(behind, "出生日期", "")
    age = age_on(person.born_on, bill.discharged_on)
    return _from(behind, "出生日期", f"{person.born_on}，出院那天 {age} 岁")


def _categories(sight: Sight, bill: Bill) -> Iterator[BasisRow]:
    on = bill.discharged_on
    held: QuerySet[CategoryHeld] = sight.categories().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), person=bill.person_id, valid_from__lte=on
    )
    rows = list(held.select_related("row__file").order_by("category", "valid_from"))
    for each in rows:
        until = f"，到 {each.valid_to}" if each.valid_to else ""
        name = category_names().get(each.category, each.category)
        yield _from(each.row, name, f"{each.valid_from} 起{until}")
    if not rows:
        yield BasisRow("身份", NO_CATEGORY_ZH, "", None)


def _derived(steps: list[dict[str, Any]], book: Rulebook | None) -> Iterator[BasisRow]:
    """Yield the categories that follow from others by the rulebook itself."""
    held = next((step["inputs"]["categories"] for step in steps if step["kind"] == "counted"), [])
    for code in held if book else ():
        category = book.contents.categories.get(code) if book else None
        if category is not None and category.derived is not None:
            yield BasisRow(category.text.zh, "由身份和年龄推算", book.contents.title.zh if book else "", None)


def _enrolment(bill: Bill) -> BasisRow:
    year = bill.discharged_on.year
    rows = Enrolment.objects.filter(person=bill.person_id, year=year).select_related("row__file")
    found = rows.order_by("-row__landed_at").first()
    return _from(found.row if found else None, f"{year} 年参保", "有" if found else NOT_ENROLLED_ZH)


def _facility(bill: Bill) -> Iterator[BasisRow]:
    listed = Row.objects.filter(kind="facility", key=bill.facility_code, current=True, accepted=True)
    row = listed.select_related("file").first()
    words = [
        level_zh(bill.level),
        "县内" if bill.in_county else "县外",
        "定点" if bill.designated else "非定点",
        "公立" if bill.public else "非公立",
    ]
    yield _from(row, bill.facility_name or bill.facility_code, "，".join(words))
    if bill.level_differs:
        yield _from(
            bill.row, "报来的医院等级", f"{grade_zh(bill.level_reported)}，与机构名单不同，以名单为准"
        )


def level_zh(level: str) -> str:
    """Return what a facility level is called."""
    words = value_lists()["level"].values.get(level)
    return str(words["zh"]) if words else level


def grade_zh(grade: str) -> str:
    """Return what a hospital grade is called."""
    words = value_lists()["hosp_lv"].values.get(grade)
    return str(words["zh"]) if words else grade


def _bill_itself(bill: Bill) -> Iterator[BasisRow]:
    kind = "住院" if bill.setting == INPATIENT else "门诊"
    days = f"{bill.admitted_on} 至 {bill.discharged_on}" if bill.admitted_on else str(bill.discharged_on)
    yield _from(bill.row, f"{kind}日期", days)
    yield _from(bill.row, "总费用", f"{yuan(bill.total_fen)} 元，其中目录外 {yuan(bill.out_of_scope_fen)} 元")


def _version(settled: SettledBill, book: Rulebook, discharged_on: date) -> BasisRow:
    version = settled.rulebook_version
    begun = version.partition("@")[2].partition("+")[0]
    return BasisRow(
        "规则版本", f"{book.contents.title.zh} {begun} 版", f"按出院日 {discharged_on} 选定", None
    )
