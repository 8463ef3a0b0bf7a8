"""What an officer does about gaps: one, those ticked, or all of a filter; taken back as a whole; papers opened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingjin.basics import audit
from yingjin.basics.access import allow, may
from yingjin.basics.days import parse_day
from yingjin.basics.errors import BadInput, Conflict, NotFound, YingjinError
from yingjin.basics.language import chosen
from yingjin.basics.sealing import read_sealed
from yingjin.console.frame import as_of
from yingjin.console.pages.gap_forms import (
    DOES,
    ROLE,
    USER,
    assignees,
    task_of,
    title_of,
    typed_of,
)
from yingjin.console.pages.gaps import LISTS_LACKING, filter_of
from yingjin.gaps import actions
from yingjin.gaps.actions.exceptions import paper_path, paper_place
from yingjin.gaps.domain.evidence import MEDIA_TYPES
from yingjin.gaps.errors import BadWork, GapChanged
from yingjin.gaps.files import departments, due_rules
from yingjin.insight import queries
from yingjin.insight.papers.letters import in_chinese, letter_lines
from yingjin.insight.queries.gap_work import last_act, seen_by
from yingjin.insight.queries.work_words import what_name
from yingjin.registry.queries.workers import worker

SHOWN_MOST = 12
TYPED = ("assign", "due_on", "note", "reason", "words", "until_on", "department", "reply_by")


@dataclass
class Meant:
    """What somebody wants to do about which gaps: the gaps ticked, or all of the filter they stood in."""

    do: str
    ids: list[str]
    whole: bool
    back: str
    seen: int
    on: date
    rows: list[queries.GapRow] = field(default_factory=list)
    count: int = 0

    @property
    def wanted(self) -> queries.GapsWanted:
        """Return the filter the list was in."""
        return filter_of(QueryDict(self.back))

    @property
    def address(self) -> str:
        """Return where the list was."""
        chosen = f"gap={self.ids[0]}" if len(self.ids) == 1 and not self.whole else ""
        asked = "&".join(filter(None, (self.back, chosen)))
        return f"{reverse('gaps')}?{asked}" if asked else reverse("gaps")


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest) -> HttpResponse:
    """Show the form of an act with whom it is about; do it, or say what keeps it from being done."""
    meant = _meant(request)
    allow(request.user, DOES[meant.do])
    if request.method == "GET":
        return _form(request, meant, {}, HTTPStatus.OK)
    try:
        done = _do(request, meant)
    except BadWork as wrong:
        return _form(request, meant, {"wrong": wrong, "field": wrong.data["field"]}, HTTPStatus.BAD_REQUEST)
    except GapChanged as changed:
        told = queries.told_changes(request.user, changed.data["changes"])  # type: ignore[arg-type]
        meant.seen = last_act()
        return _form(request, meant, {"wrong": changed, "told": told}, HTTPStatus.CONFLICT)
    except Conflict as refused:
        return _form(request, meant, {"wrong": refused}, HTTPStatus.CONFLICT)
    if isinstance(done, str):
        return redirect(done)
    if done is not None:
        said = ngettext("已办 {count} 处：{what}", "已办 {count} 处：{what}", done.count)
        messages.success(
            request, said.format(count=done.count, what=what_name(done.what)), extra_tags=str(done.key)
        )
    return redirect(meant.address)


@require_POST
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take back an act as a whole."""
    done = actions.undo_act(act=key, by=request.user, at=timezone.now())
    said = ngettext("已撤销 {count} 处", "已撤销 {count} 处", done.count)
    messages.info(request, said.format(count=done.count))
    back = request.POST.get("back", "")
    return redirect(f"{reverse('gaps')}?{back}" if back else reverse("gap_week"))


