"""The published figures, each with the verdicts on the identities it takes part in."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import BaseModel

from yingjin.api.calling import operation
from yingjin.api.inputs import Cursor, Limit
from yingjin.api.paging import cursor_after, list_name, place_of
from yingjin.basics.access import allow
from yingjin.basics.errors import NotFound
from yingjin.basics.language import chosen
from yingjin.insight import figures

router = Router()
TAG = "figures"
Fared = Literal["broken", "hold", "unchecked"]


class VerdictOut(BaseModel):
    """One identity with the published values put in, and whether it holds."""

    identity: str
    description: str
    with_values: str
    stated: str
    computed: str
    difference: str
    holds: bool


class FigureOut(BaseModel):
    """A figure as it was published."""

    id: str
    indicator: str
    value: str
    unit: str
    place: str
    period: str
    document: str
    broken: bool
    verdicts: list[VerdictOut]


class FiguresListed(BaseModel):
    """Some figures, and how many there are in all; `next` is the cursor of those after them."""

    figures: int
    identities: int
    identities_broken: int
    items: list[FigureOut]
    next: str | None


@operation(router, "get", "/figures", answers=FiguresListed, tag=TAG)
def list_figures(
    request: HttpRequest,
    cursor: Cursor,
    limit: Limit,
    fared: Annotated[Fared | None, Query(None, description="Those that fared so alone.")],
) -> Any:
    """List the published figures with their verdicts, in the order of their ids."""
    allow(request.auth, "look")  # type: ignore[attr-defined]
    name = list_name(request, fared)
    after = place_of(cursor, of=name)[0] if cursor else ""
    rows = sorted((each for each in figures.audited() if _fits(each, fared)), key=lambda each: each.figure.id)
    rest = [each for each in rows if each.figure.id > after]
    shown, summary = rest[:limit], figures.summary()
    return {
        "figures": summary.figures,
        "identities": summary.identities,
        "identities_broken": summary.identities_broken,
        "items": [_out(each) for each in shown],
        "next": cursor_after([shown[-1].figure.id], of=name) if len(rest) > limit else None,
    }


@operation(router, "get", "/figures/{figure_id}", answers=FigureOut, refuses=(404,), tag=TAG)
def show_figure(
    request: HttpRequest, figure_id: Annotated[str, Path(..., max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
) -> Any:
    """Show one published figure with its verdicts."""
    allow(request.auth, "look")  # type: ignore[attr-defined]
    for each in figures.audited():
        if each.figure.id == figure_id:
            return _out(each)
    raise NotFound(f"没有编号为“{figure_id}”的公布数。", f"No published figure is called “{figure_id}”.")


def _fits(each: figures.AuditedFigure, fared: str | None) -> bool:
    """Say whether a figure fared as asked for."""
    actual = "unchecked" if not each.verdicts else "broken" if each.broken else "hold"
    return fared in (None, actual)


def _out(each: figures.AuditedFigure) -> dict[str, Any]:
    figure, document = each.figure, each.document
    return {
        "id": figure.id,
        "indicator": chosen(figure.indicator_zh, figure.indicator_en) or figure.indicator_zh,
        "value": str(figure.value),
        "unit": chosen(figure.unit_zh, figure.unit),
        "place": chosen(figure.place_zh, figure.place),
        "period": chosen(figure.period_zh, figure.period),
        "document": chosen(document.title_zh, document.title_en),
        "broken": each.broken,
        "verdicts": [_verdict(verdict) for verdict in each.verdicts],
    }


def _verdict(verdict: Any) -> dict[str, Any]:
    identity = verdict.identity
    return {
        "identity": identity.id,
        "description": chosen(identity.description_zh, identity.description_en),
        **{name: str(getattr(verdict, name)) for name in ("with_values", "stated", "computed", "difference")},
        "holds": verdict.holds,
    }
