"""Seal what a table holds in clear, once, in the migration that makes its columns hidden."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import migrations

from yingjin.basics.row_security import widened
from yingjin.basics.sealing import current_seal

BATCH = 1_000
Reads = Callable[[str], str]
Row = dict[str, Any]


def hide(
    model: str,
    *,
    sealed: Sequence[str] = (),
    words: Sequence[str] = (),
    indexes: Mapping[str, tuple[str, Reads]] | None = None,
    more: Mapping[str, Callable[[Row], Any]] | None = None,
    reads: Sequence[str] = (),
) -> migrations.RunPython:
    """Return the step that seals the clear values of a model, batch by batch; there is no way back.

    `sealed` opens in its row alone, `words` are pseudonyms and row keys, `indexes` are made of another field's clear
    text; `more` works out further columns from the clear row, for which `reads` names what else it needs.
    """

    def forward(apps: Any, editor: Any) -> None:
        table = apps.get_model(model)._meta
        names = [*sealed, *words, *(indexes or {}), *(more or {})]
        _as_text(editor, table, sealed)
        read = {
            name: table.get_field(name).column for name in dict.fromkeys([*names, *_sources(indexes), *reads])
        }
        changes = ", ".join(f'"{table.get_field(name).column}" = %s' for name in names)
        statement = f'UPDATE "{table.db_table}" SET {changes} WHERE "{table.pk.column}" = %s'
        with widened(), editor.connection.cursor() as cursor:
            for batch in _rows(cursor, table, read):
                by = current_seal()
                made = [
                    [*(_made(table, name, row, key, by, words, indexes, more) for name in names), key]
                    for key, row in batch
                ]
                cursor.executemany(statement, made)

    return Hide(model, forward)


class Hide(migrations.RunPython):
    """Runs where the table holds anything: a new database builds no models of its past for nothing."""

    def __init__(self, model: str, forward: Callable[[Any, Any], None]) -> None:
        super().__init__(forward)
        self.table = model.lower().replace(".", "_")

    def deconstruct(self) -> Any:
        """Return the step as the call that made it cannot be: migrations that hide are written by hand."""
        return self.__class__.__qualname__, [self.table], {}

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Seal what is there."""
        with widened(), schema_editor.connection.cursor() as cursor:
            cursor.execute(f'SELECT 1 FROM "{self.table}" LIMIT 1')
            empty = cursor.fetchone() is None
        if not empty or schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def _made(table: Any, name: str, row: Row, key: Any, by: Any, words: Any, indexes: Any, more: Any) -> Any:
    field = table.get_field(name)
    if name in (more or {}):
        return more[name](row)
    if name in (indexes or {}):
        source, field.read = indexes[name]
        return str(field.index_of(row[source] or ""))
    if name in words:
        return field.get_prep_value(row[name])
    clear = row[name]
    if clear is None or clear in field.plain:
        return clear
    return field.sealed_text(clear, str(key).replace("-", ""), by)


def _sources(indexes: Mapping[str, tuple[str, Reads]] | None) -> list[str]:
    return [source for source, _ in (indexes or {}).values()]


def _as_text(editor: Any, table: Any, names: Sequence[str]) -> None:
    """Let the columns hold texts of any length, whatever an earlier release made them."""
    if editor.connection.vendor == "postgresql":
        for name in names:
            column = table.get_field(name).column
            editor.execute(f'ALTER TABLE "{table.db_table}" ALTER COLUMN "{column}" TYPE text', params=None)


def _rows(cursor: Any, table: Any, read: Mapping[str, str]) -> Iterator[list[tuple[Any, Row]]]:
    """Yield the rows of a table in batches, as they lie there, in order of their keys."""
    key = f'"{table.pk.column}"'
    columns = ", ".join([key, *(f'"{column}"' for column in read.values())])
    after: list[Any] = []
    while True:
        beyond = f"WHERE {key} > %s" if after else ""
        cursor.execute(
            f'SELECT {columns} FROM "{table.db_table}" {beyond} ORDER BY {key} LIMIT {BATCH}', after
        )
        found = cursor.fetchall()
        if not found:
            return
        after = [found[-1][0]]
        yield [(values[0], dict(zip(read, values[1:], strict=True))) for values in found]
