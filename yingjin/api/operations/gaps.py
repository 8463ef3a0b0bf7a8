"""Gaps: listed, opened, given to somebody, noted, excepted. No word closes one: evidence does."""

import base64
import binascii
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Path, Query, Router
from pydantic import BaseModel, Field

from yingjin.api.calling import WORK, operation, with_headers
from yingjin.api.days import found_day
from yingjin.api.errors import VersionNeeded, VersionPassed
from yingjin.api.inputs import Cursor, Day, In, Limit, OnDay, Region, Words
from yingjin.api.paging import cursor_after, list_name, place_of
from yingjin.api.shaped import shaped
from yingjin.basics.errors import BadInput, Conflict
from yingjin.gaps.actions import AgreedDay, Assignee, Paper, except_gaps, work_on_gaps
from yingjin.gaps.domain.dues import LACKING
from yingjin.insight import queries
from yingjin.insight.queries import following, shapes

router = Router()
TAG = "gaps"
GapLine = shaped(shapes.GapRow, name="GapLine")
GapOut = shaped(shapes.GapDetail, name="Gap")
Due = Literal["insured", "treated", "contracted", "covered"]
Status = Literal["lacking", "open", "unknown", "late", "excepted", "done", "due"]
Age = Literal["0-29", "30-89", "90-364", "365-"]
Word = Annotated[str, Query("", max_length=64, pattern=r"^[^\x00]*$")]
PAPER_BASE64_MOST = 15_000_000
GapKey = Annotated[
    str,
    Path(
        ...,
        max_length=64,
        pattern=r"^([0-9a-f]{32}-[a-z]+-[0-9a-f]{16}|[0-9]{1,18})$",
        description="`gap_id` of a list, or the number of an event.",
    ),
]
Version = Annotated[
    str | None,
    Header(
        None,
        alias="If-Match",
        max_length=100,
        pattern=r"^[\x21-\x7e]*$",
        description="The ETag of the gap as it was read.",
    ),
]


class GapsListed(BaseModel):
    """Some of the gaps of a day; `next` is the cursor of those after them."""

    on: date
    items: list[GapLine]  # type: ignore[valid-type]
    next: str | None


class Assignment(In):
    """Whose task it shall be: a role, or one person of it; both empty is nobody. And the day agreed on, a note."""

    role: Annotated[str, Field(max_length=32, pattern=r"^[a-z_]*$")] = ""
    username: Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")] = ""
    due_on: Day | None = None
    note: Words = ""


class Note(In):
    """Something to know about a gap."""

    note: Annotated[Words, Field(min_length=1)]


class Exception_(In):
    """Why a gap does not bind until a day, with the paper behind it (PDF, JPG or PNG in base64)."""

    reason: Annotated[str, Field(max_length=32, pattern=r"^[a-z_]+$")]
    words: Annotated[Words, Field(min_length=1)]
    until_on: Day
    paper_name: Annotated[str, Field(max_length=120, pattern=r"^[^\x00/\\]*$")] = ""
    paper_base64: Annotated[str, Field(max_length=PAPER_BASE64_MOST, pattern=r"^[A-Za-z0-9+/=]*$")] = ""


class Closing(In):
    """What is said to close a gap: at most an exception; words alone close nothing."""

    exception: Exception_ | None = None
    note: Words = ""


class ClosesByEvidence(Conflict):
    """A gap that somebody wants to close by saying so."""

    code = "closes_by_evidence"

    def __init__(self, closes_with: tuple[str, str]) -> None:
        zh, en = closes_with
        super().__init__(
            f"谁说都不算，缺口只凭证据关：{zh}。导入写着它的登记册，缺口自己会关；确实不该有的，用 exception 附上凭据申请除外。",
            f"Nobody's word closes a gap, evidence does: {en}. Import the register that says so and it closes by itself; "
            "if it should not bind, ask for an exception with its paper.",
        )


@operation(router, "get", "/gaps", answers=GapsListed, refuses=(404,), tag=TAG)
def list_gaps(
    request: HttpRequest,
    on: OnDay,
    region: Region,
    cursor: Cursor,
    limit: Limit,
    due: Annotated[Due | None, Query(None)],
    status: Annotated[Status, Query("lacking")],
    age: Annotated[Age | None, Query(None)],
    reason: Word,
    owner: Word,
    whose: Word,
) -> Any:
    """List the gaps of a day, what is lacking by the day it is due."""
    reader = request.auth  # type: ignore[attr-defined]
    day = found_day(reader, on)
    wanted = queries.GapsWanted(
        due=due or "",
        status=status,
        region_code=region,
        reason=reason,
        owner=owner,
        age=age or "",
        whose=whose,
    )
    name = list_name(request, day, wanted)
    after = place_of(cursor, of=name) if cursor else None
    part = following.gaps_after(reader, day, wanted, after, limit)
    return {"on": day, "items": part.rows, "next": cursor_after(part.after, of=name) if part.after else None}


