"""Checks: an auditor's home. What is doubtful in the data, and who looked at what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yingjin.basics.access import allow
from yingjin.console.pages.quality import KINDS
from yingjin.insight import queries


def show(request: HttpRequest) -> HttpResponse:
    """Show every list of data quality with its length, and the way to the audit."""
    allow(request.user, "read_quality")
    lists = [
        (kind, label, queries.quality(request.user, kind, size=1).total) for kind, label in KINDS.items()
    ]
    doubtful = sum(total for kind, _, total in lists if kind != "files")
    return render(request, "console/checks.html", {"lists": lists, "doubtful": doubtful})
