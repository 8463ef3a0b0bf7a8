"""What every page shares: places, how fresh the data is, things that happened, and exceptions."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Place:
    """A region by code and name; a village without its township's name."""

    code: str
    name: str


@dataclass(frozen=True)
class AsOf:
    """How fresh the data is. `found_days` are newest first; `data_until` is the default day, None when nothing landed."""

    data_until: date | None
    last_run_at: datetime | None
    found_days: list[date]
    rulebook_title_zh: str
    rulebook_version: str
    demo: bool


@dataclass(frozen=True)
class Event:
    """One dated thing that happened; `mark` is "", "gap", "done" or "wait"."""

    on: date | None
    mark: str
    title_zh: str
    text_zh: str
    bill_key: str | None = None


@dataclass(frozen=True)
class Exception_:
    """Why a due does not bind a person now, the paper behind it, who says so, and until when."""

    reason_zh: str
    evidence_zh: str
    who_zh: str
    until_on: date | None
