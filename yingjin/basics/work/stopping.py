"""Stop a job that runs: its asker says so in a small file of the data folder, and the job stops at its next safe point.

A landing holds SQLite's one write lock and sees the database as it was when it began: neither could the wish be written
to a table meanwhile, nor would it be read there. The job's row and the audit are written when it has stopped.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from yingjin.basics.errors import Conflict
from yingjin.basics.work import course
from yingjin.basics.work.asking import cancel
from yingjin.basics.work.looking import job_of
from yingjin.basics.work.rows import RUNNING, WAITING


@dataclass(frozen=True)
class Wish:
    """Who wants a job stopped, since when."""

    username: str
    role: str
    at: datetime


class Cancelled(Exception):  # noqa: N818 (no error: somebody wanted it)
    """A job stops where it is, because its asker said so; what it had not committed is gone with it."""

    def __init__(self, wish: Wish) -> None:
        super().__init__(f"cancelled by {wish.username}")
        self.wish = wish


def stop(key: UUID, *, by: Any, at: datetime) -> None:
    """Take back a job of one's own that waits, or ask one that runs to stop.

    Errors: NotFound for somebody else's; Conflict when it has ended, or has written what cannot be taken back.
    """
    job = job_of(by, key)
    if job.state == WAITING:
        cancel(key, by=by, at=at)
        return
    if job.state != RUNNING or not stoppable(key):
        raise _too_late()
    path = _path(key)
    new = path.with_suffix(".newstop")
    wish = {"username": by.username, "role": getattr(by, "role", ""), "at": at.isoformat()}
    new.write_text(json.dumps(wish), encoding="utf-8")
    new.replace(path)
    if not stoppable(key):  # it passed the point meanwhile, and may not have seen this
        forget(key)
        raise _too_late()


def _too_late() -> Conflict:
    return Conflict(
        "已经做完，或已经写进数据，不能再取消。收下的导入可以撤销。",
        "It has ended, or has written its data, and cannot be cancelled. An import that was landed can be undone.",
    )


def stoppable(key: UUID) -> bool:
    """Say whether a running job can still be stopped with nothing half done."""
    noted = course.noted(key)
    return noted is not None and noted.stoppable


def wish_of(key: UUID) -> Wish | None:
    """Return who wants a job stopped; None when nobody does."""
    try:
        told = json.loads(_path(key).read_text(encoding="utf-8"))
        return Wish(told["username"], told["role"], datetime.fromisoformat(told["at"]))
    except (FileNotFoundError, ValueError, KeyError):
        return None


def forget(key: UUID) -> None:
    """Remove the wish of a job that has ended."""
    _path(key).unlink(missing_ok=True)


def _path(key: UUID) -> Path:
    return Path(settings.STORE) / course.FOLDER / f"{key}.stop"
