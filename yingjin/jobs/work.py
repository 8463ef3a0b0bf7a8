"""What can be done behind the page, and by which function: it takes the job and `report(done, total, zh, en)`.

Every function is safe to run again from its beginning: a worker may be killed at any moment, and the next one takes
its job up. What a function returns is kept as the job's result.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from time import monotonic
from typing import Any
from uuid import UUID

from django.utils import timezone

from yingjin.basics.access import Robot
from yingjin.basics.errors import YingjinError
from yingjin.basics.work import Cancelled, Job, ask, course, doing, wish_of

log = logging.getLogger("yingjin.work")

# kind -> "module:function"
KINDS: dict[str, str] = {
    "check_import": "yingjin.jobs.imports:check",
    "land_import": "yingjin.jobs.imports:land",
    "undo_import": "yingjin.jobs.imports:undo",
    "delete_uploads": "yingjin.jobs.imports:delete_uploads",
    "find_dues": "yingjin.jobs.again:find_dues",
    "replay_person": "yingjin.jobs.again:replay_person",
    "expire_exceptions": "yingjin.jobs.again:expire_exceptions",
    "export": "yingjin.jobs.exports:write",
    "delete_exports": "yingjin.jobs.exports:delete_old",
    "clear_work": "yingjin.jobs.work:clear_work",
    "anchor_audit": "yingjin.jobs.audit:anchor_yesterday",
    "deliver_events": "yingjin.api.delivering:deliver",
    "clear_api": "yingjin.api.delivering:clear",
}
# What comes round by itself: kind -> after how long again.
SCHEDULE: dict[str, timedelta] = {
    "delete_uploads": timedelta(days=1),
    "expire_exceptions": timedelta(hours=6),
    "delete_exports": timedelta(days=1),
    "clear_work": timedelta(days=1),
    "clear_api": timedelta(days=1),
    "anchor_audit": timedelta(hours=6),  # once a day writes; the rest find it written
}
# What is asked for as soon as there is any: kind -> what says so, cheap enough to ask at each look.
WHEN_ANY: dict[str, str] = {"deliver_events": "yingjin.api.delivering:waits"}
# What its asker may stop while it runs: each says by `report.no_way_back()` from when on it goes to its end.
STOPPABLE = frozenset({"export", "check_import", "land_import", "replay_person"})
TASKS_KEPT = timedelta(days=30)
RESULTS_KEPT = timedelta(days=90)
SECONDS_BETWEEN_NOTES = 0.2

Function = Callable[[Job, doing.Report], Mapping[str, Any] | None]


def do(key: UUID) -> None:
    """Do one job to its end, and keep what came of it: a result, a refusal with its reason, or another attempt."""
    job = doing.begin(key, at=timezone.now())
    if job is None:
        return
    report = Reporter(job)
    try:
        result = function_of(job.kind)(job, report)
    except YingjinError as error:
        doing.refuse(job, error, at=timezone.now())
    except Cancelled as cancelled:
        doing.keep_cancelled(job, cancelled.wish, at=timezone.now())
    except Exception:
        log.exception("job %s (%s) stopped half way, attempt %s", job.key, job.kind, job.attempts)
        doing.try_again(job, at=timezone.now())
    else:
        doing.end(job, at=timezone.now(), result=result)


def function_of(kind: str) -> Function:
    """Return what does a kind of job."""
    function: Function = _named(KINDS[kind])
    return function


def _named(text: str) -> Any:
    """Return what stands under a name: module, colon, name."""
    module, name = text.split(":")
    return getattr(import_module(module), name)


class Reporter:
    """What a job says how far it is with; it may be called as often as it likes."""

    def __init__(self, job: Job) -> None:
        self._job, self._begun, self._last = job, monotonic(), -SECONDS_BETWEEN_NOTES
        self._stoppable = job.kind in STOPPABLE
        self._course = course.Course(0, 0, "", "", stoppable=self._stoppable)
        course.note(job.key, self._course)

    def __call__(self, done: int, total: int, label_zh: str = "", label_en: str = "") -> None:
        """Say it, and stop here if the job's asker wants it. Errors: Cancelled."""
        now = monotonic()
        if done < total and now - self._last < SECONDS_BETWEEN_NOTES:
            return
        self._last = now
        self._course = course.Course(done, total, label_zh, label_en, now - self._begun, self._stoppable)
        course.note(self._job.key, self._course)
        if self._stoppable and (wish := wish_of(self._job.key)):
            raise Cancelled(wish)

    def no_way_back(self) -> None:
        """Say that from now on the job goes to its end; who wanted it stopped before that is heard. Errors: Cancelled."""
        if self._stoppable:
            self._stoppable = False
            course.note(self._job.key, replace(self._course, stoppable=False))
            if wish := wish_of(self._job.key):
                raise Cancelled(wish)


def ask_what_is_due() -> None:
    """Ask for the work that comes round by itself and is due."""
    now = timezone.now()
    if doing.is_due(SCHEDULE, at=now):
        doing.ask_what_is_due(SCHEDULE, by=Robot(), at=now)
    for kind, waits in WHEN_ANY.items():
        if _named(waits)(now):
            ask(kind, by=Robot(), at=now)


def clear_work(job: Job, report: doing.Report) -> Mapping[str, Any]:
    """Delete what the queue and its askers need no longer."""
    from yingjin.basics.work.results import delete_results

    return {
        "tasks": doing.clear_away(before=job.asked_at - TASKS_KEPT),
        "results": delete_results(jobs_before=job.asked_at - RESULTS_KEPT),
    }
