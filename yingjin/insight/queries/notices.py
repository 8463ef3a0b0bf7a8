"""What happened that a reader should know of, read from what lies in the other tables: nothing is sent or stored.

* notices     everything of the last two weeks, the newest first, with what was read
* unread      how many of them were not read
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, Min
from django.utils import timezone

from yingjin.basics.access import may, within
from yingjin.basics.work import Job
from yingjin.fusion.models import Import
from yingjin.gaps.actions.acting import day_of
from yingjin.gaps.actions.work import ASSIGNED
from yingjin.gaps.models import GapException, GapWorkEvent
from yingjin.insight.models import NoticeRead
from yingjin.insight.queries.sight import Sight, sight_of
from yingjin.settlement.domain.states import PROPOSED
from yingjin.settlement.models import HeldDecision

SINCE = timedelta(days=14)
SOON = timedelta(days=14)
MOST = 100
JOB, GAPS, EXPIRING, UNDONE, HELD = "job", "gaps", "expiring", "undone", "held"
ENDED = ("done", "refused", "stopped")


@dataclass(frozen=True)
class Notice:
    """One thing that happened: `what` is its kind, `facts` what the page says of it, `key` by what it was read."""

    key: str
    what: str
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    read: bool = False


def notices(reader: Any, at: datetime) -> list[Notice]:
    """Return what a reader should know of, the newest first."""
    sight, since = sight_of(reader), at - SINCE
    found = [
        *_jobs(reader, since),
        *_assigned(reader, sight, since),
        *_expiring(reader, sight, at),
        *_undone(reader, sight, since),
        *_held(reader, sight),
    ]
    found.sort(key=lambda each: (each.at, each.key), reverse=True)
    keys = [each.key for each in found[:MOST]]
    rows = NoticeRead.objects.filter(owner=reader.username, notice__in=keys)
    read = set(rows.values_list("notice", flat=True))
    return [replace(each, read=each.key in read) for each in found[:MOST]]


def unread(reader: Any, at: datetime) -> int:
    """Return how many notices a reader has not read."""
    return sum(not each.read for each in notices(reader, at))


def _jobs(reader: Any, since: datetime) -> Iterator[Notice]:
    rows = Job.objects.filter(by=reader.username, state__in=ENDED, ended_at__gte=since)
    listed = rows.order_by("-ended_at").values_list(
        "key", "kind", "state", "about", "reason_zh", "reason_en", "ended_at"
    )
    for key, kind, state, about, zh, en, ended_at in listed[:MOST]:
        facts = {"kind": kind, "state": state, "about": about, "reason_zh": zh, "reason_en": en}
        yield Notice(f"job:{key}", JOB, ended_at, facts)


def _assigned(reader: Any, sight: Sight, since: datetime) -> Iterator[Notice]:
    """Yield what others made the reader's task and still is, an act at a time."""
    if not may(reader, "work_on_gap"):
        return
    events = GapWorkEvent.objects.filter(
        what=ASSIGNED, at__gte=since, gap__work__user__username=reader.username
    )
    if not sight.scope.sees_sensitive:
        events = events.filter(gap__sensitive=False)
    acts = events.exclude(by=reader.username).filter(act__undone_at__isnull=True)
    grouped = acts.values_list("act_id", "by").annotate(gaps=Count("gap", distinct=True), last=Max("at"))
    for act, by, gaps, last in grouped.order_by()[:MOST]:
        yield Notice(f"gaps:{act}", GAPS, last, {"gaps": gaps, "by": by})


def _expiring(reader: Any, sight: Sight, at: datetime) -> Iterator[Notice]:
    """Yield the exceptions that end within two weeks, a day at a time, as of the day they were first this near."""
    if not may(reader, "except_gap"):
        return
    today = day_of(at)
    rows = within(GapException.objects.filter(ended_at__isnull=True), sight.scope, "gap__region_code")
    rows = rows.filter(until_on__gte=today, until_on__lte=today + SOON)
    if not sight.scope.sees_sensitive:
        rows = rows.filter(gap__sensitive=False)
    grouped = rows.values_list("until_on").annotate(number=Count("pk"), granted=Min("at")).order_by()
    for until_on, number, granted in grouped:
        near = timezone.make_aware(datetime.combine(until_on - SOON, time()))
        yield Notice(
            f"expiring:{until_on}", EXPIRING, max(near, granted), {"until_on": until_on, "gaps": number}
        )


def _undone(reader: Any, sight: Sight, since: datetime) -> Iterator[Notice]:
    """Yield the imports that somebody else undid."""
    if not may(reader, "import"):
        return
    rows = within(Import.objects.filter(undone_at__gte=since), sight.scope).exclude(undone_by=reader.username)
    for key, by, why, undone_at in rows.values_list("key", "undone_by", "undone_why", "undone_at")[:MOST]:
        yield Notice(f"undone:{key}", UNDONE, undone_at, {"import": key, "by": by, "why": why})


def _held(reader: Any, sight: Sight) -> Iterator[Notice]:
    """Yield what somebody proposed about held bills and a second person has to confirm: this reader may."""
    if not may(reader, "decide_held_bill"):
        return
    # From the few that wait to their bills: the other way round every bill of the county is looked at.
    rows = HeldDecision.objects.filter(state=PROPOSED).exclude(proposed_by=reader.username)
    waiting = list(rows.order_by("-proposed_at").values_list("pk", "bill", "proposed_by", "proposed_at"))
    if not waiting:
        return
    of_waiting = sight.bills().filter(pk__in={bill for _, bill, _, _ in waiting})
    seen = set(sight.seen_among(of_waiting).values_list("pk", flat=True))
    for pk, _, by, proposed_at in [each for each in waiting if each[1] in seen][:MOST]:
        yield Notice(f"held:{pk}", HELD, proposed_at, {"by": by})
