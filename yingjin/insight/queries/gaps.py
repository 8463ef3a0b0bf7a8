"""The list of dues of a found day: filtered, sorted, paged, with the count beside every filter.

* gaps        one page of the list
* gap_rows    every row of the filter
* gap_values  the same as bare values, for a file of very many
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, starmap
from typing import Any, NamedTuple

from django.db.models import Case, F, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.access import allow, scope_of
from yingjin.basics.errors import BadInput
from yingjin.basics.prepared import prepared
from yingjin.gaps.domain.rules import DUES
from yingjin.gaps.models import Due
from yingjin.insight.domain.tallies import AGES, DUE, LACKING, LATE, PERSONS, STATUSES
from yingjin.insight.models import DueTally
from yingjin.insight.queries.books import said_rules
from yingjin.insight.queries.findings import FoundPlace, found_at, found_place
from yingjin.insight.queries.gap_rows import StoredDue, gap_row, places_of_dues
from yingjin.insight.queries.gap_work import (
    TaskCount,
    assigned,
    count_tasks,
    keys_of_dues,
    last_act,
    subject_of,
    task_choices,
    whose_of,
    works_on,
)
from yingjin.insight.queries.kept import kept
from yingjin.insight.queries.own_lists import counts_in, groups_of
from yingjin.insight.queries.places import places_below
from yingjin.insight.queries.shapes import Choice, GapRow, GapsPage, GapsWanted, Place
from yingjin.registry.domain.regions import parent_of
from yingjin.registry.queries import place_written

SIZE_MOST = 200
ROWS_AT_ONCE = 500
PASSED_OVER = 20  # for each row shown: a list so much longer than the end of a page is walked, not sorted
# What lies sealed of a person and is on no row: long lists open none of it.
NOT_SHOWN = ("person__identity_number", "person__phone", "person__sources")
KINDS_ZH = {
    LACKING: gettext_lazy("全部缺口"),
    "open": gettext_lazy("缺"),
    "unknown": gettext_lazy("待核"),
    LATE: gettext_lazy("逾期"),
    "excepted": gettext_lazy("免"),
    "done": gettext_lazy("已"),
    DUE: gettext_lazy("应"),
}
KINDS: dict[str, frozenset[str]] = {
    LACKING: frozenset({"open", "unknown"}),
    LATE: frozenset({"open", "unknown"}),
    DUE: frozenset({"open", "unknown", "done"}),
    **{status: frozenset({status}) for status in STATUSES},
}
AGES_ZH = {
    "0-29": gettext_lazy("不到 30 天"),
    "30-89": gettext_lazy("30–89 天"),
    "90-364": gettext_lazy("90–364 天"),
    "365-": gettext_lazy("一年以上"),
}
SORTS: dict[str, Any] = {
    "due_by": F("due_by"),
    "since": F("since_on"),
    "name": F("person__pinyin"),
    "place": F("region_code"),
    "reason": F("reason"),
    "owner": F("owner_role"),
    "due": Case(*(When(due=due, then=Value(number)) for number, due in enumerate(DUES))),
}


class UnknownFilter(BadInput):
    """The list was asked for by a filter or an order it does not have."""

    code = "unknown_filter"


def gaps(reader: Any, on: date, wanted: GapsWanted) -> GapsPage:
    """Return one page of the dues a reader asks for, with how many each other filter would leave.

    Errors: NotFound for a place outside the scope; DayNotFound; UnknownFilter.
    """
    allow(reader, "read_gaps")
    wanted = _checked(wanted, reader)
    at = found_place(reader, on, wanted.region_code)
    asked = replace(wanted, sort="due_by", page=1, size=SIZE_MOST)
    own, seen = scope_of(reader).region_prefix, last_act()
    counts = kept(at, (own, asked, seen if wanted.whose else None), lambda: _counts(reader, at, asked))
    tasks = kept(at, (own, replace(asked, whose=""), seen), lambda: _tasks_counted(at, asked))
    size = max(1, min(wanted.size, SIZE_MOST))
    pages = max(1, -(-counts["total"] // size))
    page = max(1, min(wanted.page, pages))
    walked = _walked(wanted, page * size, counts["total"])
    dues = _page(_sorted(_filtered(at, wanted, walked=walked), wanted), page, size)
    named, works = places_of_dues(dues), works_on(dues)
    return GapsPage(
        on=on,
        place=at.place,
        page=page,
        size=size,
        pages=pages,
        rows=[gap_row(due, named, on, works.get(subject_of(due))) for due in dues],
        seen=seen,
        found_at=found_at(at.finding),
        tasks=task_choices(reader, *tasks),
        **counts,
    )


def _counts(reader: Any, at: FoundPlace, wanted: GapsWanted) -> dict[str, Any]:
    """Count what is asked for, and what each other filter would leave."""
    groups = _groups(at, wanted)
    chosen = [group for group in groups if _fits(group, wanted)]
    return {
        "total": sum(group.number for group in chosen),
        "persons": _persons(at, wanted),
        "late": sum(group.number for group in chosen if group.late),
        "dues": _due_choices(groups, wanted),
        "statuses": _status_choices(groups, wanted),
        "regions": _region_choices(reader, at, wanted),
        "reasons": _choices(groups, wanted, "reason", _reason_names(wanted.due)),
        "owners": _choices(groups, wanted, "owner", said_rules().owners),
        "ages": _choices(groups, wanted, "age", AGES_ZH),
    }


def gap_rows(reader: Any, on: date, wanted: GapsWanted) -> Iterator[GapRow]:
    """Yield every due a reader asks for, in the order of the list. Errors: as `gaps`."""
    rows = _every(reader, on, wanted).select_related("person").defer(*NOT_SHOWN)
    return _rows(rows.iterator(chunk_size=ROWS_AT_ONCE), on)


def gap_values(reader: Any, on: date, wanted: GapsWanted) -> Iterator[StoredDue]:
    """Yield every due a reader asks for as bare values, in the order of the list. Errors: as `gaps`."""
    rows = _every(reader, on, wanted).values_list(*StoredDue._fields)
    return starmap(StoredDue, rows.iterator(chunk_size=ROWS_AT_ONCE))


def _every(reader: Any, on: date, wanted: GapsWanted) -> QuerySet[Due]:
    allow(reader, "read_gaps")
    wanted = _checked(wanted, reader)
    return _sorted(_filtered(found_place(reader, on, wanted.region_code), wanted), wanted)


def _rows(rows: Iterator[Due], on: date) -> Iterator[GapRow]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        named, works = places_of_dues(batch), works_on(batch)
        for due in batch:
            yield gap_row(due, named, on, works.get(subject_of(due)))


def gap_keys_of(reader: Any, on: date, wanted: GapsWanted) -> list[int]:
    """Return the gaps of a whole filter, for an act on all of them. Errors: as `gaps`."""
    allow(reader, "work_on_gap")
    wanted = _checked(wanted, reader)
    at = found_place(reader, on, wanted.region_code)
    return keys_of_dues(_sorted(_filtered(at, wanted), wanted).only("person_id", "due", "subject"))


def _checked(wanted: GapsWanted, reader: Any) -> GapsWanted:
    """Return what is asked for, mine and my role's by name. Errors: UnknownFilter."""
    known: dict[str, tuple[str, Iterable[str]]] = {
        "due": (wanted.due, ("", *DUES)),
        "status": (wanted.status, KINDS),
        "age": (wanted.age, ("", *AGES_ZH)),
        "sort": (wanted.sort.removeprefix("-"), SORTS),
    }
    for name, (value, values) in known.items():
        if value not in values:
            raise UnknownFilter(
                f"没有这个筛选值：{value}。请从页面上的筛选重新选。",
                f"There is no filter value {value}. Choose again from the filters of the page.",
                filter=name,
            )
    return replace(wanted, whose=whose_of(wanted.whose, reader))


