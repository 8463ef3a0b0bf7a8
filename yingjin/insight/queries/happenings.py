"""
What happened since somebody was last told, by keys alone: no name, no illness, no due.

* GAP_OPENED …  the kinds of events there are
* happened      the events of a reader's scope after a place, oldest first
* now           the place everything so far comes before

Rows of a stream are written one after the other by whoever holds the county, so that their numbers grow with time.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max

from yingjin.basics.access import scope_of, within
from yingjin.fusion.domain import imports as states
from yingjin.fusion.models import Import
from yingjin.gaps.domain.gaps import CLOSED, OPENED, REOPENED
from yingjin.gaps.models import GapEvent
from yingjin.insight.queries.sight import Sight, sight_of
from yingjin.settlement.models import Replay

GAP_OPENED, GAP_CLOSED, IMPORT_LANDED, REPLAY_CHANGED = KINDS = (
    "gap.opened", "gap.closed", "import.landed", "replay.changed",
)  # fmt: skip
GAPS, IMPORTS, REPLAYS = "gaps", "imports", "replays"
OF_GAP = {OPENED: GAP_OPENED, REOPENED: GAP_OPENED, CLOSED: GAP_CLOSED}
Told = Mapping[str, Any]


class Happened(NamedTuple):
    """Some events, and the place of the last row that was looked at."""

    events: list[dict[str, Any]]
    told: dict[str, Any]


def now() -> dict[str, Any]:
    """Return the place everything so far comes before."""
    landed = Import.objects.filter(state=states.LANDED).aggregate(last=Max("landing__finished_at"))["last"]
    return {
        GAPS: GapEvent.objects.aggregate(last=Max("pk"))["last"] or 0,
        IMPORTS: landed.isoformat() if landed else "",
        REPLAYS: Replay.objects.aggregate(last=Max("pk"))["last"] or 0,
    }


def happened(reader: Any, kinds: Collection[str], told: Told, size: int) -> Happened:
    """Return at most so many rows of each stream after a place, those that the reader may see."""
    sight, events, reached = sight_of(reader), list[dict[str, Any]](), dict(told)
    if {GAP_OPENED, GAP_CLOSED} & set(kinds):
        _gaps(sight, kinds, reached, size, events)
    if IMPORT_LANDED in kinds:
        _imports(reader, reached, size, events)
    if REPLAY_CHANGED in kinds:
        _replays(sight, reached, size, events)
    return Happened(sorted(events, key=lambda each: each["at"]), reached)


def _gaps(sight: Sight, kinds: Collection[str], told: dict[str, Any], size: int, events: list[Any]) -> None:
    turns = [what for what, kind in OF_GAP.items() if kind in kinds]
    rows = GapEvent.objects.filter(pk__gt=told[GAPS], what__in=turns)
    found = list(rows.select_related("gap").order_by("pk")[:size])
    seen = {each.pk for each in sight.gaps_of({row.gap.person_id for row in found})} if found else set()
    for row in found:
        told[GAPS] = row.pk
        if row.gap_id in seen:
            events.append(
                _event(f"gap-{row.pk}", OF_GAP[row.what], row.at, gap=row.gap_id, on=row.on.isoformat())
            )


def _imports(reader: Any, told: dict[str, Any], size: int, events: list[Any]) -> None:
    rows = within(
        Import.objects.filter(state=states.LANDED, landing__finished_at__isnull=False), scope_of(reader)
    )
    if told[IMPORTS]:
        rows = rows.filter(landing__finished_at__gt=datetime.fromisoformat(told[IMPORTS]))
    for key, at in rows.order_by("landing__finished_at").values_list("key", "landing__finished_at")[:size]:
        told[IMPORTS] = at.isoformat()
        events.append(_event(f"import-{key}", IMPORT_LANDED, at, **{"import": str(key)}))


def _replays(sight: Sight, told: dict[str, Any], size: int, events: list[Any]) -> None:
    rows = sight.replays().filter(pk__gt=told[REPLAYS], version__gt=1).order_by("pk")
    for row in rows[:size]:
        told[REPLAYS] = row.pk
        events.append(
            _event(
                f"replay-{row.pk}", REPLAY_CHANGED, row.replayed_at,
                person=str(row.person_id), year=row.year, version=row.version,
            )
        )  # fmt: skip


def _event(key: str, kind: str, at: datetime, **keys: Any) -> dict[str, Any]:
    return {"id": key, "type": kind, "at": at.isoformat(), **keys}
