"""What the desk shows of the work on gaps, of letters and of held bills."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from yingjin.insight.queries.shapes.common import Event


@dataclass(frozen=True)
class Worked:
    """Whose task a gap is and the day agreed on; `excepted_until` while an exception holds that was granted here."""

    gap: int
    role: str = ""
    username: str = ""
    name: str = ""
    due_on: date | None = None
    excepted_until: date | None = None

    @property
    def assigned(self) -> bool:
        """Say whether it is somebody's task."""
        return bool(self.role)


@dataclass(frozen=True)
class Granted:
    """An exception granted at the desk, while it holds."""

    reason: str
    words: str
    until_on: date
    by: str
    at: datetime
    evidence: UUID | None
    evidence_name: str


@dataclass(frozen=True)
class GapDesk:
    """What can be done about one gap: how the work stands, and the last event a change must not pass over."""

    worked: Worked
    seen: int
    granted: Granted | None
    letters: list[tuple[UUID | None, str]]
    events: list[Event]


@dataclass(frozen=True)
class DoneRow:
    """One thing that happened to a gap: by a finding, or by somebody at the desk."""

    at: datetime
    what: str
    by: str
    due: str
    gap_id: str
    person_key: UUID
    name: str
    place: str
    why: str


@dataclass(frozen=True)
class WeekPage:
    """What was opened, closed and done in some days, counted, with one of the lists behind the counts."""

    since: date
    until: date
    found: list[tuple[str, list[tuple[str, int]], int]]  # what, by due, in all
    done: list[tuple[str, str, str, int]]  # who, by what name, what, how many
    what: str
    by: str
    due: str
    total: int
    page: int
    pages: int
    rows: list[DoneRow] = field(default_factory=list)


@dataclass(frozen=True)
class ActRow:
    """One act at the desk, and whether it can still be taken back."""

    key: UUID
    what: str
    at: datetime
    by: str
    name: str
    count: int
    undone_by: str
    can_undo: bool


@dataclass(frozen=True)
class LetterRow:
    """One letter as its list shows it."""

    key: UUID
    number: str
    department: str
    count: int
    written_on: date
    reply_by: date
    replied_on: date | None
    by: str


@dataclass(frozen=True)
class LetterPage:
    """One letter whole."""

    row: LetterRow
    reason: str
    reply: str
    lines: list[dict[str, str]]


@dataclass(frozen=True)
class HeldRow:
    """A held bill, why it is held, and what was proposed or decided about it."""

    bill_key: UUID
    bill_id: str
    person_key: UUID
    name: str
    facility: str
    discharged_on: date
    total_fen: int
    why: str
    decision: int | None = None
    verdict: str = ""
    state: str = ""
    reason: str = ""
    proposed_by: str = ""
    mine: str = ""
    proposed_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class HeldPage:
    """Held bills: those waiting, those proposed, those decided."""

    kind: str
    counts: dict[str, int]
    total: int
    page: int
    pages: int
    rows: list[HeldRow]
