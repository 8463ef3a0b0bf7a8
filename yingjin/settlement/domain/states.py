"""How a bill stands: whether it counts, waits, or was taken back."""

from collections.abc import Collection
from datetime import date

COUNTED = "counted"
HELD_DEAD = "held_dead"  # discharged after the recorded death
HELD_NOT_ENROLLED = "held_not_enrolled"  # its person is not enrolled that year
BEFORE_RULEBOOK = "before_rulebook"  # no rulebook was in force on its discharge day
CANCELLED = "cancelled"
CANCELLING = "cancelling"
UNDONE = "undone"  # the import that brought it was undone
REJECTED = "rejected"  # held, and two people decided that it stays out
RELEASE, REJECT = "release", "reject"
PROPOSED, CONFIRMED, DECLINED, WITHDRAWN = "proposed", "confirmed", "declined", "withdrawn"

HELD = frozenset({HELD_DEAD, HELD_NOT_ENROLLED})
REPLAYED = frozenset({COUNTED}) | HELD


def decided_state(state: str, verdict: str) -> str:
    """Return how a bill stands after what two people decided about it; a blank verdict changes nothing.

    A decision is about a bill that is held or, once rejected, would count: what was cancelled stays cancelled.
    Errors: none. Source: DESIGN D4; S39.
    """
    if verdict == RELEASE and state in HELD:
        return COUNTED
    if verdict == REJECT and state in REPLAYED:
        return REJECTED
    return state


def state_of(
    *,
    cancels: str,
    cancelled: bool,
    discharged_on: date,
    died_on: date | None,
    enrolled_years: Collection[int],
    in_force_from: date,
) -> str:
    """Return how a bill stands by what the registers say of its person.

    A bill on the day of death counts: people die in hospital. Source: DESIGN D4; S39.
    """
    if cancels:
        return CANCELLING
    if cancelled:
        return CANCELLED
    if discharged_on < in_force_from:
        return BEFORE_RULEBOOK
    if died_on is not None and discharged_on > died_on:
        return HELD_DEAD
    if discharged_on.year not in enrolled_years:
        return HELD_NOT_ENROLLED
    return COUNTED
