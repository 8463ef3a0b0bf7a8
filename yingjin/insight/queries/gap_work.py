"""The work on gaps as a reader may see it.

* works_on       the work on the dues of a page, with one query
* assigned       the dues that are somebody's task
* gap_keys, gap_keys_of    the gaps somebody ticked, or those of a whole filter
* gap_desk       what can be done about one gap, and what was
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from yingjin.basics.access import allow, may
from yingjin.basics.prepared import prepared
from yingjin.gaps.models import (
    Due,
    EvidenceFile,
    Gap,
    GapActCount,
    GapException,
    GapLetterLine,
    GapWork,
    GapWorkEvent,
)
from yingjin.insight.domain.gap_ids import GapId, read_gap_id, subject_digest
from yingjin.insight.queries.findings import found_place
from yingjin.insight.queries.letters import number_of, openable
from yingjin.insight.queries.shapes import Choice, Event, GapDesk, Granted, Worked
from yingjin.insight.queries.sight import missing, sight_of
from yingjin.insight.queries.work_words import assignee_name, work_events
from yingjin.registry.queries.workers import named, names_of

GAP = ("缺口", "gap")
BATCH = 500
MINE, MY_ROLE, NOBODY = "me", "role", "nobody"
ROLE_MARK, USER_MARK = "role:", "user:"


class Subject(NamedTuple):
    """What a due and its gap have in common."""

    person: UUID
    due: str
    subject: str


class TaskCount(NamedTuple):
    """How many dues are whose task: by the filter's word, the role, the person's name."""

    whose: str
    role: str
    name: str
    number: int


def subject_of(one: Due | Gap) -> Subject:
    """Return by what a due and its gap are matched."""
    return Subject(one.person_id, one.due, one.subject)


def works_on(dues: Collection[Due]) -> dict[Subject, Worked]:
    """Return the work on the gaps of some dues; a due that never was a gap has none."""
    rows = _works({due.person_id for due in dues})
    return {
        Subject(*row[:3]): Worked(row[3], row[4] or "", row[5] or "", row[6] or "", row[7], row[8])
        for row in rows
    }


@prepared
def _works(persons: Collection[UUID]) -> QuerySet[Any]:
    held = GapException.objects.filter(gap=OuterRef("pk"), ended_at__isnull=True).values("until_on")[:1]
    gaps = Gap.objects.filter(person__in=persons).annotate(until=Subquery(held))
    return gaps.values_list(
        "person_id", "due", "subject", "pk", "work__role", "work__user__username",
        "work__user__display_name", "work__due_on", "until",
    )  # fmt: skip


def whose_of(whose: str, reader: Any) -> str:
    """Return whose tasks are meant, mine and my role's by name. Errors: none; what nobody has leaves nothing."""
    named = {MINE: f"{USER_MARK}{reader.username}", MY_ROLE: f"{ROLE_MARK}{reader.role}"}
    return named.get(whose, whose)


def assigned(dues: QuerySet[Due], whose: str) -> QuerySet[Due]:
    """Keep the dues that are the task of somebody named, or nobody's yet; all when nobody is named."""
    if not whose:
        return dues
    works = GapWork.objects.exclude(role="")
    if whose == NOBODY:
        return dues.filter(~Exists(works.filter(_same_gap())), lacking=True)
    if whose.startswith(USER_MARK):
        return _tasks(dues, works.filter(user__username=whose.removeprefix(USER_MARK)))
    return _tasks(dues, works.filter(role=whose.removeprefix(ROLE_MARK), user__isnull=True))


def _tasks(dues: QuerySet[Due], works: QuerySet[GapWork]) -> QuerySet[Due]:
    """Keep the dues of some tasks: people first, for few have one and else every due would be looked up."""
    return dues.filter(Exists(works.filter(_same_gap())), person__in=works.values("gap__person"))


def _same_gap() -> Q:
    return Q(gap__person=OuterRef("person_id"), gap__due=OuterRef("due"), gap__subject=OuterRef("subject"))


def task_choices(reader: Any, total: int, counted: Sequence[TaskCount]) -> list[Choice]:
    """Return whose tasks may be chosen, with how many: all, mine, my role's, nobody's, then each other's."""
    given = {whose: number for whose, _role, _name, number in counted}
    mine, my_role = (whose_of(each, reader) for each in (MINE, MY_ROLE))
    choices = [Choice("", _("我辖区的"), total)]
    if may(reader, "work_on_gap"):
        choices += [
            Choice(MINE, _("我的"), given.get(mine, 0)),
            Choice(MY_ROLE, _("派给我岗位的"), given.get(my_role, 0)),
        ]
    choices.append(Choice(NOBODY, _("还没派的"), total - sum(given.values())))
    return choices + [
        Choice(whose, assignee_name(role, name), number) for whose, role, name, number in counted
    ]


def count_tasks(dues: QuerySet[Due]) -> list[TaskCount]:
    """Count dues by whose task they are; those of nobody are left out."""
    works = GapWork.objects.exclude(role="")
    same = works.filter(_same_gap())
    rows = _tasks(dues, works).order_by()
    rows = rows.annotate(role=Subquery(same.values("role")[:1]), user=Subquery(same.values("user")[:1]))
    groups = list(rows.values_list("role", "user").annotate(number=Count("pk")).order_by("role", "user"))
    names = named({group[1] for group in groups if group[1]})
    return [
        TaskCount(f"{USER_MARK}{names[user][0]}", role, names[user][1], number)
        if user
        else TaskCount(f"{ROLE_MARK}{role}", role, "", number)
        for role, user, number in groups
    ]


