"""Household: who lives together on a day, and what each of them is due."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from yingjin.basics import audit
from yingjin.console.frame import day_of_people, found_day
from yingjin.console.pages.person import shown_events
from yingjin.console.pages.places import Crumb, trail
from yingjin.insight import queries


def show(request: HttpRequest, key: str) -> HttpResponse:
    """Show a household on the day asked for; opening is recorded."""
    on = day_of_people(request)
    if on is None:
        return render(request, "console/overview_empty.html")
    page = queries.household(request.user, on, key)
    way = (
        trail(
            request.user,
            page.path[-1],
            Crumb(_("{name}一家").format(name=page.head)),
            on=found_day(request, on),
        )
        if page.path
        else []
    )
    lacking = sum(each.open + each.unknown for each in page.states)
    events = shown_events(page, everything=bool(request.GET.get("all")))
    context = {"page": page, "on": on, "trail": way, "lacking": lacking, **events}
    answer = render(request, "console/household.html", context)
    audit.record(
        "household_opened",
        target=f"household:{page.household_key}",
        by=request.user,
        at=timezone.now(),
        on=on.isoformat(),
    )
    return answer
