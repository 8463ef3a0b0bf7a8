"""The file a job leaves for its asker: sealed in the data folder, under the job's key."""

from pathlib import Path

from django.conf import settings

from yingjin.basics.errors import NotFound
from yingjin.basics.sealing import read_sealed, write_sealed
from yingjin.basics.work.rows import DONE, Job

FOLDER = "results"


def keep_result(job: Job, clear: bytes, *, name: str) -> None:
    """Seal what a job made; the job's end keeps the name it is downloaded under."""
    path = _path(job)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_sealed(path, clear, aad=_aad(job))
    job.result_name = name


def result_of(job: Job) -> bytes:
    """Return the file a job left. Errors: NotFound when it has none, or has it no longer."""
    if job.state == DONE and job.result_name and _path(job).exists():
        return read_sealed(_path(job), aad=_aad(job))
    raise NotFound(
        "这个文件已经不在了：过了保留期就会删除。再做一次就有新的。",
        "This file is no longer here: files are deleted after a time. Ask for it again.",
    )


def delete_results(*, jobs_before: object) -> int:
    """Delete the files of jobs that ended before a moment; return how many."""
    gone = 0
    for key in (
        Job.objects.filter(ended_at__lt=jobs_before).exclude(result_name="").values_list("pk", flat=True)
    ):
        path = Path(settings.STORE) / FOLDER / f"{key}.sealed"
        if path.exists():
            path.unlink()
            gone += 1
    return gone


def _path(job: Job) -> Path:
    return Path(settings.STORE) / FOLDER / f"{job.key}.sealed"


def _aad(job: Job) -> str:
    return f"result:{job.key}"