# Counting, from the tallies alone


class Group(NamedTuple):
    """Dues of one place that stand alike."""

    due: str
    status: str
    reason: str
    owner: str
    age: str
    late: bool
    number: int


GROUP_FIELDS = ("due", "status", "reason", "owner_role", "age", "late", "count")


def _groups(at: FoundPlace, wanted: GapsWanted) -> list[Group]:
    """Return how many dues of a place stand alike: from the tallies; of tasks as they stand."""
    if _counted_live(at, wanted):
        rows = groups_of(assigned(at.dues(), wanted.whose), at.finding.on)
    else:
        rows = at.due_tallies().values_list(*GROUP_FIELDS)
    return [Group(*row) for row in rows]


def _counted_live(at: FoundPlace, wanted: GapsWanted) -> bool:
    """Say whether no tally holds what is asked for: whose task something is, changes by the hour."""
    return bool(wanted.whose) or not at.counted


def _tasks_counted(at: FoundPlace, wanted: GapsWanted) -> tuple[int, list[TaskCount]]:
    """Count what the other filters leave: in all, and by whose task it is."""
    free = replace(wanted, whose="")
    return _count(_groups(at, free), free), count_tasks(_filtered(at, free, walked=True))


def _fits(group: Group, wanted: GapsWanted) -> bool:
    """Say whether dues are asked for; a blank filter is any."""
    return (
        wanted.due in ("", group.due)
        and group.status in KINDS[wanted.status]
        and (wanted.status != LATE or group.late)
        and wanted.reason in ("", group.reason)
        and wanted.owner in ("", group.owner)
        and wanted.age in ("", group.age)
    )


