"""How far a running job is, in a small file of the data folder beside the database.

A landing holds SQLite's one write lock, and what it writes is not seen before it ends: progress in a table could
neither be written by another connection nor read. The row gets the last word when the job ends.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

FOLDER = "work"


@dataclass(frozen=True)
class Course:
    """How far a job is: `done` of `total`, and what it does now; `seconds` since it began."""

    done: int
    total: int
    label_zh: str
    label_en: str
    seconds: float = 0.0
    stoppable: bool = False  # it may be stopped now, with nothing half done

    @property
    def seconds_left(self) -> int | None:
        """Estimate the time left from the pace so far; None while there is nothing to go by."""
        if self.seconds < 1 or not 0 < self.done <= self.total:
            return None
        return round(self.seconds * (self.total - self.done) / self.done)


def note(key: UUID, course: Course) -> None:
    """Keep how far a job is, whole or not at all."""
    path = _path(key)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(vars(course), ensure_ascii=False), encoding="utf-8")
    new.replace(path)


def noted(key: UUID) -> Course | None:
    """Return how far a job is, None when it has not said."""
    try:
        return Course(**json.loads(_path(key).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def forget(key: UUID) -> None:
    """Remove the file of a job that has ended."""
    _path(key).unlink(missing_ok=True)


def _path(key: UUID) -> Path:
    return Path(settings.STORE) / FOLDER / f"{key}.json"
