"""What was asked for and is done behind the page: how far it is."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router

from yingjin.api.calling import operation
from yingjin.api.shaped import Out
from yingjin.basics.language import chosen
from yingjin.basics.work import ahead_of, job_of

router = Router()


class JobOut(Out):
    """Work behind the page: waiting, running, done, refused or stopped; `done` of `total`, and what came of it."""

    key: UUID
    kind: str
    state: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    done: int
    total: int
    label: str = ""
    reason: str = ""
    result: dict[str, Any] | None = None
    ahead: int = 0


def job_out(job: Any) -> dict[str, Any]:
    """Return a job as far as it is now, in the caller's language."""
    plain = ("key", "kind", "state", "asked_at", "started_at", "ended_at", "done", "total", "result")
    return {name: getattr(job, name) for name in plain} | {
        "label": chosen(job.label_zh, job.label_en),
        "reason": chosen(job.reason_zh, job.reason_en),
        "ahead": ahead_of(job),
    }


@operation(router, "get", "/jobs/{uuid:key}", answers=JobOut, refuses=(404,), tag="jobs")
def show_job(
    request: HttpRequest, key: Annotated[UUID, Path(..., description="`key` of the job that was answered.")]
) -> Any:
    """Ask how far a job is that this client asked for."""
    return job_out(job_of(request.auth, key))  # type: ignore[attr-defined]
