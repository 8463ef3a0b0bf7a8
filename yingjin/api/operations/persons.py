"""People, households and bills; a trial settlement; working a person's years out again."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from yingjin.api.calling import WORK, operation
from yingjin.api.days import day_of_people
from yingjin.api.inputs import Cost, Cursor, Day, Fen, In, Limit, OnDay, Region
from yingjin.api.operations.jobs import JobOut, job_out
from yingjin.api.paging import cursor_after, list_name, place_of
from yingjin.api.shaped import shaped
from yingjin.basics import audit
from yingjin.basics.access import allow
from yingjin.basics.work import ask
from yingjin.insight import queries
from yingjin.insight.queries import following, quotes, shapes
from yingjin.insight.queries.replays import ReplayVersion, replays_of_year
from yingjin.insight.queries.sight import missing
from yingjin.insight.queries.window import WindowPerson

router = Router()
TAG = "persons"
FIRST_YEAR, LAST_YEAR = 2000, 2100
PersonOut = shaped(shapes.PersonPage, name="Person")
FoundOut = shaped(shapes.FoundRow, name="PersonFound")
HouseholdOut = shaped(shapes.HouseholdPage, name="Household")
BillLineOut = shaped(shapes.BillRow, name="BillLine")
BillOut = shaped(shapes.BillPage, name="Bill", without=("as_json",))
PatientOut = shaped(WindowPerson, name="Patient", without=("bills_here",))
PaidOut = shaped(shapes.PaidLine)
ReplayOut = shaped(ReplayVersion, name="Replay")
PersonKey = Annotated[UUID, Path(..., description="`person_key` of a list.")]


class PersonsFound(BaseModel):
    """Some of the people found; `next` is the cursor of those after them."""

    items: list[FoundOut]  # type: ignore[valid-type]
    next: str | None


class Bills(BaseModel):
    """The bills of a person, the last discharged first."""

    items: list[BillLineOut]  # type: ignore[valid-type]


class Replays(BaseModel):
    """The stored versions of a person's year, the first one first."""

    items: list[ReplayOut]  # type: ignore[valid-type]


class QuoteAsked(In):
    """What is known of a bill before it is one. Amounts in fen; a window's facility is its own."""

    setting: Literal["inpatient", "outpatient"]
    discharged_on: Day
    admitted_on: Day | None = None
    total_fen: Cost
    out_of_scope_fen: Fen = 0
    facility_code: Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9_-]*$")] = ""


class QuoteOut(BaseModel):
    """What everybody would pay, worked out on the year so far; nothing of it is kept.

    `told` is false where the steps would name an illness the caller may not know of.
    """

    person: PatientOut  # type: ignore[valid-type]
    facility: str
    in_county: bool
    enrolled: bool
    bills_before: int
    told: bool
    in_scope_fen: int
    deductible_fen: int
    lines: list[PaidOut]  # type: ignore[valid-type]
    own_payment_fen: int
    rulebook_title: str
    rulebook_version: str
    steps: list[dict[str, Any]]


@operation(router, "get", "/persons", answers=PersonsFound, refuses=(404,), tag=TAG)
def find_persons(
    request: HttpRequest,
    q: Annotated[
        str,
        Query(
            "",
            max_length=64,
            pattern=r"^[^\x00]*$",
            description="Name, pinyin or the last four of the number.",
        ),
    ],
    village: Region,
    on: OnDay,
    cursor: Cursor,
    limit: Limit,
) -> Any:
    """Find people by name, pinyin, the last four of the identity number, or village."""
    reader = request.auth  # type: ignore[attr-defined]
    name = list_name(request, q, village)
    after = place_of(cursor, of=name) if cursor else None
    part = following.find_after(reader, day_of_people(reader, on), q.strip(), village, after, limit)
    return {"items": part.rows, "next": cursor_after(part.after, of=name) if part.after else None}


@operation(router, "get", "/persons/{uuid:key}", answers=PersonOut, refuses=(404,), tag=TAG)
def show_person(request: HttpRequest, key: PersonKey, on: OnDay) -> Any:
    """Open one person on a day: what is due and done, with dates, registers, bills and the household.

    The opening is recorded. A person kept under another key by now is not found; `data.person_key` names that key.
    """
    reader = request.auth  # type: ignore[attr-defined]
    day = day_of_people(reader, on)
    page = queries.person(reader, day, key)
    _opened("person_opened", f"person:{key}", reader, on=day.isoformat())
    return page


