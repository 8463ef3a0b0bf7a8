"""What became of gaps in some days: opened and closed by findings, done at the desk, by whom and why."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from yingjin.basics.access import allow, inside, may, scope_of
from yingjin.gaps.actions.undo import ALLOWED, WITHIN
from yingjin.gaps.domain.gaps import CHANGED, CLOSED, OPENED, REOPENED
from yingjin.gaps.domain.rules import DUES
from yingjin.gaps.models import Gap, GapAct, GapEvent, GapWorkEvent
from yingjin.insight.domain.gap_ids import gap_id
from yingjin.insight.queries.events import gap_closed_by, gap_lacks_zh
from yingjin.insight.queries.places import codes_of_homes, home, places_named
from yingjin.insight.queries.shapes import ActRow, DoneRow, WeekPage
from yingjin.insight.queries.sight import Sight, sight_of
from yingjin.insight.queries.work_words import told
from yingjin.registry.queries import place_written
from yingjin.registry.queries.workers import names_of

SIZE = 30
ACTS_MOST = 30
FOUND = (OPENED, REOPENED, CLOSED)


def gap_week(
    reader: Any, *, since: date, until: date, what: str = "", by: str = "", due: str = "", page: int = 1
) -> WeekPage:
    """Return what was opened, closed and done from one day through another, and the list chosen of it.

    `what` is opened, reopened, closed or a kind of work; blank is what was closed. Errors: NotAllowed.
    """
    allow(reader, "read_gaps")
    sight, span = sight_of(reader), _span(since, until)
    gaps = sight.dues_of_people(Gap.objects.all())
    found = GapEvent.objects.filter(at__range=span, gap__in=gaps.values("pk")).exclude(what=CHANGED)
    done = GapWorkEvent.objects.filter(at__range=span, gap__in=gaps.values("pk"))
    what = what or CLOSED
    chosen: QuerySet[Any] = found if what in FOUND else done
    chosen = chosen.filter(what=what)
    if by and what not in FOUND:
        chosen = chosen.filter(by=by)
    if due:
        chosen = chosen.filter(gap__due=due)
    total = chosen.count()
    pages = max(1, -(-total // SIZE))
    page = max(1, min(page, pages))
    listed = chosen.select_related("gap", "gap__person").order_by("-at", "-pk")[
        (page - 1) * SIZE : page * SIZE
    ]
    return WeekPage(
        since=since, until=until, found=_found(found), done=_done(done), what=what, by=by, due=due, total=total,
        page=page, pages=pages, rows=_rows(list(listed), sight),
    )  # fmt: skip


def last_acts(reader: Any, at: datetime) -> list[ActRow]:
    """Return what was done at the desk in the last day inside the reader's place, newest first."""
    allow(reader, "work_on_gap")
    acts = list(
        inside(GapAct.objects.filter(at__gte=at - WITHIN), scope_of(reader))
        .exclude(what="undone")
        .order_by("-at")[:ACTS_MOST]
    )
    names = names_of({each.by for each in acts})
    return [
        ActRow(
            key=each.key,
            what=each.what,
            at=each.at,
            by=each.by,
            name=names.get(each.by, each.by),
            count=each.count,
            undone_by=each.undone_by,
            can_undo=each.undone_at is None
            and may(reader, ALLOWED.get(each.what, ""))
            and (each.by == reader.username or may(reader, "assign_gap")),
        )
        for each in acts
    ]


def _span(since: date, until: date) -> tuple[datetime, datetime]:
    begin = timezone.make_aware(datetime.combine(since, time.min))
    return begin, timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))


def _found(events: QuerySet[GapEvent]) -> list[tuple[str, list[tuple[str, int]], int]]:
    groups = events.order_by().values_list("what", "gap__due").annotate(number=Count("pk"))
    counts: dict[str, Counter[str]] = {what: Counter() for what in FOUND}
    for what, due, number in groups:
        counts[what][due] += number
    return [(what, [(due, by[due]) for due in DUES], sum(by.values())) for what, by in counts.items()]


def _done(events: QuerySet[GapWorkEvent]) -> list[tuple[str, str, str, int]]:
    groups = list(events.order_by().values_list("by", "what").annotate(number=Count("pk")))
    names = names_of({by for by, *_ in groups})
    return sorted((by, names.get(by, by), what, number) for by, what, number in groups)


def _rows(events: Sequence[Any], sight: Sight) -> list[DoneRow]:
    """Return events as rows; those of an illness that only now is known to be hidden are left out."""
    seen = {gap.pk for gap in sight.gaps_of({each.gap.person_id for each in events})} if events else set()
    places = places_named(codes_of_homes(each.gap.region_code for each in events))
    names = names_of({getattr(each, "by", "") for each in events} | set(_given(events)))
    return [_row(each, places, names) for each in events if each.gap_id in seen]


def _given(events: Sequence[Any]) -> list[str]:
    return [str(each.facts.get("after", {}).get("username", "")) for each in events if hasattr(each, "facts")]


def _row(event: Any, places: Any, names: dict[str, str]) -> DoneRow:
    gap = event.gap
    village, township = home(gap.region_code, places)
    if isinstance(event, GapWorkEvent):
        title, text = told(event, names)
        by, why = names.get(event.by, event.by), f"{title}：{text}" if text else title
    else:
        by = ""
        why = gap_closed_by(gap, event.evidence) if event.what == CLOSED else gap_lacks_zh(gap)
    return DoneRow(
        at=event.at,
        what=event.what,
        by=by,
        due=gap.due,
        gap_id=gap_id(gap.person_id, gap.due, gap.subject),
        person_key=gap.person_id,
        name=gap.person.name,
        place=" ".join(place_written(each.name) for each in (township, village) if each.name),
        why=why,
    )
