"""Exports: ask for a list as a file, see how far it is, download it, ask again."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingjin.basics.access import allow, may
from yingjin.basics.errors import BadInput
from yingjin.basics.language import chosen
from yingjin.basics.work import DONE, REFUSED, RUNNING, WAITING, ahead_of, seconds_left, stoppable, wish_of
from yingjin.insight import exports
from yingjin.insight.exports.asking import Export
from yingjin.insight.exports.lists import CSV, HAS_NUMBERS, WHY_LONGEST, XLSX, taken

TITLES: Mapping[str, str | Promise] = {
    "gaps": _("缺口名单"),
    "people": _("人员名单"),
    "bills": _("账单"),
    "quality": _("数据质量清单"),
    "places": _("各地缺口表"),
}
# What a page may hand over: the filters of the lists, and nothing else.
FILTERS = (
    "on", "region", "village", "due", "status", "reason", "owner", "age", "whose", "sort", "kind", "year",
)  # fmt: skip
MASKED, WHOLE = "masked", "whole"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Line:
    """One export of one's own as the page shows it."""

    export: Export
    title: str | Promise
    mark: tuple[str, str]
    word: str | Promise
    reason: str
    ahead: int
    seconds: int | None
    stoppable: bool
    stopping: bool

    @property
    def going(self) -> bool:
        """Say whether it is still to be written."""
        return self.export.job.state in (WAITING, RUNNING)


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show one's own exports, each as far as it is."""
    allow(request.user, "export")
    lines = [_line(export) for export in exports.exports_of(request.user)]
    context = {"lines": lines, "going": any(line.going for line in lines), "kept_days": exports.KEPT_DAYS}
    return render(request, "console/exports.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask which file a list is to be, and whether numbers are needed whole; then ask for it."""
    allow(request.user, "export")
    asked = request.POST if request.method == "POST" else request.GET
    numbers = asked.get("numbers", MASKED)
    why = " ".join(asked.get("why", "").split()) if numbers == WHOLE else ""
    wanted = exports.Wanted(asked.get("list", ""), asked.get("format", XLSX), filters(asked), why)
    wrong = None
    if request.method == "POST":
        try:
            if numbers == WHOLE:
                exports.check_why(why)
            exports.ask_export(wanted, by=request.user, at=timezone.now())
            return redirect("exports")
        except BadInput as error:
            wrong = error
    found = taken(request.user, exports.Wanted(wanted.list, XLSX, wanted.query))
    context = {
        "wanted": wanted,
        "title": TITLES[wanted.list],
        "found": found,
        "numbers": numbers,
        "why": asked.get("why", ""),
        "why_length": WHY_LONGEST,
        "may_unmask": wanted.list in HAS_NUMBERS and may(request.user, "unmask"),
        "wrong": wrong and chosen(wrong.reason_zh, wrong.reason_en),
        "kept_days": exports.KEPT_DAYS,
    }
    return render(request, "console/export_new.html", context, status=422 if wrong else 200)


@require_GET
def download(request: HttpRequest, key: UUID) -> StreamingHttpResponse:
    """Send the file; the audit keeps that it was taken."""
    name, pieces = exports.download(key, by=request.user, at=timezone.now())
    answer = StreamingHttpResponse(pieces, content_type=TYPES[name.rpartition(".")[2]])
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@require_POST
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for the same list once more."""
    exports.ask_again(key, by=request.user, at=timezone.now())
    return redirect("exports")


def filters(asked: QueryDict) -> dict[str, str]:
    """Return what a page hands over of its filter."""
    return {name: asked[name] for name in FILTERS if asked.get(name)}


def _line(export: Export) -> Line:
    job = export.job
    if job.state in (WAITING, RUNNING):
        mark, word = ("wait", "办"), _("排着队") if job.state == WAITING else _("正在写")
    elif job.state == DONE:
        mark, word = (("done", "已"), _("写好了")) if export.there else (("", "旧"), _("过了保留期"))
    else:
        mark, word = ("gap", "停"), _("没有写") if job.state == REFUSED else _("中途停了")
    return Line(
        export=export,
        title=TITLES.get(export.wanted.list, export.wanted.list),
        mark=mark,
        word=word,
        reason=chosen(job.reason_zh, job.reason_en),
        ahead=ahead_of(job),
        seconds=seconds_left(job, timezone.now()),
        stoppable=job.state == WAITING or stoppable(job.key),
        stopping=wish_of(job.key) is not None,
    )
