"""The people of a place as they are taken away, with how insurance, contract and dues of each stand."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.tables import DAY, TEXT, WHOLE, Column
from yingjin.insight.exports.taken import (
    ROWS_AT_ONCE,
    Number,
    Query,
    Taken,
    day_in,
    in_batches,
    place_in_words,
)
from yingjin.insight.queries.books import said_rules
from yingjin.insight.queries.find import found_rows
from yingjin.insight.queries.sight import Sight, sight_of
from yingjin.registry.models import Person
from yingjin.registry.queries import place_written


def people_list(reader: Any, query: Query, number: Number) -> Taken:
    """Return everybody of a place whom the reader may see. Errors: NotFound for a place outside the scope."""
    allow(reader, "read_persons")
    on, sight = day_in(query, reader, found=False), sight_of(reader)
    region = query.get("village") or query.get("region") or sight.scope.region_prefix
    sight = sight.narrowed(region)
    people = sight.persons().order_by("region_code", "pinyin", "key")
    return Taken(
        title=_("名单"),
        filter=[on.isoformat(), place_in_words(region)],
        columns=columns(),
        rows=rows(sight, people, on, number),
        total=people.count(),
    )


def columns() -> list[Column]:
    """Return the columns of the list."""
    return [
        Column(_("姓名"), TEXT, 12),
        Column(_("证件号"), TEXT, 24),
        Column(_("性别"), TEXT, 6),
        Column(_("年龄"), WHOLE, 6),
        Column(_("乡镇"), TEXT, 18),
        Column(_("村"), TEXT, 18),
        Column(_("身份"), TEXT, 28),
        Column(_("参保"), TEXT, 10),
        Column(_("签约"), TEXT, 10),
        Column(_("签约到"), DAY, 12),
        Column(_("缺口"), TEXT, 24),
        Column(_("去世"), DAY, 12),
    ]


def rows(sight: Sight, people: QuerySet[Person], on: date, number: Number) -> Iterator[Sequence[Any]]:
    """Yield the cells of each person in the order of the columns."""
    dues = {due: rule.zh for due, rule in said_rules().dues.items()}
    states = {
        "done": _("已"),
        "open": _("缺"),
        "unknown": _("待核"),
        "excepted": _("除外"),
        "not_due": _("不应享"),
    }
    sexes = {"male": _("男"), "female": _("女")}
    for batch in in_batches(people.iterator(chunk_size=ROWS_AT_ONCE)):
        for person, row in zip(batch, found_rows(sight, batch, on), strict=True):
            yield (
                row.name, number(person.identity_number), sexes.get(row.sex, ""), row.age_years,
                place_written(row.township.name), place_written(row.village.name), "、".join(row.categories),
                states.get(row.insured, ""), states.get(row.contracted, ""), row.contract_until,
                "、".join(dues[due] for due in row.gaps), row.died_on,
            )  # fmt: skip
