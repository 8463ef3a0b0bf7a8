"""Papers: the slip, a household's sheet and a place's summary as PDF; what the code on a sheet opens."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yingjin.basics import audit
from yingjin.basics.access import allow
from yingjin.basics.errors import NotFound
from yingjin.basics.language import CHINESE
from yingjin.basics.papers import render
from yingjin.console.frame import as_of, asked_day, day_of_people
from yingjin.insight import queries
from yingjin.insight.papers import codes, households, regions, slips
from yingjin.registry.queries import place_written

Data = dict[str, Any]


@require_GET
def slip(request: HttpRequest, key: str) -> HttpResponse:
    """Send the patient's slip."""
    page = queries.bill(request.user, key)
    data = slips.slip(page, large=large(request))
    return sent(request, "slip", data, target=f"bill:{page.bill_key}", name=_("结算单"))


@require_POST
def print_household(request: HttpRequest, key: str) -> HttpResponse:
    """Make the code of a household's sheet if it has none, and open the sheet."""
    codes.make_code(key, by=request.user, at=timezone.now())
    asked = {name: request.POST[name] for name in ("on", "large") if request.POST.get(name)}
    return redirect(reverse("household_pdf", args=[key]) + (f"?{urlencode(asked)}" if asked else ""))


@require_GET
def household(request: HttpRequest, key: str) -> HttpResponse:
    """Send a household's sheet of the day asked for; opening it makes nothing."""
    on = day_of_people(request) or no_data()
    queries.household(request.user, on, key)
    token = codes.code_of(key, by=request.user)
    link = request.build_absolute_uri(reverse("household_code", args=[token]))
    data = households.sheet(request.user, on, key, link=link, large=large(request))
    return sent(request, "household_sheet", data, target=f"household:{key}", name=_("一户一单"))


@require_GET
def place(request: HttpRequest) -> HttpResponse:
    """Send the summary of a place on a found day."""
    known = as_of(request)
    on: date = asked_day(request) or (known.found_days[0] if known.found_days else no_data())
    page = queries.overview(request.user, on, request.GET.get("region") or None)
    data = regions.summary(page, place=place_written(page.place.name), large=large(request))
    return sent(request, "region_summary", data, target=f"region:{page.place.code}", name=_("四个应尽简报"))


@require_GET
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Open the household whose sheet a code is on, for a signed-in reader within scope."""
    return redirect("household", codes.household_of(token, by=request.user))


@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Let the sheets of a household printed so far open nothing more."""
    codes.revoke_code(key, by=request.user, at=timezone.now())
    return redirect("household", key)


def sent(request: HttpRequest, template: str, data: Data, *, target: str, name: str) -> HttpResponse:
    """Send a paper, and keep that it was printed and of what."""
    allow(request.user, "print_paper")
    pdf = render(template, data, language=get_language() or CHINESE)
    audit.record(
        "paper_printed", target=target, by=request.user, at=timezone.now(), kind=template, large=data["large"]
    )
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf")
    return answer


def large(request: HttpRequest) -> bool:
    """Say whether the print is to be large."""
    return bool(request.GET.get("large"))


def no_data() -> Any:
    """Refuse a paper while there is nothing to print."""
    raise NotFound(
        "还没有数据，没有可打印的。先导入登记册。",
        "There is no data to print yet. Import the registers first.",
    )