def _count(groups: Iterable[Group], wanted: GapsWanted) -> int:
    return sum(group.number for group in groups if _fits(group, wanted))


def _due_choices(groups: list[Group], wanted: GapsWanted) -> list[Choice]:
    rules = said_rules().dues
    names = {"": _("全部"), **{due: rules[due].zh for due in DUES}}
    return [Choice(due, name, _count(groups, replace(wanted, due=due))) for due, name in names.items()]


def _status_choices(groups: list[Group], wanted: GapsWanted) -> list[Choice]:
    return [
        Choice(kind, str(name), _count(groups, replace(wanted, status=kind)))
        for kind, name in KINDS_ZH.items()
    ]


def _reason_names(due: str) -> dict[str, str]:
    rules = said_rules().dues
    return {
        code: reason.zh for name in DUES if due in ("", name) for code, reason in rules[name].reasons.items()
    }


def _choices(groups: list[Group], wanted: GapsWanted, name: str, labels: Any) -> list[Choice]:
    """Return the values of one filter that leave something, or are chosen, with what they leave."""
    free = replace(wanted, **{name: ""})
    counts: Counter[str] = Counter()
    for group in groups:
        if _fits(group, free):
            counts[getattr(group, name)] += group.number
    chosen = getattr(wanted, name)
    return [
        Choice(code, str(label), counts[code])
        for code, label in labels.items()
        if counts[code] or code == chosen
    ]


def _region_choices(reader: Any, at: FoundPlace, wanted: GapsWanted) -> list[Choice]:
    """Return the places to choose from: one below the reader's own, and around the chosen one."""
    offered = _offered(reader, at, wanted)
    everywhere = found_place(reader, at.finding.on)  # around the chosen place lies what it does not hold
    if _counted_live(at, wanted):
        counts = counts_in(_filtered(everywhere, wanted), [each.code for each in offered])
        return [Choice(each.code, place_written(each.name), counts[each.code]) for each in offered]
    rows = _tallies_filtered(everywhere.due_tallies_in(each.code for each in offered), wanted)
    counts = dict(rows.values_list("region_code").annotate(dues=Sum("count")).order_by())
    return [Choice(each.code, place_written(each.name), counts.get(each.code, 0)) for each in offered]


