"""Held bills: who proposes what and why, and the second person who confirms it."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingjin.basics import audit
from yingjin.basics.errors import BadInput, NotFound, YingjinError
from yingjin.basics.language import chosen
from yingjin.console.frame import page_number
from yingjin.insight import queries
from yingjin.insight.queries.held import KINDS, OFFERED, WAITING
from yingjin.settlement import actions
from yingjin.settlement.domain.states import REJECT, RELEASE
from yingjin.settlement.errors import NoReason

DECIDE = {
    "confirm": actions.confirm_decision,
    "decline": actions.decline_decision,
    "withdraw": actions.withdraw_decision,
}


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show held bills: what waits for a second person first."""
    kind = request.GET.get("kind", "")
    if kind not in ("", *KINDS):
        raise NotFound(f"没有“{kind}”这张清单。", f"No list is called “{kind}”.")
    first = queries.held_bills(request.user, OFFERED)
    kind = kind or (OFFERED if first.total else WAITING)
    page = queries.held_bills(request.user, kind, page_number(request))
    if page.rows:
        audit.record(
            "held_bills_opened",
            target=f"held:{kind}",
            by=request.user,
            at=timezone.now(),
            bills=len(page.rows),
        )
    return render(request, "console/held.html", shape(request, page, {}))


@require_POST
def propose(request: HttpRequest, key: UUID) -> HttpResponse:
    """Propose what becomes of a bill."""
    row = queries.held_bill(request.user, key)
    verdict = request.POST.get("verdict", "")
    if verdict not in (RELEASE, REJECT):
        raise BadInput("选“提出计入”或“提出不计入”。", "Choose to release or to reject.")
    try:
        actions.propose_decision(
            bill=row.bill_key,
            verdict=verdict,
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=timezone.now(),
        )
    except NoReason as wrong:
        page = queries.held_bills(request.user, WAITING)
        more = {"wrong": said(wrong), "wrong_at": row.bill_key, "typed": request.POST.get("reason", "")}
        return render(request, "console/held.html", shape(request, page, more), status=HTTPStatus.BAD_REQUEST)
    messages.info(request, _("已提出。要另一个人确认才生效；确认前您可以撤回。"))
    return redirect("held")


@require_POST
def decide(request: HttpRequest, decision: int, verb: str) -> HttpResponse:
    """Confirm, decline or take back a proposal."""
    if verb not in DECIDE:
        raise NotFound("没有这个办法。", "There is no such choice.")
    queries.bill_of_decision(request.user, decision)
    DECIDE[verb](decision=decision, by=request.user, at=timezone.now())
    done = {
        "confirm": _("已确认。这个人的账正在重算，缺口随后重找。"),
        "decline": _("没有同意，账单还是暂不计。"),
        "withdraw": _("已撤回。"),
    }
    messages.info(request, done[verb])
    return redirect("held")


def said(error: YingjinError) -> str:
    """Return the words of a refusal in the reader's language."""
    return chosen(error.reason_zh, error.reason_en)


def shape(request: HttpRequest, page: queries.HeldPage, more: dict[str, Any]) -> dict[str, Any]:
    """Return what the template shows."""
    names = {"proposed": _("等人确认"), "waiting": _("还没有人提出"), "decided": _("已核定")}
    verdicts = {RELEASE: _("计入"), REJECT: _("不计入")}
    return {
        "page": page,
        "kinds": [(kind, names[kind], page.counts[kind]) for kind in KINDS],
        "rows": [
            (row, verdicts.get(row.verdict, ""), row.mine == request.user.username) for row in page.rows
        ],
        **more,
    }
