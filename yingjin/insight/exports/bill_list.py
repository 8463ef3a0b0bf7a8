"""The bills of a place and year as they are taken away: who paid what by the rules, and what is short."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.errors import BadInput
from yingjin.basics.tables import DAY, TEXT, YUAN, Column
from yingjin.insight.exports.taken import (
    ROWS_AT_ONCE,
    Number,
    Query,
    Taken,
    day_in,
    in_batches,
    place_in_words,
)
from yingjin.insight.queries.bill_rows import bill_rows
from yingjin.insight.queries.books import layer_names
from yingjin.insight.queries.sight import sight_of
from yingjin.settlement.models import Bill

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
        Column(_("类别"), TEXT, 8),
        Column(_("入院"), DAY, 12),
        Column(_("出院"), DAY, 12),
        Column(_("医院"), TEXT, 26),
        Column(_("总费用（元）"), YUAN, 14),
        *(Column(_("{payer}（元）").format(payer=layer.label_zh), YUAN, 14) for layer in layer_names()),
        Column(_("本人付（元）"), YUAN, 14),
        Column(_("少付（元）"), YUAN, 14),
        Column(_("说明"), TEXT, 30),
    ]


def rows(bills: QuerySet[Bill], number: Number) -> Iterator[Sequence[Any]]:
    """Yield the cells of each bill in the order of the columns."""
    layers = [layer.layer for layer in layer_names()]
    found = bills.select_related("person").order_by("discharged_on", "bill_id")
    for batch in in_batches(found.iterator(chunk_size=ROWS_AT_ONCE)):
        for bill, row in zip(batch, bill_rows(batch), strict=True):
            yield (
                row.bill_id, bill.person.name, number(bill.person.identity_number),
                _("住院") if row.setting == INPATIENT else _("门诊"), row.admitted_on, row.discharged_on,
                row.facility_zh, row.total_fen, *(row.payments.get(layer) for layer in layers), row.own_payment_fen,
                sum(row.shortfall.values()) or None, row.state_zh,
            )  # fmt: skip
