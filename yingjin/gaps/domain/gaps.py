"""What becomes of a gap when a day is found: opened, changed, closed by evidence, reopened. Nothing is deleted.

* Known            a gap as it was before
* Turn             what becomes of it
* turn             the one decision
"""

from datetime import date
from typing import NamedTuple

from yingjin.gaps.domain.dues import UNKNOWN, DueState
from yingjin.gaps.domain.rules import COVERED, DueRules
from yingjin.gaps.domain.words import LEFT_BASE, NO_LONGER_DUE, closing

OPENED, CHANGED, CLOSED, REOPENED = "opened", "changed", "closed", "reopened"


class Known(NamedTuple):
    """A gap as the last finding left it. `year` is the year of a covered gap's bill, else None."""

    open: bool
    unknown: bool
    reason: str
    owner: str
    shortfall_fen: int
    due_by: date | None
    year: int | None = None


class Turn(NamedTuple):
    """What becomes of a gap, and the evidence that closed it, as `words.closed_by` reads it."""

    what: str
    evidence: str = ""


def turn(
    known: Known | None, state: DueState | None, *, due: str, in_base: bool, on: date, rules: DueRules
) -> Turn | None:
    """Decide what becomes of one gap by what the day found, None when it stays as it is.

    A covered gap of an earlier year is not looked at by this year's finding: without evidence it stays open.
    Errors: none. Source: S65, R85 (closed by evidence, never by its owner).
    """
    if state is not None and state.lacking:
        return _still_lacking(known, state)
    if known is None or not known.open:
        return None
    if state is not None:
        change = state.exception.change if state.exception else ""
        return Turn(CLOSED, closing(state.status, state.facts, change))
    if not in_base:
        return Turn(CLOSED, LEFT_BASE)
    if due == COVERED and known.year is not None and known.year < on.year:
        return None
    return Turn(CLOSED, NO_LONGER_DUE)


def _still_lacking(known: Known | None, state: DueState) -> Turn | None:
    if known is None:
        return Turn(OPENED)
    if not known.open:
        return Turn(REOPENED)
    before = (known.unknown, known.reason, known.owner, known.shortfall_fen, known.due_by)
    now = (state.status == UNKNOWN, state.reason, state.owner, state.shortfall_fen, state.due_by)
    return Turn(CHANGED) if before != now else None
