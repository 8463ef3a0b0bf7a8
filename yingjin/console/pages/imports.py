"""Imports: send register files, see what landing them would do, land them, look an import up, undo it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingjin.basics.access import allow, may, scope_of
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput, NotFound
from yingjin.basics.language import chosen
from yingjin.basics.work import (
    REFUSED,
    RUNNING,
    STOPPED,
    WAITING,
    Job,
    ahead_of,
    jobs_about,
    seconds_left,
    stoppable,
    wish_of,
)
from yingjin.basics.work.stopping import Wish
from yingjin.fusion.actions import imports, undoing
from yingjin.fusion.actions.marking import read_marked
from yingjin.fusion.domain import imports as states
from yingjin.fusion.errors import where_in_english
from yingjin.fusion.formats import kinds
from yingjin.fusion.queries import imports as queries
from yingjin.fusion.queries.imports import ImportSeen

MAY = "import"
WORDS: Mapping[str, str | Promise] = {
    states.CHECKING: _("检查中"),
    states.CHECKED: _("查过，还没有收"),
    states.SAME: _("和现有的一样"),
    states.REFUSED: _("没有可收的"),
    states.LANDING: _("正在收"),
    states.LANDED: _("已收下"),
    states.UNDOING: _("正在撤销"),
    states.UNDONE: _("已撤销"),
    states.DROPPED: _("已放弃"),
}
MARKS = {
    states.LANDED: ("done", "收"),
    states.UNDONE: ("wait", "撤"),
    states.REFUSED: ("gap", "拒"),
    states.DROPPED: ("", "弃"),
    states.SAME: ("", "同"),
    states.CHECKED: ("wait", "待"),
}
BUSY = frozenset({states.CHECKING, states.LANDING, states.UNDOING})


@dataclass(frozen=True)
class Line:
    """One import in the history."""

    seen: ImportSeen
    word: str | Promise
    mark: tuple[str, str]
    files: str
    counts: Sequence[int] | None


@dataclass(frozen=True)
class Going:
    """How far the work on an import is."""

    job: Job
    label: str
    ahead: int
    minutes: int | None
    seconds: int | None
    mine: bool
    stoppable: bool
    stopping: Wish | None

    @property
    def waits(self) -> bool:
        """Say whether it has not begun."""
        return self.job.state == WAITING


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show where files are sent and every import there was; take files in."""
    allow(request.user, MAY)
    wrong = None
    if request.method == "POST":
        sent = [
            imports.Upload(PurePath(file.name or "").name, file.size or 0, file.chunks())
            for file in request.FILES.getlist("files")
        ]
        try:
            made = imports.receive(sent, by=request.user, at=timezone.now())
        except BadInput as error:
            wrong = error
        else:
            return redirect("import", made.key)
    history = [_line(seen) for seen in queries.imports_of(scope_of(request.user))]
    context = {"history": history, "wrong": wrong and chosen(wrong.reason_zh, wrong.reason_en)}
    return render(request, "console/imports.html", context, status=400 if wrong else 200)


@require_GET
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show one import: how far it is, what landing would do or did, and what can be done with it."""
    allow(request.user, MAY)
    return _page(request, key)


@require_POST
def land(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for an import to be landed, or a landing that stopped to be taken up again."""
    imports.ask_landing(key, by=request.user, at=timezone.now())
    return redirect("import", key)


@require_POST
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Leave an import that was not landed."""
    imports.drop(key, by=request.user, at=timezone.now())
    return redirect("imports")


@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take back what waits in the queue."""
    imports.take_back(key, by=request.user, at=timezone.now())
    return redirect("import", key)


