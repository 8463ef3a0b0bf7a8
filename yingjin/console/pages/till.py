"""The window of a hospital: who stands there, what the stay would cost them, and the bills of the facility."""

from datetime import date
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yingjin.basics import audit
from yingjin.basics.access import allow
from yingjin.basics.days import parse_day
from yingjin.basics.errors import BadInput, NotAllowed, NotFound, YingjinError
from yingjin.basics.language import chosen
from yingjin.basics.money import parse_yuan
from yingjin.console.frame import as_of, page_number
from yingjin.console.pages import bill_steps
from yingjin.console.pages.quote_page import as_bill
from yingjin.insight import queries
from yingjin.registry.actions.window import present_person

FIELDS = ("setting", "admitted_on", "discharged_on", "total", "out_of_scope")


def show(request: HttpRequest) -> HttpResponse:
    """Show the window: the number to type, the name to look for, the facility's bills."""
    return _till(request)


def _till(request: HttpRequest, refusal: YingjinError | None = None) -> HttpResponse:
    page = queries.window(request.user, page_number(request))
    context = {"page": page, "refusal": chosen(refusal.reason_zh, refusal.reason_en) if refusal else ""}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "console/till.html", context, status=status)


@require_POST
def present(request: HttpRequest) -> HttpResponse:
    """Take the whole number from the card; it stands in no address and in no log."""
    try:
        keys = present_person(number=request.POST.get("number", ""), by=request.user, at=timezone.now())
    except NotAllowed:
        raise
    except BadInput as refusal:
        return _till(request, refusal)
    if not keys:
        return _till(
            request,
            NotFound(
                "登记册里没有这个证件号。核对号码；确实没有的，请县医保经办窗口登记后再来。",
                "No register has this identity number. Check it; if nobody has it, the county insurance desk registers it "
                "first.",
            ),
        )
    if len(keys) > 1:
        people = [queries.window_person(request.user, timezone.localdate(), key) for key in keys]
        return render(request, "console/till_which.html", {"people": people})
    return redirect("quote", key=keys[0])


def quote(request: HttpRequest, key: UUID) -> HttpResponse:
    """Work a stay out for a patient; nothing is kept but that it was asked."""
    allow(request.user, "read_window")  # other roles ask by the API, where they say which facility
    asked = {name: request.GET.get(name, "").strip() for name in FIELDS}
    on = as_of(request).data_until or timezone.localdate()
    context: dict[str, object] = {"asked": asked, "today": on, "refusal": "", "field": ""}
    context["quote_fields"] = (
        ("admitted_on", _("入院日"), "date"),
        ("discharged_on", _("出院日（门诊写就诊日）"), "date"),
        ("total", _("总费用（元）"), "text"),
        ("out_of_scope", _("其中目录外（元，没有就空着）"), "text"),
    )
    status = HTTPStatus.OK
    if asked["discharged_on"] or asked["total"]:
        try:
            worked = queries.quote(request.user, key, read_facts(asked))
        except BadInput as refusal:
            context |= {
                "refusal": chosen(refusal.reason_zh, refusal.reason_en),
                "field": refusal.data.get("field", ""),
            }
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            context |= shape(worked)
            audit.record("quote_made", target=f"person:{key}", by=request.user, at=timezone.now())
    else:
        audit.record("window_person_opened", target=f"person:{key}", by=request.user, at=timezone.now())
    context["person"] = context.get("person") or queries.window_person(request.user, on, key)
    return render(request, "console/quote.html", context, status=status)


def read_facts(asked: dict[str, str]) -> queries.QuoteFacts:
    """Read what was typed. Errors: BadInput with the field."""
    return queries.QuoteFacts(
        setting=asked["setting"] or "inpatient",
        admitted_on=_day(asked, "admitted_on") if asked["admitted_on"] else None,
        discharged_on=_day(asked, "discharged_on"),
        total_fen=_amount(asked, "total"),
        out_of_scope_fen=_amount(asked, "out_of_scope") if asked["out_of_scope"] else 0,
    )


def _day(asked: dict[str, str], field: str) -> date:
    try:
        return parse_day(asked[field])
    except BadInput as refusal:
        refusal.data["field"] = field
        raise


def _amount(asked: dict[str, str], field: str) -> int:
    try:
        return parse_yuan(asked[field].replace(",", ""))
    except BadInput as refusal:
        refusal.data["field"] = field
        raise


def shape(worked: queries.Quote) -> dict[str, object]:
    """Return what the template shows of a trial settlement."""
    page = as_bill(worked)
    return {
        "worked": worked,
        "person": worked.person,
        "page": page,
        "steps": bill_steps.steps(page),
        "parts": bill_steps.parts(page),
        "days": (page.discharged_on - page.admitted_on).days if page.admitted_on else None,
        "paid_fen": sum(line.amount_fen for line in page.lines),
        "stay_word": _("门诊") if page.setting == "outpatient" else _("住院"),
        "counted": True,
        "trial": True,
        "alone": True,
        "short": {},
        "short_fen": 0,
    }
