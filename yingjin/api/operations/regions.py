"""Regions: what is due and done in each, and what became of a code."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router
from pydantic import BaseModel

from yingjin.api.calling import operation
from yingjin.api.days import found_day
from yingjin.api.inputs import OnDay
from yingjin.api.shaped import Out, shaped
from yingjin.basics.access import allow
from yingjin.basics.errors import NotFound
from yingjin.basics.language import chosen
from yingjin.insight import queries
from yingjin.insight.queries import shapes
from yingjin.registry.queries.changes import history

router = Router()
TAG = "regions"
RegionOut = shaped(shapes.RegionPage, name="Region", without=("people",))
Code = Annotated[
    str,
    Path(
        ...,
        pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$",
        description="A code, without zeros behind.",
    ),
]


class ChangeOut(Out):
    """One line of the yearly table of changes; a blank old code is a beginning, a blank new one an end."""

    year: str
    what: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    paper: str
    source: str


class HistoryOut(BaseModel):
    """A code: from when to when, what it stands for today, and the changes before and after it."""

    code: str
    name: str
    level: str
    valid_from: date | None
    valid_to: date | None
    outcome: str
    today: list[str]
    reason: str
    before: list[ChangeOut]
    after: list[ChangeOut]
    earlier_names: list[str]


@operation(router, "get", "/regions", answers=RegionOut, refuses=(404,), tag=TAG)
def show_own_region(request: HttpRequest, on: OnDay) -> Any:
    """Show the client's own region on a found day: what is due, done and lacking in it and in each place below."""
    return _region(request, "", on)


@operation(router, "get", "/regions/{code}", answers=RegionOut, refuses=(404,), tag=TAG)
def show_region(request: HttpRequest, code: Code, on: OnDay) -> Any:
    """Show a part of the client's region on a found day."""
    return _region(request, code, on)


@operation(router, "get", "/regions/{code}/history", answers=HistoryOut, refuses=(404,), tag=TAG)
def show_region_history(request: HttpRequest, code: Code) -> Any:
    """Say what became of a code: what it stands for today, and the changes that led to it and on from it."""
    allow(request.auth, "look")  # type: ignore[attr-defined]
    found = history(code)
    if found is None:
        raise NotFound(
            f"区划表里没有代码“{code}”。", f"The table of regions has no code “{code}”.", code=code
        )
    return {
        **{name: getattr(found, name) for name in ("code", "name", "level", "valid_from", "valid_to")},
        "outcome": found.today.outcome,
        "today": list(found.today.codes),
        "reason": chosen(found.today.reason_zh, found.today.reason_en),
        "before": list(found.before),
        "after": list(found.after),
        "earlier_names": list(found.earlier_names),
    }


def _region(request: HttpRequest, code: str, on: date | None) -> Any:
    reader = request.auth  # type: ignore[attr-defined]
    allow(reader, "read_overview")
    return queries.region(reader, found_day(reader, on), code)
