"""One due of one person opened: why it is due, what there is, the law, the evidence, and what became of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yingjin.basics.access import allow
from yingjin.basics.language import chosen
from yingjin.basics.money import yuan
from yingjin.gaps.domain.dues import DONE, LACKING, DueState
from yingjin.gaps.domain.gaps import CLOSED
from yingjin.gaps.domain.rules import CONTRACTED, COVERED, INSURED, TREATED
from yingjin.gaps.domain.words import done_zh, due_zh
from yingjin.gaps.models import Due, Gap, GapEvent
from yingjin.insight.domain.due_words import disease_of
from yingjin.insight.domain.gap_ids import read_gap_id, subject_digest
from yingjin.insight.queries.books import book_of, said_rules
from yingjin.insight.queries.categories import category_names, disease_name
from yingjin.insight.queries.due_states import exception_of
from yingjin.insight.queries.events import MARKS, TURNS_ZH, gap_closed_by, gap_lacks_zh
from yingjin.insight.queries.findings import FoundPlace, found_place
from yingjin.insight.queries.gap_rows import gap_row, places_of_dues, state_of
from yingjin.insight.queries.gap_work import gap_desk
from yingjin.insight.queries.provenance import first_upper
from yingjin.insight.queries.shapes import Event, Evidence, GapDetail
from yingjin.insight.queries.sight import missing
from yingjin.settlement.actions import bill_key
from yingjin.settlement.models import Enrolment, Explanation

GAP = ("缺口", "gap")


def gap(reader: Any, on: date, gap_id: str) -> GapDetail:
    """Return one due as it stood on a found day. Errors: NotFound, DayNotFound."""
    allow(reader, "read_gaps")
    at = found_place(reader, on)
    due = _due(at, gap_id)
    rules, state = said_rules(), state_of(due)
    desk = gap_desk(reader, due)
    return GapDetail(
        row=gap_row(due, places_of_dues([due]), on, desk.worked if desk else None),
        due_zh=_("；").join(
            [
                *_base_zh(at, due, on),
                due_zh(due.due, state.facts, rules, on=on, disease=disease_name(disease_of(state))),
            ]
        ),
        is_zh=_is_zh(due, state, on),
        clause_zh=_clause_zh(due) if due.due == COVERED else "",
        by_payer=[
            (rules.payers[payer], computed, reported, max(0, computed - reported))
            for payer, computed, reported in state.facts.get("paid", ())
        ],
        evidence=list(_evidence(due, state, at)),
        events=_newest_first([*_events(due, state, on), *(desk.events if desk else ())]),
        exception=exception_of(state.exception) if state.exception else None,
        desk=desk,
    )


def _due(at: FoundPlace, gap_id: str) -> Due:
    """Find a due by its key. Errors: NotFound, the same for what is not there and for what may not be seen."""
    asked = read_gap_id(gap_id)
    if asked is None:
        raise missing(*GAP)
    for due in at.dues().filter(person=asked.person, due=asked.due).select_related("person"):
        if subject_digest(due.subject) == asked.subject_digest:
            return due
    raise missing(*GAP)


def _base_zh(at: FoundPlace, due: Due, on: date) -> Iterator[str]:
    """Say which category of the base makes it due."""
    held = at.sight.categories().filter(
        person=due.person_id, category__in=said_rules().base, valid_from__lte=on
    )
    for category, since, until in held.order_by("valid_from").values_list(
        "category", "valid_from", "valid_to"
    ):
        if until is None or until > on:
            name = category_names().get(category, category)
            yield _("{category}，{day} 起").format(category=name, day=since)


def _is_zh(due: Due, state: DueState, on: date) -> str:
    """Say what there is: the evidence, or what comes nearest to it."""
    rules, facts = said_rules(), state.facts
    if state.status == DONE:
        return done_zh(state.due, facts, rules)
    if state.due == INSURED:
        years = Enrolment.objects.filter(person=due.person_id, year__lte=on.year).values_list(
            "year", flat=True
        )
        listed = _("、").join(_("{year} 年").format(year=year) for year in sorted(set(years)))
        return _("{years}已参保").format(years=listed) if years else _("没有任何年度的参保记录")
    if state.due == TREATED:
        return _("上次救治在 {day}").format(day=facts["last_on"]) if "last_on" in facts else _("没有救治记录")
    if state.due == CONTRACTED:
        ended = facts.get("ended_on")
        return _("上一份签约 {day} 到期").format(day=ended) if ended else _("没有签约记录")
    return _("实付 {amount} 元").format(amount=yuan(sum(paid[2] for paid in facts["paid"])))


def _clause_zh(due: Due) -> str:
    """Name the clauses by which the payers of a stay owe what they owe, by its latest settlement."""
    explained = Explanation.objects.filter(
        settled__bill__bill_id=due.subject, settled__replay__latest=True
    ).select_related("settled")
    stored = explained.first()
    book = book_of(stored.settled.rulebook_version) if stored else None
    if stored is None or book is None:
        return ""
    clauses = {clause.id: clause for clause in book.contents.clauses}
    named = dict.fromkeys(step.get("clause") for step in stored.steps if step.get("clause") in clauses)
    said = _("{clause}（{citation}）")
    return _("；").join(
        said.format(
            clause=first_upper(chosen(*clauses[each].title)), citation=chosen(*clauses[each].citation)
        )
        for each in named
    )


def _evidence(due: Due, state: DueState, at: FoundPlace) -> Iterator[Evidence]:
    rules = said_rules()
    if state.status in LACKING:
        closes = gap_row(due, {}, at.finding.on).closes_with_zh
        if state.due == COVERED:
            for payer, computed, reported in state.facts["paid"]:
                text = _("{payer}应付 {computed} 元，实付 {reported} 元").format(
                    payer=rules.payers[payer], computed=yuan(computed), reported=yuan(reported)
                )
                yield Evidence(reported >= computed, text)
        yield Evidence(False, closes)
    elif state.exception is not None:
        yield Evidence(True, state.exception.evidence or rules.exception(state.exception.change).zh)
    else:
        yield Evidence(True, done_zh(state.due, state.facts, rules))


def _events(due: Due, state: DueState, on: date) -> list[Event]:
    """Return what became of a gap up to a day, and the days it rests on."""
    rules, events = said_rules(), []
    gap = Gap.objects.filter(person=due.person_id, due=due.due, subject=due.subject).first()
    if gap is not None:
        for each in GapEvent.objects.filter(gap=gap, on__lte=on).order_by("on", "pk"):
            text = gap_closed_by(gap, each.evidence) if each.what == CLOSED else gap_lacks_zh(gap)
            events.append(Event(each.on, MARKS[each.what], str(TURNS_ZH[each.what]), text))
    if due.due_by is not None:
        late = due.due_by < on
        title = _("期限已过") if late else _("期限")
        events.append(Event(due.due_by, "gap" if late else "wait", title, rules.owners[due.owner_role]))
    if due.since_on is not None:
        events.append(Event(due.since_on, "gap", _("从这天起该有而没有"), ""))
    if due.due == TREATED and "confirmed_on" in state.facts:
        events.append(
            Event(date.fromisoformat(state.facts["confirmed_on"]), "", _("确诊"), disease_name(due.subject))
        )
    if due.due == COVERED:
        left_on = date.fromisoformat(state.facts["discharged_on"])
        events.append(Event(left_on, "", _("出院"), "", str(bill_key(due.subject))))
    if state.exception is not None:
        events.append(Event(state.exception.on, "", _("除外"), state.exception.evidence))
    return events


def _newest_first(events: list[Event]) -> list[Event]:
    """Put what happened in the order of its days, of one day what was done last first."""
    return sorted(reversed(events), key=lambda event: event.on or date.min, reverse=True)
