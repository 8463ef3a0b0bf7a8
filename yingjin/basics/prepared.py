"""
Queries whose SQL is worked out once: on a page that asks fifty small ones, most of the time goes into writing them.

    @prepared
    def _enrolled(keys: Collection[UUID]) -> QuerySet[Any]:
        return Enrolment.objects.filter(person__in=keys).values_list("person_id", "year")

    for person, year in _enrolled(keys): ...

Keys and days may differ from call to call, and whatever stands in a collection: keys, words or the numbers of rows;
any other argument (a reader's sight) is part of the query itself, so it is hashable. The function must depend on nothing else. It returns rows of named fields, or of a model with what it
selects beside; they come as a list, and none come for no keys.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache, wraps
from secrets import randbits
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

from yingjin.basics.keys import provider

REMEMBERED = 2_048
MOST_KEYS = 256
FORMS: tuple[Callable[[Any], Any], ...] = (
    lambda value: value,
    lambda value: getattr(value, "hex", None),
    str,
)
Made = Callable[[Sequence[Any]], list[Any]]


class _Shape(NamedTuple):
    """What makes the SQL of two calls the same: the database, its keys, how many of what, and all that is no key or day."""

    vendor: str
    keys: tuple[object, ...]
    arguments: tuple[object, ...]


class _Many(NamedTuple):
    """A place for so many keys, words or numbers of rows."""

    count: int
    type: type


class _One(NamedTuple):
    """A place for one key or day."""

    type: type


def prepared(build: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """Return a function that runs the query of another, and works out its SQL once a shape of arguments."""
    return _run_of(build)


def counted(build: Callable[..., QuerySet[Any]]) -> Callable[..., int]:
    """Return a function that counts the rows of another's query, which names the fields it needs."""
    rows = _run_of(build, count=True)

    @wraps(build)
    def number(*arguments: Any) -> int:
        return next(iter(rows(*arguments)), 0)

    return number


def _run_of(build: Callable[..., QuerySet[Any]], *, count: bool = False) -> Callable[..., list[Any]]:
    @lru_cache(maxsize=REMEMBERED)
    def made(shape: _Shape) -> Made | None:
        return _made(build, shape.arguments, count)

    @wraps(build)
    def rows(*arguments: Any) -> list[Any]:
        shapes: list[object] = []
        values: list[Any] = []
        for argument in arguments:
            if isinstance(argument, UUID | date):
                shapes.append(_One(type(argument)))
                values.append(argument)
            elif isinstance(argument, Collection) and not isinstance(argument, str):
                keys = list(dict.fromkeys(argument))
                if not keys:
                    return []
                if len(keys) > MOST_KEYS:
                    built = build(*arguments)
                    return [built.count()] if count else list(built)
                places = 1 << (len(keys) - 1).bit_length()  # the last one again is nobody more
                shapes.append(_Many(places, type(keys[0])))
                values += keys + keys[-1:] * (places - len(keys))
            else:
                shapes.append(argument)
        run = made(_Shape(connection.vendor, _sealing(), tuple(shapes)))
        return run(values) if run is not None else []

    return rows


def _sealing() -> tuple[object, ...]:
    """Return what a condition on a keyed column depends on beside its value."""
    keys = provider()
    return (settings.CIPHER, keys.key_ids(), keys.index_ids())


def _made(build: Callable[..., QuerySet[Any]], shapes: Iterable[object], count: bool) -> Made | None:
    """Work out the SQL of a shape with values that stand for the real ones; None when it can find nothing."""
    standing: list[Any] = []
    arguments: list[Any] = []
    for number, shape in enumerate(shapes):
        if isinstance(shape, _Many):
            keys = [_standing_for(shape.type) for _ in range(shape.count)]
            standing += keys
            arguments.append(keys)
        elif isinstance(shape, _One):
            standing.append(uuid4() if shape.type is UUID else date(1801 + number, 3, 7))
            arguments.append(standing[-1])
        else:
            arguments.append(shape)
    rows = build(*arguments)
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    places = [_place_of(parameter, standing) for parameter in parameters]
    assert {place for place, _, _ in places if place is not None} == set(range(len(standing))), (
        f"{build.__qualname__}: a key or day does not reach the query as it is"
    )
    converters: list[Any] = []
    if count:
        sql, shaped = f"SELECT COUNT(*) FROM ({sql}) counted", _first_field
    else:
        converters += compiler.get_converters(expression for expression, _, _ in compiler.select).items()
        shaped = _shaping(rows, compiler)

    def run(values: Sequence[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                sql, [fixed if place is None else form(values[place]) for place, form, fixed in places]
            )
            found = cursor.fetchall()
        return shaped(_converted(found, converters))

    return run


def _standing_for(kind: type) -> Any:
    """Return a value of a kind that stands nowhere else in a query."""
    if kind is UUID:
        return uuid4()
    return randbits(62) if kind is int else f"word {uuid4()}"


def _place_of(parameter: Any, standing: Sequence[Any]) -> tuple[int | None, Callable[[Any], Any], Any]:
    """Return which of the values a parameter stands for and in what form; for none, the parameter itself."""
    for place, value in enumerate(standing):
        for form in FORMS:
            if type(form(value)) is type(parameter) and form(value) == parameter:
                return place, form, None
    return None, FORMS[0], parameter


def _converted(found: Iterable[Sequence[Any]], converters: Sequence[Any]) -> list[list[Any]]:
    """Return rows as fields read them."""
    rows = [list(row) for row in found]
    for place, (steps, expression) in converters:
        for row in rows:
            value = row[place]
            for step in steps:
                value = step(value, expression, connection)
            row[place] = value
    return rows


def _first_field(rows: list[list[Any]]) -> list[Any]:
    return [row[0] for row in rows]


def _shaping(queryset: QuerySet[Any], compiler: Any) -> Callable[[list[list[Any]]], list[Any]]:
    """Return what makes the rows of a query what its queryset would give."""
    kind = queryset._iterable_class  # type: ignore[attr-defined]
    if kind is FlatValuesListIterable:
        return _first_field
    if kind is ValuesListIterable:
        query = queryset.query
        asked = list(queryset._fields)  # type: ignore[attr-defined]
        assert asked == [*query.values_select, *query.annotation_select], "fields before what is worked out"
        return lambda rows: [tuple(row) for row in rows]
    assert kind is ModelIterable and not compiler.annotation_col_map, "rows of a model or of named fields"
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, end = places[0], places[-1] + 1
    names = [each[0].target.attname for each in compiler.select[first:end]]
    beside = get_related_populators(compiler.klass_info, compiler.select, queryset.db)

    def shaped(rows: list[list[Any]]) -> list[Any]:
        made = []
        for row in rows:
            one = model.from_db(queryset.db, names, row[first:end])
            for each in beside:
                each.populate(row, one)
            made.append(one)
        return made

    return shaped
