"""How an import stands, from the files as they came to what became of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

CHECKING = "checking"  # the dry run waits or runs
CHECKED = "checked"  # the counts are there, nothing is written
SAME = "same"  # these very contents are in force already
REFUSED = "refused"  # no file of it can be landed
LANDING = "landing"
LANDED = "landed"
UNDOING = "undoing"
UNDONE = "undone"
DROPPED = "dropped"  # left by who brought it, before anything was written
STATES = (CHECKING, CHECKED, SAME, REFUSED, LANDING, LANDED, UNDOING, UNDONE, DROPPED)
MAY_BE_DROPPED = frozenset({CHECKING, CHECKED, SAME, REFUSED})

State = tuple[str, str]  # a register, and the part of it that has a state of its own


@dataclass(frozen=True)
class Applied:
    """A landing and the states it set."""

    landing: int
    states: frozenset[State]


def in_the_way(landing: int, states: Collection[State], applied: Iterable[Applied]) -> list[int]:
    """List the later landings that built upon what one landing set, the newest first: the order to undo them in.

    A later landing stands in the way when it set a state again that this one set, or that another in the way set:
    putting back the earlier state would take away what the later one brought. Errors: none. Source: DESIGN D5.
    """
    reached = set(states)
    found = []
    for later in sorted(applied, key=lambda each: each.landing):
        if later.landing > landing and later.states & reached:
            found.append(later.landing)
            reached |= later.states
    return found[::-1]
