"""Find a person by name, pinyin, the last four of the identity number, or village, on any day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yingjin.basics.access import may
from yingjin.console.frame import day_of_people, page_number
from yingjin.insight import queries

LONGEST_SEARCH = 64


def show(request: HttpRequest) -> HttpResponse:
    """Show who was found; before anything is asked, what may be asked."""
    on = day_of_people(request)
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    village = request.GET.get("village", "")
    if on is None:
        return render(request, "console/overview_empty.html")
    asked = bool(text or village)
    page = queries.find(request.user, on, text, village, page_number(request)) if asked else None
    context = {"page": page, "text": text, "village": village, "on": on}
    # Whom a window finds it works for: it opens no person's page.
    context["at_window"] = not may(request.user, "read_persons")
    return render(request, "console/find.html", context)