@operation(router, "get", "/gaps/{gap_id}", answers=GapOut, refuses=(404,), tag=TAG)
def show_gap(request: HttpRequest, gap_id: GapKey, on: OnDay) -> Any:
    """Open one gap: why it is due, what there is, the law, what closes it, and what was done. ETag is its version."""
    return _shown(request, gap_id, on)


@operation(
    router,
    "post",
    "/gaps/{gap_id}/assign",
    answers=GapOut,
    refuses=(404, 412, 428),
    needs=WORK,
    changes=True,
    tag=TAG,
)
def assign_gap(request: HttpRequest, gap_id: GapKey, asked: Assignment, if_match: Version) -> Any:
    """Give a gap to a role or to somebody, agree on a day, note something. If-Match is the ETag it was read with."""
    gap, seen = _read_by(request, gap_id, if_match)
    work_on_gaps(
        gaps=[gap],
        assign=Assignee(asked.role, asked.username),
        due_on=AgreedDay(asked.due_on) if "due_on" in asked.model_fields_set else None,
        note=asked.note,
        seen=seen,
        by=request.auth,  # type: ignore[attr-defined]
        at=timezone.now(),
    )
    return _shown(request, gap_id, None)


@operation(
    router,
    "post",
    "/gaps/{gap_id}/notes",
    answers=GapOut,
    refuses=(404, 412, 428),
    needs=WORK,
    changes=True,
    tag=TAG,
)
def note_gap(request: HttpRequest, gap_id: GapKey, asked: Note, if_match: Version) -> Any:
    """Note something about a gap: what was found at a visit, whom to ask."""
    gap, seen = _read_by(request, gap_id, if_match)
    work_on_gaps(gaps=[gap], note=asked.note, seen=seen, by=request.auth, at=timezone.now())  # type: ignore[attr-defined]
    return _shown(request, gap_id, None)


@operation(
    router,
    "post",
    "/gaps/{gap_id}/close",
    answers=GapOut,
    refuses=(404, 412, 428),
    needs=WORK,
    changes=True,
    tag=TAG,
)
def close_gap(request: HttpRequest, gap_id: GapKey, asked: Closing, if_match: Version) -> Any:
    """Close a gap as far as anybody may: except it until a day, with a paper.

    Words alone close nothing and get 409 `closes_by_evidence`, which says what evidence would; import the register
    that holds it and the gap closes by itself. One that is closed already is answered as it is.
    """
    gap, seen = _read_by(request, gap_id, if_match)
    reader = request.auth  # type: ignore[attr-defined]
    detail = queries.gap(reader, found_day(reader, None), _key(gap_id))
    if detail.row.status not in LACKING:
        return _shown(request, gap_id, None)
    if asked.exception is None:
        raise ClosesByEvidence(_closes_with(request, gap_id))
    granted = asked.exception
    except_gaps(
        gaps=[gap],
        reason=granted.reason,
        words=granted.words,
        until_on=granted.until_on,
        paper=_paper(granted),
        seen=seen,
        by=reader,
        at=timezone.now(),
    )
    return _shown(request, gap_id, None)


def _key(text: str) -> str:
    return following.gap_of_number(int(text)) if text.isdigit() else text


def _shown(request: HttpRequest, gap_id: str, on: date | None) -> Any:
    reader = request.auth  # type: ignore[attr-defined]
    detail = queries.gap(reader, found_day(reader, on), _key(gap_id))
    return with_headers(detail, ETag=_version(detail))


def _version(detail: shapes.GapDetail) -> str:
    """Return the version of a gap: the last thing done about it, and how it stands."""
    return f'"{detail.desk.seen if detail.desk else 0}-{detail.row.status}"'


def _read_by(request: HttpRequest, gap_id: str, if_match: str | None) -> tuple[int, int]:
    """Return the gap a caller may act on and the event it had seen. Errors: VersionNeeded, VersionPassed, NotFound."""
    reader = request.auth  # type: ignore[attr-defined]
    detail = queries.gap(reader, found_day(reader, None), _key(gap_id))
    if not if_match:
        raise VersionNeeded
    if detail.desk is None:
        raise Conflict(
            "这一项从来不是缺口，没有可办的。", "This never was a gap: there is nothing to do about it."
        )
    if if_match not in (_version(detail), "*"):
        raise VersionPassed
    return detail.desk.worked.gap, detail.desk.seen


def _closes_with(request: HttpRequest, gap_id: str) -> tuple[str, str]:
    """Return what closes a gap, in both languages."""
    from django.utils import translation

    reader, said = request.auth, []  # type: ignore[attr-defined]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(queries.gap(reader, found_day(reader, None), _key(gap_id)).row.closes_with_zh)
    return said[0], said[1]


def _paper(granted: Exception_) -> Paper | None:
    if not granted.paper_base64:
        return None
    try:
        content = base64.b64decode(granted.paper_base64, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(
            "paper_base64 不是 base64。", "paper_base64 is no base64.", field="body.exception.paper_base64"
        ) from None
    return Paper(granted.paper_name or "paper", content)
