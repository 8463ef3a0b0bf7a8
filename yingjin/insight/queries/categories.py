"""The dated categories of people, as far as the reader may see them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yingjin.basics.language import speaks_english
from yingjin.basics.prepared import prepared
from yingjin.care.files import disease_list
from yingjin.fusion.formats import value_lists
from yingjin.insight.queries.provenance import first_upper, learnt_on, register_zh
from yingjin.insight.queries.shapes import CategorySpan
from yingjin.insight.queries.sight import Sight


def category_names() -> dict[str, str]:
    """Return what each category is called, in the reader's language."""
    return _names("category", "en" if speaks_english() else "zh")


@cache
def _names(values: str, language: str) -> dict[str, str]:
    return {code: first_upper(str(words[language])) for code, words in value_lists()[values].values.items()}


def disease_name(name: str) -> str:
    """Return what a disease of the special treatment list is called; another name is a register's own and stays."""
    found = disease_list().by_name.get(name) if speaks_english() else None
    return first_upper(found.name_en) if found else name


def names_of(codes: Iterable[str]) -> list[str]:
    """Return the names of some categories, in order of code."""
    return [category_names().get(code, code) for code in sorted(set(codes))]


def held_by(sight: Sight, keys: Collection[UUID], on: date) -> dict[UUID, list[str]]:
    """Return the categories that some people of the sight hold on a day; people who hold none are there with none."""
    held: dict[UUID, list[str]] = defaultdict(list)
    for person, category in _held(sight, keys, on):
        held[person].append(category)
    for own in held.values():
        own.sort()
    return held


@prepared
def _held(sight: Sight, keys: Collection[UUID], on: date) -> QuerySet[Any]:
    rows = sight.categories_of(keys).filter(valid_from__lte=on)
    in_force = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return in_force.values_list("person_id", "category")


@prepared
def _spans(sight: Sight, key: UUID) -> QuerySet[Any]:
    return sight.categories().filter(person=key).select_related("row").defer("row__payload", "row__reasons")


def spans_of(sight: Sight, key: UUID) -> list[CategorySpan]:
    """Return every category of one person with the register that says so, oldest first."""
    return [
        CategorySpan(
            code=each.category,
            name_zh=category_names().get(each.category, each.category),
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            register_zh=register_zh(each.row.register),
            basis_zh=each.basis,
            learnt_on=learnt_on(each.row.landed_at),
        )
        for each in sorted(_spans(sight, key), key=lambda each: (each.valid_from, each.category))
    ]
