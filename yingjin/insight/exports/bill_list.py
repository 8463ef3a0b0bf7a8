"""The bills of a place and year as they are taken away: who paid what by the rules, and what is short."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.errors import BadInput
from yingjin.basics.tables import DAY, TEXT, YUAN, Column
from yingjin.insight.exports.taken import (
    ROWS_AT_ONCE,
    Number,
    People,
    Query,
    Taken,
    day_in,
    in_batches,
    place_in_words,
)
from yingjin.insight.queries.bill_rows import SHOWN_STATES
from yingjin.insight.queries.books import layer_names
from yingjin.insight.queries.sight import sight_of
from yingjin.settlement.domain.states import COUNTED
from yingjin.settlement.models import Bill, SettledBill

INPATIENT = "inpatient"


class BadYear(BadInput):
    """A year that is none."""

    code = "bad_year"


def bill_list(reader: Any, query: Query, number: Number) -> Taken:
    """Return the bills of a place discharged in a year. Errors: BadYear; NotFound for a place outside the scope."""
    allow(reader, "read_bills")
    sight = sight_of(reader)
    region = query.get("region", "")
    if region:
        sight = sight.narrowed(region)
    year = year_in(query, reader)
    of_year = sight.bills().filter(
        discharged_on__gte=date(year, 1, 1), discharged_on__lt=date(year + 1, 1, 1)
    )
    bills = sight.seen_among(of_year)
    place = region or sight.scope.region_prefix
    return Taken(
        title=_("账单"),
        filter=[
            _("{year} 年出院").format(year=year),
            place_in_words(place) if place else sight.scope.facility_code,
        ],
        columns=columns(),
        rows=rows(bills, number),
        total=bills.count(),
    )


def year_in(query: Query, reader: Any) -> int:
    """Return the year asked for, else that of the newest data. Errors: BadYear."""
    text = query.get("year", "")
    if not text:
        return day_in({}, reader, found=False).year
    if not (text.isascii() and text.isdigit() and len(text) == 4 and 1949 <= int(text) <= 2200):
        raise BadYear(
            f"“{text}”不是年份。写四位数字，比如 2025。",
            f"“{text}” is no year. Write four figures, as 2025.",
            value=text,
        )
    return int(text)


def columns() -> list[Column]:
    """Return the columns of the list: each payer has one."""
    return [
        Column(_("单号"), TEXT, 22),
        Column(_("姓名"), TEXT, 12),
        Column(_("证件号"), TEXT, 24),
        Column(_("类别"), TEXT, 8, few=True),
        Column(_("入院"), DAY, 12),
        Column(_("出院"), DAY, 12),
        Column(_("医院"), TEXT, 26, few=True),
        Column(_("总费用（元）"), YUAN, 14),
        *(Column(_("{payer}（元）").format(payer=layer.label_zh), YUAN, 14) for layer in layer_names()),
        Column(_("本人付（元）"), YUAN, 14),
        Column(_("少付（元）"), YUAN, 14),
        Column(_("说明"), TEXT, 30, few=True),
    ]


FACTS = (
    "key", "person_id", "bill_id", "setting", "admitted_on", "discharged_on", "facility_name", "state", "total_fen",
    "reported_own_fen",
)  # fmt: skip


def rows(bills: QuerySet[Bill], number: Number) -> Iterator[Sequence[Any]]:
    """Yield the cells of each bill in the order of the columns.

    As `bill_rows` has it, but read as bare values: nothing else is opened of what lies sealed.
    """
    layers = [layer.layer for layer in layer_names()]
    kinds = {True: _("住院"), False: _("门诊")}
    said = [f"reported_{layer}_fen" for layer in layers]
    found = bills.order_by("discharged_on", "bill_id").values_list(*FACTS, *said)
    people = People(number)
    for batch in in_batches(found.iterator(chunk_size=ROWS_AT_ONCE)):
        worked_out = settled([facts[0] for facts in batch], layers)
        people.meet(facts[1] for facts in batch)
        for key, person, bill, setting, admitted, discharged, facility, state, total, own, *reported in batch:
            due = worked_out.get(key)
            paid, kept = (due[:-1], due[-1]) if due else (reported, own)
            counted, words = state == COUNTED, SHOWN_STATES[state][1]
            short = sum(max(0, a - b) for a, b in zip(paid, reported, strict=True)) if due and counted else 0
            yield (
                bill, *people.shown[person], kinds[setting == INPATIENT], admitted, discharged, facility, total, *paid,
                kept, short or None, str(words),
            )  # fmt: skip


def settled(bills: Sequence[UUID], layers: Sequence[str]) -> dict[UUID, Sequence[int]]:
    """Return what the layers and the patient pay of some bills by the latest replay of their year. Units: fen."""
    found = SettledBill.objects.filter(bill__in=bills, replay__latest=True)
    return {
        key: paid
        for key, *paid in found.values_list("bill_id", *(f"{each}_fen" for each in layers), "own_fen")
    }