@operation(router, "get", "/households/{uuid:key}", answers=HouseholdOut, refuses=(404,), tag=TAG)
def show_household(request: HttpRequest, key: UUID, on: OnDay) -> Any:
    """Open one household on a day: who belongs to it and what each of them is due. The opening is recorded."""
    reader = request.auth  # type: ignore[attr-defined]
    day = day_of_people(reader, on)
    page = queries.household(reader, day, key)
    _opened("household_opened", f"household:{page.household_key}", reader, on=day.isoformat())
    return page


@operation(router, "get", "/persons/{uuid:key}/bills", answers=Bills, refuses=(404,), tag=TAG)
def list_bills(request: HttpRequest, key: PersonKey) -> Any:
    """List the bills of a person; each opens with its explanation under /bills. The opening is recorded."""
    reader = request.auth  # type: ignore[attr-defined]
    rows = following.bills_of(reader, key)
    _opened("person_bills_opened", f"person:{key}", reader)
    return {"items": rows}


@operation(router, "get", "/bills/{uuid:key}", answers=BillOut, refuses=(404,), tag=TAG)
def show_bill(request: HttpRequest, key: UUID) -> Any:
    """Open one bill: how each fen was divided, by which clause, from which facts. The opening is recorded."""
    reader = request.auth  # type: ignore[attr-defined]
    page = queries.bill(reader, key)
    _opened("bill_opened", f"bill:{page.bill_key}", reader)
    return page


@operation(router, "post", "/persons/{uuid:key}/quote", answers=QuoteOut, refuses=(404,), tag=TAG)
def quote(request: HttpRequest, key: PersonKey, asked: QuoteAsked) -> Any:
    """Work out what a bill would be on the person's year so far. Nothing is kept but that it was asked."""
    reader = request.auth  # type: ignore[attr-defined]
    worked = quotes.quote(reader, key, quotes.QuoteFacts(**asked.model_dump()))
    _opened("quote_made", f"person:{key}", reader)
    outcome = worked.outcome
    return {
        "person": worked.person,
        "facility": worked.facility.name,
        "in_county": worked.in_county,
        "enrolled": worked.enrolled,
        "bills_before": worked.bills_before,
        "told": worked.told,
        "in_scope_fen": outcome.in_scope_fen,
        "deductible_fen": outcome.deductible_fen,
        "lines": list(worked.lines),
        "own_payment_fen": outcome.own_payment_fen,
        "rulebook_title": worked.rulebook_title_zh,
        "rulebook_version": worked.rulebook_version,
        "steps": [dict(step) for step in outcome.steps],
    }


@operation(
    router,
    "post",
    "/persons/{uuid:key}/years/{year}/replay",
    answers=JobOut,
    status=202,
    refuses=(404,),
    needs=WORK,
    changes=True,
    tag=TAG,
)
def replay_year(
    request: HttpRequest, key: PersonKey, year: Annotated[int, Path(..., ge=FIRST_YEAR, le=LAST_YEAR)]
) -> Any:
    """Ask for a person's insurance year to be worked out again, and the dues after it.

    Bills of one year bear on each other and a decision on several years, so every year of the person is worked out;
    those that come out as before stay as they are. The answer is a job: ask /jobs until it has ended.
    """
    reader = request.auth  # type: ignore[attr-defined]
    allow(reader, "ask_replay")
    if not any(row.discharged_on.year == year for row in following.bills_of(reader, key)):
        raise missing("年度", "year")
    at = timezone.now()
    with transaction.atomic():
        job = ask(
            "replay_person",
            by=reader,
            at=at,
            lane="county",
            about=f"person:{key}",
            person=str(key),
            year=year,
        )
        audit.record("replay_asked", target=f"person:{key}", by=reader, at=at, year=year)
    return job_out(job)


@operation(
    router, "get", "/persons/{uuid:key}/years/{year}/replays", answers=Replays, refuses=(404,), tag=TAG
)
def list_replays(
    request: HttpRequest, key: PersonKey, year: Annotated[int, Path(..., ge=FIRST_YEAR, le=LAST_YEAR)]
) -> Any:
    """Read every stored version of a person's insurance year, the first one first, with what each changed.

    `due` is what a bill came to in that version, `delta` by how much that differs from the version before; sums of
    `delta` are the version's own. A bill that a version no longer has is there with nothing due. Bills the caller may
    not see are in no line and in no sum. The opening is recorded.
    """
    reader = request.auth  # type: ignore[attr-defined]
    versions = replays_of_year(reader, key, year)
    _opened("replays_opened", f"person:{key}", reader, year=year)
    return {"items": versions}


def _opened(what: str, target: str, reader: Any, **facts: Any) -> None:
    audit.record(what, target=target, by=reader, at=timezone.now(), **facts)
