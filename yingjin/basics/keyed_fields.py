"""
Columns stored under a key so that equal texts are stored alike: what rows are found and counted by (D9).

* BlindIndexField    what a sealed text is found by, equality only
* PseudonymField     a short word of a short list, the same for the same word, so that rows can be counted by it
* RowKeyField        a row's key by its register, its words sealed and its numbers not
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.lookups import Exact, In

from yingjin.basics.code_fields import RegionCodeField
from yingjin.basics.identity import clean, to18
from yingjin.basics.names import same_name_key
from yingjin.basics.sealing import (
    indexes,
    keyed_index,
    keyed_indexes,
    same_every_time,
    same_under_every_key,
    unseal_same,
)

BETWEEN = "|"  # the parts of a row's key


class KeyedExact(Exact):
    """Equal to a value, under whichever key it was stored."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the comparison with every form the value may be stored in."""
        if not self.rhs_is_direct_value():
            return super().as_sql(compiler, connection)
        return _among(self, [self.rhs], compiler, connection)


class KeyedIn(In):
    """Equal to one of some values, under whichever key they were stored."""

    prepare_rhs = False

    def get_prep_lookup(self) -> Any:
        """Leave plain values as they are; of a query take its only column."""
        return self.rhs if self.rhs_is_direct_value() else super().get_prep_lookup()

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the comparison with every form the values may be stored in."""
        if not self.rhs_is_direct_value():
            return super().as_sql(compiler, connection)
        return _among(self, self.rhs, compiler, connection)


def _among(lookup: Any, values: Iterable[Any], compiler: Any, connection: Any) -> Any:
    field = lookup.lhs.output_field
    stored = list(dict.fromkeys(form for value in values for form in field.forms(value)))
    if not stored:
        raise EmptyResultSet
    lhs, params = lookup.process_lhs(compiler, connection)
    marks = ", ".join(["%s"] * len(stored))
    return f"{lhs} IN ({marks})", [*params, *stored]


class KeyedField(models.CharField):
    """A short text stored under a key so that equal texts are stored alike: asked for by equality alone."""

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow equality, and to ask whether there is anything."""
        keyed = {"exact": KeyedExact, "in": KeyedIn, "isnull": super().get_lookup("isnull")}
        return keyed.get(lookup_name)

    def forms(self, value: Any) -> tuple[str, ...]:
        """Return every form a value may be stored in: one, or more while keys are being replaced."""
        return (str(self.get_prep_value(value)),)


class Indexed(str):
    """An index as it is stored."""

    __slots__ = ()


class BlindIndexField(KeyedField):
    """What a sealed text is found by, equality only; `of` names the field it is made from, `read` how.

    Without more it is the index of an identity number: of the valid 18-character form, or of the number as cleaned.
    `inside` takes the number out of what the field holds, where that holds more. `like` names the column, as
    table.column, whose indexes these are: equal numbers have equal indexes in both.
    """

    def __init__(
        self,
        *args: Any,
        of: str = "",
        read: Callable[[str], str] | None = None,
        inside: Callable[[str], str] = str,
        like: str = "",
        **kwargs: Any,
    ) -> None:
        self.of = of
        self.read = read or blind_index
        self.inside = inside
        self.like = like
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)

    @property
    def name_of_index(self) -> str:
        """Return what keeps this column's indexes apart from all others."""
        return self.like or f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the index, marked as one."""
        return None if value is None else Indexed(value)

    def index_of(self, text: str) -> Indexed:
        """Return what a clear text is found by."""
        return Indexed(keyed_index(self.read(text) if text else "", column=self.name_of_index))

    def indexes_of(self, texts: Iterable[str]) -> list[Indexed]:
        """Return what many clear texts are found by."""
        read = self.read
        made = keyed_indexes([read(text) if text else "" for text in texts], column=self.name_of_index)
        return list(map(Indexed, made))

    def get_prep_value(self, value: Any) -> Any:
        """Return the index of a clear text; an index stays as it is."""
        return value if value is None or isinstance(value, Indexed) else self.index_of(str(value))

    def forms(self, value: Any) -> tuple[str, ...]:
        """Return the indexes a clear text may be found by."""
        if isinstance(value, Indexed):
            return (value,)
        return indexes(self.read(str(value)) if value else "", column=self.name_of_index)


class PseudonymField(KeyedField, RegionCodeField):
    """A word that stands for itself under a key: equal words look alike, whatever their row.

    Rows can be counted by it and words compared across the columns of one `domain`. Whoever steals the table learns
    how often a word occurs, not which; and a word moved to another row is not noticed.
    """

    def __init__(self, *args: Any, domain: str = "", **kwargs: Any) -> None:
        self.domain = domain
        kwargs.setdefault("max_length", 400)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return the field with its domain: what is stored depends on it."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "domain": self.domain}

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the word."""
        return value if not value else unseal_same(value, aad=self.domain)

    def get_prep_value(self, value: Any) -> Any:
        """Return what is stored of a word."""
        return value if not value else same_every_time(str(value), aad=self.domain)

    def forms(self, value: Any) -> tuple[str, ...]:
        """Return every form a word may be stored in."""
        return same_under_every_key(str(value), aad=self.domain) if value else ("",)


