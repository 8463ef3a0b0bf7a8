"""What a reader does about exports: ask, ask again, download. Each is recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import Conflict, NotFound
from yingjin.basics.language import CHINESE
from yingjin.basics.work import DONE, REFUSED, STOPPED, Job, ask, job_of, jobs_of, stop_job
from yingjin.insight.exports.kept import is_kept, pieces_of
from yingjin.insight.exports.lists import Wanted, taken

EXPORT = "export"
MANY = 100


@dataclass(frozen=True)
class Export:
    """An export of one's own: the job, what was asked, and whether the file is there to be downloaded."""

    job: Job
    wanted: Wanted
    there: bool

    @property
    def again(self) -> bool:
        """Say whether it may be asked for again: it was refused, it stopped, or its days are over."""
        return self.job.state in (REFUSED, STOPPED) or (self.job.state == DONE and not self.there)


def cancel(key: UUID, *, by: Any, at: datetime) -> None:
    """Take back an export of one's own that waits, or stop it as it is written. Errors: NotAllowed, NotFound, Conflict."""
    allow(by, "export")
    stop_job(export_of(by, key).job.key, by=by, at=at)


@transaction.atomic
def ask_export(wanted: Wanted, *, by: Any, at: datetime) -> Job:
    """Ask for a list as a file, in the language spoken now. Errors: as `lists.taken`: told now, not after the wait."""
    taken(by, wanted)
    language = get_language() or CHINESE
    job = ask(EXPORT, by=by, at=at, **wanted.as_facts(), language=language)
    record(
        "export_asked", target=f"export:{job.key}", by=by, at=at, list=wanted.list, format=wanted.format,
        unmasked=bool(wanted.why), words={"filter": dict(wanted.query), "why": wanted.why},
    )  # fmt: skip
    return job


def ask_again(key: UUID, *, by: Any, at: datetime) -> Job:
    """Ask for the same list once more. Errors: NotFound; Conflict while it is being written or is there."""
    export = export_of(by, key)
    if not export.again:
        raise Conflict(
            "这个导出还在写，或已经写好了，不用再来一次。",
            "This export is being written or is there already: no need to ask again.",
        )
    return ask_export(export.wanted, by=by, at=at)


def download(key: UUID, *, by: Any, at: datetime) -> tuple[str, Iterator[bytes]]:
    """Return the name of an export's file and what it holds, and keep that it was taken. Errors: NotAllowed, NotFound."""
    allow(by, "export")
    export = export_of(by, key)
    if export.job.state != DONE:
        raise NotFound("这个导出还没有写好。", "This export is not written yet.")
    if export.wanted.why:
        allow(by, "unmask")
    pieces = pieces_of(key)
    record(
        "export_downloaded", target=f"export:{key}", by=by, at=at, list=export.wanted.list,
        unmasked=bool(export.wanted.why),
    )  # fmt: skip
    return export.job.result_name, pieces


def export_of(by: Any, key: UUID) -> Export:
    """Return an export of one's own. Errors: NotFound, also for somebody else's."""
    job = job_of(by, key)
    if job.kind != EXPORT:
        raise NotFound("没有这个导出。", "There is no such export.")
    return _export(job)


def exports_of(by: Any) -> list[Export]:
    """Return the newest exports of one's own, each as far as it is now."""
    return [_export(job) for job in jobs_of(by, limit=MANY) if job.kind == EXPORT]


def _export(job: Job) -> Export:
    facts = {name: job.facts[name] for name in ("list", "format", "query", "why")}
    return Export(job, Wanted(**facts), job.state == DONE and is_kept(job.key))
