"""The bare side of landing: read a file, seal and index its identity column, insert the bytes of each row. Nothing else.

It shares no code with the product. As a program: `python bench/landing_bare.py FILE DATABASE`, where DATABASE is a
path (SQLite) or an address (PostgreSQL).
"""

import csv
import os
import sqlite3
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

BATCH = 2_000
TITLES = ("certno", "证件号码")
TABLE = "CREATE TABLE landed (id bigint PRIMARY KEY, found_by text, identity text, row {bytes})"
INDEX = "CREATE INDEX landed_found_by ON landed (found_by)"
INSERT = "INSERT INTO landed (id, found_by, identity, row) VALUES (%s, %s, %s, %s)"
Execute = Callable[[str, Sequence[Any]], object]


def main(file: str, database: str) -> int:
    """Land one file barely; return how many rows."""
    rows = _sealed(_workbook(file) if file.endswith(".xlsx") else _csv(file))
    return _into_postgres(rows, database) if "://" in database else _into_sqlite(rows, database)


def _csv(file: str) -> Iterator[list[str]]:
    with open(file, encoding="utf-8-sig", newline="") as text:
        yield from csv.reader(text, strict=True)


def _workbook(file: str) -> Iterator[list[Any]]:
    from python_calamine import CalamineWorkbook

    yield from CalamineWorkbook.from_path(file).get_sheet_by_index(0).iter_rows()


def _sealed(rows: Iterator[list[Any]]) -> Iterator[tuple[int, str, str, bytes]]:
    """Yield number, index, sealed identity number and bytes of each row under the header."""
    header = next(rows)
    at = next(place for place, title in enumerate(header) if title in TITLES)
    key, finds = algorithms.SM4(os.urandom(16)), HMAC(os.urandom(32), hashes.SM3())
    for number, cells in enumerate(rows, 1):
        clear = cells[at].encode()
        nonce = os.urandom(12)
        context = Cipher(key, modes.GCM(nonce)).encryptor()
        context.authenticate_additional_data(f"landed.identity:{number}".encode())
        sealed = nonce + context.update(clear) + context.finalize() + context.tag
        index = finds.copy()
        index.update(clear)
        yield number, index.finalize().hex(), b64encode(sealed).decode(), "\x1f".join(cells).encode()


def _into_sqlite(rows: Iterator[tuple[Any, ...]], database: str) -> int:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; BEGIN IMMEDIATE;"
    )
    connection.execute(TABLE.format(bytes="blob"))
    connection.execute(INDEX)
    written = _insert(rows, connection.cursor().executemany, INSERT.replace("%s", "?"))
    connection.execute("COMMIT")
    connection.close()
    return written


def _into_postgres(rows: Iterator[tuple[Any, ...]], database: str) -> int:
    import psycopg

    with psycopg.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(TABLE.format(bytes="bytea"))
        cursor.execute(INDEX)
        return _insert(rows, cursor.executemany, INSERT)


def _insert(rows: Iterator[tuple[Any, ...]], execute: Execute, statement: str) -> int:
    written = 0
    while batch := list(islice(rows, BATCH)):
        execute(statement, batch)
        written += len(batch)
    return written


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
