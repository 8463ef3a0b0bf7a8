"""What jobs there are and how far they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from yingjin.basics.errors import NotFound
from yingjin.basics.work import course
from yingjin.basics.work.rows import RUNNING, WAITING, Job

MANY = 50


def jobs_of(user: Any, *, limit: int = MANY) -> list[Job]:
    """List the newest jobs a user asked for, each as far as it is now."""
    return [_now(job) for job in Job.objects.filter(by=user.username).order_by("-asked_at")[:limit]]


def job_of(user: Any, key: UUID) -> Job:
    """Return a job a user asked for, as far as it is now. Errors: NotFound, also for somebody else's."""
    job = Job.objects.filter(pk=key, by=user.username).first()
    if job is None:
        raise NotFound("没有这个任务。回到列表再选。", "There is no such job. Choose again from the list.")
    return _now(job)


def jobs_about(about: str) -> list[Job]:
    """List the jobs about one thing, newest first; who may see them is the caller's to check."""
    return [_now(job) for job in Job.objects.filter(about=about).order_by("-asked_at")[:MANY]]


def open_jobs(lane: str) -> list[Job]:
    """List what runs and waits in a lane, in the order it will be done."""
    found = Job.objects.filter(lane=lane, state__in=(RUNNING, WAITING)).order_by("asked_at")
    return [_now(job) for job in found]


def something_open(lane: str) -> bool:
    """Say whether anything runs or waits in a lane."""
    return Job.objects.filter(lane=lane, state__in=(RUNNING, WAITING)).exists()


def ahead_of(job: Job) -> int:
    """Count the jobs that come before one that waits; 0 for one that does not."""
    if job.state != WAITING:
        return 0
    before = Job.objects.filter(lane=job.lane, state__in=(RUNNING, WAITING), asked_at__lte=job.asked_at)
    return before.exclude(pk=job.pk).count()


def seconds_left(job: Job, at: datetime) -> int | None:
    """Estimate how long a running job still takes, None while there is nothing to go by."""
    if job.state != RUNNING or job.started_at is None:
        return None
    seconds = (at - job.started_at).total_seconds()
    return course.Course(job.done, job.total, "", "", seconds).seconds_left


def _now(job: Job) -> Job:
    """Return a job with how far it says it is."""
    if job.state == RUNNING and (noted := course.noted(job.key)):
        job.done, job.total = noted.done, noted.total
        job.label_zh, job.label_en = noted.label_zh, noted.label_en
    return job