def last_act() -> int:
    """Return the number of the last act at the desk: what is read after it, a change may rest on."""
    return next(iter(_acts()), 0)


@prepared
def _acts() -> QuerySet[Any]:
    return GapActCount.objects.order_by("pk").values_list("acts", flat=True)[:1]


# Which gaps somebody means


def gap_keys(reader: Any, on: date, gap_ids: Sequence[str]) -> dict[str, int]:
    """Return the gaps behind the keys a page shows, in their order. Errors: NotFound for any that may not be seen."""
    allow(reader, "work_on_gap")
    asked = {text: _read(text) for text in gap_ids}
    at = found_place(reader, on)
    people = sorted({one.person for one in asked.values()})
    seen: dict[GapId, Subject] = {}
    for start in range(0, len(people), BATCH):
        for due in at.dues().filter(person__in=people[start : start + BATCH]):
            one = subject_of(due)
            seen[GapId(one.person, one.due, subject_digest(one.subject))] = one
    if not all(one in seen for one in asked.values()):
        raise missing(*GAP)
    keys = _keys_of([seen[one] for one in asked.values()])
    return {text: keys[seen[one]] for text, one in asked.items() if seen[one] in keys}


def keys_of_dues(dues: Iterable[Due]) -> list[int]:
    """Return the gaps of some dues, in their order; a due that never lacked anything has none."""
    subjects = [subject_of(due) for due in dues]
    keys = _keys_of(subjects)
    return [keys[one] for one in subjects if one in keys]


def _read(text: str) -> GapId:
    asked = read_gap_id(text)
    if asked is None:
        raise missing(*GAP)
    return asked


def _keys_of(subjects: Sequence[Subject]) -> dict[Subject, int]:
    people = sorted({one.person for one in subjects})
    wanted = set(subjects)
    found = (
        row
        for start in range(0, len(people), BATCH)
        for row in Gap.objects.filter(person__in=people[start : start + BATCH]).values_list(
            "person_id", "due", "subject", "pk"
        )
    )
    return {Subject(*row[:3]): row[3] for row in found if Subject(*row[:3]) in wanted}


# One gap


def gap_desk(reader: Any, due: Due) -> GapDesk | None:
    """Return what can be done about the gap of a due the reader may see, None where there never was one.

    A letter that names the gap is told by its number; its key, which opens it, to those alone who may open it.
    """
    worked = works_on([due]).get(subject_of(due))
    if worked is None:
        return None
    events = list(GapWorkEvent.objects.filter(gap=worked.gap).select_related("act").order_by("pk"))
    lines = GapLetterLine.objects.filter(gap=worked.gap).select_related("letter").order_by("-pk")
    opened = openable(reader, [line.letter_id for line in lines])
    return GapDesk(
        worked=worked,
        seen=max((event.act.number for event in events), default=0),
        granted=_granted(worked.gap),
        letters=[
            (line.letter_id if line.letter_id in opened else None, number_of(line.letter)) for line in lines
        ],
        events=list(work_events(events)),
    )


def _granted(gap: int) -> Granted | None:
    for one in GapException.objects.filter(gap=gap, ended_at__isnull=True).select_related("evidence"):
        return Granted(
            reason=one.reason,
            words=one.words,
            until_on=one.until_on,
            by=names_of({one.by}).get(one.by, one.by),
            at=one.at,
            evidence=one.evidence.pk if one.evidence else None,
            evidence_name=one.evidence.name if one.evidence else "",
        )
    return None


# What an act must know


def seen_by(user: Any, keys: Sequence[int]) -> int:
    """Count those of some gaps that somebody who is given them would see."""
    sight = sight_of(user)
    parts = (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
    return sum(sight.dues_of_people(Gap.objects.filter(pk__in=part)).count() for part in parts)


def told_changes(reader: Any, changes: Sequence[dict[str, Any]]) -> list[tuple[str, str, Event]]:
    """Say which gaps of a refusal were changed, how and by whom: due, person and what was done, newest first."""
    allow(reader, "work_on_gap")
    gaps = sight_of(reader).dues_of_people(Gap.objects.filter(pk__in={each["gap"] for each in changes}))
    names = {gap.pk: (gap.due, gap.person.name) for gap in gaps.select_related("person")}
    since = min((each["at"] for each in changes), default="")
    if not names:
        return []
    events = list(
        GapWorkEvent.objects.filter(gap__in=names, at__gte=since)
        .select_related("act")
        .order_by("-pk")[:BATCH]
    )
    lines = list(work_events(events))
    return [(*names[event.gap_id], line) for event, line in zip(events, lines, strict=True)]


def evidence_seen(reader: Any, key: UUID) -> EvidenceFile:
    """Return a paper behind an exception of a gap the reader may see. Errors: NotFound."""
    allow(reader, "read_gaps")
    gaps = sight_of(reader).dues_of_people(Gap.objects.all())
    behind = GapException.objects.filter(evidence=key, gap__in=gaps.values("pk")).select_related("evidence")
    one = behind.first()
    if one is None or one.evidence is None:
        raise missing("凭据", "paper")
    return one.evidence
