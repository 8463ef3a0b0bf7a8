"""A consistent copy of the database while others write, and back into an empty one.

SQLite: the backup interface inside one read transaction, so that writers neither wait nor are seen. PostgreSQL:
pg_dump of one exported snapshot; the same moment is asked for the invariants. Its account needs to read only: it says
at connecting that it acts for the installation, as commands do (row_security).
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from yingjin.basics.errors import Conflict
from yingjin.basics.scope_settings import EVERYTHING
from yingjin.jobs.keeping.invariants import Invariants, invariants

PAGES_A_STEP = 4_096
SQLITE_FILE, POSTGRES_FILE = "database.sqlite3", "database.pgdump"
Report = Callable[[int, int], None]  # pages done, pages in all


class NoDatabaseTool(Conflict):
    """pg_dump or pg_restore is not on this machine, or refuses."""

    code = "no_database_tool"


def copy_sqlite(source: Path, into: Path, report: Report) -> Invariants:
    """Copy a SQLite database as it is at this moment; return what the copy holds."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, isolation_level=None)) as reading,
        closing(sqlite3.connect(into)) as writing,
    ):
        reading.execute("BEGIN")
        reading.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # from here on: this moment
        reading.backup(
            writing, pages=PAGES_A_STEP, progress=lambda _, left, total: report(total - left, total)
        )
        reading.execute("ROLLBACK")
        writing.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        return invariants(lambda statement: writing.execute(statement).fetchone())


def sqlite_invariants(path: Path, like: Invariants | None = None) -> Invariants:
    """Return what a SQLite file holds, of the tables and amounts of another count when one is given."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reading:
        return invariants(lambda statement: reading.execute(statement).fetchone(), like)


def copy_postgres(settings: dict[str, Any], into: Path) -> Invariants:
    """Dump a PostgreSQL database as it is at this moment; return what it held then. Errors: NoDatabaseTool."""
    import psycopg

    with psycopg.connect(**_address(settings), options=EVERYTHING) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None, "pg_export_snapshot gives a row"
        found = invariants(lambda statement: connection.execute(statement).fetchone() or ())
        _run(
            "pg_dump",
            settings,
            "--format=custom",
            "--enable-row-security",
            f"--snapshot={row[0]}",
            f"--file={into}",
        )
    return found


def postgres_invariants(settings: dict[str, Any], like: Invariants | None = None) -> Invariants:
    """Return what a PostgreSQL database holds at this moment; `like` as for SQLite."""
    import psycopg

    with psycopg.connect(**_address(settings), options=EVERYTHING) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return invariants(lambda statement: connection.execute(statement).fetchone() or (), like)


def postgres_is_empty(settings: dict[str, Any]) -> bool:
    """Say whether a PostgreSQL database has no table of anybody."""
    import psycopg

    with psycopg.connect(**_address(settings), options=EVERYTHING) as connection:
        found = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
    return found is None


def fill_postgres(settings: dict[str, Any], dump: Path) -> None:
    """Fill an empty PostgreSQL database from a dump, whole or not at all. Errors: NoDatabaseTool."""
    _run(
        "pg_restore", settings, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(dump)
    )  # fmt: skip


def _run(program: str, settings: dict[str, Any], *words: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise NoDatabaseTool(
            f"这台机器上没有 {program}。装上 PostgreSQL 的客户端（Debian：postgresql-client），再运行一次。",
            f"{program} is not on this machine. Install PostgreSQL's client (Debian: postgresql-client), then run again.",
        )
    address = _address(settings)
    environment = {**os.environ, "PGPASSWORD": address.get("password", ""), "PGOPTIONS": EVERYTHING}
    names = {"host": "--host", "port": "--port", "user": "--username", "dbname": "--dbname"}
    where = [f"{option}={address[name]}" for name, option in names.items() if address.get(name)]
    done = subprocess.run(
        [found, "--no-password", *where, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = _last_line(done.stderr)
        raise NoDatabaseTool(
            f"{program} 停下了：{why}。看它的版本不低于服务器、账号有没有权限。",
            f"{program} stopped: {why}. See that it is no older than the server and that its account may do this.",
        )


def _last_line(said: str) -> str:
    lines = said.strip().splitlines()
    return lines[-1] if lines else "?"


def _address(settings: dict[str, Any]) -> dict[str, str]:
    """Return what psycopg needs to know of Django's settings of a database."""
    names: Sequence[tuple[str, str]] = (
        ("host", "HOST"), ("port", "PORT"), ("user", "USER"), ("password", "PASSWORD"), ("dbname", "NAME"),
    )  # fmt: skip
    return {name: str(settings[theirs]) for name, theirs in names if settings.get(theirs)}
