"""Find a person by name, pinyin, the last four of the identity number, or village, on any day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
    return render(request, "console/find.html", {"page": page, "text": text, "village": village, "on": on})
