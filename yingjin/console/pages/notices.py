"""Notices: what happened that the reader should know of, read and unread."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from yingjin.basics.language import chosen
from yingjin.console.unread import forget
from yingjin.insight import queries
from yingjin.insight.keeping import mark_read
from yingjin.insight.queries import Notice

JOBS = {
    "check_import": gettext_lazy("检查导入的文件"),
    "land_import": gettext_lazy("收下导入的文件"),
    "undo_import": gettext_lazy("撤销导入"),
    "find_dues": gettext_lazy("重新找缺口"),
    "replay_person": gettext_lazy("重新算账"),
    "export": gettext_lazy("导出"),
    "paper": gettext_lazy("打印"),
}
STATES = {
    "done": gettext_lazy("做完了"),
    "refused": gettext_lazy("没有做：看原因"),
    "stopped": gettext_lazy("停住了"),
}
MARKS = {"done": "done", "refused": "gap", "stopped": "wait"}


@dataclass(frozen=True)
class Line:
    """One notice as the page shows it: its words, where it opens, and the colour of its mark."""

    notice: Notice
    title: str
    text: str
    url: str
    mark: str


def show(request: HttpRequest) -> HttpResponse:
    """Show the notices of two weeks, the newest first."""
    found = [line(each) for each in queries.notices(request.user, timezone.now())]
    fresh = [each for each in found if not each.notice.read]
    forget(request)
    return render(request, "console/notices.html", {"lines": found, "unread": len(fresh)})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Note that one notice was read and open what it speaks of; without one, that all were read."""
    now = timezone.now()
    lines = [line(each) for each in queries.notices(request.user, now)]
    wanted = request.POST.get("notice", "")
    meant = [each for each in lines if wanted in ("", each.notice.key)]
    mark_read(notices=[each.notice.key for each in meant], by=request.user, at=now)
    forget(request)
    return redirect(meant[0].url if wanted and meant and meant[0].url else reverse("notices"))


def line(notice: Notice) -> Line:
    """Put a notice into words."""
    return {"job": _job, "gaps": _gaps, "expiring": _expiring, "undone": _undone, "held": _held}[notice.what](
        notice
    )


def _job(notice: Notice) -> Line:
    facts = notice.facts
    what = str(JOBS.get(facts["kind"], facts["kind"]))
    title = _("{what}：{state}").format(what=what, state=STATES[facts["state"]])
    why = chosen(facts["reason_zh"], facts["reason_en"])
    return Line(notice, title, why, _opens(facts), MARKS[facts["state"]])


def _gaps(notice: Notice) -> Line:
    number = notice.facts["gaps"]
    title = ngettext("{number} 处缺口交给了您", "{number} 处缺口交给了您", number).format(
        number=f"{number:,}"
    )
    return Line(notice, title, _by(notice.facts), f"{reverse('gaps')}?whose=mine", "wait")


def _expiring(notice: Notice) -> Line:
    number = notice.facts["gaps"]
    title = ngettext("{number} 处除外 {day} 到期", "{number} 处除外 {day} 到期", number).format(
        number=f"{number:,}", day=notice.facts["until_on"]
    )
    return Line(notice, title, _("到期不续，缺口就重新打开。"), f"{reverse('gaps')}?status=excepted", "wait")


def _undone(notice: Notice) -> Line:
    url = reverse("import", args=[notice.facts["import"]])
    return Line(notice, _("一次导入被撤销了"), _by(notice.facts), url, "gap")


def _held(notice: Notice) -> Line:
    return Line(notice, _("一张暂不计的账单等第二个人确认"), _by(notice.facts), _held_url(), "wait")


def _held_url() -> str:
    return f"{reverse('held')}?kind=proposed"


def _by(facts: dict[str, Any]) -> str:
    return _("办理人：{by}").format(by=facts["by"])


def _opens(facts: dict[str, Any]) -> str:
    """Return where what came of a job lies."""
    return reverse("exports") if facts["kind"] == "export" else _of_import(facts["about"])


def _of_import(about: str) -> str:
    kind, _colon, key = about.partition(":")
    return reverse("import", args=[key]) if kind == "import" and key else ""
