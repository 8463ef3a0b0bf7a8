"""
How often the API may be called, by client and by address.

The counts stand in a small file of the data folder, which every process of this machine shares: the county's own
database must not be written for each call, and cannot be while a landing holds it. They are worth nothing tomorrow:
the file is in no backup, and a new one is made when it is gone.

A caller has `burst` calls at once and gets them back at an even pace (the generic cell rate algorithm): one number a
caller, the moment up to which its calls are paid for.
"""

import sqlite3
from dataclasses import dataclass
from math import ceil
from pathlib import Path

NAME = "limits.sqlite3"
SCHEMA = "CREATE TABLE IF NOT EXISTS paid (caller TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID"
# One statement, so that two processes cannot both take the last call there is.
TAKE = """
INSERT INTO paid (caller, until) VALUES (:caller, :at + :pace)
ON CONFLICT (caller) DO UPDATE SET until = max(until, :at) + :pace
WHERE max(until, :at) + :pace <= :at + :pace * :burst
RETURNING until
"""


@dataclass(frozen=True)
class Limit:
    """So many calls a minute, `burst` of them at once."""

    per_minute: int
    burst: int

    @property
    def pace(self) -> float:
        """Return the seconds one call costs."""
        return 60 / self.per_minute


class Limits:
    """The counts of one data folder. Each use opens the file: that costs less than a query and holds no lock."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def take(self, caller: str, limit: Limit, at: float) -> int:
        """Take one call; return 0, or the seconds to wait when there is none left."""
        db = sqlite3.connect(self.path, timeout=5, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=OFF")
            db.execute(SCHEMA)
            facts = {"caller": caller, "at": at, "pace": limit.pace, "burst": limit.burst}
            if db.execute(TAKE, facts).fetchone():
                return 0
            (until,) = db.execute("SELECT until FROM paid WHERE caller = ?", (caller,)).fetchone()
            return max(1, ceil(until + limit.pace - (at + limit.pace * limit.burst)))
        finally:
            db.close()

    def forget(self, before: float) -> None:
        """Leave out callers whose calls are all paid for."""
        db = sqlite3.connect(self.path, timeout=5)
        try:
            with db:
                db.execute(SCHEMA)
                db.execute("DELETE FROM paid WHERE until < ?", (before,))
        finally:
            db.close()
