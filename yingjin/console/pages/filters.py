"""Saved filters: keep the filter of a list under a name, open it, rename it, share it, delete it."""

from urllib.parse import parse_qsl
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from yingjin.basics.errors import YingjinError
from yingjin.basics.language import chosen
from yingjin.console.pages.exports import TITLES
from yingjin.console.pages.gaps import STATUS_LABELS
from yingjin.console.templatetags.yingjin import DUE_NAMES, place
from yingjin.insight import queries
from yingjin.insight.keeping import PAGES, change_filter, delete_filter, kept_part, save_filter
from yingjin.registry.queries import name_of

WORDS = {
    "reason": gettext_lazy("按原因"),
    "owner": gettext_lazy("按责任"),
    "age": gettext_lazy("按已有多久"),
    "whose": gettext_lazy("按派给谁"),
    "sort": gettext_lazy("按选的顺序"),
}


LIST_NAMES = {
    "gaps": gettext_lazy("缺口"),
    "find": gettext_lazy("查人"),
    "export_new": gettext_lazy("导出"),
}


def words_of(query: str) -> list[str]:
    """Say in words what a kept filter chooses."""
    return [said for name, value in parse_qsl(query) if (said := _word(name, value))]


def _word(name: str, value: str) -> str:
    if name == "due":
        return str(DUE_NAMES.get(value, ""))
    if name == "status":
        return str(STATUS_LABELS.get(value, ""))
    if name in ("region", "village"):
        return place(name_of(value) or value)
    if name == "list":
        return str(TITLES.get(value, ""))
    if name == "year":
        return gettext("{year} 年").format(year=value)
    return str(WORDS.get(name, ""))


def show(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    """Show one's own filters and those shared; with `?page=&query=` the form that keeps a new one."""
    asked = request.POST if request.method == "POST" else request.GET
    page = asked.get("page", "")
    new_query = kept_part(asked.get("query", "")) if page in PAGES else ""
    listed = queries.saved_filters(request.user)
    context = {
        "mine": [(each, LIST_NAMES[each.page]) for each in listed if each.mine],
        "others": [(each, LIST_NAMES[each.page]) for each in listed if not each.mine],
        "new_page": page if page in PAGES else "",
        "new_query": new_query,
        "new_words": words_of(new_query),
        "new_list": LIST_NAMES.get(page, ""),
        "name": asked.get("name", ""),
        "refusal": refusal,
    }
    return render(request, "console/filters.html", context, status=status)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a new filter and go back to its list; what is refused is said beside the form."""
    posted = request.POST
    try:
        kept = save_filter(
            page=posted.get("page", ""),
            query=posted.get("query", ""),
            name=posted.get("name", ""),
            shared=bool(posted.get("shared")),
            by=request.user,
            at=timezone.now(),
        )
    except YingjinError as error:
        return show(request, chosen(error.reason_zh, error.reason_en), status=400)
    return redirect(f"{reverse(kept.page)}?{kept.query}")


@require_POST
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """Rename one of one's own filters, share it or not."""
    posted = request.POST
    try:
        change_filter(
            key=key,
            name=posted.get("name", ""),
            shared=bool(posted.get("shared")),
            by=request.user,
            at=timezone.now(),
        )
    except YingjinError as error:
        return show(request, chosen(error.reason_zh, error.reason_en), status=400)
    return redirect("filters")


@require_POST
def delete(request: HttpRequest, key: UUID) -> HttpResponse:
    """Delete one of one's own filters."""
    delete_filter(key=key, by=request.user, at=timezone.now())
    return redirect("filters")
