#!/usr/bin/env python3
"""
Check that nobody changed, removed, put in or moved an event of yingjin's audit. 核对审计链。

    python3 yingjin_audit_verify.py FILE [--anchors FOLDER]

FILE is an SQLite database of yingjin, or a dump of the events: .jsonl from `yingjin audit dump`, or .csv from
PostgreSQL's psql (the command is in docs/algorithms/audit-chain.md). FOLDER holds anchors, files like 2026-01-02.json:
best those that were kept elsewhere. Without them a chain cut off at its end, or worked out again whole, looks whole.

This file stands alone: Python 3.8 or later and its standard library, nothing of yingjin. It only reads.
Exit code: 0 the chain is whole; 1 it is not, and the first wrong row is named; 2 the input cannot be read.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

FIRST = "0" * 64
COLUMNS = ("number", "at", "by", "role", "what", "target", "facts", "before", "hash")
TABLE = "basics_auditevent"
HASH = re.compile(r"[0-9a-f]{64}")
WORDS = {
    "altered": "改过 altered",
    "missing": "缺 missing",
    "moved": "次序动过 moved",
    "added": "后来放进去的 added",
    "recomputed": "整段重算过 recomputed",
}


class Unreadable(Exception):
    """The input is no audit of yingjin's."""


class Row(NamedTuple):
    """One event as it stands; `at` and `facts` as the hash is taken over them, None where they cannot be."""

    number: int
    at: str | None
    by: Any
    role: Any
    what: Any
    target: Any
    facts: Any
    before: Any
    hash: Any


class Found(NamedTuple):
    """What is wrong first: its kind, the number of the row it is about, and why."""

    kind: str
    number: int
    zh: str
    en: str


class Verdict(NamedTuple):
    """How many rows stand there, the last number and hash, and what is wrong; None when nothing is."""

    count: int
    number: int
    hash: str
    found: Found | None


# ---- Reading


def rows_of(path: Path) -> Iterator[Row]:
    """Yield the rows of a file in the order in which they stand there. Errors: Unreadable."""
    with path.open("rb") as file:
        head = file.read(15)
    if head == b"SQLite format 3":
        return _of_sqlite(path)
    return _of_csv(path) if path.suffix == ".csv" else _of_lines(path)


def _of_sqlite(path: Path) -> Iterator[Row]:
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    try:
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            for values in database.execute(f"SELECT {names} FROM {TABLE} ORDER BY number, rowid"):
                yield _row(dict(zip(COLUMNS, values)), f"{path}, number {values[0]}")  # noqa: B905 (not in Python 3.8)
        finally:
            database.close()
    except sqlite3.Error as error:
        raise Unreadable(f"{path}: {error}") from error


def _of_csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for place, values in enumerate(csv.DictReader(file), 1):
            yield _row(values, f"{path}, record {place}")


def _of_lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for place, line in enumerate(file, 1):
            try:
                values = json.loads(line)
            except ValueError as error:
                raise Unreadable(f"{path}, line {place}: {error}") from error
            yield _row(values, f"{path}, line {place}")


