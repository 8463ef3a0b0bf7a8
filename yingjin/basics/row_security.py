"""The second wall on PostgreSQL: the database itself shows a reader the rows of its scope and no others (D8).

The first wall is `basics.access.within`. This one stands behind it, for the query that forgot: every table with rows
about people has a policy, FORCEd so that its owner obeys it too. A connection that said nothing sees nothing. On
SQLite there is no such thing and all this does nothing.

* see, stop_seeing   what the present connection may see: a reader's scope, or again what was said at connecting
* protect            put the policies on every table, again whenever tables change

The web server sets a reader's scope at each request; commands and the worker, which act for the installation
itself, say EVERYTHING at connecting (`scope_settings`). Codes are compared as a range on a column of collation C: LIKE is no leakproof
operator and would read every row.

What a table's rows belong to is read from its model, `Privacy` saying the rest:

* region_code, facility_code   its own columns
* Privacy.behind = "bill"      as visible as the row behind this foreign key
* Privacy.everyone = "why"     every reader may see all rows
* Privacy.readers_sql          a condition of its own
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from yingjin.basics.access import Scope
from yingjin.basics.scope_settings import RESET

ALL = "current_setting('app.everything', true) = 'yes'"
REGION = "NULLIF(current_setting('app.region', true), '')"
FACILITY = "NULLIF(current_setting('app.facility', true), '')"
POLICY = "yingjin_scope"
OURS = "yingjin."


class Unprotected(AssertionError):
    """A model that does not say whose its rows are."""


def see(scope: Scope) -> None:
    """Let the present connection see the rows of a scope until something else is said."""
    if connection.vendor == "postgresql":
        _say({"app.everything": "", "app.region": scope.region_prefix, "app.facility": scope.facility_code})


@contextmanager
def widened() -> Iterator[None]:
    """Let a query that has its own reason see past the reader's scope, and nothing after it.

    The two reasons there are: finding who stands at a hospital's window by the whole identity number, and working
    out a person-year, for which every bill counts whoever treated. What is shown of it stays the caller's to decide.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.everything', true)")
        before = cursor.fetchone()[0] or ""
    _say({"app.everything": "yes"})
    try:
        yield
    finally:
        _say({"app.everything": before})


def stop_seeing() -> None:
    """Return the present connection to what was said at connecting."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(RESET)


def _say(values: dict[str, str]) -> None:
    calls = ", ".join(["set_config(%s, %s, false)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [word for pair in values.items() for word in pair])


def conditions() -> dict[str, str]:
    """Return, for every table whose rows belong to somebody's region, when a reader may see a row.

    Errors: Unprotected for a model that says neither whose its rows are nor that they are everyone's.
    """
    found = {}
    for model in apps.get_models():
        if model.__module__.startswith(OURS) and not getattr(model.Privacy, "everyone", ""):
            found[model._meta.db_table] = f"{ALL} OR {_condition(model)}"
    return found


def _condition(model: Any) -> str:
    privacy, table = model.Privacy, model._meta.db_table
    if own := getattr(privacy, "readers_sql", ""):
        return str(own).format(
            table=table, region=REGION, facility=FACILITY, in_region=in_region(f"{table}.region_code")
        )
    if name := getattr(privacy, "behind", ""):
        field = model._meta.get_field(name)
        there, key = field.related_model._meta.db_table, field.target_field.column
        return f"EXISTS (SELECT 1 FROM {there} behind WHERE behind.{key} = {table}.{field.column})"
    columns = {field.column for field in model._meta.concrete_fields}
    parts = []
    if "region_code" in columns:
        parts.append(in_region(f"{table}.region_code"))
    if "facility_code" in columns:
        parts.append(f"{table}.facility_code = {FACILITY}")
    if not parts:
        raise Unprotected(
            f"{model._meta.label}: say in Privacy whose its rows are (behind, everyone, readers_sql)"
        )
    return " OR ".join(parts)


def in_region(column: str) -> str:
    """Return the condition that a region's code lies within the reader's."""
    return f"({column} >= {REGION} AND {column} < {REGION} || '~')"


def protect() -> int:
    """Put the present policies on all tables that lack them or have others; return how many were changed."""
    if connection.vendor != "postgresql":
        return 0
    changed = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, obj_description(p.oid, 'pg_policy'), c.relforcerowsecurity FROM pg_policy p "
            "JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = %s", [POLICY],
        )  # fmt: skip
        there = {table: (words, forced) for table, words, forced in cursor.fetchall()}
        for table, condition in conditions().items():
            if there.get(table) != (condition, True):
                cursor.execute(_statements(table, condition), None)
                changed += 1
    return changed


def _statements(table: str, condition: str) -> str:
    words = condition.replace("'", "''")
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS {POLICY} ON {table};
        CREATE POLICY {POLICY} ON {table} USING ({condition}) WITH CHECK ({condition});
        COMMENT ON POLICY {POLICY} ON {table} IS '{words}';
    """
