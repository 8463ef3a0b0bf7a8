"""Seal the rows of a table anew with the present keys, batch by batch, so that former keys can be forgotten.

* hiding_models   the models with hidden columns
* left_in         how many rows of one still need a former key, or another cipher
* keys_fit        refuse to go on with keys that do not belong to the data
* seal_anew       seal them; each batch is a transaction, so a stop loses none
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from yingjin.basics import bulk
from yingjin.basics.errors import Conflict
from yingjin.basics.keyed_fields import MARK, BlindIndexField, PseudonymField, RowKeyField
from yingjin.basics.sealed_fields import SealedField, key_text, sealed_fields
from yingjin.basics.sealing import NotOpened, Seal, current_seal, index_prefix, unseal

BATCH = 1_000
Hidden = SealedField | BlindIndexField | PseudonymField | RowKeyField | models.BinaryField
Digests = Callable[[Any], Iterator[tuple[str, Any]]]


def hiding_models() -> list[type[models.Model]]:
    """Return the models with hidden columns, in order of their tables."""
    found = [model for model in apps.get_models() if _hidden(model)]
    return sorted(found, key=lambda model: model._meta.db_table)


class KeysDoNotFit(Conflict):
    """The keys beside the data are named as the right ones are, and open nothing."""

    code = "keys_do_not_fit"

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} 没有打开：密钥文件不是这份数据的，或者这条记录被改动过。把配套的密钥文件放回去；密钥没有错的话，用备份核对。",
            f"{place} was not opened: the key file belongs to other data, or this record was altered. Put back the key "
            "file of this data; if it is the right one, compare with a backup.",
            place=place,
        )


def keys_fit() -> None:
    """Open one hidden value of each table, before anything is written. Errors: KeyMissing, KeysDoNotFit."""
    for model in hiding_models():
        fields = sealed_fields(model)
        try:
            if fields:
                model._default_manager.values_list(*(field.name for field in fields)).order_by("pk").first()
        except NotOpened as refused:
            raise KeysDoNotFit(str(refused.data["place"])) from None


def left_in(model: type[models.Model]) -> int:
    """Return how many rows need a former key, or were sealed with the other cipher."""
    where, words = _outdated(model)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COUNT(*) FROM "{model._meta.db_table}" WHERE {where}', words)
        return int(cursor.fetchone()[0])


def seal_anew(model: type[models.Model], *, after: Digests | None = None) -> Iterator[int]:
    """Seal the rows that need it; yield how many after each batch. `after` works out the hashes of rows sealed anew."""
    last: Any = None
    while True:
        with transaction.atomic():
            keys = _seal_batch(model, last)
            if keys and after is not None:
                rows = model._default_manager.filter(pk__in=keys)
                bulk.update(model, ("digest",), list(after(rows)))
        if not keys:
            return
        last = keys[-1]
        yield len(keys)


def _seal_batch(model: type[models.Model], last: Any) -> list[Any]:
    """Seal the next rows after a key; return their keys as the database has them."""
    meta, fields = model._meta, _hidden(model)
    where, words = _outdated(model)
    key = f'"{meta.pk.column}"'
    if last is not None:
        where, words = f"({where}) AND {key} > %s", [*words, last]
    locked = " FOR UPDATE" if connection.vendor == "postgresql" else ""  # SQLite has one writer at a time
    columns = ", ".join(f'"{field.column}"' for field in fields)
    changes = ", ".join(f'"{field.column}" = %s' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {key}, {columns} FROM "{meta.db_table}" WHERE {where} ORDER BY {key} LIMIT {BATCH}{locked}',
            words,
        )
        rows = cursor.fetchall()
        by = current_seal()
        made = [[*_anew(fields, values, key_text(own), by), own] for own, *values in rows]
        cursor.executemany(f'UPDATE "{meta.db_table}" SET {changes} WHERE {key} = %s', made)
    return [row[0] for row in rows]


def _anew(fields: list[Hidden], values: list[Any], key: str, by: Seal) -> list[Any]:
    """Return the hidden columns of one row as they are stored under the present keys."""
    clear: dict[str, str] = {}
    made: dict[str, Any] = {}
    for field, stored in zip(fields, values, strict=True):
        if isinstance(field, SealedField):
            if stored is None or stored in field.plain:
                made[field.name] = clear[field.name] = stored
            else:
                clear[field.name] = field.opened(stored, key)
                made[field.name] = field.sealed_text(clear[field.name], key, by)
        elif isinstance(field, models.BinaryField):
            place = f"{field.model._meta.db_table}.{field.column}:{key}"
            made[field.name] = stored and by.seal(unseal(bytes(stored), aad=place), place.encode())
        elif not isinstance(field, BlindIndexField):
            made[field.name] = field.get_prep_value(field.from_db_value(stored, None, connection))
    for field in fields:
        if isinstance(field, BlindIndexField):
            made[field.name] = str(field.index_of(field.inside(clear[field.of])))
    return [made[field.name] for field in fields]


def _outdated(model: type[models.Model]) -> tuple[str, list[Any]]:
    """Return the condition of a row that needs a former key, by how the stored values begin."""
    head = b64encode(current_seal().head).decode()
    parts: list[str] = []
    words: list[Any] = []
    for field in _hidden(model):
        column = f'"{field.column}"'
        if isinstance(field, RowKeyField):
            place = "strpos" if connection.vendor == "postgresql" else "instr"
            at = f"{place}({column}, %s)"
            parts.append(f"({at} > 0 AND substr({column}, {at} + 2, 8) <> %s)")
            words += [MARK, MARK, head]
        elif isinstance(field, BlindIndexField):
            parts.append(f"({column} <> '' AND substr({column}, 1, 4) <> %s)")
            words.append(index_prefix())
        elif isinstance(field, models.BinaryField):
            parts.append(f"substr({column}, 1, {len(current_seal().head)}) <> %s")
            words.append(current_seal().head)
        else:
            plain = sorted(field.plain) if isinstance(field, SealedField) else [""]
            marks = ", ".join(["%s"] * len(plain))
            parts.append(f"({column} NOT IN ({marks}) AND substr({column}, 1, 8) <> %s)")
            words += [*plain, head]
    return " OR ".join(parts), words


def _hidden(model: type[models.Model]) -> list[Hidden]:
    """Return the hidden columns; bytes that a model hides are taken for sealed by `sealing.seal` for table.column:key."""
    hides = getattr(getattr(model, "Privacy", None), "hide", ())
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, Hidden) and (field.name in hides or not isinstance(field, models.BinaryField))
    ]
