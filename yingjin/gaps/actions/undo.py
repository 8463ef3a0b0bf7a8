"""Take back one act at the desk as a whole, or not at all."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from yingjin.basics.access import allow, inside, may, scope_of
from yingjin.basics.audit import record
from yingjin.gaps.actions.acting import NOTED, UNDONE, Did, act_on, ask_finding, keep_events, locked_gaps
from yingjin.gaps.actions.exceptions import EXCEPTED, end, in_force
from yingjin.gaps.actions.work import ASSIGNED, CHANGED, DUE_SET, keep_works, stand_of, works_of
from yingjin.gaps.errors import CannotUndo
from yingjin.gaps.models import Gap, GapAct, GapWork, GapWorkEvent
from yingjin.registry.queries.workers import worker

WITHIN = timedelta(hours=24)
ALLOWED = {
    ASSIGNED: "assign_gap",
    DUE_SET: "work_on_gap",
    NOTED: "work_on_gap",
    CHANGED: "work_on_gap",
    EXCEPTED: "except_gap",
}


@transaction.atomic
def undo_act(*, act: UUID, by: Any, at: datetime) -> GapAct:
    """Put every gap of an act back to how it stood before; a note stays readable, marked as taken back.

    Errors: NotAllowed, GapNotFound; CannotUndo after 24 hours, for what somebody changed since, named by who did,
    and for what cannot be taken back: a letter, an end.
    """
    mine = inside(GapAct.objects.select_for_update(), scope_of(by)).filter(pk=act).first()
    if mine is None:
        raise CannotUndo(
            "没有这次办理，或不在您的辖区。", "There is no such act, or it is not in your region."
        )
    _check(mine, by, at)
    events = list(GapWorkEvent.objects.filter(act=mine).order_by("pk"))
    gaps = locked_gaps({event.gap_id for event in events}, by)
    _refuse_changed_since(mine, events)
    back = act_on(gaps, UNDONE, by=by, at=at)
    done = _put_back(mine, events, {gap.pk: gap for gap in gaps}, back)
    keep_events(back, done)
    mine.undone_at, mine.undone_by = at, back.by
    mine.save(update_fields=["undone_at", "undone_by"])
    if mine.what == EXCEPTED:
        ask_finding(by=by, at=at)
    record("gaps_undone", target=f"gap_act:{mine.pk}", by=by, at=at, gaps=mine.count, undone=mine.what)
    return mine


def _check(act: GapAct, by: Any, at: datetime) -> None:
    if act.what not in ALLOWED:
        raise CannotUndo(
            "这一步不能撤销：函已发出，或者除外已经结束。",
            "This cannot be undone: a letter went out, or an exception ended.",
        )
    allow(by, ALLOWED[act.what])
    if act.by != by.username and not may(by, "assign_gap"):
        raise CannotUndo(f"这是 {act.by} 办的。请本人撤销。", f"{act.by} did this and must undo it.")
    if act.undone_at is not None:
        raise CannotUndo(f"{act.undone_by} 已经撤销过了。", f"{act.undone_by} has undone this already.")
    if at - act.at > WITHIN:
        raise CannotUndo(
            "过了 24 小时，不能再撤销。请直接改现在的样子。",
            "More than 24 hours have passed. Change it as it stands now.",
        )


def _refuse_changed_since(act: GapAct, events: Sequence[GapWorkEvent]) -> None:
    """Refuse where something else was done since; a note, and what was itself taken back, change nothing."""
    if act.what == NOTED:
        return
    gaps = sorted({event.gap_id for event in events})
    later = [
        each
        for start in range(0, len(gaps), 500)
        for each in GapWorkEvent.objects.filter(
            gap__in=gaps[start : start + 500], act__number__gt=act.number, act__undone_at__isnull=True
        ).exclude(what__in=(NOTED, UNDONE))
    ]
    if later:
        who = list(dict.fromkeys(each.by for each in later))
        number = len({each.gap_id for each in later})
        raise CannotUndo(
            f"{'、'.join(who)} 之后又改过其中 {number} 处，不能整批撤销。请一处一处改。",
            f"{', '.join(who)} changed {number} of them since, so they cannot be undone together. Change them one by one.",
            gaps=number,
        )


def _put_back(act: GapAct, events: Sequence[GapWorkEvent], gaps: dict[int, Gap], back: GapAct) -> list[Did]:
    if act.what == EXCEPTED:
        end(in_force(list(gaps.values())), why=UNDONE, by=back.by, at=back.at)
        return [Did(gap, UNDONE, {"what": act.what}) for gap in gaps.values()]
    works = works_of(list(gaps.values()))
    now = {key: stand_of(work) for key, work in works.items()}
    for event in reversed(events):
        if "before" in event.facts:
            _restore(works[event.gap_id], event.facts["before"])
    keep_works(list(works.values()))
    return [
        Did(gap, UNDONE, {"what": act.what, "before": now[key], "after": stand_of(works[key])})
        for key, gap in gaps.items()
    ]


def _restore(work: GapWork, before: dict[str, Any]) -> None:
    work.role = before["role"]
    work.user = worker(before["username"]) if before["username"] else None
    work.due_on = date.fromisoformat(before["due_on"]) if before["due_on"] else None
