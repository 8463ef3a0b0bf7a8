"""Judge the four dues of one person on one day: what is due, what is done, what is missing and why.

* entered_base_on   since when a person is in the base, or None when it is not
* dues_on           every due of a person on a day
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from yingjin.basics.days import Interval, union
from yingjin.gaps.domain.facts import Changed, Confirmed, Contracted, Evidence, PersonDay, Stay, Treated
from yingjin.gaps.domain.rules import (
    CONTRACTED,
    COVERED,
    INSURED,
    NAMED,
    OPEN_ENDED,
    TREATED,
    YEAR_END,
    DueRules,
)

DONE, OPEN, UNKNOWN, EXCEPTED = "done", "open", "unknown", "excepted"
LACKING = frozenset({OPEN, UNKNOWN})


class Excepted(NamedTuple):
    """Why a due does not bind a person now: the change or the granted reason, its paper, and until when.

    `until` is None where no end is known.
    """

    change: str
    on: date
    evidence: str
    until: date | None


class DueState(NamedTuple):
    """How one due of one person stands on a day.

    `facts` holds what its sentence needs, days as ISO text; `shortfall` what each payer still owes in fen.
    `since_on` and `due_by` are days of the data, and None unless it is lacking.
    """

    due: str
    subject: str
    status: str
    facts: dict[str, Any]
    reason: str = ""
    owner: str = ""
    since_on: date | None = None
    due_by: date | None = None
    shortfall: tuple[tuple[str, int], ...] = ()
    sensitive: bool = False
    exception: Excepted | None = None

    @property
    def lacking(self) -> bool:
        """Say whether something is missing: open, or to be confirmed."""
        return self.status in LACKING

    @property
    def shortfall_fen(self) -> int:
        """Return what is still owed in all. Units: fen."""
        return sum(fen for _, fen in self.shortfall)


class Question(NamedTuple):
    """One person on one day under the rules, and since when that person is in the base."""

    facts: PersonDay
    on: date
    rules: DueRules
    entered_on: date


def entered_base_on(facts: PersonDay, on: date, rules: DueRules) -> date | None:
    """Return the day since which a living person has held one of the base's categories without a break.

    Errors: none; None for the dead (from the day of death on) and for everybody outside the base.
    Source: R70, R72.
    """
    if facts.died_on is not None and facts.died_on <= on:
        return None
    held = [
        Interval(each.valid_from, each.valid_to) for each in facts.categories if each.category in rules.base
    ]
    return next((one.valid_from for one in union(held) if one.holds(on)), None)


def dues_on(facts: PersonDay, on: date, rules: DueRules) -> list[DueState]:
    """Judge every due of a person on a day, in the order of the four; nothing is due outside the base.

    Evidence of its own makes a due done, an exception comes next, then evidence of somebody who may be the same,
    else it is open. Errors: none. Source: S65, R70-R76.
    """
    entered_on = entered_base_on(facts, on, rules)
    if entered_on is None:
        return []
    asked = Question(facts, on, rules, entered_on)
    return [
        _insured(asked),
        *sorted((*_known_conditions(asked), *_doubtful_conditions(asked)), key=lambda state: state.subject),
        _contracted(asked),
        *(_covered(asked, stay) for stay in facts.stays if _opens_a_due(stay, on)),
    ]


def _insured(asked: Question) -> DueState:
    year = asked.on.year
    last = year - 1 in asked.facts.own.enrolled_years
    return _judged(
        asked,
        INSURED,
        holds=lambda evidence: {"year": year} if year in evidence.enrolled_years else None,
        reason="enrolment_lapsed" if last else "not_enrolled",
        since_on=date(year, 1, 1),
        facts={"year": year, "last_year": year - 1},
    )


def _known_conditions(asked: Question) -> list[DueState]:
    return [
        _treated(asked, condition) for condition in _conditions(asked.facts.conditions, asked.on).values()
    ]


def _doubtful_conditions(asked: Question) -> Iterator[DueState]:
    """Yield what lacks treatment where the condition stands under somebody who may be the same.

    Whether it is due at all is to be confirmed, so it is unknown or it is nothing.
    """
    known = _conditions(asked.facts.conditions, asked.on)
    for disease, condition in _conditions(asked.facts.unlinked_conditions, asked.on).items():
        state = _treated(asked, condition)
        if disease not in known and state.status == OPEN:
            yield _confirming(asked, state, "confirm_condition")


def _confirming(asked: Question, state: DueState, reason: str) -> DueState:
    rule = asked.rules.reason(state.due, reason)
    assert state.since_on is not None, "what is open has a day"
    return state._replace(
        status=UNKNOWN, reason=reason, owner=rule.owner, due_by=state.since_on + timedelta(days=rule.days)
    )


def _conditions(conditions: Iterable[Confirmed], on: date) -> dict[str, Confirmed]:
    """Return each disease on the list in force once, by its earliest confirmation; sensitive when any of them is."""
    found: dict[str, Confirmed] = {}
    for each in sorted(conditions, key=lambda condition: condition.confirmed_on):
        if each.confirmed_on <= on and each.listed_from <= on:
            first = found.get(each.disease, each)
            found[each.disease] = first._replace(sensitive=first.sensitive or each.sensitive)
    return found


def _treated(asked: Question, condition: Confirmed) -> DueState:
    window = timedelta(days=asked.rules.treated_within_days)
    before = _last_treated(asked.facts.own, condition.disease, asked.on)
    facts = {"confirmed_on": condition.confirmed_on.isoformat()}
    since_on = condition.confirmed_on
    if before is not None:
        facts["last_on"] = before.on.isoformat()
        since_on = max(since_on, before.on + window)

    def holds(evidence: Evidence) -> dict[str, Any] | None:
        last = _last_treated(evidence, condition.disease, asked.on)
        if last is None or last.on <= asked.on - window:
            return None
        return {**facts, "last_on": last.on.isoformat(), "by_stay": last.by_stay}

    state = _judged(
        asked,
        TREATED,
        subject=condition.disease,
        holds=holds,
        reason="never_treated" if before is None else "treatment_lapsed",
        since_on=since_on,
        facts=facts,
    )
    return state._replace(sensitive=condition.sensitive)


def _last_treated(evidence: Evidence, disease: str, on: date) -> Treated | None:
    known = [each for each in evidence.treated if each.disease == disease and each.on <= on]
    return max(known, key=lambda each: each.on, default=None)


def _contracted(asked: Question) -> DueState:
    """Judge the contract of the year: where there never was one, it has been missing since 1 January (P45)."""
    ended = [
        each.valid_to
        for each in asked.facts.own.contracts
        if each.valid_to is not None and each.valid_to <= asked.on
    ]
    facts = {"ended_on": max(ended).isoformat()} if ended else {}
    return _judged(
        asked,
        CONTRACTED,
        holds=lambda evidence: _in_force(evidence.contracts, asked.on),
        reason="contract_ended" if ended else "never_contracted",
        since_on=max(ended, default=date(asked.on.year, 1, 1)),
        facts=facts,
    )


def _in_force(contracts: Iterable[Contracted], on: date) -> dict[str, Any] | None:
    holding = [each for each in contracts if Interval(*each).holds(on)]
    if not holding:
        return None
    newest = max(holding, key=lambda each: each.valid_from)
    until = newest.valid_to
    return {"valid_from": newest.valid_from.isoformat(), "valid_to": until.isoformat() if until else None}


def _opens_a_due(stay: Stay, on: date) -> bool:
    """Say whether a stay is of this year so far and the rulebook pays on it at all."""
    paid = any(each.computed_fen > 0 for each in stay.paid)
    return paid and stay.discharged_on.year == on.year and stay.discharged_on <= on


def _covered(asked: Question, stay: Stay) -> DueState:
    shortfall = tuple(
        (each.payer, each.computed_fen - each.reported_fen)
        for each in stay.paid
        if each.computed_fen > each.reported_fen
    )
    facts = {
        "discharged_on": stay.discharged_on.isoformat(),
        "paid": [[each.payer, each.computed_fen, each.reported_fen] for each in stay.paid],
    }
    short = [payer for payer, _ in shortfall]
    rules = asked.rules
    reason = rules.short_of[short[0]] if len(short) == 1 else rules.several_payers
    state = _judged(
        asked,
        COVERED,
        subject=stay.bill_id,
        # The evidence is the bill itself, whoever may be the same person: so there is nothing to confirm.
        holds=lambda evidence: None if short else facts,
        reason=reason,
        since_on=stay.discharged_on,
        facts=facts,
    )
    return state._replace(shortfall=shortfall, sensitive=stay.sensitive)


def _judged(
    asked: Question,
    due: str,
    *,
    holds: Callable[[Evidence], dict[str, Any] | None],
    reason: str,
    since_on: date,
    facts: dict[str, Any],
    subject: str = "",
) -> DueState:
    """Give a due its status. `holds` returns the facts of the evidence that closes it, or None."""
    evidence = holds(asked.facts.own)
    if evidence is not None:
        return DueState(due, subject, DONE, evidence)
    exception, resumed_on = _exception(asked, due, subject)
    if exception is not None:
        return DueState(due, subject, EXCEPTED, facts, exception=exception)
    status = OPEN
    if holds(asked.facts.unlinked) is not None:
        status, reason = UNKNOWN, asked.rules.identity_reason
    rule = asked.rules.reason(due, reason)
    if due != COVERED:
        since_on = max(since_on, asked.entered_on, resumed_on)
    due_by = since_on + timedelta(days=rule.days)
    return DueState(due, subject, status, facts, reason, rule.owner, since_on, due_by)


def _exception(asked: Question, due: str, subject: str) -> tuple[Excepted | None, date]:
    """Return the exception in force on the day, and otherwise the day the last one ended.

    What the register says comes before what was granted at the desk.
    """
    resumed_on = date.min
    for one in (*_registered(asked, due), *_granted(asked, due, subject)):
        if one.until is None or asked.on < one.until:
            return one, date.min
        resumed_on = max(resumed_on, one.until)
    return None, resumed_on


def _registered(asked: Question, due: str) -> Iterator[Excepted]:
    """Yield the exceptions the register makes by the day, the latest first."""
    for change in sorted(asked.facts.changes, key=lambda each: each.on, reverse=True):
        rule = asked.rules.exceptions.get(change.what)
        if rule is None or change.on > asked.on:
            continue
        if due == (change.due if rule.excepts == NAMED else rule.excepts):
            until = _until(rule.until, change, asked.facts.changes)
            yield Excepted(change.what, change.on, change.evidence, until)


def _granted(asked: Question, due: str, subject: str) -> Iterator[Excepted]:
    """Yield the exceptions granted for this one due by the day, the latest first."""
    for one in sorted(asked.facts.granted, key=lambda each: each.on, reverse=True):
        if (one.due, one.subject) == (due, subject) and one.on <= asked.on:
            yield Excepted(one.reason, one.on, one.evidence, one.until)


def _until(ends: str, change: Changed, changes: Sequence[Changed]) -> date | None:
    if ends == OPEN_ENDED:
        return None
    if ends == YEAR_END:
        return date(change.on.year + 1, 1, 1)
    return min((each.on for each in changes if each.what == ends and each.on >= change.on), default=None)
