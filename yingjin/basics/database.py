"""What a database must refuse by itself, said once for SQLite and once for PostgreSQL."""

from typing import Any

from django.db import connection, migrations

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append only'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION yingjin_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append only'; END $$
"""
POSTGRES = "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION yingjin_append_only()"
VERBS = ("UPDATE", "DELETE")
SAMPLED_ROWS = 1_000


def append_only(table: str) -> migrations.RunPython:
    """Return a migration step after which the database refuses to change or delete rows of a table (D10)."""

    def forward(apps: Any, editor: Any) -> None:
        postgres = editor.connection.vendor == "postgresql"
        if postgres:
            editor.execute(POSTGRES_FUNCTION, params=None)
        for verb in VERBS:
            editor.execute((POSTGRES if postgres else SQLITE).format(table=table, verb=verb), params=None)

    def backward(apps: Any, editor: Any) -> None:
        suffix = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for verb in VERBS:
            editor.execute(f"DROP TRIGGER {table}_no_{verb}{suffix}", params=None)

    return migrations.RunPython(forward, backward)


def count_for_the_planner() -> None:
    """Let the database count its tables anew after a large change, so that its plans fit what they now hold."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit={SAMPLED_ROWS}")
        cursor.execute("ANALYZE")
