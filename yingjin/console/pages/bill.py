"""Bill: how each yuan was divided and by which clause; the patient's slip; the same as JSON."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from yingjin.basics import audit
from yingjin.console.pages import bill_steps
from yingjin.console.pages.places import Crumb, trail
from yingjin.insight import queries

COUNTED = "counted"


def show(request: HttpRequest, key: str) -> HttpResponse:
    """Show a bill with its steps, its basis and its slip; opening is recorded."""
    page = opened(request, key, "bill_opened")
    person = Crumb(page.name, f"/persons/{page.person_key}/?on={page.discharged_on}")
    way = (
        trail(request.user, page.path[-1], person, Crumb(_("账单 {number}").format(number=page.bill_id)))
        if page.path
        else []
    )
    return render(request, "console/bill.html", shape(page) | {"trail": way})


def slip(request: HttpRequest, key: str) -> HttpResponse:
    """Show the patient's slip alone, on one A5 page; `?large=1` for weak eyes."""
    page = opened(request, key, "slip_opened")
    return render(
        request, "console/slip.html", shape(page) | {"large": bool(request.GET.get("large")), "alone": True}
    )


def as_json(request: HttpRequest, key: str) -> HttpResponse:
    """Send the bill's row and every step."""
    page = opened(request, key, "bill_json_taken")
    answer = JsonResponse(
        page.as_json, json_dumps_params={"ensure_ascii": False, "indent": 2}, status=HTTPStatus.OK
    )
    answer["Content-Disposition"] = f'inline; filename="bill-{bill_steps.plain_key(page.bill_id)}.json"'
    return answer


def opened(request: HttpRequest, key: str, what: str) -> queries.BillPage:
    """Return the bill when the reader may see it, and record that it was opened. Errors: NotFound."""
    page = queries.bill(request.user, key)
    audit.record(what, target=f"bill:{page.bill_key}", by=request.user, at=timezone.now())
    return page


def shape(page: queries.BillPage) -> dict[str, object]:
    """Return what bill and slip show."""
    days = (page.discharged_on - page.admitted_on).days if page.admitted_on else None
    short = {
        line.layer: max(0, line.amount_fen - line.reported_fen)
        for line in page.lines
        if page.state == COUNTED and line.reported_fen is not None
    }
    return {
        "page": page,
        "on": page.discharged_on,
        "counted": page.state == COUNTED,
        "days": days,
        "paid_fen": sum(line.amount_fen for line in page.lines),
        "parts": bill_steps.parts(page),
        "steps": bill_steps.steps(page),
        "short": short,
        "short_fen": sum(short.values()),
        "differing": [line for line in page.lines if line.reported_fen not in (None, line.amount_fen)],
        "own_differs": page.own_reported_fen not in (None, page.own_payment_fen),
        "stay_word": _("门诊") if page.setting == "outpatient" else _("住院"),
        "whole_sum": bill_steps.whole_sum(page),
    }
