"""Data quality: each count of the overview's strip opened into its list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yingjin.basics import audit
from yingjin.basics.errors import NotFound
from yingjin.basics.identity import DOTS
from yingjin.console.frame import page_number
from yingjin.insight import queries

FILES = "files"
LONGEST_NUMBER = 22  # as it is shown masked
KINDS = {
    FILES: _("导入的文件"),
    "refused": _("拒收行"),
    "unlinked": _("未对上"),
    "disagreements": _("互相矛盾"),
    "held": _("暂不计的账单"),
    "incomplete": _("账不全的人年"),
    "cancelled": _("作废的账单"),
}


def show(request: HttpRequest, kind: str) -> HttpResponse:
    """Show one list, within the reader's scope; opening one that speaks of people is recorded."""
    if kind not in KINDS:
        raise NotFound(f"没有“{kind}”这张清单。", f"No list is called “{kind}”.", kind=kind)
    region_code = request.GET.get("region", "")
    page = queries.quality(request.user, kind, page_number(request), region_code=region_code)
    heads = list(zip(page.head, page.numeric, strict=True))
    context = {
        "page": page,
        "kinds": KINDS.items(),
        "head": heads,
        "rows": [
            (
                row,
                [
                    (cell, _kept_whole(at, cell), *head)
                    for at, (cell, head) in enumerate(zip(row.cells, heads, strict=True))
                ],
            )
            for row in page.rows
        ],
    }
    answer = render(request, "console/quality.html", context)
    if kind != FILES and page.rows:
        audit.record(
            "quality_opened", target=f"quality:{kind}", by=request.user, at=timezone.now(), page=page.page,
            rows=len(page.rows),
        )  # fmt: skip
    return answer


def _kept_whole(at: int, cell: str) -> bool:
    """Say whether a cell stays on one line: the first of a row, and a number masked or not."""
    return at == 0 or (DOTS in cell and len(cell) <= LONGEST_NUMBER)
