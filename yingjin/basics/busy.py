"""Tell a database that did not give way in time from a mistake of ours.

On SQLite one writer writes at a time: while a landing holds the file, others wait as long as the settings say, then give
up. On PostgreSQL that is a lock not given within `lock_timeout`.
"""

import sqlite3

from django.db import OperationalError

RETRY_AFTER_SECONDS = 30
SQLITE_WAITS = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
LOCK_NOT_AVAILABLE = "55P03"


def is_busy(error: BaseException | None) -> bool:
    """Say whether an error is a database that others held for too long: nothing was written, and it may be tried again."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.OperationalError):
        return (cause.sqlite_errorcode & 0xFF) in SQLITE_WAITS
    return getattr(cause, "sqlstate", "") == LOCK_NOT_AVAILABLE
