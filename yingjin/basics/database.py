"""What a database must refuse by itself, said once for SQLite and once for PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
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
CHAIN_SQLITE = (
    """
CREATE TRIGGER {table}_links BEFORE INSERT ON {table}
WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM {table})
  OR NEW.before <> COALESCE((SELECT hash FROM {table} ORDER BY number DESC LIMIT 1), '{first}')
BEGIN SELECT RAISE(ABORT, '{table} takes only the next of its chain'); END
""",
)
CHAIN_POSTGRES = (
    """
CREATE FUNCTION {table}_links() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  SELECT number, hash INTO last FROM {table} ORDER BY number DESC LIMIT 1;
  IF NEW.number <> COALESCE(last.number, 0) + 1 OR NEW.before <> COALESCE(last.hash, '{first}') THEN
    RAISE EXCEPTION '{table} takes only the next of its chain';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER {table}_links BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_links()",
    """
CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM {table}) THEN RAISE EXCEPTION 'append only'; END IF;
  RETURN NULL;
END $$
""",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()",
)
SAMPLED_ROWS = 1_000
# Only who owns a table may have it counted, and the account that works owns none: the owner lends it this and no more.
# It counts what its owner owns and takes nothing in, so it may be called by everybody who may connect.
COUNTED_POSTGRES = """
CREATE OR REPLACE FUNCTION yingjin_count_for_the_planner() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user LOOP
    EXECUTE format('ANALYZE %I.%I', one.schemaname, one.tablename);
  END LOOP;
END $$
"""


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


def drop_append_only(table: str) -> migrations.RunPython:
    """Return a migration step that lets rows of a table be changed again, to carry them over into another shape."""
    step = append_only(table)
    return migrations.RunPython(step.reverse_code, step.code)


def next_of_chain_only(table: str) -> migrations.RunPython:
    """Return a migration step after which a table takes only the next link of its chain, and is never emptied (D10)."""

    def forward(apps: Any, editor: Any) -> None:
        for statement in CHAIN_POSTGRES if editor.connection.vendor == "postgresql" else CHAIN_SQLITE:
            editor.execute(statement.format(table=table, first="0" * 64), params=None)

    return migrations.RunPython(forward)


def count_for_the_planner() -> None:
    """Let the database count its tables anew after a large change, so that its plans fit what they now hold."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT yingjin_count_for_the_planner()")
        else:
            cursor.execute(f"PRAGMA analysis_limit={SAMPLED_ROWS}")
            cursor.execute("ANALYZE")


@contextmanager
def planned_by_values() -> Iterator[None]:
    """Let PostgreSQL plan each query by its values: where a range may hold nobody or everybody, no one plan fits.

    What comes again and again is planned once otherwise (`wsgi`). After an error the connection keeps
    this until it is given to somebody else (`scope_settings`).
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_custom_plan")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET plan_cache_mode")


def counted_by_who_works() -> migrations.RunPython:
    """Return a migration step after which an account that owns no table may have all of them counted anew."""

    def forward(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(COUNTED_POSTGRES, params=None)

    return migrations.RunPython(forward, migrations.RunPython.noop)
