"""Chains of made-up events as rows of a file, and every way of tampering with one.

* chain       rows as the product writes them
* TAMPERINGS  name -> what is done to the rows, and which first row the verifier must then name, with the kind
* as_sqlite, as_lines, as_csv, anchors_in    the files the verifier reads
"""

import csv
import json
import random
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from yingjin.basics.chain import FIRST, MOMENT, digest

COLUMNS = ("number", "at", "by", "role", "what", "target", "facts", "before", "hash")
Row = dict[str, Any]
BEGAN = datetime(2026, 1, 2, 3, 4, 5, 60_007, tzinfo=UTC)


def chain(events: Iterable[Row], *, after: Row | None = None) -> list[Row]:
    """Link events, each with at, by, role, what, target and facts."""
    rows, last = [], after or {"number": 0, "hash": FIRST}
    for event in events:
        last = linked(event, last)
        rows.append(last)
    return rows


def linked(event: Row, last: Row) -> Row:
    """Return an event as the next of a chain."""
    facts = {name: event[name] for name in COLUMNS[1:7]}
    facts |= {"number": last["number"] + 1, "before": last["hash"]}
    return {**facts, "hash": digest(**facts)}


def events(count: int) -> list[Row]:
    """Return some events, no two alike."""
    return [
        {
            "at": BEGAN + timedelta(hours=number), "by": f"u{number}", "role": "auditor", "what": "person_opened",
            "target": f"person:{number}", "facts": {"on": "2026-01-02", "页": number},
        }
        for number in range(count)
    ]  # fmt: skip


def rehashed(row: Row) -> Row:
    """Return a row with the hash of what it says."""
    return {**row, "hash": digest(**{name: row[name] for name in COLUMNS if name != "hash"})}


CHANGES: dict[str, Callable[[Any], Any]] = {
    "at": lambda at: at + timedelta(microseconds=1),
    "by": lambda by: by + "x",
    "role": lambda role: role + "x",
    "what": lambda what: what + "x",
    "target": lambda target: target + "x",
    "facts": lambda facts: {**facts, "more": 1},
    "before": lambda before: before[::-1] if before != before[::-1] else "1" * 64,
    "hash": lambda value: ("0" if value[0] != "0" else "1") + value[1:],
}
Expected = tuple[str, int]


def change(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Change one value of one row."""
    name = chance.choice(sorted(CHANGES))
    rows[at] = {**rows[at], name: CHANGES[name](rows[at][name])}
    return "altered", at + 1


def change_and_rehash(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Change what one row says and give it the hash that fits; the next row still has the old one."""
    at = min(at, len(rows) - 2)
    name = chance.choice(("at", "by", "role", "what", "target", "facts"))
    rows[at] = rehashed({**rows[at], name: CHANGES[name](rows[at][name])})
    return "altered", at + 1


def delete(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Take rows out of the middle, or from the beginning."""
    at = min(at, len(rows) - 2)
    del rows[at : at + chance.randint(1, len(rows) - 1 - at)]
    return "missing", at + 1


def delete_and_renumber(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Take one row out and move the numbers up, so that none is missing."""
    at = min(at, len(rows) - 2)
    del rows[at]
    rows[at:] = [{**row, "number": row["number"] - 1} for row in rows[at:]]
    return "missing", at + 1


def swap_numbers(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Let two rows change places."""
    other = chance.choice([place for place in range(len(rows)) if place != at])
    first, second = sorted((at, other))
    one, two = rows[first], rows[second]
    rows[first], rows[second] = {**two, "number": one["number"]}, {**one, "number": two["number"]}
    return "moved", first + 1


def swap_contents(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Let two rows say what the other said, each with its own link."""
    other = chance.choice([place for place in range(len(rows)) if place != at])
    first, second = sorted((at, other))
    one, two = rows[first], rows[second]
    told = COLUMNS[1:7]
    rows[first] = {**one, **{name: two[name] for name in told}}
    rows[second] = {**two, **{name: one[name] for name in told}}
    return "altered", first + 1


def insert(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Put a row in that links to the one before, and move the numbers after it."""
    last = rows[at - 1] if at else {"number": 0, "hash": FIRST}
    new = linked({**events(1)[0], "by": "nobody"}, last)
    rows[at:] = [new, *({**row, "number": row["number"] + 1} for row in rows[at:])]
    return "added", at + 1


def insert_badly(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Put a row in with a hash of nothing, and move the numbers after it."""
    new = {**rows[at], "by": "nobody", "hash": "a" * 64}
    rows[at:] = [new, *({**row, "number": row["number"] + 1} for row in rows[at:])]
    return "added", at + 1


def cut_off(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Take the end away. Only an anchor tells."""
    at = max(1, at)
    del rows[at:]
    return "missing", at + 1


def recompute(rows: list[Row], at: int, chance: random.Random) -> Expected:
    """Change a row and work out every hash after it anew. Only an anchor tells, and so roughly."""
    name = chance.choice(("by", "role", "what", "target", "facts"))
    changed = [{**rows[at], name: CHANGES[name](rows[at][name])}, *rows[at + 1 :]]
    rows[at:] = chain(changed, after=rows[at - 1] if at else None)
    return "recomputed", at + 1


SEEN_BY_ITSELF = (
    change, change_and_rehash, delete, delete_and_renumber, swap_numbers, swap_contents, insert, insert_badly,
)  # fmt: skip
SEEN_BY_AN_ANCHOR = (cut_off, recompute)


def as_sqlite(path: Path, rows: Iterable[Row]) -> Path:
    """Write rows as a database of the product has them, without what would refuse them."""
    database = sqlite3.connect(path)
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    database.execute(
        f"CREATE TABLE basics_auditevent ({names.replace(chr(34) + 'number' + chr(34), 'number bigint')})"
    )
    database.executemany(
        f"INSERT INTO basics_auditevent ({names}) VALUES ({', '.join('?' * len(COLUMNS))})",
        [tuple({**row, "at": _as_django(row["at"]), "facts": json.dumps(row["facts"])}.values()) for row in map(_ordered, rows)],
    )  # fmt: skip
    database.commit()
    database.close()
    return path


def as_lines(path: Path, rows: Iterable[Row]) -> Path:
    """Write rows as `yingjin audit dump` does."""
    lines = (
        json.dumps({**row, "at": row["at"].astimezone(UTC).strftime(MOMENT)}, ensure_ascii=False)
        for row in rows
    )
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def as_csv(path: Path, rows: Iterable[Row]) -> Path:
    """Write rows as psql's copy does."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in rows:
            at = row["at"].astimezone(UTC).isoformat(sep=" ").replace("+00:00", "+00")
            writer.writerow({**row, "at": at, "facts": json.dumps(row["facts"], ensure_ascii=False)})
    return path


def anchors_in(folder: Path, rows: Iterable[Row]) -> Path:
    """Write an anchor of every row."""
    folder.mkdir()
    for row in rows:
        facts = {"number": row["number"], "hash": row["hash"]}
        (folder / f"{row['number']:06}.json").write_text(json.dumps(facts))
    return folder


def _ordered(row: Row) -> Row:
    return {name: row[name] for name in COLUMNS}


def _as_django(at: datetime) -> str:
    return str(at.astimezone(UTC).replace(tzinfo=None))
