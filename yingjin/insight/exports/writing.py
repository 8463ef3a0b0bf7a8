"""Write a list that was asked for: what the worker does."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from yingjin.basics.access import scope_of
from yingjin.basics.audit import record
from yingjin.basics.errors import NotAllowed
from yingjin.basics.row_security import see, stop_seeing
from yingjin.basics.tables import Table, as_csv, as_xlsx
from yingjin.basics.work import Job
from yingjin.basics.work.doing import Report
from yingjin.insight.exports.kept import keep
from yingjin.insight.exports.lists import XLSX, Wanted, taken
from yingjin.insight.exports.taken import Taken
from yingjin.registry.models import User

TOLD_EVERY = 500


def write(job: Job, report: Report, *, at: datetime) -> Mapping[str, Any]:
    """Write the file of an export, seal it, and return how many rows it has.

    It is written for its asker as that person stands now: who was locked or moved meanwhile gets nothing more.
    Run again after being killed, it starts over. Errors: NotAllowed, and those of the list.
    """
    facts = dict(job.facts)
    language = facts.pop("language")
    wanted = Wanted(**facts)
    with translation.override(language), seen_by(job.by) as reader:
        found = taken(reader, wanted)
        counted = Counted(found, report)
        table = Table(found.title, mark(found, reader, at), found.columns, counted.rows())
        keep(job, (as_xlsx if wanted.format == XLSX else as_csv)(table))
        job.result_name = f"{found.title}-{'-'.join(found.filter[:2])}.{wanted.format}".replace("/", " ")
    record(
        "export_made", target=f"export:{job.key}", by=reader, at=at, list=wanted.list, rows=counted.done,
        unmasked=bool(wanted.why),
    )  # fmt: skip
    return {"rows": counted.done}


@contextmanager
def seen_by(username: str) -> Iterator[User]:
    """Read as somebody: their role and scope of now, and on PostgreSQL the rows of that scope alone."""
    reader = User.objects.filter(username=username, is_active=True).first()
    if reader is None:
        raise NotAllowed(
            "要导出的人已经停用，所以没有写这个文件。",
            "Whoever asked for this may no longer sign in, so the file was not written.",
        )
    see(scope_of(reader))
    try:
        yield reader
    finally:
        stop_seeing()


def mark(found: Taken, reader: User, at: datetime) -> str:
    """Return the line that says who took the list, when, and which rows these are."""
    words = list(found.filter)
    if found.found_at:
        words.append(_("四应按 {when} 找出的结果").format(when=_moment(found.found_at)))
    elif found.live:
        words.append(_("四应在写文件时逐人判断"))
    return _(
        "{who} 于 {when} 从“应尽”导出；{title}；筛选：{filter}。含个人信息，只作办理用，用完删除。"
    ).format(who=reader.username, when=_moment(at), title=found.title, filter=" / ".join(words))


def _moment(at: datetime) -> str:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M")


class Counted:
    """The rows of a list as they are written, counted and told."""

    def __init__(self, found: Taken, report: Report) -> None:
        self.found, self.report, self.done = found, report, 0

    def rows(self) -> Iterator[Sequence[Any]]:
        """Yield the rows."""
        total = self.found.total
        for row in self.found.rows:
            yield row
            self.done += 1
            if self.done % TOLD_EVERY == 0:
                self.report(self.done, max(total, self.done), "写文件", "Writing the file")
        self.report(self.done, max(self.done, 1), "写文件", "Writing the file")
