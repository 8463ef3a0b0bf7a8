"""How several dues of one kind stand together."""

from collections.abc import Iterable

OPEN, UNKNOWN, DONE, EXCEPTED, NOT_DUE = "open", "unknown", "done", "excepted", "not_due"
WORST_FIRST = (OPEN, UNKNOWN, DONE, EXCEPTED, NOT_DUE)


def worst(statuses: Iterable[str]) -> str:
    """Return the worst of some statuses; nothing at all is not due."""
    return min(statuses, key=WORST_FIRST.index, default=NOT_DUE)
