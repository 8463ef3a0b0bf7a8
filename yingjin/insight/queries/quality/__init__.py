"""What is to be mended in the data, each count of the overview opened into its list, within the reader's scope."""

from collections.abc import Callable, Mapping
from typing import Any

from yingjin.basics.access import allow
from yingjin.basics.errors import NotFound
from yingjin.insight.queries.quality.bills import cancelled, held, incomplete
from yingjin.insight.queries.quality.people import disagreements, unlinked
from yingjin.insight.queries.quality.rows import files, refused
from yingjin.insight.queries.quality.sheet import Part, Sheet
from yingjin.insight.queries.shapes import QualityPage
from yingjin.insight.queries.sight import Sight, sight_of

SHEETS: Mapping[str, Callable[[Sight], Sheet]] = {
    "files": files,
    "refused": refused,
    "unlinked": unlinked,
    "disagreements": disagreements,
    "held": held,
    "incomplete": incomplete,
    "cancelled": cancelled,
}

__all__ = ["Part", "Sheet", "quality"]


def quality(reader: Any, kind: str, page: int = 1, size: int = 50, region_code: str = "") -> QualityPage:
    """Return one page of a list of the reader's own region, or of a part of it.

    Errors: NotFound for a list that does not exist, and for a place outside the scope.
    """
    allow(reader, "read_quality")
    if kind not in SHEETS:
        raise NotFound(f"没有“{kind}”这张清单。", f"No list is called “{kind}”.", kind=kind)
    sight = sight_of(reader)
    sheet = SHEETS[kind](sight.narrowed(region_code) if region_code else sight)
    total = sum(sheet.counts)
    pages = max(1, -(-total // size))
    page = min(page, pages)
    return QualityPage(
        kind=kind,
        title_zh=str(sheet.title_zh),
        answer_zh=str(sheet.answer_zh).format(count=f"{total:,}") if total else str(sheet.empty_zh),
        head=[str(title) for title, _ in sheet.head],
        numeric=[numeric for _, numeric in sheet.head],
        rows=sheet.rows((page - 1) * size, size),
        total=total,
        page=page,
        pages=pages,
    )
