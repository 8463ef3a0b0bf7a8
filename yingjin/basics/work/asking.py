"""Ask for work to be done behind the page, and take back what has not begun."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import task

from yingjin.basics.audit import record
from yingjin.basics.errors import Conflict, NotFound
from yingjin.basics.work.rows import STOPPED, WAITING, Job

# What changes the county goes one by one; what only reads it does not wait behind.
COUNTY, DESK = "county", "desk"
LANES = (COUNTY, DESK)


@task(queue_name=DESK)
def run_job(key: str) -> None:
    """Do one job: the worker knows how (settings.WORK), this part does not."""
    import_string(settings.WORK)(UUID(key))


@transaction.atomic
def ask(kind: str, *, by: Any, at: datetime, lane: str = DESK, about: str = "", **facts: Any) -> Job:
    """Put a job into the queue, inside the transaction that asks: without it there is no job either.

    `facts` are what JSON can hold. Who may ask is the caller's to check.
    """
    job = Job.objects.create(
        kind=kind, lane=lane, about=about, by=getattr(by, "username", str(by)), asked_at=at, facts=facts
    )
    queue(job)
    return job


def queue(job: Job, run_after: datetime | None = None) -> None:
    """Put a job that waits before the worker, now or from a moment on."""
    run_job.using(queue_name=job.lane, run_after=run_after).enqueue(str(job.key))


def cancelled_words(username: str, at: datetime) -> tuple[str, str]:
    """Say who cancelled a job and when."""
    moment = at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M")
    return f"{username} 于 {moment} 取消。", f"Cancelled by {username} at {moment}."


@transaction.atomic
def cancel(key: UUID, *, by: Any, at: datetime, asker: str = "") -> None:
    """Take back a job of one's own that still waits. Errors: NotFound; Conflict when it has begun.

    `asker` names whose it is where somebody else may take it back; who may is then the caller's to check.
    """
    username = getattr(by, "username", str(by))
    mine = Job.objects.filter(pk=key, by=asker or username)
    if mine.filter(state=WAITING).update(state=STOPPED, ended_at=at):
        taken = mine.get()
        taken.reason_zh, taken.reason_en = cancelled_words(username, at)
        taken.save(update_fields=["reason_zh", "reason_en"])
        record("job_cancelled", target=f"job:{key}", by=by, at=at)
    elif mine.exists():
        raise Conflict("这件事已经开始，不能再取消。", "This has begun already and cannot be cancelled.")
    else:
        raise NotFound("没有这个任务。回到列表再选。", "There is no such job. Choose again from the list.")
