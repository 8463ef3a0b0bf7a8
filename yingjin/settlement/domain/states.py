"""How a bill stands: whether it counts, waits, or was taken back."""

from collections.abc import Collection
from datetime import date

COUNTED = "counted"
HELD_DEAD = "held_dead"  # discharged after the recorded death
HELD_NOT_ENROLLED = "held_not_enrolled"  # its person is not enrolled that year
BEFORE_RULEBOOK = "before_rulebook"  # no rulebook was in force on its discharge day
CANCELLED = "cancelled"
CANCELLING = "cancelling"

HELD = frozenset({HELD_DEAD, HELD_NOT_ENROLLED})
REPLAYED = frozenset({COUNTED}) | HELD


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
