"""What the list of gaps and one gap show. Money in fen; `None` is unknown unless said otherwise."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yingjin.insight.queries.shapes.common import Event, Exception_, Place
from yingjin.insight.queries.shapes.work import GapDesk, Worked


@dataclass(frozen=True)
class GapsWanted:
    """Which gaps, in which order. Empty text is any; `status` is lacking, open, unknown, late, excepted, done or due.

    `whose` is me, role (of the reader's role), nobody, role:<role> or user:<username>.
    """

    due: str = ""
    status: str = "lacking"
    region_code: str = ""
    reason: str = ""
    owner: str = ""
    age: str = ""
    whose: str = ""
    sort: str = "due_by"
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with how many it leaves under all the other filters."""

    code: str
    label_zh: str
    count: int


@dataclass(frozen=True)
class GapRow:
    """One due of one person. `gap_id` stays the same over days; `days_late` below 0 is days left."""

    gap_id: str
    due: str
    status: str
    person_key: UUID
    name: str
    sex: str
    age_years: int | None
    village: Place
    township: Place
    what_zh: str
    reason: str
    reason_zh: str
    owner: str
    owner_zh: str
    since_on: date | None
    due_by: date | None
    days_late: int | None
    closes_with_zh: str
    shortfall_fen: int | None
    bill_key: str | None
    worked: Worked | None = None


@dataclass(frozen=True)
class GapsPage:
    """One page of the list, and the choices that narrow it."""

    on: date
    place: Place
    total: int
    persons: int
    late: int
    page: int
    size: int
    pages: int
    rows: list[GapRow]
    dues: list[Choice]
    statuses: list[Choice]
    regions: list[Choice]
    reasons: list[Choice]
    owners: list[Choice]
    ages: list[Choice]
    tasks: list[Choice]
    seen: int
    found_at: datetime


@dataclass(frozen=True)
class Evidence:
    """One thing that proves a due, there or not."""

    have: bool
    text_zh: str


@dataclass(frozen=True)
class GapDetail:
    """One gap whole: why it is due, what is there, the law, the evidence, what became of it.

    `by_payer` holds payer, computed, reported and shortfall in fen, for a covered due.
    """

    row: GapRow
    due_zh: str
    is_zh: str
    clause_zh: str
    by_payer: list[tuple[str, int, int, int]]
    evidence: list[Evidence]
    events: list[Event]
    exception: Exception_ | None
    desk: GapDesk | None = None
