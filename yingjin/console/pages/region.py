"""A region: what is due, done and lacking in each place below it, down to the village and its people."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yingjin.basics.access import may
from yingjin.console.frame import as_of, asked_day, page_number
from yingjin.console.pages import region_drawn as drawn
from yingjin.console.pages.places import trail
from yingjin.insight import queries
from yingjin.insight.queries.outlines import outlines_of
from yingjin.registry.domain.regions import parent_of
from yingjin.registry.queries import parts_of

DUES = ("insured", "treated", "contracted", "covered")


@dataclass(frozen=True)
class Picture:
    """A schematic outline: of the places below, or of where the region lies among its neighbours."""

    svg: SafeString
    shows: str  # "below" or "among"
    left_out: int


def show(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show the reader's own region, or a part of it, on a day that has been found."""
    known = as_of(request)
    if known.data_until is None:
        return render(request, "console/overview_empty.html")
    on = asked_day(request) or (known.found_days[0] if known.found_days else known.data_until)
    if on not in known.found_days:
        return render(request, "console/not_found_day.html", {"on": on, "title": _("地方")})
    page = queries.region(request.user, on, code, page_number(request))
    return render(request, "console/region.html", shape(request, page, on))


def shape(request: HttpRequest, page: queries.RegionPage, on: date) -> dict[str, Any]:
    """Return what the template shows: nothing is counted here."""
    lists = may(request.user, "read_gaps")
    known = [row for row in page.parts if row.known]
    worst = max(known, key=lambda row: row.lacking, default=None)
    return {
        "region": page,
        "page": page.people,
        "whole": page.whole,
        "on": on,
        "trail": trail(request.user, page.whole.place, on=on),
        "rows": drawn.rows(page, on, lists=lists),
        "total": drawn.total(page, on, lists=lists),
        "lists": lists,
        "opens_quality": may(request.user, "read_quality"),
        "dues": DUES,
        "unknown_parts": len(page.parts) - len(known),
        "worst": worst if worst and worst.lacking and len(known) > 1 else None,
        "picture": picture(page),
        "kinds": drawn.quality_kinds(page.whole),
    }


def picture(page: queries.RegionPage) -> Picture | None:
    """Return the outline of the places below that have one; else of the region among its neighbours; else nothing."""
    below = outlines_of(row.place.code for row in page.parts)
    if len(below) > 1:
        return Picture(drawn.below(page, below), "below", len(page.parts) - len(below))
    here = page.whole.place.code
    siblings = outlines_of(code for code, _ in parts_of(parent_of(here))) if len(here) == 6 else {}
    return Picture(drawn.among(page, siblings), "among", 0) if here in siblings else None
