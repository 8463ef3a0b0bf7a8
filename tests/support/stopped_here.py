"""Cancel what a worker in another process is at, as its asker's page does; `import_here` calls these."""

import json
import time
from uuid import UUID

from django.utils import timezone

from yingjin.basics.errors import Conflict
from yingjin.basics.models import AuditEvent
from yingjin.basics.work import Job, job_of, stoppable
from yingjin.basics.work.course import noted
from yingjin.fusion.actions import imports
from yingjin.fusion.models import Import, Landing, RegisterState, Row, SourceFile
from yingjin.insight import exports
from yingjin.registry.models import User

SECONDS_MOST = 120


def stop(by: User, key: UUID) -> str:
    """Cancel an import the moment its worker has begun; say whether it came too late."""
    job = Job.objects.get(about=imports.about(key), state__in=("waiting", "running"))
    return _stopped(job, lambda: imports.stop(key, by=by, at=timezone.now()))


def export(by: User) -> str:
    """Ask for everybody as a workbook."""
    by.save()
    wanted = exports.Wanted("people", "xlsx", {"on": "2025-06-30"})  # a day judged live: it takes a while
    return str(exports.ask_export(wanted, by=by, at=timezone.now()).key)


def stop_export(by: User, key: UUID) -> str:
    """Cancel an export the moment it is being written."""
    return _stopped(job_of(by, key), lambda: exports.cancel(key, by=by, at=timezone.now()))


def _stopped(job: Job, cancel) -> str:
    end = time.monotonic() + SECONDS_MOST
    while (course := noted(job.key)) is None or course.done == 0:
        assert time.monotonic() < end, "the worker never began"
        time.sleep(0.005)
    try:
        assert stoppable(job.key) or course.total, "it said how far it is"
        cancel()
    except Conflict as late:
        return f"too late: {late.reason_en}"
    return "asked"


def state(by: User, key: UUID) -> str:
    """Say how an import, or the export of a key, stands."""
    job = Job.objects.filter(about=imports.about(key)).order_by("-asked_at").first() or Job.objects.get(
        pk=key
    )
    made = Import.objects.filter(pk=key).first()
    cancelled = AuditEvent.objects.filter(what="job_cancelled", target=f"job:{job.key}")
    return json.dumps(
        {
            "job": job.state,
            "reason": job.reason_zh,
            "audit": [each.by for each in cancelled],
            "import": made.state if made else "",
            "kept": exports.exports_of(by)[0].there if not made else False,
            "written": [
                Row.objects.count(),
                SourceFile.objects.count(),
                Landing.objects.count(),
                sorted(RegisterState.objects.values_list("register", "part", "files_digest")),
            ],
        }
    )
