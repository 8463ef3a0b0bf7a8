"""Published figures: all of them, the broken first, each opening into its parts."""

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from yingjin.basics.errors import BadInput, NotFound
from yingjin.basics.language import chosen
from yingjin.console.frame import page_number
from yingjin.console.templatetags.yingjin import choose
from yingjin.insight import figures
from yingjin.insight.domain.figures import Figure, Verdict

SHOWN_A_PAGE = 100
HAN = re.compile(r"[\u3400-\u9fff（）、]+")
FILTERS = {
    "": gettext_lazy("全部"),
    "broken": gettext_lazy("对不上的"),
    "hold": gettext_lazy("对得上的"),
    "unchecked": gettext_lazy("没有恒等式可核的"),
}


@dataclass(frozen=True)
class FigureLine:
    """A published figure in the reader's language; its value and its document's own title stay as published."""

    id: str
    indicator: str
    value: str
    unit: str
    place: str
    period: str
    parts: str
    document: str
    about: str
    broken: bool
    verdicts: tuple[Verdict, ...]

    @property
    def first_verdict(self) -> str:
        """Return what the first identity that does not hold says."""
        return description(self.verdicts[0])


def show(request: HttpRequest) -> HttpResponse:
    """Show the published figures, filtered by how they fared and by the document they stand in."""
    wanted, document = request.GET.get("show", ""), request.GET.get("in", "")
    if wanted not in FILTERS:
        raise BadInput(
            f"没有“{wanted}”这个选项。从页面上的选项里选。",
            f"No choice “{wanted}”. Choose one of the page's.",
            value=wanted,
        )
    found = figures.audited()
    by_document = [each for each in found if not document or document_key(each) == document]
    listed = [each for each in by_document if fits(each, wanted)]
    number = page_number(request)
    pages = max(1, -(-len(listed) // SHOWN_A_PAGE))
    shown = listed[(number - 1) * SHOWN_A_PAGE : number * SHOWN_A_PAGE]
    context = {
        "summary": figures.summary(),
        "choices": [
            (key, label, sum(fits(each, key) for each in by_document)) for key, label in FILTERS.items()
        ],
        "documents": documents(found),
        "chosen": wanted,
        "document": document,
        "rows": [line(each) for each in shown],
        "page": {"page": number, "pages": pages},
        "total": len(listed),
        "from_row": (number - 1) * SHOWN_A_PAGE + 1,
        "to_row": (number - 1) * SHOWN_A_PAGE + len(shown),
    }
    return render(request, "console/figures.html", context)


def one(request: HttpRequest, key: str) -> HttpResponse:
    """Show one figure and every identity it takes part in, with the values put in."""
    found = next((each for each in figures.audited() if each.figure.id == key), None)
    if found is None:
        raise NotFound(f"没有编号为“{key}”的公布数。", f"No published figure is called “{key}”.", figure=key)
    verdicts = [
        (each, description(each), [operand(part) for part in each.figures]) for each in found.verdicts
    ]
    context = {"found": found, "figure": line(found), "verdicts": verdicts}
    return render(request, "console/figure.html", context)


def operand(figure: Figure) -> dict[str, str]:
    """Return a figure that an identity is worked out from."""
    indicator = choose(figure.indicator_zh, figure.indicator_en)
    return {"id": figure.id, "indicator": indicator, "value": figure.value, "unit": unit(figure)}


def line(each: figures.AuditedFigure) -> FigureLine:
    """Return a figure in the reader's language."""
    figure, document = each.figure, each.document
    return FigureLine(
        id=figure.id,
        indicator=choose(figure.indicator_zh, figure.indicator_en),
        value=figure.value,
        unit=unit(figure),
        place=chosen(figure.place_zh, figure.place),
        period=chosen(figure.period_zh, HAN.sub("", figure.period)),
        parts=chosen(figure.parts_zh, figure.stated_formula_or_parts if figure.parts_zh else ""),
        document=chosen(document.title_zh, document.title_en),
        about=choose(document.about_zh, document.about_en),
        broken=each.broken,
        verdicts=each.verdicts,
    )


def unit(figure: Figure) -> str:
    """Return a figure's unit; the English one stands behind the Chinese in the same cell."""
    return chosen(figure.unit_zh, HAN.sub("", figure.unit).strip(" (),"))


def description(verdict: Verdict) -> str:
    """Return what an identity says."""
    return chosen(verdict.identity.description_zh, verdict.identity.description_en)


def fits(each: figures.AuditedFigure, wanted: str) -> bool:
    """Say whether a figure belongs to a choice of the filter."""
    if wanted == "broken":
        return each.broken
    if wanted == "hold":
        return bool(each.verdicts) and not each.broken
    return not each.verdicts if wanted == "unchecked" else True


def document_key(each: figures.AuditedFigure) -> str:
    """Return the key of the document a figure stands in, short enough for an address."""
    article = "" if each.figure.article == "-" else each.figure.article
    return f"{each.figure.seed_file[:3]}{article}"


def documents(found: tuple[figures.AuditedFigure, ...]) -> list[tuple[str, str]]:
    """Return each document's key and title, in the order of the keys."""
    titles = {
        document_key(each): chosen(
            each.document.about_zh or each.document.title_zh, each.document.about_en or each.document.title_en
        )
        for each in found
    }
    return sorted(titles.items(), key=lambda item: (item[0][:3], len(item[0]), item[0]))
