"""Give a gap to somebody, agree on a day, note something. No act here closes a gap: evidence does."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from yingjin.basics.access import SEES_SENSITIVE, WORKS_ON_GAPS, allow, may, scope_of
from yingjin.basics.audit import record
from yingjin.gaps.actions.acting import (
    NOTED,
    Did,
    act_on,
    day_of,
    keep_events,
    locked_gaps,
    refuse_changed,
)
from yingjin.gaps.errors import BadWork
from yingjin.gaps.models import Gap, GapAct, GapWork
from yingjin.registry.queries.workers import worker

NOTE_MOST = 500
DUE_WITHIN = timedelta(days=366)
ASSIGNED, DUE_SET, CHANGED = "assigned", "due_set", "changed"


class Assignee(NamedTuple):
    """Whose task it shall be: a role, one person of it, or nobody."""

    role: str = ""
    username: str = ""


class AgreedDay(NamedTuple):
    """The day agreed on, or none any more."""

    on: date | None = None


@transaction.atomic
def work_on_gaps(
    *,
    gaps: Collection[int],
    assign: Assignee | None = None,
    due_on: AgreedDay | None = None,
    note: str = "",
    seen: int | None = None,
    by: Any,
    at: datetime,
) -> GapAct | None:
    """Assign gaps, agree on a day for them, note something about them: what is given; None when nothing differs.

    `seen` is the number of the last act this person was shown: when somebody did something since, nothing is changed.
    Errors: NotAllowed, GapNotFound, GapChanged, BadWork.
    """
    allow(by, "work_on_gap")
    if assign is not None:
        allow(by, "assign_gap")
    note = checked_note(note)
    if due_on is not None:
        _check_day(due_on.on, at)
    found = locked_gaps(gaps, by)
    refuse_changed(found, seen)
    assignee = _assignee(assign, found) if assign is not None else None
    works = works_of(found)
    done = [did for gap in found for did in _changed(works[gap.pk], gap, assignee, due_on, note)]
    if not done:
        return None
    kinds = {did.what for did in done}
    act = act_on(_touched(done), kinds.pop() if len(kinds) == 1 else CHANGED, by=by, at=at)
    keep_works([works[gap.pk] for gap in _touched(done)])
    keep_events(act, done)
    record(f"gaps_{act.what}", target=f"gap_act:{act.pk}", by=by, at=at, gaps=act.count)
    return act


def checked_note(note: str) -> str:
    """Return a note as it is kept. Errors: BadWork when it is too long."""
    note = note.strip()
    if len(note) > NOTE_MOST:
        raise BadWork(
            "note",
            f"说明写了 {len(note)} 个字，最多 {NOTE_MOST} 个。写短一些，凭据用文件上传。",
            f"The note has {len(note)} characters, at most {NOTE_MOST}. Make it shorter.",
        )
    return note


def works_of(gaps: Sequence[Gap]) -> dict[int, GapWork]:
    """Return the work on some gaps; those nobody worked on yet get one that is not kept."""
    kept = {
        work.pk: work
        for start in range(0, len(gaps), 500)
        for work in GapWork.objects.filter(gap__in=gaps[start : start + 500]).select_related("user")
    }
    return {gap.pk: kept.get(gap.pk) or GapWork(gap=gap) for gap in gaps}


def keep_works(works: Sequence[GapWork]) -> None:
    """Keep the work on some gaps as it is now."""
    GapWork.objects.bulk_create(
        works,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["gap"],
        update_fields=["role", "user", "due_on"],
    )


def stand_of(work: GapWork) -> dict[str, Any]:
    """Return how the work on a gap stands, as an event keeps it."""
    return {
        "role": work.role,
        "username": work.user.username if work.user else "",
        "due_on": work.due_on.isoformat() if work.due_on else None,
    }


def _check_day(on: date | None, at: datetime) -> None:
    today = day_of(at)
    if on is not None and not today <= on <= today + DUE_WITHIN:
        raise BadWork(
            "due_on",
            f"约定日期 {on} 要在今天（{today}）到一年之内。改一个日期。",
            f"The agreed day {on} must be between today ({today}) and a year from now. Choose another.",
        )


def _assignee(assign: Assignee, gaps: Sequence[Gap]) -> tuple[str, Any]:
    """Return the role and the person, checked to work there and to be allowed to see it. Errors: BadWork."""
    if not assign.role and not assign.username:
        return "", None
    user = worker(assign.username) if assign.username else None
    role = user.role if user else assign.role
    if assign.username and user is None or role not in WORKS_ON_GAPS:
        raise BadWork(
            "assign",
            f"“{assign.username or assign.role}”不办缺口。从名单里选一个岗位或一个人。",
            f"“{assign.username or assign.role}” does not work on gaps. Choose a role or a person of the list.",
        )
    if role not in SEES_SENSITIVE and any(gap.sensitive for gap in gaps):
        raise BadWork(
            "assign",
            "其中有敏感病种，只能派给看得到它的岗位（县级工作人员）。把它们分开再派。",
            "Some are of a sensitive illness: only a role that may see it can get them. Assign them apart.",
        )
    if user is not None:
        _check_reach(user, gaps)
    return role, user


def _check_reach(user: Any, gaps: Sequence[Gap]) -> None:
    scope = scope_of(user)
    outside = sum(not scope.covers(gap.region_code) for gap in gaps)
    if outside or not may(user, "work_on_gap"):
        raise BadWork(
            "assign",
            f"有 {outside} 处不在“{user.username}”的辖区，派去了也看不到。换一个人，或派给岗位。",
            f"{outside} of the gaps are not in the region of “{user.username}”. Choose somebody else, or a role.",
        )


def _changed(
    work: GapWork, gap: Gap, assignee: tuple[str, Any] | None, due_on: AgreedDay | None, note: str
) -> Iterator[Did]:
    """Change the work on one gap and yield what that did."""
    before = stand_of(work)
    if assignee is not None:
        work.role, work.user = assignee
        if (now := stand_of(work)) != before:
            yield Did(gap, ASSIGNED, {"before": before, "after": now})
            before = now
    if due_on is not None and work.due_on != due_on.on:
        work.due_on = due_on.on
        yield Did(gap, DUE_SET, {"before": before, "after": stand_of(work)})
    if note:
        yield Did(gap, NOTED, {"note": note})


def _touched(done: Sequence[Did]) -> list[Gap]:
    return list({did.gap.pk: did.gap for did in done}.values())
