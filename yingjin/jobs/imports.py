"""What the worker does for the Imports page: the dry run, the landing, the undoing, and deleting old uploads.

Landing and undoing go through the very stages of `yingjin run-county`, over the files of one import. Each may be
killed at any moment: what is landed is whole registers, and the next attempt goes on with the same landing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sized
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from yingjin.basics.access import Robot
from yingjin.basics.work import Cancelled, Job
from yingjin.basics.work.doing import Report
from yingjin.fusion.actions import imports, undoing
from yingjin.jobs.run_county import RULEBOOK, made_by, only_one, stages
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.rulebooks import load

UPLOADS_KEPT = timedelta(days=90)
ALL = 1_000  # progress is told in thousandths
# Where each stage begins, by what it takes at 20,000 people; the rest of the course is the next stage's.
BEGINS = {"land": 0, "link": 140, "hold": 430, "settle": 600, "find dues": 860}
LABELS = {
    "check": ("逐行检查", "Checking every row"),
    "land": ("收登记册", "Landing the registers"),
    "link": ("认人", "Linking people"),
    "hold": ("归户归档", "Filing what is known"),
    "settle": ("按年重放结算", "Replaying insurance years"),
    "find dues": ("找四应缺口", "Finding the gaps"),
}


def check(job: Job, report: Report) -> Mapping[str, Any]:
    """Do the dry run of an import."""
    book = load(RULEBOOK)
    told = Told(report, {"check": 0}, writes=False)
    told.begin("check")
    found = imports.check(_key(job), county_code=book.contents.region, at=timezone.now(), track=told.track)
    return {"kinds": len(found.kinds), "problems": len(found.problems), "same": found.same}


def land(job: Job, report: Report) -> Mapping[str, Any]:
    """Land an import, and bring everything that is worked out from the registers to it."""
    key, book = _key(job), load(RULEBOOK)
    with only_one():
        if imports.landing_begun(key):
            report.no_way_back()
        made = imports.begin_landing(key, at=timezone.now())
        assert made.landing is not None and made.landed_at is not None
        try:
            with imports.opened(made) as folder:
                course = _course(folder, book, made.landed_at, report)
                landed = stages.land(course, made.landing)
        except Cancelled:
            imports.take_back_begun(key)
            raise
        found = stages.derive(course)
        stages.finish(course, landed, found, made_by(book))
        counts = imports.keep_landed(key, by=course.by, at=timezone.now())
    return counts | {"on": found.on.isoformat() if found else ""}


def undo(job: Job, report: Report) -> Mapping[str, Any]:
    """Undo an import, and bring everything that is worked out from the registers back."""
    key, book = _key(job), load(RULEBOOK)
    with only_one():
        course = _course(Path(), book, timezone.now(), report)
        imports_undone = undoing.undo_rows(key, by=course.by, at=course.at)
        stages.take_back(course)
        found = stages.derive(course)
        undoing.keep_undone(key, by=course.by, at=timezone.now())
    return {"undone": imports_undone, "on": found.on.isoformat() if found else ""}


def delete_uploads(job: Job, report: Report) -> Mapping[str, Any]:
    """Delete the sealed files of imports of more than ninety days ago."""
    before = job.asked_at - UPLOADS_KEPT
    return {"imports": imports.delete_uploads(before=before, by=Robot(), at=timezone.now())}


def _key(job: Job) -> UUID:
    return UUID(job.facts["key"])


def _course(folder: Path, book: Rulebook, at: Any, report: Report) -> stages.Course:
    told = Told(report, BEGINS)
    return stages.Course(
        folder, book, book.contents.region, at, of_import=True, track=told.track, begin=told.begin
    )


class Told:
    """Tells how far a course is, over all its stages."""

    def __init__(self, report: Report, begins: Mapping[str, int], *, writes: bool = True) -> None:
        self._report, self._writes = report, writes
        self._begins = begins
        self._labels = ("", "")
        self._at, self._end = 0.0, 0.0

    def begin(self, stage: str) -> None:
        """Say that a stage begins."""
        if stage in self._begins:
            later = [start for start in self._begins.values() if start > self._begins[stage]]
            self._at, self._end = self._begins[stage], min(later, default=ALL)
            self._labels = LABELS[stage]
            self._tell(self._at)

    def track(self, things: Iterable[Any], label: str, total: int | None = None) -> Iterator[Any]:
        """Yield each thing and say how far that brings the stage: half of what is left of it, for one of several."""
        if total is None and isinstance(things, Sized):
            total = len(things)
        begun, share = self._at, (self._end - self._at) / 2
        for number, thing in enumerate(things, 1):
            yield thing
            if total:
                self._tell(begun + share * min(1, number / total))
        self._at = begun + share
        if self._writes:
            self._report.no_way_back()  # what was tracked is committed next

    def _tell(self, done: float) -> None:
        self._report(max(1, round(done)), ALL, *self._labels)
