"""What every act at the desk shares: its gaps locked, nobody else's change passed over, its events kept."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from os.path import commonprefix
from typing import Any, NamedTuple
from uuid import uuid4

from django.db.models import F
from django.utils import timezone

from yingjin.basics.access import inside, scope_of
from yingjin.basics.bulk import insert
from yingjin.basics.work.asking import ask
from yingjin.basics.work.rows import WAITING, Job
from yingjin.gaps.errors import BadWork, GapChanged, GapNotFound
from yingjin.gaps.models import Finding, Gap, GapAct, GapActCount, GapWorkEvent
from yingjin.registry.domain.regions import LEVELS

AT_ONCE_MOST = 5_000
BATCH = 500
FIND_DUES = "find_dues"
NOTED, UNDONE = "noted", "undone"


class Did(NamedTuple):
    """What an act did to one gap."""

    gap: Gap
    what: str
    facts: dict[str, Any]


def locked_gaps(keys: Collection[int], by: Any) -> list[Gap]:
    """Return gaps this person may work on, locked until the transaction ends.

    The region is asked here; whose lists a department sees is asked where the keys are looked up (insight).
    Errors: BadWork for none or too many; GapNotFound.
    """
    wanted = sorted(set(keys))
    if not wanted:
        raise BadWork("gaps", "一处也没有选。先勾选，再办。", "No gap was chosen. Tick some first.")
    if len(wanted) > AT_ONCE_MOST:
        raise BadWork(
            "gaps",
            f"一次最多办 {AT_ONCE_MOST:,} 处，这里有 {len(wanted):,} 处。用筛选分成几次。",
            f"At most {AT_ONCE_MOST:,} gaps at once; these are {len(wanted):,}. Narrow the filter.",
        )
    scope = scope_of(by)
    mine = inside(Gap.objects.all(), scope)
    if not scope.sees_sensitive:
        mine = mine.filter(sensitive=False)
    gaps: list[Gap] = []
    for start in range(0, len(wanted), BATCH):
        part = mine.filter(pk__in=wanted[start : start + BATCH]).select_for_update(of=("self",))
        gaps += part.order_by("pk")
    if len(gaps) < len(wanted):
        raise GapNotFound(len(wanted) - len(gaps))
    return gaps


def refuse_changed(gaps: Sequence[Gap], seen: int | None) -> None:
    """Raise GapChanged when something was done to one of the gaps after act `seen`; None asks for no check."""
    if seen is None:
        return
    later = [
        event
        for start in range(0, len(gaps), BATCH)
        for event in GapWorkEvent.objects.filter(
            gap__in=gaps[start : start + BATCH], act__number__gt=seen
        ).order_by("pk")
    ]
    if later:
        raise GapChanged(
            [
                {"gap": each.gap_id, "by": each.by, "at": each.at.isoformat(), "what": each.what}
                for each in later
            ]
        )


def act_on(gaps: Sequence[Gap], what: str, *, by: Any, at: datetime) -> GapAct:
    """Begin an act on some gaps, with the next number: whoever acts at the same time waits for it."""
    GapActCount.objects.update_or_create(pk=1, create_defaults={"acts": 1}, defaults={"acts": F("acts") + 1})
    number = GapActCount.objects.values_list("acts", flat=True).get(pk=1)
    return GapAct.objects.create(
        key=uuid4(),
        number=number,
        what=what,
        at=at,
        by=by.username,
        region_code=_least_place(gaps),
        count=len(gaps),
    )


def keep_events(act: GapAct, done: Iterable[Did]) -> None:
    """Keep what an act did to each gap."""
    rows = ((each.gap.pk, act.pk, each.what, act.at, act.by, each.facts) for each in done)
    insert(GapWorkEvent, ("gap", "act", "what", "at", "by", "facts"), rows)


def ask_finding(*, by: Any, at: datetime) -> Job | None:
    """Ask for the dues of the latest day to be found again; once, however many ask while it waits."""
    latest = latest_finding()
    if latest is None:
        return None
    waiting: Job | None = Job.objects.filter(kind=FIND_DUES, state=WAITING).first()
    return waiting or ask(FIND_DUES, by=by, at=at, lane="county", on=latest.on.isoformat())


def latest_finding() -> Finding | None:
    """Return the finding of the latest day: the one whose gaps are worked on."""
    latest: Finding | None = Finding.objects.order_by("-on").first()
    return latest


def day_of(at: datetime) -> date:
    """Return the day of a moment where the desk stands."""
    return timezone.localtime(at).date()


def _least_place(gaps: Sequence[Gap]) -> str:
    """Return the code of the least place that holds all gaps."""
    shared = commonprefix([gap.region_code for gap in gaps])
    return shared[: max((digits for digits in LEVELS if digits <= len(shared)), default=0)]
