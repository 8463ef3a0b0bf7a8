"""Bills in lists and their totals, as far as the reader may see them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from yingjin.basics.prepared import prepared
from yingjin.fusion.models import RegisterPerson, Row
from yingjin.insight.queries.books import layer_names
from yingjin.insight.queries.shapes import BillRow, YearTotal
from yingjin.insight.queries.sight import Sight
from yingjin.settlement.domain.states import (
    BEFORE_RULEBOOK,
    CANCELLED,
    CANCELLING,
    COUNTED,
    HELD_DEAD,
    HELD_NOT_ENROLLED,
    REJECTED,
    UNDONE,
)
from yingjin.settlement.models import Bill, SettledBill

SHOWN_STATES: Mapping[str, tuple[str, str | Promise]] = {
    COUNTED: ("counted", ""),
    HELD_DEAD: ("held", gettext_lazy("暂不计：出院在登记的去世日之后")),
    HELD_NOT_ENROLLED: ("held", gettext_lazy("暂不计：这一年没有参保记录")),
    BEFORE_RULEBOOK: ("refused", gettext_lazy("不计：出院早于规则书生效的第一天")),
    CANCELLED: ("cancelled", gettext_lazy("已作废：有冲销它的结算")),
    CANCELLING: ("cancelled", gettext_lazy("冲销行：用来作废另一张账单")),
    REJECTED: ("refused", gettext_lazy("不计：两人核过，不予计入")),
    UNDONE: ("cancelled", gettext_lazy("不计：带来它的那次导入已撤销")),
}
PersonYear = tuple[UUID, int]


def bill_rows(bills: Collection[Bill]) -> list[BillRow]:
    """Return some bills as rows, in their order. The caller has taken them from the reader's sight."""
    settled = settled_of(bills)
    return [bill_row(bill, settled.get(bill.key)) for bill in bills]


def settled_of(bills: Collection[Bill]) -> dict[UUID, SettledBill]:
    """Return what some bills were due by the latest replay of their year."""
    return {row.bill_id: row for row in _settled([bill.key for bill in bills])}


@prepared
def _settled(bills: Collection[UUID]) -> QuerySet[SettledBill]:
    return SettledBill.objects.filter(bill__in=bills, replay__latest=True)


def bill_row(bill: Bill, settled: SettledBill | None) -> BillRow:
    """Return one bill as a row: computed amounts, or the reported ones where it was never worked out."""
    state, state_zh = SHOWN_STATES[bill.state]
    payments = computed(settled) if settled else reported(bill)
    return BillRow(
        bill_key=str(bill.key),
        bill_id=bill.bill_id,
        admitted_on=bill.admitted_on,
        discharged_on=bill.discharged_on,
        facility_zh=bill.facility_name,
        setting=bill.setting,
        total_fen=bill.total_fen,
        payments=payments,
        own_payment_fen=settled.own_fen if settled else bill.reported_own_fen,
        shortfall=shortfall(bill, settled) if settled and state == "counted" else {},
        state=state,
        state_zh=str(state_zh),
    )


def computed(settled: SettledBill) -> dict[str, int]:
    """Return what each layer pays by the rules. Units: fen."""
    return {each.layer: getattr(settled, f"{each.layer}_fen") for each in layer_names()}


def reported(bill: Bill) -> dict[str, int]:
    """Return what each layer was reported to have paid. Units: fen."""
    return {each.layer: getattr(bill, f"reported_{each.layer}_fen") for each in layer_names()}


def shortfall(bill: Bill, settled: SettledBill) -> dict[str, int]:
    """Return what each layer still owes, layers that owe nothing left out. Units: fen."""
    paid = reported(bill)
    return {layer: fen - paid[layer] for layer, fen in computed(settled).items() if fen > paid[layer]}


def year_totals(rows: Iterable[BillRow], incomplete: Collection[int]) -> list[YearTotal]:
    """Add up the counted bills of each year, newest first; an incomplete year is there even without a bill."""
    of_year: dict[int, list[BillRow]] = defaultdict(list)
    for row in rows:
        of_year[row.discharged_on.year] += [row] if row.state == "counted" else []
    years = sorted({year for year, counted in of_year.items() if counted} | set(incomplete), reverse=True)
    return [_year_total(year, of_year[year], year in incomplete) for year in years]


def _year_total(year: int, rows: list[BillRow], incomplete: bool) -> YearTotal:
    return YearTotal(
        year=year,
        incomplete=incomplete,
        total_fen=sum(row.total_fen for row in rows),
        payments={each.layer: sum(row.payments[each.layer] for row in rows) for each in layer_names()},
        own_payment_fen=sum(row.own_payment_fen for row in rows),
    )


def incomplete_years(sight: Sight, persons: Collection[UUID]) -> set[PersonYear]:
    """Return the person-years of some people in which a settlement was refused, with or without other bills."""
    return {*_incomplete(sight, persons), *_refused_years(persons)}


@prepared
def _incomplete(sight: Sight, persons: Collection[UUID]) -> QuerySet[Any]:
    replayed = sight.replays().filter(person__in=persons, incomplete=True)
    return replayed.values_list("person_id", "year")


def _refused_years(persons: Collection[UUID]) -> set[PersonYear]:
    """Return the years of refused settlements; one whose day cannot be read counts for every year of its number."""
    whose = dict(_insured_as(persons))
    years: dict[str, set[int]] = defaultdict(set)
    refused: set[tuple[str, int | None]] = set()
    for number, year, accepted in _settlements(list(whose)):
        years[number] |= {year} if year is not None else set()
        refused |= set() if accepted else {(number, year)}
    return {
        (whose[number], each)
        for number, year in refused
        for each in ([year] if year is not None else sorted(years[number]))
    }


@prepared
def _insured_as(persons: Collection[UUID]) -> QuerySet[Any]:
    entries = RegisterPerson.objects.filter(register="insurance", person__in=persons)
    return entries.values_list("number", "person_id")


@prepared
def _settlements(numbers: Collection[str]) -> QuerySet[Any]:
    rows = Row.objects.filter(register="insurance", number__in=numbers, kind="settlement", current=True)
    return rows.values_list("number", "year", "accepted")
