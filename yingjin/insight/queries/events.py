"""What happened to people, put in one line of days from dated facts and from what became of their gaps."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yingjin.basics.money import yuan
from yingjin.basics.prepared import prepared
from yingjin.gaps.domain.gaps import CHANGED, CLOSED, OPENED, REOPENED
from yingjin.gaps.domain.rules import TREATED
from yingjin.gaps.domain.words import closed_by, lacks_zh
from yingjin.gaps.models import Gap, GapEvent
from yingjin.insight.queries.books import said_rules
from yingjin.insight.queries.categories import category_names, disease_name
from yingjin.insight.queries.health import treatment_zh
from yingjin.insight.queries.provenance import register_zh
from yingjin.insight.queries.shapes import BillRow, Event
from yingjin.insight.queries.sight import INPATIENT, Sight
from yingjin.registry.domain.changes import DIED, LEFT, REFUSED, RETURNED, WORK_INSURED
from yingjin.registry.models import PersonChange
from yingjin.settlement.models import Enrolment

POVERTY, INSURANCE, HEALTH = "poverty", "insurance", "health"
CHANGES_ZH = {
    DIED: gettext_lazy("去世"),
    LEFT: gettext_lazy("外出"),
    RETURNED: gettext_lazy("返回"),
    WORK_INSURED: gettext_lazy("参加职工医保"),
    REFUSED: gettext_lazy("拒绝"),
}
TURNS_ZH = {
    OPENED: gettext_lazy("发现缺口"),
    REOPENED: gettext_lazy("缺口重开"),
    CHANGED: gettext_lazy("缺口有变"),
    CLOSED: gettext_lazy("缺口补上了"),
}
MARKS = {OPENED: "gap", REOPENED: "gap", CHANGED: "gap", CLOSED: "done"}


class Happened(NamedTuple):
    """One event and whom it happened to."""

    person: UUID
    event: Event


def events_of(
    sight: Sight, persons: Collection[UUID], bills: Mapping[UUID, Sequence[BillRow]]
) -> list[Happened]:
    """Return what happened to some people of the scope, newest first; `bills` are those the reader may see."""
    sources: Sequence[Callable[[Sight, Collection[UUID]], Iterable[Happened]]] = (
        _categories,
        _changes,
        _enrolments,
        _contracts,
        _conditions,
        _treatments,
        _gaps,
    )
    happened = [each for source in sources for each in source(sight, persons)]
    happened += [Happened(person, _bill(row)) for person, rows in bills.items() for row in rows]
    happened.sort(key=lambda each: (each.event.on or date.min, each.event.title_zh), reverse=True)
    return happened


def of_household(happened: Iterable[Happened], names: Mapping[UUID, str]) -> list[Event]:
    """Return events of several people, each with whom it is about."""
    return [
        Event(
            event.on,
            event.mark,
            _("{who}：{what}").format(who=names[person], what=event.title_zh),
            event.text_zh,
            event.bill_key,
        )
        for person, event in happened
    ]


def _happened(person: UUID, on: date, title: str, text: str, register: str, mark: str = "") -> Happened:
    said_by = register_zh(register)
    return Happened(person, Event(on, mark, title, f"{text} · {said_by}" if text else said_by))


def _categories(sight: Sight, persons: Collection[UUID]) -> Iterator[Happened]:
    for person, code, begins, ends, basis in _category_rows(sight, persons):
        name = category_names().get(code, code)
        yield _happened(person, begins, _("登记为{category}").format(category=name), basis, POVERTY)
        if ends is not None:
            yield _happened(person, ends, _("不再是{category}").format(category=name), "", POVERTY)


def _changes(sight: Sight, persons: Collection[UUID]) -> Iterator[Happened]:
    dues = said_rules().dues
    for person, what, on, due, evidence in _change_rows(persons):
        title = str(CHANGES_ZH[what])
        if due:
            title = _("{change}{due}").format(change=title, due=dues[due].zh)
        paper = _("凭 {paper}").format(paper=evidence) if evidence else ""
        yield _happened(person, on, title, paper, POVERTY)


def _enrolments(sight: Sight, persons: Collection[UUID]) -> Iterator[Happened]:
    for person, year in _enrolment_rows(persons):
        yield _happened(person, date(year, 1, 1), _("{year} 年参保").format(year=year), "", INSURANCE, "done")


def _contracts(sight: Sight, persons: Collection[UUID]) -> Iterator[Happened]:
    for person, doctor, team, begins, ends in _contract_rows(sight, persons):
        who = _("{doctor}，{team}").format(doctor=doctor, team=team) if team else doctor
        yield _happened(person, begins, _("签约家庭医生"), who, HEALTH, "done")
        if ends is not None:
            yield _happened(person, ends, _("家庭医生签约到期"), who, HEALTH)


def _conditions(sight: Sight, persons: Collection[UUID]) -> Iterator[Happened]:
    for person, name, icd, on in _condition_rows(sight, persons):
        yield _happened(person, on, _("确诊{disease}").format(disease=disease_name(name) or icd), "", HEALTH)


def _treatments(sight: Sight, persons: Collection[UUID]) -> Iterator[Happened]:
    for person, what, disease, icd, facility, on in _treatment_rows(sight, persons):
        said = _("{treatment}：{disease}").format(
            treatment=treatment_zh(what), disease=disease_name(disease) or icd
        )
        yield _happened(person, on, said, facility, HEALTH, "done")


def _gaps(sight: Sight, persons: Collection[UUID]) -> Iterator[Happened]:
    gaps = {gap.pk: gap for gap in sight.gaps_of(persons)}
    for event in _gap_events(list(gaps)):
        yield Happened(gaps[event.gap_id].person_id, _gap_event(gaps[event.gap_id], event))


@prepared
def _gap_events(gaps: Collection[int]) -> QuerySet[Any]:
    return GapEvent.objects.filter(gap__in=gaps).order_by("on", "pk")


@prepared
def _category_rows(sight: Sight, persons: Collection[UUID]) -> QuerySet[Any]:
    rows = sight.categories().filter(person__in=persons)
    return rows.values_list("person_id", "category", "valid_from", "valid_to", "basis")


@prepared
def _change_rows(persons: Collection[UUID]) -> QuerySet[Any]:
    rows = PersonChange.objects.filter(person__in=persons)
    return rows.values_list("person_id", "what", "on", "due", "evidence")


@prepared
def _enrolment_rows(persons: Collection[UUID]) -> QuerySet[Any]:
    return Enrolment.objects.filter(person__in=persons).values_list("person_id", "year").distinct()


@prepared
def _contract_rows(sight: Sight, persons: Collection[UUID]) -> QuerySet[Any]:
    rows = sight.contracts().filter(person__in=persons)
    return rows.values_list("person_id", "doctor", "team", "valid_from", "valid_to")


@prepared
def _condition_rows(sight: Sight, persons: Collection[UUID]) -> QuerySet[Any]:
    rows = sight.conditions().filter(person__in=persons)
    return rows.values_list("person_id", "name", "icd_code", "confirmed_on")


@prepared
def _treatment_rows(sight: Sight, persons: Collection[UUID]) -> QuerySet[Any]:
    rows = sight.treatments().filter(person__in=persons)
    return rows.values_list("person_id", "what", "disease", "icd_code", "facility_name", "treated_on")


def _gap_event(gap: Gap, event: GapEvent) -> Event:
    title = _("{turn}：{due}").format(turn=TURNS_ZH[event.what], due=said_rules().dues[gap.due].zh)
    return Event(
        event.on,
        MARKS[event.what],
        title,
        gap_closed_by(gap, event.evidence) if event.what == CLOSED else gap_lacks_zh(gap),
    )


def gap_lacks_zh(gap: Gap) -> str:
    """Say what a gap lacks, as it was found last."""
    disease = disease_name(gap.subject) if gap.due == TREATED else ""
    return lacks_zh(
        gap.due, gap.reason, gap.facts, said_rules(), short_fen=gap.shortfall_fen, disease=disease
    )


def gap_closed_by(gap: Gap, stored: str) -> str:
    """Say what closed a gap."""
    return closed_by(stored, gap.due, said_rules())


def _bill(row: BillRow) -> Event:
    said = _("出院，{facility}") if row.setting == INPATIENT else _("门诊，{facility}")
    where = said.format(facility=row.facility_zh)
    paid = _("总费用 {total} 元，本人付 {own} 元").format(
        total=yuan(row.total_fen), own=yuan(row.own_payment_fen)
    )
    return Event(
        row.discharged_on,
        "",
        where,
        f"{row.state_zh or paid} · {register_zh(INSURANCE)}",
        row.bill_key,
    )
