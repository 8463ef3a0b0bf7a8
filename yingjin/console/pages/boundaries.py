"""Outlines of one's own: give a file, see what is wrong with it, take one back. For administrators."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yingjin.basics.access import allow
from yingjin.basics.errors import YingjinError
from yingjin.basics.language import chosen
from yingjin.insight.boundaries import BadBoundaries, take_back_boundaries, use_boundaries
from yingjin.insight.queries.outlines import boundary_files


def show(request: HttpRequest, refusal: YingjinError | None = None) -> HttpResponse:
    """Show the files given, and the form for another."""
    allow(request.user, "change_regions")
    problems = refusal.problems if isinstance(refusal, BadBoundaries) else []
    files = boundary_files()
    context = {
        "files": files,
        "in_use": sum(each.undone_at is None for each in files),
        "refusal": chosen(refusal.reason_zh, refusal.reason_en) if refusal else "",
        "problems": [(each.feature, chosen(each.reason_zh, each.reason_en)) for each in problems],
    }
    return render(request, "console/boundaries.html", context, status=400 if refusal else 200)


@require_POST
def use(request: HttpRequest) -> HttpResponse:
    """Use the file sent; what is wrong with it is said on the page."""
    allow(request.user, "change_regions")
    sent = request.FILES.get("file")
    try:
        use_boundaries(
            name=(sent.name or "") if sent else "",
            content=sent.read() if sent else b"",
            by=request.user,
            at=timezone.now(),
        )
    except YingjinError as error:
        return show(request, error)
    return redirect("boundaries")


@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Use a file no longer."""
    take_back_boundaries(key=key, by=request.user, at=timezone.now())
    return redirect("boundaries")
