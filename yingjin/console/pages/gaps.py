"""Gaps: who should have what and has it not; filtered, sorted, paged."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.access import may
from yingjin.basics.errors import BadInput
from yingjin.console.frame import as_of, asked_day, page_number
from yingjin.console.pages import gap_forms, gaps_drawn
from yingjin.console.pages.places import Crumb, trail
from yingjin.console.templatetags.yingjin import DUES
from yingjin.insight import queries

LACKING = "lacking"
ROWS_A_PAGE = 30
STATUSES = (LACKING, "open", "unknown", "late", "excepted", "done", "due")
SORTS = ("due_by", "name", "place", "due", "reason", "owner", "since")
TITLES = {
    LACKING: gettext_lazy("缺口：谁该得到而还没有得到"),
    "open": gettext_lazy("缺口：身份清楚、还没有得到的"),
    "unknown": gettext_lazy("待核：先认清是不是同一个人"),
    "late": gettext_lazy("逾期：过了期限还没有得到的"),
    "excepted": gettext_lazy("除外：有凭据、暂不办的"),
    "done": gettext_lazy("已有凭据的"),
    "due": gettext_lazy("全部应享"),
}
STATUS_LABELS = {
    LACKING: gettext_lazy("缺口"),
    "open": gettext_lazy("缺口（不含待核）"),
    "unknown": gettext_lazy("待核"),
    "late": gettext_lazy("逾期"),
    "excepted": gettext_lazy("除外"),
    "done": gettext_lazy("已有凭据"),
    "due": gettext_lazy("全部应享"),
}
LISTS_LACKING = (LACKING, "open", "unknown", "late")


class BadFilter(BadInput):
    code = "bad_filter"


@dataclass(frozen=True)
class Head:
    """One sortable column head: what it sorts by next, and how it is sorted now."""

    label: str
    sort: str
    direction: str
    classes: str = ""


def show(request: HttpRequest) -> HttpResponse:
    """Show the list on a day that has been found; with `?gap=` the chosen one beside it."""
    known = as_of(request)
    if known.data_until is None:
        return render(request, "console/overview_empty.html")
    on = asked_day(request) or (known.found_days[0] if known.found_days else known.data_until)
    if on not in known.found_days:
        return render(request, "console/not_found_day.html", {"on": on, "title": _("缺口")})
    wanted = read_filter(request)
    page = queries.gaps(request.user, on, wanted)
    chosen = request.GET.get("gap", "")
    detail = queries.gap(request.user, on, chosen) if chosen else None
    return render(request, "console/gaps.html", shape(request, page, wanted, detail, on))


def read_filter(request: HttpRequest) -> queries.GapsWanted:
    """Read the filter and the page from the query. Errors: BadFilter for a value no choice has."""
    return replace(filter_of(request.GET), page=page_number(request))


def filter_of(asked: QueryDict) -> queries.GapsWanted:
    """Read a filter. Errors: BadFilter for a value no choice has."""
    due, status, sort = asked.get("due", ""), asked.get("status") or LACKING, asked.get("sort") or "due_by"
    for value, allowed in ((due, ("", *DUES)), (status, STATUSES), (sort.removeprefix("-"), SORTS)):
        if value not in allowed:
            raise BadFilter(
                f"没有“{value}”这个选项。从页面上的选项里选。",
                f"No choice “{value}”. Choose one of the page's.",
                value=value,
            )
    return queries.GapsWanted(
        due=due,
        status=status,
        region_code=asked.get("region", ""),
        reason=asked.get("reason", ""),
        owner=asked.get("owner", ""),
        age=asked.get("age", ""),
        whose=asked.get("whose", ""),
        sort=sort,
        size=ROWS_A_PAGE,
    )


def shape(
    request: HttpRequest,
    page: queries.GapsPage,
    wanted: queries.GapsWanted,
    detail: queries.GapDetail | None,
    on: date,
) -> dict[str, Any]:
    """Return what the template shows."""
    here = urlencode({name: value for name, value in request.GET.items() if value and name != "gap"})
    latest = on == as_of(request).found_days[0]
    works = latest and wanted.status in (*LISTS_LACKING, "excepted") and may(request.user, "work_on_gap")
    return {
        "page": page,
        "works": works,
        "links": {
            "letters": may(request.user, "write_letter"),
            "held": may(request.user, "decide_held_bill"),
        },
        "bulk": gap_forms.bulk_of(request.user, wanted.status) if works else [],
        "work": gap_forms.panel(request.user, detail) if detail and latest else None,
        "rows": gaps_drawn.rows(
            page,
            chosen=detail.row.gap_id if detail else "",
            day=on.isoformat(),
            here=here,
            lists_lacking=wanted.status in LISTS_LACKING,
            works=works,
        ),
        "wanted": wanted,
        "detail": detail,
        "on": on,
        "day": on.isoformat(),
        "title": TITLES[wanted.status],
        "trail": trail(request.user, page.place, Crumb(_("缺口")), on=on),
        "heads": heads(wanted),
        "statuses": [
            replace(each, label_zh=str(STATUS_LABELS.get(each.code, each.label_zh))) for each in page.statuses
        ],
        "here": here,
        "from_row": (page.page - 1) * page.size + 1,
        "to_row": (page.page - 1) * page.size + len(page.rows),
        "filtered": any(
            (wanted.due, wanted.region_code, wanted.reason, wanted.owner, wanted.age, wanted.whose)
        )
        or wanted.status != LACKING,
        "lists_lacking": wanted.status in LISTS_LACKING,
    }


def heads(wanted: queries.GapsWanted) -> list[Head]:
    """Return the column heads; the one sorted by says so and turns round when chosen again."""
    what = _("缺什么") if wanted.status in LISTS_LACKING else _("情况")
    columns = (
        (_("项"), "due", ""),
        (_("姓名"), "name", ""),
        (_("住址"), "place", ""),
        (what, "reason", ""),
        (_("责任"), "owner", ""),
        (_("期限"), "due_by", "n"),
    )
    return [head(label, sort, classes, wanted.sort) for label, sort, classes in columns]


def head(label: str, sort: str, classes: str, sorted_by: str) -> Head:
    """Lay one column head out."""
    direction = {sort: "ascending", f"-{sort}": "descending"}.get(sorted_by, "")
    return Head(label, f"-{sort}" if direction == "ascending" else sort, direction, classes)