def _offered(reader: Any, at: FoundPlace, wanted: GapsWanted) -> list[Place]:
    own = scope_of(reader).region_prefix
    offered = {each.code: each for each in places_below(reader, own)}
    if wanted.region_code and at.place.code != own:
        around = places_below(reader, at.place.code) or places_below(reader, parent_of(at.place.code))
        offered.update({each.code: each for each in around})
        offered.setdefault(at.place.code, at.place)
    return [offered[code] for code in sorted(offered)]


def _tallies_filtered(rows: QuerySet[DueTally], wanted: GapsWanted) -> QuerySet[DueTally]:
    rows = rows.filter(status__in=KINDS[wanted.status])
    if wanted.status == LATE:
        rows = rows.filter(late=True)
    fields = {"due": wanted.due, "reason": wanted.reason, "owner_role": wanted.owner, "age": wanted.age}
    return rows.filter(**{field: value for field, value in fields.items() if value})


def _persons(at: FoundPlace, wanted: GapsWanted) -> int:
    """Count the people behind the list; only a filter by reason, owner or age needs to look at them."""
    if wanted.reason or wanted.owner or wanted.age or _counted_live(at, wanted):
        return _filtered(at, wanted).values("person").distinct().count()
    row = at.tallies().filter(measure=PERSONS, subject=wanted.due, status=wanted.status).first()
    return row.persons if row else 0


# Listing


def _walked(wanted: GapsWanted, end: int, total: int) -> bool:
    """Say whether to walk the deadlines in order until a page is full: a long list near its beginning.

    Otherwise the place's own rows are read and sorted, which is less than passing over those of other places.
    """
    in_order = wanted.sort == "due_by" and wanted.status in (LACKING, LATE) and not wanted.whose
    return in_order and end * PASSED_OVER < total


def _filtered(at: FoundPlace, wanted: GapsWanted, *, walked: bool = False) -> QuerySet[Due]:
    rows = assigned(at.dues(walked=walked), wanted.whose)
    if wanted.status in (LACKING, LATE):
        rows = rows.filter(lacking=True)
    else:
        rows = rows.filter(status__in=KINDS[wanted.status])
    if wanted.status == LATE:
        rows = rows.filter(due_by__lt=at.finding.on)
    fields = {"due": wanted.due, "reason": wanted.reason, "owner_role": wanted.owner}
    rows = rows.filter(**{field: value for field, value in fields.items() if value})
    return _of_age(rows, wanted.age, at.finding.on) if wanted.age else rows


def _of_age(rows: QuerySet[Due], age: str, on: date) -> QuerySet[Due]:
    """Keep what arose so many days ago; what arises later than the day counts as the youngest."""
    codes = [code for code, _ in AGES]
    at = codes.index(age)
    if at:
        rows = rows.filter(since_on__lte=on - timedelta(days=AGES[at][1]))
    if at + 1 < len(AGES):
        rows = rows.filter(since_on__gt=on - timedelta(days=AGES[at + 1][1]))
    return rows


def _sorted(rows: QuerySet[Due], wanted: GapsWanted) -> QuerySet[Due]:
    """Put the rows in order; people who stand alike come by their key, so that pages are stable."""
    field = SORTS[wanted.sort.removeprefix("-")]
    # What is lacking has its days; elsewhere an unknown day comes last on every database.
    known = wanted.status in KINDS and KINDS[wanted.status] <= KINDS[LACKING]
    last = {} if known else {"nulls_last": True}
    first = field.desc(**last) if wanted.sort.startswith("-") else field.asc(**last)
    return rows.order_by(first, "person_id", "due", "subject")


def _page(rows: QuerySet[Due], page: int, size: int) -> list[Due]:
    """Return one page: first its keys, so that the rows before it are passed over without being read."""
    keys = list(rows.values_list("pk", flat=True)[(page - 1) * size : page * size])
    found = {due.pk: due for due in _with_people(keys)}
    return [found[key] for key in keys]


@prepared
def _with_people(keys: Collection[int]) -> QuerySet[Due]:
    return Due.objects.filter(pk__in=keys).select_related("person").defer(*NOT_SHOWN)