@require_GET
def evidence(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send the paper behind an exception, kept track of as the opening of a person is."""
    paper = queries.evidence_seen(request.user, key)
    content = read_sealed(paper_path(paper.key), aad=paper_place(paper.key))
    audit.record("evidence_opened", target=f"evidence:{key}", by=request.user, at=timezone.now())
    answer = HttpResponse(content, content_type=MEDIA_TYPES[paper.kind])
    # Never shown inside a page of ours: what somebody uploaded runs nothing here.
    answer["Content-Disposition"] = f'attachment; filename="evidence-{key}.{paper.kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _meant(request: HttpRequest) -> Meant:
    """Read which gaps and what is meant. Errors: BadInput, NotFound."""
    asked = request.POST if request.method == "POST" else request.GET
    do, seen = asked.get("do", "work"), asked.get("seen", "")
    if do not in DOES or not (seen.isascii() and seen.isdigit()):
        raise BadInput(
            "网址里没有说要办什么。回到缺口名单，重新勾选。",
            "The address does not say what to do. Go back to the list and choose again.",
        )
    latest = as_of(request).found_days
    if not latest:
        raise NotFound("还没有找过缺口。", "No gaps have been found yet.")
    meant = Meant(
        do=do,
        ids=list(dict.fromkeys(asked.getlist("gap"))),
        whole=asked.get("all") == "1",
        back=_back(asked.get("back", "")),
        seen=int(seen),
        on=latest[0],
    )
    _look_up(request, meant)
    return meant


def _back(text: str) -> str:
    """Return the query of the list, rebuilt so that nothing else is in it."""
    asked = QueryDict(text)
    return urlencode({name: value for name, value in asked.items() if value and name != "on"})


def _look_up(request: HttpRequest, meant: Meant) -> None:
    if meant.whole:
        wanted = meant.wanted
        if wanted.status not in LISTS_LACKING and meant.do != "end":
            raise BadInput("只能办缺口，不能办已有凭据的。", "Only gaps can be worked on, not what is done.")
        page = queries.gaps(request.user, meant.on, wanted)
        meant.rows, meant.count = page.rows[:SHOWN_MOST], page.total
    elif meant.ids:
        meant.rows = [queries.gap(request.user, meant.on, each).row for each in meant.ids[:SHOWN_MOST]]
        meant.count = len(meant.ids)


def _keys(request: HttpRequest, meant: Meant) -> list[int]:
    """Return the gaps meant. Errors: Conflict when a filter holds another number than was confirmed."""
    if not meant.whole:
        return list(queries.gap_keys(request.user, meant.on, meant.ids).values())
    keys = queries.gap_keys_of(request.user, meant.on, meant.wanted)
    if request.POST.get("count") != str(meant.count):
        raise Conflict(
            f"您确认的是 {request.POST.get('count', '0')} 处，现在这样筛选有 {meant.count} 处。看清楚再办一次。",
            f"You confirmed {request.POST.get('count', '0')}; this filter now holds {meant.count}. Look, then do it again.",
        )
    return keys


def _do(request: HttpRequest, meant: Meant) -> Any:
    """Do what is meant; return the act, None when nothing differed, or the address of what came of it."""
    asked, by, at = request.POST, request.user, timezone.now()
    if meant.do == "letter":
        return _write(request, meant)
    keys = _keys(request, meant)
    common: dict[str, Any] = {"gaps": keys, "seen": meant.seen, "by": by, "at": at}
    if meant.do == "except":
        return actions.except_gaps(
            reason=asked.get("reason", ""),
            words=asked.get("words", ""),
            until_on=_day(asked.get("until_on", ""), "until_on"),
            paper=_paper(request),
            **common,
        )
    if meant.do == "end":
        return actions.end_exceptions(words=asked.get("words", ""), **common)
    assign = _assignee(asked.get("assign"), keys) if "assign" in asked and may(by, "assign_gap") else None
    due_on = actions.AgreedDay(_day(asked["due_on"], "due_on")) if "due_on" in asked else None
    return actions.work_on_gaps(assign=assign, due_on=due_on, note=asked.get("note", ""), **common)


def _assignee(text: str | None, keys: Sequence[int]) -> actions.Assignee:
    """Read whose task the gaps shall be. Errors: BadWork for somebody who would not see them."""
    text = text or ""
    if text.startswith(USER):
        user = worker(text.removeprefix(USER))
        if user is not None and seen_by(user, keys) < len(keys):
            raise BadWork(
                "assign",
                f"其中有“{user.username}”看不到的。换一个人，或派给岗位。",
                f"Some of them “{user.username}” would not see. Choose somebody else, or a role.",
            )
        return actions.Assignee(username=text.removeprefix(USER))
    return actions.Assignee(role=text.removeprefix(ROLE))


def _write(request: HttpRequest, meant: Meant) -> str:
    """Write a letter and return its address."""
    with in_chinese():
        if meant.whole:
            _keys(request, meant)
            rows = list(queries.gap_rows(request.user, meant.on, meant.wanted))
        else:
            rows = [queries.gap(request.user, meant.on, each).row for each in meant.ids]
        lines = letter_lines(request.user, meant.on, rows)
    letter = actions.write_letter(
        lines=lines,
        department=request.POST.get("department", ""),
        reason=request.POST.get("reason", ""),
        reply_by=_day(request.POST.get("reply_by", ""), "reply_by"),
        seen=meant.seen,
        by=request.user,
        at=timezone.now(),
    )
    return reverse("letter", args=[letter.key])


def _paper(request: HttpRequest) -> actions.Paper | None:
    file = request.FILES.get("paper")
    return actions.Paper(file.name or "", file.read()) if file else None


def _day(text: str, name: str) -> date | None:
    """Read a day that may be left blank. Errors: BadWork for what is no day."""
    try:
        return parse_day(text) if text else None
    except YingjinError as wrong:
        raise BadWork(name, wrong.reason_zh, wrong.reason_en) from None


def _form(request: HttpRequest, meant: Meant, more: dict[str, Any], status: HTTPStatus) -> HttpResponse:
    """Show the form, with everything typed so far."""
    typed = {name: request.POST.get(name, "") for name in TYPED}
    if meant.do == "work" and request.method == "GET" and meant.rows and meant.rows[0].worked:
        typed |= typed_of(meant.rows[0].worked)
    dues = {row.due for row in meant.rows}
    context = {
        "meant": meant,
        "typed": typed,
        "rows": [(row, task_of(row.worked)) for row in meant.rows],
        "more": max(0, meant.count - len(meant.rows)),
        "title": title_of(meant.do),
        "assignees": assignees(request.user, meant.rows) if meant.do in ("work", "assign") else [],
        "reasons": [
            (each.code, chosen(each.zh, each.en))
            for each in due_rules().granted.values()
            if dues & each.dues or meant.whole
        ],
        "departments": [(each.code, chosen(each.zh, each.en)) for each in departments().values()],
        **more,
    }
    if "wrong" in more:
        context["wrong"] = chosen(more["wrong"].reason_zh, more["wrong"].reason_en)
    return render(request, "console/gap_act.html", context, status=int(status))
