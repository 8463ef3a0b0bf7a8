"""The people of a place as they are taken away, with how insurance, contract and dues of each stand."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.opening import Opening, Stored
from yingjin.basics.prepared import MOST_KEYS
from yingjin.basics.tables import DAY, TEXT, WHOLE, Column
from yingjin.gaps.models import Finding
from yingjin.insight.exports.taken import (
    Homes,
    Number,
    Query,
    Taken,
    day_in,
    in_batches,
    place_in_words,
    words_of_sexes,
    words_of_states,
)
from yingjin.insight.queries.books import said_rules
from yingjin.insight.queries.categories import held_by, names_of
from yingjin.insight.queries.findings import found_at
from yingjin.insight.queries.members import age_then
from yingjin.insight.queries.sight import Sight, sight_of
from yingjin.insight.queries.stood import found_then, stood
from yingjin.registry.models import Person


def people_list(reader: Any, query: Query, number: Number) -> Taken:
    """Return everybody of a place whom the reader may see. Errors: NotFound for a place outside the scope."""
    allow(reader, "read_persons")
    on, sight = day_in(query, reader, found=False), sight_of(reader)
    region = query.get("village") or query.get("region") or sight.scope.region_prefix
    sight = sight.narrowed(region)
    people, found = sight.persons().order_by("region_code", "pinyin", "key"), found_then(sight, on)
    return Taken(
        title=_("名单"),
        filter=[on.isoformat(), place_in_words(region)],
        columns=columns(),
        rows=rows(sight, people, on, found, number),
        total=people.count(),
        found_at=found_at(found) if found else None,
        live=found is None,
    )


def columns() -> list[Column]:
    """Return the columns of the list."""
    return [
        Column(_("姓名"), TEXT, 12),
        Column(_("证件号"), TEXT, 24),
        Column(_("性别"), TEXT, 6, few=True),
        Column(_("年龄"), WHOLE, 6),
        Column(_("乡镇"), TEXT, 18, few=True),
        Column(_("村"), TEXT, 18, few=True),
        Column(_("身份"), TEXT, 28, few=True),
        Column(_("参保"), TEXT, 10, few=True),
        Column(_("签约"), TEXT, 10, few=True),
        Column(_("签约到"), DAY, 12, few=True),
        Column(_("缺口"), TEXT, 24, few=True),
        Column(_("去世"), DAY, 12),
    ]


FACTS = ("key", Stored("name"), Stored("identity_number"), "sex", "born_on", "died_on", "region_code")


def rows(
    sight: Sight, people: QuerySet[Person], on: date, found: Finding | None, number: Number
) -> Iterator[Sequence[Any]]:
    """Yield the cells of each person in the order of the columns, read as bare values."""
    dues = {due: rule.zh for due, rule in said_rules().dues.items()}
    states, sexes = words_of_states(), words_of_sexes()
    homes = Homes()
    for batch in in_batches(people.values_list(*FACTS).iterator(chunk_size=MOST_KEYS), MOST_KEYS):
        keys = [facts[0] for facts in batch]
        standing, held = stood(sight, keys, on, found), held_by(sight, keys, on)
        opening = Opening(Person)
        for key, name, identity, sex, born_on, died_on, region in batch:
            how = standing[key]
            yield (
                opening.text("name", key, name), number(opening.text("identity_number", key, identity)), sexes.get(sex, ""), age_then(born_on, died_on, on), *homes[region],
                "、".join(names_of(held[key])) if key in held else "", states[how.insured], states[how.contracted],
                how.contract_until, "、".join([dues[due] for due in how.lacking]), died_on,
            )  # fmt: skip
