"""The list of gaps as it is taken away."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.tables import DAY, TEXT, WHOLE, YUAN, Column
from yingjin.insight.exports.taken import (
    Homes,
    Number,
    People,
    Query,
    Taken,
    day_in,
    in_batches,
    words_of_sexes,
    words_of_states,
)
from yingjin.insight.queries.books import said_rules
from yingjin.insight.queries.gap_rows import StoredDue, days_late, said_of, shortfall_of
from yingjin.insight.queries.gaps import gap_values, gaps
from yingjin.insight.queries.members import age_then
from yingjin.insight.queries.shapes import GapsWanted
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
        rows=rows(gap_values(reader, on, wanted), on, number),
        total=page.total,
        found_at=page.found_at,
    )


def columns() -> list[Column]:
    """Return the columns of the list."""
    return [
        Column(_("项"), TEXT, 12, few=True),
        Column(_("状态"), TEXT, 10, few=True),
        Column(_("姓名"), TEXT, 12),
        Column(_("证件号"), TEXT, 24),
        Column(_("性别"), TEXT, 6, few=True),
        Column(_("年龄"), WHOLE, 6),
        Column(_("乡镇"), TEXT, 18, few=True),
        Column(_("村"), TEXT, 18, few=True),
        Column(_("缺什么"), TEXT, 36, few=True),
        Column(_("原因"), TEXT, 18, few=True),
        Column(_("责任"), TEXT, 16, few=True),
        Column(_("从哪天起"), DAY, 12, few=True),
        Column(_("期限"), DAY, 12, few=True),
        Column(_("逾期天数"), WHOLE, 10),
        Column(_("差额（元）"), YUAN, 14),
        Column(_("关闭凭据"), TEXT, 30, few=True),
    ]


def rows(found: Iterator[StoredDue], on: date, number: Number) -> Iterator[Sequence[Any]]:
    """Yield the cells of each gap in the order of the columns."""
    rules = said_rules()
    dues = {due: rule.zh for due, rule in rules.dues.items()}
    statuses, sexes = words_of_states(), words_of_sexes()
    people, homes = People(number, "sex", "born_on", "died_on"), Homes()
    for batch in in_batches(found):
        people.meet(due.person_id for due in batch)
        for due in batch:
            name, shown, sex, born_on, died_on = people.shown[due.person_id]
            what, reason, owner, closes_with = said_of(due, rules)
            yield (
                dues[due.due], statuses[due.status], name, shown, sexes.get(sex, ""),
                age_then(born_on, died_on, on), *homes[due.region_code], what, reason, owner, due.since_on, due.due_by,
                days_late(due, on), shortfall_of(due), closes_with,
            )  # fmt: skip