SEALED = "~"
MARK = f"{BETWEEN}{SEALED}"  # before what is sealed
WHOLE = BETWEEN  # stands before a key that is sealed as a whole: no number is so, its bars are doubled
NO_BARS = str.maketrans("", "", "|-")
NUMBERS_ALONE = re.compile(r"[0-9-]*")
FIRST_AND_REST = re.compile(r"((?:[^|]|\|\|)*)\|(?!\|)(.*)", re.DOTALL)


class RowKeyField(KeyedField, RegionCodeField):
    """A row's key by its register: a number, then perhaps a day or a year, or words such as a diagnosis.

    The number stays readable, so that rows are read in its order; words after it are sealed for this number alone.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 400)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the key in clear."""
        if not value or SEALED not in value:
            return value
        first, _, rest = value.rpartition(BETWEEN)
        if not rest.startswith(SEALED):
            return value
        opened = unseal_same(rest[1:], aad=self._place(first))
        return opened if first == WHOLE else f"{first}|{opened}"

    def get_prep_value(self, value: Any) -> Any:
        """Return what is stored of a key."""
        first, rest = self._parts(value)
        return f"{first}|{SEALED}{same_every_time(rest, aad=self._place(first))}" if rest else value

    def forms(self, value: Any) -> tuple[str, ...]:
        """Return every form a key may be stored in."""
        first, rest = self._parts(value)
        if not rest:
            return (value,)
        return tuple(f"{first}|{SEALED}{each}" for each in same_under_every_key(rest, aad=self._place(first)))

    def _place(self, first: str) -> str:
        return f"{self.model._meta.db_table}.{self.column}:{first}"

    @staticmethod
    def _parts(key: Any) -> tuple[str, str]:
        """Return the number and the words of a key; no words when there are none.

        What would look as if it were sealed, as somebody may write it, is all words.
        """
        if key and key.translate(NO_BARS).isdecimal() and key.isascii():
            return "", ""
        parts = FIRST_AND_REST.fullmatch(key) if key and BETWEEN in key else None
        if parts and not NUMBERS_ALONE.fullmatch(parts[2]):
            return (WHOLE, key) if MARK in parts[1] else (parts[1], parts[2])
        return (WHOLE, key) if key and (key.startswith(SEALED) or MARK in key) else ("", "")


def as_written(text: str) -> str:
    """Return a text that is compared as somebody wrote it."""
    return text


def blind_index(number: str) -> str:
    """Return the form of an identity number by which it is compared."""
    return to18(number) or clean(number)[:64]


def last_four(number: str) -> str:
    """Return the end of an identity number, by which people are asked for."""
    return clean(number)[-4:]


def first_of(name: str) -> str:
    """Return the first character of a name."""
    return same_name_key(name)[:1]
