"""What became of gaps in a week: opened and closed, done by whom and why; and what can still be taken back."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yingjin.basics.access import may
from yingjin.basics.days import parse_day
from yingjin.basics.errors import BadInput
from yingjin.console.frame import page_number
from yingjin.console.templatetags.yingjin import DUES
from yingjin.insight import queries
from yingjin.insight.queries.work_words import WORDS, what_name

DAYS = 7
SPAN_MOST = 92


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the counts of some days, today the last unless told otherwise, and the list of one of them."""
    asked = request.GET
    until = parse_day(asked["until"]) if asked.get("until") else timezone.localdate()
    since = parse_day(asked["since"]) if asked.get("since") else until - timedelta(days=DAYS - 1)
    what, due = asked.get("what", ""), asked.get("due", "")
    if not timedelta(0) <= until - since < timedelta(days=SPAN_MOST):
        raise BadInput(
            f"从 {since} 到 {until} 不是 1 到 {SPAN_MOST} 天。改一下日期。",
            f"From {since} through {until} is not 1 to {SPAN_MOST} days. Change the days.",
        )
    if what not in ("", "opened", "reopened", "closed", *WORDS) or due not in ("", *DUES):
        raise BadInput(
            "没有这张清单。从这一页的数字点开。", "There is no such list. Open it from a number of the page."
        )
    page = queries.gap_week(
        request.user,
        since=since,
        until=until,
        what=what,
        by=asked.get("by", ""),
        due=due,
        page=page_number(request),
    )
    context = {
        "page": page,
        "dues": list(DUES),
        "found": [(kind, what_name(kind), by, total) for kind, by, total in page.found],
        "done": [(by, name, kind, what_name(kind), number) for by, name, kind, number in page.done],
        "listed": what_name(page.what),
        "acts": [
            (each, what_name(each.what))
            for each in (
                queries.last_acts(request.user, timezone.now()) if may(request.user, "work_on_gap") else ()
            )
        ],
        "title": _("这一周的缺口"),
    }
    return render(request, "console/gap_week.html", context)
