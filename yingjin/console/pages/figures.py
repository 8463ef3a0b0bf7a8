"""Published figures: all of them, the broken first, each opening into its parts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yingjin.basics.errors import BadInput, NotFound
from yingjin.console.frame import page_number
from yingjin.insight import figures

SHOWN_A_PAGE = 100
FILTERS = {
    "": "全部",
    "broken": "对不上的",
    "hold": "对得上的",
    "unchecked": "没有恒等式可核的",
}


def show(request: HttpRequest) -> HttpResponse:
    """Show the published figures, filtered by how they fared and by the document they stand in."""
    chosen, document = request.GET.get("show", ""), request.GET.get("in", "")
    if chosen not in FILTERS:
        raise BadInput(
            f"没有“{chosen}”这个选项。从页面上的选项里选。",
            f"No choice “{chosen}”. Choose one of the page's.",
            value=chosen,
        )
    found = figures.audited()
    by_document = [each for each in found if not document or document_key(each) == document]
    listed = [each for each in by_document if fits(each, chosen)]
    number = page_number(request)
    pages = max(1, -(-len(listed) // SHOWN_A_PAGE))
    context = {
        "summary": figures.summary(),
        "choices": [
            (key, label, sum(fits(each, key) for each in by_document)) for key, label in FILTERS.items()
        ],
        "documents": documents(found),
        "chosen": chosen,
        "document": document,
        "rows": listed[(number - 1) * SHOWN_A_PAGE : number * SHOWN_A_PAGE],
        "page": {"page": number, "pages": pages},
        "total": len(listed),
        "from_row": (number - 1) * SHOWN_A_PAGE + 1,
    }
    return render(request, "console/figures.html", context)


def one(request: HttpRequest, key: str) -> HttpResponse:
    """Show one figure and every identity it takes part in, with the values put in."""
    found = next((each for each in figures.audited() if each.figure.id == key), None)
    if found is None:
        raise NotFound(f"没有编号为“{key}”的公布数。", f"No published figure is called “{key}”.", figure=key)
    return render(request, "console/figure.html", {"found": found})


def fits(each: figures.AuditedFigure, chosen: str) -> bool:
    """Say whether a figure belongs to a choice of the filter."""
    if chosen == "broken":
        return each.broken
    if chosen == "hold":
        return bool(each.verdicts) and not each.broken
    return not each.verdicts if chosen == "unchecked" else True


def document_key(each: figures.AuditedFigure) -> str:
    """Return the key of the document a figure stands in, short enough for an address."""
    article = "" if each.figure.article == "-" else each.figure.article
    return f"{each.figure.seed_file[:3]}{article}"


def documents(found: tuple[figures.AuditedFigure, ...]) -> list[tuple[str, str]]:
    """Return each document's key and title, in the order of the keys."""
    titles = {
        document_key(each): each.document.about_zh or each.document.title_zh for each in found
    }  # fmt: skip
    return sorted(titles.items(), key=lambda item: (item[0][:3], len(item[0]), item[0]))
