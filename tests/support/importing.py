"""Import files as the page and the worker do, in one process: upload, dry run, landing, undoing."""

from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone

from yingjin.basics.work import Job
from yingjin.fusion.actions import imports, undoing
from yingjin.fusion.models import Import
from yingjin.jobs import work
from yingjin.registry.models import User


def upload(files: Sequence[Path], *, by: User, dry_run: bool = True) -> Import:
    """Send files and, unless told otherwise, let the worker look at them."""
    sent = [imports.Upload(path.name, path.stat().st_size, [path.read_bytes()]) for path in files]
    made = imports.receive(sent, by=by, at=timezone.now())
    if dry_run:
        do_waiting(made)
    return Import.objects.get(pk=made.pk)


def land(made: Import, *, by: User) -> Import:
    """Land an import that was looked at."""
    imports.ask_landing(made.pk, by=by, at=timezone.now())
    do_waiting(made)
    return Import.objects.get(pk=made.pk)


def undo(made: Import, *, by: User, why: str = "传错了文件") -> Import:
    """Undo an import that was landed."""
    undoing.ask_undo(made.pk, why=why, by=by, at=timezone.now())
    do_waiting(made)
    return Import.objects.get(pk=made.pk)


def do_waiting(made: Import) -> Job:
    """Do the one job that waits about an import, as the worker would."""
    waiting = Job.objects.get(about=imports.about(made.pk), state="waiting")
    work.do(waiting.pk)
    done = Job.objects.get(pk=waiting.pk)
    assert done.state == "done", (done.state, done.reason_zh)
    return done
