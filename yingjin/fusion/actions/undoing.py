"""Undo an import: what it brought ends, what it ended is in force again, its registers' states are as they were (D5).

Nothing is deleted: the rows it brought stay as history. What is derived from rows is brought to them afterwards, by
the same stages as after a landing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput, Conflict
from yingjin.basics.work import Job
from yingjin.fusion.actions.imports import (
    DERIVED,
    UNDO,
    about,
    ask_job,
    changed_meanwhile,
    locked,
    move,
    under_way,
)
from yingjin.fusion.actions.sources import UNDONE as FILE_UNDONE
from yingjin.fusion.actions.writing import UNDONE
from yingjin.fusion.domain import imports as states
from yingjin.fusion.domain.imports import Applied, in_the_way
from yingjin.fusion.models import Import, Landing, RegisterState, Row, SourceFile

SHORTEST_REASON = 2


@transaction.atomic
def ask_undo(key: UUID, *, why: str, by: Any, at: datetime) -> Job:
    """Ask for an import to be undone, with a reason. Errors: BadInput without one; Conflict, saying what is in the way."""
    allow(by, "undo_import")
    made = locked(key, by)
    if made.state == states.UNDOING and not under_way(key):
        return ask_job(UNDO, made, by=by, at=at)
    if made.state != states.LANDED:
        raise changed_meanwhile(made)
    if len(why.strip()) < SHORTEST_REASON:
        raise BadInput(
            "没有写撤销的原因。写一句为什么，以后查得到。",
            "No reason was given. Say in a sentence why, so that it can be looked up later.",
        )
    refuse_while_built_upon(made)
    move(made, states.UNDOING, undone_by=by.username, undone_at=at)
    made.undone_why = why.strip()
    made.save(update_fields=["undone_why"])
    job = ask_job(UNDO, made, by=by, at=at)
    record("import_undo_asked", target=about(key), by=by, at=at)
    return job


def refuse_while_built_upon(made: Import) -> None:
    """Raise Conflict when later landings built upon what this one set, naming them in the order to undo them."""
    later = blockers(made)
    if not later:
        return
    said = [f"{each.started_at:%Y-%m-%d %H:%M}" for each in later]
    raise Conflict(
        f"后来的导入用到了它：{'、'.join(said)}。先按这个次序撤销它们，再撤销这一次。",
        f"Later imports were built upon it: {', '.join(said)}. Undo them in this order, then this one.",
        landings=[each.pk for each in later],
    )


def blockers(made: Import) -> list[Landing]:
    """List the later landings that built upon an import, in the order they would have to be undone."""
    if made.landing is None:
        return []
    later = Landing.objects.filter(pk__gt=made.landing.pk).exclude(imported__state=states.UNDONE)
    applied = [Applied(pk, _states(found)) for pk, found in later.values_list("pk", "states")]
    order = in_the_way(made.landing.pk, _states(made.landing.states), applied)
    return sorted(Landing.objects.filter(pk__in=order), key=lambda each: -each.pk)


def blockers_of(key: UUID) -> list[Landing]:
    """List the later landings that built upon an import, by its key."""
    return blockers(Import.objects.select_related("landing").get(pk=key))


def _states(listed: Iterable[Sequence[str]]) -> frozenset[states.State]:
    return frozenset((register, part) for register, part in listed)


@transaction.atomic
def undo_rows(key: UUID, *, by: Any, at: datetime) -> bool:
    """End what an import brought and bring back what it ended; return whether there was anything left to do.

    Safe to run twice. Errors: Conflict when a later landing was built upon it meanwhile.
    """
    made = Import.objects.select_for_update().get(pk=key)
    assert made.landed_at is not None, "what is undone was landed"
    if (
        made.state != states.UNDOING
        or SourceFile.objects.filter(landing=made.landing, status=FILE_UNDONE).exists()
    ):
        return False
    refuse_while_built_upon(made)
    moment = made.landed_at
    ended = Row.objects.filter(ended_at=moment)
    back = list(ended.exclude(landed_at=moment).values_list("pk", flat=True))
    brought = Row.objects.filter(landed_at=moment)
    count = brought.filter(current=True).update(current=False, ended_at=at, ended_why=UNDONE)
    for start in range(0, len(back), 500):
        Row.objects.filter(pk__in=back[start : start + 500]).update(current=True, ended_at=None, ended_why="")
    _restore_states(made)
    SourceFile.objects.filter(landing=made.landing).update(status=FILE_UNDONE)
    record("import_rows_undone", target=about(key), by=by, at=at, ended=count, back=len(back))
    return True


def _restore_states(made: Import) -> None:
    """Let the registers' states be read from what they were read from before."""
    before = {(register, part): rest for register, part, *rest in made.states_before}
    for state in RegisterState.objects.exclude(part__in=DERIVED).filter(applied_at=made.landed_at):
        if (state.register, state.part) in before:
            state.files_digest, applied_at = before[state.register, state.part]
            state.applied_at = datetime.fromisoformat(applied_at)
            state.save(update_fields=["files_digest", "applied_at"])
        else:
            state.delete()


@transaction.atomic
def keep_undone(key: UUID, *, by: Any, at: datetime) -> None:
    """Keep that an import is undone, when all that was derived from it has followed."""
    made = Import.objects.select_for_update().get(pk=key)
    move(made, states.UNDONE)
    record("import_undone", target=about(key), by=by, at=at)
