"""
Columns that open in their own row alone (D5, D9).

A sealed value is bound to table, column and primary key, so a row's key must be known when it is written: `save`,
`create`, `bulk_create`, `bulk.insert` and `bulk.update` know it; `QuerySet.update` and `bulk_update` do not and refuse.
What is read brings its row's key along in the same SELECT, whatever the query.
"""

import json
import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact
from django.utils.functional import cached_property

from yingjin.basics.sealing import NotOpened, Seal, current_seal, unseal

COLUMN = re.compile(r'^("?\w+"?)\."\w+"$')
BETWEEN = "|"  # the row's key and what is stored, as one column of a SELECT
AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class NumberedField(models.BigAutoField):
    """A row's own number; a row with sealed fields takes it before it is written, so that they can be bound to it."""

    def deconstruct(self) -> Any:
        """Return Django's own number: the column is the same."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BigAutoField", args, kwargs

    def get_pk_value_on_save(self, instance: Any) -> Any:
        """Return a number of its own for a row that hides something; else the database gives one."""
        from yingjin.basics.bulk import allot

        model = type(instance)
        return allot(model, 1)[0] if sealed_fields(model) else super().get_pk_value_on_save(instance)


class ForRow(NamedTuple):
    """A value on its way into the row of a key."""

    value: Any
    key: str


class EqualToNothing(Exact):
    """Equal to a value that is stored as it is, because it tells nothing."""

    def get_prep_lookup(self) -> Any:
        """Return the text stored; for any other value there is an index, or the rows are opened and compared."""
        field = self.lhs.output_field
        text = field.to_text(self.rhs)
        if text not in field.plain:
            raise FieldError(f"{field} is sealed: nobody can look for what it holds")
        return text

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        """Return the text as the parameter of the query."""
        return "%s", [value]


class SealedField(models.TextField):
    """Text that opens in its own row and column alone. An empty text stays empty.

    Stored as base64 of what `sealing.seal` gives for `table.column:key`.
    """

    plain = frozenset({""})  # what is stored as it is: it tells nothing

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the clear value behind what a SELECT brought: the row's key and what is stored."""
        if value is None:
            return None
        key, between, stored = value.partition(BETWEEN)
        assert between, f"{self}: only the column itself can be read, no expression of it"
        return self.of_text(stored if stored in self.plain else self.opened(stored, key))

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """Read the key of the very row beside the column."""
        column = COLUMN.match(sql)
        if column is None:
            return sql, params
        key = f'{column[1]}."{self.model._meta.pk.column}"'
        if compiler.connection.vendor == "postgresql":
            key = f"replace({key}::text, '-', '')"
        return f"({key} || '{BETWEEN}' || {sql})", params

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Return the value together with its row's key."""
        return ForRow(super().pre_save(model_instance, add), key_text(model_instance.pk))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return what is stored of a value bound to its row."""
        if isinstance(value, ForRow):
            return self.stored(value.value, value.key, current_seal())
        assert value is None or self.to_text(value) in self.plain, (
            f"{self}: a sealed value is bound to its row: save the row, or use basics.bulk"
        )
        return value if value is None else self.to_text(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow to ask whether there is anything: nothing else can be asked of what is sealed."""
        return {"isnull": super().get_lookup("isnull"), "exact": EqualToNothing}.get(lookup_name)

    def stored(self, value: Any, key: str, by: Seal) -> str | None:
        """Return what is stored of a value in the row of a key."""
        if value is None:
            return None
        text = self.to_text(value)
        return text if text in self.plain else self.sealed_text(text, key, by)

    def all_stored(self, values: Iterable[Any], keys: Iterable[str], by: Seal) -> list[str | None]:
        """Return what is stored of many values, each in the row of its key."""
        to_text, plain = self.to_text, self.plain
        made: list[str | None] = [None if value is None else to_text(value) for value in values]
        hidden = [
            (at, text, key)
            for at, (text, key) in enumerate(zip(made, keys, strict=True))
            if text is not None and text not in plain
        ]
        begun = f"{self._table_and_column}:"
        sealed = by.seal_all(
            [text.encode() for _, text, _ in hidden], [(begun + key).encode() for _, _, key in hidden]
        )
        for (at, _, _), each in zip(hidden, sealed, strict=True):
            made[at] = b2a_base64(each, newline=False).decode("ascii")
        return made

    def sealed_text(self, text: str, key: str, by: Seal) -> str:
        """Return a text sealed for the row of a key."""
        return b2a_base64(by.seal(text.encode(), self.place(key).encode()), newline=False).decode("ascii")

    def opened(self, stored: str, key: str) -> str:
        """Return the text behind what is stored in the row of a key. Errors: KeyMissing, NotOpened."""
        if stored in self.plain:
            return stored
        place = f"{self._table_and_column}:{key}"
        try:
            return unseal(a2b_base64(stored, strict_mode=True), aad=place).decode()
        except ValueError:  # no base64
            raise NotOpened(place) from None

    def place(self, key: str) -> str:
        """Return where a value belongs."""
        return f"{self._table_and_column}:{key}"

    @cached_property
    def _table_and_column(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def to_text(self, value: Any) -> str:
        """Return a value as text."""
        return str(value)

    def of_text(self, text: str) -> Any:
        """Return the value behind a text."""
        return text


class IdentityNumberField(SealedField):
    """A person's identity number as the register wrote it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("max_length", None)  # of the time when it was not sealed
        super().__init__(*args, **kwargs)


class JsonText(str):
    """JSON that was written already."""

    __slots__ = ()


class PayloadField(SealedField):
    """A landed row or an explanation, kept whole as JSON text."""

    plain = frozenset({"{}", "[]", "null", '""'})

    def to_text(self, value: Any) -> str:
        """Return the JSON text of a value."""
        if type(value) is JsonText:
            return value
        return AS_JSON(value) if value else json.dumps(value)

    def of_text(self, text: str) -> Any:
        """Return the value behind JSON text."""
        return json.loads(text)

    def to_python(self, value: Any) -> Any:
        """Return the Python value behind text read from a form or a fixture."""
        return json.loads(value) if isinstance(value, str) else value


def key_text(key: Any) -> str:
    """Return a primary key as it stands in a sealed value's place."""
    assert key is not None, "a sealed value is bound to its row's key, which is not known yet"
    return key.hex if isinstance(key, UUID) else str(key).replace("-", "")


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    """Return the fields of a model that open in their own row alone."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]
