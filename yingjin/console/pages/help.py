"""Help: what a page answers, what its words mean, what to do. A page of its own, and the panel of every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yingjin.basics.errors import NotFound
from yingjin.basics.language import speaks_english
from yingjin.console.help_texts import help_of


def show(request: HttpRequest, page: str) -> HttpResponse:
    """Show the help of a page, by the name of its address."""
    text = help_of(page, "en" if speaks_english() else "zh")
    if text is None:
        raise NotFound(
            "这一页还没有说明。回到那一页，或看使用手册。",
            "This page has no help yet. Go back to it, or see the user's guide.",
        )
    return render(request, "console/help.html", {"help": text})
