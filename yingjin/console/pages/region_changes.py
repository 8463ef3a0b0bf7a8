"""Changes of the division: what became of a code, and the table of changes since 2000."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingjin.basics.access import scope_of
from yingjin.basics.errors import BadInput
from yingjin.basics.language import chosen
from yingjin.console.frame import page_number
from yingjin.registry.domain.regions import canonical
from yingjin.registry.files import Change
from yingjin.registry.queries import (
    Place,
    change_years,
    changes,
    find,
    history,
    in_force_below,
    resolve,
)

ROWS_A_PAGE = 50
KINDS = {
    "同名改码": _("同名改码"),
    "撤销": _("撤销"),
    "新设": _("新设"),
    "撤县设区": _("撤县设区"),
    "撤县设市": _("撤县设市"),
    "撤市设区": _("撤市设区"),
    "撤地设市": _("撤地设市"),
    "撤区设区": _("撤区设区"),
    "更名": _("更名"),
    "区划调整": _("区划调整"),
    "改设": _("改设"),
    "划转": _("划转"),
    "驻地迁移": _("驻地迁移"),
    "码位改派": _("码位改派"),
}
COLUMNS = (
    _("年"),
    _("变更"),
    _("原代码"),
    _("原名"),
    _("新代码"),
    _("新名"),
    _("文号"),
    _("来源"),
    _("来源网址"),
    _("说明"),
)


class BadChoice(BadInput):
    code = "bad_choice"


@dataclass(frozen=True)
class Step:
    """One change as the page shows it."""

    change: Change
    what: str


@dataclass(frozen=True)
class Pages:
    """Where a page of the table stands, as the pager reads it."""

    page: int
    pages: int
    total: int


def show(request: HttpRequest) -> HttpResponse:
    """Show what became of the code asked for or of the place searched, and the table below it."""
    text = request.GET.get("q", "").strip()[:64]
    year, province = read_filter(request)
    rows = changes(year=year, province=province)
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    page = min(page_number(request), pages)
    context = {
        "text": text,
        **searched(request, text),
        "rows": steps(rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]),
        "page": Pages(page, pages, len(rows)),
        "years": change_years(),
        "year": year,
        "provinces": in_force_below(""),
        "province": province,
    }
    return render(request, "console/region_changes.html", context)


def read_filter(request: HttpRequest) -> tuple[str, str]:
    """Return year and province of the query. Errors: BadChoice for what the page does not offer."""
    year, province = request.GET.get("year", ""), request.GET.get("province", "")
    for value, offered in ((year, change_years()), (province, dict(in_force_below("")))):
        if value and value not in offered:
            raise BadChoice(
                f"没有“{value}”这个选项。从页面上的选项里选。",
                f"No choice “{value}”. Choose one of the page's.",
                value=value,
            )
    return year, province


def searched(request: HttpRequest, text: str) -> dict[str, Any]:
    """Return the history of what was asked for, or the places to choose from."""
    code = canonical(text)
    if code:
        told = history(code)
        known = told.today if told else resolve(code)
        return {
            "told": told,
            "said": chosen(known.reason_zh, known.reason_en),
            "before": steps(told.before) if told else [],
            "after": steps(told.after) if told else [],
            "found": [],
        }
    return {"told": None, "said": "", "found": places_named(request, text) if text else []}


def places_named(request: HttpRequest, text: str) -> list[Place]:
    """Return places of a name, or of a beginning of pinyin: of the whole country, and the reader's own towns."""
    own = scope_of(request.user).region_prefix[:2]
    found = find(text, limit=30) + (find(text, within=own, limit=30) if own else [])
    return list({each.code: each for each in found}.values())


def steps(rows: Iterable[Change]) -> list[Step]:
    """Give each change its words; a kind that is new to us is shown as written."""
    return [Step(row, str(KINDS.get(row.what, row.what))) for row in rows]


def download(request: HttpRequest) -> HttpResponse:
    """Send the table of the filter as CSV for a spreadsheet. It is public: nobody's data is in it."""
    year, province = read_filter(request)
    rows = changes(year=year, province=province)
    answer = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="region-changes.csv"'
    return answer


class Echo:
    """A file that gives back what is written to it."""

    def write(self, value: str) -> str:
        """Return the value."""
        return value


def csv_lines(rows: Iterable[Change]) -> Iterator[str]:
    """Yield the file, with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(Echo(), lineterminator="\r\n")
    yield "\ufeff" + str(writer.writerow([str(column) for column in COLUMNS]))
    for row in rows:
        yield str(writer.writerow(row))