def _row(values: Any, place: str) -> Row:
    """Read one row. A value the hash cannot be taken over makes the row wrong, not the input unreadable."""
    missing = [name for name in COLUMNS if not isinstance(values, dict) or name not in values]
    if missing:
        raise Unreadable(f"{place}: 缺列 no column {', '.join(missing)}")
    try:
        number = int(values["number"])
    except (TypeError, ValueError):
        raise Unreadable(f"{place}: number = {values['number']!r}") from None
    facts = values["facts"]
    try:
        if not isinstance(facts, dict):
            facts = json.loads(facts, object_pairs_hook=_once)
        at = _moment(values["at"])
    except (TypeError, ValueError):
        facts, at = None, None
    return Row(number, at, *(values[name] for name in COLUMNS[2:6]), facts, values["before"], values["hash"])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse the same key twice: two readers could take it differently."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _moment(text: str) -> str:
    """Return a moment as the hash has it, from what SQLite, psql or our own dump write; without a zone it is UTC."""
    text = re.sub(r"([+-]\d\d)$", r"\1:00", text.strip().replace("Z", "+00:00"))
    text = re.sub(r"\.(\d{1,6})(?!\d)", lambda fraction: "." + fraction[1].ljust(6, "0"), text)
    at = datetime.fromisoformat(text)
    utc = timezone.utc  # noqa: UP017 (Python 3.8 has no other name)
    at = at.replace(tzinfo=utc) if at.tzinfo is None else at.astimezone(utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Anchor(NamedTuple):
    """What was kept of a day: the number and hash of its last event."""

    number: int
    hash: str
    name: str


def anchors_of(folder: Path) -> list[Anchor]:
    """Return the anchors of a folder by their numbers. Errors: Unreadable."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            anchor = Anchor(facts["number"], facts["hash"], path.name)
            if type(anchor.number) is not int or anchor.number < 1 or not HASH.fullmatch(anchor.hash):
                raise ValueError("number, hash")
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"{path}: 不是锚 no anchor: {error}") from error
        found.append(anchor)
    if not found:
        raise Unreadable(f"{folder}: 里面没有锚 holds no anchor")
    return sorted(found)


# ---- Judging


def hash_of(row: Row, number: int) -> str:
    """Return the hash of a row, were this its number; an empty word when it can have none."""
    if row.at is None or not all(isinstance(value, str) for value in (*row[2:6], row.before)):
        return ""
    event = {**row._asdict(), "number": number}
    del event["hash"]
    try:
        text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
    except (ValueError, TypeError):
        return ""


def verify(path: Path, anchors: list[Anchor]) -> Verdict:
    """Go along the chain, then look whether it agrees with the anchors. Errors: Unreadable."""
    count, last_number, last_hash = 0, 0, FIRST
    wanted = {anchor.number: anchor for anchor in reversed(anchors)}
    differing: Anchor | None = None
    for row in rows_of(path):
        expected = last_number + 1
        if (row.number, row.before) != (expected, last_hash) or row.hash != hash_of(row, expected):
            return Verdict(count, last_number, last_hash, _named(list(rows_of(path)), count, last_hash))
        count, last_number, last_hash = count + 1, row.number, row.hash
        anchor = wanted.get(row.number)
        if anchor is not None and anchor.hash != row.hash and differing is None:
            differing = anchor
    found = _recomputed(differing, anchors) if differing else _cut_off(last_number, anchors)
    return Verdict(count, last_number, last_hash, found)


def _named(rows: list[Row], place: int, last_hash: str) -> Found:
    """Say what was done, by the first row that is not the next of the chain. All rows before `place` are."""
    row, expected = rows[place], place + 1
    was = _number_it_had(row, rows, expected)
    if row.number < expected:
        if was and was != row.number:
            return _moved(was)
        return Found("added", row.number, "这个号有两行", "this number stands twice")
    if any(each.before == last_hash and each.hash == hash_of(each, expected) for each in rows[place:]):
        if was:
            return _moved(expected)
        return Found(
            "added", expected, "原来的一行还在，排在它后面", "the row that belongs here stands further on"
        )
    if row.number > expected:
        return _missing(expected, row.number)
    if was == expected:
        return _linked_wrongly(rows, place)
    if was and was > expected:
        return _missing(expected, was)
    if was:
        return Found("added", was, f"原来的第 {was} 行排到了它后面", f"what was row {was} stands after it")
    return Found("altered", expected, "内容与它的哈希不符", "what it says does not agree with its hash")


def _number_it_had(row: Row, rows: list[Row], expected: int) -> int:
    """Return the number over which a row's hash was taken; 0 when there is none: the row was altered."""
    likely = (row.number, expected, *range(1, max(len(rows), *(each.number for each in rows)) + 2))
    return next((number for number in likely if row.hash == hash_of(row, number) != ""), 0)


def _moved(number: int) -> Found:
    return Found("moved", number, "不在它的位置上", "it does not stand in its place")


def _missing(number: int, found: int) -> Found:
    return Found("missing", number, f"这里站着第 {found} 行", f"row {found} stands in its place")


def _linked_wrongly(rows: list[Row], place: int) -> Found:
    """A row agrees with its hash and not with the row before: one of the two was altered and its hash worked out anew."""
    row, number = rows[place], place + 1
    follows = place + 1 < len(rows) and rows[place + 1].before != row.hash
    if place and not follows:
        number = place
    return Found(
        "altered", number, "改过以后重算了自己的哈希，与后面接不上",
        "it was altered and given a new hash, to which the next row does not link",
    )  # fmt: skip


def _recomputed(differing: Anchor, anchors: list[Anchor]) -> Found:
    good = max((each.number for each in anchors if each.number < differing.number), default=0)
    return Found(
        "recomputed", good + 1,
        f"第 {good + 1} 行到第 {differing.number} 行之间改过，以后的哈希都重算了：与锚 {differing.name} 不符",
        f"between row {good + 1} and row {differing.number} something was altered and all later hashes worked out "
        f"anew: it does not agree with anchor {differing.name}",
    )  # fmt: skip


def _cut_off(last_number: int, anchors: list[Anchor]) -> Found | None:
    after = next((each for each in anchors if each.number > last_number), None)
    if after is None:
        return None
    return Found(
        "missing", last_number + 1, f"链在第 {last_number} 行断了，锚 {after.name} 说有第 {after.number} 行",
        f"the chain ends at row {last_number}, and anchor {after.name} says there was row {after.number}",
    )  # fmt: skip


# ---- Saying


def main(words: list[str] | None = None) -> int:
    """Print the verdict and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--anchors", type=Path)
    args = parser.parse_args(words)
    try:
        anchors = anchors_of(args.anchors) if args.anchors else []
        verdict = verify(args.file, anchors)
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        print(f"读不了 cannot be read: {error}", file=sys.stderr)
        return 2
    print(f"核对了 {verdict.count} 行 {verdict.count} rows checked", end="; ")
    print(f"{len(anchors)} 个锚 {len(anchors)} anchors")
    if verdict.found:
        found = verdict.found
        print(f"第 {found.number} 行 row {found.number}: {WORDS[found.kind]}")
        print(f"{found.zh}。\n{found.en}.")
        return 1
    print(f"链完整 the chain is whole: {verdict.number} {verdict.hash}")
    if not anchors:
        print(
            "没有给锚：尾部删去或整条重算看不出来。\n"
            "No anchors were given: an end cut off, or a chain worked out again whole, cannot be seen."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