@require_POST
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for an import to be undone; a missing reason is told beside its field."""
    try:
        undoing.ask_undo(key, why=request.POST.get("why", ""), by=request.user, at=timezone.now())
    except BadInput as error:
        return _page(request, key, wrong=chosen(error.reason_zh, error.reason_en))
    return redirect("import", key)


@require_GET
def marked(request: HttpRequest, key: UUID, sha256: str) -> HttpResponse:
    """Send the marked-up copy of a file: its refused rows with their reasons."""
    allow(request.user, MAY)
    queries.import_of(scope_of(request.user), key)
    copy = next((each for each in queries.marked_copies(key) if each.sha256 == sha256), None)
    if copy is None:
        raise _no_copy()
    try:
        workbook = read_marked(copy.marked_name)
    except FileNotFoundError:
        raise _no_copy() from None
    record(
        "marked_copy_taken", target=imports.about(key), by=request.user, at=timezone.now(), rows=copy.refused
    )
    name = _("{file}-未收的行.xlsx").format(file=PurePath(copy.name).stem)
    return FileResponse(BytesIO(workbook), as_attachment=True, filename=name)


def _no_copy() -> NotFound:
    return NotFound(
        "这份文件没有拒收的行，或标注的副本已经删除。",
        "This file has no refused row, or its copy is deleted.",
    )


def _page(request: HttpRequest, key: UUID, wrong: str = "") -> HttpResponse:
    seen = queries.import_of(scope_of(request.user), key)
    jobs = jobs_about(imports.about(key))
    latest = jobs[0] if jobs else None
    going = (
        _going(latest, request.user)
        if latest and latest.state in (WAITING, RUNNING) and seen.state in BUSY
        else None
    )
    stopped = latest if latest and latest.state in (REFUSED, STOPPED) and seen.state in BUSY else None
    cancelled = latest if latest and latest.state == STOPPED and seen.state not in BUSY else None
    in_the_way = undoing.blockers_of(key) if seen.state == states.LANDED else []
    context = {
        "seen": seen,
        "word": WORDS[seen.state],
        "mark": MARKS.get(seen.state, ("wait", "办")),
        "going": going,
        "stopped": stopped and chosen(stopped.reason_zh, stopped.reason_en),
        "cancelled": cancelled and chosen(cancelled.reason_zh, cancelled.reason_en),
        "files": _files(seen),
        "kinds": _kinds(seen),
        "problems": _problems(seen),
        "outcome": _outcome(seen),
        "notes": [chosen(*note) for note in seen.preview.get("notes", ())],
        "before": queries.landed_before(key) if seen.state == states.SAME else None,
        "marked": queries.marked_copies(key) if seen.state == states.LANDED else [],
        "can_undo": seen.state == states.LANDED and may(request.user, "undo_import"),
        "in_the_way": in_the_way,
        "wrong": wrong,
    }
    return render(request, "console/import.html", context, status=400 if wrong else 200)


def _line(seen: ImportSeen) -> Line:
    counts = None
    if seen.state in (states.LANDED, states.UNDONE, states.UNDOING):
        counts = [seen.total(name) for name in ("new", "changed", "withdrawn", "refused")]
    names = [file["name"] for file in seen.files]
    listed = (
        _("、").join(names[:3])
        if len(names) <= 3
        else _("{first} 等 {count} 个").format(first=names[0], count=len(names))
    )
    return Line(seen, WORDS[seen.state], MARKS.get(seen.state, ("wait", "办")), listed, counts)


def _going(job: Job, reader: Any) -> Going:
    left = seconds_left(job, timezone.now())
    minutes = round(left / 60) if left is not None and left >= 90 else None
    return Going(
        job,
        chosen(job.label_zh, job.label_en),
        ahead_of(job),
        minutes,
        left,
        mine=job.by == reader.username,
        stoppable=stoppable(job.key),
        stopping=wish_of(job.key),
    )


def _files(seen: ImportSeen) -> list[dict[str, Any]]:
    landed = queries.landed_rows(seen.key) if seen.counts else {}
    looked_at = {each["name"]: each for each in seen.preview.get("files", ())}
    found = []
    for file in seen.files:
        each = looked_at.get(file["name"], {})
        found.append(
            {
                "name": file["name"],
                "kilobytes": -(-file["size_bytes"] // 1024),
                "register": chosen(each.get("register_zh", ""), each.get("register_en", "")),
                "reason": chosen(each.get("reason_zh", ""), each.get("reason_en", "")),
                "landed": landed.get(file.get("sha256", ""), (0, 0, 0)),
            }
        )
    return found


def _kinds(seen: ImportSeen) -> list[dict[str, Any]]:
    """Return the counts by kind: what landing did once it is landed, what it would do before."""
    if seen.counts:
        names = kinds()
        return [
            {**each, "title": chosen(names[each["kind"]].title_zh, names[each["kind"]].title_en)}
            for each in seen.counts["kinds"]
        ]
    return [
        {**each, "title": chosen(each["title_zh"], each["title_en"])}
        for each in seen.preview.get("kinds", ())
    ]


# What the later stages of a landing count, as its page says it: stage, count, words.
OUTCOME = (
    ("link", "persons", _("全县的人")),
    ("hold", "bills", _("改动的账单")),
    ("settle", "person_years", _("重放的人年")),
    ("settle", "changed", _("其中结果变了的")),
    ("find dues", "opened", _("新开的缺口")),
    ("find dues", "reopened", _("重开的缺口")),
    ("find dues", "closed", _("关上的缺口")),
)


def _outcome(seen: ImportSeen) -> list[tuple[str | Promise, int]]:
    """Return what followed from a landing."""
    counted = {stage: counts for stage, _seconds, counts in seen.summary.get("stages", ())}
    if seen.state != states.LANDED or not counted:
        return []
    return [(words, counted.get(stage, {}).get(name, 0)) for stage, name, words in OUTCOME]


def _problems(seen: ImportSeen) -> list[dict[str, Any]]:
    return [
        {
            **each,
            "where": chosen(each["where"], where_in_english(each["where"])),
            "why": chosen(each["zh"], each["en"]),
        }
        for each in seen.preview.get("problems", ())
    ]
