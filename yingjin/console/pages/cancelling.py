"""Cancel what one asked for, after a question: what waits is taken back, what runs stops with nothing half done."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yingjin.basics.access import allow, scope_of
from yingjin.basics.work import WAITING, Job, jobs_about
from yingjin.console.pages.exports import TITLES
from yingjin.console.pages.imports import WORDS
from yingjin.fusion.actions import imports
from yingjin.fusion.queries.imports import import_of
from yingjin.insight import exports


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask whether an export is to be cancelled; then cancel it."""
    allow(request.user, "export")
    one = exports.export_of(request.user, key)
    if request.method == "POST":
        exports.cancel(key, by=request.user, at=timezone.now())
        return redirect("exports")
    title = TITLES.get(one.wanted.list, one.wanted.list)
    text = _("已写的部分会丢掉，不留下文件。要的时候可以再导出一次。")
    return _asked(request, one.job, str(title), text, reverse("exports"))


@require_http_methods(["GET", "POST"])
def landing(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask whether what goes on with an import is to be cancelled; then cancel it."""
    allow(request.user, "import")
    seen = import_of(scope_of(request.user), key)
    job = next((each for each in jobs_about(imports.about(key)) if not each.ended), None)
    if job is None:
        return redirect("import", key)
    if request.method == "POST":
        imports.stop(key, by=request.user, at=timezone.now())
        return redirect("import", key)
    text = _("还没有写进数据，取消以后一行也不收。已经开始写进数据的不能取消，收完可以撤销。")
    return _asked(request, job, str(WORDS[seen.state]), text, reverse("import", args=[key]))


def _asked(request: HttpRequest, job: Job, title: str, text: str, back: str) -> HttpResponse:
    context = {"job": job, "title": title, "text": text, "back": back, "waits": job.state == WAITING}
    return render(request, "console/cancel.html", context)
