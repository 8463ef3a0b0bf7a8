"""The list of gaps as it is taken away."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.tables import DAY, TEXT, WHOLE, YUAN, Column
from yingjin.insight.exports.taken import Number, People, Query, Taken, day_in, in_batches
from yingjin.insight.queries.books import said_rules
from yingjin.insight.queries.gaps import gap_rows, gaps
from yingjin.insight.queries.shapes import GapRow, GapsWanted
from yingjin.registry.queries import place_written

WORDS = ("due", "status", "reason", "owner", "age", "whose", "sort")


def gap_list(reader: Any, query: Query, number: Number) -> Taken:
    """Return the gaps a reader asks for. Errors: as `queries.gaps`."""
    allow(reader, "read_gaps")
    on = day_in(query, reader, found=True)
    named = {name: query[name] for name in WORDS if query.get(name)}
    wanted = GapsWanted(region_code=query.get("region", ""), **named)
    page = gaps(reader, on, replace(wanted, size=1))
    choices = [
        (choice.code, choice.label_zh) for choice in (*page.dues, *page.statuses, *page.reasons, *page.owners)
    ]
    asked = (wanted.due, wanted.status, wanted.reason, wanted.owner, wanted.age)
    words = dict(choices)
    return Taken(
        title=_("缺口"),
        filter=[
            on.isoformat(),
            place_written(page.place.name),
            *(words.get(code, code) for code in asked if code),
            *([wanted.whose] if wanted.whose else []),
        ],
        columns=columns(),
        rows=rows(gap_rows(reader, on, wanted), number),
        total=page.total,
    )


def columns() -> list[Column]:
    """Return the columns of the list."""
    return [
        Column(_("项"), TEXT, 12),
        Column(_("状态"), TEXT, 10),
        Column(_("姓名"), TEXT, 12),
        Column(_("证件号"), TEXT, 24),
        Column(_("性别"), TEXT, 6),
        Column(_("年龄"), WHOLE, 6),
        Column(_("乡镇"), TEXT, 18),
        Column(_("村"), TEXT, 18),
        Column(_("缺什么"), TEXT, 36),
        Column(_("原因"), TEXT, 18),
        Column(_("责任"), TEXT, 16),
        Column(_("从哪天起"), DAY, 12),
        Column(_("期限"), DAY, 12),
        Column(_("逾期天数"), WHOLE, 10),
        Column(_("差额（元）"), YUAN, 14),
        Column(_("关闭凭据"), TEXT, 30),
    ]


def rows(found: Iterator[GapRow], number: Number) -> Iterator[Sequence[Any]]:
    """Yield the cells of each gap in the order of the columns."""
    dues = {due: rule.zh for due, rule in said_rules().dues.items()}
    statuses = {
        "done": _("已"),
        "open": _("缺"),
        "unknown": _("待核"),
        "excepted": _("除外"),
        "not_due": _("不应享"),
    }
    sexes = {"male": _("男"), "female": _("女")}
    people = People(number)
    for batch in in_batches(found):
        people.meet(row.person_key for row in batch)
        for row in batch:
            yield (
                dues[row.due], statuses[row.status], *people.shown[row.person_key],
                sexes.get(row.sex, ""), row.age_years, place_written(row.township.name),
                place_written(row.village.name), row.what_zh, row.reason_zh, row.owner_zh, row.since_on, row.due_by,
                row.days_late, row.shortfall_fen, row.closes_with_zh,
            )  # fmt: skip
