"""What becomes of a job in the worker: it begins, says how far it is, ends; what a killed worker left goes on.

Every change is a short transaction of its own, so that a job killed at any moment is found as it was.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django_tasks_db.models import DBTaskResult

from yingjin.basics.audit import record
from yingjin.basics.errors import YingjinError
from yingjin.basics.work import course, stopping
from yingjin.basics.work.asking import ask, cancelled_words, queue
from yingjin.basics.work.rows import DONE, REFUSED, RUNNING, STOPPED, WAITING, Job, Timetable

ATTEMPTS = 4
WAIT_BEFORE_RETRY = timedelta(seconds=10)
STATUS_RUNNING, STATUS_READY = "RUNNING", "READY"


class Report(Protocol):
    """Says how far a job is; each call is a safe point, at which a job its asker cancelled stops.

    From `no_way_back` on it is not stopped any more: what it has written stands. Errors of a call: Cancelled.
    """

    def __call__(self, done: int, total: int, label_zh: str = "", label_en: str = "") -> None: ...

    def no_way_back(self) -> None: ...


def begin(key: UUID, *, at: datetime) -> Job | None:
    """Start a job that waits; None for one that was cancelled, or is done already."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=key, state=WAITING).first()
        if job is None:
            return None
        job.state, job.attempts = RUNNING, job.attempts + 1
        job.started_at, job.done, job.total = at, 0, 0
        job.save(update_fields=["state", "attempts", "started_at", "done", "total"])
    return job


def end(job: Job, *, at: datetime, result: Mapping[str, Any] | None) -> None:
    """Keep that a job is done, and what came of it."""
    noted = course.noted(job.key)
    job.state, job.ended_at, job.result = DONE, at, dict(result) if result is not None else None
    if noted:
        job.done = job.total = noted.total
        job.label_zh, job.label_en = noted.label_zh, noted.label_en
    job.save(
        update_fields=[
            "state", "ended_at", "result", "result_name", "done", "total", "label_zh", "label_en"
        ]
    )  # fmt: skip
    _forget(job)


def refuse(job: Job, error: YingjinError, *, at: datetime) -> None:
    """Keep that a job was refused, and why."""
    _close(job, REFUSED, error.reason_zh, error.reason_en, at=at)


def keep_cancelled(job: Job, wish: stopping.Wish, *, at: datetime) -> None:
    """Keep that a job stopped because its asker said so: who, and when."""
    with transaction.atomic():
        _close(job, STOPPED, *cancelled_words(wish.username, wish.at), at=at)
        record("job_cancelled", target=f"job:{job.key}", by=wish, at=at, running=True)


def try_again(job: Job, *, at: datetime) -> bool:
    """Put a job that broke back into the queue, later each time; give it up after a few. Return whether it goes on."""
    if job.attempts >= ATTEMPTS:
        _close(job, STOPPED, *_given_up(job), at=at)
        return False
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=WAITING)
        queue(job, run_after=at + WAIT_BEFORE_RETRY * job.attempts)
    return True


@transaction.atomic
def take_up_left(lane: str, *, at: datetime) -> int:
    """Put what a killed worker left running back into the queue, and return how many jobs. Call it with the lane held.

    A job that was left that way again and again is what kills its worker: it is given up.
    """
    left = list(Job.objects.select_for_update().filter(lane=lane, state=RUNNING))
    for job in left:
        if job.attempts >= ATTEMPTS:
            _close(job, STOPPED, *_given_up(job), at=at)
        else:
            Job.objects.filter(pk=job.pk).update(state=WAITING)
    DBTaskResult.objects.filter(queue_name=lane, status=STATUS_RUNNING).update(status=STATUS_READY)
    return len(left)


@transaction.atomic
def ask_what_is_due(schedule: Mapping[str, timedelta], *, by: Any, at: datetime) -> list[Job]:
    """Ask for the work of the timetable that is due: each name is a kind, done again after its interval."""
    rows = {row.name: row for row in Timetable.objects.select_for_update().filter(name__in=schedule)}
    asked = []
    for name, interval in schedule.items():
        row = rows.get(name)
        if row is None or row.due_at <= at:
            Timetable.objects.update_or_create(name=name, defaults={"due_at": at + interval})
            asked.append(ask(name, by=by, at=at))
    return asked


def is_due(schedule: Mapping[str, timedelta], *, at: datetime) -> bool:
    """Say whether any work of the timetable is due, without a lock."""
    waiting = Timetable.objects.filter(name__in=schedule, due_at__gt=at).count()
    return waiting < len(schedule)


def clear_away(*, before: datetime) -> int:
    """Delete the queue's own rows of work that ended long ago; the jobs themselves stay. Return how many."""
    gone, _ = DBTaskResult.objects.filter(finished_at__lt=before).delete()
    return gone


def _close(job: Job, state: str, reason_zh: str, reason_en: str, *, at: datetime) -> None:
    job.state, job.ended_at, job.reason_zh, job.reason_en = state, at, reason_zh, reason_en
    job.save(update_fields=["state", "ended_at", "reason_zh", "reason_en"])
    _forget(job)


def _forget(job: Job) -> None:
    course.forget(job.key)
    stopping.forget(job.key)


def _given_up(job: Job) -> tuple[str, str]:
    return (
        f"试了 {job.attempts} 次都中途停下，不再试。已写好的数据没有变。请把任务号 {job.key} 告诉管理员。",
        f"It stopped half way {job.attempts} times and is not tried again. No data were left half written. Tell the "
        f"administrator the job's key {job.key}.",
    )
