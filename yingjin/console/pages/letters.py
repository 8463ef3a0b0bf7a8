"""Letters to other departments: their list, one letter, its paper and workbook, and what was answered."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yingjin.basics import audit, papers
from yingjin.basics.days import parse_day
from yingjin.basics.errors import YingjinError
from yingjin.basics.language import chosen
from yingjin.console.frame import as_of
from yingjin.console.templatetags.yingjin import DUES, due_word, who
from yingjin.gaps import actions
from yingjin.gaps.errors import BadWork
from yingjin.insight import queries
from yingjin.insight.papers.letters import letter_book, letter_data
from yingjin.registry.queries import full_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the letters of the reader's place, those that wait for an answer first."""
    rows = queries.letters(request.user)
    today = timezone.localdate()
    waiting = sum(row.replied_on is None for row in rows)
    late = sum(row.replied_on is None and row.reply_by < today for row in rows)
    return render(
        request, "console/letters.html", {"rows": rows, "today": today, "waiting": waiting, "late": late}
    )


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show one letter with its list; keep what was answered."""
    page = queries.letter(request.user, key)
    context: dict[str, Any] = {"page": page, "typed": {}}
    if request.method == "POST":
        asked = request.POST
        try:
            replied = parse_day(asked["replied_on"]) if asked.get("replied_on") else None
            actions.record_reply(
                letter=key,
                replied_on=replied,
                reply=asked.get("reply", ""),
                by=request.user,
                at=timezone.now(),
            )
            return redirect("letter", key=key)
        except YingjinError as wrong:
            field = wrong.data["field"] if isinstance(wrong, BadWork) else "replied_on"
            context |= {"typed": asked, "field": field, "wrong": chosen(wrong.reason_zh, wrong.reason_en)}
    audit.record(
        "letter_opened", target=f"letter:{key}", by=request.user, at=timezone.now(), gaps=page.row.count
    )
    return render(request, "console/letter.html", context, status=400 if context.get("wrong") else 200)


@require_GET
def pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send the letter as a paper."""
    page = queries.letter(request.user, key)
    data = letter_data(
        page,
        place=full_name(request.user.region_code),
        contact=who(request.user),
        as_of=as_of(request).data_until,
        dues={due: due_word(due) for due in DUES},
    )
    content = papers.render("gap_letter", data, language=get_language() or "")
    return _file(request, page, content, "application/pdf", "pdf")


@require_GET
def xlsx(request: HttpRequest, key: UUID) -> HttpResponse:
    """Send the list of the letter as a workbook."""
    page = queries.letter(request.user, key)
    made = _("{who}，{at} 导出").format(
        who=request.user.username, at=timezone.localtime().strftime("%Y-%m-%d %H:%M")
    )
    content = letter_book(page, dues={due: due_word(due) for due in DUES}, written_by=made)
    return _file(request, page, content, XLSX, "xlsx")


def _file(
    request: HttpRequest, page: queries.LetterPage, content: bytes, kind: str, ending: str
) -> HttpResponse:
    audit.record(
        "letter_exported",
        target=f"letter:{page.row.key}",
        by=request.user,
        at=timezone.now(),
        rows=page.row.count,
        kind=ending,
    )
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="letter-{page.row.number}.{ending}"'
    return answer
