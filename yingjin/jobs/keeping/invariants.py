"""What a copy must hold just as the original: the rows of every table, the sums of every amount, the audit's head."""

from collections.abc import Callable, Sequence
from typing import Any

Invariants = dict[str, dict[str, Any]]
Ask = Callable[[str], Sequence[Any]]  # an SQL statement -> its one row

AUDIT = "basics_auditevent"
ROWS, LAST_NUMBER, LAST_HASH = "rows", "last_number", "last_hash"


def invariants(ask: Ask, like: Invariants | None = None) -> Invariants:
    """Return, for every table, its rows and the sum of each of its amounts in fen; of the audit its last event.

    `ask` runs over a database that stands still: a copy, or one moment of it. `like` names the tables and amounts
    of an older program, whose tables these are; without it they are today's.
    """
    found: Invariants = {}
    for table, amounts in (_of_today() if like is None else _as_in(like)).items():
        sums = "".join(f', COALESCE(SUM("{name}"), 0)' for name in amounts)
        rows, *totals = ask(f'SELECT COUNT(*){sums} FROM "{table}"')
        found[table] = {ROWS: int(rows), **dict(zip(amounts, map(int, totals), strict=True))}
    last = ask(f"SELECT number, hash FROM {AUDIT} UNION ALL SELECT 0, '' ORDER BY number DESC LIMIT 1")
    found[AUDIT] |= {LAST_NUMBER: int(last[0]), LAST_HASH: str(last[1])}
    return found


def differences(wanted: Invariants, found: Invariants) -> list[tuple[str, str, Any, Any]]:
    """List what differs: table, what of it, how it should be and how it is; None for what is not there."""
    return [
        (table, name, wanted.get(table, {}).get(name), found.get(table, {}).get(name))
        for table in sorted(wanted.keys() | found.keys())
        for name in sorted(wanted.get(table, {}).keys() | found.get(table, {}).keys())
        if wanted.get(table, {}).get(name) != found.get(table, {}).get(name)
    ]


def _of_today() -> dict[str, list[str]]:
    from django.apps import apps

    models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    return {
        model._meta.db_table: [
            field.column for field in model._meta.concrete_fields if field.column.endswith("_fen")
        ]
        for model in sorted(models, key=lambda model: model._meta.db_table)
    }


def _as_in(like: Invariants) -> dict[str, list[str]]:
    beside = {ROWS, LAST_NUMBER, LAST_HASH}
    return {table: [name for name in counted if name not in beside] for table, counted in like.items()}
