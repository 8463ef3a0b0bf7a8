"""Person: who, what is due and done on any day, with dates, registers, bills and the household."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yingjin.basics import audit
from yingjin.basics.access import may
from yingjin.console.frame import day_of_people, found_day
from yingjin.console.pages.places import Crumb, trail
from yingjin.insight import queries

STRIP_WIDTH = 260
EVENTS_SHOWN = 12


@dataclass(frozen=True)
class Strip:
    """Where a category's interval lies on the strip of years, in the strip's own units."""

    span: queries.CategorySpan
    held: bool
    x: float
    width: float


@dataclass(frozen=True)
class BillsOfYear:
    """The bills discharged in one year and their total."""

    year: int
    bills: list[queries.BillRow]
    total: queries.YearTotal | None


def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show a person on the day asked for; opening is recorded."""
    on = day_of_people(request)
    if on is None:
        return render(request, "console/overview_empty.html")
    try:
        page = queries.person(request.user, on, key)
    except queries.MergedInto as merged:
        return redirect("person", key=merged.data["person_key"])
    answer = render(request, "console/person.html", shape(request, page))
    audit.record(
        "person_opened", target=f"person:{key}", by=request.user, at=timezone.now(), on=on.isoformat()
    )
    return answer


def shape(request: HttpRequest, page: queries.PersonPage) -> dict[str, object]:
    """Return what the template shows."""
    first, last = span_of_years(page)
    return {
        "page": page,
        "may_unmask": may(request.user, "unmask"),
        "may_read_audit": may(request.user, "read_audit"),
        "on": page.on,
        "trail": trail(request.user, page.path[-1], Crumb(page.name), on=found_day(request, page.on))
        if page.path
        else [],
        "first_year": first,
        "last_year": last,
        "grid": [
            round(STRIP_WIDTH * (year - first) / (last + 1 - first), 1) for year in range(first, last + 1, 2)
        ],
        "now_x": place_of(page.on, first, last),
        "strips": [strip(each, page.on, first, last) for each in page.categories],
        "tags": [each.name_zh for each in page.categories if holds(each, page.on)],
        "years": bills_by_year(page),
        "disagreeing": [each for each in page.fields if each.others],
        **shown_events(page, everything=bool(request.GET.get("all"))),
    }


def shown_events(page: queries.PersonPage | queries.HouseholdPage, *, everything: bool) -> dict[str, object]:
    """Return the timeline up to the day shown, the last few of it; everything only when asked for."""
    until = [each for each in page.events if each.on is None or each.on <= page.on]
    shown = page.events if everything else until[:EVENTS_SHOWN]
    return {"events": shown, "more_events": len(page.events) - len(shown)}


def span_of_years(page: queries.PersonPage) -> tuple[int, int]:
    """Return the first and last year the strips show; a year of room after the last."""
    years = [page.on.year] + [each.valid_from.year for each in page.categories]
    years += [each.valid_to.year for each in page.categories if each.valid_to]
    return min(years), max(years) + 1


def place_of(day: date, first: int, last: int) -> float:
    """Return where a day lies on the strip."""
    whole = (date(last + 1, 1, 1) - date(first, 1, 1)).days
    return round(STRIP_WIDTH * min(max((day - date(first, 1, 1)).days, 0), whole) / whole, 1)


def holds(span: queries.CategorySpan, on: date) -> bool:
    """Say whether a category is held on a day."""
    return span.valid_from <= on and (span.valid_to is None or on < span.valid_to)


def strip(span: queries.CategorySpan, on: date, first: int, last: int) -> Strip:
    """Lay one category's interval out; an open one reaches the day shown."""
    begin = place_of(span.valid_from, first, last)
    end = place_of(span.valid_to or max(on, span.valid_from), first, last)
    return Strip(span, holds(span, on), begin, round(max(end - begin, 1), 1))


def bills_by_year(page: queries.PersonPage) -> list[BillsOfYear]:
    """Group the bills by the year of discharge, newest first."""
    totals = {each.year: each for each in page.years}
    years = sorted({each.discharged_on.year for each in page.bills} | set(totals), reverse=True)
    return [
        BillsOfYear(year, [each for each in page.bills if each.discharged_on.year == year], totals.get(year))
        for year in years
    ]
