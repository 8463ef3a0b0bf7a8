"""What somebody holds who copied the database and the data folder: bytes, searched for what they must not tell."""

import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import psycopg

from tests.support.places import Place

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
BESIDE = ("", "-wal", "-shm")
NOT_STOLEN = "keys.json"


def stolen(place: Place, folder: Path) -> bytes:
    """Return all bytes of a place but its keys, as they lie there: the database, its journal, and every file."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(place.store, folder)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != NOT_STOLEN]
    whole = b"\n".join([str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes() for path in files])
    return whole + (copied_out(place.database_url) if place.database_url else b"")


def copied_out(url: str) -> bytes:
    """Return every table of a PostgreSQL database as COPY writes it: what pg_dump holds."""
    found = []
    with psycopg.connect(url, options="-c app.everything=yes") as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in tables.fetchall():
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
                found += [f"{table}\n".encode(), *map(bytes, copy)]
    return b"".join(found)


def told(whole: bytes, texts: Iterable[str]) -> list[str]:
    """Return which of some texts stand in bytes, in whichever encoding."""
    return [f"{text} in {how}" for text in texts for how in ENCODINGS if text.encode(how) in whole]


def written_in_clear(place: Place, text: str) -> None:
    """Write a text into a hidden column as somebody would who forgot to seal it."""
    statement = (
        "UPDATE fusion_registerperson SET name = %s WHERE id = (SELECT MIN(id) FROM fusion_registerperson)"
    )
    if place.database_url:
        with psycopg.connect(place.database_url, options="-c app.everything=yes") as connection:
            connection.execute(statement, [text])
    else:
        with sqlite3.connect(place.store / "yingjin.sqlite3") as connection:
            connection.execute(statement.replace("%s", "?"), [text])
        connection.close()
