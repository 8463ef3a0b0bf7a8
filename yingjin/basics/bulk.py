"""Write many rows with one statement each batch, five times as fast as through model instances."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Any, cast

from django.db import connection, models

BATCH = 2_000
# Text, numbers and truth values go in as they are; our own fields and days are turned into what is stored.
AS_THEY_ARE = {
    models.CharField.get_prep_value,
    models.IntegerField.get_prep_value,
    models.BooleanField.get_prep_value,
}


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows given as tuples of the named fields; return how many."""
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({places})"
    return _execute(statement, fields, rows)


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Set the named fields of many rows, given as tuples of their values and last the primary key; return how many."""
    fields = [model._meta.get_field(name) for name in names]
    changes = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    key = model._meta.pk
    statement = f"UPDATE {_quoted(model._meta.db_table)} SET {changes} WHERE {_quoted(key.column)} = %s"
    return _execute(statement, [*fields, key], rows)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _ready(field: Any) -> Callable[[Any], Any] | None:
    """Return what makes a value of a field ready for the database; None where the value is so as it is."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if type(field).get_prep_value in AS_THEY_ARE:
        return None
    if type(field).get_db_prep_value is models.Field.get_db_prep_value:
        return cast(Callable[[Any], Any], field.get_prep_value)  # the same on every database
    make = partial(field.get_db_prep_save, connection=connection)
    return lru_cache(maxsize=4_096)(make) if isinstance(field, models.DateField) else make


def _execute(statement: str, fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> int:
    """Run a statement for every row, each value made ready by its field."""
    ready = [(place, make) for place, make in enumerate(map(_ready, fields)) if make is not None]

    def made(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, make in ready:
            values[place] = make(values[place])
        return values

    written = 0
    left = map(made, rows)
    with connection.cursor() as cursor:
        while batch := list(islice(left, BATCH)):
            cursor.executemany(statement, batch)
            written += len(batch)
    return written
