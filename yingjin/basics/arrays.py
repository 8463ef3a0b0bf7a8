"""
Insert many rows with one statement on PostgreSQL: a column is one array, a column of one value that value alone.

A row a statement costs the server more than the row. COPY would be as fast, but the database refuses it where readers
see only rows of their scope (`row_security`).
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db import connection, models

TO_ESCAPE = re.compile(r'["\\]')
NOTHING = "NULL"


class Element(NamedTuple):
    """How the elements of an array are called and written."""

    type: str
    write: Callable[[Any], str]
    quoted: bool


def _truth(value: Any) -> str:
    return "t" if value else "f"


# No lengths: a cast to varchar(16) would cut a text that is too long; so the column refuses it.
ELEMENTS = {
    "bigint": Element("bigint", str, False),
    "integer": Element("integer", str, False),
    "smallint": Element("smallint", str, False),
    "boolean": Element("boolean", _truth, False),
    "uuid": Element("uuid", str, False),
    "date": Element("date", str, False),
    "timestamp with time zone": Element("timestamptz", str, True),
    "text": Element("text", str, True),
    "varchar": Element("text", str, True),
}


def insert_arrays(
    model: type[models.Model], fields: Sequence[models.Field[Any, Any]], columns: Sequence[Sequence[Any]]
) -> bool:
    """Insert rows given column by column, ready for the database; return whether it could be done this way."""
    if connection.vendor != "postgresql":
        return False
    elements = [_element(field) for field in fields]
    if None in elements:
        return False
    names, selected, arrays, single, many = [], [], [], [], []
    for field, element, values in zip(fields, elements, columns, strict=True):
        assert element is not None
        name = connection.ops.quote_name(field.column)
        names.append(name)
        alike = one_value(values)
        if alike is None:
            selected.append(f"rows.{name}")
            arrays.append((name, f"%s::{element.type}[]"))
            many.append(array_of(values, element))
        else:
            selected.append(f"%s::{element.type}")
            single.append(alike[0])
    if not arrays:
        return False
    table = connection.ops.quote_name(model._meta.db_table)
    listed, given = ", ".join(name for name, _ in arrays), ", ".join(place for _, place in arrays)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(selected)} "
            f"FROM unnest({given}) AS rows ({listed})",
            [*single, *many],
        )
    return True


def _element(field: models.Field[Any, Any]) -> Element | None:
    kind = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return ELEMENTS.get((kind or "").partition("(")[0])


def one_value(values: Sequence[Any]) -> tuple[Any] | None:
    """Return the value of a column that holds only one; None where it holds several."""
    first = values[0]
    alike = values[-1] == first and values[len(values) // 2] == first and values.count(first) == len(values)
    return (first,) if alike else None


def array_of(values: Sequence[Any], element: Element) -> str:
    """Write a column as an array."""
    if element.write is str and type(values[0]) is str and None not in values:
        texts = values
    else:
        texts = [NOTHING if value is None else element.write(value) for value in values]
    if not element.quoted:
        return "{" + ",".join(texts) + "}"
    if TO_ESCAPE.search("".join(texts)):
        texts = [TO_ESCAPE.sub(r"\\\g<0>", text) for text in texts]
    if None not in values:
        return '{"' + '","'.join(texts) + '"}'
    written = (NOTHING if value is None else f'"{text}"' for value, text in zip(values, texts, strict=True))
    return "{" + ",".join(written) + "}"
